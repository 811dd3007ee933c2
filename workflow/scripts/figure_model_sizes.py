from heatdeath.figures.model_sizes import draw
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
draw(
    snakemake.input.least_fresh_fractions,
    gate_paths=snakemake.input.gates,
    output_pdf=snakemake.output.pdf,
    output_png=snakemake.output.png,
)
