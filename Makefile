# Everything happens in .venv, which the first target that needs it sets up.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo

.PHONY: demo test check types contracts soak bench foresight replay pictures clean
.DEFAULT_GOAL := help

help:
	@echo "make demo      set up, make a project with a dozen ideas in ./$(DEMO), train the best one, open the planner"
	@echo "make test      set up and run the tests"
	@echo "make check     format, lint, types, import contracts, tests: what must be green before a commit"
	@echo "make soak      kills, power losses and mutations by the thousand: an hour or two, for docs/reliability.md"
	@echo "make bench     what is fast, measured side by side: more than an hour, or ARGS=NAME for one"
	@echo "make replay    how well the chance of success is known before each outcome of real logs"
	@echo "make foresight what planning with it is worth, simulated: minutes"
	@echo "make pictures  draw the README's screens again"

EXTRAS := tensorflow,worker,search
DEV_EXTRAS := $(EXTRAS),dev

# Python compiles what is imported when it is first imported: a small part of what is installed.
define install
	@echo "Setting up $(VENV): Keras and TensorFlow are large, this takes a few minutes the first time."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt --editable ".[$(1)]"
	@$(BIN)/python -m compileall -q planner screens
	@touch $(VENV)/.user $@
endef

# What a user installs: the planner, Keras on TensorFlow, scikit-learn.
$(VENV)/.user: pyproject.toml constraints.txt
	$(call install,$(EXTRAS))

# What a developer has besides.
$(VENV)/.dev: pyproject.toml constraints.txt
	$(call install,$(DEV_EXTRAS))

# A demo that has nothing left to dispatch (3) has not failed.
demo: $(VENV)/.user
	@$(BIN)/planner demo $(DEMO)
	@$(BIN)/planner -C $(DEMO) dispatch --top --wait || test $$? -eq 3
	@if [ -t 0 ] && [ -t 1 ]; then exec $(BIN)/planner -C $(DEMO); fi

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(MAKE) --no-print-directory -j 2 types contracts
	@$(BIN)/python -m pytest -n auto --dist worksteal

types: $(VENV)/.dev
	@$(BIN)/mypy

contracts: $(VENV)/.dev
	@$(BIN)/lint-imports

soak: $(VENV)/.dev
	@$(BIN)/python -m tests.drills $(ARGS)

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks $(ARGS)

replay: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.replay

foresight: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.foresight $(ARGS)

pictures: $(VENV)/.dev
	@$(BIN)/python -m docs.pictures

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
