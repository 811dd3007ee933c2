from heatdeath.study.jobs import redirect_output, write_target

redirect_output(snakemake.log[0])
write_target(snakemake.params.target, output=snakemake.output[0])
