# What browsers load, made of the sources in web/ by esbuild: build/web. The function serves the module minified;
# countersign.js is the same for people to read, and for bundlers.

ESBUILD := build/esbuild/esbuild --bundle --format=esm --target=es2022 --charset=utf8 --log-level=warning --tsconfig-raw='{}'
WEB_COPIES := index.html
WEB_FILES := $(addprefix build/web/,countersign.min.js sha256_worker.js page.css page.js login.js messages.js $(WEB_COPIES))

build/stamps/esbuild: $(TOOLS)
	@$(PYTHON) tools/deps.py esbuild --link build/esbuild
	@mkdir -p $(@D) && touch $@

build/web/countersign.js: $(wildcard web/countersign/*.js) web/web.mk build/stamps/esbuild
	$(call say,JS,$@)
	$(Q)$(ESBUILD) --legal-comments=inline web/countersign/index.js --outfile=$@

build/web/countersign.min.js: build/web/countersign.js
	$(call say,JS,$@)
	$(Q)$(ESBUILD) --minify --legal-comments=inline $< --outfile=$@

build/web/sha256_worker.js: web/sha256_worker.js web/countersign/digest.js web/web.mk build/stamps/esbuild
	$(call say,JS,$@)
	$(Q)$(ESBUILD) $< --outfile=$@

# By the name that apps import the module by, too; the page has it beside itself.
# login.js is by itself, for pages that sign nobody in do not load it.
build/web/page.js build/web/login.js: build/web/%: $(wildcard web/page/*.js) web/hooks/rate.js web/web.mk build/stamps/esbuild
	$(call say,JS,$@)
	$(Q)$(ESBUILD) --minify --alias:countersign=./countersign.js --external:./countersign.js \
	  --alias:messages=./messages.js --external:./messages.js --external:./login.js web/page/$* --outfile=$@

build/web/page.css: web/page/page.css web/web.mk build/stamps/esbuild
	$(call say,CSS,$@)
	$(Q)$(ESBUILD) --minify $< --outfile=$@

# What is not English, for those who read it.
build/web/messages.js: $(wildcard web/messages/*.js) web/web.mk build/stamps/esbuild
	$(call say,JS,$@)
	$(Q)$(ESBUILD) --minify web/messages/index.js --outfile=$@

$(WEB_COPIES:%=build/web/%): build/web/%: web/page/%
	@mkdir -p $(@D) && cp $< $@

# The function has each compressed, and nothing else of it.
WEB_COMPRESSED := $(WEB_FILES:%=%.gz)

build/stamps/zopfli: $(TOOLS)
	@$(PYTHON) tools/deps.py zopfli --link build/zopfli
	@mkdir -p $(@D) && touch $@

$(WEB_COMPRESSED): %.gz: % web/web.mk build/stamps/zopfli
	$(call say,GZ,$@)
	$(Q)build/zopfli/zopfli --gzip --i100 -c $< >$@

# TypeScript holds all of it to the types in the comments.
TSC := build/typescript/node build/typescript/node_modules/typescript/lib/tsc.js

.PHONY: web-check
web-check: build/stamps/typescript
	$(Q)$(TSC) -p web/tsconfig.json
