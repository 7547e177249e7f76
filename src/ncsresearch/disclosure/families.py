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
from ncsresearch.disclosure.suppression import VERY_LARGE, below_threshold

CELL = ["code_id", "by", "group"]
MANY = 1_000  # counts of a theme and those below it, above which a reader is taken to look at one group after another


def within_families(rows: pd.DataFrame, groups: Groups, rule: Rule) -> pd.DataFrame:
    """Withhold what keeps a reader from working small counts out from the themes above and below.

    rows   masked counts of people, each code and way in the order of the groups: form, hidden and worded

    Returns the rows with more of them hidden, or without their word, where that is needed.
    """
    if rows.empty:
        return rows
    above = {code: over for code, over in groups.above.items() if {code, over} <= set(rows["code_id"])}
    rows = rows.assign(most=_most(rows))
    top = {code: _first(code, above) for code in rows["code_id"].unique()}
    families = rows.groupby(rows["code_id"].map(top), sort=False)
    found = pd.concat([_of_family(own, groups, rule, above) for _, own in families])
    return found.loc[rows.index].drop(columns="most")


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
    """Withhold what tells small counts of a theme or of those below it: a number gives way to its word, a word to nothing."""
    counts, taken, small = _steps(rows, groups, rule, above), _taken(rows), _small(rows, rule)
    if len(rows) > MANY or small.shape[0] * len(rows) > VERY_LARGE:
        steps = _group_by_group(counts, taken, small, rule.width, len(groups.by))
    else:
        steps = cheapest_steps(counts, taken, small, rule.width)
    if steps is None:
        steps = np.full(len(rows), 2)
    more = steps > taken
    hidden = rows["hidden"].to_numpy(dtype=bool) | more
    worded = np.where(more, (steps == 1) & _has_word(rows, rule), rows["worded"])
    return rows.assign(hidden=hidden, worded=worded, bound=_bound(rows, hidden))


def _taken(rows: pd.DataFrame) -> np.ndarray:
    """Return what is printed of each count: its number (0), its word (1) or neither (2)."""
    number = rows["form"].eq("number") & ~rows["hidden"].astype(bool)
    return np.select([number, rows["worded"].astype(bool)], [0, 1], 2)


def _steps(rows: pd.DataFrame, groups: Groups, rule: Rule, above: dict[str, str]) -> Steps:
    """Return what a reader knows of each count by its number, its word and neither, and the sums that tie them."""
    n, base = (rows[name].to_numpy(dtype=float) for name in ("n", "base"))
    (low, high), (least, most) = ends_of_word(n, base), _untold(rows, _is_told(rows, rule), rule)
    word = _has_word(rows, rule)
    low, high = np.where(word, low, least), np.where(word, high, most)
    cost = np.where((n == 0) | (n == base), NEVER, weights(rows.assign(form="number")))
    sums, over = _sums(rows, groups, rule, above)
    return Steps(
        np.array([n, low, least]), np.array([n, high, most]), np.array([cost, A_WORD * cost]), sums, over
    )


def _is_told(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """Whether anything is printed of the group of each count."""
    return rows["form"].ne("") & rows["base"].eq(rows["most"]) & rows["base"].ge(rule.smallest_group)


def _has_word(rows: pd.DataFrame, rule: Rule) -> pd.Series:
    """Whether the word for each count is printed, or may be, since it leaves its number open enough."""
    low, high = ends_of_word(*(rows[name].to_numpy(dtype=float) for name in ("n", "base")))
    may = rows["form"].eq("number") & (high - low >= rule.width) & _is_told(rows, rule)
    return rows["worded"].astype(bool) | may


def _untold(rows: pd.DataFrame, told: pd.Series, rule: Rule) -> tuple[np.ndarray, np.ndarray]:
    """Return between what a reader knows a count without number and word to lie: neither none nor all, where anything is told of the group.

    Of client groups that are spoken of hardly any count is withheld but small ones, so that each small one is known for one.
    """
    n, base = rows["n"], rows["base"]
    most = np.where(rows["by"].eq(ABOUT) & n.lt(rule.threshold), rule.threshold - 1, np.maximum(base - 1, n))
    return np.where(told, np.minimum(n, 1), 0), np.where(told, most, rows["most"])


def _sums(
    rows: pd.DataFrame, groups: Groups, rule: Rule, above: dict[str, str]
) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Return the sums of groups of each way of telling a theme, and of ways and themes in each group, and how far each may be over 0."""
    ways = list(rows.groupby(KEY, sort=False).groups)
    each = dict(zip(ways, np.eye(len(ways)), strict=True))
    ties = [each[code, ""] - each[code, way] for code, way in ways if way and (code, "") in each]
    ties += [each[above[code], way] - each[code, way] for code, way in ways if (above.get(code), way) in each]
    ties += [sum(each[part] for part in own) - each[way] for way, own in _parts(rows, above).items()]
    ties = np.array(ties).reshape(-1, len(ways))
    sums = [sparse.kron(sparse.eye(len(ways)), groups.sums), sparse.kron(ties, sparse.eye(len(groups.by)))]
    over = np.append(np.tile(rule.at_most(groups.left), len(ways)), np.full(sums[1].shape[0], np.inf))
    return sparse.vstack(sums, format="csr"), over


def _parts(rows: pd.DataFrame, above: dict[str, str]) -> dict[tuple, list[tuple]]:
    """Return the themes below each theme, of one way of telling, that have all its people together, in every group."""
    n = {way: own.to_numpy() for way, own in rows.groupby(KEY, sort=False)["n"]}
    below = {way: [each for each in n if (above.get(each[0]), each[1]) == way] for way in n}
    return {way: own for way, own in below.items() if own and (sum(n[each] for each in own) >= n[way]).all()}


def _small(rows: pd.DataFrame, rule: Rule) -> sparse.csr_matrix:
    """Return one row a small count, and one a way of telling that one person alone who raised the theme left out."""
    n, base, cells = rows["n"].to_numpy(), rows["base"].to_numpy(), pd.MultiIndex.from_frame(rows[CELL])
    few, each = below_threshold(n, rule.threshold, base), sparse.eye(len(rows), format="csr")
    raised = pd.Series(np.arange(len(rows)), cells)[rows["stance"].eq("").to_numpy()].reindex(cells)
    left = each[raised.to_numpy()] - each
    lone = (left @ n == 1) & (base >= rule.smallest_group)
    return sparse.vstack([each[few], left[lone] * rule.width], format="csr")


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


def _bound(rows: pd.DataFrame, hidden: np.ndarray) -> pd.Series:
    """Return what any mask would lose as a share of what is lost now, each way of telling by itself."""
    ways = [rows["code_id"], rows["stance"]]
    before, now = (
        (pd.Series(weights(rows), rows.index) * each).groupby(ways).transform("sum")
        for each in (rows["hidden"].astype(bool), hidden)
    )
    return rows["bound"] * (before / now).fillna(1.0)
