from heatdeath.files.writing import write
from heatdeath.measure.progress import log_progress
from heatdeath.measure.tolerance_scan import measure_tolerance
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
log_progress()
record = measure_tolerance(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    origin=snakemake.params.origin,
    target_paths=snakemake.input.targets,
    tolerance=snakemake.params.tolerance,
)
write(record, snakemake.output[0])
