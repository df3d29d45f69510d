# `make deb`: Debian packages of the runtime library and of the doctor, for this machine's architecture, into build/deb.
# Included by the Makefile.

DEB_ARCHITECTURE = $(shell dpkg --print-architecture)
# Where Debian has an architecture's libraries.
DEB_LIBDIR = lib/$(shell $(CC_native) -print-multiarch)
DEB_PACKAGES := libcountersign-runtime-dev countersign-doctor
# What is linked into the library; the doctor has all that deps.lock has.
DEB_LINKED_libcountersign-runtime-dev := $(LIBRARIES_OF_runtime:-l%=%)

.PHONY: deb $(DEB_PACKAGES:%=deb-%)
deb: setup-build
	@$(MAKE) --no-print-directory $(DEB_PACKAGES:%=deb-%)

# In a folder made anew: what is no longer installed shall not stay.
DEB_NAME = $(@:deb-%=%)
DEB_FOLDER = build/deb/$(DEB_NAME)
# $(1) puts the package's files into the folder
define deb_package
$(call say,DEB,$(DEB_NAME))
$(Q)rm -rf $(DEB_FOLDER) && umask 022 && $(1) && PYTHON=$(PYTHON) packaging/debian/package.sh $(DEB_NAME) $(DEB_FOLDER) \
  $(VERSION) $(RELEASE_SECONDS) $(DEB_FOLDER)_$(VERSION)_$(DEB_ARCHITECTURE).deb $(DEB_LINKED_$(DEB_NAME))
endef

# $(SELF), so that `make -n` removes nothing.
deb-libcountersign-runtime-dev: build/native/installed/libcountersign-runtime.a
	$(call deb_package,$(SELF) install TARGET=native DESTDIR=$(DEB_FOLDER) PREFIX=/usr \
	  LIBDIR=$(DEB_LIBDIR) && objcopy --strip-debug --remove-section=.comment --enable-deterministic-archives \
	  $(DEB_FOLDER)/usr/$(DEB_LIBDIR)/libcountersign-runtime.a)

deb-countersign-doctor: build/$(HOST_ARCH)/countersign-doctor
	$(call deb_package,$(INSTALL) -m 755 $< $(DEB_FOLDER)/usr/bin/countersign-doctor)
