"""A theme on which coders agree little carries a caution wherever its number is shown: in tables, figures, sentences and findings."""

import json
import re
from dataclasses import replace
from html import unescape
from zipfile import ZipFile

import pandas as pd
import pytest

from conftest import PROJECT
from ncsresearch.analysis.coded_turns import coded_turns
from ncsresearch.analysis.reliability import agreement
from ncsresearch.analysis.theme_grades import DOUBTED_COLUMNS, doubted_themes
from ncsresearch.disclosure.counts import counts as counts_of
from ncsresearch.explorer.view import selected
from ncsresearch.present.cautions import caution
from ncsresearch.present.grammar import table
from ncsresearch.present.outputs import FIGURE, FINDING, TABLE
from ncsresearch.study import load_study
from ncsresearch.study.codebook import codes_under
from test_agreement import krippendorff_alpha
from test_findings import shown
from test_reliability import study_of

# of agreement itself; what documents say and ask; and a list of quotations, whose numbers are of words and paragraphs
OF_NO_NUMBERS = {
    *("agreement", "confusions", "boundaries", "paradox"),
    *("points_by_theme", "suggested", "questions", "codebook", "quotation_index"),
}
WORDS = {"[c]", "some", "about half", "most"}
POINTS = (
    "Coders agreed little on operations and procedures, and too few points were coded twice to judge access in "
    "rural areas or stigma and risk perceptions: treat their numbers with caution."
)
PEOPLE = "Coders agreed little on partnership working: treat its numbers with caution."


@pytest.fixture(scope="module")
def illustrative():
    return load_study(PROJECT / "data" / "illustrative")


def names_of(study) -> list[str]:
    """Themes with an alpha that is printed below 0.67 on the turns, or points, that two coders had."""
    rows = agreement(study)
    return list(rows.loc[rows["alpha"].round(2).lt(0.67) | rows["theme"].str.startswith("Stigma"), "theme"])


def named(names: list[str], text: str) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names)


def counts(table: dict, names: list[str]) -> bool:
    """Whether a table has a number, or a word in its place, in a row that names one of some themes."""
    rows = zip(*(table["cells"][heading] for heading in table["headings"]), strict=True)
    return any(
        named(names, " ".join(row)) and (re.search(r"\d", " ".join(row)) or WORDS & {*row}) for row in rows
    )


