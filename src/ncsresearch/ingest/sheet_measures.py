"""Values of performance measures in a sheet: each with its period, unit and target, in the order of time."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pandas as pd

from ncsresearch.ingest.fields import plain
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, few, free, slug
from ncsresearch.ingest.measure_columns import (
    AIMED,
    DAY,
    KNOWN,
    MONTH,
    NAMES,
    NUMBERED_MONTH,
    OF_YEAR,
    is_two_years,
    measure_fields,
    period_of,
    periods_told,
    same_period,
    target_period,
)
from ncsresearch.ingest.measured import figures
from ncsresearch.ingest.sheet import Sheet, add_area, document_of, filled_cells, place_of_row
from ncsresearch.schema import NO_UNIT, StudyError

QUARTER, MONTHLY = re.compile(r"\bq|quarter", re.IGNORECASE), re.compile(MONTH, re.IGNORECASE)
LENGTHS = {12: "year", 3: "quarter"}  # months from one date to the next
GOOD = r"( ?(is|are|=|-))? ?(better|best|good)"
SIDE = re.compile(
    rf"(?P<higher>high(er)?|more|bigger|greater|maximi[sz]e|increase)({GOOD})?|(?P<lower>low(er)?|less|fewer|smaller|minimi[sz]e|decrease|reduce)({GOOD})?"
)
ROW, AT = ["measure", "area"], "row of the file"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CELLS = [
    *("period", "period_type", "value", "unit", "printed", "target", "better", "numerator", "denominator"),
    "notes",
]


def measures_sheet(sheet: Sheet) -> ImportedFile:
    """Values of measures, with a row each in kpi_values, by the order of the file.

    Raises StudyError where two rows are one measure in one area and period, and where a value has no measure or period.
    """
    fields = measure_fields(sheet)
    rows, left = _of_usual_length(_with_periods(_filled(sheet, _by_value(sheet, fields))))
    _refuse_twice(sheet, rows)
    _refuse_out_of_order(sheet, rows)
    rows = pd.concat(_measured(each) for _, each in rows.groupby(ROW, sort=False, dropna=False))
    records, document = Records(), document_of(sheet)
    records.add("documents", document_id=document, title=document, kind="performance measures")
    names = _names(rows, document)
    for row in filled_cells(rows):
        add_area(records, row)
        kpi_id, label = names[row["measure"], row.get("area", "")]
        known = {"kpi_id": kpi_id, "document_id": document, "label": label}
        cells = {name: _written(row.get(name)) for name in CELLS}
        records["kpi_values"].append(known | place_of_row(row) | cells)
    return sheet.imported(records, _account(rows, fields, left))


def _filled(sheet: Sheet, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a value, or without one of a measure that has some; refuses a value that nothing names."""
    held = rows[rows["value"].notna()]
    for name in ("measure", "period", *["area"] * bool(held["area"].notna().any())):
        unnamed = held.loc[held[name].isna(), AT].unique()
        if len(unnamed):
            raise StudyError(
                f"{sheet.name}: row {few(map(str, unnamed))} has a value and no {name}, expected one in each row."
            )
    again = held[held["measure"].map(plain).isin(KNOWN)]
    if len(again):
        raise StudyError(
            f"{sheet.name}: row {again[AT].iloc[0]} is the heading of a second table; put it on a sheet of its own."
        )
    if held.empty:
        raise StudyError(f"{sheet.name}: has no value of a measure.")
    return rows[rows["measure"].isin(held["measure"])].dropna(subset="period")


