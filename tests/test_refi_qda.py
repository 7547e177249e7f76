import sqlite3
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pandas.testing import assert_frame_equal

from ncsresearch import StudyError
from ncsresearch.ingest.refi_qda import read_codebook, read_project
from ncsresearch.ingest.refi_qda_map import (
    AREA,
    ELEMENTS,
    INTERVIEW,
    PARTS,
    TOLD_AS,
    UNTOLD,
    element_of,
    row_of,
)
from ncsresearch.ingest.taguette import read_taguette
from qdpx_builder import (
    case,
    code,
    coding,
    described,
    element,
    group,
    note,
    passage,
    project,
    qdpx,
    refer,
    text_source,
    user,
    value,
    variable,
)

TEXT = "Interviewer: How?\nS03: The rent rose.\nInterviewer: And?\nS03: Buses are few.\n"
ROSE = "The rent rose.\n Buses are few.\n"
PLAIN = "The rent rose. Buses are few.\n"


def read(tmp_path, texts=None, *, entry="project.qde", folder="sources", **parts):
    texts = {"d1.txt": TEXT} if texts is None else texts
    return read_project(qdpx(tmp_path, texts, entry=entry, sources=folder, xml=project(**parts)))


def rows_of(incoming, table: str, *columns: str) -> list[tuple]:
    frame = incoming.tables.get(table, pd.DataFrame()).reindex(columns=list(columns))
    return [tuple(row) for row in frame.astype("object").where(frame.notna(), "").to_numpy()]


def values_of(incoming, owner: str) -> list[tuple]:
    found = rows_of(incoming, "attributes", "owner", "owner_id", "name", "value")
    return [row[1:] for row in found if row[0] == owner]


def account_of(incoming) -> dict[str, tuple[int, int, int, str]]:
    return {line.kind: (line.in_file, line.kept, line.changed, line.note) for line in incoming.account}


def passages_of(incoming) -> list[str]:
    return [words for (words,) in rows_of(incoming, "segments", "text")]


# where an attribute may stand

GENDER = variable("v1", "Gender") + variable("v2", "Area") + variable("v3", "Participant group")


def test_values_of_a_case_with_its_sources(tmp_path):
    told = value("v1", "female"), value("v2", "Northtown"), value("v3", "tenants")
    cases = case("p1", *told, refer("SourceRef", "d1"), name="Maya")
    incoming = read(
        tmp_path,
        {"d1.txt": PLAIN},
        variables=GENDER,
        cases=cases,
        sources=text_source("d1", name="Interview 7"),
    )
    assert rows_of(incoming, "participants", "participant_id", "area_id", "participant_group") == [
        ("Maya", "Northtown", "tenants")
    ]
    assert rows_of(incoming, "interviews", "interview_id", "document_id", "area_id", "participant_group") == [
        ("Interview 7", "d1", "Northtown", "tenants")
    ]
    assert rows_of(incoming, "attendances", "interview_id", "participant_id") == [("Interview 7", "Maya")]
    assert values_of(incoming, "participants") == [("Maya", "Gender", "female")]
    assert account_of(incoming)["VariableValue"][:2] == (3, 3)


def test_values_of_a_case_without_a_name(tmp_path):
    cases = case("p1", value("v1", "female"), refer("SourceRef", "d1")) + case(
        "p2", value("v1", "male"), refer("SourceRef", "d2")
    )
    sources = text_source("d1", name="Interview_S03.txt") + text_source("d2", name="Interview_S04.txt")
    incoming = read(
        tmp_path, {"d1.txt": TEXT, "d2.txt": PLAIN}, variables=GENDER, cases=cases, sources=sources
    )
    assert rows_of(incoming, "participants", "participant_id") == [("S03",), ("S04",)]
    assert values_of(incoming, "participants") == [("S03", "Gender", "female"), ("S04", "Gender", "male")]
    assert len(rows_of(incoming, "attendances", "participant_id")) == 2


def test_values_of_a_source(tmp_path):
    sources = text_source("d1", value("v1", "female"), value("v2", "Northtown"), name="a.txt")
    incoming = read(tmp_path, variables=GENDER, sources=sources)
    assert values_of(incoming, "interviews") == [("a", "Gender", "female")]
    assert values_of(incoming, "participants") == [("S03", "Gender", "female")]
    assert rows_of(incoming, "participants", "participant_id", "area_id") == [("S03", "Northtown")]
    assert rows_of(incoming, "interviews", "area_id") == [("Northtown",)]
    assert rows_of(incoming, "areas", "area_id", "name") == [("Northtown", "Northtown")]


def test_values_of_a_source_with_two_people_are_its_interview_s(tmp_path):
    sources = text_source("d1", value("v1", "mixed group"), name="a.txt")
    incoming = read(tmp_path, {"d1.txt": TEXT + "S04: Yes.\n"}, variables=GENDER, sources=sources)
    assert (values_of(incoming, "interviews"), values_of(incoming, "participants")) == (
        [("a", "Gender", "mixed group")],
        [],
    )


