# SPDX-License-Identifier: MIT
# `make help` lists what can be made.

PYTHON ?= python3
FFMPEG_VERSION ?= 7.1
FFMPEG_VERSIONS ?= 7.1
DATA ?= ../shared/data

export PYTHON FFMPEG_VERSIONS
# Warnings are errors where nobody is there to read them.
ifdef CI
export SMARTCROP_WERROR := ON
export SMARTCROP_CMAKE_ARGS := $(SMARTCROP_CMAKE_ARGS) -DSMARTCROP_WERROR=ON
endif
VENV := .venv
PACKAGES := core ffmpeg codecs
BIN := $(VENV)/bin

package_sources := CMakeLists.txt setup.py pyproject.toml MANIFEST.in $(wildcard export/weights/*.onnx) \
    $(shell find csrc python -type f -not -name '*.py[co]' -not -name '*.so*' -not -path '*.egg-info/*' \
        -not -path 'python/docs*' -not -name mkdocs.yml -not -name 'generate_*.py')
filter_sources := $(shell find ffmpeg_patch csrc/include -type f)

.PHONY: help demo install test bench docs clean clean-all packages
.NOTPARALLEL:
.DELETE_ON_ERROR:

help:
	@echo 'make demo                 .venv with the commands smartcrop and ffmpeg, and a clip reframed'
	@echo 'make demo VIDEO=FILE      the same with a video of yours'
	@echo 'make install              .venv alone'
	@echo 'make test                 every check; PARTS="core python" runs some (.ci/test lists them)'
	@echo 'make test FFMPEG_VERSIONS="5.1 7.1 8.1"   the filter in these versions of FFmpeg'
	@echo 'make bench DATA=FOLDER    quality, cuts and cost, as tables; needs labelled clips'
	@echo 'make docs                 the manual, into build/docs'
	@echo 'make clean                removes demo/ and what was built of this project'
	@echo 'make clean-all            removes .venv/ and all of build/ too'
	@echo 'PYTHON=python3.12 names the interpreter to use, FFMPEG_VERSION=8.1 the FFmpeg of the demo.'

demo: export VIDEO := $(VIDEO)
demo: install
	@.ci/demo

ffmpeg_stamp := $(VENV)/.ffmpeg-$(FFMPEG_VERSION)
install: $(ffmpeg_stamp)

packages:
	@.ci/bootstrap $(PACKAGES)

# The package, and the library and header where ffmpeg and other programs find them.
$(VENV)/.package: .ci/install-package $(package_sources) | packages
	@.ci/install-package $(VENV)
	@touch $@

$(ffmpeg_stamp): $(VENV)/.package $(filter_sources) | packages
	@SMARTCROP_PREFIX=$(VENV) ffmpeg_patch/build --version $(FFMPEG_VERSION) --prefix $(VENV)
	@rm -f $(VENV)/.ffmpeg-*
	@touch $@

$(VENV)/.tools: $(VENV)/.package .ci/requirements.txt .ci/requirements-alone.txt
	@$(BIN)/python -m pip install --quiet -r .ci/requirements.txt
	@$(BIN)/python -m pip install --quiet --no-deps -r .ci/requirements-alone.txt
	@touch $@

# PyTorch is large, so that only the part that trains networks brings it.
$(VENV)/.training: .ci/requirements-export.txt | $(VENV)/.package
	@$(BIN)/python -m pip install --quiet -r .ci/requirements-export.txt
	@touch $@

test: PACKAGES := core ffmpeg test
test: packages $(VENV)/.tools $(VENV)/.docs $(if $(filter export,$(or $(PARTS),export)),$(VENV)/.training)
	@.ci/test $(PARTS)

bench: install
	@.ci/bench "$(DATA)"

# The manual reads the sources, so that it needs neither a compiler nor the package.
$(VENV)/.docs: pyproject.toml .ci/make-venv .ci/install-extra | packages
	@.ci/make-venv $(VENV)
	@$(BIN)/python .ci/install-extra docs
	@touch $@

docs: PACKAGES := docs
docs: $(VENV)/.docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file python/mkdocs.yml
	@echo 'the manual: build/docs/index.html'

clean:
	rm -rf demo build/release build/sanitize build/temp.* build/lib.* build/bdist.* build/logs \
	    $(VENV)/.package

clean-all: clean
	rm -rf build $(VENV)
