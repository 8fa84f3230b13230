# make demo      try it: index the sample corpus and search it
# make test      format, lint, types and tests, with the coverage
# make check     the first three alone
# make test-browser   the search page in headless Chromium, with axe-core (make axe fetches it)
# make test-compilers   compile the word lists and the lexicon anew and compare their bytes with
#                those that ship
# make axe       axe-core from the npm registry into build/, for the accessibility checks of the tests
# make cluster   three OpenSearch nodes on this machine, for trials (OPENSEARCH=version); needs Maven and a JDK
# make test-cluster   the tests of indexes on a cluster, over three such nodes
# make test-lowest   the tests with the lowest versions that setup.cfg promises, in an environment of
#                their own with Python 3.11
# make dist      the source distribution and the wheel in dist/, checked for the package index
# make docs      the documentation as a site in build/docs; the reference pages are written anew
# make stress    long randomised runs
# make quality   retrieval quality of each ranking and of other stemmers, as a table and as the plot
#                PLOT (DATA=folder for more than the sample)
# make noise     the same when the documents are corrupted: presentation forms, Persian letters, marks
#                ... (DATA=folder for more than the sample); fails below 99.4 % of the clean figure
# make weights   other weights of the ranking, and whether the default was fitted too closely: each
#                collection left out in turn (DATA=folder for more than the sample, AMONG=file for
#                documents that stand beside those of each collection); 7 minutes for 4,000 questions
# make suggestions   typing errors that are mended rightly, and the speed of suggestions (DATA=folder with
#                corpus.jsonl.gz, SEED=another draw of queries)
# make schemathesis   requests made of the OpenAPI document against real services: no status 500, none that
#                is not documented (EXAMPLES for each operation)
# make load      the service under load: rates, slow clients, SIGTERM (DATA=folder for more than the
#                sample, SOURCE=folder for the service of another checkout)
# make files     phrases of real files that are found, and the speed of reading (DATA=folder that has
#                files/manifest.tsv)
# make bench     speed of analysis, indexing and queries, against Tantivy, stock Whoosh and Lucene
#                (LUCENE=folder with its jars), from several threads, as the collection grows, of
#                small commits, and of reading files of each kind beside the bare libraries
#                (DATA=folder with corpus.jsonl.gz and queries.jsonl for more than the sample; with
#                40,000 documents it takes half an hour)

VENV := .venv
BIN := $(VENV)/bin
# 3.12 or newer if there is one: there the coverage costs next to nothing
PYTHON ?= $(shell for least in 12 11; do \
	for p in python3 python3.14 python3.13 python3.12 python3.11 \
		$$(ls -dr "$$HOME"/.pyenv/versions/3.*/bin/python3 2>/dev/null); do \
	$$p -c "import sys; sys.exit(sys.version_info < (3, $$least))" 2>/dev/null && echo $$p && exit; \
	done; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
PROJECT := setup.cfg pyproject.toml searchd/_version.py
DATA ?= $(SEARCHD_TEST_DATA)
PLOT ?= build/quality.svg
SOURCE ?= .
LOWEST := build/lowest
AXE := build/axe/package/axe.min.js
AXE_VERSION := 4.14.1

# Tests start hundreds of processes, which are not to compile every module anew.
export PYTHONDONTWRITEBYTECODE :=

# one more process than there are cores: tests of the service wait more than they compute
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
COVERAGE ?= $(shell $(BIN)/python -c 'import sys; print("--cov" * (sys.version_info >= (3, 12)))')

.PHONY: demo test test-browser test-cluster cluster test-compilers test-lowest check check-format check-lint check-types format axe dist docs stress quality noise weights suggestions bench files load schemathesis clean

demo: $(VENV)/.demo
	$(BIN)/searchd index corpus/articles
	$(BIN)/searchd query "الحشد الشعبي"

test: check
	COVERAGE_CORE=sysmon $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile $(COVERAGE)

check: check-format check-lint check-types

check-format: $(VENV)/.test
	$(BIN)/ruff format --check .

check-lint: $(VENV)/.test
	$(BIN)/ruff check .

check-types: $(VENV)/.test
	$(BIN)/mypy -p analyzers -p indexer -p searchd

format: $(VENV)/.test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

axe: $(AXE)

$(AXE): | build/axe
	cd build/axe && npm pack --silent axe-core@$(AXE_VERSION) >/dev/null
	tar -xzf build/axe/axe-core-$(AXE_VERSION).tgz -C build/axe

build/axe:
	mkdir -p $@

dist: $(VENV)/.release
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/twine check --strict dist/*

docs: $(VENV)/.docs
	$(BIN)/python docs/generate.py
	$(BIN)/python -m sphinx -q -n -W --keep-going -d build/doctrees docs build/docs
	@echo "open build/docs/index.html"

test-browser: $(VENV)/.test
	$(BIN)/python -m pytest -m browser --no-cov --numprocesses $(WORKERS) --dist loadfile

test-cluster: $(VENV)/.test
	$(BIN)/python -m pytest -m "cluster and not stress" --no-cov tests/cluster

cluster: $(VENV)/.test
	$(BIN)/python -m tests.cluster.nodes $(if $(OPENSEARCH),--version $(OPENSEARCH))

test-compilers: $(VENV)/.test
	$(BIN)/python -m pytest -m compilers --no-cov

# There are no wheels of the lowest versions for newer Pythons.
test-lowest: $(PROJECT)
	rm -rf $(LOWEST)
	"$$(command -v python3.11 || ls -d "$$HOME"/.pyenv/versions/3.11.*/bin/python3 | tail -1)" -m venv $(LOWEST)
	$(LOWEST)/bin/python tests/packaging/lowest_versions.py serve evaluate lexicon files telemetry parquet cluster watch >$(LOWEST)/requirements.txt
	$(LOWEST)/bin/python -m pip --disable-pip-version-check install --quiet \
		-r $(LOWEST)/requirements.txt httpx pytest pytest-xdist hypothesis
	PYTHONPATH=. $(LOWEST)/bin/python -m pytest --numprocesses $(WORKERS) --dist loadfile \
		-W default tests/analyzers tests/indexer tests/searchd

