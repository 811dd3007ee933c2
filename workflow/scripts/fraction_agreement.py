from heatdeath.measure.fraction_agreement import write_fraction_agreement
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_fraction_agreement(
    snakemake.input.growth, snakemake.input.recoveries, output=snakemake.output[0]
)
