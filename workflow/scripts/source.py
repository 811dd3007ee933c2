from heatdeath.models.jobs import write_source
from heatdeath.study.jobs import redirect_output

redirect_output(snakemake.log[0])
write_source(snakemake.params.source["name"], output=snakemake.output[0])
