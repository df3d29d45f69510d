# The npm package: `make npm`. countersign.js as the function serves it, with types that TypeScript makes of its comments.

NPM_PACKAGE := build/npm/countersign-$(VERSION).tgz

.PHONY: npm
npm: setup-build
	@$(MAKE) --no-print-directory $(NPM_PACKAGE)
	@echo $(NPM_PACKAGE)

test-inputs: $(NPM_PACKAGE) build/stamps/publint

# The bundle, and the modules that it is made of with their types.
NPM_FILES := $(addprefix build/npm/package/,countersign.js sha256_worker.js package.json README.md LICENSE)
NPM_SOURCES := $(wildcard web/countersign/*.js)

build/npm/package/src/index.d.ts: $(NPM_SOURCES) build/stamps/typescript packaging/npm/npm.mk
	$(call say,TS,$@)
	@rm -rf $(@D) && mkdir -p $(@D) && cp $(NPM_SOURCES) $(@D)
	$(Q)$(TSC) --allowJs --declaration --emitDeclarationOnly --strict --target es2022 --module es2022 --outDir $(@D) \
	  web/countersign/index.js

$(NPM_FILES): build/npm/package/%: build/web/countersign.js $(wildcard web/*.js packaging/npm/*) LICENSE
	@mkdir -p $(@D) && cp $(firstword $(wildcard packaging/npm/$* web/$*) $(filter $*,LICENSE) build/web/$*) $@

$(NPM_PACKAGE): $(NPM_FILES) build/npm/package/src/index.d.ts tools/npm_package.py build/stamps/venv-package
	$(call say,NPM,$@)
	$(Q)build/venv/package/bin/python tools/npm_package.py $@ build/npm/package
