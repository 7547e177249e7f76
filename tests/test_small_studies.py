"""First small studies: every chapter runs, says what can be said or why there is no more, and nothing empty is printed."""

import re
from dataclasses import replace
from functools import cache

import nbformat
import pytest
from lxml import html

import ncsresearch as ncs
from ncsresearch.batch.plan import plan
from ncsresearch.disclosure.plan import MOST_IN_WORDS
from ncsresearch.present.chapters import ChapterMap, supported_chapters
from ncsresearch.present.outputs import NO_EVIDENCE, TABLE, WITHHELD
from ncsresearch.report.html import chapter_page
from ncsresearch.schema import StudyError
from ncsresearch.study import Study, load_study
from ncsresearch.vet.vetting import vet_outputs
from small_studies import SHAPES, small_study
from test_chapters import NOTEBOOKS, executed

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
FEW = "Too few people took part to report how many raised each theme."
NO_CODE = "Nothing has been coded on this so far."
WHY = {
    ("five interviews", "02_themes"): FEW,
    ("five interviews", "03_area_types"): FEW,
    ("five interviews", "21_areas_compared"): FEW,
    ("five interviews", "08_staff_consultation"): "The study has no count of comments or poll result.",
    ("two people an area", "02_themes"): FEW,
    ("two people an area", "05_client_views"): "No group of the people heard is called clients.",
    (
        "one area",
        "03_area_types",
    ): "All areas are rural, so there is no comparison of rural with urban areas.",
    (
        "one area",
        "21_areas_compared",
    ): "Only people in Northfield took part, so there is no other area to compare.",
    ("a survey of seven", "01_who_was_heard"): "The study has no interviews of its own.",
    ("a survey of seven", "02_themes"): NO_CODE,
    (
        "a survey of seven",
        "10_survey",
    ): "Answers to the survey are withheld: too few people answered, or too many gave the same answer.",
    (
        "nothing coded yet",
        "00_about_the_study",
    ): "The study has 30 documents, none of them coded yet.",
    ("nothing coded yet", "02_themes"): NO_CODE,
    ("nothing coded yet", "10_survey"): "The study has no survey.",
    ("no stances, and a survey of seven", "05_client_views"): FEW.replace("people", "clients"),
    ("a report", "10_survey"): "The study has no survey.",
}
CHAPTERS = [path.stem for path in sorted(NOTEBOOKS.glob("[01]*.ipynb"))] + ["21_areas_compared"]
OF_SOURCES = (
    "06",
    "07",
    "08",
    "09",
    "12",
)  # chapters that a study of interviews does not have; one shape tries them


METHOD = "How this was worked out"
OF_PEOPLE = {  # chapters of a study without areas, groups and stances, and the headings of their pages
    "00_about_the_study": [
        *("About this study", "Key points", "Chapters and their questions", "Sources", "Themes")
    ],
    "01_who_was_heard": ["Who was heard", "Key points", METHOD],
    "02_themes": ["Themes", "Key points", "Theme by theme", "Themes raised together", METHOD],
    "11_trust_in_the_coding": [
        *(
            "Trust in the coding",
            "Key points",
            "Would a finding change if something were left out or coded otherwise?",
            METHOD,
        )
    ],
}
HEADINGS = {
    "people alone": OF_PEOPLE,
    "people alone, confidential": OF_PEOPLE
    | {"02_themes": ["Themes", "Key points", "Theme by theme", METHOD]},
    "documents alone": {
        "00_about_the_study": [
            *("About this study", "Key points", "Chapters and their questions", "Sources", "Themes")
        ],
        "02_themes": OF_PEOPLE["02_themes"],
    },
}
BY_DEFAULT = ("00_about_the_study", "03_area_types", "04_client_groups", "05_client_views", "10_survey")


def that_names(folder, *chapters: str) -> Study:
    study = load_study(folder)
    return replace(study, settings=replace(study.settings, chapters=chapters))


class Run:
    """A small study, and what each of its chapters shows."""

    def __init__(self, name: str, folder):
        self.name, self.folder = name, small_study(folder / "small", SHAPES[name])
        areas = load_study(self.folder).areas["area_id"]
        own = [each for each in CHAPTERS if name == "five interviews" or not each.startswith(OF_SOURCES)]
        each = [(chapter, "") for chapter in own] + [("20_case_study_area", area) for area in areas]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ncsresearch.study.load_study", cache(load_study))
            self.notebooks = {
                f"{chapter} {area}".strip(): executed(
                    NOTEBOOKS / f"{chapter}.ipynb", patch, study_dir=str(self.folder), area_id=area
                )
                for chapter, area in each
            }

    @property
    def shown(self) -> dict[str, list[dict]]:
        return {
            chapter: [output.data for cell in notebook.cells for output in cell.get("outputs", [])]
            for chapter, notebook in self.notebooks.items()
        }

    def of_kind(self, media: str) -> list[dict]:
        return [bundle[media] for bundles in self.shown.values() for bundle in bundles if media in bundle]

    def page(self, chapter: str):
        return html.fromstring(chapter_page(self.notebooks[chapter], study="A first study"))


