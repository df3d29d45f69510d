# Countersign: see README.md. `make run` and `make test` do everything, set-up
# included; `make help` lists the rest.

SHELL := /bin/sh
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:

HOST_ARCH := $(patsubst aarch64,arm64,$(shell uname -m))
ARCH ?= $(HOST_ARCH)
PYTHON ?= python3

# `make V=1` shows whole commands.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-3s %s\n' '$(1)' '$(2)')

.DEFAULT_GOAL := all

# ---- What is built of what ---------------------------------------------------

# The floors of docs/design.md, from the top down; tools/includes.py says which knows which.
FLOORS := doctor function http s3 runtime text
SOURCES_text := $(wildcard text/*.c)
SOURCES_runtime := $(wildcard runtime/*.c runtime/cpp/*.c)
SOURCES_http := $(wildcard http/*.c)
SOURCES_s3 := $(wildcard s3/*.c)
SOURCES_function := $(wildcard function/*.c function/*/*.c)
SOURCES_doctor := $(filter-out doctor/main.c,$(wildcard doctor/*.c doctor/*/*.c))
BOOTSTRAP_SOURCES := $(wildcard bootstrap/*.c)
# A floor's unit tests are linked with what it may need, and nothing else.
NEEDS_text := text
NEEDS_runtime := runtime text
NEEDS_http := http text
NEEDS_s3 := s3 text
NEEDS_function := function http s3 text
NEEDS_doctor := doctor $(NEEDS_function)
LIBRARIES_OF_text :=
LIBRARIES_OF_runtime := -lcurl -lmbedtls
LIBRARIES_OF_http := -lcjson
LIBRARIES_OF_s3 := -lmbedtls -lexpat
LIBRARIES_OF_function = $(LIBRARIES)
LIBRARIES_OF_doctor = $(LIBRARIES)
UNIT_TESTS := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*/test_*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
ZIPS := build/countersign-x86_64.zip build/countersign-arm64.zip
# In examples/apps.
APPS := express fastapi go
# Each file of tests/programs and tests/conformance is a program that the tests run.
TEST_PROGRAMS := $(patsubst %.c,%,$(notdir $(wildcard tests/programs/*.c tests/conformance/*.c)))
# And each of tests/libraries, in C++.
LIBRARY_PROGRAMS := $(patsubst tests/libraries/%.cpp,build/sanitize/libraries/%,$(wildcard tests/libraries/*.cpp))
C_FILES := $(wildcard $(foreach folder,text runtime http s3 function function/* bootstrap doctor doctor/* \
  tests/unit tests/unit/* tests/fuzz tests/programs tests/programs/* tests/conformance bench,$(folder)/*.[ch]) \
  runtime/cpp/*.c runtime/cpp/include/countersign/*.h tools/*.c tests/tools/*.c)
# Formatted here, and compiled by tests: as those who install the runtime do, or to be preloaded.
ONLY_FORMATTED := $(wildcard examples/*/main.* tests/cpp/programs/*.cpp tests/libraries/*.cpp \
  tests/conformance/preload/*.c) \
  $(shell find runtime/cpp/include/aws runtime/cpp/include/countersign/cpp -name '*.h')

# ---- Compilers ---------------------------------------------------------------

# `make test` makes errors of them; a build elsewhere shall not fail by what a newer compiler warns of.
WERROR :=
WARNINGS := $(WERROR) -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow \
  -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wformat=2 -Wimplicit-fallthrough \
  -Wpointer-arith -Wwrite-strings -Wcast-qual
CXX_WARNINGS := $(filter-out -Wstrict-prototypes,$(WARNINGS))
# No path of this machine in what is built.
LANGUAGE := -std=c17 -D_GNU_SOURCE -I. "-ffile-prefix-map=$(CURDIR)=."
# Frame pointers in the place of unwind tables: a crash report walks along them, a debugger has
# .debug_frame.
SMALL := -g -ffunction-sections -fdata-sections -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer \
  -fno-asynchronous-unwind-tables -fno-unwind-tables
# The first three say how zig makes its musl (LINK of tools/pins/zig.py).
SMALL_LINK := -O2 -fno-unwind-tables -fno-asynchronous-unwind-tables -Wl,--gc-sections -Wl,-z,max-page-size=4096 \
  -Wl,-T,tools/start.ld

# What is deployed is made by zig's clang, linker and musl (tools/pins/zig.py), with the smallest code, but for where most of
# a URL's time goes: 1 kB more for a tenth of it. Of other files -O2 makes nothing faster (`make bench`).
SIZE_x86_64 := -Os -Xclang -Oz
SIZE_arm64 := $(SIZE_x86_64) -mno-outline
SPEED := -O2
FAST := runtime/http_head text/buffer text/header_value text/percent text/slice s3/presign
$(foreach target,x86_64 arm64,$(eval $(FAST:%=build/$(target)/obj/%.o): SIZE_$(target) := $(SPEED)))
CC_x86_64 := build/deps/x86_64/bin/cc
CC_arm64 := build/deps/arm64/bin/cc
CC_sanitize := clang
CC_thread := clang
AR_x86_64 := build/deps/x86_64/bin/ar
AR_arm64 := build/deps/arm64/bin/ar
AR_sanitize := ar
AR_thread := ar
CFLAGS_x86_64 = $(SIZE_x86_64) $(SMALL)
CFLAGS_arm64 = $(SIZE_arm64) $(SMALL)
CFLAGS_sanitize := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
  -fno-sanitize-recover=all
# What the compiler makes for a processor without SSE2 and NEON.
build/sanitize/obj/text/json.o: CFLAGS_sanitize += -mgeneral-regs-only
CFLAGS_thread := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
LDFLAGS_x86_64 := $(SMALL_LINK)
LDFLAGS_arm64 := $(SMALL_LINK)
LAYOUT_x86_64 := tools/start.ld
LAYOUT_arm64 := tools/start.ld
LDFLAGS_sanitize := -fsanitize=address,undefined
LDFLAGS_thread := -fsanitize=thread
LIBRARIES := -lcurl -lcjson -lexpat -lmbedtls

.PHONY: all
all: build/bootstrap

# The executables for this machine's architecture; one that runs can't be written, but replaced.
build/bootstrap build/countersign-doctor: build/%: build/$(HOST_ARCH)/%
	@cp $< $@.new && mv $@.new $@

# Finds out why S3 refused a request, and what a bucket lacks.
.PHONY: doctor
doctor: setup-build
	@$(MAKE) --no-print-directory build/countersign-doctor
	@echo "build/countersign-doctor explain 'THE SIGNED URL' ERROR.xml   why S3 refused it (its answer in the file)"
	@echo 'build/countersign-doctor --help                             all that it does; docs/doctor.md'

# ---- The two commands --------------------------------------------------------

.PHONY: run test setup-%
# The S3 server is built beside the libraries.
run: setup-build
	@$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j4) run-inputs
	@exec build/venv/run/bin/python -m local --bootstrap build/bootstrap \
	  $(if $(STORE),--store-url '$(STORE)',--store build/store)

# A second start has nothing to build, and says nothing of that.
.PHONY: run-inputs
run-inputs: build/bootstrap build/stamps/venv-run $(if $(STORE),,build/stamps/store)
	@:

PYTEST := build/venv/test/bin/python -m pytest -q
# SAM's own environment: it brings a signer that botocore would prefer to its own.
SAM_TESTS := tests/service/test_sam.py $(wildcard tests/service/test_template*.py)
GUIDE_TESTS := tests/docs tests/release/test_deploy.py
SAM_PYTEST := build/venv/sam/bin/python -m pytest -q
UNIT_STEPS := $(foreach target,sanitize $(HOST_ARCH),$(foreach test,$(UNIT_TESTS),\
  '+cmocka:$(test) ($(target)):build/$(target)/unit/$(test)'))
# What is made of other instructions for arm64, there as well: an x86_64 has it in an emulator.
EMULATED_TESTS := $(if $(filter x86_64,$(HOST_ARCH)),text/test_json text/test_percent s3/test_hash)
UNIT_STEPS += $(foreach test,$(EMULATED_TESTS),'+cmocka:$(test) (arm64):qemu-aarch64-static build/arm64/unit/$(test)')
# libFuzzer writes what it finds into the first folder.
FUZZ_SECONDS ?= 10
FUZZ_STEPS = $(foreach name,$(FUZZERS:fuzz_%=%),\
  '+check:fuzz_$(name):mkdir -p build/fuzz/found/$(name) && build/fuzz/fuzz_$(name) -verbosity=0 \
  -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 -artifact_prefix=build/fuzz/ \
  $(patsubst %,-dict=%,$(wildcard tests/fuzz/$(name).dict)) build/fuzz/found/$(name) \
  $(wildcard tests/fuzz/corpus/$(name)) $(if $(filter event,$(name)),events)')

# By another name, so that `make -n test` does not run it: it runs what has $(MAKE) in it.
SELF := $(MAKE) --no-print-directory

test: setup-test
	@$(MAKE) --no-print-directory test-inputs WERROR=-Werror
	@$(PYTHON) tools/test.py $(UNIT_STEPS) \
	  'check:format:$(SELF) format-check' \
	  'check:lint:$(SELF) lint' \
	  'check:includes:$(PYTHON) tools/includes.py' \
	  'check:types:$(SELF) web-check' \
	  '+node:web:build/typescript/node --test tests/web/*.test.mjs' \
	  '+pytest:cpp:$(PYTEST) tests/cpp' \
	  '+pytest:tools:$(PYTEST) tests/tools' \
	  '+pytest:debian:$(PYTEST) tests/debian' \
	  '+pytest:local:$(PYTEST) tests/local' \
	  '+pytest:release:$(PYTEST) tests/release $(GUIDE_TESTS:%=--ignore=%)' \
	  '+pytest:libraries:$(PYTEST) tests/libraries' \
	  '+pytest:apps:$(PYTEST) tests/apps' \
	  '+pytest:bench:$(PYTEST) tests/bench' \
	  '+pytest:examples:$(PYTEST) tests/examples' \
	  'pytest:runtime:$(PYTEST) tests/conformance' \
	  '+pytest:browser:$(PYTEST) tests/browser' \
	  '+pytest:browsers:$(PYTEST) tests/browsers' \
	  '+pytest:docs:$(SAM_PYTEST) $(GUIDE_TESTS)' \
	  '+pytest:sam:$(SAM_PYTEST) $(SAM_TESTS)' \
	  '+pytest:service:$(PYTEST) tests/service $(SAM_TESTS:%=--ignore=%)' \
	  $(FUZZ_STEPS)

setup-%:
	@tools/setup.sh $*

# All that the tests run, built before they start. No goal that calls make itself: two of them would link one file.
.PHONY: test-inputs unit
test-inputs: build/bootstrap build/countersign-doctor $(ZIPS) unit fuzzers \
  build/sanitize/bootstrap build/sanitize/countersign-doctor \
  $(foreach target,sanitize $(HOST_ARCH),$(TEST_PROGRAMS:%=build/$(target)/%)) \
  build/arm64/presign build/arm64/presign_plain \
  build/thread/echo $(LIBRARY_PROGRAMS) \
  build/native/installed/libcountersign-runtime.a \
  build/stamps/venv-test build/stamps/venv-sam build/stamps/venv-run build/stamps/store build/stamps/rie \
  build/stamps/store-minio build/stamps/clients build/stamps/esbuild build/stamps/typescript build/stamps/cdk build/stamps/terraform $(APPS:%=build/stamps/app-%) build/stamps/app-login-provider
unit: $(foreach target,sanitize $(HOST_ARCH),$(UNIT_TESTS:%=build/$(target)/unit/%)) $(EMULATED_TESTS:%=build/arm64/unit/%)

# ---- Dependencies ------------------------------------------------------------
# The cache that they are built into is shared by all clones; the stamps say what
# this clone has links to.

TOOLS := deps.lock tools/deps.py tools/curl_config.h $(wildcard tools/mbedtls_* tools/pins/*.py)

build/stamps/libs-%: $(TOOLS)
	@$(PYTHON) tools/deps.py libs --target $* --link build/deps/$*
	@mkdir -p $(@D) && touch $@

build/stamps/venv-%: $(TOOLS)
	@$(PYTHON) tools/deps.py venv --group $* --link build/venv/$*
	@mkdir -p $(@D) && touch $@

build/stamps/store: $(TOOLS)
	@$(PYTHON) tools/deps.py store --link build/store
	@mkdir -p $(@D) && touch $@

# Another that some tests need: build/store-minio.
build/stamps/store-%: $(TOOLS)
	@$(PYTHON) tools/deps.py store --name $* --link build/store-$*
	@mkdir -p $(@D) && touch $@

# The content types by extension, which http/file_type.c has in it.
build/stamps/types: $(TOOLS)
	@$(PYTHON) tools/deps.py types --link build/types
	@mkdir -p $(@D) && touch $@

# The upload clients that the browser tests run.
build/stamps/clients: $(TOOLS)
	@$(PYTHON) tools/deps.py clients --link build/clients
	@mkdir -p $(@D) && touch $@

# cdk runs the app that docs/cdk.md has, on the package that packaging/cdk/make.py makes; TypeScript and publint are
# for the npm package.
build/stamps/cdk build/stamps/typescript build/stamps/publint build/stamps/attw: build/stamps/%: $(TOOLS)
	@$(PYTHON) tools/deps.py $* --link build/$*
	@mkdir -p $(@D) && touch $@

# Plans what packaging/terraform makes, with providers that the tests have in the place of AWS's.
build/stamps/terraform: $(TOOLS) $(wildcard tests/docs/provider/*)
	@$(PYTHON) tools/deps.py terraform --link build/terraform
	@mkdir -p $(@D) && touch $@

# The example apps: their packages, and what is built of them.
build/stamps/app-%: $(TOOLS) $(wildcard $(foreach end,.json .txt .mod .sum .go,examples/apps/*/*$(end) tests/browser/login/*$(end)))
	@$(PYTHON) tools/deps.py app --name $* --link build/apps/$*
	@mkdir -p $(@D) && touch $@

build/stamps/rie: $(TOOLS) build/stamps/venv-sam
	@$(PYTHON) tools/deps.py rie --link build/rie
	@mkdir -p $(@D) && touch $@

.PRECIOUS: build/stamps/libs-% build/stamps/venv-% build/stamps/store-% build/stamps/app-%

include web/web.mk

# ---- A target: x86_64, arm64, sanitize or thread -----------------------------

# $(1) the target, $(2) the libraries that are not ours: links what the rule's prerequisites are
link = $(CC_$(1)) $(LDFLAGS_$(1)) -o $@ $(filter %.o,$^) -Lbuild/deps/$(1)/lib \
  -Wl,--start-group $(filter %.a,$^) $(2) -Wl,--end-group

# Handed out is what was linked, without its debug information and with the same addresses; the .debug has all of it.
link_stripped = $(call link,$(1),$(LIBRARIES))$(if $(filter sanitize thread,$(1)),, && mv $@ $@.debug && $(call stripped,$@.debug,$@))
stripped = $(PYTHON) tools/strip.py $(1) $(2)

# $(1) the target
define target_rules
build/$(1)/obj/%.o: %.c Makefile build/stamps/libs-$(1)
	@mkdir -p $$(@D)
	$$(call say,CC,$$@)
	$$(Q)$$(CC_$(1)) $$(LANGUAGE) $$(WARNINGS) $$(CFLAGS_$(1)) -isystem build/deps/$(1)/include \
	  -MMD -MP -c -o $$@ $$<

build/$(1)/obj/function/routes/page.o: $(WEB_COMPRESSED)
build/$(1)/obj/http/file_type.o: build/stamps/types

LIBRARIES_$(1) := $$(patsubst %,build/$(1)/libcountersign-%.a,$$(filter-out doctor,$$(FLOORS)))

build/$(1)/bootstrap: $$(BOOTSTRAP_SOURCES:%.c=build/$(1)/obj/%.o) $$(LIBRARIES_$(1)) tools/strip.py $$(LAYOUT_$(1))
	$$(call say,LD,$$@)
	$$(Q)$$(call link_stripped,$(1))

build/$(1)/countersign-doctor: build/$(1)/obj/doctor/main.o build/$(1)/libcountersign-doctor.a \
  $$(LIBRARIES_$(1)) tools/strip.py $$(LAYOUT_$(1))
	$$(call say,LD,$$@)
	$$(Q)$$(call link_stripped,$(1))

build/$(1)/%: build/$(1)/obj/tests/programs/%.o $$(LIBRARIES_$(1)) $$(LAYOUT_$(1))
	$$(call say,LD,$$@)
	$$(Q)$$(call link,$(1),$$(LIBRARIES))

build/$(1)/%: build/$(1)/obj/tests/conformance/%.o $$(LIBRARIES_$(1)) $$(LAYOUT_$(1))
	$$(call say,LD,$$@)
	$$(Q)$$(call link,$(1),$$(LIBRARIES))

-include $$(wildcard $$(DEPTHS:%=build/$(1)/obj/%/*.d))
$$(foreach floor,$$(FLOORS),$$(eval $$(call floor_rules,$(1),$$(floor))))
endef

# How deep a folder of sources can be.
DEPTHS := * */* */*/*

# $(1) the target, $(2) the floor: its library, and its unit tests
define floor_rules
build/$(1)/libcountersign-$(2).a: $$(SOURCES_$(2):%.c=build/$(1)/obj/%.o)
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && $$(AR_$(1)) rcsD $$@ $$^

build/$(1)/unit/$(2)/%: build/$(1)/obj/tests/unit/$(2)/%.o $$(NEEDS_$(2):%=build/$(1)/libcountersign-%.a)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$$(call link,$(1),$$(LIBRARIES_OF_$(2))) -lcmocka
endef

# Each with one library and what that knows, and nothing else; s3/ wants expat for S3's XML alone,
# which signing has none of.
define library_program_rule
build/sanitize/libraries/$(1): tests/libraries/$(1).cpp $(NEEDS_$(1):%=build/sanitize/libcountersign-%.a)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)clang++ -std=c++11 $$(CXX_WARNINGS) -I. -isystem build/deps/sanitize/include $$(CFLAGS_sanitize) -o $$@ $$^ \
	  -Lbuild/deps/sanitize/lib $(filter-out -lexpat,$(LIBRARIES_OF_$(1)))
endef
$(foreach program,$(LIBRARY_PROGRAMS),$(eval $(call library_program_rule,$(notdir $(program)))))

.PRECIOUS: build/x86_64/obj/%.o build/arm64/obj/%.o build/sanitize/obj/%.o build/thread/obj/%.o
$(foreach target,x86_64 arm64 sanitize thread,$(eval $(call target_rules,$(target))))

build/arm64/presign_plain: $(addprefix build/arm64/obj/tests/programs/,presign.o arm64/plain_processor.o) $(LIBRARIES_arm64)
	$(call say,LD,$@)
	$(Q)$(call link,arm64,$(LIBRARIES))

# What a start touches, listed anew in tools/start.ld: after changes of what a start does. Needs valgrind.
.PHONY: start-order
start-order: $(foreach program,bootstrap/main bench/echo,build/x86_64/obj/$(program).o) $(LIBRARIES_x86_64)
	@$(PYTHON) tools/start_order.py events/http-api-v2-get-signed-url.json tools/start.ld build/deps/x86_64/bin/ld \
	  $(foreach program,bootstrap/main bench/echo,"$$(ZIG_VERBOSE_LINK=1 $(CC_x86_64) $(LDFLAGS_x86_64) -o build/x86_64/start \
	  build/x86_64/obj/$(program).o -Lbuild/deps/x86_64/lib -Wl,--start-group $(filter %.a,$^) $(LIBRARIES) -Wl,--end-group 2>&1)")

# ---- Fuzzers -----------------------------------------------------------------

FUZZ_SOURCES := $(foreach floor,$(FLOORS),$(SOURCES_$(floor)))
FUZZ_FLAGS := $(LANGUAGE) $(WARNINGS) $(CFLAGS_sanitize) -fsanitize=fuzzer-no-link \
  -isystem build/deps/sanitize/include

.PHONY: fuzzers fuzz
fuzzers: $(FUZZERS:%=build/fuzz/%)
fuzz: fuzzers
	@$(PYTHON) tools/test.py $(FUZZ_STEPS)

build/fuzz/obj/%.o: %.c Makefile build/stamps/libs-sanitize
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)clang $(FUZZ_FLAGS) -MMD -MP -c -o $@ $<

build/fuzz/obj/function/routes/page.o: $(WEB_COMPRESSED)
build/fuzz/obj/http/file_type.o: build/stamps/types

build/fuzz/%: build/fuzz/obj/tests/fuzz/%.o $(FUZZ_SOURCES:%.c=build/fuzz/obj/%.o)
	$(call say,LD,$@)
	$(Q)clang $(LDFLAGS_sanitize) -fsanitize=fuzzer -o $@ $^ -Lbuild/deps/sanitize/lib $(LIBRARIES)

.PRECIOUS: build/fuzz/obj/%.o
-include $(wildcard $(DEPTHS:%=build/fuzz/obj/%/*.d))

# ---- What is deployed --------------------------------------------------------

.PHONY: package build-UploadFunction
package: setup-build
	@$(MAKE) --no-print-directory $(ZIPS)

build/countersign-%.zip: build/%/bootstrap tools/package.py build/stamps/venv-package
	$(call say,ZIP,$@)
	$(Q)build/venv/package/bin/python tools/package.py $< $@

# `sam build` comes here by packaging/sam/ARCH/Makefile.
build-UploadFunction: setup-build
	$(if $(ARTIFACTS_DIR),,$(error this target is for `sam build`, which sets ARTIFACTS_DIR))
	@$(MAKE) --no-print-directory build/$(ARCH)/bootstrap
	mkdir -p "$(ARTIFACTS_DIR)" && cp build/$(ARCH)/bootstrap "$(ARTIFACTS_DIR)/bootstrap"

include packaging/install.mk

# ---- Checks ------------------------------------------------------------------

LINT_FLAGS := $(LANGUAGE) -DCURL_DISABLE_TYPECHECK \
  -isystem build/deps/sanitize/include

.PHONY: format format-check lint clean help
format:
	clang-format -i $(C_FILES) $(ONLY_FORMATTED)
format-check:
	@clang-format --dry-run --Werror $(C_FILES) $(ONLY_FORMATTED)
lint: build/stamps/libs-sanitize
	@mkdir -p build
	@printf '%s\n' $(filter %.c,$(C_FILES)) | xargs -P $(shell nproc) -n 4 sh -c \
	  'clang-tidy --quiet "$$@" -- $(LINT_FLAGS) 2>&1 || exit 255' lint >build/lint.log || \
	  { grep -v 'warnings generated' build/lint.log; exit 1; }

clean:
	rm -rf build .aws-sam

include bench/bench.mk
$(BENCH_PROGRAMS): $(LAYOUT_$(HOST_ARCH))
include packaging/npm/npm.mk
include examples/web/web.mk
include packaging/cdk/cdk.mk
include packaging/release/release.mk
include tests/fresh/fresh.mk
include packaging/debian/deb.mk

help:
	@echo 'make run      the service on this machine, with a real S3 server: see the URL it prints;'
	@echo '              STORE=URL: with an S3-compatible server of yours (docs/run.md)'
	@echo 'make test     all tests; the last line counts them'
	@echo 'make test-fresh   the guides, in Debians made new by debootstrap (minutes each; needs root)'
	@echo 'make          build/bootstrap for this machine'
	@echo 'make doctor   build/countersign-doctor: why S3 refused a request, what a bucket lacks'
	@echo 'make install  the runtime as a library into PREFIX=$(PREFIX): see docs/runtime.md'
	@echo 'make package  build/countersign-x86_64.zip and build/countersign-arm64.zip'
	@echo 'make start-order  what a start touches, listed anew in tools/start.ld'
	@echo 'make npm      build/npm/countersign-VERSION.tgz: countersign.js as an npm package'
	@echo 'make cdk      build/npm/countersign-cdk-*.tgz: a construct for the AWS CDK, the function in it'
	@echo 'make deb      Debian packages of the runtime library and the doctor: build/deb'
	@echo 'make release  dist/, with all that a release has: see docs/release.md'
	@echo 'make bench    what the function costs, beside its budgets; PEERS=1: beside other runtimes'
	@echo 'make bench-growth  how that grows; make bench-docs  writes the tables of docs/performance.md of both'
	@echo 'make bench-network  seconds until files are stored over a slow network, beside Uppy (docs/performance.md)'
	@echo 'make fuzz     each fuzzer for FUZZ_SECONDS=$(FUZZ_SECONDS)'
	@echo 'make format   formats the C files;  make lint  checks them'
	@echo 'make clean    removes what was built; the cache of dependencies stays'
