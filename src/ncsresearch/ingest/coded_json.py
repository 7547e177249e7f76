"""Codings kept as JSON, one file per interview: who was interviewed, descriptors, segments, codes with a polarity."""

import json
from pathlib import Path

from ncsresearch.ingest.fields import stance_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, imported_file
from ncsresearch.ingest.positions import decoded
from ncsresearch.ingest.recognised_speech import is_speech
from ncsresearch.ingest.transcript import read_transcript_file
from ncsresearch.schema import StudyError

BASIS = "descriptor_basis"
WHOLE = ("segments", "codings", "notes")


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
    """Read one interview's codings: a respondent, descriptors, and segments with a quote and codes each; or recognised speech.

    Raises StudyError for JSON of another shape.
    """
    if is_speech(held := read_json(path)):
        return read_transcript_file(path)
    told, records = _sound(held, path.name), Records()
    person, _, role = told["respondent"].partition(" (")
    person, role = person.strip(), role.rstrip(")")
    records.add("documents", document_id=person, title=person)
    records.add("participants", participant_id=person)
    records.add("interviews", interview_id=person, document_id=person, mode="one-to-one")
    records.add("attendances", interview_id=person, participant_id=person)
    described = {name: value for name, value in (told.get("descriptors") or {}).items() if name != BASIS}
    described |= {"role": role} if role else {}
    known = [(name, value) for name, value in described.items() if value not in (None, "")]
    records.describe("participants", person, known)
    for number, segment in enumerate(told["segments"], start=1):
        _add_segment(records, segment, number, person)
    for code in dict.fromkeys(coding["code_id"] for coding in records["codings"]):
        records.add("codebook", code_id=code, label=code)
    return imported_file(path.name, records, _account(told, records, bool(role)), whole=WHOLE)


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


def _add_segment(records: Records, segment: dict, number: int, person: str) -> None:
    """Add a segment with the text around it and its judgements; without an id of its own its number is its id."""
    key = str(segment.get("segment_id", number))
    told = {"label": segment.get("title"), "text": segment.get("quote"), "ordinal": str(number)}
    records.passage(key, person, participant_id=person, **told)
    if context := segment.get("full_text"):
        around = {"title": "the turn around it", "text": context, "author": "not stated"}
        records.add("notes", note_id=f"{key}-context", unit="segments", unit_id=key, **around)
    for at, code in enumerate(segment.get("codes") or [], start=1):
        if label := code.get("dimension") or code.get("code") or code.get("theme"):
            stance = stance_of(code.get("polarity") or code.get("stance") or "")
            judged = {"coder": code.get("coder"), "notes": code.get("rationale")}
            records.judge(f"{key}-{at}", key, str(label), stance=stance, **judged)


def _account(told: dict, tables: Records, role: bool) -> tuple[Line, ...]:
    descriptors, segments, notes = told.get("descriptors") or {}, told["segments"], len(tables["notes"])
    judged = sum(len(segment.get("codes") or []) for segment in segments)
    basis = "the basis of the descriptors is left out" if BASIS in descriptors else ""
    others = [name for name in told if name not in ("respondent", "descriptors", "segments")]
    return (
        all_kept("respondent", 1),
        Line("descriptor", len(descriptors), len(tables["attributes"]) - role, basis),
        Line("segment", len(segments), len(tables["segments"])),
        Line("judgement", judged, len(tables["codings"])),
        all_kept("text around a segment", notes, "kept as a note"),
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
