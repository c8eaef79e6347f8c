# `make demo` demonstrates hubrank, `make quick` and `make test` test it. Each creates the environment .venv first.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# uv installs in 5 seconds what pip installs in 45. Neither compiles byte code: what is imported is compiled then.
# It does not read pip's configuration: another index is named by UV_DEFAULT_INDEX or in uv.toml.
PIP = $(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python
# Workers on all processors, at most four (tests/conftest.py); one worker runs all tests of a file.
PYTEST = $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Byte code is kept, also where the environment says otherwise: without it each worker compiles all tests anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: demo quick test full slow other proof fuzz mutation coverage lint types docs links dist browser nginx java lock audit clean

demo: $(VENV)/.installed
	$(BIN)/hubrank demo --out demo

# A part of the tests that reaches every package in less than a minute, once `hubrank prepare` has compiled.
quick: $(VENV)/.installed-dev
	$(BIN)/hubrank prepare
	$(PYTEST) -m "not one_python and not slow" @tests/quick.txt

test: $(VENV)/.installed-dev
	$(BIN)/hubrank prepare
	$(PYTEST) -m "not slow and not system"

# The same and the tests of the whole system: pages in a browser, servers, Spark, commands under faults. CI runs these.
full: $(VENV)/.installed-dev browser nginx java
	$(BIN)/hubrank prepare
	$(PYTEST) -m "not slow"
	if command -v node >/dev/null; then node --test tests/publishing/site/*.test.js; fi

# The tests that start, kill and compare many processes or compile machine code: some seven minutes; a part of `make proof`.
slow: $(VENV)/.installed-dev nginx java
	$(BIN)/hubrank prepare
	$(PYTEST) -m slow

# The tests that another version of Python is most likely to change: of the readers, of real files, some of every package.
other: $(VENV)/.installed-dev
	$(BIN)/hubrank prepare
	$(PYTEST) -m "not one_python and not slow" @tests/quick.txt tests/sources tests/study tests/test_real_files.py

# The same tests with many more cases, and all of them on a second Python if one is installed; takes hours.
OTHER_PYTHON ?= $(firstword $(wildcard /usr/bin/python3.13 /usr/local/bin/python3.13))
proof: $(VENV)/.installed-dev browser nginx java
	if [ -n "$(OTHER_PYTHON)" ]; then $(MAKE) $(VENV)-other/.installed-dev VENV=$(VENV)-other PYTHON=$(OTHER_PYTHON); fi
	if [ -n "$(OTHER_PYTHON)" ]; then $(MAKE) full slow VENV=$(VENV)-other; fi
	HUBRANK_PROOF=1 HUBRANK_OTHER_PYTHON="$(if $(OTHER_PYTHON),$(CURDIR)/$(VENV)-other/bin/python)" $(PYTEST)
	$(MAKE) mutation

# The lines of the package that the tests run, in all of their processes; fails below the limit of pyproject.toml.
coverage: $(VENV)/.installed-dev browser nginx java
	rm -f .coverage .coverage.*
	COVERAGE_CORE=$$($(BIN)/python -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")') \
		$(BIN)/python -m coverage run -m pytest -n auto --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

# Plant faults in the kernel, counting, ranking and comparison, one at a time, and see whether the tests notice.
mutation: $(VENV)/.installed-dev
	$(BIN)/python scripts/mutate.py --out bench/mutation.md

# Fuzz every parser for SECONDS, guided by coverage; `make test` only replays the regressions.
SECONDS ?= 600
FUZZED = openalex patentsview regpat uspto_xml epo_xml crunchbase table_csv table_json table_parquet table_parts table_nested form_d new_study study addresses register requests
fuzz: $(VENV)-fuzz/.installed-dev
	for target in $(FUZZED); do echo "== $$target"; $(VENV)-fuzz/bin/python tests/fuzzing/guided.py $$target $(SECONDS) $(VENV)-fuzz/corpus || exit 1; done

$(VENV)-fuzz/.installed-dev: requirements.lock
	$(MAKE) $(VENV)-fuzz/.installed VENV=$(VENV)-fuzz
	$(VENV)-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement requirements.lock
	$(VENV)-fuzz/bin/python -m pip install --quiet --disable-pip-version-check 'atheris>=3,<4'
	touch $@

# The documentation, warnings as errors, with the explorer of the demonstration: docs/_build/html/index.html.
docs: $(VENV)/.installed-dev
	[ -d demo/2025/site ] || $(BIN)/hubrank demo --out demo
	HUBRANK_DEMO=$(CURDIR)/demo $(BIN)/python -m sphinx -b html --fail-on-warning --keep-going --quiet docs docs/_build/html

# Addresses that the documentation links to; needs the network.
links: $(VENV)/.installed-dev
	$(BIN)/python -m sphinx -b linkcheck --quiet docs docs/_build/links

# Wheel, sdist and bill of materials, the same bytes for the same commit; the wheel runs in an empty environment.
dist: $(VENV)/.installed-dev
	rm -rf dist
	export SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) && $(BIN)/python -m hatchling build --directory dist \
		&& $(BIN)/python -m twine check --strict dist/*.whl dist/*.tar.gz && $(BIN)/python scripts/make_sbom.py dist
	HUBRANK_PROOF=1 $(BIN)/python -m pytest tests/test_packaging.py

# The explorer's tests need Debian's Chromium, best without its windows; where neither can be installed they are skipped
# with a message.
browser:
	command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || (apt-get update -qq && \
		(apt-get install -y -qq chromium-headless-shell || apt-get install -y -qq chromium)) >/dev/null 2>&1 || true

# The reverse proxy of docs/serving.md is tested with Debian's nginx, in the same way.
nginx:
	command -v nginx >/dev/null || (apt-get update -qq && apt-get install -y -qq nginx) >/dev/null 2>&1 || true

# Spark needs Java 17; where it cannot be installed its tests are skipped with a message.
java:
	command -v java >/dev/null || (apt-get update -qq && apt-get install -y -qq openjdk-17-jre-headless) >/dev/null 2>&1 || true

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python scripts/lint_words.py src scripts bench tests
	$(BIN)/mypy
	if command -v npm >/dev/null; then $(MAKE) types; else echo "no npm: the types of the explorer's modules were not checked"; fi

# The explorer's modules have no build step; their JSDoc types are checked if npm is installed.
types: node_modules/.bin/tsc
	node_modules/.bin/tsc

node_modules/.bin/tsc: package.json
	npm install --silent --no-package-lock --no-audit --no-fund
	touch $@

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/bin/uv: | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile 'uv>=0.13,<1'

$(VENV)/.installed: $(VENV)/bin/uv pyproject.toml
	$(PIP) --editable .
	touch $@

# Tests and lint run on exactly these packages, verified by their hashes.
$(VENV)/.installed-dev: $(VENV)/bin/uv pyproject.toml requirements.lock
	$(PIP) --require-hashes --no-deps --requirement requirements.lock
	$(PIP) --no-deps --editable .
	touch $@ $(VENV)/.installed

# Lock the packages for all Pythons at once; needs a package index.
lock: $(VENV)-lock/.installed
	$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
		--no-annotate --no-header --no-emit-index-url --upgrade --output-file requirements.lock pyproject.toml

# Known vulnerabilities of the locked packages; needs the network.
audit: $(VENV)-lock/.installed
	$(PYTHON) scripts/audit.py $(VENV)-lock/bin/pip-audit --requirement requirements.lock --disable-pip --no-deps

$(VENV)-lock/.installed:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check 'uv<1' 'pip-audit<3'
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-other $(VENV)-fuzz $(VENV)-lock node_modules demo editions
