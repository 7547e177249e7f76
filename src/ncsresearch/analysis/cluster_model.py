"""Do two groups differ, when people who were heard together say alike things?"""

import numpy as np
import pandas as pd
from scipy.stats import t as student

FEWEST_CLUSTERS = 10
FEWEST_A_SIDE = 5
NO_SPREAD = 1e-9


def cluster_difference(
    raised: np.ndarray, here: np.ndarray, cluster: np.ndarray, *, level: float = 0.95
) -> dict[str, float]:
    """Difference of shares between two groups, with an interval that allows for people heard together.

    raised    whether each person raised the theme
    here      whether each person is in the group
    cluster   where each was heard: an interview, or an area

    Returns difference, low, high, p and n_clusters. A generalised estimating equation for a share (identity
    link, independence within clusters as its working assumption), with the small-sample covariance of Mancl
    and DeRouen 2001, doi 10.1111/j.0006-341X.2001.00126.x, and Student's t with as many degrees of freedom as
    the smaller side has clusters, less one; a normal reference is wrong with few clusters (Li and Redden 2015,
    doi 10.1002/sim.6344). For one binary explanation the estimate is the plain difference and its error the
    root of the summed squares of what each cluster adds. Caution: see why_no_cluster_model for where it does
    not hold.
    """
    raised, here = np.asarray(raised, dtype="float64"), np.asarray(here, dtype=bool)
    difference = raised[here].mean() - raised[~here].mean()
    error = np.sqrt((_parts(raised, here, cluster) ** 2).sum())
    freedom = min(clusters_a_side(here, cluster)) - 1
    reach = student.ppf((1 + level) / 2, freedom) * error
    p = 2 * student.sf(abs(difference) / error, freedom)
    low, high = max(-1.0, difference - reach), min(1.0, difference + reach)
    numbers = {"difference": difference, "low": low, "high": high, "p": p}
    return {name: float(number) for name, number in numbers.items()} | {"n_clusters": len(set(cluster))}


def _parts(raised: np.ndarray, here: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """What each cluster adds to the difference beyond its size, as if the share were known from the others."""
    unit = pd.factorize(np.asarray(cluster))[0]
    sides = []
    for side in (here, ~here):
        there = np.bincount(unit[side], minlength=unit.max() + 1)
        beyond = np.bincount(unit[side], raised[side] - raised[side].mean(), minlength=unit.max() + 1)
        sides.append(beyond / (there.sum() - there))
    return sides[0] - sides[1]


def clusters_a_side(here: np.ndarray, cluster: np.ndarray) -> tuple[int, int]:
    """Return how many clusters have somebody in the group, and how many somebody out of it."""
    rows = pd.DataFrame({"here": np.asarray(here, dtype=bool), "cluster": cluster})
    return tuple(int(rows.loc[rows["here"].eq(side), "cluster"].nunique()) for side in (True, False))


def why_no_cluster_model(raised: np.ndarray, here: np.ndarray, cluster: np.ndarray, *, unit: str) -> str:
    """Say why the model gives no number here; an empty string where it does.

    unit   what a cluster is, in the plural
    """
    sides, n = clusters_a_side(here, cluster), len(set(cluster))
    if n < FEWEST_CLUSTERS or min(sides) < FEWEST_A_SIDE:
        return (
            f"{n} {unit}, divided {sides[0]} to {sides[1]}: "
            f"fewer than {FEWEST_CLUSTERS}, or than {FEWEST_A_SIDE} a side"
        )
    shares = [np.asarray(raised)[np.asarray(here, dtype=bool) == side].mean() for side in (True, False)]
    if any(share in (0, 1) for share in shares):
        return "nobody or everybody of a group raised it, which leaves no spread to judge by"
    parts = _parts(np.asarray(raised, dtype="float64"), np.asarray(here, dtype=bool), cluster)
    return (
        ""
        if np.abs(parts).max() > NO_SPREAD
        else f"the {unit} do not differ, which leaves no spread to judge by"
    )
