from heatdeath.files.writing import write
from heatdeath.measure.theory_lines import theory_lines
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
record = theory_lines(snakemake.input[0], **snakemake.params.arguments)
write(record, snakemake.output[0])
