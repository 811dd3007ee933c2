from heatdeath.files.writing import write
from heatdeath.measure.equilibria import find_equilibria
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
record = find_equilibria(snakemake.input[0], **snakemake.params.arguments)
write(record, snakemake.output[0])
