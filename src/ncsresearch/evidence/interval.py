"""How much would a share, or a difference of two, vary if those counted were independent draws?"""

import numpy as np

ASSUMES = "Wilson, as if independent draws"
NEEDS_BASE = 1
SMALLEST_BASE = 20  # a percentage of fewer people says more than they can bear


def share_interval(n, base, *, level: float = 0.95):
    """Wilson score interval of n / base, without continuity correction.

    n, base   counts, as numbers or columns; a base of 0 has no interval

    Returns low and high, between 0 and 1. Source: Wilson 1927; Newcombe 1998, doi
    10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E. Caution: people who were chosen, or who
    speak in one interview, are no independent draws; the true range is then wider than this one.
    """
    # here, since whoever counts without an interval would wait half a second for it
    from statsmodels.stats.proportion import proportion_confint

    counts, bases = np.asarray(n, dtype="float64"), np.asarray(base, dtype="float64")
    known = np.where(bases >= NEEDS_BASE, bases, np.nan)
    low, high = proportion_confint(counts, known, alpha=1 - level, method="wilson")
    return np.where(counts == 0, 0 * low, low), np.where(counts == bases, high / high, high)


def difference_interval(n: int, base: int, other_n: int, other_base: int, *, level: float = 0.95):
    """Newcombe's hybrid score interval of n / base - other_n / other_base.

    Returns low and high, between -1 and 1; both missing where a base is 0. Source: Newcombe 1998, doi
    10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I. Caution: as for share_interval.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    if min(base, other_base) < NEEDS_BASE:
        return np.nan, np.nan
    return confint_proportions_2indep(n, base, other_n, other_base, method="newcomb", alpha=1 - level)


def paired_interval(n: float, other: float, base: float, *, level: float = 0.95) -> tuple[float, float]:
    """Newcombe's interval of n / base - other / base, of the same people, some of whom may be in both.

    Who is in both is not known: as few as there can be, since the interval is widest then.

    Returns low and high, between -1 and 1; both missing for a base of 0. Source: method 10 of Newcombe 1998, doi
    10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C. Caution: as for share_interval.
    """
    if base < NEEDS_BASE:
        return np.nan, np.nan
    first, second = n / base, other / base
    (low, high), (other_low, other_high) = (share_interval(each, base, level=level) for each in (n, other))
    alike = _phi(n, other, base, max(0, n + other - base))
    down = _joined(first - low, other_high - second, alike)
    up = _joined(high - first, second - other_low, alike)
    return float(first - second - down), float(first - second + up)


def _joined(one: float, other: float, alike: float) -> float:
    """Return how far a difference reaches, from how far its two shares do."""
    return np.sqrt(one**2 - 2 * alike * one * other + other**2)


def _phi(n: float, other: float, base: float, both: float) -> float:
    """Return the correlation of being one and being the other, corrected for continuity where it is positive; 0 at a bound."""
    product = both * (base - n - other + both) - (n - both) * (other - both)
    spread = np.sqrt(n * (base - n) * other * (base - other))
    corrected = product if product < 0 else max(product - base / 2, 0)
    return corrected / spread if spread else 0
