"""An action plan in a sheet: an action a row, with who is responsible, when it is due and what became of it."""

import re
from collections.abc import Iterator

import pandas as pd

from ncsresearch.ingest.fields import OF_PLANS, plain
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, few, slug
from ncsresearch.ingest.measure_columns import is_two_years
from ncsresearch.ingest.sheet import (
    Sheet,
    add_area,
    document_of,
    fields_by_heading,
    filled_cells,
    once_each,
    place_of_row,
)
from ncsresearch.ingest.sheet_measures import MONTHS
from ncsresearch.schema import StudyError

# headings of an action plan; --map has the fields
NAMES = {
    "action": "action, actions, improvement action, action required, agreed action, action description, action point, what we will do, what will we do, massnahme, maßnahme, acción, mesure",
    "owner": "owner, action owner, lead, lead officer, lead person, responsible, responsibility, who, by whom, person responsible, responsible person, responsible officer, "
    "responsible lead, lead responsibility, accountable, lead agency, assigned to, verantwortlich, responsable",
    "due": "due, due date, deadline, by when, when, timescale, timescales, target date, completion date, date due, end date, to be completed by, target completion, frist, échéance, plazo",
    "status": "status, rag, rag status, progress, state, current status, action status, brag, % complete, percent complete, complete, stand, état, estado",
    "as of": "last updated, updated, date updated, as at, as of, status date, date of update, updated on",
    "action number": "no, nr, number, ref, reference, id, action id, action no, action number, action ref, item",
}
KNOWN = {plain(heading): field for field, headings in NAMES.items() for heading in headings.split(", ")}
TO_DO = re.compile(r"\bactions?\b")
NOTES = re.compile(r"\b(updates?|comments?|notes?|evidence|commentary|progress)\b")
BY_WHOM = {"owner", "due", "status"}
# headings of lists of people, who have an action or a status too
OF_PEOPLE = {"name", "first name", "full name", "surname", "role", "organisation", "age"}
WHEN = (
    r"(?:[ ,:–-]+\(?(?:in |on )?(?:[\w/. ]*\d{4}|\d{1,2}/\d{1,2}/\d\d)\)?)?"  # a day or month behind a state
)
# what the words of a state are, whole; what is none of them is kept as it is printed
STATES = {
    "complete": rf"(?:fully |now |action )?(?:completed?|done|closed|achieved|implemented|delivered|finished){WHEN}|100(?:\.0+)?%(?: completed?)?",
    "in progress": r"(?:work |now )?(?:in progress|on ?going|on track|on target|under ?way|started|begun|commenced|open|off track|behind schedule|delayed)|"
    r"(?:partly|partially|part|almost|nearly|mostly) (?:completed?|done|achieved|implemented|delivered)|(?!0+(?:\.0+)?%)\d{1,2}(?:\.\d+)?%(?: completed?)?",
    "not started": r"not (?:yet )?(?:started|begun|commenced)|yet to (?:start|begin)|to start|planned|0+(?:\.0+)?%(?: completed?)?",
    "no update": r"no (?:update|progress|information)(?: (?:received|given|provided|reported|available))?|not (?:reported|updated)|awaiting update",
}
WORDED = re.compile(
    rf"(?:by |end (?:of )?|\d{{1,2}}(?:st|nd|rd|th)? )*({'|'.join(MONTHS)})[a-z]*\.?[ ,-]*(20\d\d|['’]\d\d)",
    re.IGNORECASE,
)
WRITTEN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d\d)")
ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?: 00:00:00)?|\d{4}-(?:0[1-9]|1[0-2])")
OWNERS, SEVERAL = re.compile(r"\s*[;|\n]\s*"), re.compile(r",|/|&| and ")  # what divides owners, and what may
AGAIN = re.compile(
    r"\b(on ?going|continu\w+|annual\w*|quarterly|monthly|weekly|each|every|recurring|rolling)\b",
    re.IGNORECASE,
)


def plan_fields(sheet: Sheet) -> dict[str, str]:
    """Return the field of each column of an action plan, "" for one that is kept as a note; empty for a sheet of anything else."""
    fields = once_each(_with_state(sheet.frame, fields_by_heading(sheet, KNOWN, OF_PLANS)))
    if "action" not in sheet.fields.values() and any(map(_may_be_others, fields)):
        return {}
    if "action" not in fields.values():
        named = [name for name in fields if not fields[name] and TO_DO.search(plain(name))]
        length = {name: sheet.frame[name].str.len().mean() for name in named if not NOTES.search(plain(name))}
        fields |= dict.fromkeys(sorted(length, key=length.get)[-1:], "action")
    held = set(fields.values())
    return fields if "action" in held and BY_WHOM & held else {}


def _may_be_others(heading: str) -> bool:
    """Whether a heading names people or asks, so that the sheet may be a list of people or answers of a survey."""
    return "?" in heading or plain(heading) in OF_PEOPLE


def _with_state(frame: pd.DataFrame, fields: dict[str, str]) -> dict[str, str]:
    """Return fields in which of several columns of a state that is it whose words name the most states."""
    named = [name for name, field in fields.items() if field == "status"]
    best = max(named, key=lambda name: frame[name].map(state_of, na_action="ignore").count(), default="")
    return fields | dict.fromkeys({*named} - {best}, "")


