import sys
from pathlib import Path

from snakemake.utils import min_version

min_version("9.8")

# The package is run from here and nowhere else: an installed copy could be another version.
ROOT = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).resolve()
sys.path.insert(0, str(ROOT))

# What --configfile brings replaces the studies of the paper instead of adding to them.
if "studies" not in config:

    configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/simulate.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/products.smk"


rule all:
    default_target: True
    input:
        files_made(CONFIGURATION),
        manifest_path(CONFIGURATION),
        MADE_AGAIN,


onsuccess:
    announce_results()
