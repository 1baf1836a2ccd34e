# The five targets that matter: env, console, test, lint, bench. Everything else they need, they make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: env console test lint bench mutants lock pictures docs clean

env: $(STAMP)

# Hashed pins, no addresses: pip's own configuration says where packages come from.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "catui needs Python 3.11 or newer: make env PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

console: env
	@$(BIN)/catui console

test: env
	@$(BIN)/python -m pytest -n auto --dist worksteal tests

lint: env
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: env
	@$(BIN)/python -m benchmarks

# The rest is for whoever changes catui.
mutants: env
	@$(BIN)/python tests/mutants

lock: env
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check pip-tools
	@$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --extra dev --output-file requirements.lock pyproject.toml

pictures: env
	@$(BIN)/python docs/make_pictures.py

docs: env
	@$(BIN)/python docs/make_pages.py

clean:
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
