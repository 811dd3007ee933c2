from heatdeath.measure.branches import write_branches
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_branches(
    snakemake.input.phase_diagram,
    target_path=snakemake.input.target,
    output=snakemake.output[0],
)
