from heatdeath.study.jobs import redirect_output, simulate_cell
from heatdeath.study.paths import parse_seeds

redirect_output(snakemake.log[0])
simulate_cell(
    snakemake.params.simulation["arguments"],
    seeds=parse_seeds(snakemake.wildcards.seeds),
    root_seed=snakemake.params.simulation["root_seed"],
    target_path=snakemake.input[0],
    output=snakemake.output[0],
)
