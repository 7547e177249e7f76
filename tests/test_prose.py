"""Numbers in chapters come from code: their own words hold none but years, and the numbers of chapters and questions."""

import json
import re

import pytest

from conftest import PROJECT

CHAPTERS = sorted((PROJECT / "notebooks").glob("[0-9]*.ipynb"))
REPORTS_ON_AREAS = "20_case_study_area"
PAGES = ("00_summary", "00_synthesis")
ALLOWED = re.compile(r"\]\([^)]*\)|\b(?:19|20)\d{2}\b|\b(?:[Cc]hapters?|[Qq]uestions?) \d+(?: and \d+)?")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_no_number_is_typed_into_a_chapter(chapter):
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    typed = [
        line for words in prose for line in words.splitlines() if re.search(r"\d", ALLOWED.sub("", line))
    ]
    assert typed == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_chapter_shows_the_findings_of_its_authors_first(chapter):
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    named = chapter.stem.removeprefix("00_") if chapter.stem in PAGES else chapter.stem
    asked = "study" if chapter.stem == REPORTS_ON_AREAS else f'study, "{named}"'
    shown = [f"ncs.show(ncs.say_status({of}), ncs.findings({asked}))" for of in ("study", asked)]
    assert code[1].endswith(tuple(shown))
