# The manual: `make help` lists the targets. Each does its own set-up, in .venv, from the lock files.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
DATA := ../shared/data
DEMO := QIAOJIN_NOW=2026-06-17T16:00:00Z QIAOJIN_CONFIG_DIR=.venv/no-config

# What is compiled is kept, whatever the machine says: workers and the commands that tests start find it made.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo playground test suite long crash check format evaluate lock clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

demo: .venv/ready  ## the whole main job on a bundled sample day: no network, no token, nothing kept
	@$(DEMO) $(BIN)/qiaojin today --sample

playground: .venv/ready  ## the whole bot in the browser: no network, no token, a clock to move; nothing kept
	@QIAOJIN_CONFIG_DIR=.venv/no-config $(BIN)/qiaojin playground

test: .venv/ready-dev  ## all checks and tests, side by side; what CI runs
	@$(MAKE) --no-print-directory --jobs 2 check suite

# Three at once, since some tests wait; by file, so that what a file's tests share is made once.
suite: .venv/ready-dev
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

long: .venv/ready-dev  ## the tests that make test leaves out for its ten minutes: more kinds of trouble, more days
	$(BIN)/python -m pytest -m long --numprocesses 2 --dist loadfile

crash: .venv/ready-dev  ## processes killed at random moments, 300 times on each database; CRASH_SEED=n for the same dice
	CRASH_KILLS=300 CRASH_READERS=500 WORKERS_READERS=1000 WORKERS_DAYS=7 WORKERS_KILLS=100 \
		$(BIN)/python -m pytest -s -m "" tests/e2e/test_crash.py tests/e2e/test_workers_world.py

check: .venv/ready-dev  ## the quick checks alone: ruff, mypy, the import order
	$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy && $(BIN)/lint-imports --no-logo

format: .venv/ready-dev  ## let ruff put the code into form
	$(BIN)/ruff check --fix && $(BIN)/ruff format

evaluate: .venv/ready  ## the classifier's figures by cross-validation, where ../shared/data is present
	@test -d $(DATA) || { echo "make evaluate needs the development data in $(DATA), which are not here"; exit 2; }
	$(BIN)/qiaojin evaluate $(DATA)/gold.jsonl.gz --cross-validate $(foreach file,$(wildcard $(DATA)/papers/*.gz),--papers $(file))

lock: .venv/ready-dev  ## renew the lock files after a change of dependencies
	$(BIN)/python -m pip install --quiet uv
	$(LOCK) pyproject.toml --extra postgresql -o requirements.lock
	$(LOCK) pyproject.toml --extra postgresql --group dev -o requirements-dev.lock

LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python requirements.lock pyproject.toml
	$(INSTALL) --require-hashes --requirement requirements.lock
	$(INSTALL) --no-deps --editable .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@touch $@

clean:  ## remove what the other targets made
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
