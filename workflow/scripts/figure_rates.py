from heatdeath.figures.rates import draw
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
draw(
    collapse_time_path=snakemake.input.collapse_time,
    relaxation_paths=snakemake.input.relaxation,
    flow_agreement_path=snakemake.input.flow_agreement,
    output_pdf=snakemake.output.pdf,
    output_png=snakemake.output.png,
)
