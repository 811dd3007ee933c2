# Families of generative models in the closed loop, in place of the urn.


rule source:
    output:
        f"{RESULTS}/{{study}}/{{target}}.nc",
    log:
        f"{LOGS}/source/{{study}}/{{target}}.log",
    benchmark:
        f"{BENCHMARKS}/source/{{study}}/{{target}}.tsv"
    wildcard_constraints:
        study=studies_of_families(),
        target=any_target_file(),
    conda:
        "../../environment.yml"
    params:
        source=source_of_study,
    script:
        "../scripts/source.py"


rule train:
    input:
        inputs_of_cell,
    output:
        f"{RESULTS}/{{study}}/trajectories/{{cell}}/seeds={{seeds}}.nc",
    log:
        f"{LOGS}/train/{{study}}/{{cell}}/seeds={{seeds}}.log",
    benchmark:
        f"{BENCHMARKS}/train/{{study}}/{{cell}}/seeds={{seeds}}.tsv"
    wildcard_constraints:
        study=studies_of_families(),
        cell=any_cell(),
        seeds=any_seeds(),
    conda:
        "../../environment.yml"
    resources:
        tmpdir=TEMPORARY,
    params:
        training=training_of_cell,
    script:
        "../scripts/train.py"
