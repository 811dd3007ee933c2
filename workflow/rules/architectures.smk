# What families of generative models have in common with the urn, and what not.


rule collapse_rate:
    input:
        trajectories=trajectories_of_study,
        targets=targets_of_study,
    output:
        f"{RESULTS}/{{study}}/collapse_rate.nc",
    log:
        f"{LOGS}/collapse_rate/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/collapse_rate/{{study}}.tsv"
    wildcard_constraints:
        study=studies_with_collapse_rate(),
    conda:
        "../../environment.yml"
    params:
        axes=axes_of_study,
        origin=origin_of_study,
        code=digest(
            "collapse_rate.py",
            ["target", "trajectories", "model_trajectories", "collapse_rate"],
        ),
    script:
        "../scripts/collapse_rate.py"


rule least_fresh_fraction:
    input:
        trajectories=trajectories_of_study,
        targets=targets_of_study,
    output:
        f"{RESULTS}/{{study}}/least_fresh_fraction.nc",
    log:
        f"{LOGS}/least_fresh_fraction/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/least_fresh_fraction/{{study}}.tsv"
    wildcard_constraints:
        study=studies_with_least_fresh_fraction(),
    conda:
        "../../environment.yml"
    params:
        axes=axes_of_study,
        origin=origin_of_study,
        tolerance=tolerance_of_study,
        theory_at=theory_at_of_study,
        code=digest(
            "least_fresh_fraction.py",
            ["target", "trajectories", "model_trajectories", "least_fresh_fraction"],
        ),
    script:
        "../scripts/least_fresh_fraction.py"


rule urn_agreement:
    input:
        phase_diagram=f"{RESULTS}/{{study}}/phase_diagram.nc",
        target=f"{RESULTS}/{{study}}/target.nc",
    output:
        f"{RESULTS}/{{study}}/urn_agreement.nc",
    log:
        f"{LOGS}/urn_agreement/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/urn_agreement/{{study}}.tsv"
    wildcard_constraints:
        study=studies_with_urn_agreement(),
    conda:
        "../../environment.yml"
    params:
        theory_at=theory_at_of_study,
        code=digest("urn_agreement.py", ["target", "phase_diagram", "urn_agreement"]),
    script:
        "../scripts/urn_agreement.py"
