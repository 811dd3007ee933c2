from heatdeath.figures.collapse_rates import draw
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
draw(
    snakemake.input.collapse_rates,
    gate_paths=snakemake.input.gates,
    output_pdf=snakemake.output.pdf,
    output_png=snakemake.output.png,
)
