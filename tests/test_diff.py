"""What differs between two runs: planted edits on a copy of the illustrative study, small outputs for each kind of change, messages."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from conftest import PROJECT
from ncsresearch.cli import app
from ncsresearch.exchange.withdraw import withdraw
from ncsresearch.review.difference import differences
from ncsresearch.review.findings_changed import findings_changed
from ncsresearch.review.left import Left, read_left
from ncsresearch.review.records import keep_record
from ncsresearch.review.screen import (
    in_a_line,
    protection_moved,
    rows_changed,
    sentences_changed,
    to_do,
    unsigned_before,
)
from ncsresearch.review.signable import evidence_digest, rows_behind
from ncsresearch.review.since_last import SinceLast, changed_since
from ncsresearch.review.tables_changed import tables_changed
from ncsresearch.review.told import told
from ncsresearch.schema import StudyError
from ncsresearch.study import history, load_study
from quick_outputs import quick_outputs

WRITTEN = {
    "02_themes": """
## Clients open up to a worker who listens
[1]{people=being_heard_and_respected stance=strength} described being heard as a strength.

## Clients ask for help with mental health
[1]{people=mental_health_help heard_from=Clients} raised it.

## Views divide on unpaid work
[1]{people=unpaid_work stance=strength} described it as a strength and [1]{people=unpaid_work stance=challenge} as a challenge.

## One passage shows how
A worker asked first, and waited [@passage:int_12_p017].

## Nothing here is counted
Every transcript was made up for this project.
""",
    "03_area_types": """
## Distance decides who gets help in rural areas
[1]{people=travel_and_distance area_type=rural} in rural areas raised travel, against [1]{people=travel_and_distance area_type=urban} in urban ones.

## Phone contact suits some and not others
[1]{people=remote_contact stance=strength area_type=rural} in rural areas described a strength and [1]{people=remote_contact stance=challenge area_type=rural} a challenge.

## The study has few areas
There are [1]{base=areas} areas.
""",
    "04_client_groups": """
## Some see women as better served
[1]{served=better client_group=women} see women as better served.
""",
    "10_survey": """
## Most clients keep their worker
[1]{survey=same_worker} had the same worker throughout.
""",
    "21_areas_compared": """