def test_a_set_that_names_a_value(tmp_path):
    sets = group("g1", "gender: male", refer("MemberSource", "d1"))
    incoming = read(tmp_path, sources=text_source("d1", name="a.txt"), sets=sets)
    assert values_of(incoming, "interviews") == [("a", "gender", "male")]
    assert values_of(incoming, "participants") == [("S03", "gender", "male")]
    assert rows_of(incoming, "sets", "set_id", "label", "unit", "unit_id") == [
        ("g1", "gender: male", "documents", "d1")
    ]
    assert account_of(incoming)["Set"] == (1, 1, 0, "1 read as an attribute of its sources")


def test_a_set_of_documents(tmp_path):
    sets = group("g1", "Landlords", refer("MemberSource", "d1"), refer("MemberSource", "gone"))
    incoming = read(tmp_path, sources=text_source("d1", name="a.txt"), sets=sets)
    assert values_of(incoming, "interviews") == [("a", "document group", "Landlords")]
    assert account_of(incoming)["MemberSource"] == (2, 1, 0, UNTOLD)
    assert account_of(incoming)["Set"][3] == "1 names a member that the project does not have"


def test_a_case_that_is_also_a_code_says_who_speaks(tmp_path):
    sources = text_source("d1", passage("s1", PLAIN, "The rent rose", coding("k1", "P1"), coding("k2", "c1")))
    codes = code("{P1}", "Maya") + code("c1", "Rent")
    cases = case("p1", value("v1", "female"), name="Maya")
    incoming = read(tmp_path, {"d1.txt": PLAIN}, codes=codes, cases=cases, variables=GENDER, sources=sources)
    assert rows_of(incoming, "segments", "participant_id", "text") == [("Maya", "The rent rose")]
    assert values_of(incoming, "participants") == [("Maya", "Gender", "female")]
    assert rows_of(incoming, "codebook", "code_id", "facet") == [("p1", "case"), ("c1", "")]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("TextValue", "one two"),
        ("BooleanValue", "true"),
        ("IntegerValue", "7"),
        ("FloatValue", "1.5"),
        ("DateValue", "2023-05-01"),
        ("DateTimeValue", "2023-05-01T10:00:00Z"),
    ],
)
def test_values_of_every_type(tmp_path, kind, words):
    cases = case("p1", value("v1", words, kind), value("v2", ""), name="Maya")
    incoming = read(tmp_path, {}, variables=GENDER, cases=cases)
    assert values_of(incoming, "participants") == [("Maya", "Gender", words)]
    assert account_of(incoming)["VariableValue"] == (2, 2, 0, "1 empty: no attribute")


# how other tools write files

ONE_PASSAGE = passage("s1", TEXT, "The rent rose", coding("k1", "c1"))
RENT = code("c1", "Rent")


@pytest.mark.parametrize(
    ("entry", "folder", "file"),
    [
        ("project.qde", "sources", "internal://d1.txt"),
        ("Project.qde", "Sources", "internal://d1.txt"),
        ("project.qde", "Sources", "d1.txt"),
        ("project.qde", "sources", "relative:///d1.txt"),
        ("project.qde", "sources", "sources/d1.txt"),
        ("My study.qde", "sources", "internal://D1.TXT"),
    ],
)
def test_a_source_is_found_wherever_it_lies(tmp_path, entry, folder, file):
    sources = text_source("d1", ONE_PASSAGE, name="a.txt", file=file)
    incoming = read(tmp_path, entry=entry, folder=folder, codes=RENT, sources=sources)
    assert (incoming.texts, passages_of(incoming)) == ({"d1": TEXT}, ["The rent rose"])
    assert rows_of(incoming, "segments", "participant_id", "interview_id") == [("S03", "a")]
    assert "remark" not in account_of(incoming)


def test_guids_in_braces_and_capitals(tmp_path):
    inner = passage("{S1}", TEXT, "The rent rose", coding("{K1}", "{C1}", by="{U1}"))
    sources = text_source("{D1}", inner, file="internal://d1.txt")
    incoming = read(tmp_path, users=user("u1", "Ana"), codes=RENT, sources=sources)
    assert rows_of(incoming, "codings", "coding_id", "unit_id", "code_id", "coder") == [
        ("k1", "s1", "c1", "Ana")
    ]


@pytest.mark.parametrize(
    "namespace", ["http://schema.qdasoftware.org/versions/Project/v1.0", "urn:QDA-XML:project:1.5"]
)
def test_a_draft_of_the_standard_is_read_and_remarked(tmp_path, namespace):
    incoming = read(tmp_path, namespace=namespace, codes=RENT, sources=text_source("d1", ONE_PASSAGE))
    assert passages_of(incoming) == ["The rent rose"]
    assert (
        account_of(incoming)["remark"][3]
        == f"namespace is {namespace!r}, not the standard's; read by names alone"
    )


