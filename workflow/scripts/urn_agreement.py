from heatdeath.files.writing import write
from heatdeath.measure.urn_agreement import compare_with_the_urn
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
record = compare_with_the_urn(
    snakemake.input.phase_diagram, snakemake.input.target, theory_at=snakemake.params.theory_at
)
write(record, snakemake.output[0])
