"""Performance measures in a sheet, whichever way it lies: a row a measure, a column a measure, or a row a value."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

import pandas as pd

from ncsresearch.ingest.fields import OF_MEASURES, plain
from ncsresearch.ingest.guessed_fields import hint_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, few, free, slug
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
MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
YEARS = r"(?:(?:fy ?)?(?:19|20)\d\d(?: ?[/–-] ?\d{2,4})?|(?:fy ?)?\d\d ?[/–-] ?\d\d|fy ?\d\d)"
PART = rf"(?:q(?:uarter)? ?[1-4]|{MONTH})"
PERIOD = re.compile(
    rf"(?:{PART}[ ,-]*)?{YEARS}(?:[ ,-]*{PART})?|{MONTH}[ -]?['’]?\d\d|\d{{4}}-\d\d(?:-\d\d(?: 00:00:00)?)?",
    re.IGNORECASE,
)
DAY, NUMBERED_MONTH = r"\d{4}-\d\d-\d\d.*", r"(\d{4})-(\d\d)"
# a period whose year another place says
OF_YEAR = re.compile(rf"{PART}|(?:1st|2nd|3rd|4th) quarter", re.IGNORECASE)
VALUE_WORD = re.compile(r"\b(actual|result|value|performance|outturn|figure)s?\b", re.IGNORECASE)
MARKED = re.compile(r"\s*[\[(](?![^\])]*\d{4})[^\])]*[\])]\s*$")  # behind a period: (p), [note 1], (revised)
# a heading below another that is merged, as "2022/23 [Q1]"
UNDER_A_YEAR = re.compile(
    rf"(.*?\d) \[({PART}|actual|result|value|performance|outturn|figure|target)s?\]", re.IGNORECASE
)
HAS_PERIOD = re.compile(rf"(?:19|20)\d\d|\bq[1-4]\b|\b{MONTH}\b", re.IGNORECASE)
BESIDE = re.compile(
    r"\b(b?rag|status|trend|comments?|notes?|variance|change|rank|progress|colour)\b", re.IGNORECASE
)
QUARTER, MONTHLY = re.compile(r"\bq|quarter", re.IGNORECASE), re.compile(MONTH, re.IGNORECASE)
LENGTHS = {12: "year", 3: "quarter"}  # months from one date to the next
GOOD = r"( ?(is|are|=|-))? ?(better|best|good)"
SIDE = re.compile(
    rf"(?P<higher>high(er)?|more|bigger|greater|maximi[sz]e|increase)({GOOD})?|(?P<lower>low(er)?|less|fewer|smaller|minimi[sz]e|decrease|reduce)({GOOD})?"
)
UNSURE = re.compile(r"^(id|ref|no|number|case|column \d+)$|\bnames?\b")  # headings that may be people's
RATING = 10  # the highest answer of a rating
ROW, AT = ["measure", "area"], "row of the file"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CELLS = [
    *("period", "period_type", "value", "unit", "printed", "target", "better", "numerator", "denominator"),
    "notes",
]


def measure_fields(sheet: Sheet) -> dict[str, str]:
    """Return the field of each column of a sheet of measures, "a period" or "a measure" for one of several; empty for a sheet of anything else.

    Raises StudyError for values by period of which no column is sure to name the measure, and where a field was given that is of no use.
    """
    fields = once_each(fields_by_heading(sheet, KNOWN, OF_MEASURES), "period")
    found = _by_columns(sheet, fields) or _by_rows(sheet.frame, fields) or _across(sheet, fields)
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
        name: field if field in kept else known.get(plain(name), "") * (name not in asked and "?" not in name)
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
    if named and not periods:
        _refuse_unread(
            sheet,
            [name for name in fields if not fields[name] and _holds_figures(sheet.frame[name], most=0.5)],
        )
    if len(periods) < (1 if named else 2):
        return {}
    fields = {name: "" if field in ("value", "period") else field for name, field in fields.items()}
    others = [name for name in fields if not fields[name] and name not in periods]
    found = fields | dict.fromkeys(periods, "a period")
    found |= {} if named else {_naming(sheet, others, periods): "measure"}
    _refuse_unread(sheet, [name for name in found if not found[name]])
    return found


def _refuse_unread(sheet: Sheet, others: list[str]) -> None:
    """Refuse a column that may be a period of the measures and is read as none."""
    unread = [name for name in others if HAS_PERIOD.search(name) and not BESIDE.search(name)]
    if unread:
        raise StudyError(
            f"{sheet.name}: the column {unread[0]!r} may be a period of the measures, expected a heading such as 2023/24 Q1, 2023/24 or "
            f"April 2024, one for each, above numbers. To pass over it: --map {f'{unread[0]}=leave out'!r}."
        )


def _naming(sheet: Sheet, others: list[str], periods: list[str]) -> str:
    """Return the only column that can name the measures."""
    told = plain(others[0]) if len(others) == 1 else ""
    sure = (
        told and not hint_of(told) and not UNSURE.search(told) and not _holds_figures(sheet.frame[others[0]])
    )
    if not sure:
        line = f": --map {f'{others[0]}=measure'!r}" if others else ""
        raise StudyError(
            f"{sheet.name}: looks like measures by period, expected a column that names the measure{line or ', also where it is one'}. If its rows are people who answered: --map {f'{periods[0]}=question'!r}."
        )
    return others[0]


def _periods(frame: pd.DataFrame, *, named: bool) -> list[str]:
    """Return the columns that are a period each and hold figures; Q1 or April alone is one where a column names measures."""
    told = {name: period_of(name) for name in frame}
    whole = [name for name in frame if _is_period(told[name])]
    part = [name for name in frame if named and OF_YEAR.fullmatch(told[name])]
    found = [name for name in whole or part if _holds_figures(frame[name], most=0.5)]
    once = Counter(_same_period(told[name]) for name in found)
    return [name for name in found if once[_same_period(told[name])] == 1]


def _is_period(told: str) -> bool:
    return bool(PERIOD.fullmatch(told)) and not (
        re.match(r"\d{4}-\d\d", told) and _day(told) is pd.NaT and not _years(told)
    )


def _day(told: str) -> pd.Timestamp:
    return pd.to_datetime(told, errors="coerce", format="ISO8601")


def _years(told: str) -> bool:
    """Whether 2011-12 is a year and the next, as it is a December."""
    found = re.fullmatch(NUMBERED_MONTH, told)
    return bool(found) and (int(found[1]) + 1) % 100 == int(found[2])


def _same_period(told: str) -> str:
    return re.sub(r"[^0-9a-z]", "", told.lower())


def period_of(heading: str) -> str:
    """Return the period that a heading is, without a word for its value: "Actual 2022/23 Q1" is 2022/23 Q1."""
    below = UNDER_A_YEAR.fullmatch(heading)
    told = f"{below[1]} {below[2]}" if below else MARKED.sub("", heading)
    return " ".join(VALUE_WORD.sub(" ", told).split())


def _holds_figures(cells: pd.Series, *, most: float = 1) -> bool:
    """Whether at least so much of the cells that are filled are figures, one of them a number."""
    told = cells.dropna()
    found = told.map(FIGURE.fullmatch).notna()
    return told.empty or (found.mean() >= most and bool(told[found].str.contains(r"\d|\[").any()))


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


def _across(sheet: Sheet, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a sheet with a row a period and a column a measure."""
    frame = sheet.frame
    if "period" not in fields.values() or "measure" in fields.values():
        return {}
    told = _periods_told(frame, fields)
    aims = told.map(plain, na_action="ignore").eq("target")
    told, others = told[~aims].dropna(), [name for name in fields if not fields[name]]
    fits = len(told) > 1 and told.is_unique and _are_periods(told)
    if not fits or not others or not all(_holds_figures(frame[name]) for name in others):
        return {}
    given = "period" in sheet.fields.values() or aims.any()
    unsure = [name for name in others if not given and _may_be_answers(name, frame[name].dropna())]
    if unsure:
        period = next(name for name, field in fields.items() if field == "period")
        raise StudyError(
            f"{sheet.name}: each row may be a period and each column a measure: --map {f'{period}=period'!r}. If its rows are people "
            f"who answered: --map {f'{unsure[0]}=question'!r}."
        )
    return {**fields, **dict.fromkeys(others, "a measure")}


