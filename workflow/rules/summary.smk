# What a reader checks the results with: their numbers in one table, and a digest of every file.


rule summary:
    input:
        unpack(inputs_of_summary),
    output:
        report(
            f"{RESULTS}/summary.csv",
            caption="../report/summary.rst",
            category="Numbers",
            labels={"table": "summary"},
        ),
    log:
        f"{LOGS}/summary.log",
    benchmark:
        f"{BENCHMARKS}/summary.tsv"
    localrule: True
    conda:
        "../../environment.yml"
    params:
        code=digest("summary.py", SUMMARISED_KINDS),
    script:
        "../scripts/summary.py"


rule manifest:
    input:
        final_files(CONFIGURATION),
    output:
        manifest(CONFIGURATION),
    log:
        f"{LOGS}/manifest.log",
    benchmark:
        f"{BENCHMARKS}/manifest.tsv"
    localrule: True
    conda:
        "../../environment.yml"
    params:
        code=digest("manifest.py"),
    script:
        "../scripts/manifest.py"
