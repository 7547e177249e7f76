"""In what form is each table of people printed: as numbers, as words where too many would be withheld, or not at all?"""

import numpy as np
import pandas as pd

from ncsresearch.disclosure.plan import (
    HEARD,
    LEFT_OVER,
    MOST_WITHHELD,
    NUMBERS,
    WORDED,
    Groups,
    ends_of_word,
    word,
)
from ncsresearch.disclosure.reader import Rule, withheld_of
from ncsresearch.disclosure.suppression import below_threshold


def masked(rows: pd.DataFrame, groups: Groups, rule: Rule) -> pd.DataFrame:
    """Mask planned counts: each table in the finest form that keeps most of its numbers.

    Returns the rows with form (number, word or nothing), hidden (whether the number is not told) and words (in its place).
    """
    forms = {(table, by): 0 for table, by in rows[["table", "by"]].drop_duplicates().itertuples(index=False)}
    few = below_threshold(rows["n"], rule.threshold, rows["base"])
    while coarser := _next_forms(rows.assign(form=_form(rows, forms), hidden=few), forms):
        forms |= coarser
    while True:
        found = _withheld(rows.assign(form=_form(rows, forms)), groups, rule)
        if not (coarser := _next_forms(found, forms)):
            words = _words(found, rule)
            hidden = (found["hidden"] | found["form"].ne("number")) & ~np.isin(words, ["none", "all"])
            return found.assign(words=words, hidden=hidden)
        forms |= coarser


def _next_forms(rows: pd.DataFrame, forms: dict) -> dict:
    """Return the next form of each table that would lose more than the most it may, where there is one."""
    numbers = rows[rows["form"].eq("number") & rows["group"].ne(LEFT_OVER)]
    lost = numbers.groupby(["table", "by"])["hidden"].mean()
    too_many = lost.index[lost.gt(MOST_WITHHELD)]
    return {key: forms[key] + 1 for key in too_many if forms[key] + 1 < len(NUMBERS[key[0]])}


def _form(rows: pd.DataFrame, forms: dict) -> np.ndarray:
    numbers = [
        stance in NUMBERS[table][forms[table, by]]
        for table, by, stance in zip(rows["table"], rows["by"], rows["stance"], strict=True)
    ]
    choices = [rows["group"].eq(LEFT_OVER), numbers, rows["stance"].isin(WORDED)]
    return np.select(choices, ["", "number", "word"], "")


def _withheld(rows: pd.DataFrame, groups: Groups, rule: Rule) -> pd.DataFrame:
    """Return the rows with hidden: who was heard is masked first, and then each code in all its ways of telling."""
    found, unknown = [], np.zeros(len(groups.by), dtype=bool)
    for code_id, own in rows.groupby("code_id", sort=False):
        hidden = withheld_of(own, groups, rule, unknown)
        if code_id == HEARD:
            unknown = hidden & (groups.group != LEFT_OVER)
        found.append(own.assign(hidden=hidden))
    return pd.concat(found)


def _words(rows: pd.DataFrame, rule: Rule) -> np.ndarray:
    """Return the word for each count that is printed as one: of every word that a reader may know."""
    low, high = ends_of_word(rows["n"].to_numpy(), rows["base"].to_numpy())
    instead = rows["form"].eq("word") & ~rows["hidden"]
    instead |= (
        rows["form"].eq("number") & rows["hidden"] & (high - low >= rule.width) & rows["table"].ne("heard")
    )
    words = [word(n, base) for n, base in zip(rows["n"], rows["base"], strict=True)]
    return np.where(instead, words, "")
