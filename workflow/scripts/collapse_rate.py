from heatdeath.files.writing import write
from heatdeath.measure.collapse_rate import measure_collapse_rate
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
record = measure_collapse_rate(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    origin=snakemake.params.origin,
    target_paths=snakemake.input.targets,
)
write(record, snakemake.output[0])
