"""Which counts are withheld so that no small one can be worked out, and as little as possible is lost?"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

LARGE = 15_000  # counts times small counts, above which the exact search takes too long
MIXED = 8  # tables in which small counts are small and large by chance
VERY_LARGE = 500_000  # above which a reader is taken to look at one sum after another
EXACT = {"mip_rel_gap": 0.0, "node_limit": 500}  # nothing can cost less; or, after so many steps, little can


def below_threshold(n, threshold: int, base=None) -> np.ndarray:
    """Whether each count of people, or what is left of its base where it has one, is above 0 and below the threshold."""
    counts = np.asarray(n, dtype="float64")
    few = (counts > 0) & (counts < threshold)
    if base is None:
        return few
    rest = np.asarray(base, dtype="float64") - counts
    return few | ((rest > 0) & (rest < threshold))


@dataclass(frozen=True)
class Cells:
    """Counts that hang together, and what a reader knows of each.

    n             the counts
    low, high     between what a reader knows a count to lie where it is printed: n itself for a number, more for a word
    least, most   between what a reader knows it to lie where it is withheld
    sums          one row a sum of counts: a whole is -1, its parts are 1
    over          how far each sum may be over 0; not at all where the parts make up the whole
    """

    n: np.ndarray
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray
    sums: sparse.csr_matrix
    over: np.ndarray

    def ends(self, withheld: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what a reader knows of each count by itself, before any sum."""
        return np.where(withheld, self.least, self.low), np.where(withheld, self.most, self.high)


def least_withheld(
    cells: Cells, withheld: np.ndarray, small: sparse.csr_matrix, cost: np.ndarray, width: int
) -> tuple[np.ndarray | None, float]:
    """Return the counts to withhold at the least cost, so that no small count is known to less than the width; and a bound.

    withheld   counts that are withheld in any case
    small      one row a small count, or a difference of counts that is small
    cost       what it costs to withhold each count

    A reader knows what is printed, the sums, and the ends of what is withheld. The search is an integer program: for
    each small count two tables that a reader cannot tell from the true one have to lie the width apart. No choice that
    protects the same costs less than the bound. None where withholding cannot do it, so that nothing of the table may be
    printed.
    """
    bound = cost @ withheld
    if not small.shape[0]:
        return withheld, bound
    if small.shape[0] * len(withheld) > LARGE:
        return _one_by_one(cells, withheld, small, cost, width)
    chosen, safe = withheld, ~_known_at_sight(cells, withheld, small, width)
    while True:
        if not safe.all():
            chosen, bound = _cheapest(cells, withheld, small[np.flatnonzero(~safe)], cost, width)
        if chosen is None or not safe.any():
            return chosen, bound
        left = np.flatnonzero(safe)
        known = known_too_closely(cells, chosen, small[left], width)
        if not known.any():
            return chosen, bound
        safe[left[known]] = False


def _known_at_sight(cells: Cells, withheld: np.ndarray, small: sparse.csr_matrix, width: int) -> np.ndarray:
    """Return which small counts a reader knows too closely by taking one sum after another."""
    low, high = narrowed(cells, withheld)
    least = small.maximum(0) @ low + small.minimum(0) @ high
    return small.maximum(0) @ high + small.minimum(0) @ low - least < width


def known_too_closely(cells: Cells, withheld: np.ndarray, small: sparse.csr_matrix, width: int) -> np.ndarray:
    """Return which small counts a reader knows too closely by all sums at once; of very many, by one sum after another."""
    if small.shape[0] * len(withheld) > VERY_LARGE:
        return _known_at_sight(cells, withheld, small, width)
    return widths(cells, withheld, small, width) < width - 1e-6


def hidden_among(n, base, threshold: int) -> np.ndarray | None:
    """Which counts of groups that make up a known total are withheld, so that the total gives no small one of them back.

    n, base     people of each group who are counted, and people of it; their sums are taken to be known
    threshold   the smallest count that may be told

    Returns true where a count is withheld. None where that cannot be had, and the total has to be withheld itself. A
    reader knows that a withheld count is neither 0 nor all of its base.
    """
    counts, bases = (np.asarray(each, dtype="float64") for each in (n, base))
    few, most = below_threshold(counts, threshold, bases), np.maximum(bases - 1, counts)
    return _hidden_beside(counts.sum(), counts, few, most, threshold)


