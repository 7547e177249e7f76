"""Rebuild the machine's part of a study's tables from the published documents, and keep the reader's part."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from inspection import read_inspection
from ncsresearch.ingest.document import Document, read_document
from ncsresearch.ingest.quoted import source_file
from ncsresearch.schema import TABLES, StudyError
from paragraphs import read_paragraphs
from research_chapter import read_research_chapter
from staff_consultation import read_staff_consultation
from survey_briefing import read_survey_briefing

READER_OF: dict[str, Callable[..., dict[str, pd.DataFrame]]] = {
    "ncs_ch4": read_research_chapter,
    "ncs_ch6": read_research_chapter,
    "sl_consultation": read_staff_consultation,
    "wd_inspection": read_inspection,
    "wok_briefing": read_survey_briefing,
}
READERS_COLUMNS = {
    "documents": ["title", "short_title", "publisher", "area_id", "year", "kind", "licence", "url", "notes"],
    "interviews": ["area_id", "mode", "document_id", "notes"],
    "segments": ["label", "participant_id", "text", "notes"],
    "paragraphs": ["no_point_because"],
    "comment_counts": ["question_label", "notes"],
    "poll_results": ["label", "notes"],
    "survey_items": ["label", "scale", "dont_know_values", "notes"],
    "kpi_values": ["label", "better", "numerator", "denominator", "notes"],
    "ratings": ["label", "notes"],
    "actions": ["label", "notes"],
    "published_values": ["notes"],
}
MACHINE_ATTRIBUTES = (
    *("bulleted", "attribution as printed", "opening mark", "words", "bracketed omissions", "bare ellipses"),
    *("redactions", "insertions", "redaction form", "cut short", "section"),
)
MACHINE_LINKS = ("same comment", "nearly the same comment")


def read_sources(folder: Path) -> dict[str, Document]:
    """Read the five published documents of a folder."""
    if not folder.is_dir():
        raise StudyError(f"{folder}: there is no such folder of documents.")
    return {document_id: read_document(source_file(folder, document_id)) for document_id in READER_OF}


def extract(
    documents: dict[str, Document], tables: dict[str, pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Rebuild the machine's part of a study's tables from its documents.

    documents are named by document_id; tables are the study's, with text cells. A passage is found again by
    its document, kind and text hash, so that a reader's label and codings stay with it when it has moved.

    Returns the tables that the documents have a part in, and every difference from what the study held, a
    line each; no line means that the study says what its documents say.
    """
    areas = tables["documents"].set_index("document_id")["area_id"]
    if unknown := [name for name in documents if name not in areas.index]:
        raise StudyError(f"documents.csv lists no {', '.join(unknown)}; add a row for each with its title.")
    parts: dict[str, list[pd.DataFrame]] = {"documents": [_hashes(documents)]}
    for name, document in documents.items():
        area_id = "" if pd.isna(areas[name]) else areas[name]
        found = READER_OF[name](document, document_id=name, area_id=area_id)
        for table, rows in (found | {"paragraphs": read_paragraphs(document, name)}).items():
            parts.setdefault(table, []).append(rows)
    fresh = {
        table: _as_text(pd.concat([part for part in rows if len(part)], ignore_index=True), table)
        for table, rows in parts.items()
    }
    fresh = _with_kept_names(fresh, tables["segments"])
    rebuilt = {
        table: _with_readers_part(table, rows, tables, set(documents)) for table, rows in fresh.items()
    }
    differences = [line for table in rebuilt for line in _differences(table, tables[table], rebuilt[table])]
    return rebuilt, differences


def _with_kept_names(fresh: dict[str, pd.DataFrame], kept: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Give every passage that is found again the name it had, so that judgements stay with its words."""
    if "segments" not in fresh:
        return fresh
    segments = fresh["segments"]
    old = dict(
        zip(_identity("segments", kept).itertuples(index=False, name=None), kept["segment_id"], strict=True)
    )
    used, names = set(kept["segment_id"]), {}
    for identity, proposed in zip(
        _identity("segments", segments).itertuples(index=False, name=None),
        segments["segment_id"],
        strict=True,
    ):
        name = old.get(identity) or _free_name(proposed, used)
        used.add(name)
        names[proposed] = name
    renamed = {"segments": ["segment_id"], "attributes": ["owner_id"], "links": ["from_id", "to_id"]}
    return fresh | {
        table: fresh[table].assign(**{column: fresh[table][column].replace(names) for column in columns})
        for table, columns in renamed.items()
        if table in fresh
    }


def _free_name(proposed: str, used: set[str]) -> str:
    """Return the name proposed for a new passage, or the next number of its kind that no other has."""
    stem, number = re.fullmatch(r"(.*?)(\d+)", proposed).groups()
    while proposed in used:
        number = f"{int(number) + 1:0{len(number)}}"
        proposed = f"{stem}{number}"
    return proposed


def _hashes(documents: dict[str, Document]) -> pd.DataFrame:
    return pd.DataFrame(
        {"document_id": name, "file_sha256": document.file_sha256, "text_sha256": document.text_sha256}
        for name, document in documents.items()
    )


def _as_text(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Cells as the CSV holds them, so that what was read and what was kept can be compared."""
    rows = rows.drop_duplicates(list(TABLES[table].key), ignore_index=True)
    return rows.apply(lambda column: column.map(_cell)).astype("str").mask(lambda frame: frame.eq(""))


def _cell(value) -> str:
    if pd.isna(value):
        return ""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)


