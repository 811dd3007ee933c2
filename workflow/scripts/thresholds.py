from heatdeath.files.writing import write
from heatdeath.measure.thresholds import thresholds
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
record = thresholds(snakemake.input[0])
write(record, snakemake.output[0])
