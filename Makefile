# `make report` and `make test` need only make and Python 3.11 or later; everything else goes into .venv.
# PYTHON=/path/to/python3 chooses the interpreter that makes .venv.

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
STUDY := data/small-models/study.yml
CODE := analysis tests benchmarks
# The tool that writes the lock file, and what builds the project itself, are chosen here; pip gets only what is locked.
LOCK_TOOL := uv>=0.9
BUILD_TOOLS := hatchling>=1.27 editables>=0.5

.DEFAULT_GOAL := help
.PHONY: help setup report draft published images test benchmarks validity lock clean \
	check-style check-format check-types check-layers check-behaviour

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## make or update .venv from requirements.lock (done by the others when needed)
	@PYTHON="$(PYTHON)" BIN="$(BIN)" sh .ci/setup

report: setup  ## render the shipped study in a folder of its version, and its reply letter
	$(BIN)/foresay render $(STUDY)
	$(BIN)/foresay reanalyze --all $(STUDY)
	@$(MAKE) --no-print-directory published

published:
	$(BIN)/foresay audit data/published/looking_inward.csv --relations data/published/claims.csv \
		-o data/published/audit.html || test $$? -eq 1  # numbers differ there

draft: setup  ## render the shipped study without a version label; replaces the last draft
	$(BIN)/foresay render $(STUDY) --draft

images: setup  ## draw the pictures of the documentation anew
	$(BIN)/foresay figures $(STUDY) --only accuracy-against-bounds --to svg,csv --width double -o docs/images
	$(BIN)/foresay figures $(STUDY) --to svg --width double -o docs/images --gallery docs/gallery.md

test: setup  ## every check; goes on after a failure, and fails if one did
	@$(MAKE) --no-print-directory --keep-going check-style check-format check-types check-layers check-behaviour

check-style:
	$(BIN)/ruff check $(CODE)

check-format:
	$(BIN)/ruff format --check $(CODE)

check-types:
	$(BIN)/mypy

check-layers:
	$(BIN)/lint-imports

check-behaviour:
	$(BIN)/python -m pytest -n 2 --dist worksteal

benchmarks: setup  ## speed and memory against peers in the same run
	@for file in benchmarks/*.py; do echo "$$file"; $(BIN)/python "$$file" || exit 1; done

validity: setup  ## the statistical promises, simulated; FROM=scratch does all anew, FROM=page only writes the page
	PYTHONPATH=tests $(BIN)/python -m validity $(if $(FROM),--from $(FROM))

lock:  ## write requirements.lock anew; UPGRADE=--upgrade takes newer versions
	@$(MAKE) --no-print-directory setup
	$(BIN)/python -m venv build/lock
	build/lock/$(notdir $(BIN))/python -m pip install --quiet "$(LOCK_TOOL)"
	printf '%s\n' $(BUILD_TOOLS:%='%') | build/lock/$(notdir $(BIN))/uv pip compile pyproject.toml - --group dev \
		--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--quiet $(UPGRADE) --output-file requirements.lock

clean:  ## remove .venv, caches and what was built; versions of reports stay
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
