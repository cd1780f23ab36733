# OpenMCX. `make help` lists what there is. Needed: make and Python 3.12, 3.13 or 3.14; everything else lands in .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset run test test-all check check-slow bench docs pictures lock messages setup-check setup-all

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-build-isolation --require-hashes
DEMO_DIR := var/demo

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

# ---- the environment: one stamp per requirements file, so that a second start installs nothing and needs no network ----

$(VENV)/.created: scripts/find_python.sh
	@python=$$(sh scripts/find_python.sh $(PYTHON)) && echo "Making $(VENV) with $$python" && "$$python" -m venv $(VENV)
	@touch $@

$(VENV)/.build: requirements/build.txt $(VENV)/.created
	@echo "Installing the build tools (requirements/build.txt)"
	@$(PIP) -r requirements/build.txt
	@touch $@

$(VENV)/.%: requirements/%.txt $(VENV)/.build
	@echo "Installing requirements/$*.txt"
	@$(PIP) -r $<
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.base
	@$(PY) -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps --no-index --editable .
	@touch $@

setup: $(VENV)/.project $(VENV)/.test ## Make .venv with what demo and test need
setup-check: setup $(VENV)/.postgresql $(VENV)/.pkcs11 $(VENV)/.dev
setup-all: setup-check $(VENV)/.browser

# ---- the product ----

demo: $(VENV)/.project ## Run the demo network and print its address and sign-ins
	@OPENMCX_DATA_DIR=$(DEMO_DIR) $(VENV)/bin/mcx demo

demo-reset: ## Forget everything the demo network holds
	rm -rf $(DEMO_DIR)

run: $(VENV)/.project ## Run a node with the settings of the environment (OPENMCX_…)
	@$(VENV)/bin/mcx migrate
	@$(VENV)/bin/mcx serve

# ---- judging it ----

test: setup ## Run the suite on SQLite in pure Python; names what it leaves out
	@$(PY) -m pytest -n 2

test-all: setup-all ## Run everything: SQLite, PostgreSQL, Chromium, SoftHSM, oracles; fails if one is missing
	@$(PY) -m scripts.test_all

check: setup-check ## Lint, types, layers, migrations, translations, architecture tests
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) -m pytest -q tests/architecture

check-slow: setup-all ## Fuzzing, load and long differential runs
	@$(PY) -m tests.oracles.setup
	$(PY) -m pytest -m slow --with slow --with oracle

bench: setup ## Measure the core beside limits and peers in the same run, and public pages by Lighthouse
	@$(PY) -m tests.oracles.setup
	@$(PY) -m benchmarks

docs: $(VENV)/.project $(VENV)/.docs ## Build the documentation into docs/_build
	@$(PY) scripts/reference.py
	@$(PY) scripts/reference_lists.py
	@$(PY) scripts/reference_components.py
	@$(PY) -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

pictures: setup-all ## Draw the pictures of the pages anew (docs/pictures)
	@$(PY) -m scripts.pictures

# ---- keeping it ----

lock: $(VENV)/.created ## Compile requirements/*.txt anew from pyproject.toml
	@$(PY) scripts/lock.py

messages: $(VENV)/.project $(VENV)/.test ## Collect the texts to translate (locale/) and compile them
	@$(PY) scripts/messages.py
