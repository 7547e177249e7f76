"""Codings kept as JSON, one file per interview: who was interviewed, descriptors, segments, codes with a polarity."""

import json
from collections.abc import Iterator
from pathlib import Path

from ncsresearch.ingest.fields import stance_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, rows
from ncsresearch.ingest.positions import decoded
from ncsresearch.ingest.transcript import GUESSES
from ncsresearch.schema import StudyError

BASIS = "descriptor_basis"


def read_json(path: Path) -> object:
    """Read a JSON file; raises StudyError for one that is broken."""
    try:
        return json.loads(decoded(path.read_bytes(), path.name).text)
    except (ValueError, RecursionError) as error:
        where = (
            f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "its nesting or a number"
        )
        raise StudyError(f"{path.name}: is broken JSON ({where}).") from None


def read_coded_json(path: Path) -> ImportedFile:
    """Read one interview's codings: a respondent, descriptors, and segments with a quote and codes each.

    Raises StudyError for JSON of another shape.
    """
    told = _sound(read_json(path), path.name)
    person, _, role = told["respondent"].partition(" (")
    person, segments = person.strip(), list(_numbered(told["segments"]))
    attributes, codings = _attributes(told, person, role.rstrip(")")), _codings(segments)
    codes = dict.fromkeys(coding["code_id"] for coding in codings)
    tables = {
        "documents": [{"document_id": person, "title": person}],
        "codebook": [{"code_id": code, "label": code} for code in codes],
        "participants": [{"participant_id": person}],
        "interviews": [{"interview_id": person, "document_id": person, "mode": "one-to-one"}],
        "attendances": [{"interview_id": person, "participant_id": person}],
        "attributes": attributes,
        "segments": [_passage(number, key, segment, person) for number, key, segment in segments],
        "codings": codings,
        "notes": [_context(key, segment) for _, key, segment in segments if segment.get("full_text")],
    }
    return ImportedFile(
        source=path.name,
        tables={name: rows(name, records) for name, records in tables.items()},
        guesses=GUESSES
        | {"codebook": {"facet": "theme", "version": "1"}, "documents": {"kind": "transcript"}},
        whole=("segments", "codings", "notes"),
        account=_account(told, tables, bool(role)),
    )


def _sound(told: object, file: str) -> dict:
    """Return what the file holds, when every part of it has the shape that codings have."""
    whole = isinstance(told, dict) and isinstance(told.get("segments"), list)
    if not (whole and isinstance(told.get("respondent"), str)):
        raise StudyError(f"{file}: is no file of codings: expected an object with a respondent and segments.")
    expect(told["respondent"].partition(" (")[0].strip(), file, "a respondent with a name")
    expect(isinstance(told.get("descriptors") or {}, dict), file, "descriptors by their names")
    for number, segment in enumerate(objects(told["segments"], file, "every segment"), start=1):
        objects(segment.get("codes") or [], file, f"the codes of segment {number}")
    return told


def _numbered(segments: list[dict]) -> Iterator[tuple[int, str, dict]]:
    """Yield each segment with its number and its id: its own, or else the number."""
    for number, segment in enumerate(segments, start=1):
        yield number, str(segment.get("segment_id", number)), segment


def _attributes(told: dict, person: str, role: str) -> list[dict]:
    named = {name: value for name, value in (told.get("descriptors") or {}).items() if name != BASIS}
    named |= {"role": role} if role else {}
    return [
        {"owner": "participants", "owner_id": person, "name": name, "value": str(value)}
        for name, value in named.items()
        if value not in (None, "")
    ]


def _passage(number: int, key: str, segment: dict, person: str) -> dict:
    return {
        "segment_id": key,
        "document_id": person,
        "participant_id": person,
        "kind": "passage",
        "ordinal": str(number),
        "read_by": "reader",
        "label": segment.get("title"),
        "text": segment.get("quote"),
    }


def _context(key: str, segment: dict) -> dict:
    return {
        "note_id": f"{key}-context",
        "unit": "segments",
        "unit_id": key,
        "title": "the turn around it",
        "text": segment["full_text"],
        "author": "not stated",
    }


def _account(told: dict, tables: dict[str, list[dict]], role: bool) -> tuple[Line, ...]:
    descriptors, segments, notes = told.get("descriptors") or {}, told["segments"], len(tables["notes"])
    judged = sum(len(segment.get("codes") or []) for segment in segments)
    basis = "the basis of the descriptors is left out" if BASIS in descriptors else ""
    others = [name for name in told if name not in ("respondent", "descriptors", "segments")]
    return (
        Line("respondent", 1, 1),
        Line("descriptor", len(descriptors), len(tables["attributes"]) - role, basis),
        Line("segment", len(segments), len(tables["segments"])),
        Line("judgement", judged, len(tables["codings"])),
        Line("text around a segment", notes, notes, "kept as a note"),
        *(Line(name, 1, 0, "kept in the account only") for name in others),
    )


def expect(fits: object, file: str, what: str) -> None:
    """Refuse a file whose codings have another shape, saying what was expected."""
    if not fits:
        raise StudyError(f"{file}: has another shape than codings have: expected {what}.")


def objects(found: object, file: str, what: str) -> list[dict]:
    """Return a list of objects; refuse anything else."""
    listed = isinstance(found, list) and all(isinstance(each, dict) for each in found)
    expect(listed, file, f"{what} to be an object in a list")
    return found


def _codings(segments: list[tuple[int, str, dict]]) -> list[dict]:
    return [
        _judgement(f"{key}-{number}", key, code, str(label))
        for _, key, segment in segments
        for number, code in enumerate(segment.get("codes") or [], start=1)
        if (label := code.get("dimension") or code.get("code") or code.get("theme"))
    ]


def _judgement(name: str, segment: str, code: dict, label: str) -> dict:
    return {
        "coding_id": name,
        "unit": "segments",
        "unit_id": segment,
        "code_id": label,
        "stance": stance_of(code.get("polarity") or code.get("stance") or ""),
        "coder": code.get("coder") or "not stated",
        "notes": code.get("rationale"),
    }
