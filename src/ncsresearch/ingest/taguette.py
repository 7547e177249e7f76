"""Taguette projects (.sqlite3): documents, tags and highlights. Its highlight tables are coded segments."""

import json
import re
from pathlib import Path

import pandas as pd
from lxml import html

from ncsresearch.ingest.document import INLINE
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, imported_file
from ncsresearch.ingest.positions import decoded, position_lines
from ncsresearch.ingest.sqlite_project import add_text, places_in, read_tables

NEEDED = {
    "documents": {"id": int, "name": str, "description": str | None, "contents": str},
    "tags": {"id": int, "path": str, "description": str | None},
    "highlights": {"id": int, "document_id": int, "start_offset": int, "end_offset": int, "snippet": str},
    "highlight_tags": {"highlight_id": int, "tag_id": int},
}
TABLES = {
    "documents": "document",
    "tags": "tag",
    "highlights": "highlight",
    "highlight_tags": "tag on a highlight",
}
HISTORY = "read for who made a highlight; not kept"


def read_taguette(path: Path) -> ImportedFile:
    """Read a Taguette project; raises StudyError for a database of another kind.

    Highlights stand at UTF-8 bytes of a document's words; their own words are used to prove it.
    """
    frames, others = read_tables(path, "Taguette", NEEDED, ["commands", "project_members"])
    records, texts, anchorings = Records(), {}, []
    for document in frames["documents"].itertuples():
        raw, text = _texts(document.contents)
        own = frames["highlights"][frames["highlights"]["document_id"].eq(document.id)]
        words = [_texts(snippet)[0] for snippet in own["snippet"]]
        key, source = str(document.id), decoded(raw.encode(), document.name)
        anchoring, places = places_in(text, source, own["start_offset"], own["end_offset"], words)
        anchorings.append((document.name, anchoring))
        texts[key] = text
        records.add("documents", document_id=key, title=document.name, notes=document.description or None)
        for number, (highlight, said, at) in enumerate(zip(own["id"], words, places, strict=True), start=1):
            said = text[int(at["start"]) : int(at["end"])] if at else said
            records.passage(str(highlight), key, ordinal=str(number), text=said, **at)
        add_text(records, key, document.name, text)
    _add_tags(records, frames["tags"])
    _add_codings(records, frames)
    account = _account(frames, others, anchorings)
    return imported_file(path.name, records, account, texts=texts, whole=("segments", "codings"))


def _texts(contents: str) -> tuple[str, str]:
    """Return a document's words as Taguette counts them, and with a line for each of its blocks."""
    if not contents.strip():
        return "", ""
    root = html.fragment_fromstring(contents, create_parent="div")
    raw = "".join(root.itertext())
    return raw, re.sub(r"\n\s*\n+", "\n", "".join(_lines(root))).strip()


def _lines(element):
    block = isinstance(element.tag, str) and element.tag not in INLINE
    yield "\n" * block + (element.text or "")
    for child in element:
        yield from _lines(child)
        yield child.tail or ""
    yield "\n" * block


def _add_tags(records: Records, tags: pd.DataFrame) -> None:
    """Tags as codes; a tag "travel.ferry" belongs under the tag "travel" where there is one."""
    ids = dict(zip(tags["path"], tags["id"].astype("str"), strict=True))
    for tag in tags.itertuples():
        above, definition = ids.get(tag.path.rpartition(".")[0]), tag.description or None
        records.add("codebook", code_id=str(tag.id), label=tag.path, parent_id=above, definition=definition)


def _add_codings(records: Records, frames: dict[str, pd.DataFrame]) -> None:
    by = _coders(frames)
    for row in frames["highlight_tags"].itertuples():
        key, code = str(row.highlight_id), str(row.tag_id)
        records.judge(f"{key}/{code}", key, code, coder=by.get(row.highlight_id))


def _coders(frames: dict[str, pd.DataFrame]) -> dict[int, str]:
    """Who made each highlight, from the project's history; or its only member."""
    members = frames.get("project_members", pd.DataFrame({"user_login": []}))["user_login"].unique()
    known = {}
    commands = frames.get("commands", pd.DataFrame(columns=["payload", "user_login"]))
    for command in commands.itertuples():
        try:
            payload = json.loads(command.payload)
        except (TypeError, json.JSONDecodeError):
            continue
        if isinstance(payload, dict) and payload.get("type") == "highlight_add":
            known.setdefault(payload.get("highlight_id"), command.user_login)
    alone = members[0] if len(members) == 1 else "not stated"
    return {number: known.get(number, alone) for number in frames["highlights"]["id"]}


def _account(frames: dict[str, pd.DataFrame], others: dict[str, int], anchorings) -> tuple[Line, ...]:
    left_out = [(name, count) for name, count in others.items() if count]
    return (
        *(all_kept(kind, len(frames[name])) for name, kind in TABLES.items()),
        *position_lines(anchorings, "highlights"),
        Line("step of the project's history", len(frames.get("commands", ())), 0, HISTORY),
        *(Line(f"row of {name}", count, 0, "not evidence: left out") for name, count in left_out),
    )