def plan_sheet(sheet: Sheet) -> ImportedFile:
    """Actions, one a row, numbered as the plan numbers them, else from 1; raises StudyError for a plan without one."""
    fields, document = plan_fields(sheet), document_of(sheet)
    rows, sections = _without_sections(_under_fields(sheet, fields))
    kept = [name for name, field in fields.items() if not field]
    notes = [_noted(row) for row in sheet.frame.loc[rows.index, kept].to_dict("records")]
    states = rows["status"].map(state_of, na_action="ignore")
    days = {"due_by": _days(rows["due"]), "reported": _days(rows["as of"])}
    rows = rows.assign(notes=notes, state=states, said=rows["status"].mask(states.notna()), **days)
    records = Records()
    records.add("documents", document_id=document, title=document, kind="action plan")
    for number, row in zip(_numbers(rows), filled_cells(rows), strict=True):
        add_area(records, row)
        known = {"action_id": f"{slug(document)}-{number}", "document_id": document}
        records["actions"].append(known | place_of_row(row) | _cells(row))
    return sheet.imported(records, _account(sheet, rows, kept, sections))


def _under_fields(sheet: Sheet, fields: dict[str, str]) -> pd.DataFrame:
    named = {name: field for name, field in fields.items() if field and field != "leave out"}
    rows = sheet.frame[[*named]].rename(columns=named)
    rows = rows.reindex(columns=[*NAMES, "area", "area type"]).astype("str").dropna(subset="action")
    if rows.empty:
        raise StudyError(f"{sheet.name}: is a plan without an action.")
    return rows


def _without_sections(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the actions of a plan, and the headings of its parts: rows with an action alone, where others have more."""
    alone = rows.drop(columns="action").isna().all(axis=1)
    return rows[~alone | alone.all()], [] if alone.all() else list(rows.loc[alone, "action"])


def _numbers(rows: pd.DataFrame) -> list[str]:
    own = rows["action number"]
    return list(own) if own.notna().all() and own.is_unique else [str(n) for n in range(1, len(rows) + 1)]


def _cells(row: dict) -> dict:
    printed = row.get("due")
    said = f"Status as printed: {row['said']}" if "said" in row else ""
    return {
        "label": row["action"],
        "owner": ";".join(OWNERS.split(row.get("owner", ""))),
        "due_printed": printed,
        "due": row.get("due_by"),
        "recurring": printed and ("yes" if AGAIN.search(printed) else "no"),
        "status": row.get("state"),
        "as_of": row.get("reported"),
        "notes": "; ".join(filter(None, [said, row["notes"]])),
    }


def _noted(row: dict) -> str:
    """Return what the columns of a row say that are no field, each after its heading."""
    return "; ".join(f"{name}: {cell}" for name, cell in row.items() if not pd.isna(cell))


def state_of(words: str) -> str | None:
    """Return the state that a cell names, in the schema's words; nothing for a colour, a plan to do it or what else says none."""
    told = " ".join(words.lower().replace(" %", "%").rstrip(".").split())
    return next((state for state, known in STATES.items() if re.fullmatch(known, told)), None)


def _days(cells: pd.Series) -> pd.Series:
    """Return days as a study keeps them: a day or a month; missing for what says none, or may be read as two.

    In a column of days with slashes, one number over 12 says which of the two is the month.
    """
    parts = cells.str.extract(rf"^{WRITTEN.pattern}$").dropna().astype(int)
    first, second = parts[0].gt(12).any(), parts[1].gt(12).any()
    order = "dm" if first and not second else "md" if second and not first else ""
    return cells.map(lambda cell: _day(cell.strip(), order), na_action="ignore")


def _day(cell: str, order: str) -> str | None:
    if found := ISO.fullmatch(cell):
        return _real(found[1]) if found[1] else None if is_two_years(cell) else cell
    if found := WORDED.fullmatch(cell):
        return f"20{found[2][-2:]}-{MONTHS.index(found[1].lower()) + 1:02}"
    if (found := WRITTEN.fullmatch(cell)) and (order or found[1] == found[2]):
        month, day = found.group(1, 2) if order == "md" else found.group(2, 1)
        return _real(f"{f'20{found[3]}'[-4:]}-{int(month):02}-{int(day):02}")
    return None


def _real(day: str) -> str | None:
    """Return a day that there is."""
    return None if pd.isna(pd.to_datetime(day, errors="coerce", format="%Y-%m-%d")) else day


def _account(sheet: Sheet, rows: pd.DataFrame, kept: list[str], sections: list[str]) -> Iterator[Line]:
    n, others = len(sheet.frame) - len(sections), len(sheet.frame) - len(rows) - len(sections)
    yield Line("action", n, len(rows), f"{others} rows without one" * bool(others))
    yield Line("heading of a part", len(sections), 0, f"left out: {few(sections)}" * bool(sections))
    one = [owner for owner in rows["owner"].dropna().unique() if SEVERAL.search(owner)]
    how = f"a semicolon or a line divides owners, and nothing else: one owner each are {'; '.join(one[:3])}"
    yield all_kept("owner", int(rows["owner"].count()), how * bool(one))
    yield _read(rows["status"], rows["state"], "state", "says no state")
    yield _read(rows["due"], rows["due_by"], "due date", "no day or month that is sure")
    yield all_kept("column kept as notes", len(kept), few(kept))


def _read(cells: pd.Series, found: pd.Series, kind: str, why: str) -> Line:
    n, kept = int(cells.count()), int(found.count())
    unread = few(dict.fromkeys(cells[found.isna()].dropna()))
    return Line(kind, n, kept, f"{why}, kept as printed: {unread}" * bool(unread), changed=n - kept)
