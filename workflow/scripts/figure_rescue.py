from heatdeath.figures.rescue import draw
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
draw(
    snakemake.input.hysteresis,
    branches_path=snakemake.input.branches,
    growth_path=snakemake.input.growth,
    recovery_paths=snakemake.input.recoveries,
    thresholds_paths=snakemake.input.thresholds,
    output_pdf=snakemake.output.pdf,
    output_png=snakemake.output.png,
    agreement=snakemake.input.get("agreement"),
)
