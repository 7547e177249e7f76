"""In which order do periods follow each other, however a source writes them and lists them?"""

import re

import pandas as pd

YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
SHORT_YEAR = re.compile(r"(?<!\d)\d{2}(?!\d)")  # of Apr-22, or the first of 22/23
YEARS = re.compile(
    r"\d{2} ?[/–-] ?\d{2}(?!\d)"
)  # a year such as 2022/23, whose January is that of the second
SPRING = 3  # months that are of the second of two years, however these are cut
QUARTER = re.compile(r"\bQ\s?([1-4])\b|\b([1-4])(?:st|nd|rd|th) quarter|\bquarter ([1-4])\b", re.IGNORECASE)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = re.compile(rf"\b({'|'.join(MONTHS)})[a-z]*\b", re.IGNORECASE)
NUMBERED_MONTH = re.compile(
    r"(?<!\d)(?:19|20)\d{2}[-/.](\d{1,2})(?!\d)|(?<!\d)(\d{1,2})[-/.](?:19|20)\d{2}(?!\d)"
)


def in_time(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the values of measures with the periods of each in the order of time, where all its usual ones can be read.

    A measure whose usual periods already follow each other, or cannot be read, keeps the order it has.
    """
    found = [_ordered(values) for _, values in rows.groupby("kpi_id", sort=False)]
    return pd.concat(found, ignore_index=True) if found else rows


def _ordered(values: pd.DataFrame) -> pd.DataFrame:
    times = pd.Series(
        list(map(time_of, values["period"], values["period_type"])), values.index, dtype="float64"
    )
    usual = values["period_type"].eq(values["period_type"].mode().iloc[0])
    if times[usual].is_monotonic_increasing or times[usual].isna().any():
        return values
    return values.loc[times.ffill().sort_values(kind="stable").index]


def time_of(period: str, period_type: str) -> float:
    """Return when a period begins, in years that can be compared with those of its kind; missing where it cannot be read."""
    year = YEAR.search(str(period)) or SHORT_YEAR.search(str(period))
    part = {"year": lambda _: 0.0, "quarter": _quarter, "month": _month}[period_type](str(period))
    if year is None or part is None:
        return float("nan")
    return int(year[0]) + 2000 * (len(year[0]) == 2) + part


def _quarter(period: str) -> float | None:
    found = QUARTER.search(period)
    return (int(next(filter(None, found.groups()))) - 1) / 4 if found else None


def _month(period: str) -> float | None:
    named, numbered = MONTH.search(period), NUMBERED_MONTH.search(period)
    if named:
        month = MONTHS.index(named[1].lower())
        return month / 12 + bool(month < SPRING and YEARS.search(period))
    number = int(numbered[1] or numbered[2]) if numbered else 0
    return (number - 1) / 12 if 1 <= number <= 12 else None
