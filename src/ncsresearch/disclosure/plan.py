"""Which numbers of people may be printed at all, in what form, and which sums tie them together?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, permutations

import numpy as np
import pandas as pd
from scipy import sparse

from ncsresearch.evidence.counts import tally, tally_about
from ncsresearch.evidence.groups import grouped_people
from ncsresearch.evidence.judgements import people_codings
from ncsresearch.study import Study

# of people, of every study: the groups of each make up everybody
GROUPINGS = ("", "area_type", "area_id", "participant_group")
ABOUT = "client_group"  # of what they say: whom it is about
LEFT_OVER = ""  # people whose area or group is not known: never printed, but what a sum leaves
HEARD = ""  # stands for a code where everybody who was heard is counted
KEY = ["code_id", "stance"]

MOST_IN_WORDS = 2 / 3  # of the numbers of a column; one that would have more is printed in words throughout
MOST_WITHHELD = 1 / 3  # of a column that has no words; one that would lose more is not printed
WORDED = ("", "strength", "challenge", "suggestion")  # what is printed as a word where it is no number
# each under its share of the base; 0 is none, the base all
WORDS = ((0.4, "some"), (0.6, "about half"), (1.0, "most"))
SCALE = ((0.15, "a few"), *WORDS[:2], (0.90, "most"), (1.00, "almost all"))  # in a study that protects nobody
SHARES_OF_WORDS = {"": (0.0, 1.0)} | {
    name: (low, high) for (low, _), (high, name) in pairwise([(0.0, ""), *WORDS])
}


def mostly_withheld(numbers: pd.Series) -> bool:
    """Return whether more numbers are missing than a table may lack: a coarser one takes its place."""
    return bool(numbers.isna().mean() > MOST_WITHHELD)


def mostly_unknown(counts: pd.DataFrame) -> bool:
    """Return whether a table of counts would have neither number nor word in more cells than it may."""
    return mostly_withheld(counts["n"].mask(counts["words"].ne(""), 0))


def groupings_of(study: Study) -> tuple[str, ...]:
    """Return what people are counted by: GROUPINGS, and those that study.toml adds to the plan."""
    return (*GROUPINGS, *study.settings.groupings)


def planned_counts(study: Study) -> pd.DataFrame:
    """Every count of people that a study may print: who was heard, who raised each code, and who told it in each way.

    Returns one row per code, stance, by and group, with
        table         heard, raised, told or served (codes of a service level and a client group)
        code_id       the code; empty for who was heard
        stance        empty for raised in any way
        by, group     one of groupings_of, or ABOUT, and its group; an empty group for people whose group is not known
        n, base       people who are counted, 0 included, and people of the group; of who was heard, all people
    """
    groups, about = heard_in_groups(study), _groups_spoken_of(study)
    raised = tally(study)[KEY].drop_duplicates()
    keys = [*KEY, "by", "group"]
    counted = [tally(study, by=by).assign(by=by) for by in groupings_of(study)]
    counted = pd.concat([*counted, tally_about(study).assign(by=ABOUT)])
    rows = raised.merge(pd.concat([groups, about]), how="cross").astype(dict.fromkeys(keys, "str"))
    rows = rows.merge(counted.astype(dict.fromkeys(keys, "str")), on=keys, how="left").fillna({"n": 0})
    heard = groups.assign(code_id=HEARD, stance="", n=groups["base"], base=int(groups["base"].iloc[0]))
    rows = _left_over(pd.concat([heard, rows], ignore_index=True).astype({"n": "int64", "base": "int64"}))
    rows = rows[rows["by"].ne(ABOUT) | ~rows["code_id"].str.contains("/")]
    return rows.assign(table=_table(rows))[["table", *keys, "n", "base"]]


def heard_in_groups(study: Study) -> pd.DataFrame:
    """Return how many people were heard in each group: by, group and base, with those whose group is not known."""
    found = []
    for by in groupings_of(study):
        people = grouped_people(study, by=by).groupby("group", observed=True)["participant_id"].nunique()
        known = people.rename("base").rename_axis("group").reset_index().astype({"group": "str"})
        rest = len(study.participants) - int(people.sum())
        found.append(known.assign(by=by))
        found.append(pd.DataFrame({"group": [LEFT_OVER], "base": [rest], "by": by}).iloc[: int(rest > 0)])
    return pd.concat(found, ignore_index=True)


def _groups_spoken_of(study: Study) -> pd.DataFrame:
    """Return the client groups that anybody spoke of, each of the base of all who were heard."""
    spoken_of = sorted(people_codings(study)["about_client_group"].dropna().unique())
    return pd.DataFrame({"group": spoken_of, "base": len(study.participants), "by": ABOUT})


def _left_over(rows: pd.DataFrame) -> pd.DataFrame:
    """Give the people whose group is not known what the groups leave of everybody."""
    everybody = rows[rows["by"].eq("")].set_index(KEY)["n"]
    told = rows[rows["group"].ne(LEFT_OVER)].groupby([*KEY, "by"])["n"].sum()
    left = rows["group"].eq(LEFT_OVER)
    whole = pd.MultiIndex.from_frame(rows.loc[left, KEY])
    known = pd.MultiIndex.from_frame(rows.loc[left, [*KEY, "by"]])
    rows.loc[left, "n"] = everybody.reindex(whole).to_numpy() - told.reindex(known, fill_value=0).to_numpy()
    return rows


def as_before(rows: pd.DataFrame, printed: pd.DataFrame | None) -> pd.Series:
    """Return of each count whether the last release withheld it or printed its number; empty where it had no such count."""
    if printed is None:
        return pd.Series("", rows.index)
    numbers = printed.loc[printed["told"].str.isdigit(), [*KEY, "by", "group"]]
    told = pd.MultiIndex.from_frame(rows[numbers.columns]).isin(pd.MultiIndex.from_frame(numbers))
    known = rows["code_id"].isin(printed["code_id"]) & rows["group"].isin(printed["group"])
    return pd.Series(np.select([told, known], ["printed", "withheld"], ""), rows.index)


def _table(rows: pd.DataFrame) -> np.ndarray:
    served, told = rows["code_id"].str.contains("/"), rows["stance"].ne("")
    return np.select([rows["code_id"].eq(HEARD), served, told], ["heard", "served", "told"], "raised")


@dataclass(frozen=True)
class Rule:
    """What may not be known: counts of fewer people than the threshold, and any count of a smaller group."""

    threshold: int
    smallest_group: int

    @property
    def width(self) -> int:
        """How far apart the ends of what a reader knows of a small count have to be: as 1 and the last small number are."""
        return self.threshold - 2

    def at_most(self, left: np.ndarray) -> np.ndarray:
        """Return how many people a reader knows to be left of each whole, at most: a small number is not known so closely."""
        return np.where(left > 0, np.maximum(left, self.width), 0.0)


@dataclass(frozen=True)
class Groups:
    """The groups that each code is counted in, and the sums that a reader can form of them.

    by, group   one place a group
    base        people heard in each
    sums        one row a sum: the whole is -1, its parts are 1; the other way round where they leave people of it
    above       the code above each that has one: who raised a code raised that too
    """

    by: np.ndarray
    group: np.ndarray
    base: np.ndarray
    sums: sparse.csr_matrix
    above: dict[str, str]

    @property
    def left(self) -> np.ndarray:
        """How many people the parts of each sum leave of its whole: none where they make it up."""
        return self.sums @ self.base

    def for_themes(self, smallest_group: int) -> "Groups":
        """Return the groups for counts of themes: parts that are too small for anything to be printed are in what is left."""
        sums = self.sums.toarray()
        sums[np.ix_(self.left > 0, self.base < smallest_group)] = 0
        return replace(self, sums=sparse.csr_matrix(sums))


def groups_of(study: Study) -> Groups:
    """Return the groups of a study with their sums: everybody is every grouping's, and a group those that lie within it."""
    rows = heard_in_groups(study)
    by, group, base = (rows[name].to_numpy() for name in ("by", "group", "base"))
    each, names = np.eye(len(rows)), groupings_of(study)[1:]
    sums = [(by == name) - each[0] for name in names if (by == name).any()]
    own = {name: _groups_of_people(study, name) for name in names}
    for whole, parts in permutations(names, 2):
        within = _within(own[whole], own[parts])
        for at in np.flatnonzero((by == whole) & np.isin(group, list(within))):
            sums.append(((by == parts) & np.isin(group, within[group[at]])) - each[at])
    sums = np.array(sums).reshape(-1, len(rows))
    sums *= np.where(sums @ base < 0, -1, 1)[:, None]
    above = (
        study.codebook.dropna(subset="parent_id").set_index("code_id")["parent_id"].astype("str").to_dict()
    )
    return Groups(by, group, base, sparse.csr_matrix(sums), above)


