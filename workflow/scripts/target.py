from heatdeath.study.job_log import redirect_output
from heatdeath.study.jobs import write_target

redirect_output(snakemake.log[0])
write_target(snakemake.params.target, output=snakemake.output[0])
