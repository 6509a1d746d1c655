# Everything a person does with this repository, one line each; `make` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
RUN := .venv/bin/python
export PYTHONPATH := $(CURDIR)

.PHONY: help demo check test chaos chaos-mail restore-drill fuzz bench bare screens docs lock format environment-run environment-dev

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: environment-run ## the whole suite with an office and its cases, until Ctrl-C (PROFILE=example)
	@$(RUN) -m infra.demo $(if $(PROFILE),--profile $(PROFILE))

check: environment-dev ## the fast part of the tests, under a minute
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check -q .
	@$(RUN) -m mypy -p shared -p services -p infra
	@$(RUN) -m pytest -q -n $$(( $$(nproc) + 1 )) -m "not servers and not slow and not browser"

test: environment-dev ## everything, in both modes, with private RabbitMQ and PostgreSQL
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check -q .
	@$(RUN) -m mypy -p shared -p services -p infra -p tests
	@$(RUN) -m tests.servers run -- $(RUN) -m $(if $(ONLY),pytest -n 4 $(ONLY),tests.everything $(if $(AGAIN),--again))

chaos: environment-dev ## kill everything at every step, count what is left (SEED=, SUBMISSIONS=, MODE=)
	@$(RUN) -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(SUBMISSIONS),--submissions $(SUBMISSIONS)) $(if $(MODE),--mode $(MODE)) $(if $(SECONDS_AT_MOST),--seconds $(SECONDS_AT_MOST)) $(if $(RECORD),--record docs/measured.md)

chaos-mail: environment-dev ## kill the sender at every step, count what the mail server got (SEED=, RECORD=1)
	@$(RUN) -m tests.chaos.mail $(if $(SEED),--seed $(SEED)) $(if $(RECORD),--record docs/measured.md)

fuzz: environment-dev ## an hour of random requests to everything (SECONDS=3600 SEED=, RECORD=1)
	@$(RUN) -m tests.servers run -- $(RUN) -m tests.fuzz $(if $(SEED),--seed $(SEED)) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(RECORD),--record docs/measured.md)

restore-drill: environment-dev ## put databases back to copies under load, count what comes back (SEED=, MODE=, RECORD=1)
	@$(RUN) -m tests.restore_drill $(if $(SEED),--seed $(SEED)) $(if $(MODE),--mode $(MODE)) $(if $(RECORD),--record docs/measured.md)

bench: environment-dev ## what it costs beside its floor, as ratios (ONLY=send,queue SIZE=small RECORD=1)
	@$(RUN) -m tests.bench $(if $(ONLY),--only $(ONLY)) $(if $(SIZE),--size $(SIZE)) $(if $(RECORD),--record docs/measured.md)

bare: environment-dev ## demo and test on a Debian with nothing on it, as root and as a user (PART=demo-root, RECORD=1)
	@$(RUN) -m infra.tools.bare $(foreach part,$(PART),--part $(part)) $(if $(RECORD),--record docs/measured.md)

screens: environment-dev ## every page in every state as a picture in var/screens, with its faults
	@$(RUN) -m tests.browser.screens

docs: environment-dev ## write what is generated: docs/asyncapi.yaml, docs/lifecycle.md, infra/example.env
	@$(RUN) -m infra.tools.generate write

format: environment-dev ## put imports and lines in order
	@$(RUN) -m ruff check -q --fix . ; $(RUN) -m ruff format -q .

lock: environment-dev ## maintainers: resolve the dependencies anew
	@for set in run dev; do \
	  UV_PYTHON_DOWNLOADS=never $(RUN) -m uv pip compile -q --universal --python-version 3.11 \
	    --generate-hashes --no-header pyproject.toml \
	    $$([ $$set = dev ] && echo --all-extras --group dev || echo --extra postgres --extra demo) \
	    -o requirements/$$set.txt; done

environment-run:
	@infra/environment.sh run

environment-dev:
	@infra/environment.sh dev
