# The verdicts on the claims of config/claims.yaml.

if CONFIGURATION.claims:

    rule claims:
        input:
            **read_for_claims(CONFIGURATION),
            claims=beside_the_workflow("config/claims.yaml"),
        output:
            json=claims(CONFIGURATION)["json"],
            table=claims(CONFIGURATION)["table"],
            page=report(
                claims(CONFIGURATION)["page"],
                caption="../report/claims.rst",
                category="Claims",
                labels={"table": "claims"},
            ),
        log:
            f"{LOGS}/claims.log",
        benchmark:
            f"{BENCHMARKS}/claims.tsv"
        conda:
            "../../environment.yml"
        params:
            studies=studies_of_claims(),
            code=digest(
                "claims.py",
                [
                    "target",
                    "trajectories",
                    "model_trajectories",
                    "gate",
                    "relaxation",
                    "collapse_time",
                    "growth",
                    "recovery",
                    "tolerance_scan",
                    "capture",
                ],
            ),
        script:
            "../scripts/claims.py"
