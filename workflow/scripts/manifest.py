from heatdeath.files.manifest import write_manifest
from heatdeath.study.catalogue import files_made
from heatdeath.study.config import load
from heatdeath.study.jobs import redirect_output
from heatdeath.study.plan import source_files

redirect_output(snakemake.log[0])
configuration = load({key: snakemake.config[key] for key in snakemake.config if key != "captions"})
paths = [*source_files(configuration), *files_made(configuration)]
for path in write_manifest(paths, folder=configuration.results):
    print(f"{path}: does not exist and is left out")
