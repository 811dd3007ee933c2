from heatdeath.files.atomic import write_bytes
from heatdeath.paper.build import build_paper
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
content = build_paper(
    snakemake.input.sources,
    numbers_path=snakemake.input.numbers,
    figure_paths=snakemake.input.figures,
    claims_path=snakemake.input.get("claims"),
)
write_bytes(content, snakemake.output[0])
