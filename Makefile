# make setup | demo | test | lowest | fuzz | soak | bench | chromium | clipart | pillow-images | docs | device | bless | gallery | clean
PYTHON ?= python3
DEVICE ?= hardware
VENV := .venv
LOWEST := .venv-lowest
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test lowest lint fuzz soak bench chromium clipart pillow-images docs device bless gallery clean

setup: $(STAMP)

$(STAMP): pyproject.toml .ci/constraints.txt .ci/install-gl
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint .ci/constraints.txt --editable '.[dev]'
	bash .ci/install-gl
	touch $@

demo: setup
	$(BIN)/image-core demo --out out --data out/data

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/pytest --numprocesses auto --dist worksteal

# The oldest versions that pyproject.toml allows, in an environment of their own: the same pixels, and what else
# depends on versions. Warnings of such versions are not ours.
lowest:
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --constraint .ci/constraints.txt uv
	$(LOWEST)/bin/uv pip install --quiet --python $(LOWEST)/bin/python --constraint .ci/lowest.txt \
	    --editable '.[demo,http,templates]' pytest httpx
	$(LOWEST)/bin/image-core doctor
	$(LOWEST)/bin/image-core demo --out out/lowest --data out/lowest/data
	$(LOWEST)/bin/image-core diff out/lowest/demo.png docs/images/demo.png
	IMAGE_CORE_EXPECT= $(LOWEST)/bin/pytest --override-ini filterwarnings=ignore -k "not fresh_process" \
	    engines/image_core/tests/export/test_encoding.py engines/image_core/tests/sources/raster/test_decoding.py \
	    engines/image_core/tests/sources/psd/test_opening.py engines/image_core/tests/sources/vector/test_svg.py \
	    engines/image_core/tests/sources/text/test_hyphenation.py engines/media_v2/tests/test_tenancy.py \
	    tests/cli/test_mask.py tests/http/test_content.py

fuzz: setup
	$(BIN)/python -m tests.fuzz --cases 100000

soak: setup
	$(BIN)/python -m tests.soak --renders 20000

bench: setup
	$(BIN)/python -m pip install --quiet --constraint .ci/constraints.txt --editable '.[bench]'
	$(BIN)/python -m tests.bench

chromium: setup
	bash .ci/install-services
	$(BIN)/python -m tests.chromium

pillow-images: setup
	rm -rf out/pillow && mkdir -p out/pillow
	$(BIN)/python -m pip download --quiet --constraint .ci/constraints.txt --no-binary :all: --no-deps \
		--dest out/pillow pillow
	tar -xzf out/pillow/pillow-*.tar.gz -C out/pillow
	$(BIN)/python -m tests.pillow_images out/pillow/pillow-*/Tests/images

clipart: setup
	$(BIN)/python -m tests.clipart

docs: setup
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file docs/reference/mkdocs.yml

device:
	PYTHON=$(PYTHON) bash .ci/device --device $(DEVICE)

gallery: setup
	$(BIN)/python -m docs.gallery

bless: gallery
	$(BIN)/python -m tests.conformance
	$(BIN)/python -m docs.tables
	$(BIN)/pytest tests/golden --bless

clean:
	rm -rf $(VENV) $(LOWEST) out dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
