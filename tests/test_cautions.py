"""Numbers of themes on which coders agree little: each carries its caution, in every chapter and file of a run."""

import nbformat
import pytest

from conftest import PROJECT
from ncsresearch.analysis.reliability import agreement, graded, poor_agreement
from ncsresearch.present.cautions import caution
from ncsresearch.present.outputs import FIGURE, FINDING, TABLE
from ncsresearch.study import load_study

ILLUSTRATIVE = load_study(PROJECT / "data" / "illustrative")
SAYS = "Coders agreed little on partnership working (alpha 0.62), so read its numbers with caution."
THEME = "Partnership working"
OF_CODERS = "11_trust"


def test_a_caution_names_the_themes_of_some_words_on_which_agreement_is_poor():
    assert caution(ILLUSTRATIVE, "31 people raised partnership working; 12 raised housing.") == SAYS
    assert caution(ILLUSTRATIVE, "12 people raised housing and courts and prisons.") == ""
    assert caution(ILLUSTRATIVE.where(theme="housing"), "Partnership working") == SAYS


def test_poor_agreement_is_below_two_thirds_where_coders_gave_a_theme_often_enough():
    rows = graded(agreement(ILLUSTRATIVE, draws=1)).set_index("theme")
    assert poor_agreement(ILLUSTRATIVE) == {THEME: pytest.approx(rows.loc[THEME, "alpha"])}
    assert rows["grade"].value_counts().to_dict() == {"well": 22, "fair": 2, "poor": 1}
    poor = rows.loc[THEME, ["n_both", "n_reporting_only", "n_other_only", "n_either"]]
    assert [int(n) for n in poor] == [5, 2, 4, 11]


@pytest.fixture(scope="module")
def shown(site) -> list[tuple[str, str, dict]]:
    """What each notebook of the illustrative study shows: its name, the kind, and the data."""
    found = []
    for path in sorted((site / "illustrative").rglob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                found += [(path.stem, kind, each) for kind, each in output.get("data", {}).items()]
    return found


def test_every_table_and_figure_with_a_number_of_such_a_theme_says_so(shown):
    held = [
        (name, data)
        for name, kind, data in shown
        if kind in (TABLE, FIGURE) and not name.startswith(OF_CODERS) and any(data.get("numbers", ()))
        if any(THEME in column for column in [data["headings"], *data["cells"].values()])
    ]
    assert len({name for name, _ in held}) > 3
    assert [(name, data["name"]) for name, data in held if SAYS not in data["below"]] == []


def test_every_sentence_by_rule_and_every_quantity_on_such_a_theme_says_so(shown):
    findings = [data for name, kind, data in shown if kind == FINDING and not name.startswith(OF_CODERS)]
    by_rule = [each for each in findings if not each.get("written") and each["numbers"]]
    assert [
        each for each in by_rule if THEME.lower() in each["sentence"].lower() and SAYS not in each["sentence"]
    ] == []
    lines = [
        line for each in findings if each.get("written") for line in each["behind"] if line.startswith(THEME)
    ]
    assert lines and all(line.endswith(SAYS.rstrip(".")) for line in lines)


def test_the_workbook_says_so_beside_its_tables(site):
    import openpyxl

    book = openpyxl.load_workbook(site / "illustrative" / "illustrative.xlsx")
    notes = " ".join(str(cell.value) for row in book["Notes"].iter_rows() for cell in row if cell.value)
    sheets = [
        sheet for sheet in book if any(cell.value == THEME for row in sheet.iter_rows() for cell in row)
    ]
    assert len(sheets) > 3 and notes.count(SAYS) >= 3
