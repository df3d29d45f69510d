# The npm package of the CDK construct, with the function in it.

CDK_SOURCES := $(filter-out %.mk,$(wildcard packaging/cdk/*)) template.yaml runtime/version.h LICENSE

.PHONY: cdk
cdk: setup-build
	@$(MAKE) --no-print-directory build/stamps/cdk-package

build/stamps/cdk-package: $(CDK_SOURCES) $(ZIPS) build/stamps/venv-sam
	$(Q)build/venv/sam/bin/python packaging/cdk/make.py build/npm $(ZIPS)
	@mkdir -p $(@D) && touch $@