def outputs(folder, media: str) -> list[tuple[str, dict]]:
    """Everything of one media type in the notebooks of a run, with the notebook's name."""
    found = []
    for path in sorted(folder.rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            made = [output["data"] for output in cell.get("outputs", ()) if media in output.get("data", {})]
            found += [
                (path.stem, each[media]) for each in made if each[media].get("name") not in OF_NO_NUMBERS
            ]
    return found


def test_every_number_of_such_a_theme_in_a_run_has_its_caution(site):
    name = "published"
    names = names_of(load_study(PROJECT / "data" / name))
    tables = [(page, each) for page, each in outputs(site / name, TABLE) if counts(each, names)]
    figures = [(page, each) for page, each in outputs(site / name, FIGURE) if named(names, each["alt"])]
    sentences = [
        (page, each)
        for page, each in outputs(site / name, FINDING)
        if named(names, each["sentence"]) and re.search(r"\d", each["sentence"]) and not each.get("written")
    ]
    assert len(tables) >= 3
    said = [(page, each["name"], each["below"]) for page, each in tables]
    said += [(page, each["name"], each["alt"]) for page, each in figures]
    said += [(page, each["name"], each["sentence"]) for page, each in sentences]
    assert [each[:2] for each in said if "with caution" not in each[2]] == []
    assert {each[2].count("with caution") for each in said} == {1}


def test_the_file_of_a_table_has_the_caution_on_the_rows_that_need_it(published):
    names = names_of(published)
    tables = table(counts_of(published))
    assert tables
    for made in tables:
        rows = made.rows.fillna("").astype("str")
        cautioned = rows.pop("caution").str.contains("with caution")
        assert cautioned.any() and not cautioned.all()
        assert cautioned.tolist() == [named(names, " ".join(row)) for row in rows.to_numpy()]
        assert "caution" not in made.shown


def test_a_wider_theme_is_judged_by_the_agreement_on_what_its_numbers_count(site, illustrative):
    """Coders agree little on partnership working alone (0.62), and well on it and the themes within it together (0.85)."""
    assert doubted_themes(illustrative)["theme"].tolist() == ["Partnership working"]
    made = [*outputs(site / "illustrative", TABLE), *outputs(site / "illustrative", FINDING)]
    assert {page for page, each in made if "with caution" in json.dumps(each)} == {"11_trust_in_the_coding"}


def test_pages_word_and_the_workbook_have_the_caution_of_each_table(site):
    name = "published"
    of_people = [each["below"] for _, each in outputs(site / name, TABLE) if "with caution" in each["below"]]
    pages = "".join(path.read_text(encoding="utf-8") for path in sorted((site / name).rglob("*.html")))
    workbook = _text_of(site / name / f"{name}.xlsx", "xl/")
    assert all(below in unescape(pages) for below in of_people)
    assert POINTS in workbook
    assert POINTS in _text_of(site / name / f"{name}.docx", "word/document.xml")


def _text_of(path, inside: str) -> str:
    with ZipFile(path) as archive:
        parts = [
            archive.read(part).decode("utf-8")
            for part in archive.namelist()
            if part.startswith(inside) and part.endswith(".xml")
        ]
    return unescape(re.sub("<[^>]+>", "", "".join(parts)))


@pytest.fixture
def doubtful(illustrative):
    """The illustrative study, had its coders agreed little on partnership working and the themes within it."""
    row = ["partnership_working", "Partnership working", "poor", 0.5, 0.5]
    return replace(illustrative, doubted=pd.DataFrame([row], columns=DOUBTED_COLUMNS))


def test_a_finding_has_one_caution_below_its_last_paragraph(doubtful):
    text = (
        "## Services work together in part\n\n[73 of 141 people]{people=partnership_working} raised partnership working, and "
        "[47 of 141]{people=information_sharing} information sharing.\n\n[73 of 141 people]{people=partnership_working} said that it takes time.\n\n## Sharing information is slow\n\n"
        "[47 of 141 people]{people=information_sharing} raised information sharing.\n"
    )
    assert [each.caution for each in shown(doubtful, text)] == ["", PEOPLE, ""]


def test_the_explorer_has_the_caution_where_it_shows_such_a_theme(doubtful):
    said, table, figure, _ = selected(doubtful, theme="partnership_working")
    assert said.sentence.endswith(PEOPLE) and table.note.endswith(PEOPLE) and figure.alt.endswith(PEOPLE)
    every = selected(doubtful)
    assert PEOPLE not in every[0].sentence and PEOPLE in every[1].note
    said, table, figure, _ = selected(doubtful, theme="housing")
    assert not any("caution" in text for text in (said.sentence, table.note, figure.alt))


def test_a_part_of_a_study_has_the_cautions_of_the_whole(published):
    other = published.of_documents(["ch6"])
    assert (
        caution(other, ["processes"])
        == caution(published, ["processes"])
        == ("Coders agreed little on operations and procedures: treat its numbers with caution.")
    )
    assert caution(published.where(area_type="rural"), ["processes"]) == caution(published, ["processes"])


def test_themes_are_doubted_by_their_alpha_and_by_how_few_turns_have_them(tmp_path):
    given = {
        "a": ["x"] * 4 + [""] * 6 + ["z"] * 6 + ["y"],
        "b": ["", "", "x", "x", "x", "x"] + [""] * 4 + ["z"] * 6 + [""],
    }
    rows = doubted_themes(study_of(tmp_path, talk=given)).set_index("code_id")
    alone = krippendorff_alpha(
        pd.DataFrame({coder: ["x" in words for words in own] for coder, own in given.items()})
    )
    assert rows["grade"].to_dict() == {"x": "poor", "y": "few"}
    assert rows.loc["x", "alpha"] == pytest.approx(alone["value"])
    assert rows["alpha_below"].isna().all()


def test_agreement_with_the_themes_below_counts_a_turn_with_any_of_them(illustrative):
    turns, codes = coded_turns(illustrative), codes_under(illustrative.codebook, "partnership_working")
    both = turns.of(*turns.coders)
    places = [both.code_ids.index(code) for code in codes if code in both.code_ids]
    expected = krippendorff_alpha(pd.DataFrame(both.given[:, :, places].any(axis=2)))
    assert doubted_themes(illustrative)["alpha_below"].tolist() == [pytest.approx(expected["value"])]


def test_nobody_is_cautioned_where_nobody_coded_twice(tmp_path):
    study = study_of(tmp_path, talk={"a": ["x", "", "y"]})
    assert doubted_themes(study).empty and caution(study, ["x", "y"]) == ""
