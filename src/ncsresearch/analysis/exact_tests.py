"""Do two groups differ, if everybody in them was heard alone?"""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, fisher_exact
from statsmodels.stats.contingency_tables import StratifiedTable

from ncsresearch.evidence.interval import SMALLEST_BASE, difference_interval

NUMBERS = ("odds_ratio", "low", "high", "statistic", "p", "homogeneity", "homogeneity_p")
PARTS = ("n", "base", "other_n", "other_base")


def fisher(n: int, base: int, other_n: int, other_base: int) -> float:
    """Two-sided p-value of Fisher's exact test of n of base against other_n of other_base.

    Source: Fisher 1935, The Design of Experiments. Caution: for people who were heard independently of each
    other.
    """
    return float(fisher_exact([[n, base - n], [other_n, other_base - other_n]])[1])


def shares_apart(rows: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """Return how far two shares are apart, row by row, as if everybody had answered independently.

    rows   n, base, other_n, other_base; missing where withheld

    Returns difference, low and high (Newcombe), p (Fisher) and p_adjusted (Benjamini and Hochberg), each missing where a number is,
    or where a base is under twenty; and family_size, the rows with such bases, among which one that is withheld counts as the least sure.
    """
    told = rows[[*PARTS]].astype("float64")
    enough = told[["base", "other_base"]].ge(SMALLEST_BASE).all(axis=1)
    found = pd.DataFrame(np.nan, rows.index, ["difference", "low", "high", "p", "p_adjusted"])
    for at, (n, base, other_n, other_base) in told[enough].dropna().iterrows():
        ends = difference_interval(n, base, other_n, other_base, level=level)
        p = fisher(n, base, other_n, other_base)
        found.loc[at] = n / base - other_n / other_base, *ends, p, np.nan
    if enough.any():
        adjusted = false_discovery_control(found.loc[enough, "p"].fillna(1))
        found.loc[enough, "p_adjusted"] = np.where(found.loc[enough, "p"].isna(), np.nan, adjusted)
    return found.assign(family_size=int(enough.sum()))


def within_strata(
    strata: pd.DataFrame, *, level: float = 0.95, correction: bool = False, tarone: bool = True
) -> dict[str, float]:
    """Cochran-Mantel-Haenszel test of a difference within strata, and the odds ratio they share.

    strata       n, base, other_n, other_base: one row per stratum; a stratum in which one of the groups is
                 missing, or all or nobody raised it, says nothing and is left out
    correction   whether for continuity
    tarone       whether homogeneity is corrected as Tarone has it, which the pooled odds ratio asks for

    Returns odds_ratio, low, high, statistic, p, n_strata (those that say something), and homogeneity and
    homogeneity_p of Breslow and Day's test that the odds ratio is one and the same in all; missing where no
    stratum says anything. Source: Mantel and Haenszel 1959, doi 10.1093/jnci/22.4.719; Tarone 1985, doi 10.1093/biomet/72.1.91.
    """
    raised, heard = strata["n"] + strata["other_n"], strata["base"] + strata["other_base"]
    both = strata["base"].gt(0) & strata["other_base"].gt(0)
    telling = strata[both & raised.gt(0) & raised.lt(heard)]
    if telling.empty:
        return dict.fromkeys(NUMBERS, np.nan) | {"n_strata": 0}
    n, base, other_n, other_base = telling[list(PARTS)].to_numpy(dtype="float64").T
    pooled = StratifiedTable(np.array([[n, base - n], [other_n, other_base - other_n]]))
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = pooled.oddsratio_pooled_confint(alpha=1 - level)
        tested, alike = pooled.test_null_odds(correction=correction), pooled.test_equal_odds(adjust=tarone)
    told = (low, high, tested.statistic, tested.pvalue, alike.statistic, alike.pvalue)
    numbers = zip(NUMBERS, map(float, (pooled.oddsratio_pooled, *told)), strict=True)
    return dict(numbers) | {"n_strata": len(telling)}


def separated_odds(
    n: int, base: int, other_n: int, other_base: int, *, level: float = 0.95
) -> dict[str, float]:
    """Odds ratio with Firth's penalty, for groups of which nobody or everybody raised a theme.

    Returns odds_ratio, low and high (profile likelihood), p (penalised likelihood ratio). An ordinary odds
    ratio would be 0 or without end. Source: Firth 1993, doi 10.1093/biomet/80.1.27; Heinze and Schemper 2002,
    doi 10.1002/sim.1047. Caution: for people who were heard independently of each other.
    """
    here = np.repeat([1.0, 0.0], [base, other_base])[:, None]
    raised = np.repeat([1, 0, 1, 0], [n, base - n, other_n, other_base - other_n])
    fitted = firth_model(here, raised)
    fitted.lrt()
    numbers = np.exp([fitted.coef_[0], *fitted.conf_int(alpha=1 - level, method="pl")[0]])
    p = float(fitted.lrt_pvalues_[0])
    return dict(zip(("odds_ratio", "low", "high"), map(float, numbers), strict=True)) | {"p": p}


def firth_model(explained_by: np.ndarray, raised: np.ndarray):
    """Fit Firth's logistic regression of what was raised; returns the fitted model of firthmodels."""
    from firthmodels import FirthLogisticRegression

    return FirthLogisticRegression(backend="numpy").fit(explained_by, raised)