def test_a_file_that_no_source_names_is_remarked(tmp_path):
    incoming = read(tmp_path, {"d1.txt": TEXT, "other.txt": "a"}, sources=text_source("d1"))
    assert account_of(incoming)["remark"][3] == "file in the zip that no source names: 1"


def test_empty_parts_bring_nothing(tmp_path):
    incoming = read(tmp_path, {}, variables="", cases="", sources="", notes="", links="", sets="")
    assert {name: len(rows) for name, rows in incoming.tables.items()} == dict.fromkeys(
        ("segments", "codings", "notes", "links", "sets", "codebook"), 0
    )
    assert list(account_of(incoming)) == ["User"]


def test_a_source_without_its_file_keeps_its_codings(tmp_path):
    inner = passage("s1", TEXT, "The rent rose", coding("k1", "c1"), name="The rent rose")
    incoming = read(tmp_path, {}, codes=RENT, sources=text_source("d1", inner, name="a.txt"))
    assert rows_of(incoming, "segments", "segment_id", "document_id", "start", "text") == [
        ("s1", "d1", "", "")
    ]
    assert rows_of(incoming, "codings", "unit_id", "code_id") == [("s1", "c1")]
    assert values_of(incoming, "segments") == [
        ("s1", "region", "startPosition=23 endPosition=36"),
        ("s1", "name in the tool", "The rent rose"),
    ]
    account = account_of(incoming)
    assert account["TextSource"] == (1, 1, 0, "1 without its text file: passages kept unanchored")
    assert account["PlainTextSelection"] == (1, 1, 0, "1 without a place in the text: kept unanchored")
    assert account["positions: no text"] == (1, 0, 0, "1 source, 0% of passages anchor")


def test_a_text_inside_the_project(tmp_path):
    inside = element("PlainTextContent", PLAIN)
    source = element("TextSource", inside, passage("s1", PLAIN, "Buses are few"), guid="d1", name="a")
    incoming = read(tmp_path, {}, sources=source)
    assert (incoming.texts, passages_of(incoming)) == ({"d1": PLAIN}, ["Buses are few"])


@pytest.mark.parametrize("words", ["The rent rose.\n", " Buses are few", "rent ro"])
def test_a_passage_drawn_carelessly_is_kept_where_it_stands(tmp_path, words):
    drawn = (("s1", words), ("s2", "rent"), ("s3", "are"))
    inner = (passage(key, ROSE, each) for key, each in drawn)
    incoming = read(tmp_path, {"d1.txt": ROSE}, sources=text_source("d1", *inner))
    assert passages_of(incoming)[0] == words


def test_positions_stay_whole_numbers_beside_a_passage_without_a_place(tmp_path):
    nowhere = element("PlainTextSelection", guid="s4", startPosition="900", endPosition="901", name="gone")
    inner = passage("s1", ROSE, "rent"), passage("s2", ROSE, "are"), nowhere, coding("k1", "c1")
    incoming = read(tmp_path, {"d1.txt": ROSE}, codes=RENT, sources=text_source("d1", *inner))
    assert rows_of(incoming, "segments", "segment_id", "start", "end", "ordinal") == [
        ("s1", "4", "8", "1"),
        ("s2", "22", "25", "2"),
        ("s4", "", "", "3"),
        ("d1-whole", "", "", ""),
    ]


def test_positions_of_another_text_are_not_believed(tmp_path):
    inner = (
        element("PlainTextSelection", guid=f"s{at}", startPosition=str(at), endPosition=str(at + 3))
        for at in (1, 5, 9)
    )
    incoming = read(tmp_path, {"d1.txt": "Something"}, sources=text_source("d1", *inner))
    assert passages_of(incoming) == ["", "", ""]
    assert rows_of(incoming, "segments", "start", "end") == [("", "")] * 3


def test_positions_follow_the_sources_that_leave_no_doubt(tmp_path):
    # In the second text both ways of counting put "ab" where an "ab" stands.
    sure, unsure = "😀 one", "😀😀😀 ab ab ab ab"
    first = element("PlainTextSelection", guid="s1", startPosition="3", endPosition="6", name="one")
    second = element("PlainTextSelection", guid="s2", startPosition="10", endPosition="12", name="ab")
    sources = text_source("d1", first) + text_source("d2", second)
    incoming = read(tmp_path, {"d1.txt": sure, "d2.txt": unsure}, sources=sources)
    assert rows_of(incoming, "segments", "start", "end") == [("2", "5"), ("7", "9")]
    kind = "positions: UTF-16 units, line ends as in the file"
    assert account_of(incoming)[kind] == (2, 2, 0, "2 sources, 100% of passages anchor")


