"""Disagreements of two coders: written as a workbook, settled, read back, reported, and no third coder."""

import openpyxl
import pandas as pd
import pytest

from builders import study_folder
from ncsresearch import StudyError, agreement, load_study
from ncsresearch.evidence.judgements import judges, reported
from ncsresearch.exchange.export import export_study
from ncsresearch.exchange.import_files import import_files, said
from ncsresearch.study import check_study, read_texts

SETTINGS = """title = "A small study"
schema_version = "1"
access = "public"
evidence_date = "May 2023"
chapters = ["02_themes"]
reporting_coder = "Ann"
"""
SAID = ["The bus is late.", "Rooms are dear.", "Help is near.", "It rains on us."]
JUDGED = """Ann one 1 travel challenge
Bo one 1 travel challenge
Ann one 2 cost challenge
Bo one 2 cost mixed
Ann one 3 access strength
Ann one 4 travel challenge
Bo one 4 cost challenge
Ann two 1 travel strength"""
COLUMNS = ["Number", "Turn", "Words", "Ann: code", "Ann: stance", "Bo: code", "Bo: stance"]


def tables() -> dict[str, str]:
    """Two transcripts of the same four turns; Ann coded both, Bo the first, each in passages of their own."""
    places, turns = [], ["document_id,ordinal,speaker,role,participant_id,start,end"]
    for words in SAID:
        start = places[-1][1] + 5 if places else 4
        places.append((start, start + len(words)))
    for name in ("one", "two"):
        turns += [f"{name},{n},P1,respondent,P1,{a},{b}" for n, (a, b) in enumerate(places, start=1)]
    segments = ["segment_id,document_id,participant_id,kind,start,end,read_by,text"]
    codings = ["coding_id,unit,unit_id,code_id,stance,coder,notes"]
    for n, (coder, document, turn, code, stance) in enumerate(map(str.split, JUDGED.splitlines()), start=1):
        (a, b), words = places[int(turn) - 1], SAID[int(turn) - 1]
        segments.append(f"s{n},{document},P1,passage,{a},{b},reader,{words}")
        codings.append(f"c{n},segments,s{n},{code},{stance},{coder},{'unsure' if n == 4 else ''}")
    documents = "document_id,title,kind\none,One,transcript\ntwo,Two,transcript\n"
    people = "participant_id,participant_group,area_id\nP1,Staff,north\n"
    given = {"turns": turns, "segments": segments, "codings": codings}
    return {name: "\n".join(rows) + "\n" for name, rows in given.items()} | {
        "documents": documents,
        "participants": people,
    }


@pytest.fixture
def study(tmp_path):
    folder = study_folder(tmp_path / "study", settings=SETTINGS, **tables())
    (folder / "texts").mkdir()
    for name in ("one", "two"):
        (folder / "texts" / f"{name}.txt").write_text(
            "\n".join(f"P1: {words}" for words in SAID), encoding="utf-8"
        )
    return folder


@pytest.fixture
def workbook(study, tmp_path):
    assert export_study(study, tmp_path / "settle.xlsx", "disagreements") == []
    return tmp_path / "settle.xlsx"


def settled(path, **decisions: tuple) -> None:
    """Fill in rows by their number: decision, another code, its stance, why."""
    book = openpyxl.load_workbook(path)
    sheet = book["Disagreements"]
    first = [cell.value for cell in sheet[1]].index("Decision") + 1
    for number, told in decisions.items():
        for column, value in enumerate(told, start=first):
            sheet.cell(int(number.removeprefix("n")) + 1, column).value = value
    book.save(path)


def adjudicated(study) -> list[tuple]:
    rows = read_texts(study)["codings"]
    rows = rows[rows["coder"].eq("adjudicated")]
    return sorted(rows[["unit_id", "code_id", "stance", "notes"]].itertuples(index=False, name=None))


def test_a_row_is_a_turn_that_two_coders_judged_differently_with_what_may_be_decided(workbook):
    book = pd.read_excel(workbook, sheet_name=None, dtype="str", engine="openpyxl")
    assert [*book] == ["Disagreements", "Judgements", "Codes"]
    assert book["Disagreements"][COLUMNS].fillna("").to_numpy().tolist() == [
        ["1", "2", "Rooms are dear.", "Cost", "challenge", "Cost", "mixed"],
        ["2", "3", "Help is near.", "Access", "strength", "", ""],
        ["3", "4", "It rains on us.", "Travel", "challenge", "Cost", "challenge"],
    ]
    assert [*book["Disagreements"]["Bo: note"].fillna("")] == ["unsure", "", ""]
    sheet = openpyxl.load_workbook(workbook)["Disagreements"]
    chosen = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    assert chosen == {
        "M2:M4": '"Ann,Bo,both,neither,another code"',
        "N2:N4": "=Codes!$A$2:$A$4",
        "O2:O4": '"strength,challenge,mixed,suggestion,neutral"',
    }


