"""First small studies: every chapter runs, says what can be said or why there is no more, and nothing empty is printed."""

import re
from functools import cache

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from ncsresearch.disclosure.plan import MOST_IN_WORDS
from ncsresearch.present.outputs import FINDING, TABLE, WITHHELD
from ncsresearch.study import load_study
from ncsresearch.vet.vetting import vet_outputs
from small_studies import SHAPES, small_study
from test_chapters import NOTEBOOKS, bundles_of

NONSENSE = {
    "a base of nobody": r"\b(?:of|Base:) 0\b",
    "a base that is withheld": r"of \[c\]",
    "nothing counted": r"\b0 (?:passages|themes|people|interviews|rural|urban|documents)\b",
    "one of many": r"\b1 (?:interviews|areas|people|passages|themes|groups|documents)\b",
    "a gap": r"\bnan\b|<NA>|\bNone\b",
    "an id": r"\bi?_?p\d\d\b",
    "a group beside itself": r"\bin (\w+), \d+ of \d+ in \1\b",
    "an empty part": r"(?:^|[:;,.]) *[:;,.]|\( *\)",
}
FEW = "So few people were heard that how many of them raised a theme is withheld."
NO_CODE = "Nothing has been coded that answers this question."
WHY = {
    ("five interviews", "02_themes"): FEW,
    ("five interviews", "03_area_types"): FEW,
    ("five interviews", "21_areas_compared"): FEW,
    ("five interviews", "08_staff_consultation"): "There is no count of comments or poll result.",
    ("two people an area", "02_themes"): FEW,
    ("two people an area", "05_client_views"): "No clients were heard.",
    ("one area", "03_area_types"): "The areas are rural, so no kinds of area are compared.",
    ("one area", "21_areas_compared"): "People were heard in Northfield alone, so no areas are compared.",
    ("a survey of seven", "01_who_was_heard"): "Nobody was heard in interviews.",
    ("a survey of seven", "02_themes"): NO_CODE,
    (
        "a survey of seven",
        "10_survey",
    ): "Answers to the survey are withheld: too few people answered, or too many gave the same answer.",
    (
        "nothing coded yet",
        "00_about_the_study",
    ): "30 documents are held; nothing in them has been coded yet.",
    ("nothing coded yet", "02_themes"): NO_CODE,
    ("nothing coded yet", "10_survey"): "There is no survey.",
    ("no stances, and a survey of seven", "05_client_views"): FEW.replace("people", "clients"),
    ("a report", "10_survey"): "There is no survey.",
}
WRITTEN = ["00_summary", "00_synthesis"]  # pages of their authors' findings, in studies that have any
CHAPTERS = [path.stem for path in sorted(NOTEBOOKS.glob("[01]*.ipynb"))] + ["21_areas_compared"]
OF_SOURCES = (
    "06",
    "07",
    "08",
    "09",
    "12",
)  # chapters that a study of interviews does not have; one shape tries them


class Run:
    """A small study, and what each of its chapters shows."""

    def __init__(self, name: str, folder):
        self.name, self.folder = name, small_study(folder / "small", SHAPES[name])
        areas = load_study(self.folder).areas["area_id"]
        own = [each for each in CHAPTERS if name == "five interviews" or not each.startswith(OF_SOURCES)]
        each = [(chapter, "") for chapter in own] + [("20_case_study_area", area) for area in areas]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ncsresearch.study.load_study", cache(load_study))
            self.shown = {
                f"{chapter} {area}".strip(): bundles_of(
                    NOTEBOOKS / f"{chapter}.ipynb", patch, study_dir=str(self.folder), area_id=area
                )
                for chapter, area in each
            }

    def of_kind(self, media: str) -> list[dict]:
        return [bundle[media] for bundles in self.shown.values() for bundle in bundles if media in bundle]

    def sentences(self, chapter: str) -> list[str]:
        return [bundle["text/plain"] for bundle in self.shown[chapter] if FINDING in bundle]


@pytest.fixture(scope="module", params=SHAPES)
def run(request, tmp_path_factory):
    return Run(request.param, tmp_path_factory.mktemp("study"))


def test_every_chapter_shows_something_beside_its_status(run):
    alone = [
        chapter for chapter, shown in run.shown.items() if not any("text/html" in each for each in shown[1:])
    ]
    assert alone == [chapter for chapter in WRITTEN if chapter in run.shown]


def test_a_chapter_that_cannot_say_more_says_why(run):
    for chapter in run.shown:
        if why := WHY.get((run.name, chapter)):
            assert why in run.sentences(chapter)


def test_no_table_is_a_wall_of_withheld_numbers_or_of_zeros(run):
    for table in run.of_kind(TABLE):
        beside = [cell for heading in table["headings"][1:] for cell in table["cells"][heading]]
        assert set(beside) - {WITHHELD, "0", "0%", "–"} or not beside or set(beside) == {"–"}, table[
            "caption"
        ]
        assert beside.count(WITHHELD) <= MOST_IN_WORDS * len(beside), table["caption"]


def test_no_sentence_table_or_figure_is_nonsense(run):
    read = [bundle["text/plain"] for shown in run.shown.values() for bundle in shown if TABLE not in bundle]
    for table in run.of_kind(TABLE):
        read += [table["caption"], table["below"], *table["headings"]]
    found = [(name, text) for name, wrong in NONSENSE.items() for text in read if re.search(wrong, text)]
    assert found == []
    empty = [
        shown["text/plain"]
        for bundles in run.shown.values()
        for shown in bundles
        if "no-evidence" in str(shown)
    ]
    assert not [text for text in empty if not text.startswith("No quotations are shown here: none is held")]


def test_an_outsider_finds_no_leak(run, tmp_path):
    paths = []
    for chapter, shown in run.shown.items():
        outputs = [new_output("display_data", data=bundle) for bundle in shown]
        notebook = new_notebook(cells=[new_code_cell("", outputs=outputs)])
        paths.append(tmp_path / f"{chapter.replace(' ', '_')}.ipynb")
        nbformat.write(notebook, paths[-1])
    vetted = vet_outputs(*paths, study=run.folder)
    assert vetted.n_leaks == 0, vetted.lines
