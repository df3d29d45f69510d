# The npm package: `make npm`. countersign.js as the function serves it, with types that TypeScript makes of its comments.

NPM_PACKAGE := build/npm/countersign-$(VERSION).tgz

.PHONY: npm
npm: setup-build
	@$(MAKE) --no-print-directory $(NPM_PACKAGE)
	@echo $(NPM_PACKAGE)

test-inputs: $(NPM_PACKAGE) build/stamps/publint

build/npm/countersign.d.ts: web/countersign.js build/stamps/typescript
	$(call say,TS,$@)
	@mkdir -p $(@D)
	$(Q)build/typescript/node build/typescript/node_modules/typescript/lib/tsc.js --allowJs --declaration \
	  --emitDeclarationOnly --strict --target es2022 --module es2022 --outDir $(@D) $<

$(NPM_PACKAGE): $(addprefix packaging/npm/,package.json README.md) $(addprefix web/,countersign.js sha256_worker.js) \
  build/npm/countersign.d.ts LICENSE tools/npm_package.py build/stamps/venv-package
	$(call say,NPM,$@)
	$(Q)build/venv/package/bin/python tools/npm_package.py $@ $(filter-out tools/% build/stamps/%,$^)
