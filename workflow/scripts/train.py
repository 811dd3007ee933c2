from heatdeath.models.jobs import train_cell
from heatdeath.study.jobs import redirect_output
from heatdeath.study.paths import parse_seeds

redirect_output(snakemake.log[0])
train_cell(
    snakemake.params.training["arguments"],
    source=snakemake.params.training["source"],
    seeds=parse_seeds(snakemake.wildcards.seeds),
    root_seed=snakemake.params.training["root_seed"],
    target_path=snakemake.input[0],
    output=snakemake.output[0],
)
