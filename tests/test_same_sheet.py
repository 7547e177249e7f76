"""A workbook comes again with a sheet more, fewer or under another name: it is the same workbook."""

import openpyxl
import pytest

from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.exchange.write_study import read_reports
from ncsresearch.study import read_texts
from ncsresearch.study.check import check_study

CODES = [["Code", "Definition"], ["Bus", "About buses"]]
PASSAGES = [["Participant", "Quote", "Code"], ["P1", "It came late", "Time"], ["P2", "It was full", "Room"]]


def people(area: str) -> list[list[str]]:
    return [["Participant", "Area"], ["P1", area], ["P2", "South"]]


def answers(second: str) -> list[list[str]]:
    return [["Response ID", "Well?", "Role"], ["r1", "Yes", "Carer"], ["r2", second, "Client"]]


@pytest.fixture
def bring(tmp_path):
    """Import a workbook of the sheets that are given, by their titles, under one name; returns the study's tables."""
    new_study(tmp_path / "study")

    def into(wave="", **sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / "w.xlsx")
        into.done = import_files([tmp_path / "w.xlsx"], tmp_path / "study", wave=wave)
        assert not check_study(tmp_path / "study")
        return read_texts(tmp_path / "study")

    return into


def test_a_correction_is_taken_when_a_sheet_is_put_in_taken_out_or_renamed(tmp_path, bring):
    bring(People=people("North"))
    tables = bring(People=people("South"), Codes=CODES)
    assert tables["participants"]["area_id"].tolist() == ["south", "south"]
    assert tables["codebook"]["label"].tolist() == ["Bus"]
    tables = bring(Participants=people("North"))
    assert tables["participants"]["area_id"].tolist() == ["north", "south"]
    assert tables["codebook"].empty
    (line,) = bring.done[1].file.account
    assert (bring.done[1].file.source, line.kind, line.dropped) == ("w.xlsx, Codes", "sheet that has gone", 1)
    assert read_reports(tmp_path / "study").keys() == {"w.xlsx", "w.xlsx, Codes"}


def test_a_survey_is_the_same_beside_a_new_sheet_and_goes_with_its_own(bring):
    assert bring(A=answers("Yes"))["survey_answers"]["answer"].tolist() == ["Yes", "Yes"]
    tables = bring(A=answers("No"), Codes=CODES)
    assert tables["survey_answers"]["answer"].tolist() == ["Yes", "No"]
    tables = bring(Codes=CODES)
    assert tables["survey_answers"].empty
    assert tables["survey_items"].empty
    assert tables["attributes"].empty


def test_coded_passages_are_the_same_beside_a_new_sheet(bring):
    before = bring(A=PASSAGES)
    after = bring(A=PASSAGES, People=people("North"))
    assert after["segments"]["segment_id"].tolist() == before["segments"]["segment_id"].tolist()
    assert len(after["codings"]) == len(before["codings"]) == 2
    assert after["documents"]["document_id"].tolist() == before["documents"]["document_id"].tolist()


def test_waves_are_no_sheets(bring):
    """The second wave of a survey is no newer version of the first."""
    for wave, second in (("2024", "Yes"), ("2025", "No")):
        tables = bring(wave, A=answers(second))
    assert tables["survey_answers"]["answer"].tolist() == ["Yes", "Yes", "Yes", "No"]


def said(*people: str) -> list[list[str]]:
    return [["Participant", "Quote", "Code"], *([person, f"{person} waited", "Time"] for person in people)]


def test_a_sheet_of_other_people_is_no_renamed_one(bring):
    bring(Jan=said("P1", "P2"), Feb=said("P3"))
    tables = bring(Feb=said("P3"), Mar=said("P4", "P5"))
    assert tables["participants"]["participant_id"].tolist() == ["P3", "P4", "P5"]
    assert [each.file.source for each in bring.done] == ["w.xlsx, Feb", "w.xlsx, Mar", "w.xlsx, Jan"]
    assert bring.done[2].file.account[0].kind == "sheet that has gone"


def test_a_workbook_of_none_of_the_sheets_is_another_workbook(bring):
    bring(Leeds=said("P1"), York=said("P2"))
    tables = bring(Hull=said("P3"), Bath=said("P4"))
    assert sorted(tables["participants"]["participant_id"]) == ["P1", "P2", "P3", "P4"]
