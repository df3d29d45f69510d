# SAM's image (`sam build --use-container`) has the repository read-only, so it is built in a copy. What this machine
# built stays out: it has links to folders that the image doesn't have.
COPY := $(shell mktemp -d)

build-UploadFunction:
	tar -cf - --exclude=./build --exclude=./.git --exclude=./.aws-sam . | tar -xf - -C $(COPY)
	$(MAKE) -C $(COPY) ARCH=$(ARCH) $@

.PHONY: build-UploadFunction
