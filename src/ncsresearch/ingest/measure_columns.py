"""Which columns of a sheet are measures, their periods, values and targets, whichever way it lies?"""

import re
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from ncsresearch.ingest.fields import OF_MEASURES, plain
from ncsresearch.ingest.guessed_fields import hint_of
from ncsresearch.ingest.measured import FIGURE
from ncsresearch.ingest.sheet import Sheet, fields_by_heading, once_each
from ncsresearch.schema import StudyError

# headings of a sheet of measures; --map has the fields
NAMES = {
    "measure": "measure, measure name, performance measure, indicator, indicator name, performance indicator, kpi, kpi name, key performance indicator, "
    "pi, metric, what is measured, kennzahl, indikator, indicateur, indicador",
    "period": "period, reporting period, time period, quarter, month, year, financial year, reporting year, date, quartal, monat, jahr, période, trimestre, mois, année, periodo, mes, año",
    "value": "value, actual, result, performance, figure, score, percentage, actual value, actual performance, outturn, wert, valeur, valor",
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
VALUE_WORD = re.compile(r"\b(actual|baseline|result|value|performance|outturn|figure)s?\b", re.IGNORECASE)
MARKED = re.compile(r"\s*[\[(](?![^\])]*\d{4})[^\])]*[\])]\s*$")  # behind a period: (p), [note 1], (revised)
# a heading below another that is merged, as "2022/23 [Q1]"
UNDER_A_YEAR = re.compile(
    rf"(.*?\d) \[({PART}|actual|result|value|performance|outturn|figure|target)s?\]", re.IGNORECASE
)
AIM = re.compile(r"\btargets?\b", re.IGNORECASE)
HAS_PERIOD = re.compile(rf"(?:19|20)\d\d|\bq[1-4]\b|\b{MONTH}\b", re.IGNORECASE)
BESIDE = re.compile(
    r"\b(b?rag|status|trend|comments?|notes?|variance|change|rank|progress|colour)\b", re.IGNORECASE
)
UNSURE = re.compile(r"^(id|ref|no|number|case|column \d+)$|\bnames?\b")  # headings that may be people's
AIMED = "target of a period"
RATING = 10  # the highest answer of a rating


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
    aims = [name for name in others if target_period(name) in map(same_period, map(period_of, periods))]
    found |= dict.fromkeys(aims, AIMED)
    others = [name for name in others if name not in aims]
    found |= {} if named else {_naming(sheet, others, periods): "measure"}
    _refuse_unread(sheet, [name for name in found if not found[name]])
    return found


def _refuse_unread(sheet: Sheet, others: list[str]) -> None:
    """Refuse a column that may be a period of the measures and is read as none."""
    unread = [name for name in others if HAS_PERIOD.search(name) and not BESIDE.search(name)]
    if unread:
        as_aim = f"If it is the target of every period: --map {f'{unread[0]}=target'!r}. "
        aim = as_aim * bool(AIM.search(unread[0]))
        raise StudyError(
            f"{sheet.name}: the column {unread[0]!r} may be a period of the measures, expected a heading such as 2023/24 Q1, 2023/24 or "
            f"April 2024, one for each, above numbers. {aim}To pass over it: --map {f'{unread[0]}=leave out'!r}."
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
    once = Counter(same_period(told[name]) for name in found)
    return [name for name in found if once[same_period(told[name])] == 1]


def _is_period(told: str) -> bool:
    if not re.match(r"\d{4}-\d\d", told) or is_two_years(told):
        return bool(PERIOD.fullmatch(told))
    return bool(PERIOD.fullmatch(told)) and pd.notna(pd.to_datetime(told, errors="coerce", format="ISO8601"))


def is_two_years(told: str) -> bool:
    """Whether 2011-12 is a year and the next, as it is a December."""
    found = re.fullmatch(NUMBERED_MONTH, told)
    return bool(found) and (int(found[1]) + 1) % 100 == int(found[2])


def same_period(told: str) -> str:
    """Return what two spellings of one period share."""
    return re.sub(r"[^0-9a-z]", "", told.lower())


def period_of(heading: str) -> str:
    """Return the period that a heading is, without a word for its value: "Actual 2022/23 Q1" is 2022/23 Q1."""
    below = UNDER_A_YEAR.fullmatch(heading)
    told = f"{below[1]} {below[2]}" if below else MARKED.sub("", heading)
    return " ".join(VALUE_WORD.sub(" ", told).split())


def target_period(heading: str) -> str:
    """Return the period that a heading gives a target for, as periods are compared: "2022/23 Target"; an empty string for any other."""
    told = period_of(heading)
    return same_period(AIM.sub("", told)) if AIM.search(told) else ""


def _holds_figures(cells: pd.Series, *, most: float = 1) -> bool:
    """Whether at least so much of the cells that are filled are figures, where all have to be with a number among them."""
    told = cells.dropna()
    found = told.map(FIGURE.fullmatch).notna()
    has_number = most < 1 or told[found].str.contains(r"\d|\[").any()
    return told.empty or bool(found.mean() >= most and has_number)


def _by_rows(frame: pd.DataFrame, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a sheet with a row a value, its measure and its period."""
    fits = {"measure", "period", "value"} <= {*fields.values()} and _are_periods(periods_told(frame, fields))
    return dict(fields) if fits else {}


def _refuse_without_period(sheet: Sheet, fields: Mapping[str, str]) -> None:
    """Refuse measures with a value each, of which nothing says when it was."""
    value = next((name for name, field in fields.items() if field == "value"), "")
    if "measure" in fields.values() and value and _holds_figures(sheet.frame[value]):
        raise StudyError(
            f"{sheet.name}: looks like measures with a value each, expected the period of each value, in a column such as Period: "
            f"2023/24 Q1, 2023/24 or April 2024."
        )


def periods_told(frame: pd.DataFrame, fields: Mapping[str, str]) -> pd.Series:
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
    told = periods_told(frame, fields)
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
