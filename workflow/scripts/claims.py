from heatdeath.claims.judgement import judge
from heatdeath.files.atomic import write_bytes
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
texts = judge(studies=snakemake.params.studies, **dict(snakemake.input.items()))
for text, path in zip(texts, snakemake.output, strict=True):
    write_bytes(text.encode(), path)