def test_decisions_come_back_with_what_needed_none_and_an_open_row_is_named(study, workbook):
    settled(workbook, n1=("Bo",), n3=("another code", "Access", "suggestion", "they mean the path"))
    (came,) = import_files([workbook], study)
    assert said(came.report()).splitlines() == [
        "adjudicated judgements",
        "   in file    kept changed dropped  kind: what became of it",
        "         3       2       0       1  disagreement: not settled, and open still: number 2",
        "         1       1       0       0  judgement agreed by both coders",
        "         1       1       0       0  judgement of one coder alone",
        "  in the study: codings 4 added",
    ]
    assert adjudicated(study) == [
        ("s1", "travel", "challenge", "agreed by both coders"),
        ("s4", "cost", "mixed", "settled: Bo"),
        ("s6", "access", "suggestion", "settled: another code (they mean the path)"),
        ("s8", "travel", "strength", "of one coder alone"),
    ]
    (again,) = import_files([workbook], study)
    assert again.changes == {}
    settled(workbook, n1=("both",), n2=("neither",), n3=("Ann", None, None, None))
    import_files([workbook], study)
    assert adjudicated(study) == [
        ("s1", "travel", "challenge", "agreed by both coders"),
        ("s3", "cost", "challenge", "settled: both"),
        ("s4", "cost", "mixed", "settled: both"),
        ("s6", "travel", "challenge", "settled: Ann"),
        ("s8", "travel", "strength", "of one coder alone"),
    ]
    assert check_study(study) == []


def test_what_is_settled_is_reported_and_is_no_third_coder(study, workbook, tmp_path):
    before = agreement(load_study(study), draws=1)
    settled(workbook, n1=("Bo",), n2=("Ann",), n3=("neither",))
    import_files([workbook], study)
    by_ann = load_study(study)
    pd.testing.assert_frame_equal(agreement(by_ann, draws=1), before)
    path = study / "study.toml"
    path.write_text(SETTINGS.replace('"Ann"', '"adjudicated"'), encoding="utf-8")
    whole = load_study(study)
    assert judges(whole) == ["Ann", "Bo"]
    assert sorted(reported(whole)["unit_id"]) == ["s1", "s4", "s5", "s8"]
    pd.testing.assert_frame_equal(agreement(whole, draws=1), before)
    other = tmp_path / "again.xlsx"
    export_study(study, other, "disagreements")
    assert len(pd.read_excel(other, engine="openpyxl")) == 3


WRONG = {
    ("Cy",): "Decision: found 'Cy', expected one of Ann, Bo, both, neither, another code.",
    (
        "another code",
    ): "Another code: found 'nothing', expected one of Cost, Access, Travel, cost, access, travel.",
    (None, "Trawel"): (
        "Another code: found 'Trawel', expected one of Cost, Access, Travel, cost, access, travel. Nearest: 'Travel'."
    ),
    ("another code", "Cost", "god"): (
        "Its stance: found 'god', expected one of strength, challenge, mixed, suggestion, neutral."
    ),
}


@pytest.mark.parametrize("told", WRONG, ids=str)
def test_a_decision_that_cannot_be_is_refused_by_its_row(study, workbook, told):
    settled(workbook, n3=told)
    with pytest.raises(StudyError) as error:
        import_files([workbook], study)
    assert str(error.value) == f"settle.xlsx, sheet Disagreements, number 3, {WRONG[told]}"
    assert adjudicated(study) == []


def test_disagreements_are_of_two_coders_who_coded_the_same(study, tmp_path):
    rows = read_texts(study)["codings"]
    refused = {
        1: "disagreements are of two coders, and the study has 1 (Ann).",
        2: "Ann and Bo coded nothing that the other did too.",
        3: "disagreements are of two coders, and the study has 3 (Ann, Bo, Cy).",
    }
    changed = {
        1: rows[rows["coder"].eq("Ann")],
        2: rows[rows["coder"].eq("Bo") | rows["unit_id"].eq("s8")].sort_values("coder"),
        3: rows.assign(coder=rows["coder"].mask(rows["unit_id"].eq("s7"), "Cy")),
    }
    for n, codings in changed.items():
        codings.to_csv(study / "codings.csv", index=False)
        with pytest.raises(StudyError) as error:
            export_study(study, tmp_path / "settle.xlsx", "disagreements")
        assert str(error.value) == f"settle.xlsx: {refused[n]}"
    with pytest.raises(StudyError) as error:
        export_study(study, tmp_path / "settle.xlsx", "disagreement")
    assert str(error.value) == (
        "There is no form 'disagreement'; known: REFI-QDA project, REFI-QDA codebook, framework matrix, disagreements, "
        "one row per coded segment. Did you mean 'disagreements'?"
    )