def test_positions_that_stay_in_doubt_are_said_to(tmp_path):
    second = element("PlainTextSelection", guid="s2", startPosition="10", endPosition="12", name="ab")
    incoming = read(tmp_path, {"d1.txt": "😀😀😀 ab ab ab ab"}, sources=text_source("d1", second))
    line = incoming.account[-1]
    doubt = "1 source, 100% of passages anchor; ambiguous in 1: UTF-16 units, line ends as in the file fits as well"
    assert (line.kind, line.note, line.example) == (
        "positions: code points, line ends as in the file",
        doubt,
        "d1",
    )


# codes and codings


def test_codes_nested_coloured_and_described(tmp_path):
    inner = (
        code("c2", "Ferry", color="#ff0000", description="Boats.\nInclude: piers\nExclude: bridges"),
        code("c3", "Bus"),
    )
    codes = code("c1", "Travel", *inner, isCodable="false") + code("c4", "Rent::Rises") + code("c5", "Rent")
    columns = ("code_id", "parent_id", "label", "colour", "definition", "include", "exclude", "notes")
    assert rows_of(read(tmp_path, {}, codes=codes), "codebook", *columns) == [
        ("c1", "", "Travel", "", "", "", "", "a heading: not for coding"),
        ("c2", "c1", "Ferry", "#ff0000", "Boats.", "piers", "bridges", ""),
        ("c3", "c1", "Bus", "", "", "", "", ""),
        ("c4", "c5", "Rent::Rises", "", "", "", "", ""),
        ("c5", "", "Rent", "", "", "", "", ""),
    ]


def test_a_line_that_is_not_a_code_s_stays_in_its_definition(tmp_path):
    codes = code("c1", "Ferry", description="Boats.\nYear: 2020\nInclude: piers\nInclude: slips")
    found = rows_of(read(tmp_path, {}, codes=codes), "codebook", "definition", "include")
    assert found == [("Boats.\nYear: 2020", "piers\nslips")]


def test_a_codebook_alone(tmp_path):
    sets = element("Sets", group("g1", "Money", refer("MemberCode", "c1")))
    xml = element("CodeBook", element("Codes", RENT), sets, xmlns="urn:QDA-XML:codebook:1.0")
    (tmp_path / "a.qdc").write_text(xml, encoding="utf-8")
    incoming = read_codebook(tmp_path / "a.qdc")
    assert rows_of(incoming, "codebook", "code_id", "label") == [("c1", "Rent")]
    assert rows_of(incoming, "sets", "label", "unit", "unit_id") == [("Money", "codebook", "c1")]


def test_two_coders_of_one_passage(tmp_path):
    codings = coding("k1", "c1", by="u1"), coding("k2", "c2", by="u2"), coding("k3", "c1", by="u3")
    incoming = read(
        tmp_path,
        users=user("u1", "Ana") + user("u2", "Ben"),
        codes=RENT + code("c2", "Money"),
        sources=text_source("d1", passage("s1", TEXT, "The rent rose", *codings)),
    )
    assert rows_of(incoming, "codings", "coding_id", "code_id", "coder") == [
        ("k1", "c1", "Ana"),
        ("k2", "c2", "Ben"),
        ("k3", "c1", "not stated"),
    ]
    assert account_of(incoming)["Coding"] == (3, 3, 0, "")


TOLD = code("t1", "Told as", code("t2", "Challenge"), code("t3", "Strength"))


def test_a_stance_code_tells_its_coder_s_other_codes(tmp_path):
    codings = coding("k1", "c1"), coding("k2", "t2"), coding("k3", "c1", by="u2")
    incoming = read(
        tmp_path,
        users=user("u1", "Ana") + user("u2", "Ben"),
        codes=RENT + TOLD,
        sources=text_source("d1", passage("s1", TEXT, "The rent rose", *codings)),
    )
    assert rows_of(incoming, "codings", "coding_id", "code_id", "stance", "coder") == [
        ("k1", "c1", "challenge", "Ana"),
        ("k3", "c1", "", "Ben"),
    ]
    assert account_of(incoming)["Coding"] == (3, 2, 1, "1 giving the stance of the passage's other codes")


def test_a_stance_code_alone_is_a_coding(tmp_path):
    sources = text_source("d1", passage("s1", TEXT, "The rent rose", coding("k1", "t2")))
    incoming = read(tmp_path, codes=TOLD, sources=sources)
    assert rows_of(incoming, "codings", "coding_id", "code_id") == [("k1", "t2")]
    assert account_of(incoming)["Coding"][:3] == (1, 1, 0)


def test_notes_on_a_coding(tmp_path):
    notes = note("n1", "not sure of this") + note(
        "n2", "stance: challenge\nabout_client_group: women", TOLD_AS
    )
    inner = coding("k1", "c1", refer("NoteRef", "n1"), refer("NoteRef", "n2"))
    incoming = read(
        tmp_path, codes=RENT, notes=notes, sources=text_source("d1", passage("s1", TEXT, "rose", inner))
    )
    columns = ("coding_id", "stance", "about_client_group", "notes")
    assert rows_of(incoming, "codings", *columns) == [("k1", "challenge", "women", "not sure of this")]
    assert (rows_of(incoming, "notes", "note_id"), account_of(incoming)["Note"][:2]) == ([], (2, 2))


