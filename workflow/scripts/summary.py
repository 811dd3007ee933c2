from heatdeath.measure.summary import write_summary
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_summary(
    snakemake.input.aggregates,
    claims_paths=snakemake.input.get("claims", []),
    output=snakemake.output[0],
)
