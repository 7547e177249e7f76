"""Export: valid projects that lose nothing on the way back, a matrix that keeps its edits, one row a judgement."""

import zipfile

import openpyxl
import pandas as pd
import pytest
from lxml import etree

from conftest import PROJECT
from ncsresearch.exchange.export import export_study
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study, read_texts

ILLUSTRATIVE = PROJECT / "data" / "illustrative"
SAMPLES = [
    ["transcripts-and-codings/transcripts", "transcripts-and-codings/analyses"],
    ["consultation-responses"],
    ["nvivo-matrices"],
    ["qdpx/aqda_tacit_demo.qdpx"],
    ["qdpx/aqda_offset_traps.qdpx"],
    ["qdpx/nvivo_project.qdpx"],
    ["qdpx/skyloom_TestProject.qdpx"],
]
# a project has no place for these; an export says so
NOT_IN_A_PROJECT = ("origins", "survey_items", "survey_answers")


def new(folder):
    new_study(folder)
    return folder


def rows_of(folder) -> dict[str, pd.DataFrame]:
    """Tables of a study as a project can carry them, in an order of their own."""
    tables = {
        name: rows.fillna("") for name, rows in read_texts(folder).items() if name not in NOT_IN_A_PROJECT
    }
    attributes = tables["attributes"]
    tables["attributes"] = attributes[~attributes["owner"].isin(["survey_answers", "areas"])]
    return {name: rows.sort_values(list(rows), ignore_index=True) for name, rows in tables.items()}


def assert_same(one, other) -> None:
    first, second = rows_of(one), rows_of(other)
    for name in first:
        pd.testing.assert_frame_equal(second[name], first[name], obj=name)


def assert_valid(file, samples) -> None:
    schema = etree.XMLSchema(etree.parse(str(samples / "qdpx" / "REFI-QDA-project.xsd")))
    with zipfile.ZipFile(file) as archive:
        schema.assertValid(etree.fromstring(archive.read("project.qde")))
        assert all(name == "project.qde" or name.startswith("sources/") for name in archive.namelist())


@pytest.mark.parametrize("files", SAMPLES, ids=lambda files: files[0])
def test_import_export_import_gives_the_same_tables(files, samples, imported, tmp_path):
    study, again, file = tmp_path / "study", new(tmp_path / "again"), tmp_path / "out.qdpx"
    imported(files, study)
    export_study(study, file)
    assert_valid(file, samples)
    import_files([file], again)
    assert_same(study, again)
    before = read_texts(study)
    import_files([file], study)
    after = read_texts(study)
    for name in set(before) - {"origins"}:
        pd.testing.assert_frame_equal(after[name], before[name], obj=name)


def test_the_illustrative_study_goes_out_and_comes_back(tmp_path):
    again, file = new(tmp_path / "illustrative"), tmp_path / "out.qdpx"
    left_out = export_study(ILLUSTRATIVE, file)
    assert left_out == [
        "survey_items: 20 rows; a project has no place for them",
        "survey_answers: 2280 rows; a project has no place for them",
        "attributes: 420 of areas or survey respondents; a project has no place for them",
    ]
    import_files([file], again)
    assert_same(ILLUSTRATIVE, again)


def test_the_same_study_gives_the_same_file(tmp_path):
    for name in ("one.qdpx", "two.qdpx"):
        export_study(ILLUSTRATIVE, tmp_path / name)
    assert (tmp_path / "one.qdpx").read_bytes() == (tmp_path / "two.qdpx").read_bytes()


def test_two_judgements_of_a_passage_told_differently_stay_apart(samples, tmp_path):
    study, again = new(tmp_path / "study"), new(tmp_path / "again")
    highlights = tmp_path / "h.csv"
    highlights.write_text(
        "id,document,tag,content,stance,about,coder,memo\n"
        "h1,talk,Travel,It is far and free.,challenge,women,Ann,why so\n"
        "h1,talk,Cost,It is far and free.,strength,,Ann,\n"
        "h1,talk,Cost,It is far and free.,mixed,,Bob,\n"
    )
    import_files([highlights], study)
    export_study(study, tmp_path / "out.qdpx")
    assert_valid(tmp_path / "out.qdpx", samples)
    import_files([tmp_path / "out.qdpx"], again)
    assert_same(study, again)
    told = read_texts(again)["codings"][["code_id", "stance", "coder"]]
    assert told.values.tolist() == [
        ["travel", "challenge", "Ann"],
        ["cost", "strength", "Ann"],
        ["cost", "mixed", "Bob"],
    ]


