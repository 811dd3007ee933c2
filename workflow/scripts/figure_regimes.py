from heatdeath.figures.regimes import draw
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
draw(snakemake.input[0], output_pdf=snakemake.output.pdf, output_png=snakemake.output.png)
