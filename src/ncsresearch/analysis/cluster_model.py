"""Do two groups differ, when people who were heard together say alike things?"""

import numpy as np
import pandas as pd
from scipy.stats import t as student

FEWEST_CLUSTERS = 10
FEWEST_A_SIDE = 5
NO_SPREAD = 1e-9


def cluster_difference(
    raised: np.ndarray, here: np.ndarray, cluster: np.ndarray, *, unit: str = "clusters", level: float = 0.95
) -> dict[str, object]:
    """Difference of shares between two groups, with an interval that allows for people heard together.

    raised    whether each person raised the theme
    here      whether each person is in the group
    cluster   where each was heard: an interview, or an area
    unit      what a cluster is, in the plural

    Returns difference, low, high and p, or the reason alone why the model gives no number here. A generalised estimating
    equation for a share (identity link, independence within clusters as its working assumption), with the small-sample
    covariance of Mancl and DeRouen 2001, doi 10.1111/j.0006-341X.2001.00126.x, and Student's t with as many degrees of
    freedom as the smaller side has clusters, less one; a normal reference is wrong with few clusters (Li and Redden 2015,
    doi 10.1002/sim.6344). For one binary explanation the estimate is the plain difference and its error the
    root of the summed squares of what each cluster adds.
    """
    raised, here = np.asarray(raised, dtype="float64"), np.asarray(here, dtype=bool)
    cluster = pd.factorize(np.asarray(cluster))[0]
    n, sides = cluster.max() + 1, [len(set(cluster[side])) for side in (here, ~here)]
    if n < FEWEST_CLUSTERS or min(sides) < FEWEST_A_SIDE:
        few = f"fewer than {FEWEST_CLUSTERS}, or than {FEWEST_A_SIDE} a side"
        return {"reason": f"{n} {unit}, divided {sides[0]} to {sides[1]}: {few}"}
    shares = [raised[side].mean() for side in (here, ~here)]
    if any(share in (0, 1) for share in shares):
        return {"reason": "nobody or everybody of a group raised it, which leaves no spread to judge by"}
    parts = _parts(raised, here, cluster)
    if np.abs(parts).max() <= NO_SPREAD:
        return {"reason": f"the {unit} do not differ, which leaves no spread to judge by"}
    difference, error, freedom = shares[0] - shares[1], np.sqrt((parts**2).sum()), min(sides) - 1
    reach, p = student.ppf((1 + level) / 2, freedom) * error, 2 * student.sf(abs(difference) / error, freedom)
    low, high = max(-1.0, difference - reach), min(1.0, difference + reach)
    return {"difference": float(difference), "low": float(low), "high": float(high), "p": float(p)}


def _parts(raised: np.ndarray, here: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """What each cluster adds to the difference beyond its size, as if the share were known from the others."""
    sides = []
    for side in (here, ~here):
        there = np.bincount(cluster[side], minlength=cluster.max() + 1)
        beyond = np.bincount(cluster[side], raised[side] - raised[side].mean(), minlength=cluster.max() + 1)
        sides.append(beyond / (there.sum() - there))
    return sides[0] - sides[1]
