from heatdeath.paper.numbers import write_numbers
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_numbers(
    dict(snakemake.input.items()),
    example_target=snakemake.params.example_target,
    example_temperature=snakemake.params.example_temperature,
    output=snakemake.output[0],
)
