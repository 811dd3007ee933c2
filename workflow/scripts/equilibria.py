from heatdeath.measure.equilibria import write_equilibria
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_equilibria(snakemake.input[0], output=snakemake.output[0], **snakemake.params.arguments)
