from heatdeath.files.writing import write
from heatdeath.measure.least_fresh_fraction import measure_least_fresh_fraction
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
record = measure_least_fresh_fraction(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    origin=snakemake.params.origin,
    target_paths=snakemake.input.targets,
    tolerance=snakemake.params.tolerance,
    theory_at=snakemake.params.theory_at,
)
write(record, snakemake.output[0])
