from heatdeath.figures.phase_diagram import draw
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
draw(
    snakemake.input.diagram,
    theory_lines_path=snakemake.input.get("lines"),
    output_pdf=snakemake.output.pdf,
    output_png=snakemake.output.png,
)
