# Installing the runtime as a library: `make install PREFIX=... DESTDIR=... TARGET=...`.
#
# TARGET is what it is built for: native, which is cc and its own C library, for
# programs in C and C++ (the default); x86_64 or arm64, for C with musl.

PREFIX ?= /usr/local
DESTDIR ?=
# Below PREFIX: Debian has such a folder for each architecture.
LIBDIR ?= lib
TARGET ?= native

# -fPIC, since a program may be position-independent, or a shared library.
CC_native := cc
AR_native := ar
CFLAGS_native := -Os $(SMALL) -fPIC
LDFLAGS_native :=
LD_native := ld
LD_x86_64 := build/deps/x86_64/bin/ld
LD_arm64 := build/deps/arm64/bin/ld
.PRECIOUS: build/native/obj/%.o
$(eval $(call target_rules,native))

# One archive that is all a program links: the runtime, its texts and libcurl as one object that
# shows none but the API's names, so that it goes with any libcurl of the program's.
API_NAMES := lambda_* text_slice_* text_buffer_* text_arena_* countersign_*

build/%/installed/libcountersign-runtime.a: build/%/libcountersign-runtime.a build/%/libcountersign-text.a \
  packaging/install.mk tools/keep_names.py
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(LD_$*) -r -o $(@D)/runtime.o --whole-archive $(filter %.a,$^) --no-whole-archive build/deps/$*/lib/libcurl.a \
	  build/deps/$*/lib/libmbedtls.a
	$(Q)$(PYTHON) tools/keep_names.py $(@D)/runtime.o $(API_NAMES:%='%')
	$(Q)rm -f $@ && $(AR_$*) rcsD $@ $(@D)/runtime.o

.PRECIOUS: build/%/installed/libcountersign-runtime.a

VERSION := $(shell sed -n 's/^\#define COUNTERSIGN_VERSION "\(.*\)"/\1/p' runtime/version.h)
INSTALL := install -D -m 644
INSTALLED := $(DESTDIR)$(PREFIX)
INSTALLED_LIB := $(INSTALLED)/$(LIBDIR)
PREFIX_FROM_LIB := $(shell echo '$(LIBDIR)' | sed 's|[^/][^/]*|..|g')
CPP_HEADERS := $(shell find runtime/cpp/include -name '*.h')
# Below include/countersign, without the folder runtime/.
C_HEADERS := runtime/lambda.h text/slice.h text/buffer.h text/arena.h
CMAKE_PACKAGES := countersign-runtime aws-lambda-runtime

.PHONY: install
install: build/$(TARGET)/installed/libcountersign-runtime.a
	$(call say,IN,$(INSTALLED))
	$(Q)$(INSTALL) $< '$(INSTALLED_LIB)/libcountersign-runtime.a'
	$(Q)for header in $(C_HEADERS); do \
	  $(INSTALL) $$header "$(INSTALLED)/include/countersign/$${header#runtime/}" || exit; done
	$(Q)for header in $(CPP_HEADERS:runtime/cpp/include/%=%); do \
	  $(INSTALL) runtime/cpp/include/$$header "$(INSTALLED)/include/$$header" || exit; done
	$(Q)for package in $(CMAKE_PACKAGES); do for file in packaging/cmake/$$package/*; do \
	  $(INSTALL) $$file "$(INSTALLED_LIB)/$${file#packaging/}" || exit; done; done
	$(Q)$(INSTALL) packaging/cmake/countersign-runtime.pc '$(INSTALLED_LIB)/pkgconfig/countersign-runtime.pc'
	$(Q)sed -i 's|@VERSION@|$(VERSION)|; s|@PREFIX_FROM_LIB@|$(PREFIX_FROM_LIB)|' \
	  '$(INSTALLED_LIB)/pkgconfig/countersign-runtime.pc' \
	  '$(INSTALLED_LIB)'/cmake/countersign-runtime/countersign-runtime-config*.cmake
