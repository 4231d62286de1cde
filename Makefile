# Veralake. `make demo` shows it, `make test` proves it; `make help` lists the rest.
SHELL := /bin/bash
MVN ?= mvn -B -q
JAR := spark-jobs/target/veralake.jar
SOURCES := $(shell find pom.xml */pom.xml conf */src/main -type f 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help build demo demo-stop test check nightly bench converge up down clean journey

help: ## What there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

build: $(JAR) ## The runnable jar, without tests

$(JAR): $(SOURCES)
	@echo "Building (the first time Maven fetches Spark, a few minutes) …"
	@$(MVN) package -Dfast -DskipTests
	@touch $(JAR)
	@bin/class-archive

demo: build ## Three days of a simulated store, three nights, its wrong numbers put right (STORE=minio: on MinIO)
	@demo/demo run $(if $(STORE),--store $(STORE))

demo-stop: ## End what the demo started
	@demo/demo stop

test: ## Everything: checks, unit tests, tests with real servers
	@./test

journey: ## Writes what a test store's order 4711 looks like in each stage into docs/journey.md; look at the diff
	$(MVN) verify -Dfast -Dveralake.journey.write=true -Dit.test=OneRowJourneyIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
	@git diff --stat docs/journey.md

check: ## Format, bugs, nulls, layers, sizes, dependencies; no tests
	$(MVN) verify -DskipTests

nightly: build ## One night as configured: make nightly ARGS="--as-of 2026-03-02 --env production"
	@bin/veralake nightly $(ARGS)

bench: build ## Whole nights at growing sizes, and the usual ways beside ours
	@bench/night $(ARGS)
	@bench/peers
	@bench/land
	@bench/vault
	@bench/pit
	@bench/reconcile
	@bench/publish

converge: build ## 50,000 random histories in any order, and what the vault makes of them: make converge ARGS="200000"
	@bench/converge $(ARGS)

up: ## The full stack in Docker
	docker compose up --detach --wait

down: ## End the full stack
	docker compose down

clean: ## Remove what was built
	$(MVN) clean
