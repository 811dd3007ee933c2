from heatdeath.measure.exactness import write_exactness
from heatdeath.measure.progress import log_progress
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
log_progress()
write_exactness(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    origin=snakemake.params.origin,
    target_path=snakemake.input.target,
    output=snakemake.output[0],
)
