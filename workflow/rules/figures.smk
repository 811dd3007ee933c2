# A figure that the configuration does not ask for has no rule.

if "trajectories" in FIGURES:

    rule figure_trajectories:
        input:
            ensemble=f"{RESULTS}/{FIGURES['trajectories']['study']}/ensemble.nc",
            mean_field=f"{RESULTS}/{FIGURES['trajectories']['study']}/mean_field.nc",
        output:
            pdf=f"{RESULTS}/figures/trajectories.pdf",
            png=report(
                f"{RESULTS}/figures/trajectories.png",
                caption="../report/trajectories.rst",
                category="Figures",
                labels={
                    "figure": "trajectories",
                    "study": FIGURES["trajectories"]["study"],
                },
            ),
        log:
            f"{LOGS}/figures/trajectories.log",
        benchmark:
            f"{BENCHMARKS}/figures/trajectories.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            choices=choices_of_trajectories(),
            code=digest("figure_trajectories.py", ["ensemble", "mean_field"]),
        script:
            "../scripts/figure_trajectories.py"


if "phase_diagram" in FIGURES:

    rule figure_phase_diagram:
        input:
            unpack(inputs_of_phase_diagram),
        output:
            pdf=f"{RESULTS}/figures/phase_diagram_{{study}}.pdf",
            png=report(
                f"{RESULTS}/figures/phase_diagram_{{study}}.png",
                caption="../report/phase_diagram.rst",
                category="Figures",
                labels={"figure": "phase diagram", "study": "{study}"},
            ),
        log:
            f"{LOGS}/figures/phase_diagram_{{study}}.log",
        benchmark:
            f"{BENCHMARKS}/figures/phase_diagram_{{study}}.tsv"
        wildcard_constraints:
            study=any_of(FIGURES["phase_diagram"]["studies"]),
        localrule: True
        conda:
            "../../environment.yml"
        params:
            code=digest("figure_phase_diagram.py", ["phase_diagram", "theory_lines"]),
        script:
            "../scripts/figure_phase_diagram.py"


if "exactness" in FIGURES:

    rule figure_exactness:
        input:
            f"{RESULTS}/{FIGURES['exactness']['study']}/exactness.nc",
        output:
            pdf=f"{RESULTS}/figures/exactness.pdf",
            png=report(
                f"{RESULTS}/figures/exactness.png",
                caption="../report/exactness.rst",
                category="Figures",
                labels={"figure": "exactness", "study": FIGURES["exactness"]["study"]},
            ),
        log:
            f"{LOGS}/figures/exactness.log",
        benchmark:
            f"{BENCHMARKS}/figures/exactness.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            code=digest("figure_exactness.py", ["exactness"]),
        script:
            "../scripts/figure_exactness.py"


if "regimes" in FIGURES:

    rule figure_regimes:
        input:
            f"{RESULTS}/{FIGURES['regimes']['study']}/phase_diagram.nc",
        output:
            pdf=f"{RESULTS}/figures/regimes.pdf",
            png=report(
                f"{RESULTS}/figures/regimes.png",
                caption="../report/regimes.rst",
                category="Figures",
                labels={"figure": "regimes", "study": FIGURES["regimes"]["study"]},
            ),
        log:
            f"{LOGS}/figures/regimes.log",
        benchmark:
            f"{BENCHMARKS}/figures/regimes.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            code=digest("figure_regimes.py", ["phase_diagram"]),
        script:
            "../scripts/figure_regimes.py"


if "rescue" in FIGURES:

    rule figure_rescue:
        input:
            hysteresis=f"{RESULTS}/{FIGURES['rescue']['hysteresis']}/phase_diagram.nc",
            branches=f"{RESULTS}/{FIGURES['rescue']['hysteresis']}/branches.nc",
            growth=f"{RESULTS}/{FIGURES['rescue']['growth']}/growth.nc",
            recoveries=[f"{RESULTS}/{study}/recovery.nc" for study in FIGURES["rescue"]["recovery"]],
            thresholds=[
                f"{RESULTS}/{study}/thresholds.nc" for study in FIGURES["rescue"]["recovery"]
            ],
            agreement=f"{RESULTS}/fraction_agreement.nc",
        output:
            pdf=f"{RESULTS}/figures/rescue.pdf",
            png=report(
                f"{RESULTS}/figures/rescue.png",
                caption="../report/rescue.rst",
                category="Figures",
                labels={"figure": "rescue", "study": FIGURES["rescue"]["hysteresis"]},
            ),
        log:
            f"{LOGS}/figures/rescue.log",
        benchmark:
            f"{BENCHMARKS}/figures/rescue.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            code=digest(
                "figure_rescue.py",
                [
                    "phase_diagram",
                    "branches",
                    "growth",
                    "recovery",
                    "thresholds",
                    "fraction_agreement",
                ],
            ),
        script:
            "../scripts/figure_rescue.py"


