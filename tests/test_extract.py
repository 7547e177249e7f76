import shutil
import subprocess
import sys

import pandas as pd
import pytest

import extract as module
from conftest import PROJECT
from extract import extract, read_sources
from ncsresearch import StudyError
from ncsresearch.ingest.document import Document
from ncsresearch.schema import TABLES
from ncsresearch.study import read_texts

CHAPTER = """7. Boats
Key points
• Boats were liked.
• Rope was not.
Going out
“We went out.” (Client interview 3)
Suggestions for improvement
• More rope.
"""


@pytest.fixture
def boats(monkeypatch):
    """A study that has been read once from a chapter about boats, and labelled and coded by a reader."""
    monkeypatch.setitem(module.READER_OF, "boats", module.read_research_chapter)
    tables = {name: pd.DataFrame(columns=table.column_names, dtype="str") for name, table in TABLES.items()}
    tables["documents"] = pd.DataFrame(
        {"document_id": ["boats"], "title": ["Boats"], "area_id": [None]}, dtype="str"
    )
    tables["documents"] = tables["documents"].reindex(columns=TABLES["documents"].column_names)
    rebuilt, _ = extract({"boats": document()}, tables)
    tables |= rebuilt
    tables["segments"].loc[tables["segments"]["segment_id"].eq("boats-kp02"), "label"] = "rope disliked"
    coding = {"coding_id": "c1", "unit": "segments", "unit_id": "boats-kp02"}
    tables["codings"] = pd.DataFrame([coding], dtype="str").reindex(columns=TABLES["codings"].column_names)
    return tables


def document(text: str = CHAPTER) -> Document:
    return Document("boats.txt", "0" * 64, text.strip())


def test_reading_again_finds_no_difference(boats):
    assert extract({"boats": document()}, boats)[1] == []


def test_a_passage_that_moved_keeps_its_name_label_and_judgements(boats):
    moved = CHAPTER.replace("• Boats were liked.\n", "• Sails were liked.\n• Boats were liked.\n")
    rebuilt, differences = extract({"boats": document(moved)}, boats)
    rows = rebuilt["segments"].set_index("segment_id")
    assert tuple(rows.loc["boats-kp02", ["label", "ordinal"]]) == ("rope disliked", "3")
    assert rows.loc["boats-kp03", "ordinal"] == "1"
    assert "segments: boats-kp03 is new" in differences
    assert rebuilt["attributes"].query("owner_id == 'boats-kp02'")["value"].tolist() == ["yes"]


def test_a_coded_passage_that_is_gone_is_kept_and_reported(boats):
    rebuilt, differences = extract({"boats": document(CHAPTER.replace("Rope was not", "Rope was"))}, boats)
    rows = rebuilt["segments"].set_index("segment_id")
    assert rows.loc["boats-kp02", "label"] == "rope disliked"
    assert pd.isna(rows.loc["boats-kp03", "label"])
    assert rows.loc["boats-kp02", ["start", "end"]].isna().all()
    assert any(line.startswith("segments: boats-kp02, start: was ") for line in differences)


def test_a_changed_number_is_one_difference():
    kept = read_texts(PROJECT / "data" / "published")
    changed = kept["kpi_values"].assign(value=kept["kpi_values"]["value"].replace("82", "28"))
    differences = module._differences("kpi_values", changed, kept["kpi_values"])
    assert differences == ["kpi_values: wd_inspection-kpi1, 2017/18 Q2, value: was '28', is '82'"]


def test_documents_have_to_be_listed(boats):
    boats["documents"] = boats["documents"].iloc[:0]
    with pytest.raises(StudyError) as raised:
        extract({"boats": document()}, boats)
    assert str(raised.value) == "documents.csv lists no boats; add a row for each with its title."


def test_a_missing_document_is_named(tmp_path):
    with pytest.raises(StudyError) as raised:
        read_sources(tmp_path)
    assert str(raised.value) == (
        f"{tmp_path.name}: holds no ncs-justice-social-work-chapter-4 in any of the formats .txt, .vtt, .srt, .json, .rtf, .odt, .html, .htm, .docx, .pdf."
    )


def test_the_published_study_says_what_its_documents_say(sources):
    tables, differences = extract(read_sources(sources), read_texts(PROJECT / "data" / "published"))
    assert differences == []
    kinds = (
        tables["segments"].query("document_id.str.startswith('ncs_ch')").groupby(["kind", "read_by"]).size()
    )
    counts = {
        name: len(tables[name])
        for name in ("comment_counts", "kpi_values", "actions", "ratings", "survey_items")
    }
    assert kinds["quotation", "machine"] == 24
    assert kinds["key point", "machine"] == 16
    assert tables["segments"]["kind"].eq("comment").sum() == 89
    assert tables["comment_counts"]["n"].astype(int).sum() == 387
    assert counts == {"comment_counts": 14, "kpi_values": 30, "actions": 20, "ratings": 5, "survey_items": 8}
    paragraphs = tables["paragraphs"].groupby("document_id").size()
    assert dict(paragraphs) == {
        "ncs_ch4": 69,
        "ncs_ch6": 65,
        "sl_consultation": 161,
        "wd_inspection": 74,
        "wok_briefing": 78,
    }


def extraction(*arguments: str) -> tuple[int, str, str]:
    """What `make extract` runs: exit status, output and errors."""
    command = [sys.executable, str(PROJECT / "data" / "published" / "extraction"), *arguments]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_command_finds_no_difference(sources, tmp_path):
    copy = tmp_path / "published"
    shutil.copytree(PROJECT / "data" / "published", copy)
    assert extraction(str(sources), "--into", str(copy)) == (0, "published: 0 differences.\n", "")
    for path in copy.glob("*.*"):
        assert path.read_bytes() == (PROJECT / "data" / "published" / path.name).read_bytes(), path.name


def test_the_command_prints_what_it_mends(sources, tmp_path):
    copy = tmp_path / "published"
    shutil.copytree(PROJECT / "data" / "published", copy)
    table = copy / "kpi_values.csv"
    original = table.read_text(encoding="utf-8")
    table.write_text(original.replace("2017/18 Q2,quarter,82,", "2017/18 Q2,quarter,28,"), encoding="utf-8")
    code, out, _ = extraction(str(sources), "--into", str(copy))
    assert (code, out) == (
        0,
        "kpi_values: wd_inspection-kpi1, 2017/18 Q2, value: was '28', is '82'\npublished: 1 difference.\n",
    )
    assert table.read_text(encoding="utf-8") == original


def test_a_folder_that_is_not_there_is_one_message():
    assert extraction("nowhere") == (1, "", "nowhere: there is no such folder of documents.\n")


def test_a_call_without_documents_exits_with_2():
    code, out, err = extraction()
    assert (code, out) == (2, "")
    assert "Error" in err
