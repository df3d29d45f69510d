# The example apps, built for the tests; each README says how one is tried.

WEB_APPS := react vue nextjs uppy htmx

build/stamps/web-app-%: $(TOOLS) $(NPM_PACKAGE) $(wildcard $(addprefix examples/web/*/,* .env */*))
	@$(PYTHON) tools/deps.py web-app --name $* --package $(NPM_PACKAGE) --link build/web-apps/$*
	@mkdir -p $(@D) && touch $@

.PRECIOUS: build/stamps/web-app-%
test-inputs: $(WEB_APPS:%=build/stamps/web-app-%)
