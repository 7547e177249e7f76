"""Each published key point against the coded passages of its chapter, counted by hand and over again."""

import csv
from collections import defaultdict

import pytest

import ncsresearch as ncs
from builders import DOCUMENTS, SETTINGS, frame, study_folder
from conftest import PROJECT
from ncsresearch.analysis.key_points import beyond_key_points, key_point_passages, key_point_support

INTERVIEWS = """interview_id,area_id,participant_group,number,document_id
w3,north,Workers,3,report
c1,north,Clients,1,report
"""
SEGMENTS = """segment_id,document_id,interview_id,section,kind,read_by,label
k1,report,,Key points,key point,machine,help is near
k2,report,,Key points,key point,machine,costs cut both ways
k3,report,,Key points,key point,machine,staff are few
q1,report,w3,Roads,quotation,machine,the bus stops here
q2,report,w3,Rooms,quotation,machine,the room is free
q3,report,c1,Rooms,quotation,machine,the room is dear
f1,report,,Roads,finding,reader,buses are few
s1,report,,Advice,suggestion,machine,run more buses
"""
CODINGS = """coding_id,unit,unit_id,code_id,stance,coder
1,segments,k1,access,strength,a
2,segments,k2,cost,mixed,a
3,segments,q1,travel,strength,a
4,segments,q2,cost,strength,a
5,segments,q3,cost,challenge,a
6,segments,f1,travel,challenge,a
7,segments,s1,travel,suggestion,a
8,segments,s1,trust,suggestion,a
"""
CODEBOOK = """code_id,parent_id,label,facet
cost,,Cost,theme
access,,Access,theme
travel,access,Travel,theme
trust,,Trust,theme
"""
CHAPTERS = {"ncs_ch4": 9, "ncs_ch6": 7}


@pytest.fixture
def small(tmp_path):
    tables = {"segments": SEGMENTS, "codings": CODINGS, "codebook": CODEBOOK, "interviews": INTERVIEWS}
    return ncs.load_study(study_folder(tmp_path / "small", documents=DOCUMENTS, **tables))


def test_what_stands_behind_each_key_point(small):
    found = key_point_support(small)
    columns = ["key_point_id", "n_supporting", "n_alike", "n_sections", "n_interviews", "n_against"]
    expected = frame(
        " ".join(columns),
        "k1 2 1 2 1 1",
        "k2 2 2 1 2 0",
        "k3 0 0 0 0 0",
    )
    assert found[columns].to_dict("list") == expected.to_dict("list")
    assert list(found["sections"]) == ["Roads; Advice", "Rooms", ""]
    assert list(found["interviews"]) == ["Workers 3", "Clients 1; Workers 3", ""]
    assert list(found["supporting"]) == ["q1; s1", "q2; q3", ""]
    assert list(found["against"]) == ["f1", "", ""]


def test_a_passage_under_a_code_below_is_told_the_same_way_not_against_or_the_other_way(small):
    found = key_point_passages(small).query("key_point_id == 'k1'")
    assert list(zip(found["unit_id"], found["relation"], strict=True)) == [
        ("q1", "told the same way"),
        ("f1", "told the other way"),
        ("s1", "not against it"),
    ]


def test_what_the_body_says_that_no_key_point_does(small):
    found = beyond_key_points(small)
    assert found.drop(columns=["n_sections", "sections"]).to_numpy().tolist() == [
        ["Trust", "suggestion", False, 1, "s1"],
        ["Travel", "challenge", True, 1, "f1"],
        ["Travel", "suggestion", True, 1, "s1"],
    ]


def said(study) -> list:
    return [*ncs.say(key_point_support(study)), *ncs.say(beyond_key_points(study))]


def test_the_sentences(small):
    assert [each.sentence for each in said(small)] == [
        "Of 3 key points 2 have passages of the chapter behind them, 2 passages each. No coded passage stands behind "
        "key point 3 (staff are few): the coding shows nothing for it, which is not to say that the chapter does not.",
        "Passages told the other way stand under the themes of 1 key point: key point 1 (help is near), by 1 passage.",
        "The body of the chapter has 1 theme that no key point names, with passages: trust (1). Themes of the key points "
        "are also told in ways that no key point has. As a challenge: travel. As a suggestion: travel.",
    ]


