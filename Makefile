.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip
QUIETLY := --quiet --disable-pip-version-check --require-hashes
MANAGE := $(BIN)/python manage.py
# A server's settings, to check what would run there; nothing connects.
PRODUCTION = DATABASE_URL=postgres://insula_app:-@localhost/insula \
	DATABASE_OWNER_URL=postgres://insula_owner:-@localhost/insula \
	DATABASE_OPERATOR_URL=postgres://insula_operator:-@localhost/insula \
	ALLOWED_HOSTS=insula.example TENANCY_SEAL_KEY=$(RANDOM_KEY) \
	SECRET_KEY=$(RANDOM_KEY)
# What needs a browser or whole servers has a target of its own.
SLOWER = tests/browser tests/devdb
RANDOM_KEY = $$($(BIN)/python -c 'import secrets; print(secrets.token_hex(40))')
export PORT
# Compiled modules are what makes the second start fast.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test check fmt lint types templates messages words seed reset \
	bench shots test-durability test-machine test-thorough shell lock stop clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' \
		$(MAKEFILE_LIST)

.venv/.stamp: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Insula needs Python 3.11 or newer as python3 (or PYTHON=...)."; \
		exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
		rm -rf .venv; \
		echo "Python's venv module is missing: install it (Debian: python3-venv)."; \
		exit 1; }
	@echo "Installing the requirements into .venv ..."
	@# uv takes seconds where pip takes a minute, but knows none of pip's mirrors.
	@awk '/^[^ ]/ {on = /^uv==/} on' requirements/dev.txt > .venv/uv.txt
	@if $(PIP) config list | grep '\.index-url' >/dev/null; then false; else \
		$(PIP) install $(QUIETLY) --no-deps -r .venv/uv.txt && \
		$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes \
			-r requirements/dev.txt; \
	fi || $(PIP) install $(QUIETLY) --no-compile -r requirements/dev.txt
	@touch $@

setup: .venv/.stamp ## Install, migrate and load the demo story (repeatable)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) seed --if-empty

run: .venv/.stamp ## Start everything and print the address (PORT=8000)
	@exec $(MANAGE) run --port $(PORT)

test: .venv/.stamp ## Run the tests (ARGS="tests/tasks -x")
	$(BIN)/python -m pytest -n 2 $(or $(ARGS),$(SLOWER:%=--ignore=%))

test-machine: .venv/.stamp ## Drive a real browser and the embedded server
	$(BIN)/python -m pytest -n 2 $(SLOWER) $(ARGS)

test-thorough: .venv/.stamp ## Try the forms with new odd values, many of them
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -n 2 -m hypothesis $(ARGS)

check: .venv/.stamp lint templates types words ## Everything CI wants
	$(MANAGE) makemigrations --check --dry-run
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) check_isolation
	$(MANAGE) check_isolation --mutate
	$(MAKE) --no-print-directory test
	@# A browser starved of a core is slow, not wrong: what failed is tried alone.
	$(MAKE) --no-print-directory test-machine || \
		$(MAKE) --no-print-directory test-machine ARGS="-n 0 --last-failed"

fmt: .venv/.stamp ## Format Python and templates
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint templates --reformat --quiet

lint: .venv/.stamp ## Check format, style and import direction
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

templates: .venv/.stamp ## Check the templates
	$(BIN)/djlint templates --check
	$(BIN)/djlint templates --lint

messages: .venv/.stamp ## Draw the languages' catalogues anew (ARGS="de")
	@$(MANAGE) messages $(ARGS)

words: .venv/.stamp ## Check that every language says everything
	@$(MANAGE) messages --check

types: .venv/.stamp ## Check the types
	$(BIN)/python -m mypy .

seed: .venv/.stamp ## Load the demo story (ARGS="--story isolation --json")
	@$(MANAGE) seed $(ARGS)

reset: .venv/.stamp ## Throw the development database away and make a new one
	@$(MANAGE) devdb reset --yes
	@$(MAKE) --no-print-directory setup

bench: .venv/.stamp ## Measure the pages against their floor
	$(BIN)/python -m tests.benchmarks $(ARGS)

shots: .venv/.stamp ## Picture every page and look for accessibility faults
	$(BIN)/python -m tests.browser.shots $(ARGS)

test-durability: .venv/.stamp ## Kill web, worker and database during writes
	$(BIN)/python -m pytest -o addopts="--strict-markers" tests/durability $(ARGS)

shell: .venv/.stamp ## Open a Python shell with the models
	@$(MANAGE) shell

stop: .venv/.stamp ## Stop the development database
	@$(MANAGE) devdb stop

lock: .venv/.stamp ## Lock the requirements again after changing an .in file
	@for name in base prod s3 dev; do \
		$(BIN)/uv pip compile requirements/$$name.in --python-version 3.11 \
			--universal --generate-hashes --no-emit-index-url \
			--no-emit-find-links --no-header --quiet \
			-o requirements/$$name.txt || exit 1; \
	done

clean: ## Remove caches, not the environment or the database
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache htmlcov shots
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
