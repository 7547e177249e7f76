"""Numbers in chapters come from code: their own words hold none but years, and the numbers of chapters and questions."""

import json
import re

import pytest

from conftest import PROJECT

CHAPTERS = sorted((PROJECT / "notebooks").glob("[0-9]*.ipynb"))
REPORTS_ON_AREAS = "20_case_study_area"
ALLOWED = re.compile(r"\]\([^)]*\)|\b(?:19|20)\d{2}\b|\b(?:[Cc]hapters?|[Qq]uestions?) \d+(?: and \d+)?")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_no_number_is_typed_into_a_chapter(chapter):
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    typed = [
        line for words in prose for line in words.splitlines() if re.search(r"\d", ALLOWED.sub("", line))
    ]
    assert typed == []


@pytest.mark.parametrize(
    "chapter", [path for path in CHAPTERS if path.stem != REPORTS_ON_AREAS], ids=lambda path: path.stem
)
def test_every_chapter_shows_the_claims_of_its_authors(chapter):
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert f'ncs.claims_of(study, "{chapter.stem}")' in code
