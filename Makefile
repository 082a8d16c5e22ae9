# Two commands for a newcomer: `make run` and `make test`. Both set up the clone by themselves.
PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
SETUP := $(PYTHON) -I config/embedded/install.py
JOBS ?= 3

# Python keeps what it compiled, whatever the environment says of other work: else every process we start compiles 2,600 modules anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test spark lint types unit bench messages screenshots samples lock setup assets test-servers clean

help:
	@echo "make run          everything on this machine; PORT=8000 HOST=127.0.0.1 ACCOUNTS=20000 DEMO=1"
	@echo "                  DATABASE_URL, REDIS_URL, LAKE_URL: a server of yours instead of the embedded one"
	@echo "make test         lint, types, import contracts, migrations, tests in $(JOBS) processes (JOBS=)"
	@echo "make bench        what we promise in numbers        make screenshots  the pictures of the README"
	@echo "make samples      two decks of a synthetic utility, in var/samples"
	@echo "make messages     collect strings to translate      make lock         pin requirements and npm anew"
	@echo "make spark        the engine on Spark as an option (434 MB; Java 17), held to the same numbers"
	@echo "make test-servers keep a throwaway PostgreSQL and Valkey up for short test runs"
	@echo "make clean        remove what set-up made; data in var/ stays"

run:
	@$(SETUP) base
	@$(PY) -m config.embedded.run

# One recipe rather than prerequisites, so that the order is fixed and the first failure ends it. What reads the code takes one core each.
test:
	@$(SETUP) dev
	@$(MAKE) --no-print-directory -j2 lint types
	@$(MAKE) --no-print-directory unit

lint:
	@$(SETUP) dev
	$(BIN)/ruff check --quiet --output-format=concise .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/djlint templates --quiet --lint
	$(BIN)/lint-imports --no-logo
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py compile_translations --check

types:
	@$(SETUP) dev
	$(BIN)/mypy config crm segmentation marketing

# The processes share the cores: threads of a library's own would spin for one another.
unit:
	@$(SETUP) dev
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

bench:
	@$(SETUP) dev
	$(PY) -m bench

# The engine on Spark, beside what is installed: 434 MB, and Java 17 or newer must be there.
spark:
	@$(SETUP) dev
	$(BIN)/uv pip install --quiet --python $(PY) --no-deps --require-hashes --requirement requirements/spark.txt || $(PY) -m pip install -qq --no-deps --require-hashes --requirement requirements/spark.txt
	$(BIN)/pytest -q tests/segmentation/engine/test_contract.py

messages:
	@$(SETUP) dev
	$(PY) manage.py update_translations

screenshots:
	@$(SETUP) dev
	$(PY) -m docs.screenshots

samples:
	@$(SETUP) dev
	$(PY) -m docs.samples

setup:
	@$(SETUP) dev

assets:
	@$(SETUP) base
	$(PY) -m config.assets

test-servers:
	@$(SETUP) dev
	@$(PY) -m config.embedded.testing

# No index address may reach a lock file: it would be this machine's.
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links
lock:
	@$(SETUP) dev
	for list in bootstrap node base dev spark; do $(PY) config/embedded/lock.py uv $(UV_COMPILE) requirements/$$list.in -o requirements/$$list.txt || exit 1; done
	npm install --package-lock-only --ignore-scripts --no-audit --no-fund
	$(PY) config/embedded/lock.py npm package-lock.json

clean:
	rm -rf .venv node_modules static/build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
