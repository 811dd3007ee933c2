from heatdeath.measure.collapse_rate import write_collapse_rate
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_collapse_rate(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    origin=snakemake.params.origin,
    target_paths=snakemake.input.targets,
    output=snakemake.output[0],
)