## Homes are missing in Area E
[1]{people=housing area_id=area_e} raised housing.
""",
}
LISTEN, MENTAL, UNPAID, PASSAGE, NOTHING = (
    part.split("\n")[0] for part in WRITTEN["02_themes"].split("## ")[1:]
)
DISTANCE, PHONE, AREAS = (part.split("\n")[0] for part in WRITTEN["03_area_types"].split("## ")[1:])
WOMEN, SURVEY, HOMES = (
    "Some see women as better served",
    "Most clients keep their worker",
    "Homes are missing in Area E",
)


def table(study: Path, name: str) -> pd.DataFrame:
    """Return a table as its file has it."""
    return pd.read_csv(study / f"{name}.csv", dtype="str", keep_default_na=False)


def save(study: Path, name: str, rows: pd.DataFrame) -> None:
    """Write a table."""
    rows.to_csv(study / f"{name}.csv", index=False)


def cell(name: str, row: str, column: str, value: str):
    """Return an edit that puts a value into the row of a table whose first column is so."""

    def edit(study: Path) -> None:
        rows = table(study, name)
        rows.loc[rows.iloc[:, 0].eq(row), column] = value
        save(study, name, rows)

    return edit


def replaced(file: str, before: str, after: str):
    """Return an edit that replaces words of a file."""

    def edit(study: Path) -> None:
        text = (study / file).read_text(encoding="utf-8")
        assert before in text
        (study / file).write_text(text.replace(before, after), encoding="utf-8")

    return edit


def merged(one: str, other: str):
    """Return an edit that gives all codings of one code to another."""

    def edit(study: Path) -> None:
        rows = table(study, "codings")
        save(study, "codings", rows.assign(code_id=rows["code_id"].replace(one, other)))

    return edit


def swapped_stances(study: Path) -> None:
    """Turn what people in rural areas said of contact by phone and video round."""
    people, passages, rows = (table(study, name) for name in ("participants", "segments", "codings"))
    rural = people.loc[people["area_id"].isin(["area_e", "area_f"]), "participant_id"]
    said = passages.loc[passages["participant_id"].isin(rural), "segment_id"]
    own = rows["unit_id"].isin(said) & rows["code_id"].eq("remote_contact")
    turned = rows["stance"].replace({"strength": "challenge", "challenge": "strength"})
    save(study, "codings", rows.assign(stance=rows["stance"].mask(own, turned)))


def added(name: str, cells: dict[str, str]):
    """Return an edit that adds a row to a table."""

    def edit(study: Path) -> None:
        rows = table(study, name)
        save(study, name, pd.concat([rows, pd.DataFrame([cells])]).fillna(""))

    return edit


def of_two_questions(study: Path) -> None:
    """Leave two questions of the surveys, to be quick."""
    for name in ("survey_items", "survey_answers"):
        rows = table(study, name)
        save(study, name, rows[rows["item_id"].isin(["same_worker", "heard"])])
    told, asked = table(study, "attributes"), table(study, "survey_answers")["respondent_id"]
    kept = told["owner"].ne("survey_answers") | told["owner_id"].isin(asked)
    save(study, "attributes", told[kept])
    text = (study / "study.toml").read_text(encoding="utf-8")
    first, _, last = text.partition("[[joint]]")
    (study / "study.toml").write_text(first + "[limits]" + last.partition("[limits]")[2], encoding="utf-8")


def dropped(name: str, row: str):
    """Return an edit that takes a row out of a table."""

    def edit(study: Path) -> None:
        rows = table(study, name)
        save(study, name, rows[rows.iloc[:, 0].ne(row)])

    return edit


def renamed_codings(study: Path) -> None:
    """Give every judgement another id."""
    rows = table(study, "codings")
    save(study, "codings", rows.assign(coding_id="x" + rows["coding_id"]))


def swapped_findings(study: Path) -> None:
    """Put the first finding of a file behind its second one."""
    path = study / "findings" / "03_area_types.md"
    before, one, other, last = path.read_text(encoding="utf-8").split("## ")
    path.write_text("## ".join([before, other, one, last]), encoding="utf-8")


NEW_AREA = {
    "area_id": "area_g",
    "name": "Area G",
    "area_type": "mainly_rural",
    "case_study": "yes",
    "report": "no",
}
CODING = {"coding_id": "new", "unit": "segments", "coder": "Coder 1"}
CODING |= {"unit_id": "int_09_p085", "code_id": "housing"}
MOVED, OTHER = "moved in number", "with other evidence"
OF_ALL = [LISTEN, UNPAID, WOMEN, "heard", "how_held"]  # what counts everybody
RURAL = [DISTANCE, PHONE]
# an edit; the findings that it changes, how, and by how many rows behind each; those that rest on other rows and say the same; what
# changed in the study
EDITS = {
    "a passage recoded": (
        cell("codings", "int_16_p005_c1", "code_id", "leadership"),
        {DISTANCE: (MOVED, 1)},
        [],
        {"coding changed": 1},
    ),
    "a stance recoded": (
        cell("codings", "int_16_p120_c1", "stance", "challenge"),
        {PHONE: (MOVED, 1)},
        [],
        {"coding changed": 1},
    ),
    "two codes merged": (
        merged("courts_and_prisons", "housing"),
        {HOMES: (MOVED, 19)},
        [],
        {"coding changed": 98},
    ),
    "a person withdraws": (
        lambda study: withdraw("C16", study),
        dict.fromkeys([LISTEN, MENTAL, UNPAID, DISTANCE, WOMEN, "how_held", "heard_by_kind"], (MOVED, 0))
        | {"heard": ("turned round, moved in number", 0)},  # clients are fewer than senior managers now
        [],
        {},
    ),
    "a person who raised none of it withdraws": (
        lambda study: withdraw("W05", study),
        dict.fromkeys([LISTEN, UNPAID, DISTANCE, WOMEN, "heard", "how_held", "heard_by_kind"], (MOVED, 0)),
        [],
        {},
    ),
    "a definition": (
        cell("codebook", "travel_and_distance", "definition", "Getting there, by whatever means"),
        {},
        [DISTANCE],
        {"theme changed": 1},
    ),
    "a label": (
        cell("codebook", "travel_and_distance", "label", "Getting there"),
        {DISTANCE: (OTHER, 1)},
        [],
        {"theme changed": 1},
    ),
    "the interval": (
        replaced("study.toml", "interval_level = 0.95", "interval_level = 0.9"),
        {},
        [],
        {"setting changed": 1},
    ),
    "a limit in words": (
        replaced("study.toml", "describe these fictional people", "are of these fictional people"),
        {},
        [],
        {"setting changed": 1},
    ),
    "who reports": (
        replaced("study.toml", 'reporting_coder = "Coder 1"', 'reporting_coder = "Coder 2"'),
        dict.fromkeys([LISTEN, MENTAL, UNPAID, DISTANCE, PHONE, WOMEN, HOMES], (MOVED, 1)),
        [],
        {"setting changed": 1},
    ),
    "a sentence": (
        replaced("findings/03_area_types.md", "raised travel, against", "spoke of buses, against"),
        {DISTANCE: ("reworded", 0)},
        [],
        {},
    ),
    "a heading": (
        replaced("findings/10_survey.md", SURVEY, "Keeping one worker is common"),
        {"Keeping one worker is common": ("reworded", 0)},
        [],
        {},
    ),
    "a finding written": (
        replaced(
            "findings/10_survey.md", "\n## Most", "\n## Answers are few\n[1]{survey=heard} agreed.\n\n## Most"
        ),
        {"Answers are few": ("new", 0)},
        [],
        {},
    ),
    "a finding taken out": (
        replaced("findings/04_client_groups.md", WRITTEN["04_client_groups"], ""),
        {WOMEN: ("gone", 0)},
        [],
        {},
    ),
    "a paragraph before others": (
        replaced("findings/02_themes.md", "\n## Clients open", "Nobody was heard.\n\n## Clients open"),
        {"written_1": ("new", 0)},
        [],
        {},
    ),
    "two findings in another order": (swapped_findings, {}, [], {}),
    "another passage cited": (
        replaced("findings/02_themes.md", "int_12_p017", "int_27_p014"),
        {PASSAGE: (OTHER, 0)},
        [],
        {},
    ),
    "another theme counted": (
        replaced("findings/21_areas_compared.md", "people=housing", "people=travel_and_distance"),
        {HOMES: (MOVED, 0)},
        [],
        {},
    ),
    "a new area": (added("areas", NEW_AREA), {AREAS: (MOVED, 1)}, RURAL, {"area added": 1}),
    "an area of another kind": (
        cell("areas", "area_f", "area_type", "larger_city"),
        dict.fromkeys(RURAL, (MOVED, 24)) | {"heard_by_kind": ("reworded, moved in number", 23)},
        [*OF_ALL, MENTAL, AREAS],
        {"area changed": 1, "person changed": 23},
    ),
    "an area renamed": (
        cell("areas", "area_f", "name", "Area of the isles"),
        {"heard_by_kind": ("reworded", 0)},
        [*RURAL, AREAS],
        {"area changed": 1},
    ),
    "a person of another area": (
        cell("participants", "P17", "area_id", "area_a"),
        dict.fromkeys([*RURAL, "heard_by_kind"], (MOVED, 1)),
        OF_ALL,
        {"person changed": 1},
    ),
    "a person of another group": (
        cell("participants", "C11", "participant_group", "Partners"),
        {MENTAL: (MOVED, 1), "heard": ("turned round, moved in number", 1)},
        [*RURAL, LISTEN, UNPAID, WOMEN, "how_held", "heard_by_kind"],
        {"person changed": 1},
    ),
    "a judgement added": (added("codings", CODING), {HOMES: (MOVED, 1)}, [], {"coding added": 1}),
    "a judgement that others repeat taken out": (
        dropped("codings", "int_15_p004_c1"),
        {},
        [DISTANCE],
        {"coding gone": 1},
    ),
    "a judgement of the other coder": (
        cell("codings", "int_01_p002_c1", "code_id", "housing"),
        {},
        [],
        {"coding changed": 1},
    ),
    "whom a judgement is about": (
        cell("codings", "int_02_p016_c1", "about_client_group", "men"),
        {WOMEN: (MOVED, 1)},
        [],
        {"coding changed": 1},
    ),
    "a respondent's answers": (
        cell("survey_answers", "client-001", "answer", "Disagree"),
        {SURVEY: (MOVED, 1)},
        [],
        {"survey answer changed": 2},
    ),
    "how an interview was held": (
        cell("interviews", "int_14", "mode", "paired"),
        {"how_held": (MOVED, 1)},
        ["heard", "heard_by_kind"],
        {"interview changed": 1},
    ),
    "judgements under other ids": (renamed_codings, {}, [], {}),
    "rural views turned round": (
        swapped_stances,
        {PHONE: ("turned round, moved in number", 31)},
        [],
        {"coding changed": 42},
    ),
    "what a passage says": (
        cell("segments", "int_12_p017", "label", "A worker who waits"),
        {PASSAGE: (OTHER, 1)},
        [],
        {"passage changed": 1},
    ),
    "a remark": (cell("codings", "int_16_p005_c1", "notes", "looked at twice"), {}, [], {}),
}


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Path:
    """Folder of a public copy of the illustrative study with findings of our own, its outputs and their record."""
    folder = tmp_path_factory.mktemp("diff")
    left_out = shutil.ignore_patterns("raw", "findings", "releases", "history")
    shutil.copytree(PROJECT / "data" / "illustrative", folder / "study", ignore=left_out)
    replaced("study.toml", '"confidential"', '"public"')(folder / "study")
    of_two_questions(folder / "study")
    for name, text in WRITTEN.items():
        (folder / "study" / "findings").mkdir(exist_ok=True)
        (folder / "study" / "findings" / f"{name}.md").write_text(text, encoding="utf-8")
    keep_record(folder / "study", read_left(quick_outputs(folder / "study", folder / "old")))
    return folder


def called(finding) -> str:
    """Return the heading of a finding, or its name where it has none."""
    return finding.get("heading") or finding["name"]


@pytest.mark.parametrize("name", EDITS)
def test_a_planted_edit_is_found_in_each_finding_that_it_changed_and_in_no_other(name, before, tmp_path):
    edit, changed, resting, rows = EDITS[name]
    study = tmp_path / "study"
    shutil.copytree(before / "study", study)
    edit(study)
    new = quick_outputs(study, tmp_path / "new")
    (difference,) = differences(before / "old", new, [study])
    found = {
        called(each.either): (", ".join(each.how), len(difference.behind(each)))
        for each in difference.findings
    }
    assert found == changed
    assert sorted(called(each.now) for each in difference.resting_on_others) == sorted(resting)
    assert Counter(f"{row.kind} {row.how}" for row in difference.rows) == rows


def finding(
    sentence: str, name: str = "written_1", *, numbers=None, heading: str = "", area_id: str = "", **more
) -> dict:
    """Return an entry of findings.json."""
    own = {"chapter": "02_themes", "area_id": area_id, "section": "", "name": name, "sentence": sentence}
    own |= {
        "numbers": numbers or {},
        "behind": [],
        "evidence": [],
        "passages": [],
        "source": "",
        "heading": heading,
    }
    return own | {"written": name.startswith("written"), "about": {}} | more


TRAVEL = {"Travel, rural": 36, "Travel, rural, of": 47, "Travel, urban": 17, "Travel, urban, of": 94}
LESS = TRAVEL | {"Travel, rural": 6}
KINDS = [
    ([finding("People spoke.")], [finding("People spoke.")], []),
    ([], [finding("People spoke.")], [("new",)]),
    ([finding("People spoke.")], [], [("gone",)]),
    (
        [finding("People spoke of the long journey.")],
        [finding("People spoke of a long journey.")],
        [("reworded",)],
    ),
    ([finding("People spoke, briefly.")], [finding("People spoke briefly.")], [("reworded",)]),
    ([finding("36 of 47 raised it.")], [finding("35 of 47 raised it.")], [("moved in number",)]),
    ([finding("Six areas.")], [finding("7 areas.")], [("moved in number",)]),
    ([finding("36 of 47 raised it.")], [finding("most raised it.")], [("now withheld",)]),
    ([finding("About half raised it.")], [finding("23 of 47 raised it.")], [("no longer withheld",)]),
    (
        [finding("[c] raised it.", "raised")],
        [finding("9 raised it.", "raised")],
        [("no longer withheld",)],
    ),
    (
        [finding("It differs.", "says", numbers={"n": 9})],
        [finding("It differs.", "says", numbers={"n": None})],
        [("now withheld",)],
    ),
    (
        [finding("More in rural than in urban areas.")],
        [finding("More in urban than in rural areas.")],
        [("turned round",)],
    ),
    (
        [finding("A larger share of men raised it.")],
        [finding("A smaller share of men raised it.")],
        [("turned round",)],
    ),
    (
        [finding("36 and 17.", numbers=TRAVEL)],
        [finding("6 and 17.", numbers=LESS)],
        [("turned round", "moved in number")],
    ),
    (
        [finding("It is.", behind=["Clients: 5 of 20."])],
        [finding("It is.", behind=["Clients: 6 of 20."])],
        [("with other evidence",)],
    ),
    (
        [finding("It is.", passages=[{"words": "The bus was late.", "mark": "q1"}])],
        [finding("It is.", passages=[{"words": "The bus was late.", "mark": "q2"}])],
        [],
    ),
    (
        [finding("It is.", passages=[{"words": "The bus was late.", "mark": "q1"}])],
        [finding("It is.", passages=[{"words": "Nobody came.", "mark": "q1"}])],
        [("with other evidence",)],
    ),
    ([finding("It is.", cell="cell-02", section="A")], [finding("It is.", cell="cell-04", section="B")], []),
    (
        [finding("One."), finding("Two workers left the team.", "written_2")],
        [finding("Two workers left the team.")],
        [("gone",)],
    ),
    ([finding("One."), finding("Two.", "written_2")], [finding("Two."), finding("One.", "written_2")], []),
    (
        [finding("The old heading.", heading="A")],
        [finding("Something else entirely now.", heading="A")],
        [("reworded",)],
    ),
    (
        [finding("In Area A people spoke.", area_id="a")],
        [finding("In Area A people spoke.", area_id="b")],
        [("new",), ("gone",)],
    ),
    (
        [finding("The first check.", "checked_1")],
        [finding("Buses are late.", "checked_1"), finding("The first check.", "checked_2")],
        [("new",)],
    ),
]


@pytest.mark.parametrize(("before", "after", "expected"), KINDS)
def test_a_finding_that_differs_says_how(before, after, expected):
    assert [each.how for each in findings_changed(before, after)] == expected


def test_a_number_that_moved_says_from_what_to_what():
    (changed,) = findings_changed(
        [finding("36 of 47, most of them men.", numbers=TRAVEL)],
        [finding("6 of 47, most of them men.", numbers=LESS)],
    )
    assert [(each.name, each.was, each.now) for each in changed.moved] == [("Travel, rural", 36, 6)]
    (lost,) = findings_changed([finding("36 of 47 raised it.")], [finding("Most raised it.")])
    assert [(each.name, each.was, each.now) for each in lost.moved] == [("", "36 of 47", "Most")]


HEARD = "area,area_id,n,share,study_status\nArea A,a,25,0.5,public\nArea B,b,23,0.46,public\n"
CELLS = [
    (HEARD, HEARD.replace("public", "draft"), []),
    (
        HEARD,
        HEARD.replace("23,0.46", "24,0.48"),
        [("Area B", "n", "23", "24"), ("Area B", "share", "0.46", "0.48")],
    ),
    (
        HEARD,
        HEARD.replace("23,0.46", "[c],[c]"),
        [("Area B", "n", "23", "[c]"), ("Area B", "share", "0.46", "[c]")],
    ),
    (HEARD, HEARD.replace("0.46", "0.46000001"), [("Area B", "share", "0.46", "0.46000001")]),
    (HEARD, HEARD.replace("Area B,b", "The isles,b"), [("The isles", "area", "Area B", "The isles")]),
    (HEARD, HEARD + "Area C,c,2,0.04,public\n", [("Area C", "", "", "row")]),
    (HEARD, "area,area_id,n,share,study_status\nArea B,b,23,0.46,public\n", [("Area A", "", "row", "")]),
    ("n,theme\n1,cost\n2,time\n", "theme,n\ntime,2\ncost,1\n", []),
    (
        "group,n,theme\nmen,1,cost\nmen,2,time\nwomen,3,cost\n",
        "group,n,theme\nmen,1,cost\nmen,4,time\nwomen,3,cost\n",
        [("men, time", "n", "2", "4")],
    ),
    ("n\n1\n", "n\n2\n", [("2", "", "", "row"), ("1", "", "row", "")]),
    (None, HEARD, [("", "", "", "table")]),
    (HEARD, None, [("", "", "table", "")]),
]


@pytest.mark.parametrize(("before", "after", "expected"), CELLS)
def test_cells_are_compared_by_what_names_their_rows(before, after, expected):
    was, now = ({"01/heard.csv": text} if text else {} for text in (before, after))
    assert [(each.row, each.column, each.was, each.now) for each in tables_changed(was, now)] == expected


def test_a_cell_says_how_it_differs():
    changes = [("5", "some"), ("[c]", "5"), ("5", "6"), ("some", "[c]")]
    pairs = (
        tables_changed({"t.csv": f"theme,n\ncost,{was}\n"}, {"t.csv": f"theme,n\ncost,{now}\n"})
        for was, now in changes
    )
    assert [cell.how for (cell,) in pairs] == [
        "now withheld",
        "no longer withheld",
        "changed",
        "withheld in another form",
    ]


def test_a_table_says_a_row_in_a_line_and_apart_what_only_protection_moved():
    before = """theme,n,share,kappa,kappa_low,kappa_high,ac1
