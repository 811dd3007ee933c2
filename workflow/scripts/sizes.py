from heatdeath.files.writing import write
from heatdeath.measure.sizes import sizes
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
record = sizes(**snakemake.params.arguments)
write(record, snakemake.output[0])
