from heatdeath.paper.build import build_paper
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
build_paper(
    snakemake.input.sources,
    numbers_path=snakemake.input.numbers,
    figure_paths=snakemake.input.figures,
    claims_path=snakemake.input.get("claims"),
    output=snakemake.output[0],
)
