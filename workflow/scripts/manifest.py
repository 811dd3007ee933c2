from pathlib import Path

from heatdeath.files.manifest import write_manifest
from heatdeath.study.jobs import redirect_output

redirect_output(snakemake.log[0])
paths = [*snakemake.params.sources, *snakemake.input]
for path in write_manifest(paths, folder=Path(snakemake.output[0]).parent):
    print(f"{path}: does not exist and is left out")
