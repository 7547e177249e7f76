"""What do the themes above and below a theme tell of its withheld counts?

Whoever raised a theme raised the one above it, so that a printed count of either bounds the other. Where all who raised a theme
raised one of those below it, which a reader may guess, these together bound it too.
"""

import numpy as np
import pandas as pd
from scipy import sparse

from ncsresearch.disclosure.plan import ABOUT, KEY, Groups, Rule, ends_of_word
from ncsresearch.disclosure.reader import A_WORD, NEVER, weights
from ncsresearch.disclosure.steps import Steps, cheapest_steps
from ncsresearch.disclosure.suppression import (
    VERY_LARGE,
    Cells,
    below_threshold,
    known_too_closely,
    least_withheld,
)


def within_families(rows: pd.DataFrame, groups: Groups, rule: Rule) -> pd.DataFrame:
    """Withhold what keeps a reader from working small counts out from the themes above and below, sum by sum.

    rows   masked counts of people, each code and way in the order of the groups: form, hidden and worded

    Returns the rows with more of them hidden, where that is needed.
    """
    if rows.empty:
        return rows
    above = {code: over for code, over in groups.above.items() if {code, over} <= set(rows["code_id"])}
    rows = rows.assign(most=_most(rows))
    top = {code: _first(code, above) for code in rows["code_id"].unique()}
    families = rows.groupby(rows["code_id"].map(top), sort=False)
    found = [_of_parts(_of_family(own, groups, rule, above), groups, rule, above) for _, own in families]
    return pd.concat(found).loc[rows.index].drop(columns="most")


def _of_parts(rows: pd.DataFrame, groups: Groups, rule: Rule, above: dict[str, str]) -> pd.DataFrame:
    """Withhold what tells small counts to a reader for whom the themes below a theme together have all its people.

    A number gives way to its word, and a word that tells too much is withheld as well.
    """
    if not (parts := _parts(rows, above)):
        return rows
    ways = list(rows.groupby(KEY, sort=False).groups)
    each = dict(zip(ways, np.eye(len(ways)), strict=True))
    together = np.array([sum(each[part] for part in own) - each[way] for way, own in parts.items()])
    counts, taken = _steps(rows, _cells(rows, groups, above, rule, together), rule)
    small = _small(rows, rule)
    if small.shape[0] * len(rows) > VERY_LARGE:
        steps = _group_by_group(counts, taken, small, rule.width, len(groups.by))
    else:
        steps = cheapest_steps(counts, taken, small, rule.width)
    if steps is None:
        return rows.assign(hidden=True, worded=False)
    more, worded = steps > taken, np.where(steps > taken, steps == 1, rows["worded"])
    hidden = rows["hidden"].to_numpy(dtype=bool) | more
    return rows.assign(hidden=hidden, worded=worded, bound=_bound(rows, hidden))


def _group_by_group(
    counts: Steps, taken: np.ndarray, small: sparse.csr_matrix, width: int, n_groups: int
) -> np.ndarray | None:
    """Return the steps where a reader is taken to look at the themes of one group after another."""
    steps, group = taken.copy(), np.arange(len(taken)) % n_groups
    for one in np.unique(group[small.indices]):
        own = np.flatnonzero(group == one)
        sought = small[:, own]
        found = cheapest_steps(counts.of(own), taken[own], sought[np.diff(sought.indptr) > 0], width)
        if found is None:
            return None
        steps[own] = found
    return steps


def _steps(rows: pd.DataFrame, cells: Cells, rule: Rule) -> tuple[Steps, np.ndarray]:
    """Return what a reader knows of each count by its number, its word and neither; and which of these is printed."""
    n, base = cells.n, rows["base"].to_numpy()
    number, worded = rows["form"].eq("number"), rows["worded"].astype(bool)
    taken = np.select([number & ~rows["hidden"].astype(bool), worded], [0, 1], 2)
    (low, high), (least, most) = ends_of_word(n, base), _untold(rows, rule)
    has_word = worded | (number & (high - low >= rule.width) & _told_of(rows, rule))
    low, high = np.where(has_word, low, least), np.where(has_word, high, most)
    cost = np.where((n == 0) | (n == base), NEVER, weights(rows.assign(form="number")))
    counts = Steps(
        np.array([n, low, least]),
        np.array([n, high, most]),
        np.array([cost, A_WORD * cost]),
        cells.sums,
        cells.over,
    )
    return counts, taken


