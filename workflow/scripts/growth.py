from heatdeath.files.writing import write
from heatdeath.measure.growth import measure_prevention
from heatdeath.measure.progress import log_progress
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
log_progress()
record = measure_prevention(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    origin=snakemake.params.origin,
    target_paths=snakemake.input.targets,
)
write(record, snakemake.output[0])
