"""An action plan in a sheet: an action a row, with who is responsible, when it is due and what became of it."""

import re
from collections.abc import Iterator

import pandas as pd

from ncsresearch.ingest.fields import OF_PLANS, plain
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, few, slug
from ncsresearch.ingest.sheet import SEVERAL, Sheet, add_area
from ncsresearch.ingest.sheet_measures import (
    document_of,
    fields_by_heading,
    filled_cells,
    once_each,
    place_of_row,
)

# headings of an action plan; --map has the fields
NAMES = {
    "action": "action, actions, improvement action, action required, agreed action, action description, action point, what we will do, what will we do, massnahme, maßnahme, acción, mesure",
    "owner": "owner, action owner, lead, lead officer, lead person, responsible, responsibility, who, by whom, person responsible, responsible person, responsible officer, "
    "responsible lead, lead responsibility, accountable, lead agency, verantwortlich, responsable",
    "due": "due, due date, deadline, by when, when, timescale, timescales, target date, completion date, date due, end date, to be completed by, frist, échéance, plazo",
    "status": "status, rag, rag status, progress, state, current status, action status, brag, stand, état, estado",
    "as of": "last updated, updated, date updated, as at, as of, status date, date of update, updated on",
    "action number": "no, nr, number, ref, reference, id, action id, action no, action number, action ref, item",
}
KNOWN = {heading: field for field, headings in NAMES.items() for heading in headings.split(", ")}
TO_DO = re.compile(r"\bactions?\b")
NOTES = re.compile(r"\b(updates?|comments?|notes?|evidence|commentary|progress)\b")
BY_WHOM = {"owner", "due", "status"}
# words of a state, the first that fits; what has none of them is kept as it is printed
STATES = {
    "not started": r"(?<!\d)0 ?%|not (yet )?(started|begun|commenced|due)|to (be )?start|outstanding|planned",
    "in progress": r"in progress|on ?going|on track|on target|under ?way|part(ly|ially)?\b|started|begun|continu|delayed|behind|off track|slipp|\bopen\b|"
    r"almost|nearly|mostly|largely|substantially|not complete|incomplete|(?<!\d)\d\d? ?%",
    "complete": r"complete|done|closed|achieved|implemented|delivered|finished|discharged|100 ?%",
    "no update": r"no (update|progress|information)|not (reported|known|updated)|awaiting update",
}
FEW_WORDS = 5  # of a state; more are a report
YET = re.compile(r"\b(to be|will|due to|should|must|aim|until|if|when) ?\b", re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WORDED = re.compile(
    rf"(?:by |end (?:of )?|\d{{1,2}}(?:st|nd|rd|th)? )*({'|'.join(MONTHS)})[a-z]*[ ,-]*((?:20)?\d\d)",
    re.IGNORECASE,
)
WRITTEN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d\d)")
AGAIN = re.compile(
    r"\b(on ?going|continu\w+|annual\w*|quarterly|monthly|weekly|each|every|recurring|rolling)\b",
    re.IGNORECASE,
)


def plan_fields(sheet: Sheet) -> dict[str, str]:
    """Return the field of each column of an action plan, "" for one that is kept as a note; empty for a sheet of anything else."""
    fields = once_each(_with_state(sheet.frame, fields_by_heading(sheet, KNOWN, OF_PLANS)))
    if "action" not in fields.values():
        named = [name for name in fields if not fields[name] and TO_DO.search(plain(name))]
        length = {name: sheet.frame[name].str.len().mean() for name in named if not NOTES.search(plain(name))}
        fields |= dict.fromkeys(sorted(length, key=length.get)[-1:], "action")
    held = set(fields.values())
    return fields if "action" in held and BY_WHOM & held else {}


def _with_state(frame: pd.DataFrame, fields: dict[str, str]) -> dict[str, str]:
    """Return fields in which of several columns of a state that is it whose words name the most states."""
    named = {
        name: frame[name].map(state_of, na_action="ignore").count()
        for name, field in fields.items()
        if field == "status"
    }
    best = max(named, key=named.get, default="")
    return fields | dict.fromkeys(named.keys() - {best}, "")


