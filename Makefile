# `make demo` and `make test` need nothing but Python ≥ 3.11 and make; the rest is set up in .venv on first use.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint types imports pytest format bench snap package clean

# The first Python on the path that is new enough and can make a virtual environment; or say PYTHON=…
FITS := -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python $(FITS) && { echo $$python; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
PACKAGES := worlds characters judges sandbox
# Named after where the tree stands, so that one that was moved or copied is installed anew.
READY := $(VENV)/ready-$(shell pwd | cksum | cut -d ' ' -f 1)

help:
	@echo 'make demo     plays a world and shows it'
	@echo 'make test     all checks: lint, types, imports, tests'
	@echo 'make lint | types | imports | pytest     one of them'
	@echo 'make format   lays the code out'
	@echo 'make snap     rewrites the golden files; read the diff before committing it'
	@echo 'make bench    measures time and size'
	@echo 'make package  builds sdist and wheel into dist/'
	@echo 'make clean    removes .venv and caches; never a run'

$(READY): pyproject.toml constraints.txt
	@"$(PYTHON)" $(FITS) || { \
		echo 'No Python ≥ 3.11 with venv and pip was found. Install one (on Debian and Ubuntu also python3-venv),' >&2; \
		echo 'or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3' >&2; exit 2; }
	@echo 'Setting up $(VENV) with $(PYTHON); this is done once and takes a minute or two …' >&2
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@rm -f $(VENV)/ready-*
	@touch $@

# A new name each time: a run is never written over.
demo: $(READY)
	@name=demo; n=1; while test -e "runs/$$name"; do n=$$((n + 1)); name=demo-$$n; done; \
	$(BIN)/python -m sandbox run tavern --turns 40 --seed 7 --out "runs/$$name" && \
	$(BIN)/python -m sandbox judge "runs/$$name"

test: lint types imports pytest

lint: $(READY)
	@$(BIN)/python -m ruff check --quiet --output-format concise .
	@$(BIN)/python -m ruff format --quiet --check .

types: $(READY)
	@$(BIN)/python -m mypy

imports: $(READY)
	@$(BIN)/python -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo

pytest: $(READY)
	@$(BIN)/python -m pytest -n 2

format: $(READY)
	@$(BIN)/python -m ruff check --quiet --fix .
	@$(BIN)/python -m ruff format --quiet .

snap: $(READY)
	@SNAP=1 $(BIN)/python -m pytest -n 2 -q -m golden
	@git --no-pager diff --stat -- tests/golden tests/snapshots

bench: $(READY)
	@for script in benchmarks/*.py; do echo "── $$script"; $(BIN)/python "$$script" || exit 1; done

package: $(READY)
	@$(BIN)/python -m build --no-isolation

clean:
	@rm -rf $(VENV) build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find $(PACKAGES) tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
