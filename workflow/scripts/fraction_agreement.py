from heatdeath.files.writing import write
from heatdeath.measure.fraction_agreement import compare_fractions
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
record = compare_fractions(snakemake.input.growth, snakemake.input.recoveries)
write(record, snakemake.output[0])
