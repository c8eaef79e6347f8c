# Two commands: `make demo` and `make test`. Both make their own environment in .venv first.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test lint types browser clean

demo: $(VENV)/.installed
	$(BIN)/hubrank prepare
	$(BIN)/hubrank demo --out demo

test: $(VENV)/.installed-dev browser
	$(BIN)/python -m pytest
	if command -v node >/dev/null; then node --test tests/site/*.test.js; fi

# The explorer's tests want Debian's Chromium; where it cannot be installed they are skipped and say so.
browser:
	command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq chromium) >/dev/null 2>&1 || true

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
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

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) node_modules demo editions
