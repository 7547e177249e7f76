"""Performance measures in a sheet, whichever way it lies: a row a measure, a column a measure, or a row a value."""

import re
from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from ncsresearch.ingest.fields import OF_MEASURES, plain
from ncsresearch.ingest.guessed_fields import hint_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, few, slug
from ncsresearch.ingest.measured import FIGURE, PLAIN, figures
from ncsresearch.ingest.sheet import Sheet, add_area, place_of
from ncsresearch.schema import StudyError

# headings of a sheet of measures; --map has the fields
NAMES = {
    "measure": "measure, measure name, performance measure, indicator, indicator name, performance indicator, kpi, kpi name, key performance indicator, "
    "pi, metric, what is measured, kennzahl, indikator, indicateur, indicador",
    "period": "period, reporting period, time period, quarter, month, year, financial year, reporting year, date, quartal, monat, jahr, période, trimestre, mois, année, periodo, mes, año",
    "value": "value, actual, result, performance, figure, score, actual value, actual performance, outturn, wert, valeur, valor",
    "target": "target, target value, standard, goal, ziel, zielwert, cible, objectif, objetivo, meta",
    "better": "better, which is better, direction of better, direction, desired direction, polarity, good is, good performance is, aim",
    "unit": "unit, units, unit of measure, measured in, measured as, unit of measurement, einheit, unité, unidad",
    "numerator": "numerator",
    "denominator": "denominator",
    "note": "note, notes, comment, comments, commentary",
}
KNOWN = {heading: field for field, headings in NAMES.items() for heading in headings.split(", ")}
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
YEARS = r"(?:(?:fy ?)?(?:19|20)\d\d(?: ?[/–-] ?\d{2,4})?|(?:fy ?)?\d\d ?[/–-] ?\d\d)"
PART = rf"(?:q(?:uarter)? ?[1-4]|{MONTH})"
PERIOD = re.compile(
    rf"(?:{PART}[ ,-]*)?{YEARS}(?:[ ,-]*{PART})?|{MONTH}[ -]?['’]?\d\d|\d{{4}}-\d\d(?:-\d\d(?: 00:00:00)?)?",
    re.IGNORECASE,
)
DAY = r"\d{4}-\d\d-\d\d.*"
# a period whose year another place says
OF_YEAR = re.compile(rf"{PART}|(?:1st|2nd|3rd|4th) quarter", re.IGNORECASE)
VALUE_WORD = re.compile(r"\b(actual|result|value|performance|outturn|figure)s?\b", re.IGNORECASE)
QUARTER, MONTHLY = re.compile(r"\bq|quarter", re.IGNORECASE), re.compile(MONTH, re.IGNORECASE)
LENGTHS = {12: "year", 3: "quarter"}  # months from one date to the next
HIGHER = re.compile(r"high|up|increas|maxim|more|great|big|large|above|↑|\+")
LOWER = re.compile(r"low|down|decreas|minim|less|few|small|reduc|below|short|↓|-")
ROW = ["measure", "area"]
CELLS = [
    *("period", "period_type", "value", "unit", "printed", "target", "better", "numerator", "denominator"),
    "notes",
]


def measure_fields(sheet: Sheet) -> dict[str, str]:
    """Return the field of each column of a sheet of measures, "a period" or "a measure" for one of several; empty for a sheet of anything else.

    Raises StudyError for values by period of which no column is sure to name the measure, and where a field was given that is of no use.
    """
    fields = once_each(fields_by_heading(sheet, KNOWN, OF_MEASURES), "period")
    found = _by_columns(sheet, fields) or _by_rows(sheet.frame, fields) or _across(sheet.frame, fields)
    if not found:
        _refuse_without_period(sheet, fields)
    if not found and {*OF_MEASURES} & {*sheet.fields.values()}:
        raise StudyError(
            f"{sheet.name}: has no values of measures, expected a measure and a column a period such as 2023/24 Q1, or the columns "
            f"measure, period and value."
        )
    return found


