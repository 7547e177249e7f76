"""What a cell of a performance report says: a number, its unit, what is printed in place of one, and which side of a target is better."""

import re

import pandas as pd

from ncsresearch.ingest.imported_file import few
from ncsresearch.schema import NO_UNIT, StudyError

TIMES = "days?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|seconds?"
NUMBER = r"[-−]?(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d[\d.,]*)"
FIGURE = re.compile(
    rf"(?P<about>[<>~≤≥]=? ?)?(?P<money>[£$€])? ?(?P<number>{NUMBER}) ?(?P<unit>%|(?:{TIMES})\b)?(?: ?(?P<mark>\[\w+\]|\([a-z]\)))?"
    r"|(?:fewer|less|more) than \d+|(?:under|over|up to) \d+|\d+ or (?:fewer|less|more|under|over)|low|suppressed|withheld"
    r"|\[\w+\]|\W*|n/?a|not (?:available|applicable)|nil return|tbc",
    re.IGNORECASE,
)
EMPTY = re.compile(r"(?![*:]|\.\.)\W*|n/?a|tbc", re.IGNORECASE)  # a cell that says that there is no value
BEFORE = r"[<>≤≥]=?|at least|minimum(?: of)?|min\.?|at most|maximum(?: of)?|max\.?|(?:no|not) (?:less|fewer|more) than|(?:not )?(?:over|above|under|below)|(?:more|less|fewer) than|within|up to"
AFTER = r"\+|or (?:more|above|over|higher|less|fewer|below|under|lower)|minimum|min\.?|maximum|max\.?"
TARGET = re.compile(
    rf"(?P<before>{BEFORE})? ?(?P<money>[£$€])? ?(?P<number>{NUMBER}) ?(?P<unit>%|(?:{TIMES})\b)? ?(?P<after>{AFTER})?",
    re.IGNORECASE,
)
# sides of a target, the first that fits
SIDES = {
    "no[t]? (?:less|fewer|under|below)": "higher",
    "no[t]? (?:more|over|above)": "lower",
    r"[>≥+]|at least|min|more|over|above|higher": "higher",
    r"[<≤]|at most|max|less|fewer|under|below|lower|within|up to": "lower",
}
THOUSANDS, POINTED = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?"), re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+")
PERCENT = r"%|per ?cent(?:age)?\b|prozent\b|pourcentage\b|porcentaje\b"
OF_HUNDRED = re.compile(
    rf"^(?:{PERCENT}|proportion\b|share\b)|\((?:{PERCENT})\)|(?:{PERCENT})$", re.IGNORECASE
)
SHARE = re.compile(r"share|proportion|fraction|ratio", re.IGNORECASE)
IN_BRACKETS = re.compile(rf"\(({TIMES}|[£$€])\)$", re.IGNORECASE)
COUNTED = re.compile(r"number|no\.?|count|#|n", re.IGNORECASE)


def figures(values: pd.Series, targets: pd.Series, unit: str, label: str) -> pd.DataFrame:
    """Return the cells of one measure as numbers.

    values, targets   cells as text
    unit              what the file says it is counted in, share for shares of 1; empty where it says none
    label             what the measure is called, which may say it

    Returns a row per cell with value, target, unit (missing for percent), printed (what is in place of a number or beside it, such as
    [c] or <5), aimed (a target that is no number, as printed) and better (higher or lower, where the target says at least or at most).
    Raises StudyError for several units in one measure, and for numbers that may be shares or percentages.
    """
    cells, aims = _parted(values, FIGURE), _parted(targets, TARGET)
    told, aim = (each["number"].map(number, na_action="ignore").astype("float64") for each in (cells, aims))
    told = told.mask(cells["about"].notna())
    _refuse_points(cells["number"], label)
    said = _unit(cells, aims, unit, label)
    if SHARE.fullmatch(said):
        told, aim, said = told.mul(100).round(9), aim.where(aims["unit"].notna(), aim.mul(100).round(9)), "%"
    elif said in ("", "%") and not told[cells["unit"].notna()].le(2).any():
        _refuse_shares(told[cells["unit"].isna()].dropna(), said, label)
    if said == "%" and told.max() > 2:
        _refuse_share_as_target(aim[aims["unit"].isna()], label)
    aim = aim.mask(
        aims["unit"].notna() & aims["unit"].map(_singular, na_action="ignore").ne(_singular(said or NO_UNIT))
    )
    printed = values.where(cells["mark"].notna() | (told.isna() & ~values.str.fullmatch(EMPTY).eq(True)))
    aimed = targets.where(aim.isna() & ~targets.str.fullmatch(EMPTY).eq(True))
    better = (aims["before"].fillna("") + aims["after"].fillna("")).map(_side).where(aim.notna())
    found = {"value": told, "target": aim, "unit": None if said == "%" else said or NO_UNIT}
    return pd.DataFrame(found | {"printed": printed, "aimed": aimed, "better": better}, index=values.index)


