# make            build .venv and run the quick study: every output, in small
# make quick-neural  the quick study with its families of neural networks, in small
# make paper      the studies of the paper, config/config.yaml
# make neural     install what families of neural networks need; the two above do so first
# make report     one page with every figure, its caption and its rule: results/report.html
# make archive    one file for a referee, in build/: code, configuration, results, report, manifest
# make expected   the numbers that results are compared with, anew: docs/expected/
# make test       the test suite
# make benchmark  measure the speeds that the project promises; rewrites docs/benchmarks/cost.csv
#                 and heatdeath/study/costs.json, and the costs in docs/reproduce.md; after
#                 make neural also heatdeath/study/training_costs.json
# make lint       the linters that CI runs
# make docs       the documentation site, in build/docs; a warning is an error
# make reference  write the generated pages and tables of the documentation anew
# make pins       write the pinned requirements anew from pyproject.toml (needs uv)
# make clean      remove .venv and every cache; results stay
# make help       print these lines
#
# report, archive and expected are of the quick study, or with CONFIG=config/config.yaml of the paper's
# studies; each runs first what is not finished.
# CORES=4 limits the cores, PYTHON=/path/to/python3.12 chooses the interpreter of .venv, and
# SNAKEMAKE="--dry-run" hands options to Snakemake.

ifneq ($(words $(CURDIR)),1)
$(error The path of this folder is "$(CURDIR)"; allowed: one without spaces, since Snakemake \
starts the jobs of an environment whose path has none)
endif

.DEFAULT_GOAL := quick
.DELETE_ON_ERROR:

CONFIG ?= config/quick.yaml
CORES ?= all
PYTHON ?=
SNAKEMAKE ?=
TESTS ?= tests
WORKERS ?= auto

VENV := .venv
STAMP := $(VENV)/installed
NEURAL := $(VENV)/neural
RUN := $(VENV)/bin/python -m
WORKFLOW := $(RUN) snakemake --cores $(CORES)
# config/config.yaml holds the studies of the paper.
STUDIES := $(subst config,paper,$(basename $(notdir $(CONFIG))))
# The folder that the configuration names for its results.
RESULTS = $$($(VENV)/bin/python -c \
    'import sys, yaml; print(yaml.safe_load(open(sys.argv[1])).get("results", "results"))' $(CONFIG))

# Without compiled bytecode each job would parse every library anew: three times the start-up.
unexport PYTHONDONTWRITEBYTECODE
# A library on PYTHONPATH would shadow the pinned one.
unexport PYTHONPATH
# Scripts and shell rules find the environment's programs as if it were activated.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: quick quick-neural paper neural report archive expected test benchmark lint docs reference \
    pins clean help

quick: $(STAMP)
	$(WORKFLOW) --configfile config/quick.yaml $(SNAKEMAKE)

quick-neural: $(NEURAL)
	$(WORKFLOW) --configfile config/quick.yaml --config architectures=True $(SNAKEMAKE)

paper: $(NEURAL)
	$(WORKFLOW) --configfile config/config.yaml $(SNAKEMAKE)

neural: $(NEURAL)

report: $(STAMP)
	$(WORKFLOW) --configfile $(CONFIG) $(SNAKEMAKE)
	$(WORKFLOW) --configfile $(CONFIG) --report "$(RESULTS)/report.html"

archive: report
	$(RUN) heatdeath.archive --configfile $(CONFIG) --output build

# In a folder of its own, with the arithmetic that every CPU has.
expected: $(STAMP)
	eval "$$($(VENV)/bin/python tools/portable_arithmetic.py)" && \
	    $(WORKFLOW) --configfile $(CONFIG) --config results=build/expected/$(STUDIES) $(SNAKEMAKE)
	mkdir -p docs/expected
	cp build/expected/$(STUDIES)/summary.csv docs/expected/$(STUDIES).csv

test: $(STAMP)
	$(RUN) pytest --numprocesses $(WORKERS) --dist worksteal $(TESTS)

benchmark: $(STAMP)
	$(VENV)/bin/python tests/benchmarks

lint: $(STAMP)
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) snakefmt --check Snakefile workflow
	$(RUN) snakemake --lint --configfile config/quick.yaml

docs: $(STAMP)
	$(RUN) sphinx --builder html --quiet --fail-on-warning --keep-going --fresh-env \
	    --conf-dir docs/site . build/docs
	@echo "The documentation is in $(CURDIR)/build/docs/index.html"

reference: $(STAMP)
	$(RUN) heatdeath.reference

# The package comes in as a link to this tree: only a new version or entry point installs it again.
$(STAMP): $(VENV)/pinned pyproject.toml heatdeath/__init__.py
	$(RUN) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(NEURAL): $(STAMP) requirements-neural.txt
	$(RUN) pip install --quiet --require-hashes --requirement requirements-neural.txt
	@touch $@

# connection-pool, a dependency of Snakemake, exists as source only. Its build tool goes in first,
# from the same hashed file, so that nothing is fetched that the file does not pin.
$(VENV)/pinned: requirements.txt
	@python=$$(tools/find_python $(PYTHON)) && \
	    echo "Building $(VENV) with $$python" && \
	    "$$python" -m venv --clear $(VENV)
	sed -n '/^setuptools==/,/[^\\]$$/p' requirements.txt | \
	    $(RUN) pip install --quiet --require-hashes --requirement /dev/stdin
	$(RUN) pip install --require-hashes --no-build-isolation --requirement requirements.txt
	@touch $@

pins:
	tools/write_pins

clean:
	rm -rf $(VENV) .snakemake .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The comments above the first line of code.
help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile
