# What there is to do here. ARGS="…" is passed on: make run ARGS="--port 9000".
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

NODE_NEEDED := 20.19
INSTALLED := node_modules/.install-stamp
BUILT := dist/.build-stamp
# Folders count too: their time changes when a file goes.
SOURCES := build.mjs $(wildcard build/*.mjs) package.json $(shell find server collector web test/demo-host -not -name '.*' -not -name tsconfig.json)

.PHONY: run demo collect serve test test-long check bench bench-history bench-web bench-live bench-top screenshots torture-collector torture-reader help node
run: $(BUILT) ## Record this host and show it in the browser: the whole system
	@exec node dist/pmi.js up $(ARGS)

demo: $(BUILT) ## Show a made-up host with a leak in it
	@exec node dist/pmi.js demo $(ARGS)

collect: $(BUILT) ## Only record: write dumps of this host
	@exec node dist/pmi.js collect $(ARGS)

serve: $(BUILT) ## Only show: serve a folder of dumps
	@exec node dist/pmi.js serve $(ARGS)

test: $(BUILT) check ## Build, check and run all tests: what CI runs
	@npm run --silent test -- $(ARGS)

test-long: $(BUILT) ## Every test, those that try at random or step by step at full length
	@LONG=1 npx vitest run $(ARGS)

check: $(INSTALLED) ## Format, lint, types and import rules
	@npm run --silent check

bench: $(BUILT) ## Measure the hot paths
	@npm run --silent bench -- $(ARGS)

torture-collector: $(INSTALLED) ## Kill, starve and attack the collector, at full length
	@npm run --silent torture:collector -- $(ARGS)

torture-reader: $(INSTALLED) ## Cut, flip and mutate dumps at full length, and files of any size and kind
	@npm run --silent torture:reader -- $(ARGS)

bench-collector: $(INSTALLED) ## What recording costs beside ps; ARGS=--write puts it into docs
	@npm run --silent bench:collector -- $(ARGS)

bench-history: $(BUILT) ## A month of dumps: taking it in, starting again, answering; ARGS=--write puts it into docs
	@npm run --silent bench:history -- $(ARGS)

bench-web: $(BUILT) ## The pages in a real browser over a month; ARGS=--write puts it into docs
	@npm run --silent bench:web -- $(ARGS)

bench-live: $(BUILT) ## What watching this host costs beside ps; ARGS=--write puts it into docs
	@npm run --silent bench:live -- $(ARGS)

bench-top: $(BUILT) ## What pmi top costs beside top -b; ARGS=--write puts it into docs
	@npm run --silent bench:top -- $(ARGS)

screenshots: $(BUILT) ## Every page, light and dark, wide and narrow, into docs/screenshots; some of a host of its own (root)
	@npm run --silent screenshots -- $(ARGS)

soak-collector: $(INSTALLED) ## 10 000 samples at the highest rate: memory and descriptors
	@npm run --silent soak:collector -- $(ARGS)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Two packages ask for Node 22 but work on 20: with --loglevel=error npm does not repeat that each time.
$(INSTALLED): package.json package-lock.json .npmrc | node
	npm ci --loglevel=error
	@touch $@

$(BUILT): $(INSTALLED) $(SOURCES) | node
	@npm run --silent build
	@touch $@

node:
	@command -v node >/dev/null || { echo "Node.js $(NODE_NEEDED) or newer is needed and there is no node in PATH: https://nodejs.org/en/download" >&2; exit 1; }
	@node -e 'var v = process.versions.node.split("."), n = "$(NODE_NEEDED)".split("."); process.exit(+v[0] > +n[0] || (+v[0] === +n[0] && +v[1] >= +n[1]) ? 0 : 1)' \
	  || { echo "Node.js $(NODE_NEEDED) or newer is needed and this is $$(node --version): https://nodejs.org/en/download" >&2; exit 1; }
