from heatdeath.explorer.page import explorer_page
from heatdeath.files.atomic import write_bytes
from heatdeath.study.job_log import redirect_output

redirect_output(snakemake.log[0])
page = explorer_page(
    phase_diagrams=snakemake.input.phase_diagrams,
    ensembles=snakemake.input.ensembles,
    targets=snakemake.input.targets,
    theory_lines=snakemake.input.theory_lines,
    equilibria=snakemake.input.equilibria,
    parts=snakemake.input.parts,
    questions=snakemake.params.questions,
)
write_bytes(page.encode(), snakemake.output[0])
