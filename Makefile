# Everything a contributor runs. `make help` lists it.

.DEFAULT_GOAL := help
.PHONY: help run test docs bench bench-sdk bench-jobs crash crash-worker restart format clean

CONFIG ?= debug
KILLS ?= 200
SECONDS_PER_RUN ?= 10
ARGS ?=

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

run: ## Install what is missing, build, and serve (ARGS="--port 9000", CONFIG=release)
	@CONFIG='$(CONFIG)' scripts/run.sh $(ARGS)

test: ## Check the format, build, and run every test
	@scripts/test.sh

docs: ## Build the documentation of the libraries into .build/docs
	@scripts/docs.sh

bench: ## Measure throughput and latency (SECONDS_PER_RUN=10)
	@SECONDS_PER_RUN='$(SECONDS_PER_RUN)' scripts/bench.sh

bench-sdk: ## Measure what the SDK costs beside its HTTP client (MESSAGES=20000)
	@scripts/bench-sdk.sh

bench-jobs: ## Measure what the handler framework adds to a delivery (DELIVERIES=20000)
	@scripts/bench-jobs.sh

crash: ## Kill the server KILLS=200 times and count what was lost (ARGS="--seed 7")
	@scripts/crash.sh --kills '$(KILLS)' $(ARGS)

crash-worker: ## Kill a worker KILLS=200 times amid its handlers (ARGS="--database-url postgres://…")
	@scripts/crash-worker.sh --kills '$(KILLS)' $(ARGS)

restart: ## Measure the restart with 100,000 messages waiting
	@scripts/restart.sh $(ARGS)

format: ## Rewrite the sources in the project's format
	@scripts/format.sh

clean: ## Remove everything that was built
	rm -rf .build