def test_a_codebook_goes_out_and_comes_back(tmp_path):
    again, file = new(tmp_path / "again"), tmp_path / "book.qdc"
    export_study(ILLUSTRATIVE, file)
    import_files([file], again)
    assert_same_codebook = read_texts(again)["codebook"], read_texts(ILLUSTRATIVE)["codebook"]
    pd.testing.assert_frame_equal(*assert_same_codebook)


def test_an_edited_framework_matrix_comes_back_without_losing_an_edit(tmp_path):
    study, file = new(tmp_path / "study"), tmp_path / "matrix.xlsx"
    lines = "id,document,participant,tag,content\nh1,talk,S1,Travel,The bus is late.\nh2,talk,S2,Cost,=1+1\n"
    (tmp_path / "h.csv").write_text(lines)
    import_files([tmp_path / "h.csv"], study)
    export_study(study, file)
    book = openpyxl.load_workbook(file)
    sheet = book["Framework matrix"]
    heading = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, heading["Passages: Travel"]).value == 1
    sheet.cell(2, heading["Travel"]).value = "Late buses, told calmly"
    sheet.cell(3, heading["Cost"]).value = "=not a formula"
    assert {cell.data_type for row in book["Passages"] for cell in row} <= {"s", "n"}
    book.save(file)
    import_files([file], study)
    told = load_study(study).summaries
    assert told[["unit_id", "code_id", "text"]].values.tolist() == [
        ["S1", "travel", "Late buses, told calmly"],
        ["S2", "cost", "=not a formula"],
    ]
    export_study(study, tmp_path / "second.xlsx")
    again = openpyxl.load_workbook(tmp_path / "second.xlsx")["Framework matrix"]
    assert again.cell(2, heading["Travel"]).value == "Late buses, told calmly"
    assert not any(each.changes for each in import_files([tmp_path / "second.xlsx"], study))


def test_a_matrix_of_the_illustrative_study_has_a_row_a_person_and_a_column_a_theme(tmp_path):
    export_study(ILLUSTRATIVE, tmp_path / "matrix.xlsx")
    book = openpyxl.load_workbook(tmp_path / "matrix.xlsx", read_only=True)
    cells = list(book["Framework matrix"].iter_rows(values_only=True))
    assert len(cells) == 142
    assert "Travel and distance" in cells[0] and "Role" in cells[0]
    assert len(list(book["Passages"].iter_rows())) > 2_000


def test_coded_segments_as_csv_have_a_row_a_judgement_and_come_back(tmp_path):
    study, again = new(tmp_path / "study"), new(tmp_path / "again")
    (tmp_path / "h.csv").write_text(
        "id,document,participant,tag,content,stance\nh1,talk,S1,Access > Travel,Late.,negative\n"
    )
    import_files([tmp_path / "h.csv"], study)
    export_study(study, tmp_path / "out.csv")
    rows = pd.read_csv(tmp_path / "out.csv")
    assert rows[["participant_id", "code_path", "stance", "text"]].values.tolist() == [
        ["S1", "Access > Travel", "challenge", "Late."]
    ]
    import_files([tmp_path / "out.csv"], again)
    assert load_study(again).codings["stance"].tolist() == ["challenge"]
    assert rows["study_status"].str.startswith("Confidential study").all()
    assert "study_status" not in set(load_study(again).attributes["name"])


def test_what_cannot_be_written_is_refused(tmp_path):
    study = new(tmp_path / "study")
    for name, message in {
        "out.pdf": "out.pdf: no writer for '.pdf' files; known: .qdpx, .qdc, .xlsx, .csv.",
        "out.qdc": "out.qdc: the study has no codes, so there is no codebook to write.",
        "out.csv": "out.csv: the study has no coded passages to write.",
        "out.xlsx": "out.xlsx: the study has no code of the facet 'theme' for columns.",
    }.items():
        with pytest.raises(StudyError) as error:
            export_study(study, tmp_path / name)
        assert str(error.value) == message
        assert not (tmp_path / name).exists()
