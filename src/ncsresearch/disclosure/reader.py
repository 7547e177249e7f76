"""What does a reader know of the counts of one code, and which of them must stay unknown?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from ncsresearch.disclosure.plan import Groups, Rule, ends_of_word
from ncsresearch.disclosure.suppression import Cells, below_threshold, least_withheld
from ncsresearch.schema import STANCES

# what it costs to suppress a number of a group, by grouping
COST = {"": 20.0, "area_type": 8.0, "participant_group": 3.0, "area_id": 1.0}
OF_OWN = 3.0  # of a grouping that the study adds
IN_ANY_WAY = 2.0  # times as much where it says who raised a theme at all
A_WORD = 0.5  # of the cost, where a word is withheld and no number
# times the cost, by what the last release did with the number: two releases show few numbers once each way
AS_BEFORE = {"withheld": 0.8, "": 1.0, "printed": 1.25}
ENDS = ("n", "low", "high", "least", "most")  # of cells
NEVER = 10_000.0  # for 0 and for everybody: no word stands for them, and a reader takes a withheld count for neither


@dataclass(frozen=True)
class Way:
    """The counts of one code in one way of telling.

    cells   what a reader knows of them
    first   withheld in any case
    small   one row a small count, or difference of everybody's and a group's, that may not be known
    cost    of withholding each
    worded  whether a word can stand for each, where its number is withheld
    """

    cells: Cells
    first: np.ndarray
    small: sparse.csr_matrix
    cost: np.ndarray
    worded: np.ndarray


def withheld_of(
    rows: pd.DataFrame, groups: Groups, rule: Rule, unknown: np.ndarray, dearer: np.ndarray
) -> pd.DataFrame:
    """Work out which counts of one code are withheld, in all its ways of telling together.

    rows      the planned counts of the code with their form: each way of telling in the order of the groups
    unknown   groups whose number of people is itself withheld
    dearer    by how much it costs more to withhold a number of each group

    Returns the rows with hidden; worded, whether the word of a withheld number tells no more than a reader may know; and
    bound, the share of its way's loss that any mask which protects the way would have.
    """
    chosen = rows.assign(hidden=True, worded=False, bound=1.0)
    printed = rows["form"].ne("").groupby(rows["stance"]).transform("any")
    if printed.any() and (found := _of_printed(rows[printed], groups, rule, unknown, dearer)):
        for name, values in found.items():
            chosen.loc[printed, name] = values
    return chosen


def _of_printed(
    rows: pd.DataFrame, groups: Groups, rule: Rule, unknown: np.ndarray, dearer
) -> dict[str, np.ndarray]:
    """Return hidden, worded and bound of each row; nothing where withholding cannot protect them.

    Each way of telling is solved by itself, which is quick, and then what all of them together need beside that.
    """
    form, stances = rows["form"].to_numpy(), list(rows["stance"].unique())
    ways = [_way(own, groups, rule, unknown, dearer) for _, own in rows.groupby("stance", sort=False)]
    alone = [least_withheld(way.cells, way.first, way.small, way.cost, rule.width) for way in ways]
    if any(chosen is None for chosen, _ in alone):
        return {}
    every = _together(ways, stances, form, groups.base >= rule.smallest_group, rule.width)
    chosen = np.concatenate([chosen for chosen, _ in alone])
    if len(ways) > 1:
        chosen, _ = least_withheld(every.cells, chosen, every.small, every.cost, rule.width)
    if chosen is None:
        return {}
    lost = (every.cost * chosen).reshape(len(ways), -1).sum(axis=1)
    bound = np.array([bound for _, bound in alone]) / np.where(lost > 0, lost, np.inf)
    return {
        "hidden": chosen | (form == ""),
        "worded": np.where(chosen, every.worded, form == "word"),
        "bound": np.repeat(np.where(lost > 0, bound, 1.0), len(groups.by)),
    }


def _way(rows: pd.DataFrame, groups: Groups, rule: Rule, unknown: np.ndarray, dearer) -> Way:
    """Return one way of telling by itself."""
    n, base, form = (rows[name].to_numpy() for name in ("n", "base", "form"))
    of_themes = rows["table"].iloc[0] != "heard"
    untold = (groups.base < rule.smallest_group) & of_themes & (form != "")
    form = np.where(unknown | untold, "", form)
    most = np.where(unknown, base.max(), base).astype(float)
    low, high = word_known(n, base, most)
    worded = ~unknown & (high - low >= rule.width) & (form == "number")
    over = rule.at_most(groups.left) if of_themes else np.where(groups.left > 0, np.inf, 0.0)
    cells = _known(n, base, form, (low, high), most, worded, groups, over)
    few = below_threshold(n, rule.threshold, base)
    narrow = few & (cells.high - cells.low < rule.width)
    first = untold | ((form != "") & narrow)
    cost = _cost(rows, form, first) * dearer
    return Way(cells, first, _small(n, base, few, groups, rule.threshold), cost, worded)


def _cost(rows: pd.DataFrame, form: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return what it costs to withhold each count; of two that cost alike, the smaller share goes."""
    n, base = rows["n"].to_numpy(), rows["base"].to_numpy()
    cost = weights(rows.assign(form=form)) * [AS_BEFORE[before] for before in rows["before"]]
    never = (form != "") & ~first & ((n == 0) | (n == base))
    return np.where(never, NEVER, cost * (1 + 0.02 * n / np.maximum(base, 1)))


