from heatdeath.measure.progress import log_progress
from heatdeath.measure.tolerance_scan import write_tolerance_scan
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
log_progress()
write_tolerance_scan(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    origin=snakemake.params.origin,
    target_paths=snakemake.input.targets,
    tolerance=snakemake.params.tolerance,
    output=snakemake.output[0],
)
