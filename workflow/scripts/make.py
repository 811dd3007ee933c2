from heatdeath.measure.progress import log_progress
from heatdeath.study.jobs import make, redirect_output

redirect_output(snakemake.log[0])
log_progress()
make(
    snakemake.params.home,
    inputs=dict(snakemake.input.items()),
    outputs=dict(snakemake.output.items()),
    options=snakemake.params.options,
)
