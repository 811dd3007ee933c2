from heatdeath.measure.thresholds import write_thresholds
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_thresholds(snakemake.input[0], output=snakemake.output[0])
