"""Which findings are signed, by whom and in which role, and which signatures have lapsed since?"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from ncsresearch.batch.manifest import read_manifest
from ncsresearch.batch.outputs import SignOff
from ncsresearch.present.sentence import counted, listed
from ncsresearch.present.wording import page_words
from ncsresearch.review.signable import PARTS, Signable, read_signables
from ncsresearch.schema import TABLES
from ncsresearch.study import Study

Row = Mapping[str, str]
SIGNED, LAPSED, UNSIGNED, GONE = "signed", "lapsed", "not signed", "gone"
SIGNATURE, NOTE, RESOLUTION = TABLES["signatures"].columns[1].allowed


@dataclass(frozen=True)
class Signed:
    """How a finding is signed.

    valid    the signatures that apply, one a role
    lapsed   those that do not any more, each with what has changed since
    missing  roles that the study asks for and nobody has signed in
    notes    open notes on it
    """

    finding: Signable
    valid: tuple[Row, ...] = ()
    lapsed: tuple[tuple[Row, tuple[str, ...]], ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[Row, ...] = ()

    @property
    def state(self) -> str:
        """Signed, lapsed or not signed: one signature that has lapsed is enough, or one that is missing."""
        return LAPSED if self.lapsed else SIGNED if self.valid and not self.missing else UNSIGNED


def rows_of(study: Study) -> list[Row]:
    """Return the rows of signatures.csv, in their order, cells as text."""
    return study.signatures.astype("object").fillna("").to_dict("records")


def open_notes(rows: Iterable[Row]) -> list[Row]:
    """Return the notes that nobody has resolved."""
    rows = list(rows)
    resolved = {row["resolves"] for row in rows}
    return [row for row in rows if row["kind"] == NOTE and row["number"] not in resolved]


def signed_now(
    finding: Signable,
    found: Collection[Signable],
    rows: Iterable[Row],
    digests: Mapping[str, str],
    who: Mapping[str, str],
) -> bool:
    """Whether a person has signed a finding in a role, and nothing has changed since."""
    own = [
        row for row in _on(finding, found, rows) if row["kind"] == SIGNATURE and row["role"] == who["role"]
    ]
    return bool(own) and own[-1]["by"] == who["by"] and not _changed(own[-1], digests)


def _on(finding: Signable, found: Collection[Signable], rows: Iterable[Row]) -> list[Row]:
    """Return the rows on a finding: on its heading or, where that is new or there is none, on its name."""
    here = [row for row in rows if row["finding"].rpartition("/")[0] == finding.place]
    headings = {each.heading for each in found if each.place == finding.place} - {""}
    own = [row for row in here if row["heading"] and row["heading"] == finding.heading]
    return own or [row for row in here if row["finding"] == finding.name and row["heading"] not in headings]


def gone(study: Study, outputs: Path, found: Collection[Signable]) -> list[Row]:
    """Return the last signature of each finding that is gone since, but for one that was signed as gone and one under a new heading.

    Of a chapter that could not be made it is not known.
    """
    rows = [row for row in rows_of(study) if row["kind"] == SIGNATURE]
    not_made = {name.replace(" ", "/") for name in read_manifest(outputs).get("not_made", ())}
    there = [row for each in found for row in _on(each, found, rows)]
    last = {(row["finding"], row["heading"]): row for row in rows if row not in there}
    again = {row["finding"]: int(row["number"]) for row in there}
    return [
        row
        for row in last.values()
        if row["words_sha256"]
        and int(row["number"]) > again.get(row["finding"], 0)
        and row["finding"].rpartition("/")[0] not in not_made
    ]


def _changed(row: Row, digests: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(part for part in PARTS if row[f"{part}_sha256"] != digests[part])


def signed(study: Study, found: list[Signable]) -> list[Signed]:
    """Return how each finding is signed."""
    rows = rows_of(study)
    return [_signed(each, _on(each, found, rows), open_notes(rows), study) for each in found]


def _signed(finding: Signable, own: list[Row], notes: list[Row], study: Study) -> Signed:
    last = {row["role"]: row for row in own if row["kind"] == SIGNATURE}
    digests = finding.digests(study) if last else {}
    changed = [(row, _changed(row, digests)) for row in last.values()]
    return Signed(
        finding,
        valid=tuple(row for row, parts in changed if not parts),
        lapsed=tuple((row, parts) for row, parts in changed if parts),
        missing=tuple(role for role in study.settings.signoff if role not in last),
        notes=tuple(row for row in notes if row in own),
    )


def sign_off(study: Study, outputs: Path, *, required: bool = False) -> SignOff:
    """Return how the findings of a study's outputs are signed; nothing where nobody has signed or written and nobody asks for it.

    required   whether an official release needs it
    """
    if not (required or study.settings.signoff or len(study.signatures)):
        return SignOff()
    found = read_signables(outputs)
    states, notes, lost = signed(study, found), open_notes(rows_of(study)), gone(study, outputs, found)
    places = groupby(states, key=lambda each: each.finding.place)
    pages = {place: _page(place, [*own], notes, study) for place, own in places}
    beside = [row for each in states for row in each.notes]
    elsewhere = [row for row in notes if row not in beside and row["finding"] not in pages]
    said = [_counted(states, len(notes), len(lost)), *_signers(states, study), *map(_note, elsewhere)]
    unsigned = [*_listed(states, study), *(_gone(row, study) for row in lost)]
    lines = [_line(each) for each in states if each.state != SIGNED]
    lines += [f"{row['finding']}, {row['heading']}: {GONE}" for row in lost]
    return SignOff(pages, said, lines, _held(states, notes, lost, study), unsigned)


def _listed(states: Iterable[Signed], study: Study) -> Iterator[dict[str, str]]:
    """Yield each finding that is not signed, or no longer: where it is, its words, and who signed it and what has changed since."""
    for each in states:
        if each.state != SIGNED:
            first, touched = each.finding.entries[0], each.valid or each.lapsed or each.notes
            told = {"place": each.finding.place, "anchor": f"finding-{first['name']}", "state": each.state}
            why = " ".join(_marks(each, study)) if touched else ""
            yield told | {"words": each.finding.heading or first["sentence"], "why": why}


def _gone(row: Row, study: Study) -> dict[str, str]:
    why = page_words("signoff", "gone", who=_who(row, study))
    told = {"place": row["finding"].rpartition("/")[0], "anchor": "", "state": GONE}
    return told | {"words": row["heading"] or row["finding"], "why": why}


def _page(place: str, own: list[Signed], notes: list[Row], study: Study) -> dict[str, list[str]]:
    on_all = [row for row in notes if row["finding"] == place]
    marks = {f"finding-{each.finding.entries[-1]['name']}": [*_marks(each, study)] for each in own}
    n_notes = len(on_all) + sum(len(each.notes) for each in own)
    return {"head": [_counted(own, n_notes), *map(_note, on_all)]} | marks


def _marks(each: Signed, study: Study) -> Iterator[str]:
    """Yield what a page says beside a finding."""
    if each.valid:
        yield page_words("signoff", "signed", who=[_who(row, study) for row in each.valid])
    for row, changed in each.lapsed:
        yield page_words("signoff", "lapsed", who=_who(row, study), changed=changed)
    if each.missing or not (each.valid or each.lapsed):
        roles = each.missing if each.valid or each.lapsed else ()
        yield page_words("signoff", "not_signed", roles=roles)
    yield from map(_note, each.notes)


def _who(row: Row, study: Study) -> str:
    """Return who signed; of a confidential study without the day, by which one would know what changed between releases."""
    on = "" if study.settings.threshold else row["on"]
    return page_words("signoff", "who", by=row["by"], role=row["role"], on=on)


def _note(row: Row) -> str:
    return page_words("signoff", "note", **{name: row[name] for name in ("number", "by", "role", "note")})


def _counted(states: Iterable[Signed], n_notes: int, n_gone: int = 0) -> str:
    found = [each.state for each in states]
    known = [state for state in (SIGNED, LAPSED, UNSIGNED) if state in found]
    first = [f"{counted(found.count(state), 'finding')} {state}" for state in known[:1]]
    told = [*first, *(f"{found.count(state)} {state}" for state in known[1:])]
    told += [f"{n_gone} {GONE}"] if n_gone else []
    return page_words("signoff", "counted", told=told, notes=n_notes)


def _signers(states: Iterable[Signed], study: Study) -> Iterator[str]:
    """Yield who has signed in which role, and of a public study until when."""
    rows, roles = [row for each in states for row in each.valid], {}
    for row in rows:
        roles.setdefault(row["role"], {})[row["by"]] = row
    who = [page_words("signoff", "who", by=listed(names), role=role, on="") for role, names in roles.items()]
    if rows:
        on = "" if study.settings.threshold else max(row["on"] for row in rows)
        yield page_words("signoff", "signers", who=who, on=on)


def _line(each: Signed) -> str:
    """Return the line on a finding that is not signed, or no longer."""
    why = [
        f"lapsed since {row['by']} signed as {row['role']}: {listed(parts)} changed"
        for row, parts in each.lapsed
    ]
    if each.missing or not why:
        why.append(UNSIGNED + (f" as {listed(each.missing, 'or')}" if each.missing else ""))
    return f"{each.finding.called}: {'; '.join(why)}"


def _held(states: Iterable[Signed], notes: Collection[Row], lost: Sequence[Row], study: Study) -> list[str]:
    """Return why outputs of a confidential study are not to leave: a mark tells what has changed, a note is a reviewer's own words."""
    n = sum(each.state == LAPSED for each in states)
    if not study.settings.threshold or not (n or notes or lost):
        return []
    return [page_words("signoff", "held", lapsed=n, gone=len(lost), notes=len(notes))]
