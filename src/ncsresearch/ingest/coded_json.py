"""Codings kept as JSON, one file per interview: who was interviewed, descriptors, segments, codes with a polarity."""

import json
from pathlib import Path

from ncsresearch.ingest.fields import stance_of
from ncsresearch.ingest.incoming import Incoming, Line, rows
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


def read_coded_json(path: Path) -> Incoming:
    """Read one interview's codings: a respondent, descriptors, and segments with a quote and codes each.

    Raises StudyError for JSON of another shape.
    """
    told = read_json(path)
    if not (
        isinstance(told, dict)
        and isinstance(told.get("segments"), list)
        and isinstance(told.get("respondent"), str)
    ):
        raise StudyError(
            f"{path.name}: is no file of codings: expected an object with a respondent and segments."
        )
    person, _, role = told["respondent"].partition(" (")
    descriptors = told.get("descriptors") or {}
    expect(person.strip(), path.name, "a respondent with a name")
    expect(isinstance(descriptors, dict), path.name, "descriptors by their names")
    for number, segment in enumerate(objects(told["segments"], path.name, "every segment"), start=1):
        objects(segment.get("codes") or [], path.name, f"the codes of segment {number}")
    segments, codings = [], []
    for number, segment in enumerate(told["segments"], start=1):
        key = str(segment.get("segment_id", number))
        segments.append(
            {
                "segment_id": key,
                "document_id": person,
                "participant_id": person,
                "kind": "passage",
                "ordinal": str(number),
                "read_by": "reader",
                "label": segment.get("title"),
                "text": segment.get("quote"),
            }
        )
        codings += _codings(key, segment.get("codes") or [])
    attributes = [
        {"owner": "participants", "owner_id": person, "name": name, "value": str(value)}
        for name, value in descriptors.items()
        if name != BASIS and value not in (None, "")
    ]
    attributes += [
        {"owner": "participants", "owner_id": person, "name": "role", "value": role.rstrip(")")}
    ] * bool(role)
    context = [
        {
            "note_id": f"{segment.get('segment_id', number)}-context",
            "unit": "segments",
            "unit_id": str(segment.get("segment_id", number)),
            "title": "the turn around it",
            "text": segment["full_text"],
            "author": "not stated",
        }
        for number, segment in enumerate(told["segments"], start=1)
        if segment.get("full_text")
    ]
    codes = dict.fromkeys(coding["code_id"] for coding in codings)
    others = [name for name in told if name not in ("respondent", "descriptors", "segments")]
    return Incoming(
        source=path.name,
        tables={
            "documents": rows("documents", [{"document_id": person, "title": person}]),
            "codebook": rows("codebook", [{"code_id": code, "label": code} for code in codes]),
            "participants": rows("participants", [{"participant_id": person}]),
            "interviews": rows(
                "interviews", [{"interview_id": person, "document_id": person, "mode": "one-to-one"}]
            ),
            "attendances": rows("attendances", [{"interview_id": person, "participant_id": person}]),
            "attributes": rows("attributes", attributes),
            "segments": rows("segments", segments),
            "codings": rows("codings", codings),
            "notes": rows("notes", context),
        },
        guesses=GUESSES
        | {"codebook": {"facet": "theme", "version": "1"}, "documents": {"kind": "transcript"}},
        whole=("segments", "codings", "notes"),
        account=(
            Line("respondent", 1, 1),
            Line(
                "descriptor",
                len(descriptors),
                len(attributes) - bool(role),
                "the basis of the descriptors is left out" if BASIS in descriptors else "",
            ),
            Line("segment", len(told["segments"]), len(segments)),
            Line(
                "judgement",
                sum(len(segment.get("codes") or []) for segment in told["segments"]),
                len(codings),
            ),
            Line("text around a segment", len(context), len(context), "kept as a note"),
            *(Line(name, 1, 0, "kept in the account only") for name in others),
        ),
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


def _codings(segment: str, codes: list[dict]) -> list[dict]:
    found = []
    for number, code in enumerate(codes, start=1):
        label = code.get("dimension") or code.get("code") or code.get("theme")
        polarity = code.get("polarity") or code.get("stance") or ""
        if label:
            record = {
                "coding_id": f"{segment}-{number}",
                "unit": "segments",
                "unit_id": segment,
                "code_id": str(label),
            }
            found.append(
                record
                | {
                    "stance": stance_of(polarity),
                    "coder": code.get("coder") or "not stated",
                    "notes": code.get("rationale"),
                }
            )
    return found