def test_a_code_that_is_not_there(tmp_path):
    inner = passage("s1", TEXT, "rose", coding("k1", "c9"))
    incoming = read(tmp_path, codes=RENT, sources=text_source("d1", inner))
    note_of_it = "1 points to a code that the project does not have"
    assert account_of(incoming)["Coding"] == (1, 0, 0, note_of_it)


def test_a_coding_of_a_whole_source(tmp_path):
    incoming = read(tmp_path, codes=RENT, sources=text_source("d1", coding("k1", "c1")))
    assert rows_of(incoming, "segments", "segment_id", "label", "text") == [
        ("d1-whole", "the source as a whole", "")
    ]
    assert rows_of(incoming, "codings", "unit_id", "code_id") == [("d1-whole", "c1")]


# notes, links, sets


def test_memos_on_a_code_a_source_a_passage_and_the_project(tmp_path):
    notes = "".join(note(f"n{n}", f"words {n}", f"Memo {n}") for n in (1, 2, 3, 4))
    sources = text_source("d1", passage("s1", TEXT, "rose", refer("NoteRef", "n3")), refer("NoteRef", "n2"))
    codes = element("Code", refer("NoteRef", "n1"), guid="c1", name="Rent")
    incoming = read(tmp_path, codes=codes, sources=sources, notes=notes, more=refer("NoteRef", "n4"))
    assert rows_of(incoming, "notes", "note_id", "unit", "unit_id", "title", "text", "author") == [
        ("n1", "codebook", "c1", "Memo 1", "words 1", "Ana"),
        ("n2", "documents", "d1", "Memo 2", "words 2", "Ana"),
        ("n3", "segments", "s1", "Memo 3", "words 3", "Ana"),
        ("n4", "", "", "Memo 4", "words 4", "Ana"),
    ]
    assert account_of(incoming)["NoteRef"][:2] == (4, 4)


def test_a_memo_on_two_things_is_about_the_first(tmp_path):
    sources = text_source("d1", passage("s1", TEXT, "rose", refer("NoteRef", "n1"), refer("NoteRef", "n9")))
    codes = element("Code", refer("NoteRef", "n1"), guid="c1", name="Rent")
    incoming = read(tmp_path, codes=codes, sources=sources, notes=note("n1", "words"))
    assert rows_of(incoming, "notes", "note_id", "unit", "unit_id") == [("n1", "codebook", "c1")]
    told = "2 on a further thing, or of a note that is not there"
    assert account_of(incoming)["NoteRef"] == (3, 1, 0, told)


def test_a_memo_in_a_file_of_its_own(tmp_path):
    notes = element("Note", guid="n1", name="Memo", plainTextPath="internal://n1.txt", creatingUser="u1")
    incoming = read(tmp_path, {"n1.txt": "\ufeffcafé\r\n"}, notes=notes)
    assert rows_of(incoming, "notes", "title", "text") == [("Memo", "café")]
    assert "remark" not in account_of(incoming)


def test_links(tmp_path):
    sources = text_source("d1", passage("s1", TEXT, "rose"), passage("s2", TEXT, "few"))
    links = element(
        "Link", guid="l1", name="supports", direction="OneWay", originGUID="s1", targetGUID="{S2}"
    )
    links += element("Link", guid="l2", direction="Bidirectional", originGUID="c1", targetGUID="s1")
    links += element("Link", guid="l3", originGUID="c1", targetGUID="gone")
    incoming = read(tmp_path, codes=RENT, sources=sources, links=links)
    assert rows_of(
        incoming, "links", "link_id", "kind", "from_table", "from_id", "to_table", "to_id", "direction"
    ) == [
        ("l1", "supports", "segments", "s1", "segments", "s2", "from one to the other"),
        ("l2", "link", "codebook", "c1", "segments", "s1", "both ways"),
    ]
    assert account_of(incoming)["Link"] == (3, 2, 0, "1 joins something the project does not have")


def test_sets_of_codes_and_of_nothing(tmp_path):
    sets = group("g1", "Money", described("about money"), refer("MemberCode", "c1")) + group("g2", "Empty")
    incoming = read(tmp_path, {}, codes=RENT, sets=sets)
    assert rows_of(incoming, "sets", "set_id", "label", "description", "unit", "unit_id") == [
        ("g1", "Money", "about money", "codebook", "c1"),
        ("g2", "Empty", "", "", ""),
    ]


