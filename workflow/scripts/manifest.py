from heatdeath.files.manifest import write_manifest
from heatdeath.study.config import load
from heatdeath.study.job_log import redirect_output
from heatdeath.study.outputs import files_of_manifest

redirect_output(snakemake.log[0])
configuration = load(snakemake.config)
for path in write_manifest(files_of_manifest(configuration), folder=configuration.results):
    print(f"{path}: does not exist and is left out")
