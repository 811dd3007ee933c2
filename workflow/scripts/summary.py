from pathlib import Path

from heatdeath.files.writing import write
from heatdeath.measure.summary import summary_table
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
paths = snakemake.input.aggregates
table = summary_table(
    paths,
    homes=[f"heatdeath.measure.{Path(path).stem}:summary_rows" for path in paths],
    claims_paths=snakemake.input.get("claims", []),
)
write(table, snakemake.output[0])
