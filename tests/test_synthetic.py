"""A synthetic study has the truth it says it has, at any size, and every chapter holds for it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import ncsresearch as ncs
from conftest import PROJECT
from ncsresearch import StudyError
from ncsresearch.evidence.counts import shares
from ncsresearch.exchange.synthetic import read_sizes, synthetic_study
from ncsresearch.present.people_compared import plot_areas
from ncsresearch.present.people_heard import table_heard
from ncsresearch.present.people_raised import table_by_group
from ncsresearch.study import check_study, load_study
from test_chapters import shown_by
from test_cli import ncsresearch

NOTEBOOKS = PROJECT / "notebooks"
EDGES = {
    "one area": {"areas": 1, "participants": 40},
    "no clients": {"areas": 3, "participants": 36, "clients": 0},
    "clients alone": {"areas": 3, "participants": 30, "clients": 30},
    "one person": {"areas": 1, "participants": 1, "segments": 1},
    "nobody": {"areas": 2, "participants": 0},
    "nothing said": {"areas": 3, "participants": 30, "segments": 0},
    "fewer passages than people": {"areas": 4, "participants": 90, "segments": 50},
    "more areas than people": {"areas": 9, "participants": 5},
    "every kind of area": {"areas": 7, "participants": 210},
}


def made(folder: Path, **sizes: int):
    synthetic_study(folder, **sizes)
    return load_study(folder)


@pytest.mark.parametrize("sizes", EDGES.values(), ids=EDGES)
def test_people_who_raise_each_theme_are_those_of_the_truth(tmp_path, sizes):
    study = made(tmp_path / "synthetic", **sizes)
    truth = json.loads((study.folder / "truth.json").read_text(encoding="utf-8"))
    counted = shares(study, by="area_type", within="participant_group")
    counted = counted[counted["base"].gt(0)].astype({"group": "str", "within": "str"})
    keys = [
        "area_type",
        "participant_group",
        "code_id",
        "n_raised",
        "n_participants",
    ]  # as the truth names them
    columns = counted[["group", "within", "code_id", "n", "base"]]
    assert sorted(columns.itertuples(index=False, name=None)) == sorted(
        tuple(row[key] for key in keys) for row in truth["raised"]
    )
    assert len(study.segments) == truth["sizes"]["segments"]
    assert len(study.participants) == truth["sizes"]["participants"]
    assert len(study.areas) == truth["sizes"]["areas"]
    assert not check_study(study.folder)


def test_the_truth_of_a_cell_follows_the_rule_by_hand(tmp_path):
    """One rural area of 40 people: 18 staff, 9 partners and 13 clients; a theme above is raised by either's people."""
    study = made(tmp_path / "synthetic", areas=1, participants=40)
    rows = shares(study, by="participant_group")
    n = rows.astype({"group": "str"}).set_index(["group", "code_id"])["n"]
    assert n["Staff"].to_dict() == {
        "relationships": 9,
        "continuity": 5,
        "being_heard": 4,
        "resources": 13,
        "staffing": 8,
        "caseload": 5,
        "access": 11,
        "housing": 5,
        "mental_health": 6,
        "partnership": 8,
        "information_sharing": 6,
        "co_location": 2,
        "travel": 13,
        "remote_contact": 2,
        "leadership": 0,
        "volunteering": 0,
    }
    assert n["Clients", "being_heard"] == 7
    assert n["Clients", "information_sharing"] == 0


def test_the_same_sizes_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        synthetic_study(tmp_path / name / "study", areas=4, participants=50)
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "study").iterdir()}
        for name in ("one", "two")
    )
    assert one == two
    assert {".gitignore", "truth.json", "study.toml", "README.md", "DATA_DICTIONARY.md"} < set(one)
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["study"]


