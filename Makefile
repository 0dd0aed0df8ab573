# Two commands matter: `make run` and `make test`. Both set themselves up; `make help` lists the rest.
PY ?= python3
PORT ?= 8000
ARGS ?=
export PIP_DISABLE_PIP_VERSION_CHECK = 1

VENV := .venv
PYTHON := $(VENV)/bin/python
# What the second round asks on PostgreSQL: the domain, whose rules, triggers and locks are statements, and the
# pages with statements of their own. Of files that ask the same of SQLite it takes some, others each day; SOME=
# takes all of them, and SOME= ON_POSTGRES=tests asks everything there.
ON_POSTGRES := tests/competencies tests/ladder/pages/imports tests/ladder/pages/people tests/ladder/pages/exports \
  tests/ladder/pages/trail tests/ladder/demo/test_loading.py tests/ladder/jobs tests/ladder/ops/test_maintenance.py tests/upgrades \
  tests/outages/test_cutting_short.py tests/outages/test_losing.py
SOME := --some
# What asks no more of one database than of another, or asks a SQLite of its own.
ONCE := tests/competencies/core/test_mutants.py tests/competencies/core/test_conditions.py \
  tests/upgrades/test_cut_short.py tests/upgrades/test_released.py \
  tests/competencies/personal_data/test_inventory.py tests/competencies/personal_data/test_leaving_nothing.py \
  tests/ladder/pages/people/test_chart.py tests/ladder/pages/trail/test_readings.py tests/ladder/pages/trail/test_sentences.py
UV_LOCK := uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run dev demo-reset check test test-sqlite test-postgres lint lint-style lint-templates lint-floors lint-types lock pictures fonts clean has-pango

help:
	@echo 'make run            serve Ladder with its demo company on http://localhost:$(PORT)  (PORT=8001 for another port)'
	@echo 'make dev            serve Ladder while you work on it: pages and worker begin anew with each change of the code'
	@echo 'make demo-reset     throw the demo company away and bring it to life anew; asks first'
	@echo 'make check          run the tests of what changed against main, within a minute: no browser, no PostgreSQL'
	@echo 'make test           run all tests on SQLite, then those of the database on PostgreSQL where it is installed  (ARGS="-k packet" to choose)'
	@echo 'make test-sqlite    run the first round only'
	@echo 'make test-postgres  run the second round only, on a throw-away PostgreSQL  (SOME= ON_POSTGRES=tests for everything)'
	@echo 'make lint           check style, types, templates and the floors of the packages  (before each commit: pre-commit install)'
	@echo 'make lock           write the requirement locks anew from pyproject.toml (needs uv; ARGS=--upgrade for newer versions)'
	@echo 'make pictures       draw the pages of the packet anew that the tests compare with: look at them before you commit them'
	@echo 'make fonts          cut the Latin of the typefaces anew, which pages load before the rest of them'
	@echo 'make clean          remove the environment and everything that can be made again; the database stays'
	@echo 'PY=python3.12 chooses the Python that makes the environment.'

run: $(VENV)/.ready-to-run
	@exec $(PYTHON) manage.py start --port $(PORT) $(ARGS)

dev: $(VENV)/.ready-to-run
	@exec $(PYTHON) manage.py dev --port $(PORT) $(ARGS)

demo-reset: $(VENV)/.ready-to-run
	@$(PYTHON) manage.py reset_demo $(ARGS)

# Journeys and outages wait for other processes half of the time: two workers more than there are processors.
WORKERS = $(shell $(PYTHON) -c 'import os; print(len(os.sched_getaffinity(0)) + 2)')

# Tests start some hundred processes, which would compile the program again and again.
check test-sqlite test-postgres: export PYTHONDONTWRITEBYTECODE =

check: $(VENV)/.ready-to-test has-pango
	$(PYTHON) -m tests.changed $(ARGS)

# The second round runs beside the first, with one worker.
test: $(VENV)/.ready-to-test has-pango
	@$(PYTHON) -m tests.rounds '$(MAKE) test-sqlite' '$(MAKE) test-postgres WHERE=--where-installed WORKERS=1'