def _is_machines(table: str, rows: pd.DataFrame, documents: set[str]) -> pd.Series:
    """Which rows of a kept table the machine is to rebuild."""
    own = rows["document_id"].isin(documents) if "document_id" in rows else pd.Series(True, index=rows.index)
    if table in ("segments", "published_values"):
        return own & rows["read_by"].eq("machine")
    if table == "attributes":
        return rows["owner"].isin(["segments", "documents"]) & rows["name"].isin(MACHINE_ATTRIBUTES)
    if table == "links":
        return rows["kind"].isin(MACHINE_LINKS)
    return pd.Series(True, index=rows.index) if table == "interviews" else own


def _identity(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """What makes a row the same row in another reading of its document."""
    if table != "segments":
        return rows[list(TABLES[table].key)]
    same = rows[["document_id", "kind", "text_sha256"]]
    return same.assign(occurrence=same.groupby(list(same), dropna=False).cumcount())


def _with_readers_part(table: str, fresh: pd.DataFrame, tables: dict, documents: set[str]) -> pd.DataFrame:
    kept = tables[table]
    machines = _is_machines(table, kept, documents)
    old = kept[machines]
    readers = READERS_COLUMNS.get(table, [])
    names = list(_identity(table, fresh))
    left = pd.concat([_identity(table, fresh).add_prefix("by_"), fresh], axis=1)
    right = pd.concat([_identity(table, old).add_prefix("by_"), old[readers]], axis=1)
    merged = left.merge(right, on=[f"by_{name}" for name in names], how="left", suffixes=("", "_old"))
    rebuilt = merged.reindex(columns=TABLES[table].column_names).astype("str")
    coded = old[~_matched(old, fresh, table) & _has_judgements(table, old, tables)]
    coded = coded.assign(start=None, end=None) if len(coded) else coded
    return pd.concat([rebuilt, coded, kept[~machines]], ignore_index=True)


def _matched(old: pd.DataFrame, fresh: pd.DataFrame, table: str) -> pd.Series:
    one, other = _identity(table, old), _identity(table, fresh)
    return pd.Series(pd.MultiIndex.from_frame(one).isin(pd.MultiIndex.from_frame(other)), index=old.index)


def _has_judgements(table: str, rows: pd.DataFrame, tables: dict) -> pd.Series:
    """Passages a reader has coded stay, without a position, even when the document no longer has them."""
    if table != "segments":
        return pd.Series(False, index=rows.index)
    codings = tables["codings"]
    return rows["segment_id"].isin(codings.loc[codings["unit"].eq("segments"), "unit_id"])


def _differences(table: str, kept: pd.DataFrame, rebuilt: pd.DataFrame) -> list[str]:
    """Each cell, row or kept passage in which the rebuilt table differs from the one that was there."""
    key = list(TABLES[table].key)
    one, other = (frame.set_index(key).fillna("").sort_index() for frame in (kept, rebuilt))
    gone = [
        f"{table}: {_named(name)} is no longer in the documents" for name in one.index.difference(other.index)
    ]
    new = [f"{table}: {_named(name)} is new" for name in other.index.difference(one.index)]
    both = one.index.intersection(other.index)
    before, after = one.loc[both], other.loc[both, one.columns]
    changed = [(row, column) for column in before for row in both[before[column].ne(after[column])]]
    cells = [
        f"{table}: {_named(row)}, {column}: was {before[column][row]!r}, is {after[column][row]!r}"
        for row, column in changed
    ]
    return gone + new + cells


def _named(name) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    return ", ".join(str(part) for part in parts)
