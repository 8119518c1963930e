# Two commands: `make demo` and `make test`. Each installs what is missing on Debian 12 (with sudo
# where needed), builds, and runs. Everything else is thin over meson, for those who develop assay.

BUILD ?= build

.PHONY: demo test build deps bench bench-smoke lint sanitize fuzz fuzz-smoke oracles \
	coverage clean

demo: build
	@examples/demo.sh $(BUILD)

test: build
	@meson test -C $(BUILD) --print-errorlogs

build: deps
	@test -f $(BUILD)/build.ninja || meson setup $(BUILD) >/dev/null
	@ninja -C $(BUILD) --quiet

deps:
	@tools/install-deps
	@tools/fetch-engine

bench: build
	@bench/run.sh $(BUILD) full

bench-smoke: build
	@bench/run.sh $(BUILD) smoke

lint: deps
	@tools/install-deps lint
	@tools/lint

# The whole suite under sanitizers but for simulations; SANITIZED=sanitized_in_ci: the part of CI.
# Few frames are kept of each allocation, since the engine makes very many: raise
# malloc_context_size to see where something was lost.
SANITIZED ?= unit cli
sanitize: deps
	@tools/install-deps lint
	@test -f build-sanitize/build.ninja || \
	    meson setup build-sanitize -Db_sanitize=address,undefined -Db_lundef=false \
	    -Dbuildtype=debug -Doptimization=1 >/dev/null
	@ninja -C build-sanitize --quiet
	@ASAN_OPTIONS=malloc_context_size=2:quarantine_size_mb=16 \
	    meson test -C build-sanitize --print-errorlogs $(SANITIZED:%=--suite %) \
	    --no-suite simulation --timeout-multiplier 5

# FUZZ_SECONDS for each target; without it all together take an hour.
fuzz: deps
	@tools/install-deps lint
	@tests/fuzz/run.sh $(FUZZ_SECONDS)

fuzz-smoke: deps
	@tools/install-deps lint
	@tests/fuzz/run.sh 5

# Adds runs to the table of docs/methods/coverage.md; the longer, the surer.
coverage: build
	@tests/coverage/run.py $(BUILD)/tests/coverage/coverage_cell docs/methods \
	    --minutes $(or $(COVERAGE_MINUTES),40)

oracles:
	@tests/oracle/run.sh

clean:
	rm -rf $(BUILD) build-sanitize build-fuzz