def hidden_choices(n, base: int, threshold: int, *, several: bool) -> np.ndarray | None:
    """Which counts of people who chose an answer are withheld, where each of the base chose one, or one at least of several.

    Returns true where a count is withheld; None where the base itself would give a small one back. A reader knows that a small
    count is one, since its answer is not listed, and that another withheld count is neither 0 nor the base.
    """
    counts = np.asarray(n, dtype="float64")
    few = below_threshold(counts, threshold, np.full(len(counts), base))
    others = np.maximum(base - 1, counts) * (counts > 0)
    most = np.where(below_threshold(counts, threshold), threshold - 1, others)
    return _hidden_beside(base, counts, few, most, threshold, over=several * base * (len(counts) - 1.0))


def _hidden_beside(
    total: float, counts: np.ndarray, few: np.ndarray, most: np.ndarray, threshold: int, *, over: float = 0.0
) -> np.ndarray | None:
    """Return the counts withheld beside a known total, those that are few among them; over is how far their sum may be over it."""
    if not few.any():
        return few
    n, least, most = (np.append(total, each) for each in (counts, np.minimum(counts, 1), most))
    sums = sparse.csr_matrix(np.append(-1.0, np.ones(len(counts))))
    cells = Cells(n, n, n, least, most, sums, np.array([over]))
    small = sparse.csr_matrix(np.eye(len(n))[1:][few])
    hidden, _ = least_withheld(cells, np.append(False, few), small, np.ones(len(n)), threshold - 2)
    return None if hidden is None else hidden[1:]


def widths(cells: Cells, withheld: np.ndarray, small: sparse.csr_matrix, width: int) -> np.ndarray:
    """Return how wide a reader's interval of each small count is: exact where that is under the width.

    Some tables that fit what is known show two values of many counts at once; of the others two are sought for each.
    """
    ends, n_small = cells.ends(withheld), small.shape[0]
    mixed = np.random.default_rng(0).choice([-1.0, 1.0], (MIXED, n_small))
    found = _tables(cells, ends, np.vstack([np.ones(n_small), -np.ones(n_small), mixed]) @ small)
    apart = np.ptp(small @ np.column_stack([cells.n, found.T]), axis=1)
    left = np.flatnonzero(apart < width - 1e-6)
    least, most = (np.diag(small[left] @ _tables(cells, ends, way * small[left]).T) for way in (1, -1))
    apart[left] = most - least
    return apart


def _tables(cells: Cells, ends: tuple[np.ndarray, np.ndarray], aims) -> np.ndarray:
    """Return for each sum of counts a table that fits what a reader knows and has the least of it."""
    (low, high), n_tables = ends, aims.shape[0]
    free = np.flatnonzero(low < high)
    known = cells.sums @ np.where(low < high, 0, low)
    inside = _copies(cells.sums[:, free], n_tables)
    over = (np.tile(end, n_tables) for end in (-known, cells.over - known))
    problem = {
        "c": sparse.csr_matrix(aims)[:, free].toarray().ravel(),
        "integrality": np.ones(n_tables * len(free)),
        "constraints": LinearConstraint(inside, *over),
        "bounds": Bounds(*(np.tile(end[free], n_tables) for end in ends)),
    }
    tables = np.tile(low, (n_tables, 1))
    if not tables[:, free].size:
        return tables
    found = milp(**problem)
    if found.x is None:  # the true counts solve it: HiGHS's presolve can be wrong about that
        found = milp(**problem, options={"presolve": False})
    tables[:, free] = found.x.round().reshape(n_tables, -1)
    return tables


def _copies(sums: sparse.csr_matrix, n: int) -> sparse.csr_matrix:
    return sparse.kron(sparse.eye(n), sums, format="csr")


