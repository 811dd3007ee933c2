from heatdeath.measure.mean_field import write_mean_field
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_mean_field(
    snakemake.input.ensemble,
    target_path=snakemake.input.target,
    output_path=snakemake.output[0],
)
