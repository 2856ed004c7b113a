# Movalytics: `make` prints the targets.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.SUFFIXES:

PYTHON ?= python3
BIN := .venv/bin
COMPONENTS := images/common images/extract images/warehouse images/operations images/redshift_local spark_apps workflows
PACKAGES := movalytics_common movalytics_extract movalytics_warehouse movalytics_operations redshift_local movalytics_spark movalytics_workflows
CODE := $(COMPONENTS) manifests/aws tests
LOCKS := $(COMPONENTS:%=%/requirements.lock) requirements-dev.lock
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url
# exec: what make starts must be the command itself, or a SIGTERM to make ends a shell and the run goes on.
MOVALYTICS := exec $(BIN)/movalytics
# Two processes, which begin with what takes longest.
PYTEST := $(BIN)/pytest -q --numprocesses=2 --dist=loadfile --no-loadscope-reorder
QUICK := tests/unit/spark_apps tests/unit tests/contracts
LONGER := tests/integration/pipeline tests/integration/spark_apps tests/integration tests/aws tests/hostile tests/benchmark
REGISTRY ?= movalytics
VERSION ?= $(shell git describe --tags --always --dirty)
PRODUCTION := extract warehouse operations spark
IMAGES := $(PRODUCTION) redshift_local stand_ins
DOWNLOAD := apt-get -qq --option APT::Sandbox::User=root download
LOAD_IMAGE ?= kind load docker-image --name movalytics

# What a person's shell says of other Pythons must not lead ours astray.
export PIP_USER := 0
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONDONTWRITEBYTECODE PIP_TARGET PIP_PREFIX PIP_ROOT PIP_DRY_RUN PIP_CONSTRAINT PIP_PYTHON PIP_NO_BINARY
unexport PIP_REQUIRE_VIRTUALENV UV_CONSTRAINT UV_OVERRIDE UV_BUILD_CONSTRAINT UV_EXCLUDE_NEWER UV_LINK_MODE UV_REQUIRE_HASHES

# The variables that each target takes. Another one, as a VINTAGE that run does not know, is refused instead of ignored.
ANYWHERE := PYTHON REGISTRY VERSION LOAD_IMAGE UPGRADE
TAKES_run := SOURCE FORCE DEBUG PORT ALLOW
TAKES_query := SQL
TAKES_serve := PORT
TAKES_bench := ROWS ROUNDS
TAKES_readers := ROWS
TAKES_scaling := ROWS
TAKES_damages := DAMAGES
TAKES_hostile := MINUTES
TAKES_mutants := SHARE ONLY
TAKES_aws := STACK PARAMETERS
GIVEN := $(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(name)))
refuse = $(if $(filter-out $(ANYWHERE) $(TAKES_$(1)),$(GIVEN)),$(error make $(1) does not know \
	  $(filter-out $(ANYWHERE) $(TAKES_$(1)),$(GIVEN)): it takes $(or $(TAKES_$(1)),no variables)))
$(foreach goal,$(or $(MAKECMDGOALS),help),$(call refuse,$(goal)))
switch = $(if $(filter 1 true yes,$($(1))),--$(2),$(if $(filter-out 0 false no,$($(1))),$(error $(1) is 1 or 0, not $($(1)))))

# $(call patiently,words,command): the words, and a dot every two seconds until the command is over
patiently = printf '%s ' '$(1)'; while sleep 2 && kill -0 $$$$ 2>/dev/null; do printf .; done & dots=$$!; \
	  $(2); code=$$?; kill $$dots 2>/dev/null; echo; exit $$code

# $(call build,directory,name): the image of a directory's Dockerfile; the build's words are shown when it fails
build = docker build --quiet --file $(1)/Dockerfile --tag $(REGISTRY)/$(2):$(VERSION) \
	  --label org.opencontainers.image.title=movalytics-$(2) --label org.opencontainers.image.version=$(VERSION) \
	  --label org.opencontainers.image.licenses=Apache-2.0 . >/dev/null \
	  && docker image inspect --format "$(REGISTRY)/$(2):$(VERSION) {{.Size}} bytes" $(REGISTRY)/$(2):$(VERSION)

##@ Use
run: .venv/installed ## Bring the data into the local warehouse: SOURCE=<directory, zip or kaggle> ALLOW=… FORCE=1 DEBUG=1
	@$(MOVALYTICS) run $(if $(SOURCE),--source="$$SOURCE") $(if $(ALLOW),--allow="$$ALLOW") $(if $(PORT),--port="$$PORT") \
	  $(call switch,FORCE,force) $(call switch,DEBUG,debug)

query: .venv/installed ## Print CSV from the local warehouse: SQL="select …"
	@$(MOVALYTICS) query --sql="$$SQL"

report: .venv/installed ## Open the page of the last run
	@$(MOVALYTICS) report