def _parts(rows: pd.DataFrame, above: dict[str, str]) -> dict[tuple, list[tuple]]:
    """Return the themes below each theme, of one way of telling, that have all its people together, in every group."""
    n = {way: own.to_numpy() for way, own in rows.groupby(KEY, sort=False)["n"]}
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
    small = _small(rows, rule)
    known = small[np.flatnonzero(known_too_closely(cells, before, small, rule.width))]
    hidden, _ = least_withheld(cells, before, known, cost, rule.width)
    if hidden is None:
        return rows.assign(hidden=True, worded=False, bound=_bound(rows, np.ones(len(rows), dtype=bool)))
    more = hidden & ~before
    low, high = ends_of_word(n, base)
    worded = np.where(more, high - low >= rule.width, rows["worded"])
    return rows.assign(hidden=hidden, worded=worded, bound=_bound(rows, hidden))


def _small(rows: pd.DataFrame, rule: Rule) -> sparse.csr_matrix:
    """Return one row a small count, and one a way of telling that one person alone who raised the theme left out."""
    n, base, own = rows["n"].to_numpy(), rows["base"].to_numpy(), rows[["code_id", "by", "group"]]
    few, each = below_threshold(n, rule.threshold, base), sparse.eye(len(rows), format="csr")
    raised = pd.Series(np.arange(len(rows)), pd.MultiIndex.from_frame(own))[rows["stance"].eq("").to_numpy()]
    raised = raised.reindex(pd.MultiIndex.from_frame(own)).to_numpy()
    lone = np.flatnonzero((n[raised] - n == 1) & (base >= rule.smallest_group))
    return sparse.vstack([each[few], (each[raised[lone]] - each[lone]) * rule.width], format="csr")


def _bound(rows: pd.DataFrame, hidden: np.ndarray) -> pd.Series:
    """Return what any mask would lose as a share of what is lost now, each way of telling by itself."""
    ways = [rows["code_id"], rows["stance"]]
    before, now = (
        (pd.Series(weights(rows), rows.index) * each).groupby(ways).transform("sum")
        for each in (rows["hidden"].astype(bool), hidden)
    )
    return rows["bound"] * (before / now).fillna(1.0)


def _told_of(rows: pd.DataFrame, rule: Rule) -> np.ndarray:
    """Return whether anything is printed of each group, whose number of people is known and large enough."""
    told = rows["form"].ne("") & rows["base"].eq(rows["most"]) & rows["base"].ge(rule.smallest_group)
    return told.to_numpy()


def _untold(rows: pd.DataFrame, rule: Rule) -> tuple[np.ndarray, np.ndarray]:
    """Return between what a reader knows a count to lie that has neither number nor word: of a group that is told of, not none or all.

    Of client groups that are spoken of hardly any count is withheld but small ones, so that each small one is known for one.
    """
    n, base, told = rows["n"].to_numpy(), rows["base"].to_numpy(), _told_of(rows, rule)
    most = np.where(rows["by"].eq(ABOUT) & (n < rule.threshold), rule.threshold - 1, np.maximum(base - 1, n))
    return np.where(told, np.minimum(n, 1), 0), np.where(told, most, rows["most"])


def _cells(
    rows: pd.DataFrame, groups: Groups, above: dict[str, str], rule: Rule, together: np.ndarray | None = None
) -> Cells:
    """Return the counts of a theme and of those below it as one problem; together has the ties of wholes with all their parts."""
    n, base = (rows[name].to_numpy(dtype=float) for name in ("n", "base"))
    (low, high), (least, most) = ends_of_word(n, base), _untold(rows, rule)
    wide = np.where(rows["hidden"], rows["worded"].astype(bool), high - low >= rule.width) & _told_of(
        rows, rule
    )
    least, most = np.where(wide, low, least), np.where(wide, high, most)
    known = rows["form"].eq("number").to_numpy()
    ways = list(rows.groupby(KEY, sort=False).groups)
    ties = [(way, (way[0], "")) for way in ways if way[1] and (way[0], "") in ways]
    ties += [(way, (above[way[0]], way[1])) for way in ways if (above.get(way[0]), way[1]) in ways]
    each = np.eye(len(ways))
    tied = np.array([each[ways.index(over)] - each[ways.index(way)] for way, over in ties])
    tied = tied if together is None else np.vstack([tied, together])
    tied = sparse.kron(tied, sparse.eye(len(groups.by)), format="csr")
    sums = sparse.kron(sparse.eye(len(ways)), groups.sums, format="csr")
    over = np.append(np.tile(rule.at_most(groups.left), len(ways)), np.full(tied.shape[0], np.inf))
    low, high = np.where(known, n, low), np.where(known, n, high)
    return Cells(n, low, high, least, most, sparse.vstack([sums, tied], format="csr"), over)
