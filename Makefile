# FairApp. Needs Python >= 3.11 and make, nothing else.
#   make demo    sets up, fills a demo fair, serves on http://127.0.0.1:$PORT (8000)
#   make test    sets up what the tests need and runs all of them
# DATABASE_URL, INSTANCE_PATH and PORT are honoured everywhere; .env.example explains every setting.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
SCALE ?= small
SEED ?= 1
VENV := .venv
PY := $(VENV)/bin/python
STAMPS := build/stamps
FLASK := $(PY) -m flask --app wsgi
NODE := $(PY) -m scripts.node
BIOME := $(NODE) node_modules/@biomejs/biome/bin/biome
TSC := $(NODE) node_modules/typescript/bin/tsc
ARGS ?=

export PORT
.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-setup unit room sqlite postgresql journeys js check format bench chaos screenshots \
	requirements first-migration po translations database release

help:
	@sed -n 's/^#   //p' Makefile
	@echo "also: setup run room check format unit sqlite postgresql journeys js bench chaos screenshots requirements po release"

# --- set-up: each step leaves a stamp, so a second run does nothing ---------------------------

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "FairApp needs Python 3.11 or newer"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# pip, or uv where the environment has it; an environment made without pip gets it first
define install
	@mkdir -p $(STAMPS)
	@if [ -x $(VENV)/bin/uv ]; then \
		$(VENV)/bin/uv pip install --quiet --compile-bytecode --python $(PY) --require-hashes -r $(1); \
	else \
		$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip; \
		$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
	fi
endef

$(STAMPS)/python: requirements.txt | $(VENV)/pyvenv.cfg
	@echo "Installing Python packages …"
	$(call install,requirements.txt)
	@touch $@

$(STAMPS)/python-dev: requirements-dev.txt $(STAMPS)/python
	@echo "Installing test tools …"
	$(call install,requirements-dev.txt)
	@touch $@

$(STAMPS)/npm: package.json package-lock.json $(STAMPS)/python
	@echo "Installing front-end libraries …"
	@$(PY) -m scripts.npm ci --ignore-scripts --omit=dev --loglevel=error
	@touch $@

$(STAMPS)/npm-dev: $(STAMPS)/npm
	@echo "Installing the test browser and the tools for JavaScript …"
	@$(PY) -m scripts.npm ci --ignore-scripts --loglevel=error
	@touch $@

$(STAMPS)/vendor: scripts/vendor.json scripts/vendor.py $(STAMPS)/npm
	@$(PY) -m scripts.vendor
	@touch $@

$(STAMPS)/chromium: $(STAMPS)/npm-dev $(STAMPS)/python-dev
	@$(PY) -m scripts.chromium
	@touch $@

setup: $(STAMPS)/vendor translations

test-setup: setup $(STAMPS)/python-dev $(STAMPS)/chromium

translations: $(STAMPS)/python
	@$(PY) -m scripts.catalogues compile

# --- serving ----------------------------------------------------------------------------------

database: setup
	@$(FLASK) db upgrade

demo: export FAIRAPP_DEMO = 1
demo: database
	@$(FLASK) demo --scale $(SCALE) --seed $(SEED)
	@echo "Serving on http://127.0.0.1:$(PORT) — stop with Ctrl-C"
	@exec $(PY) -m gunicorn -c gunicorn.conf.py wsgi:app

run: database
	@echo "Serving on http://127.0.0.1:$(PORT) — stop with Ctrl-C"
	@exec $(PY) -m gunicorn -c gunicorn.conf.py wsgi:app

# --- tests ------------------------------------------------------------------------------------

test: test-setup
	@$(MAKE) --no-print-directory sqlite postgresql journeys js check

unit: sqlite

room: test-setup
	@$(PY) -m scripts.room $(ROOM)

# what starts a browser or reads the API's description runs in a pytest of its own
APART := $(foreach name,journeys scanner fuzz,--ignore=tests/$(name))
# what reads only the source needs no second database
SOURCE_ONLY := $(foreach name,sizes laws planted_offences words documents,--ignore=tests/architecture/test_$(name).py) --ignore=tests/scripts \
	--ignore=tests/kit

sqlite: test-setup
	TEST_DATABASE=sqlite $(PY) -m pytest -n 2 $(APART) $(ARGS)

postgresql: test-setup
	TEST_DATABASE=postgresql $(PY) -m pytest -n 2 $(APART) $(SOURCE_ONLY) $(ARGS)

journeys: test-setup
	$(PY) -m pytest tests/fuzz $(ARGS)
	$(PY) -m pytest tests/journeys $(ARGS)
	$(PY) -m pytest tests/scanner $(ARGS)

js: $(STAMPS)/vendor $(STAMPS)/npm-dev
	$(NODE) --test "tests/js/*.test.js"

check: test-setup
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/djlint templates --lint --quiet
	$(BIOME) check --error-on-warnings
	$(TSC) --project tsconfig.json
	$(TSC) --project tsconfig.workers.json
	$(PY) -m scripts.catalogues check
	$(PY) -m scripts.lock
	$(PY) -m scripts.dead_code

format: $(STAMPS)/python-dev $(STAMPS)/npm-dev
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .
	$(BIOME) check --write

bench: test-setup
	$(PY) -m bench $(ARGS)

chaos: test-setup
	$(PY) -m bench --chaos $(ARGS)

screenshots: test-setup
	$(PY) -m scripts.screenshots $(ARGS)

# --- keeping ----------------------------------------------------------------------------------

po: $(STAMPS)/python
	$(PY) -m scripts.catalogues update

PIN := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-strip-extras pyproject.toml

# until release 0.2.0 the one migration is written from the models; afterwards released ones are never edited
first-migration: $(STAMPS)/python-dev
	$(PY) -m scripts.first_migration

requirements: $(STAMPS)/python-dev
	$(PIN) -o requirements.txt
	$(PIN) --extra dev -c requirements.txt -o requirements-dev.txt

# a commit and an annotated tag, nothing pushed: make release VERSION=0.2.0
release: $(STAMPS)/python-dev
	@$(PY) -m scripts.release $(VERSION)
