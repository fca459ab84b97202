# Two commands matter: `make run` and `make test`. Each sets up what is missing; `make help` lists the rest.
SHELL := /bin/sh
PY := .venv/bin/python
CODE := portal tests
# Time each stage, so that a slow one is seen.
stage = @printf '\n== %s\n' '$(1)'; begun=$$(date +%s); $(2) && printf '   %s s\n' $$(($$(date +%s) - begun))

.PHONY: help run test lint tools messages lock format clean

help:  ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

run: .venv/ready-run  ## set up, lay the demo on the first run, serve on http://127.0.0.1:8000
	@exec $(PY) -m portal serve --worker --demo

test: tools  ## set up, then lint and run every test on SQLite, PostgreSQL and in Chromium
	@$(MAKE) --no-print-directory lint
	$(call stage,pytest,$(PY) -m pytest -q -n 2 --durations 10)

lint: .venv/ready-test  ## ruff, mypy, the floors of the house, templates
	$(call stage,ruff,.venv/bin/ruff check -q $(CODE) && .venv/bin/ruff format -q --check $(CODE))
	$(call stage,mypy,.venv/bin/mypy)
	$(call stage,lint-imports,.venv/bin/lint-imports --no-logo)
	$(call stage,djlint,.venv/bin/djlint --lint --quiet templates)

tools: .venv/ready-test  ## see that Chromium, a Chinese font and PostgreSQL are there; as root on Debian install them
	@$(PY) -m tests.tools

messages: .venv/ready-test  ## list the sentences that have no English yet
	@$(PY) -m tests.architecture.messages

format: .venv/ready-test  ## put the code into its one format
	@.venv/bin/ruff check -q --fix $(CODE); .venv/bin/ruff format -q $(CODE)

lock: .venv/ready-run  ## write the lock files anew from requirements*.in
	@scripts/lock

clean:  ## take away .venv and the caches; the data under var/ stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/html/node_modules

.venv/ready-run: requirements.lock requirements-uv.lock scripts/setup
	@scripts/setup run

.venv/ready-test: requirements-test.lock requirements-uv.lock tests/html/package-lock.json scripts/setup
	@scripts/setup test
