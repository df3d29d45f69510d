# The npm package: `make npm`. countersign.js as the function serves it, with types that TypeScript makes of its comments.

NPM_PACKAGE := build/npm/countersign-$(VERSION).tgz

.PHONY: npm
npm: setup-build
	@$(MAKE) --no-print-directory $(NPM_PACKAGE)
	@echo $(NPM_PACKAGE)

test-inputs: $(NPM_PACKAGE) build/stamps/publint build/stamps/attw

# The bundle and the hooks, and the modules that the bundle is made of; each has its types.
NPM_FILES := $(addprefix build/npm/package/,countersign.js sha256_worker.js sha256_worker.d.ts package.json README.md LICENSE)
NPM_SOURCES := $(wildcard web/countersign/*.js web/hooks/*.js)

build/npm/package/src/index.d.ts: $(NPM_SOURCES) web/tsconfig.json build/stamps/typescript packaging/npm/npm.mk
	$(call say,TS,$@)
	@rm -rf build/npm/types $(@D) build/npm/package/hooks && mkdir -p build/npm/package
	$(Q)$(TSC) -p web/tsconfig.json --noEmit false --declaration --emitDeclarationOnly --outDir build/npm/types
	@cp -r build/npm/types/countersign $(@D) && cp web/countersign/*.js $(@D)
	@cp -r build/npm/types/hooks build/npm/package && cp web/hooks/*.js build/npm/package/hooks

$(NPM_FILES): build/npm/package/%: $(addprefix build/web/,countersign.js sha256_worker.js) $(wildcard packaging/npm/*) LICENSE
	@mkdir -p $(@D) && cp $(firstword $(wildcard packaging/npm/$*) $(filter $*,LICENSE) build/web/$*) $@

$(NPM_PACKAGE): $(NPM_FILES) build/npm/package/src/index.d.ts tools/npm_package.py build/stamps/venv-package
	$(call say,NPM,$@)
	$(Q)build/venv/package/bin/python tools/npm_package.py $@ build/npm/package
