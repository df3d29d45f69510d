# The npm package of the CDK construct, with the function in it.

# Those of a release, with the bill of materials in them.
CDK_ZIPS := build/release/countersign-arm64.zip build/release/countersign-x86_64.zip
CDK_SOURCES := $(filter-out %.mk,$(wildcard packaging/cdk/*)) template.yaml runtime/version.h LICENSE

.PHONY: cdk
cdk: setup-build
	@$(MAKE) --no-print-directory build/stamps/cdk-package

build/stamps/cdk-package: $(CDK_SOURCES) $(CDK_ZIPS) build/stamps/venv-sam
	$(Q)build/venv/sam/bin/python packaging/cdk/make.py build/npm $(CDK_ZIPS)
	@mkdir -p $(@D) && touch $@
