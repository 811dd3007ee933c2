from heatdeath.figures.trajectories import draw
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
draw(
    snakemake.input.ensemble,
    mean_field_path=snakemake.input.mean_field,
    output_pdf=snakemake.output.pdf,
    output_png=snakemake.output.png,
    **snakemake.params.choices,
)
