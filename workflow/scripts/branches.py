from heatdeath.files.writing import write
from heatdeath.measure.branches import follow_branches
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
record = follow_branches(snakemake.input.phase_diagram, snakemake.input.target)
write(record, snakemake.output[0])
