from heatdeath.measure.urn_agreement import write_urn_agreement
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_urn_agreement(
    snakemake.input.phase_diagram,
    target_path=snakemake.input.target,
    theory_at=snakemake.params.theory_at,
    output=snakemake.output[0],
)
