"""QualCoder projects as version 3 keeps them: a folder with a database, and copies of documents beside it."""

import sqlite3

import pytest

from ncsresearch.exchange.export import export_study
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.schema import CallError, StudyError
from ncsresearch.study import check_study, load_study

TABLES = """
create table source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text, av_text_id integer, risid integer);
create table code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer);
create table code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text);
create table code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text, memo text, avid integer, important integer);
create table code_image (imid integer primary key, id integer);
create table cases (caseid integer primary key, name text, memo text, owner text, date text);
create table case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text, memo text);
create table attribute (attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text);
"""
TALK = "Interviewer: How is it? 😀\n\nAna: The bus is late.\nAna: Rooms are cheap."
BUS, ROOMS = TALK.index("The bus"), TALK.index("Rooms")
ROWS = f"""
insert into source (id, name, fulltext) values (1, 'talk.docx', '{TALK}'), (2, 'photo.png', null);
insert into code_cat (catid, name, supercatid) values (1, 'Access', null), (2, 'Roads', 1);
insert into code_name (cid, name, memo, catid) values (1, 'Bus', 'Getting about', 2), (2, 'Cost', '', null);
insert into code_text (ctid, cid, fid, seltext, pos0, pos1, owner, memo) values
 (1, 1, 1, 'The bus is late.', {BUS}, {BUS + 16}, 'nora', 'check'), (2, 2, 1, 'Rooms are cheap.', {ROOMS}, {ROOMS + 16}, 'bo', '');
insert into code_image (id) values (2);
insert into cases (caseid, name) values (1, 'Ana');
insert into case_text (caseid, fid, pos0, pos1) values (1, 1, 0, 60);
insert into attribute (name, attr_type, value, id) values ('Age', 'case', '40', 1), ('Kind', 'file', 'x', 1);
"""


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "sent" / "life.qda"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "talk.txt").write_text(TALK, encoding="utf-8")
    database = sqlite3.connect(folder / "data.qda")
    database.executescript(TABLES + ROWS)
    database.close()
    new_study(tmp_path / "study")
    settings = tmp_path / "study" / "study.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('reporting_coder = ""', 'reporting_coder = "nora"'), "utf-8"
    )
    return folder


@pytest.mark.parametrize("given", ["sent/life.qda", "sent/life.qda/data.qda", "sent"])
def test_a_project_is_read_from_its_folder_its_database_or_the_folder_above(project, tmp_path, given):
    import_files([tmp_path / given], tmp_path / "study")
    study = load_study(tmp_path / "study")
    assert study.documents["title"].tolist() == ["talk.docx"]
    assert study.segments[["text", "participant_id"]].values.tolist() == [
        ["The bus is late.", "Ana"],
        ["Rooms are cheap.", "Ana"],
    ]
    text = (tmp_path / "study" / "texts" / f"{study.documents['document_id'].iloc[0]}.txt").read_text("utf-8")
    assert [text[row.start : row.end] for row in study.segments.itertuples()] == [
        "The bus is late.",
        "Rooms are cheap.",
    ]
    assert study.codings[["code_id", "coder"]].astype("str").values.tolist() == [
        ["bus", "nora"],
        ["cost", "bo"],
    ]
    above = study.codebook.set_index("code_id")["parent_id"].astype("object")
    assert (above["bus"], above["roads"]) == ("roads", "access")
    assert study.attributes[["owner_id", "name", "value"]].values.tolist() == [["Ana", "Age", "40"]]


def test_what_is_not_read_is_counted_and_a_second_import_changes_nothing(project, tmp_path):
    (done,) = import_files([project], tmp_path / "study")
    dropped = {line.kind: line.dropped for line in done.file.account if line.dropped}
    assert dropped == {"document": 1, "row of code_image": 1}
    assert check_study(tmp_path / "study") == []
    (again,) = import_files([project], tmp_path / "study")
    assert not again.changes


def test_a_database_of_another_kind_is_refused(tmp_path):
    sqlite3.connect(tmp_path / "a.qda").executescript("create table source (id integer)")
    new_study(tmp_path / "study")
    with pytest.raises(StudyError) as refused:
        import_files([tmp_path / "a.qda"], tmp_path / "study")
    assert str(refused.value) == "a.qda: is no QualCoder project: it has no table 'case_text'."


WHERE = {"Area": "North", "Group": "Clients", "Age": "40"}


@pytest.mark.parametrize(
    ("maps", "area", "group", "kept"),
    [
        ([], "north", "Clients", {"Age"}),
        (["Area=attribute"], None, "Clients", {"Age", "Area"}),
        (["Group=leave out"], "north", "not stated", {"Age"}),
        (["Area=attribute", "Group=attribute", "Age=group"], None, "40", {"Area", "Group"}),
    ],
)
def test_attributes_of_cases_are_read_as_called_or_mapped_and_come_back_from_an_export(
    project, tmp_path, maps, area, group, kept
):
    database = sqlite3.connect(project / "data.qda")
    database.execute("delete from attribute")
    for name, value in WHERE.items():
        database.execute(
            "insert into attribute (name, attr_type, value, id) values (?, 'case', ?, 1)", (name, value)
        )
    database.commit()
    database.close()
    import_files([project], tmp_path / "study", maps=maps)
    export_study(tmp_path / "study", tmp_path / "back.qdpx")
    new_study(tmp_path / "again")
    settings = (tmp_path / "study" / "study.toml").read_text("utf-8")
    (tmp_path / "again" / "study.toml").write_text(settings, "utf-8")
    import_files([tmp_path / "back.qdpx"], tmp_path / "again")
    for study in (load_study(tmp_path / "study"), load_study(tmp_path / "again")):
        person = study.participants.astype("object").iloc[0]
        assert (person["area_id"] if area else None, person["participant_group"]) == (area, group)
        assert person[["area_id"]].isna().all() == (area is None)
        assert study.areas["area_id"].tolist() == [area] * bool(area)
        assert {*study.attributes["name"]} == kept


def test_a_column_of_a_project_without_attributes_is_refused_with_none(project, tmp_path):
    database = sqlite3.connect(project / "data.qda")
    database.execute("delete from attribute")
    database.commit()
    database.close()
    with pytest.raises(CallError, match="^--map: no file has a column .Area.; columns: none.$"):
        import_files([project], tmp_path / "study", maps=["Area=area"])