if "rates" in FIGURES:

    rule figure_rates:
        input:
            collapse_time=f"{RESULTS}/{FIGURES['rates']['collapse_time']}/collapse_time.nc",
            relaxation=[
                f"{RESULTS}/{study}/relaxation.nc" for study in FIGURES["rates"]["relaxation"]
            ],
            flow_agreement=f"{RESULTS}/{FIGURES['rates']['flow_agreement']}/flow_agreement.nc",
        output:
            pdf=f"{RESULTS}/figures/rates.pdf",
            png=report(
                f"{RESULTS}/figures/rates.png",
                caption="../report/rates.rst",
                category="Figures",
                labels={"figure": "rates", "study": FIGURES["rates"]["collapse_time"]},
            ),
        log:
            f"{LOGS}/figures/rates.log",
        benchmark:
            f"{BENCHMARKS}/figures/rates.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            code=digest("figure_rates.py", ["collapse_time", "relaxation", "flow_agreement"]),
        script:
            "../scripts/figure_rates.py"


if "sizes" in FIGURES:

    rule figure_sizes:
        input:
            sizes=SIZES,
            growth=[f"{RESULTS}/{study}/growth.nc" for study in FIGURES["sizes"].get("growth", [])],
            recovery=[
                f"{RESULTS}/{study}/recovery.nc" for study in FIGURES["sizes"].get("recovery", [])
            ],
            capture=f"{RESULTS}/{FIGURES['sizes']['capture']}/capture.nc",
        output:
            pdf=f"{RESULTS}/figures/sizes.pdf",
            png=report(
                f"{RESULTS}/figures/sizes.png",
                caption="../report/sizes.rst",
                category="Figures",
                labels={"figure": "sizes", "study": FIGURES["sizes"]["capture"]},
            ),
        log:
            f"{LOGS}/figures/sizes.log",
        benchmark:
            f"{BENCHMARKS}/figures/sizes.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            code=digest("figure_sizes.py", ["sizes", "growth", "recovery", "capture"]),
        script:
            "../scripts/figure_sizes.py"


if "architectures" in FIGURES:

    rule figure_architectures:
        input:
            phase_diagrams=files_of_shown("architectures", "phase_diagram.nc"),
            theory_lines=files_of_shown("architectures", "theory_lines.nc"),
            gates=files_of_shown("architectures", "gate.nc"),
        output:
            pdf=f"{RESULTS}/figures/architectures.pdf",
            png=report(
                f"{RESULTS}/figures/architectures.png",
                caption="../report/architectures.rst",
                category="Figures",
                labels={
                    "figure": "architectures",
                    "study": ", ".join(FIGURES["architectures"]["studies"]),
                },
            ),
        log:
            f"{LOGS}/figures/architectures.log",
        benchmark:
            f"{BENCHMARKS}/figures/architectures.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            code=digest("figure_architectures.py", ["phase_diagram", "theory_lines", "gate"]),
        script:
            "../scripts/figure_architectures.py"


if "collapse_rates" in FIGURES:

    rule figure_collapse_rates:
        input:
            collapse_rates=files_of_shown("collapse_rates", "collapse_rate.nc"),
            gates=files_of_shown("collapse_rates", "gate.nc"),
        output:
            pdf=f"{RESULTS}/figures/collapse_rates.pdf",
            png=report(
                f"{RESULTS}/figures/collapse_rates.png",
                caption="../report/collapse_rates.rst",
                category="Figures",
                labels={
                    "figure": "collapse rates",
                    "study": ", ".join(FIGURES["collapse_rates"]["studies"]),
                },
            ),
        log:
            f"{LOGS}/figures/collapse_rates.log",
        benchmark:
            f"{BENCHMARKS}/figures/collapse_rates.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            code=digest("figure_collapse_rates.py", ["collapse_rate", "gate"]),
        script:
            "../scripts/figure_collapse_rates.py"


if "model_sizes" in FIGURES:

    rule figure_model_sizes:
        input:
            least_fresh_fractions=files_of_shown("model_sizes", "least_fresh_fraction.nc"),
            gates=files_of_shown("model_sizes", "gate.nc"),
        output:
            pdf=f"{RESULTS}/figures/model_sizes.pdf",
            png=report(
                f"{RESULTS}/figures/model_sizes.png",
                caption="../report/model_sizes.rst",
                category="Figures",
                labels={
                    "figure": "model sizes",
                    "study": ", ".join(FIGURES["model_sizes"]["studies"]),
                },
            ),
        log:
            f"{LOGS}/figures/model_sizes.log",
        benchmark:
            f"{BENCHMARKS}/figures/model_sizes.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            code=digest("figure_model_sizes.py", ["least_fresh_fraction", "gate"]),
        script:
            "../scripts/figure_model_sizes.py"


if "cost" in FIGURES:

    rule figure_cost:
        input:
            beside_the_workflow(FIGURES["cost"]["timings"]),
        output:
            pdf=f"{RESULTS}/figures/cost.pdf",
            png=report(
                f"{RESULTS}/figures/cost.png",
                caption="../report/cost.rst",
                category="Figures",
                labels={"figure": "cost", "study": "benchmarks"},
            ),
        log:
            f"{LOGS}/figures/cost.log",
        benchmark:
            f"{BENCHMARKS}/figures/cost.tsv"
        localrule: True
        conda:
            "../../environment.yml"
        params:
            code=digest("figure_cost.py"),
        script:
            "../scripts/figure_cost.py"
