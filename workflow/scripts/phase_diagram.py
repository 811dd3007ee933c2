from heatdeath.files.writing import write
from heatdeath.measure.phase_diagram import phase_diagram_files
from heatdeath.measure.progress import log_progress
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
log_progress()
contents = phase_diagram_files(
    snakemake.input.trajectories,
    axes=snakemake.params.axes,
    origin=snakemake.params.origin,
    target_paths=snakemake.input.targets,
    tolerance=snakemake.params.tolerance,
)
for content, path in zip(contents, snakemake.output, strict=True):
    write(content, path)
