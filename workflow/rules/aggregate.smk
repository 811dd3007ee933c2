rule phase_diagram:
    input:
        trajectories=trajectories_of_study,
        targets=targets_of_study,
    output:
        ensemble=f"{RESULTS}/{{study}}/ensemble.nc",
        phase_diagram=f"{RESULTS}/{{study}}/phase_diagram.nc",
        table=f"{RESULTS}/{{study}}/phase_diagram.csv",
    log:
        f"{LOGS}/phase_diagram/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/phase_diagram/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("phase_diagram"),
    conda:
        "../../environment.yml"
    params:
        axes=axes_of_study,
        origin=origin_of_study,
        tolerance=tolerance_of_study,
        code=digest(
            "phase_diagram.py",
            ["target", "trajectories", "model_trajectories", "ensemble", "phase_diagram"],
        ),
    script:
        "../scripts/phase_diagram.py"


rule mean_field:
    input:
        ensemble=f"{RESULTS}/{{study}}/ensemble.nc",
        target=f"{RESULTS}/{{study}}/target.nc",
    output:
        f"{RESULTS}/{{study}}/mean_field.nc",
    log:
        f"{LOGS}/mean_field/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/mean_field/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("phase_diagram"),
    conda:
        "../../environment.yml"
    params:
        code=digest("mean_field.py", ["target", "ensemble", "mean_field"]),
    script:
        "../scripts/mean_field.py"


rule exactness:
    input:
        trajectories=trajectories_of_study,
        target=f"{RESULTS}/{{study}}/target.nc",
    output:
        f"{RESULTS}/{{study}}/exactness.nc",
    log:
        f"{LOGS}/exactness/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/exactness/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("exactness"),
    conda:
        "../../environment.yml"
    params:
        axes=axes_of_study,
        origin=origin_of_study,
        code=digest("exactness.py", ["target", "trajectories", "exactness"]),
    script:
        "../scripts/exactness.py"