def _groups_of_people(study: Study, by: str) -> pd.Series:
    """Return the group of each person, or LEFT_OVER."""
    own = grouped_people(study, by=by).astype({"group": "str"}).set_index("participant_id")["group"]
    return own.reindex(study.participants["participant_id"], fill_value=LEFT_OVER)


def _within(wholes: pd.Series, parts: pd.Series) -> dict[str, list[str]]:
    """Return the groups of one grouping all of whose people are in one group of another, by that group."""
    both = pd.DataFrame({"whole": wholes, "part": parts}).drop_duplicates()
    inside = both[~both["part"].duplicated(keep=False)]
    return inside.groupby("whole", sort=False)["part"].agg(list).to_dict()


def word(n: int, base: int, scale: Sequence[tuple[float, str]] = WORDS) -> str:
    """Return the word for a share, by a scale: the first whose limit is above it; all and none are exact."""
    if n in (0, base):
        return "all" if n else "none"
    return next(name for limit, name in scale if n / base < limit)


def ends_of_word(n: np.ndarray, base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most people that a number's word stands for."""
    some, half = (np.ceil(limit * base) for limit, _ in WORDS[:-1])
    ends = [(0 * n, 0 * n), (base, base), (0 * n + 1, some - 1), (some, half - 1), (half, base - 1)]
    chosen = [n <= 0, n >= base, n < some, n < half, np.ones(len(n), dtype=bool)]
    low, high = np.select(chosen, [np.array(pair) for pair in ends])
    return low, high
