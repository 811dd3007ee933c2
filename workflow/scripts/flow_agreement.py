from heatdeath.analysis.flow_agreement import write_flow_agreement
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_flow_agreement(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    target_paths=snakemake.input.targets,
    output=snakemake.output[0],
)
