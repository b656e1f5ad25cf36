# Everything that is done with this tree. `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: help run prepare test chromium check messages gallery bench faults lock sbom clean

PYTHON ?= python3
DATA ?= var
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
MANAGE := $(BIN)/python manage.py
POSTGRESQL := postgres://postgres@127.0.0.1:5432/postgres

help:
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 16


# PORT=, HOST= and DATA= from the command line or the environment reach every command by themselves.

run: export DEMO = 1
run: prepare ## the paper with its demo, on http://127.0.0.1:8000 (PORT= HOST= DATA=)
	@$(MANAGE) demo --if-empty
	@exec $(MANAGE) serve

prepare: .venv/installed ## what a start needs: libraries, tables, static files
	@mkdir -p "$(DATA)"
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable --verbosity 0
	@stamp="$(DATA)/static-collected"; \
	if [ ! -e "$$stamp" ] || \
	   [ "$$(find static newsroom/settings.py requirements.txt -newer "$$stamp")" ]; then \
		echo "Collecting the static files"; \
		$(MANAGE) collectstatic --no-input --verbosity 0 && touch "$$stamp"; \
	fi


# The two runs go side by side; PostgreSQL's is shown when SQLite's is over.
test: .venv/installed-dev chromium ## every test, on SQLite and, where it answers, on PostgreSQL
	@server="$${TEST_DATABASE_URL:-$(POSTGRESQL)}"; \
	said="$$(mktemp)"; trap 'kill $$other 2> /dev/null; rm -f "$$said"' EXIT; \
	if TEST_DATABASE_URL="$$server" $(BIN)/python -m tests.environment; then \
		TEST_DATABASE_URL="$$server" $(BIN)/python -m pytest $(ARGS) > "$$said" 2>&1 & other=$$!; \
	else \
		[ -z "$$POSTGRES_REQUIRED" ] || exit 1; \
		echo "The tests on PostgreSQL are skipped."; \
	fi; \
	echo "The tests on SQLite"; \
	TEST_DATABASE_URL= $(BIN)/python -m pytest $(ARGS); status=$$?; \
	if [ "$$other" ]; then \
		wait $$other || status=$$?; \
		echo "The tests on PostgreSQL"; cat "$$said"; \
	fi; \
	exit $$status

chromium:
	@command -v chromium || command -v chromium-browser || command -v google-chrome || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get && apt-get update -q && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium; } || \
	echo "No Chromium here: the tests in a browser are skipped."


# As a careful operator would run it, with nothing of this machine's own settings.
check: export SECRET_KEY = $(shell $(PYTHON) -c "import secrets; print(secrets.token_urlsafe(50))")
check: export SITE_URL = https://news.example
check: export DATABASE_URL = sqlite://:memory:
check: export DEMO = 0
check: export DEBUG = 0
check: .venv/installed-dev ## style, types, templates, migrations, deployment
	@$(PIP) check
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@find templates -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +
	@$(BIN)/python -m mypy
	@$(MANAGE) makemigrations --check --dry-run
	@$(MANAGE) check --deploy --fail-level WARNING

messages: .venv/installed-dev ## the catalogues in locale/, from what the code says now
	@$(BIN)/python -m tests.messages $(ARGS)


gallery: .venv/installed-dev chromium ## pictures of all pages and states, to leaf through (ARGS=--brief)
	@$(BIN)/python -m tests.gallery $(ARGS)


bench: .venv/installed ## how fast it is, as ratios of one run (ARGS=pages, posting, live, --json)
	@$(BIN)/python -m bench $(ARGS)


N ?= 20

faults: .venv/installed-dev ## what survives when processes are killed (N=300 for the full measure)
	@$(BIN)/python -m bench.faults $(N)


# What is locked stays as it is; `make lock ARGS=--upgrade` takes the newest.
COMPILE := compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

lock: ## both requirements files again, from pyproject.toml (ARGS=--upgrade)
	@uv="$$(mktemp -d)" && trap 'rm -rf "$$uv"' EXIT && $(PYTHON) -m venv "$$uv" && \
	"$$uv/bin/pip" --disable-pip-version-check --quiet install uv && \
	"$$uv/bin/uv" pip $(COMPILE) $(ARGS) -o requirements.txt pyproject.toml && \
	"$$uv/bin/uv" pip $(COMPILE) $(ARGS) -o requirements-dev.txt -c requirements.txt \
		--extra dev pyproject.toml

sbom: ## what runs here, as CycloneDX 1.6, in sbom.cdx.json
	@$(PYTHON) -m tests.sbom > sbom.cdx.json

clean: ## removes what was installed and cached; `var`, the paper itself, stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +


.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	{ echo "Newsroom needs Python 3.11 or newer. Name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || \
	{ echo "Python lacks its venv module. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making .venv"
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/pip
	@echo "Installing the libraries (about half a minute, the first time)"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installing what the checks and tests need"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
