# Every target works as the first command in a fresh clone on a machine with Python 3.11, 3.12 or 3.13.
# What is installed goes to .venv, and again only when pyproject.toml changes.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help demo test test-ray stress bench schema train evaluation clean

# The first of these that is a Python govie runs on and can make environments; `make PYTHON=...` names another.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	>/dev/null 2>&1 && echo "$$python" && break; done)
BIN := .venv/bin
# A dozen of the corpus' training reports: three of each table format, oldest first, in all layouts.
SAMPLES := $(patsubst %,corpus/reports/%.txt,w12_02 w3_17 w2_20 w1_04 w6_11 w10_32 w11_15 w10_15 w6_05 w4_26 w14_12 w13_05)
SHOWN := corpus/reports/w1_04.txt

help:
	@echo "make demo    extract a dozen reports of corpus/reports, list them and show one"
	@echo "make test    ruff, mypy and all tests"
	@echo "make test-ray  a batch on a Ray cluster of three nodes, simulated on this machine, one of them killed"
	@echo "make stress  a batch of 5,000 files killed 20 times, and the memory of 20,000 files (half an hour)"
	@echo "make bench   speed on one core: model and rules, rules alone, spaCy's ner beside them; load time and memory"
	@echo "make schema  write the JSON Schema, the concept table of docs/output.md and the data dictionary again"
	@echo "make train   train the model from corpus/ again and write models/zh_govie"
	@echo "make evaluation  write docs/evaluation.html, .md and .json of the shipped model again"
	@echo "make clean   remove .venv and what was built"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11-3.13 with venv found. Install one (on Debian: python3.11-venv), or name it: make PYTHON=/path/to/python" >&2; exit 1; }
	"$(PYTHON)" -m venv .venv

.venv/installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev,model,ocr]'
	@touch $@ .venv/installed

demo: .venv/installed
	@mkdir -p build/demo
	@echo '$$ govie extract corpus/reports/w12_02.txt corpus/reports/w3_17.txt ... -o build/demo/reports.jsonl'
	@$(BIN)/govie extract $(SAMPLES) -o build/demo/reports.jsonl
	@echo '$$ govie extract corpus/reports/w12_02.txt corpus/reports/w3_17.txt ... -o build/demo/facts.csv'
	@$(BIN)/govie extract $(SAMPLES) -o build/demo/facts.csv
	@echo; echo '$$ govie show corpus/reports/w12_02.txt corpus/reports/w3_17.txt ...'
	@$(BIN)/govie show $(SAMPLES)
	@echo; echo '$$ govie show $(SHOWN)'
	@$(BIN)/govie show $(SHOWN)
	@echo
	@echo "These $(words $(SAMPLES)) reports:  build/demo/reports.jsonl, one a line; build/demo/facts.csv, one fact a row (opens in Excel)"
	@echo "All $$(ls corpus/reports/*.txt | wc -l) reports:  $(BIN)/govie extract corpus/reports -o facts.csv"

test: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

test-ray: .venv/installed-dev
	$(BIN)/python -m pip install --quiet --editable '.[ray]'
	$(BIN)/python -m pytest -m ray tests/test_ray.py -s

stress: .venv/installed-dev
	$(BIN)/python tests/stress/kill_resume.py --files 5000 --kills 20
	$(BIN)/python tests/stress/memory.py --files 20000

bench: .venv/installed-dev
	$(BIN)/python -m pip install --quiet --editable '.[model]'
	env -u OMP_NUM_THREADS -u OPENBLAS_NUM_THREADS -u MKL_NUM_THREADS -u BLIS_NUM_THREADS \
		$(BIN)/python -m pytest tests/bench/bench_speed.py
	$(BIN)/python -m pytest tests/bench/bench_extract.py tests/bench/bench_readers.py --benchmark-only --benchmark-disable-gc \
		--benchmark-columns=median,iqr,ops,rounds --benchmark-sort=name

schema: .venv/installed-dev
	$(BIN)/govie schema > build-schema.json && mv build-schema.json govie/data/report.schema.json
	$(BIN)/python tests/test_docs.py && $(BIN)/python tests/test_outputs_schema.py

train: .venv/installed-dev
	$(BIN)/python -m pip install --quiet --editable '.[model]' && $(BIN)/python training/run.py

evaluation: .venv/installed-dev
	$(BIN)/govie evaluate --split test --learning-curve training/results/curve.json --segmentation training/results/segmentation.json \
		-o docs/evaluation.html -o docs/evaluation.md -o docs/evaluation.json

clean:
	rm -rf .venv build dist
