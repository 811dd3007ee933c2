from heatdeath.measure.theory_lines import write_theory_lines
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_theory_lines(snakemake.input[0], output=snakemake.output[0], **snakemake.params.arguments)
