"""What do the themes above and below a theme tell of its withheld counts?

Whoever raised a theme raised the one above it, so that a printed count of either bounds the other. Where all who raised a theme
raised one of those below it, which a reader may guess, these together bound it too.
"""

import numpy as np
import pandas as pd
from scipy import sparse

from ncsresearch.disclosure.plan import Groups, Rule, ends_of_word
from ncsresearch.disclosure.reader import NEVER, weights
from ncsresearch.disclosure.suppression import Cells, below_threshold, known_too_closely, least_withheld


def within_families(rows: pd.DataFrame, groups: Groups, rule: Rule) -> pd.DataFrame:
    """Withhold what keeps a reader from working small counts out from the themes above and below, sum by sum.

    rows   masked counts of people, each code and way in the order of the groups: form, hidden and worded

    Returns the rows with more of them hidden, where that is needed.
    """
    above = {code: over for code, over in groups.above.items() if {code, over} <= set(rows["code_id"])}
    rows = _without_telling_words(rows.assign(most=_most(rows)), rule, above)
    top = {code: _first(code, above) for code in rows["code_id"].unique()}
    families = rows.groupby(rows["code_id"].map(top), sort=False)
    found = pd.concat([_of_family(own, groups, rule, above) for _, own in families])
    return found.loc[rows.index].drop(columns="most")


def _without_telling_words(rows: pd.DataFrame, rule: Rule, above: dict[str, str]) -> pd.DataFrame:
    """Return rows without the words of a theme that tell a small count of one below it, since the others below it have too few people."""
    rows = rows.assign(worded=rows["worded"].astype(bool))
    ends = _as_read(rows)
    at = {way: own.index for way, own in rows.groupby(["code_id", "stance"], sort=False)}
    for way, parts in _parts(rows, above).items():
        together = sum(ends.loc[at[part], "high"].to_numpy() for part in parts)
        for own in (ends.loc[at[part]] for part in parts):
            least = ends.loc[at[way], "low"].to_numpy() - (together - own["high"].to_numpy())
            few = below_threshold(own["n"].to_numpy(), rule.threshold, own["base"].to_numpy())
            tells = few & (least > own["low"].to_numpy()) & (own["high"].to_numpy() - least < rule.width)
            telling = at[way][tells & ends.loc[at[way], "in_words"].to_numpy()]
            rows.loc[telling, ["hidden", "worded"]] = [True, False]
    return rows


def _as_read(rows: pd.DataFrame) -> pd.DataFrame:
    """Return between which numbers a reader knows each count to lie by itself, low and high, and whether a word says so."""
    low, high = ends_of_word(rows["n"].to_numpy(), rows["base"].to_numpy())
    hidden = rows["hidden"].astype(bool)
    known = rows["form"].eq("number") & ~hidden
    worded = rows["worded"] & (hidden | rows["form"].eq("word"))
    low, high = np.where(worded, low, 0), np.where(worded, high, rows["most"])
    return rows.assign(
        in_words=worded, low=np.where(known, rows["n"], low), high=np.where(known, rows["n"], high)
    )


def _parts(rows: pd.DataFrame, above: dict[str, str]) -> dict[tuple, list[tuple]]:
    """Return the themes below each theme, of one way of telling, that have all its people together, in every group."""
    n = {way: own.to_numpy() for way, own in rows.groupby(["code_id", "stance"], sort=False)["n"]}
    below = {way: [each for each in n if (above.get(each[0]), each[1]) == way] for way in n}
    return {way: own for way, own in below.items() if own and (sum(n[each] for each in own) >= n[way]).all()}


def _most(rows: pd.DataFrame) -> pd.Series:
    """Return how many people a reader takes each group to have at most: all, where its number is withheld."""
    heard, group = rows["table"].eq("heard"), pd.MultiIndex.from_frame(rows[["by", "group"]])
    unknown = group.isin(group[heard & rows["hidden"].astype(bool)])
    return rows["base"].mask(unknown, rows["base"].max())


def _first(code: str, above: dict[str, str]) -> str:
    while code in above:
        code = above[code]
    return code


def _of_family(rows: pd.DataFrame, groups: Groups, rule: Rule, above: dict[str, str]) -> pd.DataFrame:
    if rows["code_id"].nunique() == 1:
        return rows
    cells = _cells(rows, groups, above, rule)
    n, base = (rows[name].to_numpy() for name in ("n", "base"))
    cost = np.where((n == 0) | (n == base), NEVER, weights(rows))
    before = rows["hidden"].to_numpy(dtype=bool)
    few = np.flatnonzero(below_threshold(n, rule.threshold, base))
    small = sparse.eye(len(rows), format="csr")[few]
    known = small[np.flatnonzero(known_too_closely(cells, before, small, rule.width))]
    hidden, _ = least_withheld(cells, before, known, cost, rule.width)
    if hidden is None:
        return rows.assign(hidden=True, worded=False, bound=_bound(rows, np.ones(len(rows), dtype=bool)))
    more = hidden & ~before
    low, high = ends_of_word(n, base)
    worded = np.where(more, high - low >= rule.width, rows["worded"])
    return rows.assign(hidden=hidden, worded=worded, bound=_bound(rows, hidden))


def _bound(rows: pd.DataFrame, hidden: np.ndarray) -> pd.Series:
    """Return what any mask would lose as a share of what is lost now, each way of telling by itself."""
    ways = [rows["code_id"], rows["stance"]]
    before, now = (
        (pd.Series(weights(rows), rows.index) * each).groupby(ways).transform("sum")
        for each in (rows["hidden"].astype(bool), hidden)
    )
    return rows["bound"] * (before / now).fillna(1.0)


def _cells(rows: pd.DataFrame, groups: Groups, above: dict[str, str], rule: Rule) -> Cells:
    """Return the counts of a theme and of those below it as one problem."""
    n, base, all_of = (rows[name].to_numpy(dtype=float) for name in ("n", "base", "most"))
    worded, printed = rows["worded"].to_numpy(dtype=bool), rows["form"].ne("").to_numpy() & (base == all_of)
    printed &= base >= rule.smallest_group
    low, high = ends_of_word(n, base)
    wide = np.where(rows["hidden"], worded, high - low >= rule.width) & printed
    least = np.where(wide, low, np.where(printed, np.minimum(n, 1), 0))
    most = np.where(wide, high, np.where(printed, np.maximum(base - 1, n), all_of))
    known = rows["form"].eq("number").to_numpy()
    ways = list(rows.groupby(["code_id", "stance"], sort=False).groups)
    ties = [(way, (way[0], "")) for way in ways if way[1] and (way[0], "") in ways]
    ties += [(way, (above[way[0]], way[1])) for way in ways if (above.get(way[0]), way[1]) in ways]
    each = np.eye(len(ways))
    tied = np.array([each[ways.index(over)] - each[ways.index(way)] for way, over in ties])
    tied = sparse.kron(tied, sparse.eye(len(groups.by)), format="csr")
    sums = sparse.kron(sparse.eye(len(ways)), groups.sums, format="csr")
    over = np.append(np.tile(rule.at_most(groups.left), len(ways)), np.full(tied.shape[0], np.inf))
    low, high = np.where(known, n, low), np.where(known, n, high)
    return Cells(n, low, high, least, most, sparse.vstack([sums, tied], format="csr"), over)
