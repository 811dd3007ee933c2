from heatdeath.explorer.page import write_explorer
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
write_explorer(
    phase_diagrams=snakemake.input.phase_diagrams,
    ensembles=snakemake.input.ensembles,
    targets=snakemake.input.targets,
    theory_lines=snakemake.input.theory_lines,
    equilibria=snakemake.input.equilibria,
    questions=snakemake.params.questions,
    output=snakemake.output[0],
)
