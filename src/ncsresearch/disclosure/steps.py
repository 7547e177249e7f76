"""Which counts lose their number, or their word as well, so that a reader who takes all sums at once knows no small one?

What such a reader knows of a small count is a linear program. Its prices say which printed counts tell it, and how much less
these would have to say: a cut. The cheapest steps that meet every cut are taken, and the reader asks again. Most cuts are found
while a step may be taken in part, which is a program quickly solved.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from ncsresearch.disclosure.suppression import EXACT, silent

SURE = 1e-6  # what a solver may be wrong by
NEAR = EXACT | {
    "mip_rel_gap": 0.05
}  # how much cheaper steps might be: to find the cheapest of all takes minutes
# each question begins where the last one ended
QUICK = {"output_flag": False, "presolve": "off", "simplex_strategy": 4}


@dataclass(frozen=True)
class Steps:
    """Counts that hang together, each printed as a number (step 0), as a word (1) or not at all (2).

    low, high   between what a reader knows each count to lie at each step: one row a step, further apart from row to row
    cost        what the first and the second step cost: one row each
    sums, over  as of suppression.Cells
    """

    low: np.ndarray
    high: np.ndarray
    cost: np.ndarray
    sums: sparse.csr_matrix
    over: np.ndarray

    def ends(self, taken: np.ndarray) -> list[np.ndarray]:
        """Return between what a reader knows each count to lie after these steps, before any sum.

        taken   whether, or in what part, the first and the second step is taken: one row each
        """
        return [ends[0] + (np.diff(ends, axis=0) * taken).sum(axis=0) for ends in (self.low, self.high)]

    def of(self, places: np.ndarray) -> "Steps":
        """Return some of the counts, with the sums of these alone."""
        own = self.sums[:, places]
        inside = np.diff(own.indptr) == np.diff(self.sums.indptr)
        return Steps(
            self.low[:, places], self.high[:, places], self.cost[:, places], own[inside], self.over[inside]
        )


def cheapest_steps(
    counts: Steps, taken: np.ndarray, small: sparse.csr_matrix, width: int
) -> np.ndarray | None:
    """Return the steps after which nobody knows a small count to less than the width, at little cost.

    taken   the steps that are taken in any case
    small   as of suppression.least_withheld

    None where even nothing printed would not be enough.
    """
    reader, first = _Reader(counts, small, width), np.array([taken > 0, taken > 1], dtype=float)
    known = reader.known(first, range(small.shape[0]))
    in_doubt, cuts, steps = list(known), [*known.values()], first
    for whole in (False, True) if known else ():
        steps, left = _meeting(cuts, counts, first, whole), in_doubt
        while left and steps is not None:
            known = reader.known(steps, left, whole)
            cuts += known.values()
            steps = _meeting(cuts, counts, first, whole) if known else steps
            left = list(known) or (in_doubt if whole and left is not in_doubt else [])
    return None if steps is None else (steps > 0.5).sum(axis=0)


class _Reader:
    """Somebody who takes all sums at once; kept from question to question, which makes the next one quick."""

    def __init__(self, counts: Steps, small: sparse.csr_matrix, width: int):
        self.counts, self.small, self.width, sums = counts, small, width, counts.sums.tocsr()
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = sums.shape
        program.col_cost_, program.col_lower_, program.col_upper_ = np.zeros((3, sums.shape[1]))
        program.row_lower_, program.row_upper_ = np.zeros(sums.shape[0]), counts.over
        matrix = program.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_, matrix.index_, matrix.value_ = sums.indptr, sums.indices, sums.data
        with silent():
            self.solver = highspy.Highs()
        for name, value in QUICK.items():
            self.solver.setOptionValue(name, value)
        self.solver.passModel(program)

    def known(
        self, taken: np.ndarray, left: Iterable[int], whole=True
    ) -> dict[int, tuple[np.ndarray, float]]:
        """Return those of some small counts that he knows too closely after these steps, and the cut for each.

        whole   whether he knows that people are counted in whole numbers
        """
        places = np.arange(taken.shape[1], dtype=np.int32)
        self.solver.changeColsBounds(len(places), places, *self.counts.ends(taken))
        cuts = {each: self._cut(taken, self.small[each], whole) for each in left}
        return {each: cut for each, cut in cuts.items() if cut}

    def _cut(
        self, taken: np.ndarray, small: sparse.csr_matrix, whole: bool
    ) -> tuple[np.ndarray, float] | None:
        """Return by how much each step would part the ends of a small count, and how much they lack; None where they lack nothing."""
        (least, rising), (most, falling) = (self._extreme(small, way) for way in (1, -1))
        apart = np.floor(-most + SURE) - np.ceil(least - SURE) if whole else -most - least
        if self.width - apart <= SURE:
            return None
        low, high = (np.diff(ends, axis=0) for ends in (self.counts.low, self.counts.high))
        below, above = (np.maximum(way * np.array([rising, falling]), 0).sum(axis=0) for way in (1, -1))
        gains = above * high - below * low
        return gains, self.width - apart + (gains * taken).sum()

    def _extreme(self, small: sparse.csr_matrix, way: int) -> tuple[float, np.ndarray]:
        """Return the least that a sum can be (or the most, below zero, where way is -1), and what each end adds to it."""
        n, places = len(small.indices), small.indices.astype(np.int32)
        self.solver.changeColsCost(n, places, way * small.data)
        self.solver.run()
        found, prices = self.solver.getObjectiveValue(), np.array(self.solver.getSolution().col_dual)
        self.solver.changeColsCost(n, places, np.zeros(n))
        return found, prices


def _meeting(cuts: list, counts: Steps, taken: np.ndarray, whole: bool) -> np.ndarray | None:
    """Return the cheapest steps that meet all cuts, none of those taken back; None where there are none."""
    n = taken.shape[1]
    gains = np.array([np.minimum(gain, needed).ravel() for gain, needed in cuts])
    after = sparse.hstack([sparse.eye(n), -sparse.eye(n)])
    with silent():
        found = milp(
            np.where(taken > 0, 0.0, counts.cost).ravel(),
            integrality=np.full(2 * n, int(whole)),
            bounds=Bounds(taken.ravel(), 1.0),
            constraints=[
                LinearConstraint(sparse.csr_matrix(gains), [needed - SURE for _, needed in cuts]),
                LinearConstraint(after, 0),
            ],
            options=NEAR,
        )
    return None if found.x is None else found.x.reshape(2, n)
