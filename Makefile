# Boathouse's house rules as commands. `make help` lists them.
SHELL := /bin/bash
GO ?= go
BIN := bin/boathouse
TEST_TIMEOUT ?= 10m

.DEFAULT_GOAL := build

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: build
build: ## build bin/boathouse
	$(GO) build -trimpath -o $(BIN) ./cmd/boathouse

.PHONY: demo
demo: build ## run the main job on generated weather data and show the answer
	$(BIN) demo

.PHONY: test
test: ## run all tests
	$(GO) test -timeout $(TEST_TIMEOUT) ./...

.PHONY: race
race: ## run the tests of the concurrent packages under the race detector
	$(GO) test -race -timeout 20m ./internal/lib/... ./internal/store/... ./internal/lake/... ./internal/govern/... ./internal/compute/... ./internal/front/...

.PHONY: lint
lint: ## format and vet
	@bad=$$(gofmt -l cmd internal tools blueprints test 2>/dev/null); [ -z "$$bad" ] || { echo "not gofmt-ed:"; echo "$$bad"; exit 1; }
	$(GO) vet ./...

.PHONY: gen
gen: ## write the generated documents
	$(GO) run ./tools/compat
	$(GO) run ./tools/settings

.PHONY: picture
picture: build ## draw docs/demo.svg from the demo's real output
	CLICOLOR_FORCE=1 COLUMNS=100 $(BIN) demo --once | sed 's|/[^ ]*/boathouse-demo-[0-9]*|/tmp/boathouse-demo|' | $(GO) run ./tools/termshot > docs/demo.svg

.PHONY: check
check: lint ## what CI checks beside the tests: format, vet, rules, generated files, go.mod
	$(GO) test ./internal/arch
	$(MAKE) gen
	@git diff --exit-code -- docs || { echo "generated documents were not current: commit what \`make gen\` wrote"; exit 1; }
	$(GO) mod tidy -diff

.PHONY: bench
bench: ## run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: sizes
sizes: ## the longest files and functions
	@echo "longest files:"; git ls-files '*.go' | grep -v _test.go | xargs wc -l | grep -v total | sort -rn | head -12
	@echo "longest functions:"; $(GO) run ./tools/sizes | head -12
