# Every target builds its environment on first use; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RUN := $(BIN)/provisioner
# Words passed on to the verb: make apply PLAN=okta.yaml ARGS="--format json"
ARGS ?=

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# The environment is a file: made anew when what it is made from changes.
$(READY): requirements.lock pyproject.toml
	@echo "Preparing $(VENV) (first use, about half a minute) ..." >&2
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and f"Python 3.11 or newer is needed; {sys.executable} is {v.major}.{v.minor}. Try: make PYTHON=python3.11 ...")'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
	@touch $@

.PHONY: setup
setup: $(READY) ## Make the environment in .venv

VERBS := validate diff plan apply outputs verify drift
.PHONY: $(VERBS)
$(VERBS): $(READY)
	@test -n "$(PLAN)" || { echo "Which plan? For example: make $@ PLAN=okta.yaml" >&2; exit 64; }
	@$(RUN) $@ "$(PLAN)" $(ARGS)

validate: ## Check PLAN offline
diff: ## Show what apply would do with PLAN
plan: ## The same as diff
apply: ## Bring the tenant to what PLAN says, print the Flex values
drift: ## Look whether PLAN's tenant is still as the plan says
outputs: ## Print the Flex values of PLAN's tenant
verify: ## Compute what each user of PLAN would bring to Flex

.PHONY: check-response
check-response: $(READY) ## Hold FILE, a captured login, against PLAN or VALUES
	@test -n "$(FILE)" || { echo "Which capture? For example: make $@ FILE=login.har PLAN=okta.yaml" >&2; exit 64; }
	@$(RUN) $@ "$(FILE)" $(if $(PLAN),--plan "$(PLAN)") $(if $(VALUES),--values "$(VALUES)") $(ARGS)

.PHONY: schema
schema: $(READY) ## Print the JSON Schema of PROVIDER's plan files
	@test -n "$(PROVIDER)" || { echo "Whose? For example: make $@ PROVIDER=okta" >&2; exit 64; }
	@$(RUN) $@ "$(PROVIDER)"

.PHONY: sandbox
sandbox: $(READY) ## Serve the sandbox with its web pages
	@$(RUN) sandbox $(ARGS)

# Twice the usual two cores: many tests wait for browsers, databases and processes of their own.
WORKERS ?= 4

.PHONY: test
test: $(READY) ## Run the whole suite
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

# Programs of others that tests hold ours against; without them those tests are skipped.
.PHONY: node
node: ## Install what the tests run in Node (needs npm)
	@npm ci --prefix tests/node --silent --no-progress

.PHONY: lint
lint: $(READY) ## Style, types, layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: format
format: $(READY) ## Rewrite the code in the house style
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: bench
bench: $(READY) ## Print the figures: requests, start-up, memory, write rate
	@$(BIN)/python -m tests.bench $(ARGS)

PIN := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet

.PHONY: lock
lock: ## Pin every dependency again (needs uv)
	$(PIN) --upgrade --all-extras --output-file requirements.lock pyproject.toml
	$(PIN) --upgrade --extra fleet --constraint requirements.lock --output-file deploy/requirements.lock pyproject.toml deploy/requirements.in

.PHONY: check-readme
check-readme: $(READY) ## Run the README's commands and compare what they print
	@$(BIN)/python -m tests.readme
