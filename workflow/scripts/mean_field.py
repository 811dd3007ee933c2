from heatdeath.files.writing import write
from heatdeath.measure.mean_field import follow
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
record = follow(snakemake.input.ensemble, snakemake.input.target)
write(record, snakemake.output[0])
