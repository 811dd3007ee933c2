# The paper, and the numbers that its text quotes; a configuration can do without.

if CONFIGURATION.paper is not None:

    rule numbers:
        input:
            unpack(inputs_of_numbers),
        output:
            f"{RESULTS}/numbers.json",
        log:
            f"{LOGS}/numbers.log",
        benchmark:
            f"{BENCHMARKS}/numbers.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            example_target=CONFIGURATION.paper["example_target"],
            example_temperature=CONFIGURATION.paper["example_temperature"],
            code=digest(
                "numbers.py",
                [
                    "target",
                    "ensemble",
                    "phase_diagram",
                    "theory_lines",
                    "exactness",
                    "growth",
                    "recovery",
                    "fraction_agreement",
                    "tolerance_scan",
                    "collapse_time",
                    "relaxation",
                    "flow_agreement",
                    "sizes",
                    "capture",
                    "urn_agreement",
                    "gate",
                    "collapse_rate",
                    "least_fresh_fraction",
                ],
            ),
        script:
            "../scripts/numbers.py"

    rule paper:
        input:
            unpack(inputs_of_paper),
        output:
            f"{RESULTS}/paper.pdf",
        log:
            f"{LOGS}/paper.log",
        benchmark:
            f"{BENCHMARKS}/paper.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            code=digest("paper.py"),
        script:
            "../scripts/paper.py"
