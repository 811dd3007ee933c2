# One rule for each product of the catalogue that the configuration asks for.

for product in map(BY_NAME.get, MADE):

    rule:
        name:
            product.name
        input:
            unpack(partial(inputs_of, product)),
        output:
            **outputs_of(product),
        log:
            f"{LOGS}/{product.log}.log",
        benchmark:
            f"{BENCHMARKS}/{product.log}.tsv"
        wildcard_constraints:
            study=any_of(MADE[product.name]),
        localrule: product.local
        conda:
            "../../environment.yml"
        params:
            home=product.home,
            options=partial(options_of, product),
            code=partial(code_of_product, product),
        script:
            "../scripts/make.py"


# What a reader checks the results with: the digest of every file.


rule manifest:
    input:
        files_made(CONFIGURATION),
    output:
        manifest_path(CONFIGURATION),
    log:
        f"{LOGS}/manifest.log",
    benchmark:
        f"{BENCHMARKS}/manifest.tsv"
    localrule: True
    conda:
        "../../environment.yml"
    params:
        sources=source_files(CONFIGURATION),
        code=code_digest(SCRIPTS / "manifest.py"),
    script:
        "../scripts/manifest.py"