def _parted(cells: pd.Series, pattern: re.Pattern) -> pd.DataFrame:
    found = cells.astype("str").str.strip().map(pattern.fullmatch, na_action="ignore")
    parts = [match.groupdict() if isinstance(match, re.Match) else {} for match in found]
    return pd.DataFrame(parts, index=cells.index, columns=list(pattern.groupindex), dtype="str")


def number(told: str) -> float:
    """Return a number as it is written, with a point or a comma; missing for what is none."""
    told = re.sub(r"\s", "", told.replace("−", "-")).rstrip(".,")
    if THOUSANDS.fullmatch(told) or ("," in told and told.rfind(".") > told.rfind(",")):
        told = told.replace(",", "")
    elif "," in told or (POINTED.fullmatch(told) and told.count(".") > 1):
        told = told.replace(".", "").replace(",", ".")
    return pd.to_numeric(told, errors="coerce")


def _unit(cells: pd.DataFrame, aims: pd.DataFrame, unit: str, label: str) -> str:
    """Return the unit of a measure: as its cells have it, as the file says it, as its name or its target does; empty for none."""
    marks = [*cells["money"].dropna().unique(), *cells["unit"].dropna().map(_singular).unique()]
    if len(set(marks)) > 1:
        raise StudyError(
            f"{label!r} has values in {few(marks)}, expected one unit; give each a measure of its own."
        )
    if OF_HUNDRED.search(unit) and not SHARE.fullmatch(unit):
        unit = "%"
    elif COUNTED.fullmatch(unit):
        unit = NO_UNIT
    named = IN_BRACKETS.search(label)
    of_hundred = OF_HUNDRED.search(label) or aims["unit"].eq("%").any()
    return next(filter(None, [*marks[:1], unit, named and named[1], of_hundred and "%"]), "")


def _singular(unit: str) -> str:
    return unit.lower().removesuffix("s") if unit != "%" else unit


def _refuse_points(told: pd.Series, label: str) -> None:
    """Refuse 1.234, which may be one or a thousand."""
    pointed = told[told.str.contains(".", regex=False).eq(True)]
    if len(pointed) and pointed.str.fullmatch(POINTED).all() and pointed.str.count(r"\.").max() == 1:
        raise StudyError(
            f"{label!r} has {pointed.iloc[0]}, which may be a number or a thousand times it, expected 1,234 or 1.23."
        )


def _refuse_shares(told: pd.Series, unit: str, label: str) -> None:
    """Refuse values that may be shares of 1, or percentages, or neither."""
    between = told.between(0, 1, inclusive="neither").any()
    if told.max() > 0 and (
        (told.le(1).all() and (between or unit)) or (unit and between and told.max() <= 2)
    ):
        raise StudyError(
            f"{label!r} has values from 0 to 1, which may be shares or percentages, expected percentages with their sign (86%), or "
            f"in a column Unit the word share, or number."
        )


def _refuse_share_as_target(aim: pd.Series, label: str) -> None:
    shares = aim[aim.gt(0) & aim.le(1)]
    if len(shares):
        raise StudyError(
            f"{label!r} has the target {shares.iloc[0]:g} beside percentages, expected it with its sign, such as 95%."
        )


def _side(words: str) -> str | None:
    return next((side for told, side in SIDES.items() if words and re.search(told, words.lower())), None)
