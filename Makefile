# What can be done here, one line each: make help. Needs Python 3.11 or newer and Make.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help demo test check format bench lock wheel clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## score a real file and open the page; with FILE=leads.csv CARD=card.yaml your own, ARGS="--won COL=VALUE"
	@scripts/bootstrap
	@scripts/demo "$(FILE)" "$(CARD)" $(ARGS)

test: ## the whole suite; ARGS="-k text" chooses tests (with CI=true: and make check)
	@scripts/test $(ARGS)

check: ## format, lint, types, layers, and the generated pages of docs in step
	@scripts/check

format: ## put code and generated pages in order
	@scripts/bootstrap --lint
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
	.venv/bin/python scripts/reference.py

bench: ## every benchmark, side by side; rewrites benchmarks/RESULTS.md
	@scripts/bootstrap --test --bench
	.venv/bin/python -m benchmarks

lock: ## write requirements/*.txt from pyproject.toml; UPGRADE=1 takes newer versions
	@scripts/lock $(if $(UPGRADE),--upgrade)

wheel: ## build dist/*.whl
	@scripts/bootstrap
	@rm -rf dist
	@scripts/uv build --quiet --build-constraints requirements/build.txt
	@ls dist

clean: ## take away everything that was installed or built here
	@rm -rf .venv .uv dist out .mypy_cache .ruff_cache .pytest_cache .hypothesis
