from heatdeath.models.jobs import judge_family
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
judge_family(**snakemake.params.judged, output=snakemake.output[0])
