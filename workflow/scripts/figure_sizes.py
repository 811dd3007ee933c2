from heatdeath.figures.sizes import draw
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
draw(
    snakemake.input.sizes,
    growth_paths=snakemake.input.growth,
    recovery_paths=snakemake.input.recovery,
    capture_path=snakemake.input.capture,
    output_pdf=snakemake.output.pdf,
    output_png=snakemake.output.png,
)
