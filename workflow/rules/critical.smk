# Critical and tolerance fractions from trajectories, and the branches of equilibria beside them.


rule growth:
    input:
        trajectories=trajectories_of_study,
        targets=targets_of_study,
    output:
        f"{RESULTS}/{{study}}/growth.nc",
    log:
        f"{LOGS}/growth/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/growth/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("growth"),
    conda:
        "../../environment.yml"
    params:
        axes=axes_of_study,
        origin=origin_of_study,
        code=digest("growth.py", ["target", "trajectories", "growth"]),
    script:
        "../scripts/growth.py"


rule recovery:
    input:
        trajectories=trajectories_of_study,
        targets=targets_of_study,
    output:
        f"{RESULTS}/{{study}}/recovery.nc",
    log:
        f"{LOGS}/recovery/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/recovery/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("recovery"),
    conda:
        "../../environment.yml"
    params:
        axes=axes_of_study,
        origin=origin_of_study,
        code=digest("recovery.py", ["target", "trajectories", "recovery"]),
    script:
        "../scripts/recovery.py"


rule tolerance_scan:
    input:
        trajectories=trajectories_of_study,
        targets=targets_of_study,
    output:
        f"{RESULTS}/{{study}}/tolerance_scan.nc",
    log:
        f"{LOGS}/tolerance_scan/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/tolerance_scan/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("tolerance_scan"),
    conda:
        "../../environment.yml"
    params:
        axes=axes_of_study,
        origin=origin_of_study,
        tolerance=tolerance_of_study,
        code=digest("tolerance_scan.py", ["target", "trajectories", "tolerance_scan"]),
    script:
        "../scripts/tolerance_scan.py"


rule branches:
    input:
        phase_diagram=f"{RESULTS}/{{study}}/phase_diagram.nc",
        target=f"{RESULTS}/{{study}}/target.nc",
    output:
        f"{RESULTS}/{{study}}/branches.nc",
    log:
        f"{LOGS}/branches/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/branches/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("phase_diagram"),
    conda:
        "../../environment.yml"
    params:
        code=digest("branches.py", ["target", "phase_diagram", "branches"]),
    script:
        "../scripts/branches.py"


rule thresholds:
    input:
        f"{RESULTS}/{{study}}/target.nc",
    output:
        f"{RESULTS}/{{study}}/thresholds.nc",
    log:
        f"{LOGS}/thresholds/{{study}}.log",
    benchmark:
        f"{BENCHMARKS}/thresholds/{{study}}.tsv"
    wildcard_constraints:
        study=studies_of_kind("recovery"),
    conda:
        "../../environment.yml"
    params:
        code=digest("thresholds.py", ["target", "thresholds"]),
    script:
        "../scripts/thresholds.py"


if "rescue" in FIGURES:

    rule fraction_agreement:
        input:
            growth=[f"{RESULTS}/{FIGURES['rescue']['growth']}/growth.nc"],
            recoveries=[f"{RESULTS}/{study}/recovery.nc" for study in FIGURES["rescue"]["recovery"]],
        output:
            f"{RESULTS}/fraction_agreement.nc",
        log:
            f"{LOGS}/fraction_agreement.log",
        benchmark:
            f"{BENCHMARKS}/fraction_agreement.tsv"
        conda:
            "../../environment.yml"
        params:
            code=digest("fraction_agreement.py", ["growth", "recovery", "fraction_agreement"]),
        script:
            "../scripts/fraction_agreement.py"
