# `make release`: dist/, with all that a release has (docs/release.md). The same bytes from any clone.

RELEASE_ARCHES := x86_64 arm64
RELEASE_PYTHON := build/venv/package/bin/python
# Packages that other parts make, which go into dist/ as they are: packaging/npm/npm.mk and packaging/cdk/cdk.mk.
RELEASE_PACKAGES := $(NPM_PACKAGE) $(CDK_PACKAGE)
# All files in archives are of the commit's time.
RELEASE_SECONDS = $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct))

.PHONY: release dist dist-made dist-runtime-%
release:
	@[ -z "$$COUNTERSIGN_OLDER_PINS" ] || { echo 'COUNTERSIGN_OLDER_PINS is set: a release has no older libraries' >&2; exit 1; }
	@$(MAKE) --no-print-directory dist

# What `make release` makes, also of older libraries: for the tests.
dist: setup-build
	@$(MAKE) --no-print-directory dist-made

test-inputs: dist-made

dist-made: build/stamps/venv-package $(RELEASE_PACKAGES) build/release/sbom.json \
  $(foreach arch,$(RELEASE_ARCHES),build/release/countersign-$(arch).zip build/release/countersign-doctor-$(arch) \
  dist-runtime-$(arch))
	@$(RELEASE_PYTHON) packaging/release/release.py --seconds $(RELEASE_SECONDS) $(RELEASE_PACKAGES)
	@echo 'dist/ has the release'

build/release/sbom.json: $(wildcard packaging/release/*.py) runtime/version.h $(TOOLS) build/stamps/venv-package
	$(call say,BOM,$@)
	$(Q)$(RELEASE_PYTHON) packaging/release/sbom.py $@

# What is deployed, with the bill beside the executable.
build/release/countersign-%.zip: build/%/bootstrap build/release/sbom.json tools/package.py
	$(call say,ZIP,$@)
	$(Q)$(RELEASE_PYTHON) tools/package.py $< $@ sbom.cdx.json=build/release/sbom.json

build/release/countersign-doctor-%: build/%/countersign-doctor
	@mkdir -p $(@D)
	$(Q)cp $< $@

# Anew each time: what is no longer installed shall not stay.
dist-runtime-%: build/%/installed/libcountersign-runtime.a
	@rm -rf build/release/countersign-runtime-$(VERSION)-$*
	@$(MAKE) --no-print-directory install TARGET=$* DESTDIR=build/release PREFIX=/countersign-runtime-$(VERSION)-$*