test-sqlite: $(VENV)/.ready-to-test has-pango
	DATABASE_URL= $(PYTHON) -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

test-postgres: $(VENV)/.ready-to-test has-pango
	$(PYTHON) -m tests.on_postgres $(WHERE) $(SOME) -- -n $(WORKERS) --dist loadfile -m 'not browser' $(addprefix --ignore=,$(ONCE)) $(ON_POSTGRES) $(ARGS)

lint: lint-style lint-templates lint-floors lint-types

lint-style: $(VENV)/.ready-to-test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

lint-templates: $(VENV)/.ready-to-test
	find templates ladder -name '*.html' -exec $(VENV)/bin/djade --check {} +

lint-floors: $(VENV)/.ready-to-test
	$(VENV)/bin/lint-imports

lint-types: $(VENV)/.ready-to-test
	$(PYTHON) -m mypy

lock:
	@uv --version >/dev/null 2>&1 || { echo 'The lock is made with uv, which is not installed: python3 -m pip install uv'; exit 1; }
	$(UV_LOCK) pyproject.toml -o requirements.txt $(ARGS)
	$(UV_LOCK) --constraint requirements.txt --group redis pyproject.toml -o requirements-redis.txt $(ARGS)
	$(UV_LOCK) --constraint requirements-redis.txt --group dev pyproject.toml -o requirements-dev.txt $(ARGS)

pictures: $(VENV)/.ready-to-test has-pango
	DJANGO_SETTINGS_MODULE=ladder.settings $(PYTHON) -m tests.ladder.pdf.sheets

# What most pages need of a typeface, as `fonts.css` says it, with the features that style sheets ask for.
FONTS := ladder/static/ladder/fonts
FACES := Inter-Regular Inter-Italic Inter-Medium Inter-SemiBold Inter-Bold InterDisplay-SemiBold
LATIN := U+20-7E,U+A0-17F,U+218-21B,U+2C6-2DD,U+300-36F,U+2000-206F,U+20AC,U+2122,U+2190-2193,U+2212,U+25B2,U+25BC

fonts: $(VENV)/.ready-to-run
	for face in $(FACES); do $(VENV)/bin/pyftsubset $(FONTS)/$$face.woff2 --unicodes=$(LATIN) \
	 --layout-features+=cv11,ss03,tnum,zero --flavor=woff2 --output-file=$(FONTS)/$$face-Latin.woff2; done

clean:
	rm -rf $(VENV) .cache .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Setting up. The lock for tests holds the whole lock for running, so one environment serves both. All come as
# wheels but crontab, which django-rq brings along and which is published as source alone: plain Python.

define install
	@echo 'Installing $(1) ...'
	@if uv --version >/dev/null 2>&1 && uv pip install --quiet --python $(PYTHON) --require-hashes -r $(1); then :; \
	 else $(PYTHON) -m pip install --quiet --require-hashes --only-binary :all: --no-binary crontab -r $(1); fi
endef

$(VENV)/.ready-to-run: requirements.txt $(PYTHON)
	$(call install,requirements.txt)
	@touch $@

$(VENV)/.ready-to-test: requirements-dev.txt $(PYTHON)
	$(call install,requirements-dev.txt)
	@touch $(VENV)/.ready-to-run $@

$(PYTHON):
	@command -v $(PY) >/dev/null || { echo 'Ladder needs Python 3.11 or newer, and $(PY) is not there: sudo apt-get install python3 python3-venv'; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	 echo "Ladder needs Python 3.11 or newer, and $(PY) is $$($(PY) -V 2>&1 | cut -d" " -f2): sudo apt-get install python3.11 python3.11-venv, then make PY=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PY) -c 'import venv, ensurepip' 2>/dev/null || { \
	 echo 'This Python cannot make an environment, because its venv module is missing: sudo apt-get install python3-venv'; exit 1; }
	@$(PY) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

has-pango:
	@$(PYTHON) -c 'import weasyprint' 2>/dev/null || { \
	 echo 'Packets are printed with Pango, which is missing: sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 (macOS: brew install pango)'; exit 1; }
