# The page on which a person picks a cell, and the equilibria that it shows.

if EXPLORED:

    rule equilibria:
        input:
            f"{RESULTS}/{{study}}/target.nc",
        output:
            f"{RESULTS}/{{study}}/equilibria.nc",
        log:
            f"{LOGS}/equilibria/{{study}}.log",
        benchmark:
            f"{BENCHMARKS}/equilibria/{{study}}.tsv"
        wildcard_constraints:
            study=any_of(explored_with_theory()),
        conda:
            "../../environment.yml"
        params:
            arguments=equilibria_arguments_of_study,
            code=digest("equilibria.py", ["target", "equilibria"]),
        script:
            "../scripts/equilibria.py"

    rule explorer:
        input:
            phase_diagrams=[f"{RESULTS}/{study}/phase_diagram.nc" for study in EXPLORED],
            ensembles=[f"{RESULTS}/{study}/ensemble.nc" for study in EXPLORED],
            targets=[f"{RESULTS}/{study}/target.nc" for study in EXPLORED],
            theory_lines=[f"{RESULTS}/{study}/theory_lines.nc" for study in explored_with_theory()],
            equilibria=[f"{RESULTS}/{study}/equilibria.nc" for study in explored_with_theory()],
            parts=[
                beside_the_workflow(f"heatdeath/explorer/page.{part}")
                for part in ("html", "css", "js")
            ],
        output:
            f"{RESULTS}/explorer.html",
        log:
            f"{LOGS}/explorer.log",
        benchmark:
            f"{BENCHMARKS}/explorer.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            questions={study: STUDIES[study].description for study in EXPLORED},
            code=digest(
                "explorer.py",
                ["target", "phase_diagram", "ensemble", "theory_lines", "equilibria"],
            ),
        script:
            "../scripts/explorer.py"