def test_what_has_no_place_is_in_the_account(tmp_path):
    graphs = element("Graphs", element("Graph", element("Vertex", guid="x1"), guid="g1", name="Map"))
    account = account_of(read(tmp_path, {}, more=graphs))
    assert account["Graph"] == account["Vertex"] == (1, 0, 0, UNTOLD)


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("<CodeBook/>", "a.qdpx: its project.qde begins with 'CodeBook', expected 'Project'."),
        ("<Project>\n<Users>", "a.qdpx: its XML is broken in line 2; export it again."),
        (
            "<!DOCTYPE a><Project/>",
            "a.qdpx: declares a document type or entities, which no project needs; not read.",
        ),
    ],
)
def test_what_is_no_project_is_refused(tmp_path, xml, message):
    with pytest.raises(StudyError) as raised:
        read_project(qdpx(tmp_path, {}, xml=xml))
    assert str(raised.value) == message


def test_a_zip_without_a_project(tmp_path):
    with pytest.raises(StudyError) as raised:
        read_project(qdpx(tmp_path, {}, entry="a.xml", xml="<Project/>"))
    assert str(raised.value) == "a.qdpx: is no REFI-QDA project: it holds no project.qde."


# the map


@pytest.mark.parametrize(
    "kind",
    [*(each for each in ELEMENTS if each.attributes), AREA, INTERVIEW],
    ids=lambda kind: f"{kind.name} {kind.table}",
)
def test_a_row_comes_back_from_its_element(kind):
    columns = {*kind.column_of.values(), *kind.line_of, kind.words} - {""}
    row = dict.fromkeys(columns, "one line\nand another")
    row |= {"direction": "both ways"} if kind.name == "Link" else {}
    ends = {"from_table": "codebook", "to_table": "segments"}
    assert row_of(element_of(kind, row | ends, lambda table, row_id: row_id), kind) == row


# projects of other tools


def elements_of(path: Path) -> Counter:
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.lower().endswith("project.qde"))
        root = etree.fromstring(archive.read(name))
    return Counter(etree.QName(each).localname for each in root.iter(etree.Element))


SAMPLES = ("skyloom_TestProject", "atlasti_target", "nvivo_project", "aqda_tacit_demo", "aqda_offset_traps")


@pytest.mark.parametrize("name", SAMPLES)
def test_every_element_of_a_sample_is_accounted_for(samples, name):
    path = samples / "qdpx" / f"{name}.qdpx"
    incoming = read_project(path)
    told = {line.kind: line.in_file for line in incoming.account}
    expected = {kind: n for kind, n in elements_of(path).items() if kind not in PARTS}
    assert {kind: n for kind, n in told.items() if kind in expected} == expected
    assert set(told) - set(expected) <= {"remark", *(kind for kind in told if kind.startswith("positions: "))}
    assert all(line.dropped >= 0 for line in incoming.account)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_rows_of_a_sample_agree_with_its_account(samples, name):
    incoming = read_project(samples / "qdpx" / f"{name}.qdpx")
    kept = {line.kind: line.kept for line in incoming.account}
    n_rows = {table: len(rows) for table, rows in incoming.tables.items()}
    assert n_rows["codebook"] == kept["Code"]
    assert n_rows.get("documents", 0) == sum(
        n for kind, n in kept.items() if kind.endswith("Source") and kind != "MemberSource"
    )
    assert (n_rows["links"], n_rows["notes"]) == (kept.get("Link", 0), kept.get("Note", 0))


def test_the_demonstration_project_has_its_published_counts(samples):
    incoming = read_project(samples / "qdpx" / "aqda_tacit_demo.qdpx")
    n_rows = {table: len(rows) for table, rows in incoming.tables.items()}
    expected = {"documents": 24, "interviews": 24, "participants": 24, "codebook": 12, "codings": 181}
    assert {table: n_rows[table] for table in expected} == expected
    assert incoming.tables["segments"]["text"].notna().all()
    assert len(values_of(incoming, "participants")) == 96


# Taguette

TAGUETTE = """
create table users (login varchar(30) primary key, created datetime not null);
create table projects (id integer primary key autoincrement, name varchar(200) not null, description text not null);
create table project_members (project_id integer, user_login varchar(30), privileges varchar(11) not null);
create table documents (id integer primary key autoincrement, name varchar(200) not null, description text not null,
    filename varchar(200) not null, project_id integer not null, text_direction varchar(13) not null, contents text not null);
create table commands (id integer primary key autoincrement, date datetime, user_login varchar(30) not null,
    project_id integer not null, document_id integer, payload text not null);
create table tags (id integer primary key autoincrement, project_id integer not null, path varchar(200) not null,
    description text not null);
create table highlights (id integer primary key autoincrement, document_id integer not null,
    start_offset integer not null, end_offset integer not null, snippet text not null);
create table highlight_tags (highlight_id integer not null, tag_id integer not null);
insert into users values ('ana', ''), ('ben', '');
insert into projects values (1, 'A project', '');
insert into project_members values (1, 'ana', 'ADMIN'), (1, 'ben', 'TAG');
insert into tags values (1, 1, 'travel', 'getting about'), (2, 1, 'travel.ferry', ''), (3, 1, 'rent.rises', '');
insert into highlight_tags values (1, 1), (1, 3), (2, 2);
insert into commands (user_login, project_id, document_id, payload) values
    ('ana', 1, 1, '{"type": "highlight_add", "highlight_id": 1}'),
    ('ben', 1, 1, '{"type": "highlight_add", "highlight_id": 2}'),
    ('ben', 1, 1, '{"type": "highlight_add", "highlight_id": 1}');
"""
CONTENTS = (
    "<p>Interviewer: How are you 😀?</p>\n<p>S03: The <strong>café’s</strong> rent\nrose &amp; rose.</p>\n"
    "<ul><li>S03: It’s the ferry.</li></ul>\n"
)
# The words between the tags, and the bytes before each highlight in them: an emoji is four, é two, ’ three.
WORDS = "Interviewer: How are you 😀?\nS03: The café’s rent\nrose & rose.\nS03: It’s the ferry.\n"
HIGHLIGHTS = (
    ("café’s rent\nrose & rose", "<p><strong>café’s</strong> rent\nrose &amp; rose</p>"),
    ("the ferry", "<p>the ferry</p>"),
)