stress: $(VENV)/.test $(VENV)/.fuzz
	$(BIN)/python -m pytest -m stress
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile stress --no-cov \
		--numprocesses $(WORKERS) --dist loadfile

quality: $(VENV)/.bench
	$(BIN)/python -m benchmarks.quality --plot "$(PLOT)" $(if $(DATA),--data "$(DATA)")

noise: $(VENV)/.bench
	$(BIN)/python -m benchmarks.noise $(if $(DATA),--data "$(DATA)")

weights: $(VENV)/.bench
	$(BIN)/python -m benchmarks.weights $(if $(DATA),--data "$(DATA)") $(if $(AMONG),--among "$(AMONG)")

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks.analysis $(if $(DATA),--data "$(DATA)")
	$(BIN)/python -m benchmarks.speed $(if $(DATA),--data "$(DATA)") $(if $(LUCENE),--lucene "$(LUCENE)")
	$(BIN)/python -m benchmarks.concurrency $(if $(DATA),--data "$(DATA)") $(if $(LUCENE),--lucene "$(LUCENE)")
	$(BIN)/python -m benchmarks.growth $(if $(DATA),--data "$(DATA)",--documents 40)
	$(BIN)/python -m benchmarks.updating $(if $(DATA),--data "$(DATA)")
	$(BIN)/python -m benchmarks.facets
	$(BIN)/python -m benchmarks.formats

suggestions: $(VENV)/.test
	$(BIN)/python -m benchmarks.suggestions --data "$(DATA)" $(if $(SEED),--seed $(SEED))

files: $(VENV)/.bench
	$(BIN)/python -m benchmarks.files --data "$(DATA)/files"

schemathesis: $(VENV)/.test $(VENV)/.schemathesis
	$(BIN)/python -m tests.stress.schemathesis_run $(if $(EXAMPLES),--examples $(EXAMPLES))

load: $(VENV)/.test $(VENV)/.bench
	$(BIN)/python -m benchmarks.load --source "$(SOURCE)" $(if $(DATA),--data "$(DATA)")
	$(BIN)/python -m benchmarks.load_table $(if $(filter-out .,$(SOURCE)),--source "$(SOURCE)") \
		$(if $(DATA),--data "$(DATA)")

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .schemathesis

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "searchd needs Python 3.11 or newer; install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "could not make $(VENV); on Debian: apt install python3-venv" >&2; exit 1; }

$(VENV)/.demo: $(PROJECT) | $(BIN)/python
	$(PIP) -e .
	@touch $@

$(VENV)/.test: $(PROJECT) | $(BIN)/python
	$(PIP) -e '.[test]'
	@touch $@

$(VENV)/.fuzz: $(PROJECT) | $(BIN)/python
	$(PIP) -e '.[fuzz]'
	@touch $@

$(VENV)/.schemathesis: $(PROJECT) | $(BIN)/python
	$(PIP) -e '.[schemathesis]'
	@touch $@

$(VENV)/.release: $(PROJECT) | $(BIN)/python
	$(PIP) -e '.[release]'
	@touch $@

$(VENV)/.docs: $(PROJECT) | $(BIN)/python
	$(PIP) -e '.[docs]'
	@touch $@

$(VENV)/.bench: $(PROJECT) | $(BIN)/python
	$(PIP) -e '.[bench]'
	@touch $@
