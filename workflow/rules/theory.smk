# Theory beside the studies: lines of the phase diagram, sizes, and captures.


rule theory_lines:
    input:
        f"{RESULTS}/{{study}}/target.nc",
    output:
        f"{RESULTS}/{{study}}/theory_lines.nc",
    log:
        f"{LOGS}/theory_lines/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/theory_lines/{{study}}.tsv"
    wildcard_constraints:
        study=studies_with_theory_lines(),
    conda:
        "../../environment.yml"
    params:
        arguments=theory_arguments_of_study,
        code=digest("theory_lines.py", ["target", "theory_lines"]),
    script:
        "../scripts/theory_lines.py"


rule capture:
    input:
        trajectories=trajectories_of_study,
        targets=targets_of_study,
    output:
        f"{RESULTS}/{{study}}/capture.nc",
    log:
        f"{LOGS}/capture/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/capture/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("capture"),
    conda:
        "../../environment.yml"
    params:
        axes=axes_of_study,
        origin=origin_of_study,
        code=digest("capture.py", ["target", "trajectories", "capture"]),
    script:
        "../scripts/capture.py"


if "sizes" in FIGURES:

    rule sizes:
        output:
            SIZES,
        log:
            f"{LOGS}/sizes.log",
        benchmark:
            f"{BENCHMARKS}/sizes.tsv"
        conda:
            "../../environment.yml"
        params:
            arguments={
                key: FIGURES["sizes"][key]
                for key in ("families", "n_outcomes", "temperatures", "tolerance")
            },
            code=digest("sizes.py", ["sizes"]),
        script:
            "../scripts/sizes.py"