def taguette(folder: Path, contents: str = CONTENTS) -> Path:
    path = folder / "a.sqlite3"
    database = sqlite3.connect(path)
    database.executescript(TAGUETTE)
    document = ("a.docx", "an interview", "a.docx", 1, "LEFT_TO_RIGHT", contents)
    database.execute("insert into documents values (1, ?, ?, ?, ?, ?, ?)", document)
    for words, snippet in HIGHLIGHTS:
        start = len(WORDS[: WORDS.index(words)].encode())
        place = (1, start, start + len(words.encode()), snippet)
        database.execute(
            "insert into highlights (document_id, start_offset, end_offset, snippet) values (?, ?, ?, ?)",
            place,
        )
    database.commit()
    database.close()
    return path


def test_taguette_highlights_are_read_exactly(tmp_path):
    incoming = read_taguette(taguette(tmp_path))
    text = incoming.texts["1"]
    found = rows_of(incoming, "segments", "segment_id", "document_id", "start", "end", "text")
    assert [(key, words) for key, _, _, _, words in found] == [
        ("1", "café’s rent\nrose & rose"),
        ("2", "the ferry"),
    ]
    assert [text[int(start) : int(end)] for _, _, start, end, _ in found] == [
        words for words, _ in HIGHLIGHTS
    ]
    account = account_of(incoming)
    assert account["positions: UTF-8 bytes, line ends as in the file"] == (
        2,
        2,
        0,
        "1 source, 100% of highlights anchor",
    )


def test_taguette_tags_and_coders(tmp_path):
    incoming = read_taguette(taguette(tmp_path))
    assert rows_of(incoming, "codebook", "code_id", "parent_id", "label", "definition") == [
        ("1", "", "travel", "getting about"),
        ("2", "1", "travel.ferry", ""),
        ("3", "", "rent.rises", ""),
    ]
    assert rows_of(incoming, "codings", "coding_id", "unit_id", "code_id", "coder") == [
        ("1/1", "1", "1", "ana"),
        ("1/3", "1", "3", "ana"),
        ("2/2", "2", "2", "ben"),
    ]


def test_taguette_transcripts_have_turns(tmp_path):
    incoming = read_taguette(taguette(tmp_path))
    assert rows_of(incoming, "documents", "document_id", "title", "notes") == [
        ("1", "a.docx", "an interview")
    ]
    assert rows_of(incoming, "turns", "document_id", "speaker", "participant_id") == [
        ("1", "Interviewer", ""),
        ("1", "S03", "S03"),
        ("1", "S03", "S03"),
    ]


def test_taguette_account(tmp_path):
    assert account_of(read_taguette(taguette(tmp_path))) == {
        "document": (1, 1, 0, ""),
        "tag": (3, 3, 0, ""),
        "highlight": (2, 2, 0, ""),
        "tag on a highlight": (3, 3, 0, ""),
        "positions: UTF-8 bytes, line ends as in the file": (2, 2, 0, "1 source, 100% of highlights anchor"),
        "step of the project's history": (3, 0, 0, "read for who made a highlight; not kept"),
        **{
            f"row of {name}": (n, 0, 0, "not evidence: left out")
            for name, n in (("projects", 1), ("users", 2))
        },
        "row of sqlite_sequence": (5, 0, 0, "not evidence: left out"),
    }


def test_taguette_highlight_of_words_that_are_gone(tmp_path):
    incoming = read_taguette(taguette(tmp_path, "<p>Else.</p>"))
    assert rows_of(incoming, "segments", "start", "text") == [("", words) for words, _ in HIGHLIGHTS]
    assert incoming.account[4].note == "1 source, 0% of highlights anchor"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"SQLite? no", "a.sqlite3: is no SQLite database, though its name says so."),
        (b"", "a.sqlite3: is no Taguette project: it has no table 'documents'."),
    ],
)
def test_what_is_no_taguette_project_is_refused(tmp_path, content, message):
    (tmp_path / "a.sqlite3").write_bytes(content)
    with pytest.raises(StudyError) as raised:
        read_taguette(tmp_path / "a.sqlite3")
    assert str(raised.value) == message


