from heatdeath.files.writing import write
from heatdeath.measure.exactness import compare_with_exact_law
from heatdeath.measure.progress import log_progress
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
log_progress()
record = compare_with_exact_law(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    origin=snakemake.params.origin,
    target_paths=snakemake.input.target,
)
write(record, snakemake.output[0])
