"""May a theme's numbers be relied on, as far as coders agree on it?"""

import numpy as np
import pandas as pd

from ncsresearch.analysis.coded_turns import coded_turns, of_points
from ncsresearch.analysis.reliability import (
    OF_TWO,
    agreement,
    alpha_alone,
    coded_twice,
    of_all_coders,
    of_pairs_alone,
)
from ncsresearch.evidence.judgements import judges
from ncsresearch.evidence.rounded import rounded
from ncsresearch.study import Study
from ncsresearch.study.codebook import codes_under
from ncsresearch.study.kept import kept

RELIABLE, TENTATIVE = 0.80, 0.667  # Krippendorff, Content Analysis (4th edition, 2018), chapter 12
FEWEST = 5  # turns, or points, that either coder gave a theme
GOOD, UNSURE, FAIR, POOR, FEW = "good", "unsure", "fair", "poor", "few"
DOUBTED = (POOR, FEW)
DOUBTED_COLUMNS = ["code_id", "theme", "grade", "alpha", "alpha_below"]


def grades(known: pd.DataFrame) -> pd.Series:
    """Grade themes by alpha, alpha_low and n_either, the turns that either coder gave them.

    Returns for each row good, from RELIABLE; unsure, where its interval reaches below TENTATIVE, or it has none while others
    have; fair, from TENTATIVE, as alpha is printed; poor, below; few, where coders do not agree well and n_either is below FEWEST.
    """
    alpha, low = known["alpha"], known["alpha_low"]
    good = alpha.ge(RELIABLE)
    few, poor = known["n_either"].lt(FEWEST), alpha.map(_as_printed).lt(_as_printed(TENTATIVE))
    unsure = low.fillna(0).lt(TENTATIVE) & low.notna().any()
    found = np.select([good & unsure, good, few, poor], [UNSURE, GOOD, FEW, POOR], FAIR)
    return pd.Series(found, index=known.index)


def _as_printed(alpha: float) -> float:
    return float(rounded(alpha, 2))


def graded(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the themes of a frame of agreement whose alpha is known, of all coders together, with n_either and grade."""
    known, pairs = of_all_coders(rows).dropna(subset="alpha"), of_pairs_alone(rows)
    either = pairs.set_index("code_id")[OF_TWO].sum(axis=1).groupby(level=0).max()
    known = known.assign(n_either=known["code_id"].map(either))
    return known.assign(grade=grades(known))


@kept(8)
def doubted_themes(study: Study) -> pd.DataFrame:
    """Themes on which coders agree little, or on which too few turns were coded to judge it; no rows where nobody coded twice.

    Returns one row per theme, with
        code_id, theme   the theme
        grade            poor or few, as grades has them
        alpha            Krippendorff's alpha of the theme alone, on the turns that several coders had
        alpha_below      the same of the theme and the themes below it together, which numbers of people count; missing
                         where it has none below
    """
    if study.doubted is not None:
        return study.doubted
    several = len(judges(study)) > 1 and (len(study.turns) or of_points(study))
    rows = agreement(study, draws=1) if several and coded_twice(study) else pd.DataFrame()
    if rows.empty:
        return rows.reindex(columns=DOUBTED_COLUMNS)
    found = graded(rows)
    found = found.loc[found["grade"].isin(DOUBTED), ["code_id", "theme", "grade", "alpha"]]
    return found.assign(alpha_below=[_with_those_below(study, code) for code in found["code_id"]])


def _with_those_below(study: Study, code: str) -> float:
    codes = codes_under(study.codebook, code)
    return alpha_alone(coded_turns(study), codes) if len(codes) > 1 else np.nan
