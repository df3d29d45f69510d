# `make bench`: what the function costs, beside its budgets; with PEERS=1 beside
# other runtimes as well, which are then built. `make bench-growth`: how that grows.
# Included by the Makefile.

BENCH := build/$(HOST_ARCH)
BENCH_PROGRAMS := $(addprefix $(BENCH)/bench/,harness raw_socket echo bootstrap-counting presign)

.PHONY: bench bench-growth bench-docs bench-inputs
# SECONDS: at most so long for each kind of row that does not become steady.
bench: setup-build
	@$(MAKE) --no-print-directory bench-inputs
	@$(PYTHON) bench/bench.py --architecture $(HOST_ARCH) $(if $(PEERS),--peers) $(if $(SECONDS),--seconds $(SECONDS))

# How the cost grows, and whether memory does in MINUTES at full rate.
bench-growth: setup-build
	@$(MAKE) --no-print-directory bench-inputs
	@$(PYTHON) bench/growth.py --architecture $(HOST_ARCH) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SECONDS),--seconds $(SECONDS))

# Writes what both have measured into bench/measured.json, docs/performance.md and README.md.
bench-docs:
	@$(PYTHON) bench/bench_docs.py

bench-inputs: $(ZIPS) $(BENCH_PROGRAMS) $(if $(PEERS),build/stamps/libs-native)

# The tests of the bench run them, for as short as it goes.
test-inputs: $(BENCH_PROGRAMS)

# How soon files are stored, beside Uppy: SCENARIO, CLIENTS and ROUNDS choose what of it.
.PHONY: bench-network bench-network-inputs
bench-network: setup-test
	@$(MAKE) --no-print-directory bench-network-inputs
	@SCENARIO='$(SCENARIO)' CLIENTS='$(CLIENTS)' ROUNDS='$(ROUNDS)' build/venv/test/bin/python bench/network/bench_network.py

bench-network-inputs: build/bootstrap build/stamps/venv-test build/stamps/store build/stamps/clients
	@:

# As small as the function itself.
define bench_link
@mkdir -p $(@D)
$(call say,LD,$@)
$(Q)$(call link,$(HOST_ARCH),$(LIBRARIES)) && $(call stripped,$@,$@)
endef

# But for the layout of a function's start, where there is none of it.
COMMA := ,
$(addprefix $(BENCH)/bench/,harness raw_socket presign): LDFLAGS_$(HOST_ARCH) := \
  $(filter-out -Wl$(COMMA)-T$(COMMA)%,$(SMALL_LINK))

$(BENCH)/bench/harness: $(addprefix $(BENCH)/obj/bench/,harness.o program.o api.o) $(LIBRARIES_$(HOST_ARCH))
	$(bench_link)

$(BENCH)/bench/bootstrap-counting: $(BOOTSTRAP_SOURCES:%.c=$(BENCH)/obj/%.o) \
  $(BENCH)/obj/bench/count_heap.o $(LIBRARIES_$(HOST_ARCH))
	$(bench_link)

$(BENCH)/bench/%: $(BENCH)/obj/bench/%.o $(LIBRARIES_$(HOST_ARCH))
	$(bench_link)