def fields_by_heading(sheet: Sheet, known: Mapping[str, str], own: Collection[str]) -> dict[str, str]:
    """Return the field of each column by a list of headings, "" for one of none; what --map gave, and places, go before."""
    kept = {*own, "area", "area type", "leave out"}
    asked = {name for name, field in sheet.fields.items() if field == "attribute"}
    return {
        name: field if field in kept else known.get(plain(name), "") * (name not in asked)
        for name, field in sheet.fields.items()
    }


def once_each(fields: Mapping[str, str], *several: str) -> dict[str, str]:
    """Return fields of which each but several is one column's, the first; the others have none."""
    first = {field: name for name, field in reversed(fields.items())}
    return {name: field if field in several or first[field] == name else "" for name, field in fields.items()}


def _by_columns(sheet: Sheet, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a sheet with a row a measure and a column a period."""
    named = "measure" in fields.values()
    periods = _periods(sheet.frame, named=named)
    if len(periods) < (1 if named else 2):
        return {}
    others = [name for name in fields if not fields[name] and name not in periods]
    found = dict(fields) | dict.fromkeys(periods, "a period")
    return found if named else found | {_naming(sheet, others, periods): "measure"}


def _naming(sheet: Sheet, others: list[str], periods: list[str]) -> str:
    """Return the only column that can name the measures."""
    sure = len(others) == 1 and hint_of(others[0]) != "participant" and "name" not in plain(others[0])
    if not sure:
        line = f": --map {f'{others[0]}=measure'!r}" if others else ""
        raise StudyError(
            f"{sheet.name}: looks like measures by period, expected a column that names the measure{line}. If its rows are people who answered: --map {f'{periods[0]}=question'!r}."
        )
    return others[0]


def _periods(frame: pd.DataFrame, *, named: bool) -> list[str]:
    """Return the columns that are a period each and hold figures; Q1 or April alone is one where a column names measures."""
    told = {name: period_of(name) for name in frame}
    whole = [name for name in frame if PERIOD.fullmatch(told[name])]
    part = [name for name in frame if named and OF_YEAR.fullmatch(told[name])]
    found = [name for name in whole or part if _holds_figures(frame[name])]
    return [name for name in found if [told[each] for each in found].count(told[name]) == 1]


def period_of(heading: str) -> str:
    """Return the period that a heading is, without a word for its value: "Actual 2022/23 Q1" is 2022/23 Q1."""
    return " ".join(VALUE_WORD.sub(" ", heading).split())


def _holds_figures(cells: pd.Series) -> bool:
    return bool(cells.dropna().map(FIGURE.fullmatch).notna().all())


def _by_rows(frame: pd.DataFrame, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a sheet with a row a value, its measure and its period."""
    fits = {"measure", "period", "value"} <= {*fields.values()} and _are_periods(_periods_told(frame, fields))
    return dict(fields) if fits else {}


def _refuse_without_period(sheet: Sheet, fields: Mapping[str, str]) -> None:
    """Refuse measures with a value each, of which nothing says when it was."""
    value = next((name for name, field in fields.items() if field == "value"), "")
    if "measure" in fields.values() and value and _holds_figures(sheet.frame[value]):
        raise StudyError(
            f"{sheet.name}: looks like measures with a value each, expected the period of each value, in a column such as Period: "
            f"2023/24 Q1, 2023/24 or April 2024."
        )


def _periods_told(frame: pd.DataFrame, fields: Mapping[str, str]) -> pd.Series:
    """Return the period of each row, of a year and a quarter or month in columns of their own as one."""
    columns = [name for name, field in fields.items() if field == "period"]
    return frame[columns].fillna("").agg(" ".join, axis=1).str.strip().replace("", None)


def _are_periods(cells: pd.Series) -> bool:
    """Whether cells are years, quarters or months; a day is one where it is the first or the last of its month."""
    told = cells.dropna()
    days = pd.to_datetime(told[told.str.fullmatch(DAY)].str[:10], errors="coerce")
    ends = days.dt.is_month_start | days.dt.is_month_end
    fits = [bool(PERIOD.fullmatch(cell) or OF_YEAR.fullmatch(cell)) for cell in told]
    return bool(fits) and all(fits) and bool(ends.all())


def _across(frame: pd.DataFrame, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a sheet with a row a period and a column a measure."""
    if "period" not in fields.values() or "measure" in fields.values():
        return {}
    told = _periods_told(frame, fields)
    told = told[told.map(plain, na_action="ignore").ne("target")].dropna()
    others = [name for name in fields if not fields[name]]
    fits = len(told) > 1 and told.is_unique and _are_periods(told)
    fits = fits and bool(others) and all(_holds_figures(frame[name]) for name in others)
    return {**fields, **dict.fromkeys(others, "a measure")} if fits else {}


def measures_sheet(sheet: Sheet) -> ImportedFile:
    """Values of measures, with a row each in kpi_values, by the order of the file.

    Raises StudyError where two rows are one measure in one area and period.
    """
    fields = measure_fields(sheet)
    rows = _with_periods(_by_value(sheet, fields))
    rows = rows.dropna(subset=["measure", "period"])
    _refuse_twice(sheet, rows)
    made = [_measured(each) for _, each in rows.groupby(ROW, sort=False, dropna=False)]
    rows = pd.concat(made) if made else rows
    records, document = Records(), document_of(sheet)
    records.add("documents", document_id=document, title=document, kind="performance measures")
    several = rows.groupby("measure")["area"].nunique().gt(1)
    for row in filled_cells(rows):
        add_area(records, row)
        place = f" ({row['area']})" if several[row["measure"]] and "area" in row else ""
        label = row["measure"] + place
        known = {"kpi_id": f"{slug(document)}-{slug(label)}", "document_id": document, "label": label}
        cells = {name: _written(row.get(name)) for name in CELLS}
        records["kpi_values"].append(known | place_of_row(row) | cells)
    return sheet.imported(records, _account(rows, fields))


def _written(cell) -> str | None:
    """Return a cell as text, a number as it is written by hand."""
    return f"{cell:.15g}" if isinstance(cell, int | float) else cell


def document_of(sheet: Sheet) -> str:
    """Return what the document of a sheet is called: its file without the ending, and the sheet where there are several."""
    _, comma, title = sheet.name.removeprefix(sheet.stem).partition(", ")
    return f"{sheet.stem}{comma}{title}"


def filled_cells(rows: pd.DataFrame) -> Iterator[dict]:
    """Yield the cells of each row that hold something."""
    for row in rows.to_dict("records"):
        yield {name: cell for name, cell in row.items() if not pd.isna(cell)}


def place_of_row(row: Mapping) -> dict:
    """Return the area that a row names, as a cell."""
    return {"area_id": place_of(row)["area_id"]}


def _by_value(sheet: Sheet, fields: Mapping[str, str]) -> pd.DataFrame:
    """Return a row for each value, whichever way the sheet lies, under the names of the fields; row is the number of its row."""
    named = {
        name: field for name, field in fields.items() if field not in ("", "period", "a period", "a measure")
    }
    frame = sheet.frame.assign(row=sheet.frame.index)
    frame = frame if "a period" in fields.values() else frame.assign(period=_periods_told(frame, fields))
    frame = frame.rename(columns=named)
    over = [name for name, field in fields.items() if field.startswith("a ")]
    targets = pd.Series(dtype="str")
    if "a measure" in fields.values():
        is_target = frame["period"].map(plain, na_action="ignore").eq("target")
        targets, frame = frame.loc[is_target, over].bfill().head(1).squeeze(axis=0), frame[~is_target]
    if over:
        name = "measure" if "a measure" in fields.values() else "period"
        frame = frame.melt([each for each in frame if each not in over], over, name, "value")
        frame[name] = frame[name].map(period_of if name == "period" else _spaced)
    known = [*NAMES, "area", "area type", "row"]
    frame = frame.reindex(columns=known).astype("str")
    return frame.assign(target=frame["measure"].map(targets)) if len(targets) else frame


def _spaced(heading: str) -> str:
    return heading.replace("_", " ")


def _with_periods(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the period as it is printed, a date as its month, quarter or year, and with its length."""
    told = rows["period"].str.strip()
    days = pd.to_datetime(
        told.where(told.str.fullmatch(r"\d{4}-\d\d(-\d\d.*)?").eq(True)), errors="coerce", format="ISO8601"
    )
    months = (12 * days.dt.year + days.dt.month).dropna().drop_duplicates().sort_values()
    length = LENGTHS.get(months.diff().min(), "month")
    printed = {
        "year": days.dt.strftime("%Y"),
        "quarter": days.dt.year.astype("Int64").astype("str")
        + " Q"
        + days.dt.quarter.astype("Int64").astype("str"),
    }
    printed = printed.get(length, days.dt.strftime("%b %Y"))
    kinds = told.map(_length, na_action="ignore").mask(days.notna(), length)
    return rows.assign(period=told.mask(days.notna(), printed), period_type=kinds)


def _length(period: str) -> str:
    return "quarter" if QUARTER.search(period) else "month" if MONTHLY.search(period) else "year"


def _refuse_twice(sheet: Sheet, rows: pd.DataFrame) -> None:
    again = rows[rows.duplicated([*ROW, "period"])]
    if len(again):
        row = again.iloc[0]
        same = rows[rows["period"].eq(row["period"]) & rows["measure"].eq(row["measure"])]["row"].unique()
        raise StudyError(
            f"{sheet.name}: rows {few(map(str, same))} are one measure, {row['measure']!r}, in {row['period']}; "
            f"give each a name of its own, or name its area in a column."
        )


def _measured(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the values of one measure as numbers in its unit, with its target and which values are better."""
    unit = next(iter(rows["unit"].dropna()), "")
    found = figures(rows["value"], rows["target"], unit, rows["measure"].iloc[0])
    words = rows["better"].map(_better, na_action="ignore").replace("", None)
    better = words.fillna(found["better"])
    whole = {
        name: pd.to_numeric(rows[name].str.replace(",", ""), errors="coerce")
        for name in ("numerator", "denominator")
    }
    return rows.assign(**found.drop(columns="better"), better=better, **whole, notes=rows["note"])


def _better(words: str) -> str:
    """Return which values are better, in the schema's words; empty where the words do not say."""
    sides = [side for side, told in (("higher", HIGHER), ("lower", LOWER)) if told.search(words.lower())]
    return sides[0] if len(sides) == 1 else ""


def _account(rows: pd.DataFrame, fields: Mapping[str, str]) -> Iterator[Line]:
    measures = rows.drop_duplicates(ROW)
    unit = measures["unit"].fillna("percent").value_counts()
    units = {name: "without a unit" if name == PLAIN else f"in {name}" for name in unit.index}
    yield all_kept("measure", len(measures), "; ".join(f"{n} {units[name]}" for name, n in unit.items()))
    known, printed = rows["value"].notna(), rows["printed"].notna() & rows["value"].isna()
    words = few(dict.fromkeys(rows.loc[printed, "printed"]))
    yield Line(
        "value",
        int((known | printed).sum()),
        int(known.sum()),
        f"without a number, as printed: {words}" * bool(words),
        changed=int(printed.sum()),
    )
    shares = few(rows.loc[rows["of_one"].eq(True), "measure"].unique())
    yield all_kept("measure from 0 to 1", int(bool(shares)), f"read as shares of 1: {shares}" * bool(shares))
    sides = measures["better"].isna().sum()
    yield all_kept(
        "measure of which it is not said which values are better",
        int(sides),
        "a column such as Better, with higher or lower, says it" * bool(sides),
    )
    unread = [name for name, field in fields.items() if not field]
    yield Line(
        "column that is no part of a measure", len(unread), 0, f"not read: {few(unread)}" * bool(unread)
    )
