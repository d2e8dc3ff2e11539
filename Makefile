# Two words: `make demo` shows what this is, `make test` proves it. The rest is below.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: demo setup setup-dev test lint types unit services bench crash chaos quota mutate fix lock docs clean

demo: setup
	@$(BIN)/afterrun demo

setup: $(VENV)/.run
setup-dev: $(VENV)/.dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Afterrun needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing Afterrun into $(VENV) ..."
	@$(PIP) --require-hashes --only-binary :all: -r requirements/run.txt
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing what the tests need ..."
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

test: setup-dev services lint types unit

lint: setup-dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

types: setup-dev
	@$(BIN)/mypy

unit: setup-dev
	@$(BIN)/python -m pytest -n auto

# PostgreSQL and Chromium: installed and started where we may, skipped aloud where we may not.
services:
	@sh tests/services.sh

bench: setup-dev
	@$(BIN)/python -m tests.bench

crash: setup-dev
	@AFTERRUN_CRASH_ROUNDS=200 $(BIN)/python -m pytest -q tests/e2e/test_crash.py

# 10,000 runs through a Strava that fails 5 % of all calls, with kills in between: writes build/chaos.json.
chaos: setup-dev
	@$(BIN)/python -m tests.chaos

# How many runners a tier of Strava's limits carries: renews the table in docs/operations.md.
quota: setup-dev
	@$(BIN)/python -m tests.quota_study

# Small mistakes made in the rules, and whether their tests notice: renews docs/mutants.md, fails below 90 %.
mutate: setup-dev
	@$(BIN)/python -m tests.mutate

fix: setup-dev
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

docs: setup-dev
	@$(BIN)/python -m tests.catalogue
	@$(BIN)/python -m tests.rules_page
	@$(BIN)/python -m tests.article_page
	@$(BIN)/python -m tests.contact_sheet
	@$(BIN)/python -m tests.pictures

lock: setup-dev
	@$(PIP) uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml -o requirements/run.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements/dev.txt

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis mutants
