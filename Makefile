# The commands of this product. `make help` lists them.
VENV ?= .venv
PY := $(VENV)/bin/python
export VENV

.DEFAULT_GOAL := help
.PHONY: help run serve check test coverage lint format lock messages docs screenshots seed bench clean

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## the demonstration with invented data on http://127.0.0.1:8000 (HOST, PORT); Ctrl-C stops it
	@deploy/bootstrap run
	@exec $(PY) manage.py run

serve: ## a city of your own, empty at first (HOST, PORT, DATABASE_URL, PUBLIC_ADDRESS); Ctrl-C stops it
	@deploy/bootstrap run
	@exec $(PY) manage.py serve

check: ## lint, types and the fast tests, in some three minutes
	@deploy/bootstrap test
	@$(MAKE) --no-print-directory lint
	@$(PY) -m pytest -n 2 --dist loadgroup -m "not slow and not story" $(ARGS)

test: ## lint, floors, and the whole suite on both cores
	@deploy/bootstrap test
	@$(MAKE) --no-print-directory lint
	@$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

coverage: ## the whole suite again, with the lines of the product that no test reaches
	@deploy/bootstrap test
	@$(PY) -m pytest -n 2 --dist loadgroup --cov --cov-report=term:skip-covered $(ARGS)

lint: ## rules, formats, punctuation of Chinese texts, floors of the house, types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet . || { echo "Run: make format"; exit 1; }
	@$(VENV)/bin/djangofmt --check --quiet templates || { echo "Run: make format"; exit 1; }
	@$(PY) -m tools.typography || { echo "Run: make format"; exit 1; }
	@$(VENV)/bin/lint-imports --no-logo 2>&1 | grep -q ' 0 broken' || { $(VENV)/bin/lint-imports; exit 1; }
	@$(PY) -m mypy --no-error-summary

format: ## bring code, templates and punctuation into their format
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .
	@$(VENV)/bin/djangofmt --quiet templates
	@$(PY) -m tools.typography --write

lock: ## write the hash-locked requirements from pyproject.toml
	@deploy/bootstrap test
	@$(VENV)/bin/uv pip compile --quiet --generate-hashes --no-header --python-version 3.11 -o requirements.lock pyproject.toml
	@$(VENV)/bin/uv pip compile --quiet --generate-hashes --no-header --python-version 3.11 --group dev -o requirements-dev.lock pyproject.toml

messages: ## collect the texts to translate (needs Debian's gettext)
	@$(PY) manage.py makemessages -l en --no-wrap --no-obsolete --no-location --ignore .venv --ignore var
	@msgattrib --sort-output --no-wrap --output-file=locale/en/LC_MESSAGES/django.po locale/en/LC_MESSAGES/django.po
	@$(VENV)/bin/pybabel --quiet compile --domain django --directory locale

docs: ## draw lifecycles and the access table into docs/
	@$(PY) manage.py lifecycles
	@$(PY) manage.py access_table

screenshots: ## every role's main pages at 1440 and 390 px into var/screenshots/
	@deploy/bootstrap test
	@$(PY) manage.py screenshots

seed: ## a large database: make seed ARGS="--households 100000 --providers 500 --referrals 300000"
	@deploy/bootstrap run
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py seed_scale $(ARGS)

bench: ## measure against the bare parts; SCALE=small for a look
	@deploy/bootstrap test
	@$(PY) -m benchmarks --scale $(or $(SCALE),full)

clean: ## remove the environment and what the product made under var/; asks before it deletes a database (YES=1 does not)
	@deploy/clean