def _apart(small: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return rows that give how far two tables lie apart in each small count; the tables of each follow one another."""
    each, (n_small, n_cells) = small.tocoo(), small.shape
    first = 2 * n_cells * each.row + each.col
    columns, rows = np.append(first, first + n_cells), np.tile(each.row, 2)
    signs = np.append(each.data, -each.data)
    return sparse.csr_matrix((signs, (rows, columns)), shape=(n_small, 2 * n_small * n_cells))


def _cheapest(
    cells: Cells, withheld: np.ndarray, small: sparse.csr_matrix, cost: np.ndarray, width: int
) -> tuple[np.ndarray | None, float]:
    """Solve the integer program: which counts to withhold, and how far each table moves from the true one.

    Returns the counts, None where there are none, and the lower bound of what they cost that the search has proved.
    """
    n_small, n_cells = small.shape
    tables = 2 * n_small
    (low, high), n = cells.ends(np.zeros(n_cells, dtype=bool)), cells.n
    spare = cells.sums @ n
    moved, each = sparse.eye(tables * n_cells), np.ones((tables, 1))
    up = sparse.hstack([sparse.kron(each, -sparse.diags(cells.most - high)), moved])
    down = sparse.hstack([sparse.kron(each, -sparse.diags(cells.least - low)), moved])
    with silent():
        found = milp(
            np.concatenate([cost, np.zeros(tables * n_cells)]),
            integrality=np.ones((1 + tables) * n_cells),
            constraints=[
                LinearConstraint(
                    _beside_choice(_copies(cells.sums, tables), n_cells),
                    np.tile(-spare, tables),
                    np.tile(cells.over - spare, tables),
                ),
                LinearConstraint(_beside_choice(_apart(small), n_cells), width, np.inf),
                LinearConstraint(up, -np.inf, np.tile(high - n, tables)),
                LinearConstraint(down, np.tile(low - n, tables), np.inf),
            ],
            bounds=Bounds(
                np.concatenate([withheld.astype(float), np.tile(np.minimum(low, cells.least) - n, tables)]),
                np.concatenate([np.ones(n_cells), np.tile(np.maximum(high, cells.most) - n, tables)]),
            ),
            options=EXACT,
        )
    return (None, np.inf) if found.x is None else (found.x[:n_cells] > 0.5, found.mip_dual_bound)


@contextmanager
def silent() -> Iterator[None]:
    """Keep what HiGHS writes by itself, past its own settings, from the terminal."""
    if os.name != "posix":
        yield
        return
    flush = ctypes.CDLL(None).fflush
    flush(None)
    terminal, (read, written) = os.dup(1), os.pipe()
    try:
        os.dup2(written, 1)
        yield
        flush(None)
    finally:
        os.dup2(terminal, 1)
        for each in (terminal, read, written):
            os.close(each)


def _beside_choice(rows: sparse.csr_matrix, n_cells: int) -> sparse.csr_matrix:
    return sparse.hstack([sparse.csr_matrix((rows.shape[0], n_cells)), rows])


def _one_by_one(
    cells: Cells, withheld: np.ndarray, small: sparse.csr_matrix, cost: np.ndarray, width: int
) -> tuple[np.ndarray | None, float]:
    """Withhold the cheapest count beside each small one that is known too closely, until none is.

    The bound is what small counts cost, which are withheld whatever else is. What a reader knows is worked out sum by sum.
    A group that leaves a small number of everybody is withheld itself.
    """
    alone = np.diff(small.indptr) == 1
    hidden, left = withheld.copy(), small[np.flatnonzero(~alone)]
    hidden[left.indices[left.data < 0]] = True
    counts, tied = small[np.flatnonzero(alone)].indices, (abs(cells.sums).T @ abs(cells.sums)).tocsr()
    printed = counts[(cells.high - cells.low)[counts] < width]
    bound = cost @ (withheld | np.isin(np.arange(len(cost)), printed))
    while True:
        known, before = np.flatnonzero(_known_at_sight(cells, hidden, small, width)), hidden.sum()
        for each in known:
            beside = np.unique(tied[small[each].indices].indices)
            free = beside[~hidden[beside]]
            hidden[free[np.argsort(cost[free], kind="stable")[:1]]] = True
        if hidden.sum() == before:
            return None if len(known) else hidden, bound


def narrowed(cells: Cells, withheld: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the most that each count can be for a reader who takes one sum after another."""
    (low, high), sums, before = cells.ends(withheld), cells.sums.tocoo(), None
    row, place, sign = sums.row, sums.col, sums.data
    while before is None or not (np.array_equal(before[0], low) and np.array_equal(before[1], high)):
        before = low.copy(), high.copy()
        least, most = (
            sign * np.where(sign > 0, *ends)
            for ends in ((low[place], high[place]), (high[place], low[place]))
        )
        rest_least, rest_most = (
            np.bincount(row, ends, len(cells.over))[row] - ends for ends in (least, most)
        )
        ends = sign * (cells.over[row] - rest_least), sign * -rest_most
        np.minimum.at(high, place, np.where(sign > 0, *ends))
        np.maximum.at(low, place, np.where(sign > 0, *ends[::-1]))
    return low, high
