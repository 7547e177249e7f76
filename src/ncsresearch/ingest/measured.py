"""What a cell of a performance report says: a number, its unit, what is printed in place of one, and which side of a target is better."""

import re

import pandas as pd

NUMBER = r"-?\d[\d.,]*"
FIGURE = re.compile(
    rf"(?P<about>[<>~≤≥]=? ?)?(?P<money>[£$€])? ?(?P<number>{NUMBER}) ?(?P<unit>%|[a-z]+)?(?: ?(?P<mark>\[\w+\]))?|\[\w+\]|\W*|n/?a|not available|nil return|tbc",
    re.IGNORECASE,
)
TARGET = re.compile(rf"(?P<before>[^\d£$€-]*?)(?P<money>[£$€])? ?(?P<number>{NUMBER}) ?(?P<after>.*)")
THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
AT_LEAST = re.compile(r"[>≥]|at least|or more|or above|minimum|over|no(t)? less")
AT_MOST = re.compile(r"[<≤]|at most|or less|or fewer|or below|maximum|under|within|no(t)? more|up to")
OF_HUNDRED = re.compile(
    r"%|\b(per ?cent|percentage|proportion|share|prozent|pourcentage|porcentaje)\b", re.IGNORECASE
)
IN_BRACKETS = re.compile(r"\(([a-z]+)\)$", re.IGNORECASE)
PLAIN = "number"  # the unit of a measure that says none
EMPTY = re.compile(r"\W*|n/?a|tbc", re.IGNORECASE)  # a cell that says that there is no value


def figures(values: pd.Series, targets: pd.Series, unit: str, label: str) -> pd.DataFrame:
    """Return the cells of one measure as numbers.

    values, targets   cells as text
    unit              what the file says it is counted in; empty where it says none
    label             what the measure is called, which may say it

    Returns a row per cell with value, target, unit (missing for percent), printed (what is in place of a number or beside it, such as
    [c] or <5), better (higher or lower, where the target says at least or at most) and of_one (whether shares of 1 became percentages).
    """
    cells, aims = _parted(values, FIGURE), _parted(targets, TARGET)
    told = cells["number"].map(number, na_action="ignore").mask(cells["about"].notna())
    aim = aims["number"].map(number, na_action="ignore")
    marks = [*cells["money"].dropna(), *cells["unit"].dropna()]
    unit = unit or next(iter(marks), "") or _unit_of(label, targets)
    of_hundred = bool(OF_HUNDRED.search(unit))
    bare = told[cells["unit"].isna()]
    of_one = of_hundred and len(bare) > 0 and bare.between(0, 1).all() and (bare % 1).gt(0).any()
    if of_one:
        told = told.mask(cells["unit"].isna(), (100 * told).round(9))
        aim = aim.mask(aim.le(1) & ~targets.str.contains("%").eq(True), (100 * aim).round(9))
    printed = values.where(cells["mark"].notna() | (told.isna() & ~values.str.fullmatch(EMPTY).eq(True)))
    found = {"value": told, "target": aim, "unit": None if of_hundred else unit or PLAIN, "printed": printed}
    return pd.DataFrame(
        found | {"better": targets.map(_side, na_action="ignore"), "of_one": of_one}, index=values.index
    )


def _parted(cells: pd.Series, pattern: re.Pattern) -> pd.DataFrame:
    found = cells.astype("str").str.strip().map(pattern.fullmatch, na_action="ignore")
    parts = [match.groupdict() if isinstance(match, re.Match) else {} for match in found]
    return pd.DataFrame(parts, index=cells.index, columns=list(pattern.groupindex), dtype="str")


def number(told: str) -> float:
    """Return a number as it is written, with a point or a comma; missing for what is none."""
    told = told.rstrip(".,")
    if THOUSANDS.fullmatch(told) or ("," in told and told.rfind(".") > told.rfind(",")):
        told = told.replace(",", "")
    elif "," in told:
        told = told.replace(".", "").replace(",", ".")
    return pd.to_numeric(told, errors="coerce")


def _unit_of(label: str, targets: pd.Series) -> str:
    """Return the unit that a measure's name or target says."""
    said = OF_HUNDRED.search(f"{label} {' '.join(targets.dropna())}")
    named = IN_BRACKETS.search(label)
    return "%" if said else named[1] if named else ""


def _side(target: str) -> str | None:
    sides = [side for side, told in (("higher", AT_LEAST), ("lower", AT_MOST)) if told.search(target.lower())]
    return sides[0] if len(sides) == 1 else None
