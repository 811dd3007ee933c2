from heatdeath.figures.architectures import draw
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
draw(
    snakemake.input.phase_diagrams,
    theory_lines_paths=snakemake.input.theory_lines,
    gate_paths=snakemake.input.gates,
    output_pdf=snakemake.output.pdf,
    output_png=snakemake.output.png,
)
