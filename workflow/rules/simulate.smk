rule target:
    input:
        source_of_target,
    output:
        f"{RESULTS}/{{study}}/{{target}}.nc",
    log:
        f"{LOGS}/target/{{study}}/{{target}}.log",
    benchmark:
        f"{BENCHMARKS}/target/{{study}}/{{target}}.tsv"
    wildcard_constraints:
        study=studies_of_the_urn(),
        target=any_target_file(),
    localrule: True
    conda:
        "../../environment.yml"
    params:
        target=target_of_file,
        code=code_digest(SCRIPTS / "target.py"),
    script:
        "../scripts/target.py"


rule simulate:
    input:
        inputs_of_cell,
    output:
        f"{RESULTS}/{{study}}/trajectories/{{cell}}/seeds={{seeds}}.nc",
    log:
        f"{LOGS}/simulate/{{study}}/{{cell}}/seeds={{seeds}}.log",
    benchmark:
        f"{BENCHMARKS}/simulate/{{study}}/{{cell}}/seeds={{seeds}}.tsv"
    wildcard_constraints:
        study=studies_of_the_urn(),
        cell=any_cell(),
        seeds=any_seeds(),
    conda:
        "../../environment.yml"
    resources:
        tmpdir=TEMPORARY,
    params:
        simulation=simulation_of_cell,
    script:
        "../scripts/simulate.py"
