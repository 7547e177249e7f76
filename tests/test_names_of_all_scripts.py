"""Names, labels, areas and headings of any script: two that differ stay two through import, export, re-import and withdrawal."""

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncsresearch.exchange.left_out import without_withdrawn
from ncsresearch.exchange.merge import merge
from ncsresearch.exchange.refi_qda_export import write_project
from ncsresearch.exchange.trace import name_pattern
from ncsresearch.exchange.withdraw import without_people
from ncsresearch.exchange.withdrawn import Withdrawn, digest_of, same_name
from ncsresearch.exchange.writers import ExportedStudy
from ncsresearch.ingest.files import read_file
from ncsresearch.ingest.refi_qda import read_project
from ncsresearch.schema import TABLES
from ncsresearch.study.check import no_rows

# Latin with its special cases, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai, Hangul, kana, Han, full-width and other plane
LETTERS = "aAbBiIıİßẞſşŞéÉåÅłŁoOøØﬁαάΑσςΣеёЁйИиאבגשابيىكةकखिกขา가나かガｶ人山ＡａＩｉ１𝐀𐐀𐐨"
MARKS = "\u0301\u0308\u0307\u0327\u0345\u05b0\u064e\u093f\u0e34\u3099\u200d"
NAMES = st.builds(
    "".join,
    st.lists(
        st.sampled_from(LETTERS).flatmap(lambda letter: st.sampled_from(["", *MARKS]).map(letter.__add__)),
        min_size=1,
        max_size=5,
    ),
)


def key(name: str) -> str:
    """As the project says that names match: NFC and case folding."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


MANY = st.lists(NAMES, min_size=8, max_size=12, unique_by=key)
EMPTY = {name: no_rows(table) for name, table in TABLES.items()}


def read(folder: Path, name: str, *lines: list[str]):
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    (read_one,) = read_file(folder / name, [])
    return read_one


def coded(folder: Path, names: list[str]):
    rows = [[name, f"Said by {n:02}.", f"{name} x", f"{name} y"] for n, name in enumerate(names)]
    return read(folder, "coded.csv", ["Participant", "Quote", "Code", "Area"], *rows)


def who_said(tables) -> list[tuple[str, str]]:
    said = tables["segments"].sort_values("text")
    return list(zip(said["participant_id"], said["text"], strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("names")


@settings(max_examples=4, deadline=None)
@given(MANY)
def test_people_codes_and_areas(folder, names):
    file = coded(folder, names)
    tables, texts, *_ = merge(EMPTY, {}, file)
    said = [(name, f"Said by {n:02}.") for n, name in enumerate(names)]
    assert who_said(tables) == said
    assert len(tables["codebook"]) == tables["areas"]["area_id"].nunique() == len(names)
    assert tables["codings"]["code_id"].nunique() == len(names)
    again, _, changes, _ = merge(tables, texts, file)
    assert not changes
    write_project(folder / "out.qdpx", ExportedStudy("A study", "", tables, texts))
    project = read_project(folder / "out.qdpx")
    back, *_ = merge(EMPTY, {}, project)
    assert who_said(back) == said
    assert sorted(back["codebook"]["label"]) == sorted(tables["codebook"]["label"])
    both, _, changes, _ = merge(tables, texts, project)
    assert not {name: what for name, what in changes.items() if what["added"] and name != "documents"}, (
        changes
    )
    gone, *others = names
    known = Withdrawn(b"key", {digest_of(b"key", same_name(gone)): {"words": 1, "went": []}})
    left, left_texts = without_people(tables, texts, {gone}, name_pattern({gone}, others))
    assert who_said(left) == said[1:]
    after, *_ = merge(left, left_texts, without_withdrawn(file, known, left, left_texts))
    assert who_said(after) == said[1:]


@settings(max_examples=4, deadline=None)
@given(MANY)
def test_headings_and_answers(folder, names):
    rows = [[f"R{n}", *(f"{name} z" for name in names)] for n in range(3)]
    file = read(folder, "survey.csv", ["Respondent ID", *(f"{name} w?" for name in names)], *rows)
    tables, texts, *_ = merge(EMPTY, {}, file)
    assert tables["survey_items"]["label"].tolist() == [f"{name} w?" for name in names]
    labels = tables["survey_items"].set_index("item_id")["label"]
    answers = tables["survey_answers"].assign(label=tables["survey_answers"]["item_id"].map(labels))
    assert answers.groupby("label")["answer"].unique().map(list).to_dict() == {
        f"{name} w?": [f"{name} z"] for name in names
    }
    assert not merge(tables, texts, file)[2]
