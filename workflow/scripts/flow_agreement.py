from heatdeath.files.writing import write
from heatdeath.measure.flow_agreement import compare_with_flow
from heatdeath.measure.progress import log_progress
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
log_progress()
record = compare_with_flow(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    origin=snakemake.params.origin,
    target_paths=snakemake.input.targets,
)
write(record, snakemake.output[0])