def test_it_is_called_synthetic_wherever_it_is_read(tmp_path):
    study = made(tmp_path / "study", areas=2, participants=9)
    assert study.settings.title == "Synthetic study: 2 areas, 9 participants, 90 segments"
    assert study.settings.status_line == "Synthetic study: people and answers invented by a program"
    assert study.settings.access == "confidential"
    for names in (study.areas["name"], study.documents["title"], study.segments["label"]):
        assert names.str.startswith("Synthetic").all()


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        (
            "areas=3,participnts=4",
            "There is no size of a synthetic study 'participnts'; known: areas, participants, segments, clients. "
            "Did you mean 'participants'?",
        ),
        ("areas=ten", "areas is 'ten', expected a whole number, such as areas=100."),
        ("segments=-1", "segments is '-1', expected a whole number, such as segments=100."),
        ("areas", "areas is '', expected a whole number, such as areas=100."),
        ("areas=3,areas=4", "areas is given twice, expected each size once."),
        ("areas=0", "areas is 0, expected 1 to 100000000."),
        ("segments=100000001", "segments is 100000001, expected 0 to 100000000."),
        ("participants=0,segments=5", "segments is 5, expected 0 where there are no participants."),
        ("participants=4,clients=5", "clients is 5, expected no more than the 4 participants."),
    ],
)
def test_sizes_that_no_study_can_have_are_refused(tmp_path, sizes, message):
    with pytest.raises(StudyError) as raised:
        synthetic_study(tmp_path / "study", **read_sizes(sizes))
    assert str(raised.value) == message
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_anything_is_left_as_it_was(tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        synthetic_study(tmp_path / "study")
    assert str(raised.value) == "study: is there already; choose a name that is free."
    assert [path.name for path in tmp_path.rglob("*")] == ["study", "mine.txt"]


def test_a_study_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ncsresearch.exchange.new_study.save_tables", full)
    with pytest.raises(StudyError) as raised:
        synthetic_study(tmp_path / "study")
    assert str(raised.value) == "study: cannot be written (No space left on device)."
    assert list(tmp_path.iterdir()) == []


def test_sizes_are_read_as_they_are_typed():
    assert read_sizes(" areas=10, segments = 200,") == {"areas": 10, "segments": 200}
    assert read_sizes("") == {}


def test_the_command_makes_it_and_says_what_is_wrong(tmp_path):
    folder = tmp_path / "study"
    assert ncsresearch("new", "--synthetic", "areas=2,participants=20", str(folder)) == (
        0,
        f"study: a synthetic study. {folder / 'truth.json'} says what is in it.\n",
        "",
    )
    assert ncsresearch("check", str(folder)) == (0, "study: 0 faults.\n", "")
    assert ncsresearch("new", "--synthetic", "area=2", str(tmp_path / "other")) == (
        2,
        "",
        "There is no size of a synthetic study 'area'; known: areas, participants, segments, clients. "
        "Did you mean 'areas'?\n",
    )


def test_of_very_many_unknown_ids_each_has_the_nearest_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr("ncsresearch.study.check.COMPARISONS", 0)
    folder = tmp_path / "study"
    synthetic_study(folder, areas=2, participants=20)
    text = (folder / "attendances.csv").read_text(encoding="utf-8")
    (folder / "attendances.csv").write_text(text.replace(",S01", ",S01x"), encoding="utf-8")
    assert [str(fault) for fault in check_study(folder)] == [
        "attendances.csv, row 2, participant_id: found 'S01x', expected a participant_id of participants.csv. "
        "Nearest: 'S01'."
    ]


@pytest.fixture(scope="module")
def edges(tmp_path_factory):
    """Folders of the synthetic studies at the edges, by name."""
    base = tmp_path_factory.mktemp("edges")
    for name, sizes in EDGES.items():
        synthetic_study(base / name.replace(" ", "_"), **sizes)
    return {name: base / name.replace(" ", "_") for name in EDGES}


CHAPTERS = sorted(
    path
    for path in NOTEBOOKS.glob("[0-9]*.ipynb")
    if path.stem[:2] in ("00", "01", "02", "03", "04", "05", "11", "20")
)


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_holds_at_the_edges(path, name, edges, monkeypatch):
    plain = shown_by(path, monkeypatch, study_dir=str(edges[name]))
    assert plain
    assert plain[0].startswith("Synthetic study: people and answers invented by a program")
    assert not any(re.search(r"\bnan\b|<NA>|None", text) for text in plain), plain


def test_of_very_many_areas_a_page_shows_the_first_and_the_file_has_all(tmp_path):
    study = made(tmp_path / "many", areas=101, participants=3030, segments=6060)
    study = replace(
        study, settings=replace(study.settings, access="public")
    )  # what is withheld is not what is asked
    areas = ncs.counts(study, by="area_id")
    heard, raised, drawn = table_heard(ncs.heard(study)), table_by_group(areas), plot_areas(areas)
    assert (len(heard.seen), len(heard.rows), heard.note) == (
        100,
        101,
        "The first 100 of 101 areas are shown; the table's file has all of them.",
    )
    assert (len(raised.shown) - 1, len(raised.rows.columns) - 1, raised.note) == (
        30,
        101,
        "The first 30 of 101 areas are shown; the table's file has all of them.",
    )
    assert drawn.canvas is None
    assert drawn.alt == "101 areas are too many to draw; the full table has all of them."


def test_what_two_coders_coded_without_a_transcript_is_said(tmp_path):
    """Fifteen interviews that a second coder coded were said to be none."""
    said = ncs.say(
        ncs.coders(made(tmp_path / "thirty", areas=30, participants=360, segments=4000, clients=90))
    )
    assert said[0].sentence == (
        "More than one coder coded 15 documents, of which the study holds no turns of speech, so agreement between coders cannot be measured."
    )