def test_a_source_without_its_plain_text_is_read_from_its_word_twin(tmp_path):
    import io

    import docx

    file, twin = tmp_path / "twin.qdpx", io.BytesIO()
    document = docx.Document()
    for line in ("Line one 😀 ends.", "Line two stands here."):
        document.add_paragraph(line)
    document.save(twin)
    project = (
        '<Project xmlns="urn:QDA-XML:project:1.0" name="twin"><CodeBook><Codes>'
        '<Code guid="8d5fe41b-b7c3-48ec-a8d0-682a715c98ad" name="Travel" isCodable="true"/></Codes></CodeBook><Sources>'
        '<TextSource guid="5f5bc6f2-1ea8-4be7-9fef-12584543a182" name="talk" plainTextPath="internal://gone.txt" '
        'richTextPath="internal://talk.docx"><PlainTextSelection guid="4c606495-dc2e-4ad2-8b36-d15869c2b16a" '
        'startPosition="18" endPosition="26"/></TextSource></Sources></Project>'
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("project.qde", project)
        archive.writestr("sources/talk.docx", twin.getvalue())
    incoming = read_project(file)
    assert incoming.tables["segments"]["text"].tolist() == ["Line two"]
    told = {line.kind: line.note for line in incoming.account}
    assert told["TextSource"] == "1 without its plain text: read from its Word twin"


def test_a_project_goes_to_its_rows_through_eight_modules_and_five_on_who_speaks(tmp_path):
    """The modules of the package with a function that is called, but for the schema, which is the data dictionary."""
    source = text_source("d1", passage("q1", TEXT, "The rent rose"), value("v1", "female"), name="a.txt")
    path = qdpx(tmp_path, {"d1.txt": TEXT}, xml=project(variables=GENDER, sources=source))
    called = set()

    def note(frame, event, argument):
        called.add(frame.f_globals.get("__name__", ""))

    sys.setprofile(note)
    try:
        read_project(path)
    finally:
        sys.setprofile(None)
    ours = {name.removeprefix("ncsresearch.") for name in called if name.startswith("ncsresearch.")}
    assert sorted(name.removeprefix("ingest.") for name in ours - {"schema"}) == [
        *("archive", "conversation_table", "fields", "imported_file", "positions", "refi_qda"),
        *(
            "refi_qda_file",
            "refi_qda_map",
            "speaker_label",
            "speaker_marks",
            "speaker_role",
            "transcript",
            "transcript_head",
        ),
    ]


# plain passages are read as lists, others from the tree

MARKED = (
    "Interviewer",
    "The rent rose",
    "rent",
    "Buses are few",
    "few.\nIn",
    "rose.\nInterviewer: And?\nS03: Buses",
)
JUDGED = st.lists(
    st.tuples(st.sampled_from(["c1", "t2", "t3", "s03", "none"]), st.sampled_from(["u1", "u2"])), max_size=3
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(MARKED), JUDGED), min_size=1, max_size=6), st.booleans())
def test_plain_passages_are_read_as_those_with_a_description(tmp_path_factory, passages, twice):
    text = TEXT.replace(
        "And?\nS03: Buses are few", "And?\nS03: Buses are few.\nInterviewer: Why?\nS03: No idea"
    )
    marked = [
        (f"p{n}", words, [coding(f"k{n}{m}", key, by=by) for m, (key, by) in enumerate(judged)])
        for n, (words, judged) in enumerate(passages)
        if words in text
    ]
    known = {
        "users": user("u1", "Ana") + user("u2", "Bo"),
        "codes": code("c1", "Rent") + TOLD + code("s03", "S03"),
    }
    known |= {"cases": case("s03", name="S03")}
    read_as = []
    for more in ([], [element("Description")]):
        inner = [passage(key, text, words, *more, *judged) for key, words, judged in marked]
        inner += inner[:1] * twice
        folder = tmp_path_factory.mktemp("project")
        read_as.append(read(folder, {"d1.txt": text}, sources=text_source("d1", *inner), **known))
    plain, other = read_as
    assert plain.account == other.account
    for name in other.tables:
        columns = [column for column in other.tables[name] if other.tables[name][column].notna().any()]
        assert_frame_equal(plain.tables[name][columns], other.tables[name][columns])
        assert plain.tables[name].drop(columns=columns).isna().all(axis=None)


def test_what_a_project_declares_is_looked_for_to_its_end(tmp_path):
    xml = project(codes=code("c1", "Rent" * 50_000)) + "<!DOCTYPE x>"
    with pytest.raises(
        StudyError, match="declares a document type or entities, which no project needs; not read"
    ):
        read_project(qdpx(tmp_path, {}, xml=xml))
