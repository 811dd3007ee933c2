from heatdeath.measure.sizes import write_sizes
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_sizes(output=snakemake.output[0], **snakemake.params.arguments)