def test_a_chapter_without_key_points_says_nothing(small):
    assert said(small.of_documents(["another"])) == []


@pytest.mark.parametrize("document_id", CHAPTERS)
def test_a_sentence_opens_to_its_passages(published, document_id):
    sentences = said(published.of_documents([document_id]))
    assert len(sentences) == 3
    for evidence in (each.evidence for each in sentences):
        assert {"unit_id", "label", "stance", "section", "document_id"} <= set(evidence)
        assert set(evidence["document_id"]) == {document_id}
        assert not evidence["kind"].eq("key point").any()
        assert evidence["label"].notna().all()


def rows_of(table: str) -> list[dict]:
    path = PROJECT / "data" / "published" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted_again(document_id: str) -> dict[str, tuple[int, int, int]]:
    """Passages behind each key point, interviews quoted and passages the other way, from the files alone."""
    own = {row["segment_id"]: row for row in rows_of("segments") if row["document_id"] == document_id}
    themes = {row["code_id"] for row in rows_of("codebook") if row["facet"] == "theme"}
    told = defaultdict(set)
    for row in rows_of("codings"):
        if row["unit_id"] in own and row["code_id"] in themes:
            told[row["unit_id"]].add((row["code_id"], row["stance"]))
    found = {}
    for point in (name for name, row in own.items() if row["kind"] == "key point"):
        support, against = set(), set()
        for passage, judged in told.items():
            for code, stance in judged if own[passage]["kind"] != "key point" else ():
                says = {way for theme, way in told[point] if theme == code}
                opposed = {("strength", "challenge"), ("challenge", "strength")}
                if any((stance, way) in opposed for way in says) and stance not in says:
                    against.add(passage)
                elif says:
                    support.add(passage)
        quoted = {own[passage]["interview_id"] for passage in support} - {""}
        found[point] = (len(support), len(quoted), len(against))
    return found


@pytest.mark.parametrize(("document_id", "n"), CHAPTERS.items())
def test_every_published_key_point_stands_once_with_its_numbers(published, document_id, n):
    rows = key_point_support(published.of_documents([document_id]))
    assert len(rows) == n == rows["key_point_id"].nunique()
    columns = ["n_supporting", "n_interviews", "n_against"]
    found = dict(zip(rows["key_point_id"], map(tuple, rows[columns].to_numpy().tolist()), strict=True))
    assert found == counted_again(document_id)


def test_there_are_sixteen_key_points(published):
    assert sum(CHAPTERS.values()) == published.segments["kind"].eq("key point").sum() == 16


def test_what_a_chapter_says_beyond_its_key_points_is_none_of_theirs(published):
    for document_id in CHAPTERS:
        beyond = beyond_key_points(published.of_documents([document_id]))
        points = ncs.passage_evidence(published).query("kind == 'key point' and document_id == @document_id")
        told = set(zip(points["theme"].astype("str"), points["stance"].astype("str"), strict=True))
        assert not told & set(zip(beyond["theme"], beyond["stance"], strict=True))
        assert set(beyond.loc[beyond["in_key_points"], "theme"]) <= {theme for theme, _ in told}


def test_the_chapter_of_a_document_is_named_by_the_study(published):
    chapter = published.of_chapter("07_delivering_for_clients")
    assert set(chapter.segments["document_id"]) == {"ncs_ch6"}
    assert published.of_chapter("02_themes") is published


def test_a_document_that_a_study_does_not_have_is_named(tmp_path):
    settings = SETTINGS + '[documents]\n06_partnership_working = ["reprot"]\n'
    study = ncs.load_study(study_folder(tmp_path / "small", settings=settings))
    with pytest.raises(ncs.StudyError, match=r"no document 'reprot'.*Did you mean 'report'\?"):
        study.of_chapter("06_partnership_working")