def weights(rows: pd.DataFrame) -> np.ndarray:
    """Return what is lost with each count that is withheld, by what it would say and not by how many it counts."""
    of_form = {"number": 1.0, "word": A_WORD, "": 0.0}
    told = zip(rows["by"], rows["form"], rows["stance"], strict=True)
    return np.array(
        [COST.get(by, OF_OWN) * of_form[form] * (1.0 if stance else IN_ANY_WAY) for by, form, stance in told]
    )


def word_known(n: np.ndarray, base: np.ndarray, most: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return between what a reader knows a count to lie by its word, and by the most that it can be."""
    low, high = ends_of_word(n, base)
    return low, np.maximum(n, np.minimum(high, most))


def _known(n, base, form, word, most, worded, groups: Groups, over: np.ndarray) -> Cells:
    """Return what a reader knows of each count: the number or its word; where it is withheld its word, or its base."""
    (low, high), forms = word, [form == "number", form == "word"]
    at_most = np.where(n < base, np.maximum(np.minimum(most, base - 1), n), most)
    return Cells(
        n=n.astype(float),
        low=np.select(forms, [n, low], 0).astype(float),
        high=np.select(forms, [n, high], most).astype(float),
        least=np.select([form == "", worded], [0, low], np.minimum(n, 1)).astype(float),
        most=np.select([form == "", worded], [most, high], at_most).astype(float),
        sums=groups.sums,
        over=over,
    )


def _small(n, base, few: np.ndarray, groups: Groups, threshold: int) -> sparse.csr_matrix:
    """Return one row a small count, and one a group, or groups within another, that leave a small one of the whole."""
    rest = below_threshold(n[0] - n, threshold, base[0] - base)
    others = rest & ~np.isin(groups.by, ["", "area_type"]) & (base < base[0])
    within = below_threshold(groups.sums @ n, threshold, groups.left)
    counts, whole = np.eye(len(n)), np.eye(len(n))[0]
    sums = groups.sums[np.flatnonzero(within)].toarray()
    return sparse.csr_matrix(np.vstack([counts[few], whole - counts[others], sums]))


def _together(ways: list[Way], stances: list[str], form: np.ndarray, told_of: np.ndarray, width: int) -> Way:
    """Return all ways of telling as one problem: who told a theme in one way raised it; who raised it told it in some way.

    That one person alone of a group raised it and did not tell it so is not known: it may be nobody, or two.
    """
    each = np.eye(len(ways))
    ties = each[:1] - each[1:]
    if set(STANCES) <= set(stances) and (form == "number").all():
        ties = np.vstack([ties, each[1:].sum(axis=0) - each[0]])
    n = np.concatenate([way.cells.n for way in ways])
    ties = sparse.kron(ties, sparse.eye(len(ways[0].first)), format="csr")
    left = ties @ n
    lone = ties[np.flatnonzero((left == 1) & np.tile(told_of, len(left) // len(told_of)))]
    ties = ties[np.flatnonzero(left >= 0)]
    parts = [way.cells for way in ways]
    ends = (np.concatenate([getattr(part, name) for part in parts]) for name in ENDS)
    cells = Cells(
        *ends,
        sums=sparse.vstack([sparse.block_diag([part.sums for part in parts]), ties], format="csr"),
        over=np.concatenate([*(part.over for part in parts), np.full(ties.shape[0], np.inf)]),
    )
    first = np.concatenate([way.first for way in ways])
    small = sparse.vstack([sparse.block_diag([way.small for way in ways]), lone * width], format="csr")
    cost, worded = (np.concatenate([getattr(way, name) for way in ways]) for name in ("cost", "worded"))
    return Way(cells, first, small, cost, worded)
