# make help lists the targets.
BIN := $(CURDIR)/bin
KUSTOMIZE := sigs.k8s.io/kustomize/kustomize/v5@v5.8.1
ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
KUBECONFORM := github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
CONFTEST := github.com/open-policy-agent/conftest@v0.71.1
KUBELINTER := golang.stackrox.io/kube-linter/cmd/kube-linter@v0.8.3
FUZZTIME ?= 60s
# What a program needs C for is done in Go as well, and what is built without it is smaller and runs on any Linux. Tests with the race
# detector need it.
export CGO_ENABLED ?= 0
# Compilers and tests end soon: what they would collect costs more time than memory.
export GOGC ?= 300
GOLDEN := ./blueprints ./policies ./generator/layout ./generator/render ./generator/review ./linter/report ./cmd/gitopsgen

.PHONY: help build install test check deprecated golden record schemas bench compare figures fuzz clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

build: ## build bin/gitopsgen
	go build -trimpath -ldflags='-s -w' -o $(BIN)/gitopsgen ./cmd/gitopsgen

install: ## install gitopsgen where go installs programs
	go install -trimpath -ldflags='-s -w' ./cmd/gitopsgen

# Tests vet all of what they compile: go vet alone would read all modules again.
test: $(BIN)/kustomize $(BIN)/helm $(BIN)/actionlint ## run go vet and all tests, those against the real kustomize, Helm and pre-commit among them
	go build ./... $(firstword $(subst @, ,$(KUBECONFORM))) # TestCompare builds these again: not at the same time, as two builds share nothing
	PATH='$(BIN)':"$$PATH" go test -vet=all -timeout 40m -tags oracle ./...
	go -C schemas/gen test ./...
	go -C linter/admission/verdicts test -vet=all ./...

check: $(BIN)/own-staticcheck ## gofmt, staticcheck, go.mod; make test checks Go by vet, Jsonnet, Rego and generated files
	@test -z "$$(gofmt -l .)" || { echo 'gofmt -w these:'; gofmt -l .; exit 1; }
	$(BIN)/own-staticcheck -tags oracle ./...
	go mod tidy -diff
	go -C schemas/gen vet -tags modules ./...

deprecated: ## the whole of staticcheck, which reads each module that ours import: minutes at first; for a change of go.mod
	go -C .ci/staticcheck build -o $(BIN)/ honnef.co/go/tools/cmd/staticcheck
	$(BIN)/staticcheck -tags oracle ./...

golden: ## write what the program does now as what is expected: read the diff
	go test ./blueprints -run '^TestCatalogue$$' -update # what follows is built with these lists
	go test ./cmd/gitopsgen -run '^TestTrees$$' -update # and this of these trees
	go test $(GOLDEN) -update

record: ## record what the charts of CHARTS render to, a folder of <name>-<version>.tgz or the URL of a repository
	@test -n '$(CHARTS)' || { echo 'make record CHARTS=DIR [MISSING=1], a folder of <name>-<version>.tgz, or CHARTS=URL, a repository that has all charts'; exit 2; }
	go run ./blueprints/recorder $(if $(MISSING),-missing) '$(if $(findstring ://,$(CHARTS)),$(CHARTS),$(abspath $(CHARTS)))' blueprints/records

schemas: ## make the schema bundle anew from the pinned Go modules, and hold its rules against the API server's code
	go -C schemas/gen run .
	go -C schemas/gen test -tags modules -run TestRules .

bench: ## run the benchmarks
	go test -run='^$$' -bench=. -benchmem ./...

compare: build $(addprefix $(BIN)/,kustomize helm kubeconform conftest) ## time gitopsgen beside the gate of others: COMPARE gives flags, such as -charts=DIR
	test -x $(BIN)/kube-linter || GOBIN='$(BIN)' go install $(KUBELINTER) || echo 'compared without kube-linter, which could not be installed'
	go build -o $(BIN)/ ./bench/repositories ./bench/compare
	$(BIN)/compare -bin='$(BIN)' -page=docs/performance.md $(COMPARE)

figures: ## print the sizes of packages, files and functions, and of a generated repository
	@go run ./bench/figures

fuzz: ## fuzz every reader for FUZZTIME each, a minute unless given
	@grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z]+' cmd generator linter | sort | sed -E 's|(.*)/[^/]*:func |\1 |' | while read -r dir target; do \
		echo "$$target of $$dir"; \
		go test -run='^$$' -fuzz="^$$target\$$" -fuzztime='$(FUZZTIME)' "./$$dir" </dev/null || exit 1; \
	done

clean: ## remove what make made
	rm -rf $(BIN)

# The tools that Argo CD 3.4.4 ships: what we render is compared with them.
$(BIN)/kustomize:
	GOBIN='$(BIN)' go install $(KUSTOMIZE)

$(BIN)/helm: .ci/helm/go.mod
	go -C .ci/helm build -o $@ helm.sh/helm/v3/cmd/helm

$(BIN)/kubeconform:
	GOBIN='$(BIN)' go install $(KUBECONFORM)

$(BIN)/conftest:
	GOBIN='$(BIN)' go install $(CONFTEST)

$(BIN)/own-staticcheck: $(wildcard .ci/staticcheck/*)
	go -C .ci/staticcheck build -o $@ .

$(BIN)/actionlint:
	GOBIN='$(BIN)' go install $(ACTIONLINT)