def plan_sheet(sheet: Sheet) -> ImportedFile:
    """Actions, one a row, numbered as the plan numbers them, else from 1."""
    fields, document = plan_fields(sheet), document_of(sheet)
    named = {name: field for name, field in fields.items() if field}
    rows = (
        sheet.frame.rename(columns=named)
        .reindex(columns=[*NAMES, "area", "area type"])
        .astype("str")
        .dropna(subset="action")
    )
    kept = [name for name, field in fields.items() if not field]
    notes = [_noted(row) for row in sheet.frame.loc[rows.index, kept].to_dict("records")]
    rows = rows.assign(
        notes=notes, state=rows["status"].map(state_of, na_action="ignore"), due_by=_days(rows["due"])
    )
    rows = rows.assign(said=rows["status"].mask(rows["state"].notna()))
    own = rows["action number"]
    numbers = (
        own
        if own.notna().all() and own.is_unique
        else pd.Series(range(1, len(rows) + 1), rows.index).astype("str")
    )
    records = Records()
    records.add("documents", document_id=document, title=document, kind="action plan")
    reported = _days(rows["as of"])
    for number, day, row in zip(numbers, reported, filled_cells(rows), strict=True):
        add_area(records, row)
        records["actions"].append(
            {
                "action_id": f"{slug(document)}-{number}",
                "document_id": document,
                **place_of_row(row),
                **_cells(row),
                "as_of": day,
            }
        )
    return sheet.imported(records, _account(sheet, rows, kept))


def _cells(row: dict) -> dict:
    printed = row.get("due")
    said = f"Status as printed: {row['said']}" if "said" in row else ""
    return {
        "label": row["action"],
        "owner": ";".join(SEVERAL.split(row.get("owner", ""))),
        "due_printed": printed,
        "due": row.get("due_by"),
        "recurring": printed and ("yes" if AGAIN.search(printed) else "no"),
        "status": row.get("state"),
        "notes": "; ".join(filter(None, [said, row["notes"]])),
    }


def _noted(row: dict) -> str:
    """Return what the columns of a row say that are no field, each after its heading."""
    return "; ".join(f"{name}: {cell}" for name, cell in row.items() if not pd.isna(cell))


def state_of(words: str) -> str | None:
    """Return the state that a few words name, in the schema's words; nothing for a colour, a plan to do it or what else says none."""
    if len(words.split()) > FEW_WORDS or YET.search(words):
        return None
    return next((state for state, told in STATES.items() if re.search(told, words.lower())), None)


def _days(cells: pd.Series) -> pd.Series:
    """Return days as a study keeps them: a day or a month; missing for what says none, or may be read as two.

    In a column of days with slashes, one number over 12 says which of the two is the month.
    """
    parts = cells.str.extract(WRITTEN).dropna().astype(int)
    first, second = parts[0].gt(12).any(), parts[1].gt(12).any()
    return cells.map(
        lambda cell: _day(cell, day_first=first and not second, month_first=second and not first),
        na_action="ignore",
    )


def _day(cell: str, *, day_first: bool, month_first: bool) -> str | None:
    if found := re.match(r"\d{4}-\d\d(-\d\d)?", cell):
        return found[0]
    if found := WORDED.fullmatch(cell.strip()):
        return f"{int(found[2]) % 100 + 2000}-{MONTHS.index(found[1].lower()) + 1:02}"
    if (found := WRITTEN.fullmatch(cell.strip())) and (day_first or month_first or found[1] == found[2]):
        one, two, year = map(int, found.groups())
        month, day = (one, two) if month_first else (two, one)
        return f"{year % 100 + 2000}-{month:02}-{day:02}"
    return None


def _account(sheet: Sheet, rows: pd.DataFrame, kept: list[str]) -> Iterator[Line]:
    yield Line(
        "action",
        len(sheet.frame),
        len(rows),
        f"{len(sheet.frame) - len(rows)} rows without one" * (len(rows) < len(sheet.frame)),
    )
    said, dated = rows["status"].dropna(), rows["due"].dropna()
    other = few(dict.fromkeys(rows["said"].dropna()))
    yield Line(
        "state",
        len(said),
        int(rows["state"].notna().sum()),
        f"says no state, kept as printed: {other}" * bool(other),
        changed=int(rows["said"].notna().sum()),
    )
    unsure = few(dict.fromkeys(rows.loc[rows["due_by"].isna(), "due"].dropna()))
    yield Line(
        "due date",
        len(dated),
        int(rows["due_by"].notna().sum()),
        f"no day or month that is sure, kept as printed: {unsure}" * bool(unsure),
        changed=int(len(dated) - rows["due_by"].notna().sum()),
    )
    yield all_kept("column kept as notes", len(kept), few(kept))
