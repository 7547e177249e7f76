# make report     sets up and runs both embedded studies: open outputs/index.html
# make test       sets up and runs the whole test suite (what CI runs)
# make pictures   pictures of the pages in outputs/, wide, on a phone and dark, into .pictures/
# make benchmarks how long a batch takes beside other ways, and how time grows with a study (docs/performance.md)
# make lab        JupyterLab on the explorer, beside the chapters (make lab ARGS="--no-browser --allow-root")
# make chapters   runs the committed chapters again, in place
# make dictionary writes the data dictionary from the schema
# make reference  writes the reference of what a chapter may use from the docstrings
# make extract    rebuilds what a machine can read of the five published documents: make extract SOURCES=FOLDER
# make lock       pins the newest versions that work together

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE :=

.PHONY: report test pictures benchmarks lab chapters dictionary reference extract format lock
.DELETE_ON_ERROR:

report: .venv/ready
	$(BIN)/ncsresearch run

test: .venv/ready .venv/browser .venv/office
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pytest -q

pictures: .venv/ready .venv/browser
	$(BIN)/python tests/browser/pictures.py outputs .pictures

benchmarks: .venv/ready
	$(BIN)/python tests/benchmarks/batch.py 2 12
	$(BIN)/python tests/benchmarks/growth.py 10,000 100,000

lab: .venv/ready
	$(BIN)/jupyter lab $(ARGS) notebooks/explore.ipynb

chapters: .venv/ready
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace \
	  --ExecutePreprocessor.record_timing=False notebooks/[0-9]*.ipynb

dictionary: .venv/ready
	$(BIN)/python -c "from ncsresearch.ingest.data_package import data_dictionary as page; print(page(), end='')" > docs/data_dictionary.md

extract: .venv/ready
	@$(BIN)/python data/published/extraction $(if $(SOURCES),"$(SOURCES)")

reference: .venv/ready
	$(BIN)/python docs/reference.py > docs/reference.md

format: .venv/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/ready
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --upgrade \
	  --all-extras --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.lock

.venv/ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
	  echo "Python's venv module is incomplete here. On Debian: apt-get install python3-venv" >&2; \
	  rm -rf .venv; exit 1; }
	.ci/install
	@touch $@

# Tests that look at Word reports as pages have LibreOffice lay them out, with letters as wide as Arial's; without it they skip and say so
.venv/office: | .venv/ready
	@{ command -v soffice || { timeout 120 apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -qq -y --no-install-recommends libreoffice-writer-nogui fonts-liberation; }; } \
	  >/dev/null 2>&1 && touch $@ || echo "LibreOffice cannot be installed here (it needs Debian, root and a network): tests of printed pages skip." >&2

# Tests of the pages drive Debian's Chromium, which brings a font; with none they skip and say so, or fail where REQUIRE_BROWSER is set
.venv/browser: | .venv/ready
	@{ command -v chromium || command -v google-chrome || { timeout 120 apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; }; } >/dev/null 2>&1 \
	  && touch $@ || echo "Chromium cannot be installed here (it needs Debian, root and a network): tests of the pages skip." >&2
