from heatdeath.files.atomic import write_bytes
from heatdeath.paper.numbers import paper_numbers
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
text = paper_numbers(
    example_target=snakemake.params.example_target,
    example_temperature=snakemake.params.example_temperature,
    **dict(snakemake.input.items()),
)
write_bytes(text.encode(), snakemake.output[0])
