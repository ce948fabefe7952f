# Two commands set everything up on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
ANLI_VENV := .venv-demo
BIN := $(VENV)/bin
DEMO_BIN := $(ANLI_VENV)/bin

.PHONY: demo quick test soak coverage lint bench lock catalogues docs clean

demo: $(ANLI_VENV)/.ready
	$(DEMO_BIN)/anli demo

# While you work: everything that needs no server and no other program.
quick: $(VENV)/.ready
	$(BIN)/python -m pytest tests/unit tests/property --sqlite-only -n auto --dist worksteal

# What a change must pass.
test: $(VENV)/.ready
	$(BIN)/python -m pytest -n auto --dist worksteal

# For a night: the same properties, kills and faults, as many times more as ANLI_TEST_EFFORT says, never the same twice.
soak: $(VENV)/.ready
	ANLI_TEST_EFFORT=$${ANLI_TEST_EFFORT:-50} $(BIN)/python -m pytest tests/property tests/faults -n auto --dist worksteal

# How much of the program the quick tests run through, and that it is not less than the floor in pyproject.toml.
coverage: $(VENV)/.ready
	$(BIN)/python -m pytest tests/unit tests/property --sqlite-only -qq -n auto --dist worksteal \
	  --cov --cov-report=term:skip-covered

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready
	$(BIN)/python -m tests.benchmarks.batch

$(VENV)/.ready: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(ANLI_VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(ANLI_VENV)
	$(DEMO_BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(DEMO_BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# The locks name no index host; uv is needed only here.
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --group build -o requirements.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --group dev -o requirements-dev.lock

catalogues: $(VENV)/.ready
	$(BIN)/pybabel compile --domain anli --directory workflow/locale

docs: $(VENV)/.ready
	$(BIN)/python -m workflow.screens.floor_plan > docs/reference/states.md
	$(BIN)/python -m tests.architecture.command_reference > docs/reference/cli.md
	$(BIN)/python -m tests.acceptance.reference_pages

clean:
	rm -rf $(VENV) $(ANLI_VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
