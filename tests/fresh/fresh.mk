# `make test-fresh`: what the guides say, in Debians made new by debootstrap, as a user without root. Minutes for each,
# so no part of `make test`. What is tested is what is committed. Included by the Makefile.
#
# ROOTS="bookworm container" are fewer of them, KEEP=1 keeps them, MIRROR=URL is another mirror than that of this machine's
# apt.

# `container` is like SAM's image for builds.
ROOTS ?= bookworm trixie sid container
FRESH := build/fresh

.PHONY: test-fresh
test-fresh: setup-fresh
	@$(MAKE) --no-print-directory build/stamps/venv-sam
	@mkdir -p $(FRESH) && rm -rf $(FRESH)/clone
	@git clone --quiet --no-hardlinks . $(FRESH)/clone
	@[ -z "$$(git status --porcelain)" ] || echo 'what is not committed is not tested'
	@$(if $(filter 0,$(shell id -u)),,sudo --preserve-env) nice $(PYTHON) tests/fresh/fresh.py --roots $(ROOTS) \
	  --clone $(FRESH)/clone --work $(FRESH) --sam-python build/venv/sam/bin/python \
	  $(if $(MIRROR),--mirror '$(MIRROR)') $(if $(KEEP),--keep)
