"""Signing findings: rows of signatures.csv are added, and those that are there stay as they are."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from ncsresearch.batch.manifest import read_manifest
from ncsresearch.batch.release import refuse_other_state
from ncsresearch.ingest.whole_file import write_whole
from ncsresearch.review.signable import PARTS, Signable, asked_for, read_signables
from ncsresearch.review.signoff import NOTE, RESOLUTION, SIGNATURE, gone, open_notes, rows_of, signed_now
from ncsresearch.schema import ROLES, TABLES, CallError, StudyError, one_of
from ncsresearch.study import Study, describe_study, load_study

FILE = "signatures.csv"
SHOWN = f"The next run shows it on the pages; {FILE} keeps it."


def sign(
    name: str, study_dir: Path, outputs: Path, *, by: str, role: str, note: str = "", leave_open: bool = False
) -> str:
    """Sign a finding, or all of a chapter, of an area report or of the study; returns what was done, in a sentence.

    outputs      folder of the study's outputs, which show what is signed
    note         words that are kept beside the signature
    leave_open   keeps the note open, to be shown on the pages until somebody resolves it, and signs nothing

    A finding that the person has signed in this role, and that has not changed since, is not signed again. Of one that was signed and
    is gone it is signed that it is.
    Raises StudyError for a name or role that there is not, and for outputs of another state of the study; CallError for nobody
    who signs and for an open note without words.
    """
    if not name:
        raise CallError("Name a finding, a chapter, an area or the study, or resolve a note with --resolve.")
    study, who = _begun(study_dir, by, role)
    if leave_open and not note:
        raise CallError("--open leaves a note open: give its words with --note.")
    if read_manifest(outputs).get("inputs") is not None:  # what they show is what is signed
        refuse_other_state(outputs, study, "sign what that shows", but=FILE)
    shown = read_signables(outputs)
    known = {called for each in shown for called in (each.name, each.heading)}
    lost = [row for row in gone(study, outputs, shown) if name in (row["heading"], row["finding"])]
    if lost and name not in known and not leave_open:
        on = [
            {"kind": SIGNATURE, "note": note} | {key: row[key] for key in ("finding", "heading")}
            for row in lost
        ]
        _add(study, [who | each for each in on])
        return f"{study.name}: {by} as {role} signed that {name!r} is gone. {SHOWN}"
    kept, found = asked_for(name, shown, study.name)
    if leave_open:
        heading = found[0].heading if kept == found[0].name else ""
        on = {"kind": NOTE, "finding": kept, "heading": heading, "note": note}
        (number,) = _add(study, [who | on])
        return f"{study.name}: note {number} on {kept} is open. {SHOWN}"
    rows = rows_of(study)
    digests = {each: each.digests(study) for each in found}
    fresh = [each for each in found if not signed_now(each, found, rows, digests[each], who)]
    own = {"kind": SIGNATURE, "note": note}
    _add(study, [who | own | _signed(each, digests[each]) for each in fresh])
    counted = f"{len(fresh)} finding{'s' * (len(fresh) != 1)} signed by {by} as {role}"
    before = f"; {len(found) - len(fresh)} signed before and unchanged" if len(fresh) < len(found) else ""
    return f"{study.name}: {counted}{before}. {SHOWN}"


def resolve(number: str, study_dir: Path, *, by: str, role: str, note: str = "") -> str:
    """Resolve an open note; returns what was done, in a sentence. Raises StudyError for a note that is not open."""
    study, who = _begun(study_dir, by, role)
    known = {row["number"]: row for row in open_notes(rows_of(study))}
    if number not in known:
        listed = f"open: {', '.join(known)}" if known else "none is open"
        raise StudyError(f"{study.name} has no open note {number}; {listed}.")
    on = {name: known[number][name] for name in ("finding", "heading")}
    _add(study, [who | on | {"kind": RESOLUTION, "note": note, "resolves": number}])
    return f"{study.name}: note {number} on {on['finding']} is resolved. {SHOWN}"


def _begun(study_dir: Path, by: str, role: str) -> tuple[Study, dict[str, str]]:
    if not by.strip():
        raise CallError("--by is empty: name the person who signs.")
    one_of("role", role, ROLES)
    return load_study(study_dir), {"by": by.strip(), "role": role, "on": date.today().isoformat()}


def _signed(each: Signable, digests: Mapping[str, str]) -> dict[str, str]:
    told = {f"{part}_sha256": digests[part] for part in PARTS}
    return {"finding": each.name, "heading": each.heading} | told


def _add(study: Study, rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Add rows to the file, each with the next number, and return the numbers; what is there keeps its bytes."""
    path, numbers = study.folder / FILE, study.signatures["number"]
    first = max((int(number) for number in numbers if number.isdecimal()), default=0) + 1
    before = path.read_bytes() if path.exists() else b""
    columns = next(csv.reader(before.decode("utf-8-sig").splitlines()), TABLES["signatures"].column_names)
    numbered = [{"number": str(number)} | row for number, row in enumerate(rows, first)]
    added = io.StringIO()
    writer = csv.DictWriter(added, columns, lineterminator="\n")
    if not before:
        writer.writeheader()
    writer.writerows(numbered)
    if numbered:
        end = b"\n" if before and not before.endswith(b"\n") else b""
        write_whole(before + end + added.getvalue().encode(), path)
        describe_study(study.folder)
    return [row["number"] for row in numbered]
