# Two commands: `make demo` and `make test`. Both make their own environment in .venv first.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# On all processors, at most four; the tests of a file stay together, and files in their order: Spark comes early.
SPREAD = -n auto --dist loadfile --no-loadscope-reorder

.PHONY: demo test proof fuzz mutation coverage lint types browser java lock audit clean

demo: $(VENV)/.installed
	$(BIN)/hubrank prepare
	$(BIN)/hubrank demo --out demo

test: $(VENV)/.installed-dev browser java
	$(BIN)/python -m pytest $(SPREAD)
	if command -v node >/dev/null; then node --test tests/publishing/site/*.test.js; fi

# The same tests with as many cases as a proof wants, and on a second Python where there is one; takes long.
OTHER_PYTHON ?= $(firstword $(wildcard /usr/bin/python3.13 /usr/local/bin/python3.13))
proof: $(VENV)/.installed-dev browser java
	if [ -n "$(OTHER_PYTHON)" ]; then $(MAKE) $(VENV)-other/.installed-dev VENV=$(VENV)-other PYTHON=$(OTHER_PYTHON); fi
	HUBRANK_PROOF=1 HUBRANK_OTHER_PYTHON="$(if $(OTHER_PYTHON),$(CURDIR)/$(VENV)-other/bin/python)" $(BIN)/python -m pytest $(SPREAD)
	$(MAKE) mutation

# Which lines of the package the tests run, in all of their processes; fails below what pyproject.toml asks.
coverage: $(VENV)/.installed-dev browser java
	rm -f .coverage .coverage.*
	COVERAGE_CORE=$$($(BIN)/python -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")') \
		$(BIN)/python -m coverage run -m pytest $(SPREAD)
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

# Faults planted in the kernel, counting, ranking and comparison, one at a time: do the tests notice?
mutation: $(VENV)/.installed-dev
	$(BIN)/python scripts/mutate.py --out bench/mutation.md

# Every parser, one after the other, guided by coverage, so many seconds each; make test only replays what was found.
SECONDS ?= 600
FUZZED = openalex patentsview regpat uspto_xml epo_xml crunchbase table_csv table_json table_parquet study addresses register requests
fuzz: $(VENV)-fuzz/.installed-dev
	for target in $(FUZZED); do echo "== $$target"; $(VENV)-fuzz/bin/python tests/fuzzing/guided.py $$target $(SECONDS) $(VENV)-fuzz/corpus || exit 1; done

$(VENV)-fuzz/.installed-dev: requirements.lock
	$(MAKE) $(VENV)-fuzz/.installed VENV=$(VENV)-fuzz
	$(VENV)-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements.lock
	$(VENV)-fuzz/bin/python -m pip install --quiet --disable-pip-version-check 'atheris>=3,<4'
	touch $@

# The explorer's tests want Debian's Chromium; where it cannot be installed they are skipped and say so.
browser:
	command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq chromium) >/dev/null 2>&1 || true

# Spark wants Java 17; where it cannot be installed its tests are skipped and say so.
java:
	command -v java >/dev/null || (apt-get update -qq && apt-get install -y -qq openjdk-17-jre-headless) >/dev/null 2>&1 || true

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python scripts/lint_words.py --warn src scripts bench tests
	$(BIN)/mypy
	if command -v npm >/dev/null; then $(MAKE) types; else echo "no npm: the types of the explorer's modules were not checked"; fi

# The explorer's modules have no build step; their JSDoc types are checked where npm is there.
types: node_modules/.bin/tsc
	node_modules/.bin/tsc

node_modules/.bin/tsc: package.json
	npm install --silent --no-package-lock --no-audit --no-fund
	touch $@

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/hubrank prepare
	touch $@

# Tests and lint run on exactly these packages, known by their hashes.
$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@ $(VENV)/.installed

# For all Pythons at once; needs a package index.
lock: $(VENV)-lock/.installed
	$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
		--no-annotate --no-header --no-emit-index-url --upgrade --output-file requirements.lock pyproject.toml

# Known vulnerabilities of the locked packages, where the service that knows them can be reached.
audit: $(VENV)-lock/.installed
	$(PYTHON) scripts/audit.py $(VENV)-lock/bin/pip-audit --requirement requirements.lock --disable-pip --no-deps

$(VENV)-lock/.installed:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check 'uv<1' 'pip-audit<3'
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-other $(VENV)-fuzz $(VENV)-lock node_modules demo editions