Cost,20,0.5,0.61,0.5,0.7,0.8
Travel,10,0.25,0.7,0.6,0.8,0.9
Housing,some,[c],0.7,0.6,0.8,0.9
Work,12,0.3,0.7,0.6,0.8,0.9
"""
    after = """theme,n,share,kappa,kappa_low,kappa_high,ac1
Cost,19,0.475,0.63,0.52,0.71,0.82
Travel,10,0.25,0.71,0.6,0.8,0.9
Housing,[c],[c],0.7,0.6,0.8,0.9
Work,some,[c],0.7,0.6,0.8,0.9
"""
    cells = tables_changed({"t.csv": before}, {"t.csv": after})
    table = {
        "cells": [
            {name: getattr(cell, name) for name in ("row", "column", "how", "was", "now")} for cell in cells
        ]
    }
    assert rows_changed(table) == [
        ("Cost", "n 20 → 19; share 0.5 → 0.475; kappa 0.61 → 0.63; ac1 0.8 → 0.82"),
        ("Only estimates changed", "Travel"),
    ]
    assert protection_moved(table) == "3 numbers now withheld or given in words."
    table = {
        "cells": [
            cell | {"was": cell["now"], "now": cell["was"], "how": "no longer withheld"}
            for cell in table["cells"][-2:]
        ]
    }
    assert protection_moved(table) == "2 shown again."


def left(folder: Path, findings: list[dict], *, tables=None, access="confidential", draft=(), **told) -> Path:
    """Write outputs of a study by hand."""
    (folder / "tables" / "02_themes").mkdir(parents=True)
    for name, text in (tables or {}).items():
        (folder / "tables" / "02_themes" / f"{name}.csv").write_text(text, encoding="utf-8")
    entry = {
        "name": "02_themes",
        "title": "Themes",
        "status": "done",
        "files": {},
        "made_of": {},
        "page": "",
        "area_id": "",
    }
    manifest = {
        "study": folder.name,
        "title": "A study",
        "access": access,
        "threshold": 5 * (access == "confidential"),
    }
    manifest |= {"ncsresearch": "1.0.0", "draft": [*draft], "notebooks": [entry]} | told
    for name, content in {"findings": findings, "manifest": manifest}.items():
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def ran(*arguments) -> tuple[int, str]:
    """Run the command diff and return its exit status and what it said."""
    done = CliRunner().invoke(app, ["diff", *map(str, arguments)])
    return done.exit_code, str(done.exception) if not done.output and done.exception else done.output


HELD = "heard,n\nwomen,{women}\nmen,40\n"


def test_what_two_releases_may_show_has_numbers_where_many_people_came_or_went(tmp_path):
    old = left(tmp_path / "old", [finding("36 of 47 raised it.")], tables={"heard": HELD.format(women=30)})
    new = left(tmp_path / "new", [finding("46 of 57 raised it.")], tables={"heard": HELD.format(women=40)})
    assert ran(old, new) == (
        0,
        "A study: 1 finding changed (1 moved in number), 1 cell of 1 table.\n"
        "What a reader of both runs can see.\n"
        "\n"
        "Themes\n"
        "  46 of 57 raised it. (moved in number)\n"
        "    36 of 47 → 46 of 57\n"
        "\n"
        "Themes, tables: heard\n"
        "  women: n 30 → 40\n",
    )


FEW = (
    "A study: 1 finding changed (1 reworded).\n"
    "What a reader of both runs can see.\n"
    "Subtracting one run from the other tells of fewer than 5 people, or one of them is not fit to leave, so no number is named, nor "
    "where numbers changed. Named is what the authors wrote, without its quantities.\n"
    "\n"
    "Themes\n"
    "  … raised buses. (reworded)\n"
    "    Before: … raised travel.\n"
    "    Now: … raised buses.\n"
)


@pytest.mark.parametrize(
    ("women", "draft"),
    [
        pytest.param(33, [], id="a count of few"),
        pytest.param(40, ["a private draft"], id="not fit to leave"),
    ],
)
def test_what_two_releases_may_show_has_no_number_where_they_subtract_to_a_few_people(women, draft, tmp_path):
    said = [finding("36 of 47 raised travel."), finding("20 of 47 raised cost.", "written_2")]
    now = [finding("36 of 47 raised buses."), finding("30 of 47 raised cost.", "written_2")]
    old = left(tmp_path / "old", said, tables={"heard": HELD.format(women=30)})
    new = left(tmp_path / "new", now, tables={"heard": HELD.format(women=women)}, draft=draft)
    assert ran(old, new, "--json", tmp_path / "d.json", "--page", tmp_path / "d.html") == (0, FEW)
    for name in ("d.json", "d.html"):
        words = (tmp_path / name).read_text(encoding="utf-8").replace("<style>", "\0").split("</style>")[-1]
        assert not {"30", "33", "40", "36", "47", "20"} & set(words.replace("<", " ").split())


def test_what_two_releases_may_show_counts_who_came_and_who_left_where_the_study_is_known(tmp_path):
    """One person left and one came: every count is what it was."""
    study = tmp_path / "study"
    study.mkdir()
    old = left(tmp_path / "old" / "study", [], inputs={"a": "1"})
    new = left(tmp_path / "new" / "study", [], inputs={"a": "2"})
    for folder, person in ((old, "C16"), (new, "C17")):
        rows = [["person", *[person] * 4, *[""] * 6, "participant_group=Clients"]]
        history.keep(study, RECORD | {"state": read_left(folder).state, "rows": rows})
    (difference,) = differences(old, new, [study])
    assert told(difference, for_release=True)["few"]
    assert told(difference)["rows"] == [
        {"kind": "person", "how": "added", "was": "", "now": "C17"},
        {"kind": "person", "how": "gone", "was": "C16", "now": ""},
    ]


COLUMNS = [
    "kind",
    "row_id",
    "label",
    "digest",
    "person",
    "of",
    "unit",
    "code_id",
    "stance",
    "coder",
    "about",
    "groups",
]
RECORD = {"state": "", "told_by": "", "withdrawn": 0, "basis": {}, "columns": COLUMNS, "rows": []}


def test_the_owner_reads_all_of_it_and_others_none_of_the_rows(before, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(before / "study", study)
    cell("codings", "int_16_p005_c1", "code_id", "leadership")(study)
    new = quick_outputs(study, tmp_path / "new")
    status, said = ran(before / "old", new, "--study", study)
    assert status == 0
    assert said.startswith(
        "Illustrative study: justice social work in six areas: 1 finding changed (1 moved in number), 12 cells of 2 tables.\n"
        "A public study: everything that changed.\n"
        "In the data of the study: 1 coding changed\n"
        "\n"
        "area types\n"
        "  Distance decides who gets help in rural areas (moved in number)\n"
        "    Travel and distance, people heard in rural areas: 36 → 35\n"
        "    coding changed: Paraprofessionals, interview 3, turn 9: Travel and distance, challenge (Coder 1) → "
        "Paraprofessionals, interview 3, turn 9: Leadership, challenge (Coder 1)\n"
    )
    status, said = ran(before / "old", new)
    assert "Name the study's folder (--study)" in said
    assert "coding" not in said


def test_the_same_twice_and_no_time_or_id(before, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(before / "study", study)
    withdraw("C16", study)
    swapped_stances(study)
    new = quick_outputs(study, tmp_path / "new")
    for name in ("one", "two"):
        ran(
            before / "old",
            new,
            "--study",
            study,
            "--page",
            tmp_path / f"{name}.html",
            "--json",
            tmp_path / f"{name}.json",
        )
    for ending in ("html", "json"):
        words = (tmp_path / f"one.{ending}").read_text(encoding="utf-8")
        assert words == (tmp_path / f"two.{ending}").read_text(encoding="utf-8")
        assert not any(
            name in words for name in ("int_16_p120", "int_16", "remote_contact", "C16", str(tmp_path))
        )


@pytest.mark.parametrize(
    ("old", "new", "asked", "said"),
    [
        (
            "one/stduy",
            "two/study",
            (),
            "one/stduy: there are no outputs of a study here, expected a folder with manifest.json and findings.json, or with such a folder for each study. Did you mean 'one/study'?",
        ),
        (
            "study/history/1.gz",
            "two",
            (),
            "study/history/1.gz: keeps the rows of a study for its next run, and no findings or tables. diff compares two folders of outputs; what changed last is in study/history/changes.html, and an outputs folder that is copied before a run can be compared with it.",
        ),
        (
            "one",
            "two",
            ("--study", "sudy"),
            "two has no outputs of the study sudy, but of study. Did you mean 'study'?",
        ),
        (
            "one",
            "three",
            (),
            "one and three: outputs of other are in one of them alone, expected the same studies in both.",
        ),
    ],
)
def test_a_folder_that_is_none_is_refused_by_name(old, new, asked, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("one/study", "two/study", "three/study", "three/other"):
        left(Path(folder), [])
    with pytest.raises(StudyError) as refused:
        [*differences(Path(old), Path(new), [Path(each) for each in asked[1:]])]
    assert str(refused.value) == said


def test_chapters_that_were_not_made_are_named_and_not_compared(tmp_path):
    old = left(tmp_path / "old", [finding("Nine.")], access="public", tables={"heard": HELD.format(women=9)})
    new = left(tmp_path / "new", [], access="public")
    manifest = json.loads((new / "manifest.json").read_text())
    manifest["notebooks"][0]["status"] = "failed"
    (new / "manifest.json").write_text(json.dumps(manifest))
    assert ran(old, new)[1] == (
        "A study: no finding was reworded.\nA public study: everything that changed.\n"
        "Name the study's folder (--study) to see which rows of the study are behind each change.\n"
        "Not compared, since one of the runs could not make it: Themes.\n"
    )


def behind(study: Path, said: dict) -> Counter:
    """Return how many rows of each kind are behind a finding."""
    return Counter(rows_behind(load_study(study), said)["kind"])


def test_a_finding_rests_on_the_judgements_of_its_theme_stance_group_and_coder(before):
    said = {
        each["heading"]: each
        for each in json.loads((before / "old" / "findings.json").read_text())
        if each.get("heading")
    }
    study = before / "study"
    passages, people = (table(study, name) for name in ("segments", "participants"))
    rows = (
        table(study, "codings")
        .merge(passages, left_on="unit_id", right_on="segment_id")
        .merge(people, on="participant_id")
    )
    rows = rows[
        rows["coder"].eq("Coder 1")
        & rows["area_id"].isin(["area_e", "area_f"])
        & rows["code_id"].eq("remote_contact")
    ]
    n = int(rows["stance"].isin(["strength", "challenge"]).sum())
    assert behind(study, said[PHONE]) == {"coding": n, "theme": 1, "person": 47, "area": 2, "setting": 3}
    assert behind(study, said[AREAS]) == {"area": 6}
    assert behind(study, said[PASSAGE]) == {"passage": 1}
    assert behind(study, said[NOTHING]) == {}
    answers = int(table(study, "survey_answers")["item_id"].eq("same_worker").sum())
    assert behind(study, said[SURVEY]) == {"survey question": 1, "survey answer": answers, "setting": 1}


def test_a_digest_of_evidence_is_another_one_for_the_findings_that_rest_on_a_row(before, tmp_path):
    said = json.loads((before / "old" / "findings.json").read_text())
    study = tmp_path / "study"
    shutil.copytree(before / "study", study)
    cell("codings", "int_16_p120_c1", "stance", "challenge")(study)
    was, now = load_study(before / "study"), load_study(study)
    lapsed = [called(each) for each in said if evidence_digest(was, each) != evidence_digest(now, each)]
    assert lapsed == [PHONE]


def test_published_findings_rest_on_what_they_cite(published):
    point = {"chapter": "02_themes", "area_id": "", "name": "said", "sentence": "", "evidence": ["ch6-p031"]}
    rows = rows_behind(published, point | {"about": {"themes": []}})
    assert rows["kind"].tolist() == ["point"]
    assert rows["label"].iloc[0].endswith("(Research, chapter 6)")
    measures = {"evidence": ["wd_inspection-kpi1"], "about": {"themes": []}}
    assert set(rows_behind(published, point | measures)["kind"]) == {"figure"}


def test_ten_records_are_kept_and_one_of_each_state(tmp_path):
    for state in [*map(str, range(12)), "11"]:
        history.keep(tmp_path, RECORD | {"state": state})
    assert [told["state"] for _, told in history.records(tmp_path)] == [
        str(state) for state in range(11, 1, -1)
    ]
    assert (tmp_path / "history" / ".gitignore").read_text() == "*\n"


def test_a_record_holds_no_words_of_anybody_and_a_person_who_withdraws_goes_from_it(before, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(before / "study", study)
    (study / "history" / "changes.html").write_text("C16 (Clients, Area B)")
    (_, record), *_ = history.records(study)
    words = json.dumps(record, ensure_ascii=False)
    assert not [text for text in table(study, "segments")["text"] if len(text) > 30 and text in words]
    assert '"C16"' in words
    withdraw("C16", study)
    (_, record), *_ = history.records(study)
    assert "C16" not in json.dumps(record)
    assert record["withdrawn"] == 1
    assert not (study / "history" / "changes.html").exists()


def test_a_run_says_what_changed_since_the_last_one_and_where_to_read_it(before, tmp_path):
    study, target = tmp_path / "study", tmp_path / "out" / "study"
    shutil.copytree(before / "study", study, ignore=shutil.ignore_patterns("history"))
    assert changed_since(study, quick_outputs(study, target), None) == ""
    was = SinceLast([target, tmp_path / "nothing"]).before
    cell("codings", "int_16_p120_c1", "stance", "challenge")(study)
    said = changed_since(study, quick_outputs(study, target), was[target])
    assert said == (
        "study, since the last run: 1 finding changed (1 moved in number), 6 cells of 2 tables. "
        f"Read {target / 'changes.html'}"
    )
    assert "coding changed: Paraprofessionals, interview 3" in (target / "changes.html").read_text(
        encoding="utf-8"
    )
    page = (target / "changes.html").read_text(encoding="utf-8")
    assert re.findall(r'<strong><a href="\./(.+?)">', page) == [
        "chapters/03_area_types.html#finding-written_2"
    ]
    said = changed_since(study, quick_outputs(study, target), read_left(target))
    assert said == (
        "study, since the last run: every finding and table says the same. "
        f"What changed last, on 27 November 2026: {target / 'changes.html'}"
    )
    assert (target / "changes.html").read_text(encoding="utf-8") == page


def test_a_chapter_that_could_not_be_made_is_compared_with_what_it_showed_when_it_was(before, tmp_path):
    study, target = tmp_path / "study", tmp_path / "out" / "study"
    shutil.copytree(before / "study", study, ignore=shutil.ignore_patterns("history"))
    areas = {"failed": ["03_area_types"]}

    def then(**how) -> str:
        was = SinceLast([target]).before.get(target)
        return changed_since(study, quick_outputs(study, target, **how), was)

    then()
    cell("codings", "int_16_p120_c1", "stance", "challenge")(study)
    page = target / "changes.html"
    assert then(**areas) == f"study, since the last run: no finding was reworded. Read {page}"
    shown = page.read_text(encoding="utf-8")
    assert "could not make it: area types. What changed there is said once it is made again." in shown
    assert then(**areas).endswith(f"What changed last, on 27 November 2026: {page}")
    assert page.read_text(encoding="utf-8") == shown
    assert then() == (
        f"study, since the last run: 1 finding changed (1 moved in number), 6 cells of 2 tables. Read {page}"
    )
    assert "coding changed: Paraprofessionals, interview 3" in page.read_text(encoding="utf-8")
    assert not (study / "history" / "not_made.gz").exists()


def test_what_a_chapter_showed_goes_where_a_person_withdraws(before, tmp_path):
    study = Path(shutil.copytree(before / "study", tmp_path / "study"))
    history.keep_not_made(study, [{"findings": ["C16 said"]}])
    withdraw("C16", study)
    assert history.not_made(study) == []


def test_what_changed_in_a_confidential_study_is_told_in_its_own_folder(before, tmp_path):
    study, target = tmp_path / "study", tmp_path / "out" / "study"
    shutil.copytree(before / "study", study)
    for text in ("Nobody asked.", "Nobody asked twice."):
        (study / "findings" / "10_survey.md").write_text(text, encoding="utf-8")
        was = SinceLast([target]).before.get(target)
        replaced("manifest.json", '"threshold": 0', '"threshold": 5')(quick_outputs(study, target))
        said = changed_since(study, target, was)
    assert said.endswith(f"Read {study / 'history' / 'changes.html'}")
    assert not (target / "changes.html").exists()


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("One. Two. Three.", "One. Three.", [("taken_out", "Two.")]),
        ("One.", "One. Two.", [("added", "Two.")]),
        ("One. Two.", "One. Three.", [("was", "Two."), ("now", "Three.")]),
        (None, "One. Two.", [("now", "One. Two.")]),
        ("One.", None, [("was", "One.")]),
        ("One.", "One.", []),
    ],
)
def test_of_a_finding_the_sentences_that_differ_are_shown(was, now, expected):
    assert sentences_changed({"was": was, "now": now}) == expected


def test_bounds_are_left_out_beside_what_they_bound_and_alone_are_shown():
    cells = [
        {"row": row, "column": column, "how": "changed", "was": was, "now": now}
        for row, column, was, now in (
            ("Travel", "n", "3", "4"),
            ("Travel", "low", "0.1", "0.2"),
            ("Cost", "share low", "0.1", "0.2"),
            ("Cost", "n", "5", "6"),
        )
    ]
    assert rows_changed({"cells": cells}) == [
        ("Travel", "n 3 → 4"),
        ("Cost", "n 5 → 6; share low 0.1 → 0.2"),
    ]


def one(called: str, *how: str, **more) -> dict:
    """Return a finding as told has it."""
    own = {"place": "Themes", "called": called, "signed_as": called, "at": "", "how": list(how)}
    return own | {"was": "", "now": "", "numbers": [], "rows": []} | more


def test_what_there_is_to_sign_is_listed_first_in_a_few_words():
    moved = one("Travel", "moved in number", numbers=[{"of": "n", "was": 1300, "now": 4}])
    further = one("A second paragraph.", "reworded", was="One.", now="Two.", signed_as="Travel")
    edited = one("Cost", "reworded", was="One. Two.", now="One.")
    resting = {"place": "Themes", "called": "Homes", "signed_as": "Homes", "at": "there"}
    findings = [moved, further, one("Jobs", "new"), edited, one("Buses", "gone", was="One."), resting]
    lapsed = [one("Travel", at="there"), one("Buses")]
    listed = to_do({"lapsed": lapsed, "signed": ["1 lapsed."]}, findings)
    assert [(heading, [in_a_line(each) for each in own]) for heading, own in listed] == [
        ("To be signed again (1)", ["moved in number, 1,300 → 4"]),
        ("To be signed for the first time (1)", ["new"]),
        ("Nothing to sign (3)", ["reworded, words taken out", "gone", "same words, other data"]),
    ]
    assert [heading for heading, _ in to_do({"lapsed": [], "signed": []}, findings)] == [
        "Findings that changed (5)"
    ]


def test_a_paragraph_is_signed_as_the_heading_that_it_is_under():
    headed, further = finding("It is far.", heading="Travel"), finding("Buses are few.", "written_2")
    left = Left({}, [headed, further, finding("Six areas.", "areas")], {}, {})
    assert left.signed_as == {
        ("02_themes", "written_1"): "Travel",
        ("02_themes", "written_2"): "Travel",
        ("02_themes", "areas"): "Six areas.",
    }


def test_what_was_not_signed_before_is_said_apart_from_what_is_new():
    new = [one("Jobs", "new"), one("Its second paragraph.", "new", signed_as="Jobs")]
    told = {"findings": new, "lapsed": [], "signed": ["10 not signed."]}
    told |= {"not_signed": {"Themes": 1, "North": 8, "South": 1}}
    assert unsigned_before(told) == "Not signed before: 9 findings, in North (8) and South (1)."
    assert unsigned_before(told | {"not_signed": {"Themes": 1}}) == ""
