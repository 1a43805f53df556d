# The house's commands. `make run` and `make test` need Python 3.11+, git and make, nothing else.
# Of several Pythons the first that is new enough; name another with `make run PYTHON=python3.13`.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
UV := UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv
UV_VERSION := 0.13.9
TEST_WORKERS ?= auto
BENCH_GATEWAY := benchmarks/.venv-gateway

.PHONY: run test bench test-slow check lint types imports test-postgresql eval-chat eval-consultor messages hooks lock bench-gateway help prove \
	bench-concurrency bench-reports

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: $(VENV)/.run  ## install, migrate, load the demo, serve it (PORT=8001 to choose the port)
	@$(BIN)/python -m config.demo $(if $(PORT),--port $(PORT))

test: $(VENV)/.dev  ## the whole suite on SQLite
	$(BIN)/python -m pytest -q -n $(TEST_WORKERS)

test-slow: $(VENV)/.dev  ## the long proofs: every fault of a model server in every dialect
	$(BIN)/python -m pytest -q -n $(TEST_WORKERS) -m slow

check: $(VENV)/.dev  ## what CI runs: style, types, tests on both engines, migrations, deployment, OpenAPI
	@.ci/check

hooks: $(VENV)/.dev  ## look at every commit before it is made (pre-commit)
	$(BIN)/pre-commit install

lint: $(VENV)/.dev
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

test-postgresql: $(VENV)/.dev  ## all that can reach the books on PostgreSQL (TEST_POSTGRESQL_URL), and Redis where TEST_REDIS_URL is set
	@test -n "$(TEST_POSTGRESQL_URL)" || { echo "Set TEST_POSTGRESQL_URL=postgres://user@host:port/name"; exit 1; }
	DATABASE_URL="$(TEST_POSTGRESQL_URL)" $(BIN)/python -m pytest -q -n $(TEST_WORKERS)

prove: $(VENV)/.dev  ## the long proofs of the ledger, on PostgreSQL too where TEST_POSTGRESQL_URL is set (half an hour)
	PROVE=1 $(BIN)/python -m pytest -q -p no:randomly tests/faults
	$(if $(TEST_POSTGRESQL_URL),PROVE=1 DATABASE_URL=$(TEST_POSTGRESQL_URL) $(BIN)/python -m pytest -q -p no:randomly tests/faults)

bench-concurrency: $(VENV)/.dev  ## sixteen writers beside read-modify-write, on PostgreSQL too where TEST_POSTGRESQL_URL is set
	$(BIN)/python -m benchmarks.bench_concurrency $(BENCH)

bench-reports: $(VENV)/.dev benchmarks/.venv/.made  ## reports at up to 1,000,000 entries, beside beancount and django-ledger (a quarter of an hour)
	$(BIN)/python -m benchmarks.bench_reports

bench: $(VENV)/.dev benchmarks/.venv/.made benchmarks/.venv-web/.made  ## the promised figures, beside their peers (minutes)
	$(BIN)/python -m benchmarks $(BENCH)

eval-chat: $(VENV)/.dev  ## how well the assistant finds, answers and refuses, part by part
	$(BIN)/python -m benchmarks.eval_chat $(EVAL)

eval-consultor: $(VENV)/.dev  ## how well questions about the books are answered (EVAL="--engine both" with DATABASE_URL)
	$(BIN)/python -m benchmarks.consultor $(EVAL)
	$(BIN)/python -m benchmarks.consultor --model

messages: $(VENV)/.dev  ## collect the texts that users read into locale/ and compile them (needs GNU gettext)
	$(BIN)/python manage.py makemessages -l es -l en --no-obsolete --no-wrap --add-location file \
		-i $(VENV) -i data -i benchmarks -i tests
	msgattrib --no-wrap --empty --clear-fuzzy -o locale/en/LC_MESSAGES/django.po locale/en/LC_MESSAGES/django.po
	msgen --no-wrap -o locale/en/LC_MESSAGES/django.po locale/en/LC_MESSAGES/django.po
	$(BIN)/python manage.py compilemessages -i $(VENV) -i data

lock: $(VENV)/bin/uv  ## after a change of dependencies in pyproject.toml
	$(UV) lock
	$(UV) export --frozen --no-default-groups --no-hashes --no-annotate --no-header -o requirements.txt

bench-gateway: $(BENCH_GATEWAY)/.done  ## the gateway's figures beside LiteLLM's and OpenAI's, in one run
	$(BENCH_GATEWAY)/bin/python -m benchmarks.bench_gateway

$(BENCH_GATEWAY)/.done: $(VENV)/bin/uv
	$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python $(BENCH_GATEWAY)
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BENCH_GATEWAY)/bin/python \
		httpx2 jsonschema python-dotenv litellm openai
	@touch $@

$(VENV)/bin/uv:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Mosaite needs Python 3.11 or newer; here is $$($(or $(PYTHON),python3) --version 2>&1)."; \
		echo "Install one, or name it: make $(or $(MAKECMDGOALS),run) PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.run: uv.lock $(VENV)/bin/uv
	$(UV) sync --frozen --system-certs --no-default-groups --inexact --compile-bytecode
	@touch $@

$(VENV)/.dev: uv.lock $(VENV)/bin/uv
	$(UV) sync --frozen --system-certs --inexact --compile-bytecode
	@touch $@ $(VENV)/.run

benchmarks/.venv-web/.made: uv.lock $(VENV)/bin/uv
	UV_PROJECT_ENVIRONMENT=benchmarks/.venv-web $(BIN)/uv sync --quiet --frozen --system-certs --no-default-groups --compile-bytecode
	@touch $@

benchmarks/.venv/.made: $(VENV)/bin/uv
	$(BIN)/uv venv --quiet --clear benchmarks/.venv
	$(BIN)/uv pip install --quiet --system-certs --python benchmarks/.venv/bin/python django-ledger==0.8.5 beancount==3.2.3
	@touch $@
