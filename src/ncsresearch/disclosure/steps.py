"""Which counts lose their number, or their word as well, so that a reader who takes all sums at once knows no small one?

What such a reader knows of a small count is a linear program. Its prices say which printed counts tell it, and how much less
these would have to say: a cut. The cheapest steps that meet every cut are taken, and the reader asks again.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from ncsresearch.disclosure.suppression import EXACT, silent

SURE = 1e-6  # what a solver may be wrong by
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

    def ends(self, taken: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return between what a reader knows each count to lie after these steps, before any sum."""
        each = np.arange(len(taken))
        return self.low[taken, each], self.high[taken, each]

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
    reader, steps, cuts = _Reader(counts), taken, []
    left = doubtful = range(small.shape[0])
    while left and steps is not None:
        reader.sees(steps)
        known = {each: cut for each in left if (cut := _cut(reader, steps, small[each], width))}
        doubtful = doubtful if cuts else list(known)
        cuts += known.values()
        steps = _meeting(cuts, counts, taken) if known else steps
        left = list(known) or (doubtful if left is not doubtful else [])
    return steps


class _Reader:
    """Somebody who takes all sums at once; kept from question to question, which makes the next one quick."""

    def __init__(self, counts: Steps):
        self.counts, sums = counts, counts.sums.tocsr()
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

    def sees(self, taken: np.ndarray) -> None:
        """Have him see the counts after these steps."""
        places = np.arange(len(taken), dtype=np.int32)
        self.solver.changeColsBounds(len(taken), places, *self.counts.ends(taken))

    def extreme(self, small: sparse.csr_matrix, way: int) -> tuple[float, np.ndarray]:
        """Return the least that a sum can be (or the most, below zero, where way is -1), and what each end adds to it."""
        n, places = len(small.indices), small.indices.astype(np.int32)
        self.solver.changeColsCost(n, places, way * small.data)
        self.solver.run()
        found, prices = self.solver.getObjectiveValue(), np.array(self.solver.getSolution().col_dual)
        self.solver.changeColsCost(n, places, np.zeros(n))
        return found, prices


def _cut(
    reader: _Reader, taken: np.ndarray, small: sparse.csr_matrix, width: int
) -> tuple[np.ndarray, float] | None:
    """Return by how much each step would part the ends of a small count, and how much they lack; None where they lack nothing."""
    (least, rising), (most, falling) = (reader.extreme(small, way) for way in (1, -1))
    lacking = width - (np.floor(-most + SURE) - np.ceil(least - SURE))
    if lacking <= 0:
        return None
    low, high = (np.diff(ends, axis=0) for ends in (reader.counts.low, reader.counts.high))
    below, above = (np.maximum(way * np.array([rising, falling]), 0).sum(axis=0) for way in (1, -1))
    gains = above * high - below * low
    return gains, lacking + gains[0] @ (taken > 0) + gains[1] @ (taken > 1)


def _meeting(cuts: list, counts: Steps, taken: np.ndarray) -> np.ndarray | None:
    """Return the cheapest steps that meet all cuts, none of those taken back; None where there are none."""
    n = len(taken)
    gains = np.array([np.minimum(gain, needed).ravel() for gain, needed in cuts])
    after = sparse.hstack([sparse.eye(n), -sparse.eye(n)])
    found = milp(
        counts.cost.ravel(),
        integrality=np.ones(2 * n),
        bounds=Bounds(np.concatenate([taken > 0, taken > 1]).astype(float), 1.0),
        constraints=[
            LinearConstraint(sparse.csr_matrix(gains), [needed - SURE for _, needed in cuts]),
            LinearConstraint(after, 0),
        ],
        options=EXACT,
    )
    return None if found.x is None else (found.x.reshape(2, n) > 0.5).sum(axis=0)
