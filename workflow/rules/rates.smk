# Estimates of rates from trajectories, and the flow beside them.


rule relaxation:
    input:
        trajectories=trajectories_of_study,
        targets=targets_of_study,
    output:
        f"{RESULTS}/{{study}}/relaxation.nc",
    log:
        f"{LOGS}/relaxation/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/relaxation/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("relaxation"),
    conda:
        "../../environment.yml"
    params:
        axes=axes_of_study,
        origin=origin_of_study,
        code=digest("relaxation.py", ["target", "trajectories", "relaxation"]),
    script:
        "../scripts/relaxation.py"


rule collapse_time:
    input:
        trajectories=trajectories_of_study,
        targets=targets_of_study,
    output:
        f"{RESULTS}/{{study}}/collapse_time.nc",
    log:
        f"{LOGS}/collapse_time/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/collapse_time/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("collapse_time"),
    conda:
        "../../environment.yml"
    params:
        axes=axes_of_study,
        origin=origin_of_study,
        code=digest("collapse_time.py", ["target", "trajectories", "collapse_time"]),
    script:
        "../scripts/collapse_time.py"


rule flow_agreement:
    input:
        trajectories=trajectories_of_study,
        targets=targets_of_study,
    output:
        f"{RESULTS}/{{study}}/flow_agreement.nc",
    log:
        f"{LOGS}/flow_agreement/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/flow_agreement/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("flow_agreement"),
    conda:
        "../../environment.yml"
    params:
        axes=axes_of_study,
        origin=origin_of_study,
        code=digest("flow_agreement.py", ["target", "trajectories", "flow_agreement"]),
    script:
        "../scripts/flow_agreement.py"
