# The npm package of the CDK construct, with the function in it.

# Those of a release, with the bill of materials in them.
CDK_ZIPS := build/release/countersign-arm64.zip build/release/countersign-x86_64.zip
CDK_SOURCES := $(filter-out %.mk,$(wildcard packaging/cdk/*)) template.yaml runtime/version.h LICENSE
CDK_PACKAGE := build/npm/countersign-cdk-$(VERSION).tgz

.PHONY: cdk
cdk: setup-build
	@$(MAKE) --no-print-directory $(CDK_PACKAGE)
	@echo $(CDK_PACKAGE)

$(CDK_PACKAGE): $(CDK_SOURCES) $(CDK_ZIPS) tools/npm_package.py build/stamps/venv-sam build/stamps/venv-package
	$(call say,NPM,$@)
	@rm -rf build/npm/cdk
	$(Q)build/venv/sam/bin/python packaging/cdk/make.py build/npm/cdk $(CDK_ZIPS)
	$(Q)build/venv/package/bin/python tools/npm_package.py $@ build/npm/cdk
