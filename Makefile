# Every target works as the first command in a fresh clone on a machine with Python 3.11, 3.12 or 3.13.
# What is installed goes to .venv, and again only when pyproject.toml changes.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help demo test bench schema clean

# The first of these that is a Python govie runs on and can make environments; `make PYTHON=...` names another.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	>/dev/null 2>&1 && echo "$$python" && break; done)
BIN := .venv/bin
SAMPLES := corpus/reports

help:
	@echo "make demo    extract the sample reports in $(SAMPLES) and show one"
	@echo "make test    ruff, mypy and all tests"
	@echo "make bench   speed on one core: rules alone, and the plain text read beside it"
	@echo "make schema  write govie/data/report.schema.json and the concept table of docs/output.md again"
	@echo "make clean   remove .venv and what was built"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11-3.13 with venv found. Install one (on Debian: python3.11-venv), or name it: make PYTHON=/path/to/python" >&2; exit 1; }
	"$(PYTHON)" -m venv .venv

.venv/installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ .venv/installed

demo: .venv/installed
	@mkdir -p build/demo
	$(BIN)/govie extract $(SAMPLES) -o build/demo/reports.jsonl
	$(BIN)/govie extract $(SAMPLES) -o build/demo/facts.csv
	$(BIN)/govie show "$$(ls $(SAMPLES)/*.txt | head -n 1)"
	@echo
	@echo "All samples: build/demo/reports.jsonl ($$(wc -l < build/demo/reports.jsonl) reports), build/demo/facts.csv (opens in Excel)"

test: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: .venv/installed-dev
	$(BIN)/python -m pytest tests/bench/bench_extract.py --benchmark-only --benchmark-disable-gc \
		--benchmark-columns=median,iqr,ops,rounds --benchmark-sort=name

schema: .venv/installed-dev
	$(BIN)/govie schema > build-schema.json && mv build-schema.json govie/data/report.schema.json
	$(BIN)/python tests/test_docs.py

clean:
	rm -rf .venv build dist