dictionary: .venv/installed ## Write what every table, mart and answer is, as a page and JSON
	@$(MOVALYTICS) dictionary

serve: .venv/installed ## Keep the local warehouse up for other clients: PORT=5439
	@$(MOVALYTICS) serve $(if $(PORT),--port="$$PORT")

clean: ## Forget the local lake and warehouse
	rm -rf .movalytics

##@ Develop
install: .venv/installed ## Install every component and the tools into .venv, and the git hooks
	@[ ! -e .git ] || $(BIN)/pre-commit install >/dev/null || echo "the git hooks were not installed (pre-commit says why above); everything else is" >&2

check: .venv/installed ## The quick checks: format, lint, types, imports, SQL, unit and contract tests
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy $(PACKAGES:%=-p %) -m deploy
	$(BIN)/cfn-lint manifests/aws/*.yaml
	$(BIN)/lint-imports
	@for component in $(COMPONENTS); do (cd $$component && PATH="$(CURDIR)/$(BIN):$$PATH" deptry . ) || exit 1; done
	$(BIN)/sqlfluff lint --processes 2 sql
	$(PYTEST) $(QUICK)

test: .venv/installed ## What make check does not try and needs no cluster, but for what make test-slow adds
	$(PYTEST) -m "not slow" $(LONGER)

test-slow: .venv/installed ## More instances of faults of which make test tries one
	$(PYTEST) -m slow

format: .venv/installed ## Format the code and the SQL, mend what can be mended
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/sqlfluff fix sql

promtool: .venv/installed ## Prometheus and its tool, which try alerts and dashboard, from Debian's package unless they are here
	@{ [ -x $(BIN)/promtool ] && [ -x $(BIN)/prometheus ]; } || { command -v promtool && command -v prometheus; } >/dev/null || { \
	  command -v apt-get >/dev/null || { echo "there is neither Prometheus nor apt-get: install Prometheus" >&2; exit 66; }; \
	  cd .venv && { $(DOWNLOAD) prometheus 2>/dev/null || { apt-get -qq update && $(DOWNLOAD) prometheus; }; } \
	  && dpkg-deb --fsys-tarfile prometheus_*.deb | tar --extract --directory=bin --strip-components=3 ./usr/bin/promtool ./usr/bin/prometheus \
	  && rm prometheus_*.deb; }

e2e: MARKED := not slow ## The pipeline on a real cluster: KUBECONFIG, LOAD_IMAGE="kind load docker-image"
e2e-slow: MARKED := slow ## The same cluster while services are away for minutes
e2e e2e-slow: .venv/installed promtool images load
	REGISTRY="$(REGISTRY)" VERSION="$(VERSION)" LOAD_IMAGE="$(LOAD_IMAGE)" $(BIN)/pytest -v --durations=0 --durations-min=5 \
	  -m "$(MARKED)" tests/cluster

damages: .venv/installed ## Damage the sources at random, and see that it is told or harmless: DAMAGES=300
	$(BIN)/pytest -q tests/damage

hostile: .venv/installed ## Try every parser on hostile data for so long: MINUTES=10
	MINUTES="$(or $(MINUTES),10)" $(BIN)/pytest -q --timeout=0 --numprocesses=2 --dist=worksteal tests/hostile

faults: .venv/installed ## Strike every step with faults, and print what came of each
	$(PYTEST) tests/faults/test_runner.py tests/faults/test_series.py tests/faults/test_faults.py

mutants: .venv/installed ## Small faults in the modules on which all rests, and how many of them the tests notice: SHARE=1 ONLY=publish
	$(BIN)/python -m tests.mutation.mutants $(if $(SHARE),--share="$$SHARE") $(if $(ONLY),--only="$$ONLY")

clients: .venv/installed ## Try the published clients on the stand-in, and write its README's table of them
	$(BIN)/python -m tests.clients.run

bench: .venv/installed ## 26 million generated ratings, beside the least that is possible: ROWS=26024289 ROUNDS=3
	$(BIN)/python -m tests.benchmark.bench $(if $(ROWS),--rows="$$ROWS") $(if $(ROUNDS),--rounds="$$ROUNDS")

scaling: .venv/installed ## How time and memory grow with the ratings, once, three and ten times as many: ROWS=2602429
	$(BIN)/python -m tests.benchmark.scaling $(if $(ROWS),--rows="$$ROWS")

readers: .venv/installed ## A hundred analysts at once, alone and while a run publishes: ROWS=1000000
	$(BIN)/python -m tests.benchmark.readers $(if $(ROWS),--rows="$$ROWS")

##@ Ship
render: .venv/installed ## Write manifests/ from workflows/
	@$(MOVALYTICS) render

images: ## Build the images: REGISTRY=movalytics VERSION=<from git>
	@for image in $(PRODUCTION) redshift_local; do $(call build,images/$$image,$$image) || exit 1; done
	@$(call build,tests/cluster/stand_ins,stand_ins)

cluster: ## A kind cluster named movalytics with Argo Workflows and the Spark Operator
	kind get clusters | grep -qx movalytics || kind create cluster --name movalytics --image kindest/node:v1.33.4
	helm upgrade --install argo-workflows argo-workflows --repo https://argoproj.github.io/argo-helm --version 1.0.18 \
	  --namespace argo --create-namespace --values helm/argo-workflows-values.yaml --wait
	helm upgrade --install spark-operator spark-operator --repo https://kubeflow.github.io/spark-operator --version 2.5.2 \
	  --namespace spark-operator --create-namespace --values helm/spark-operator-values.yaml \
	  --set 'spark.jobNamespaces[0]=' --wait

aws: .venv/installed ## Make or change what AWS is to have, print the chart's values: STACK=movalytics PARAMETERS="VpcId=… …"
	@$(BIN)/python manifests/aws/deploy.py $(if $(STACK),--stack="$$STACK") $$PARAMETERS

push: ## Push the images: REGISTRY=<yours> VERSION=<from git>
	@for image in $(PRODUCTION); do docker push --quiet $(REGISTRY)/$$image:$(VERSION) || exit 1; done

load: ## Hand the images to a test cluster's node: LOAD_IMAGE="kind load docker-image"
	@for image in $(IMAGES); do $(LOAD_IMAGE) $(REGISTRY)/$$image:$(VERSION) || exit 1; done

sbom: .venv/installed ## Write what each component and image is made of to sbom/, in CycloneDX
	@rm -rf sbom && mkdir sbom
	@for component in $(COMPONENTS); do name=$$(basename $$component); PYTHONWARNINGS=ignore \
	  $(BIN)/cyclonedx-py requirements --output-reproducible --output-format JSON --output-file sbom/$$name.json \
	    --pyproject $$component/pyproject.toml \
	    $$component/requirements.lock || exit 1; done
	@$(BIN)/python images/spark/jars_bom.py sbom/spark_apps.json
	@ls sbom/*.json

audit: .venv/installed ## Compare the locked versions with the published advisories
	@for lock in $(LOCKS); do echo $$lock; \
	  $(BIN)/pip-audit --require-hashes --disable-pip --requirement $$lock || failed=1; done; exit $${failed:-0}

audit-images: ## Look for files in the built images that are setuid, setgid or writable by all
	@for image in $(IMAGES); do \
	  found=$$(docker run --rm --user 0 --network none --entrypoint find $(REGISTRY)/$$image:$(VERSION) / -xdev -not -type l \
	    \( -type f -perm /6000 -o -perm -0002 -not -perm -1000 -not -type c \)) || exit 1; \
	  [ -z "$$found" ] || { echo "$(REGISTRY)/$$image:$(VERSION) holds:"; echo "$$found"; failed=1; }; done; exit $${failed:-0}

lock: .venv/installed ## Compile constraints.txt and every requirements.lock anew
	@for component in $(COMPONENTS); do sed -n '/^dependencies = \[/,/^\]/p; /^lake = /p' $$component/pyproject.toml; done \
	  | grep -o '"[^"]*"' | tr -d '"' | grep -v '^movalytics-' | sort -u > .venv/all.in
	$(COMPILE) $(UPGRADE) .venv/all.in requirements-dev.in --output-file constraints.txt
	@for component in $(COMPONENTS); do \
	  $(COMPILE) --generate-hashes --constraint constraints.txt --all-extras --no-emit-package movalytics-common \
	    --no-emit-package movalytics-warehouse \
	    $$component/pyproject.toml --output-file $$component/requirements.lock || exit 1; done
	$(COMPILE) --generate-hashes --constraint constraints.txt requirements-dev.in --output-file requirements-dev.lock

help: ## Show these targets
	@awk 'BEGIN {FS = ":.*## "} /^##@ / {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {sub(/:.*/, "", $$1); printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/installed: $(LOCKS) $(COMPONENTS:%=%/pyproject.toml) requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
	  echo "Python 3.11, 3.12 or 3.13 is needed and $(PYTHON) is another: say which with make install PYTHON=python3.11" >&2; exit 78; }
	@[ -x $(BIN)/python ] || { echo ".venv: made with $$($(PYTHON) -V)"; $(PYTHON) -m venv .venv; }
	@$(call patiently,.venv: uv,$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes --requirement requirements-uv.lock)
	@$(call patiently,.venv: the locked packages (1.3 GB on disk; from a cache in a minute),$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes $(LOCKS:%=--requirement %))
	@$(call patiently,.venv: the components of this project,$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps $(COMPONENTS:%=--editable %))
	@echo ".venv: ready; next: make run"
	@touch $@

.PHONY: run query report dictionary serve clean install check test test-slow promtool e2e e2e-slow damages hostile faults mutants clients format bench readers scaling render images push load cluster aws sbom audit audit-images lock help