def _names(rows: pd.DataFrame, document: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the id and the label of each measure in each area, with the area in it where there are several."""
    pairs, used, found = rows[ROW].fillna("").drop_duplicates(), set(), {}
    several = pairs["measure"].duplicated(keep=False)
    for measure, area, is_one_of in zip(pairs["measure"], pairs["area"], several, strict=True):
        label = f"{measure} ({area})" if is_one_of and area else measure
        kpi_id = free(f"{slug(document)}-{slug(label)}", used)
        used.add(kpi_id)
        found[measure, area] = (kpi_id, label)
    return found


def _of_usual_length(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows of the length that most periods have, and the periods of another, such as a year among its quarters."""
    kinds = rows.drop_duplicates("period")["period_type"]
    usual = rows["period_type"].eq(kinds.mode().iloc[0])
    return rows[usual], list(rows.loc[~usual, "period"].unique())


def _refuse_out_of_order(sheet: Sheet, rows: pd.DataFrame) -> None:
    """Refuse quarters or months without a year that do not follow each other."""
    told = [each for each in rows["period"].unique() if OF_YEAR.fullmatch(each)]
    steps = [_place_in_year(each) for each in told]
    length = 4 if rows["period_type"].iloc[0] == "quarter" else 12
    if any((after - before) % length != 1 for before, after in pairwise(steps)):
        raise StudyError(
            f"{sheet.name}: {few(told)} have no year, expected them in the order of time, or with their years."
        )


def _place_in_year(period: str) -> int:
    digit = re.search(r"[1-4]", period)
    return int(digit[0]) if digit else MONTHS.index(period[:3].lower())


def _written(cell) -> str | None:
    """Return a cell as text, a number as it is written by hand."""
    return f"{cell:.15g}" if isinstance(cell, int | float) else cell


def _by_value(sheet: Sheet, fields: Mapping[str, str]) -> pd.DataFrame:
    """Return a row for each value, whichever way the sheet lies, under the names of the fields; AT is the number of its row."""
    over = [name for name, field in fields.items() if field in ("a period", "a measure")]
    named = {
        name: field
        for name, field in fields.items()
        if field and field not in ("period", "leave out", AIMED) and name not in over
    }
    aimed = [name for name, field in fields.items() if field == AIMED]
    frame = sheet.frame[[*named, *aimed, *over]].rename(columns=named).assign(**{AT: sheet.frame.index})
    if "a period" not in fields.values():
        frame = frame.assign(period=periods_told(sheet.frame, fields))
    targets = pd.Series(dtype="str")
    if "a measure" in fields.values():
        is_target = frame["period"].map(plain, na_action="ignore").eq("target")
        targets = frame.loc[is_target, over].bfill().head(1).squeeze(axis=0)
        targets, frame = targets.rename(_spaced), frame[~is_target]
    if over:
        name = "measure" if "a measure" in fields.values() else "period"
        frame = frame.melt([each for each in frame if each not in over], over, name, "value")
        frame[name] = frame[name].map(period_of if name == "period" else _spaced)
    for column in aimed:
        is_of = frame["period"].map(same_period).eq(target_period(column))
        before = frame.get("target", pd.Series(index=frame.index, dtype="str"))
        frame = frame.assign(target=before.where(~is_of, frame[column]))
    if "unit" not in frame and "percentage" in (plain(name) for name in named):
        frame = frame.assign(unit="%")
    frame = frame.reindex(columns=[*NAMES, "area", "area type", AT]).astype(
        {name: "str" for name in [*NAMES, "area", "area type"]}
    )
    return frame.assign(target=frame["measure"].map(targets)) if len(targets) else frame


def _spaced(heading: str) -> str:
    return heading.replace("_", " ")


def _with_periods(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the period as it is printed, a date as its month or year, in the order of dates, and with its length."""
    told = rows["period"].str.strip()
    numbered = told[told.str.fullmatch(NUMBERED_MONTH).eq(True)]
    dated = told.str.fullmatch(rf"{DAY}|{NUMBERED_MONTH}").eq(True) & ~(
        told.isin(numbered) & numbered.map(is_two_years).all()
    )
    days = pd.to_datetime(told.where(dated), errors="coerce", format="ISO8601")
    months = (12 * days.dt.year + days.dt.month).dropna().drop_duplicates().sort_values()
    length = LENGTHS.get(months.diff().min(), "month")
    printed = days.dt.strftime("%Y" if length == "year" else "%b %Y")
    kinds = told.map(_length, na_action="ignore").mask(days.notna(), length)
    rows = rows.assign(period=told.mask(days.notna(), printed), period_type=kinds)
    return rows.loc[days.sort_values(kind="stable").index] if days.notna().all() else rows


def _length(period: str) -> str:
    return "quarter" if QUARTER.search(period) else "month" if MONTHLY.search(period) else "year"


def _refuse_twice(sheet: Sheet, rows: pd.DataFrame) -> None:
    again = rows[rows.duplicated([*ROW, "period"])]
    if len(again):
        row = again.iloc[0]
        same = rows[rows["period"].eq(row["period"]) & rows["measure"].eq(row["measure"])][AT].unique()
        raise StudyError(
            f"{sheet.name}: rows {few(map(str, same))} are one measure, {row['measure']!r}, in {row['period']}; "
            f"give each a name of its own, or name its area in a column."
        )


def _measured(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the values of one measure as numbers in its unit, with its target and which values are better."""
    units, label = [*rows["unit"].dropna().unique()], rows["measure"].iloc[0]
    if len(units) > 1:
        raise StudyError(
            f"{label!r} has values in {few(units)}, expected one unit; give each a measure of its own."
        )
    found = figures(rows["value"], rows["target"], next(iter(units), ""), label)
    better = rows["better"].map(_better, na_action="ignore").fillna(found["better"].bfill().ffill())
    counts = {
        name: pd.to_numeric(rows[name].str.replace(",", ""), errors="coerce")
        for name in ("numerator", "denominator")
    }
    aimed = ("Target as printed: " + found["aimed"]).fillna("")
    notes = [
        ". ".join(filter(None, pair)) or None for pair in zip(rows["note"].fillna(""), aimed, strict=True)
    ]
    return rows.assign(**found.drop(columns="better"), better=better, **counts, notes=notes)


def _better(words: str) -> str | None:
    """Return which values are better, in the schema's words; nothing where the words do not say."""
    found = SIDE.fullmatch(plain(words))
    return found and next(side for side, told in found.groupdict().items() if told)


def _account(rows: pd.DataFrame, fields: Mapping[str, str], left: list[str]) -> Iterator[Line]:
    measures = rows.drop_duplicates(ROW)
    unit = measures["unit"].fillna("percent").value_counts()
    units = {name: "without a unit" if name == NO_UNIT else f"in {name}" for name in unit.index}
    yield all_kept("measure", len(measures), "; ".join(f"{n} {units[name]}" for name, n in unit.items()))
    known, printed = rows["value"].notna(), rows["printed"].notna() & rows["value"].isna()
    words = few(dict.fromkeys(rows.loc[printed, "printed"]))
    n, kept = int((known | printed).sum()), int(known.sum())
    yield Line("value", n, kept, f"without a number, as printed: {words}" * bool(words), changed=n - kept)
    yield Line("period of another length", len(left), 0, f"left out: {few(left)}" * bool(left))
    aimed = measures["aimed"].dropna()
    note = f"kept as a note: {few(aimed.unique())}" * (len(aimed) > 0)
    yield Line("target that is no number", len(aimed), 0, note, changed=len(aimed))
    unsaid = int(measures["better"].isna().sum())
    how = "a column such as Better, with higher or lower, says it"
    yield all_kept("measure of which it is not said which values are better", unsaid, how * bool(unsaid))
    unread = [name for name, field in fields.items() if not field]
    why = f"not read: {few(unread)}" * bool(unread)
    yield Line("column that is no part of a measure", len(unread), 0, why)
