# Two commands do all the set-up: `make run` and `make test`. Both need Python 3.11, make and git, nothing else.

PORT ?= 8000
PYTHON ?= python3.11
JOBS ?= 2
SHELL := /bin/bash
BIN := .venv/bin
# The packages are installed again when the lock's content changes, whatever its date.
INSTALLED := .venv/installed-$(shell git hash-object requirements/development.txt)
# Tests and checks know nothing of the shell's own configuration.
PLAIN := env -u DATABASE_URL -u REDIS_URL -u EMAIL_URL -u SITE_URL -u DEMO -u DEBUG -u SECRET_KEY -u ALLOWED_HOSTS
PRODUCTION := $(PLAIN) DEMO=0 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	ALLOWED_HOSTS=semaine.example SITE_URL=https://semaine.example DATABASE_URL=postgres://semaine@db/semaine \
	REDIS_URL=redis://redis:6379/0 EMAIL_URL=smtp+tls://mail.example:587 DEFAULT_FROM_EMAIL=portail@semaine.example \
	CONTACT_EMAIL=contact@semaine.example HOSTING=hosting PUBLISHER_ADDRESS=address PUBLICATION_DIRECTOR=director DPO_CONTACT=dpo

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test test-fast test-faults audit check format lint types contracts migrations security deploy-check lock chromium

help:
	@echo "make run [PORT=8000]  the portal with its demonstration data, on http://127.0.0.1:PORT/"
	@echo "make test             the whole suite, on SQLite and on PostgreSQL + Redis"
	@echo "make test-fast        the suite on SQLite, without a browser"
	@echo "make test-faults      the faults that the portal survives, with the real servers (docs/reliability.md)"
	@echo "make audit            what needs Node: npm’s ical.js reads the calendar, Lighthouse the public pages"
	@echo "make check            formatting, lint, types, contracts, migrations, security, deployment, then the whole suite"
	@echo "make format           rewrites the code in the house's format"
	@echo "make lock             writes requirements/*.txt anew from pyproject.toml"

$(INSTALLED):
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11, or name it with PYTHON=…"; exit 1; }
	@echo "== Installing the packages of requirements/development.txt"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	@rm -f .venv/installed-*
	@touch $@

run: $(INSTALLED)
	@SITE_URL=http://127.0.0.1:$(PORT) $(BIN)/python manage.py run_demo

chromium: $(INSTALLED)
	@$(BIN)/python -m tests.chromium

# What is marked as a fault runs in a third part, on PostgreSQL and Redis too. The tests in a browser come one after the
# other: whoever has nothing left takes half of what the other still has, or one would do them all.
test: chromium
	@echo "== Tests on SQLite"
	@$(PLAIN) $(BIN)/python -m pytest -n $(JOBS) --dist worksteal
	@echo "== Tests on PostgreSQL and Redis"
	@$(PLAIN) $(BIN)/python -m tests.services $(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "not fault"
	@$(MAKE) --no-print-directory test-faults

# By groups, so that a server that several tests break is started once. To import the other files would only take time.
test-faults: chromium
	@echo "== Faults"
	@$(PLAIN) $(BIN)/python -m tests.services $(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m fault \
		$$(grep -rl --include='test_*.py' 'mark\.fault' tests)

test-fast: $(INSTALLED)
	@$(PLAIN) $(BIN)/python -m pytest -n $(JOBS) --dist worksteal --ignore=tests/e2e

# What Node's programmes make of our documents; the files have no name that pytest finds by itself.
audit: chromium
	@npm ci --prefix tests/audit --no-audit --no-fund --loglevel=error
	@$(PLAIN) $(BIN)/python -m pytest tests/audit/audit_*.py

check: lint types contracts migrations security deploy-check test

format: $(INSTALLED)
	@$(BIN)/ruff check --fix --select I,UP .
	@$(BIN)/ruff format .

lint: $(INSTALLED)
	@echo "== Format"
	@$(BIN)/ruff format --check .
	@echo "== Lint"
	@$(BIN)/ruff check .
	@echo "== Templates"
	@$(BIN)/djlint templates --lint --quiet

types: $(INSTALLED)
	@echo "== Types"
	@$(PLAIN) $(BIN)/mypy .

contracts: $(INSTALLED)
	@echo "== Import contracts"
	@$(BIN)/lint-imports --no-logo

migrations: $(INSTALLED)
	@echo "== Migrations: none missing"
	@$(PLAIN) $(BIN)/python manage.py makemigrations --check --dry-run
	@echo "== Migrations: none that locks or breaks the version before"
	@$(PLAIN) LOG_LEVEL=WARNING $(BIN)/python -m tests.services $(BIN)/python -m tests.lint_migrations

# Ruff's own rules see passwords in code; this sees keys, tokens and addresses with a password in any file.
security: $(INSTALLED)
	@echo "== Secrets: none in the files"
	@git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --disable-plugin KeywordDetector --disable-plugin Base64HighEntropyString --disable-plugin HexHighEntropyString --exclude-secrets '^PASSWORD$$'
	@echo "== Packages: none known to be vulnerable"
	@$(BIN)/python -m tests.lint_dependencies

deploy-check: $(INSTALLED)
	@echo "== Deployment checks with production variables"
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

# uv resolves for every platform at once; it lives in a throw-away environment, nothing else needs it.
lock:
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && $(PYTHON) -m venv "$$dir" \
	&& "$$dir/bin/pip" install --quiet uv \
	&& "$$dir/bin/uv" pip compile pyproject.toml --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--no-emit-find-links --python-version 3.11 --quiet -o requirements/production.txt \
	&& "$$dir/bin/uv" pip compile pyproject.toml --extra operations --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --python-version 3.11 --quiet -o requirements/operations.txt \
	&& "$$dir/bin/uv" pip compile pyproject.toml --extra operations --extra dev --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --python-version 3.11 --quiet -o requirements/development.txt