@pytest.fixture(scope="module", params=SHAPES)
def run(request, tmp_path_factory):
    return Run(request.param, tmp_path_factory.mktemp("study"))


def test_every_chapter_shows_something_beside_its_status(run):
    alone = [
        chapter for chapter, shown in run.shown.items() if not any("text/html" in each for each in shown[1:])
    ]
    tables = {
        chapter: [each.get(TABLE, {}).get("name") for each in shown] for chapter, shown in run.shown.items()
    }
    opened = [chapter for chapter, names in tables.items() if "at_a_glance" in names]
    assert opened in ([], ["00_summary", "00_about_the_study"], ["00_about_the_study", "00_summary"])
    assert alone == []


def test_a_chapter_that_cannot_say_more_says_why(run):
    for chapter, shown in run.shown.items():
        if why := WHY.get((run.name, chapter)):
            assert why in [bundle["text/plain"] for bundle in shown]


def test_a_page_has_no_line_that_says_nothing(run):
    for chapter, shown in run.shown.items():
        page = run.page(chapter).text_content()
        grey = [bundle["text/plain"] for bundle in shown if NO_EVIDENCE in bundle]
        assert not [line for line in grey if line in page], chapter


def test_a_plain_study_has_these_chapters_and_headings_and_no_others(run):
    if run.name in HEADINGS:
        made = supported_chapters(that_names(run.folder, *CHAPTERS))
        pages = {chapter: run.page(chapter).iter("h1", "h2") for chapter in made}
        found = {
            chapter: [each.text_content() for each in headings if each.get("id") != "contents"]
            for chapter, headings in pages.items()
        }
        assert found == HEADINGS[run.name]


def test_what_to_add_is_said_for_each_chapter_that_is_left_out(tmp_path):
    folder = small_study(tmp_path / "small", SHAPES["people alone"])
    assert ChapterMap(that_names(folder, *BY_DEFAULT)).left_out == [
        "areas, to compare rural and urban areas",
        "whom a judgement is about, to show who is seen as well served",
        "clients, to show what they value",
        "questions and their answers, to report a survey",
    ]
    assert "<table" not in ChapterMap(that_names(folder, "03_area_types"))._repr_mimebundle_()["text/html"]
    study = that_names(folder, "02_themes", "03_area_types")
    assert [task.chapter.stem for task in plan(study)] == ["02_themes"]
    with pytest.raises(StudyError) as refused:
        plan(study, chapters=["03_area_types"])
    assert str(refused.value) == (
        "03_area_types: small has no evidence for it. Add areas with their area_type in areas.csv, to compare rural and "
        "urban areas."
    )


def test_a_study_without_stances_quotes_two_people_a_theme(tmp_path):
    """The same words under each: of the 24 people 18 raised travel, 12 costs and 6 trust, and nobody is quoted three times."""
    study = load_study(small_study(tmp_path / "small", SHAPES["people alone"]))
    quoted = ncs.interview_quotations(study).rows
    assert quoted[["under", "said_by"]].to_numpy().tolist() == [
        [theme, "A participant"] for theme in ("Travel", "Costs", "Trust") for _ in range(2)
    ]


@pytest.mark.parametrize(
    ("name", "pairs"),
    [
        ("people alone", [("Travel", "Costs", 12, 9, 24, "people"), ("Costs", "Trust", 6, 3, 24, "people")]),
        ("documents alone", [("Costs", "Trust", 6, 4, 18, "documents")]),
    ],
)
def test_themes_raised_together_by_hand(tmp_path, name, pairs):
    """Of 24, 18 raised travel, 12 of these costs too and 6 trust too: 18 x 12 / 24 would raise both if they were unrelated.

    The six that raised nothing are people who were heard; of documents it is not known whether anybody read them.
    """
    found = ncs.themes_together(load_study(small_study(tmp_path / "small", SHAPES[name])))
    columns = ["theme", "other", "n", "expected", "base", "counted"]
    assert [*found[columns].itertuples(index=False, name=None)] == pairs


def test_no_pair_of_themes_is_counted_in_a_confidential_study(tmp_path):
    study = load_study(small_study(tmp_path / "small", SHAPES["people alone, confidential"]))
    assert ncs.themes_together(study).empty


def test_documents_of_each_theme_by_hand(tmp_path):
    study = load_study(small_study(tmp_path / "small", SHAPES["documents alone"]))
    assert ncs.raised(study).to_numpy().tolist() == [
        ["Travel", 18, 18, 18],
        ["Costs", 12, 12, 18],
        ["Trust", 6, 6, 18],
    ]


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
    assert "no-evidence" not in str(run.shown)


def test_an_outsider_finds_no_leak(run, tmp_path):
    paths = []
    for chapter, notebook in run.notebooks.items():
        paths.append(tmp_path / f"{chapter.replace(' ', '_')}.ipynb")
        nbformat.write(notebook, paths[-1])
    vetted = vet_outputs(*paths, study=run.folder)
    assert vetted.n_leaks == 0, "\n".join(vetted.lines)
