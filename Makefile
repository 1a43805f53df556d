# The house's commands. `make run` and `make test` need Python 3.11+ and git, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv
UV_VERSION := 0.13.9
PORT ?= 8000
TEST_WORKERS ?= auto

.PHONY: run test check lint types imports test-postgresql lock help

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: $(VENV)/.run  ## install, migrate, load the demo, serve
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

test: $(VENV)/.dev  ## the whole suite on SQLite
	$(BIN)/pytest -q -n $(TEST_WORKERS)

check: test lint types imports test-postgresql  ## what CI runs

lint: $(VENV)/.dev
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

test-postgresql: $(VENV)/.dev  ## the whole suite on PostgreSQL: TEST_POSTGRESQL_URL=postgres://...
	@test -n "$(TEST_POSTGRESQL_URL)" || { echo "Set TEST_POSTGRESQL_URL=postgres://user@host:port/name"; exit 1; }
	DATABASE_URL=$(TEST_POSTGRESQL_URL) $(BIN)/pytest -q -n $(TEST_WORKERS)

lock: $(VENV)/bin/uv  ## after a change of dependencies in pyproject.toml
	$(UV) lock
	$(UV) export --frozen --no-dev --no-hashes --no-annotate --no-header -o requirements.txt

$(VENV)/bin/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.run: uv.lock $(VENV)/bin/uv
	$(UV) sync --frozen --no-dev --inexact
	@touch $@

$(VENV)/.dev: uv.lock $(VENV)/bin/uv
	$(UV) sync --frozen --inexact
	@touch $@ $(VENV)/.run