def _may_be_answers(name: str, cells: pd.Series) -> bool:
    """Whether a column may be what people answered: small numbers without a unit, an age, or a question."""
    found = pd.to_numeric(cells, errors="coerce")
    rated = found.notna().all() and found.le(RATING).all()
    return "?" in name or bool(re.search(r"\bage\b", plain(name))) or bool(rated)


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
    """Return a row for each value, whichever way the sheet lies, under the names of the fields; AT is the number of its row."""
    over = [name for name, field in fields.items() if field in ("a period", "a measure")]
    named = {
        name: field
        for name, field in fields.items()
        if field and field not in ("period", "leave out") and name not in over
    }
    frame = sheet.frame[[*named, *over]].rename(columns=named).assign(**{AT: sheet.frame.index})
    if "a period" not in fields.values():
        frame = frame.assign(period=_periods_told(sheet.frame, fields))
    targets = pd.Series(dtype="str")
    if "a measure" in fields.values():
        is_target = frame["period"].map(plain, na_action="ignore").eq("target")
        targets = frame.loc[is_target, over].bfill().head(1).squeeze(axis=0)
        targets, frame = targets.rename(_spaced), frame[~is_target]
    if over:
        name = "measure" if "a measure" in fields.values() else "period"
        frame = frame.melt([each for each in frame if each not in over], over, name, "value")
        frame[name] = frame[name].map(period_of if name == "period" else _spaced)
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
        told.isin(numbered) & numbered.map(_years).all()
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
    better = rows["better"].map(_better, na_action="ignore").fillna(found["better"])
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
    units = {name: "without a unit" if name == PLAIN else f"in {name}" for name in unit.index}
    yield all_kept("measure", len(measures), "; ".join(f"{n} {units[name]}" for name, n in unit.items()))
    known, printed = rows["value"].notna(), rows["printed"].notna() & rows["value"].isna()
    words = few(dict.fromkeys(rows.loc[printed, "printed"]))
    n, kept = int((known | printed).sum()), int(known.sum())
    yield Line("value", n, kept, f"without a number, as printed: {words}" * bool(words), changed=n - kept)
    yield Line("period of another length", len(left), 0, f"left out: {few(left)}" * bool(left))
    aimed = few(measures["aimed"].dropna().unique())
    yield Line(
        "target that is no number",
        int(measures["aimed"].notna().sum()),
        0,
        f"kept as a note: {aimed}" * bool(aimed),
        changed=int(measures["aimed"].notna().sum()),
    )
    unsaid = int(measures["better"].isna().sum())
    how = "a column such as Better, with higher or lower, says it"
    yield all_kept("measure of which it is not said which values are better", unsaid, how * bool(unsaid))
    unread = [name for name, field in fields.items() if not field]
    yield Line(
        "column that is no part of a measure", len(unread), 0, f"not read: {few(unread)}" * bool(unread)
    )
