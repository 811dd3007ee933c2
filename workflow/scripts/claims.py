from heatdeath.claims.writing import write_claims
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_claims(
    snakemake.input.claims,
    studies=snakemake.params.studies,
    files=dict(snakemake.input.items()),
    json_path=snakemake.output.json,
    table_path=snakemake.output.table,
    page_path=snakemake.output.page,
)
