# The targets are exactly what the README names and what .ci/run calls.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt
Q ?= What did the Met say about armed patrols?
export Q

.DEFAULT_GOAL := help
.PHONY: help ask test lint typecheck bench serve clean

help:
	@echo 'make ask Q="…"   ask a question (installs and builds the index at first use)'
	@echo 'make test        run the whole test suite'
	@echo 'make lint typecheck   the other gates'
	@echo 'make bench       speed and memory, as tables'
	@echo 'make serve       the Discord bot (METQUOTE_DISCORD_TOKEN)'

.venv/installed: pyproject.toml constraints.txt
	@echo 'metquote: installing into .venv (once, some minutes)' >&2
	@$(PYTHON) -c 'import sys; sys.exit("metquote needs Python 3.11 or later; try: make PYTHON=python3.11 …" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv
	@$(PIP) --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	@echo 'metquote: installing what the tests need (once)' >&2
	@$(PIP) --editable '.[dev]'
	@touch $@

ask: .venv/installed
	@$(BIN)/metquote ask "$$Q"

serve: .venv/installed
	@$(BIN)/metquote serve

test: .venv/installed-dev
	$(BIN)/pytest -n 3 --cov --cov-report=term tests/corpus tests/crash tests/index
	$(BIN)/pytest -n 3 --ignore tests/corpus --ignore tests/crash --ignore tests/index

lint: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

typecheck: .venv/installed-dev
	$(BIN)/mypy

bench: .venv/installed-dev
	$(BIN)/python benchmarks/speed.py

clean:
	rm -rf .venv var build dist *.egg-info .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
