from heatdeath.measure.phase_diagram import write_aggregates
from heatdeath.measure.progress import log_progress
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
log_progress()
write_aggregates(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    origin=snakemake.params.origin,
    target_paths=snakemake.input.targets,
    tolerance=snakemake.params.tolerance,
    ensemble_path=snakemake.output.ensemble,
    phase_diagram_path=snakemake.output.phase_diagram,
    table_path=snakemake.output.table,
)
