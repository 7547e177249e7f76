"""In what form is each table of people printed: as numbers, as words where too many would be withheld, or not at all?"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import sparse

from ncsresearch.disclosure.families import within_families
from ncsresearch.disclosure.plan import (
    ABOUT,
    HEARD,
    KEY,
    LEFT_OVER,
    MOST_IN_WORDS,
    MOST_WITHHELD,
    WORDED,
    Groups,
    Rule,
    word,
)
from ncsresearch.disclosure.reader import withheld_of, word_known
from ncsresearch.disclosure.suppression import below_threshold

COLUMN = ["table", "by", "stance"]
STEADY = 0.05  # more may be withheld of a column whose numbers the last release printed
SPARED = 20  # numbers that a group has lost, by which it costs twice as much to withhold the next


def masked(rows: pd.DataFrame, groups: Groups, rule: Rule) -> pd.DataFrame:
    """Mask planned counts: each column of a table in the finest form that keeps most of its numbers.

    Returns the rows with form (number, word or nothing), hidden (whether the number is not told), words (in its place) and
    bound (to a hundredth), as withheld_of; 1 for client groups that are spoken of, whose counts are in no sum.
    """
    about = rows["by"].eq(ABOUT)
    people = _in_finest_form(rows[~about], rule, lambda own: _withheld(own, groups, rule))
    people = within_families(people, groups.for_themes(rule.smallest_group), rule)
    spoken_of = _in_finest_form(rows[about], rule, lambda own: _withheld_about(own, people, rule))
    spoken_of = within_families(spoken_of, _spoken_of(rows[about], groups), rule)
    found = pd.concat([people, spoken_of]).loc[rows.index]
    words = [word(n, base) for n, base in zip(found["n"], found["base"], strict=True)]
    words = np.where(found["worded"] & found["table"].ne("heard"), words, "")
    hidden = (found["hidden"] | found["form"].ne("number")) & ~np.isin(words, ["none", "all"])
    bound = np.floor(100 * found["bound"].fillna(1.0) + 1e-6) / 100
    return found.assign(words=words, hidden=hidden, bound=bound)


def _in_finest_form(
    rows: pd.DataFrame, rule: Rule, withheld: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    """Return the rows with form and hidden: each column in numbers, if few enough of them are withheld."""
    few = below_threshold(rows["n"], rule.threshold, rows["base"])
    in_words: set[tuple] = set()
    for hiding in (lambda own: own.assign(hidden=few), withheld):
        found = hiding(rows.assign(form=_form(rows, in_words)))
        while coarser := _lose_too_many(found) - in_words:
            in_words |= coarser
            found = hiding(rows.assign(form=_form(rows, in_words)))
    return found


def _lose_too_many(rows: pd.DataFrame) -> set[tuple]:
    """Return the columns of numbers that lose more than the most they may."""
    numbers = rows[rows["form"].eq("number") & rows["group"].ne(LEFT_OVER) & rows["table"].ne("heard")]
    columns = numbers.assign(before=numbers["before"].eq("printed")).groupby(COLUMN)
    lost, before = columns["hidden"].mean(), columns["before"].any()
    most = np.where(lost.index.get_level_values("stance").isin(WORDED), MOST_IN_WORDS, MOST_WITHHELD)
    return set(lost.index[lost.gt(most + STEADY * before)])


def _form(rows: pd.DataFrame, in_words: set[tuple]) -> np.ndarray:
    words = [column in in_words for column in rows[COLUMN].itertuples(index=False, name=None)]
    choices = [rows["group"].eq(LEFT_OVER), np.logical_not(words), rows["stance"].isin(WORDED)]
    return np.select(choices, ["", "number", "word"], "")


def _withheld(rows: pd.DataFrame, groups: Groups, rule: Rule) -> pd.DataFrame:
    """Return the rows with hidden and worded: who was heard is masked first, and then each code in all its ways of telling.

    A group that has lost more numbers is spared, so that every area keeps most of its own.
    """
    found, unknown, lost = [], np.zeros(len(groups.by), dtype=bool), np.zeros(len(groups.by))
    of_themes = groups.for_themes(rule.smallest_group)
    for code_id, own in rows.groupby("code_id", sort=False):
        known = groups if code_id == HEARD else of_themes
        found.append(withheld_of(own, known, rule, unknown, 1 + lost / SPARED))
        hidden = found[-1]["hidden"].to_numpy()[: len(lost)]
        if code_id == HEARD:
            unknown = hidden & (groups.group != LEFT_OVER)
        lost += hidden
    return pd.concat(found)


def _spoken_of(rows: pd.DataFrame, groups: Groups) -> Groups:
    """Return the client groups that people speak of, which are in no sum."""
    own = rows.drop_duplicates("group")
    nothing = sparse.csr_matrix((0, len(own)))
    return Groups(
        own["by"].to_numpy(), own["group"].to_numpy(), own["base"].to_numpy(), nothing, groups.above
    )


def _withheld_about(rows: pd.DataFrame, people: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Return the rows on client groups that are spoken of with hidden and worded.

    Nobody's groups make up everybody here, so that one count tells of another only by what it leaves of those who raised
    the theme at all, or raised it of this group.
    """
    everybody = people[people["by"].eq("")].set_index(KEY)
    whole = everybody.reindex(pd.MultiIndex.from_frame(rows[KEY]))
    n, base, most = rows["n"].to_numpy(), rows["base"].to_numpy(), whole["n"].to_numpy()
    raised = rows[rows["stance"].eq("")].set_index(["code_id", "group"])["n"]
    lone = raised.reindex(pd.MultiIndex.from_frame(rows[["code_id", "group"]])).to_numpy() - n == 1
    # of nobody, [c] beside words would tell that they are few who raised it
    left_few = (n > 0) & (below_threshold(most - n, rule.threshold) | lone)
    few = below_threshold(n, rule.threshold, base) | left_few
    hidden = few | (whole["hidden"].to_numpy() & (n > 0))
    low, high = word_known(n, base, most)
    wide = high - low >= rule.width
    worded = np.where(rows["form"].eq("word"), ~few | wide, hidden & wide)
    told = rows["form"].ne("")
    return rows.assign(hidden=hidden | ~told, worded=worded & told, bound=1.0)
