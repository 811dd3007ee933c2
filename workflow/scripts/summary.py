from heatdeath.files.writing import write
from heatdeath.measure.summary import summary_table
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
table = summary_table(snakemake.input.aggregates, claims_paths=snakemake.input.get("claims", []))
write(table, snakemake.output[0])
