"""Which groups differ in what they raise, by how much, how surely, and what could not have been seen?"""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from ncsresearch.analysis.contrasts import COUNTS, Contrast, contrasts_of, names_compared
from ncsresearch.analysis.partial_pooling import Side, pooled_differences, smallest_seen
from ncsresearch.study import Study
from ncsresearch.study.kept import kept

MARGIN = 0.15  # a smaller difference would rarely change what a service does
WITHHELD = "withheld"
DIFFERS, EQUIVALENT, NOT_SHOWN, CANNOT_TELL = VERDICTS = (
    "differs",
    "equivalent",
    "not shown to differ",
    "cannot tell",
)
ONE = ["code_id", "group", "others"]
WEIGHED = [
    *("difference", "low", "high", "p", "family_size", "p_adjusted", "smallest_seen"),
    *("icc", "design_effect", "verdict", "reason"),
]
COLUMNS = ["code_id", "theme", "group", "others", "level", *COUNTS, *WEIGHED]


@kept(8)
def group_differences(study: Study, *, by: str, stance: str = "", of: str = "theme") -> pd.DataFrame:
    """Which groups differ, theme by theme: the difference, its interval and a verdict.

    by       area_type (rural against urban), area_id, participant_group, client_group or a grouping of the study; where
             there are more than two groups, or people are in several, each is compared with all others
    stance   only what was described so; empty for anything said under a theme
    of       theme, or service level: who says of each client group that it is better or less well served

    Only themes that have none below them are compared. Returns one row per theme and contrast, the surest first, with
        code_id, theme, group, others   what is compared; a service level and client group as code_id/client group
        level           where membership varies: area, interview or participant
        n_raised, n_participants, n_raised_others, n_participants_others   the counts and their bases
        difference      share of the group less that of the others
        low, high       its interval at the study's level, as pooled_differences gives it: areas, or interviews, are what is
                        compared, and people of one of them say alike things
        p, family_size, p_adjusted   twice the probability that the difference has the other sign, and that after Benjamini
                        and Hochberg's correction for all that is compared here, or would be if it were not withheld
        smallest_seen   the difference that would probably (4 times in 5) have been claimed here
        icc, design_effect   how alike people of one area or interview are, and what it does to the variance
        verdict         differs: p_adjusted is at most 1 less the level, and the interval holds no 0; equivalent: the
                        interval lies within 15 points either way; not shown to differ: a difference of
                        15 points would probably have been claimed; cannot tell: it would not
        reason          why nothing is compared; empty where it is

    It is kept for the study. Raises StudyError for a study in which nobody was heard: published evidence is never tested.
    Source: Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57:289-300; their theorem does not cover a group against the rest,
    tests/benchmarks/null_studies.py shows how often something is claimed where nothing differs. Caution: people were
    chosen; a verdict is on whoever might have been chosen so, and says nothing of why groups differ.
    """
    contrasts = contrasts_of(study, by=by, stance=stance, of=of)
    if not contrasts:
        return pd.DataFrame(columns=COLUMNS)
    rows = pd.concat(map(_compared, contrasts))
    rows = judged(rows.rename_axis("code_id").reset_index(), level=study.settings.interval_level)
    return rows.assign(theme=names_compared(study, rows["code_id"]))[COLUMNS]


def weighed(rows: pd.DataFrame, here: Side, others: Side, *, level: float) -> pd.DataFrame:
    """Return rows of one contrast, in the order of the sides' themes, with difference, interval, p and why there is none.

    rows   the counts and their bases; a count that is missing is not compared
    """
    told = pooled_differences(here, others, level=level).set_index(rows.index)
    reason = _why_not(rows)
    return rows.assign(**told.where(reason.eq(""), other=np.nan), reason=reason)


def judged(rows: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """Return what was weighed of one question with its verdicts, the surest first, then the largest differences.

    A question is as large as it was asked: a comparison that is withheld counts in its family, as the least sure.
    """
    alpha, withheld = 1 - level, rows["reason"].eq(WITHHELD)
    p = rows.loc[withheld | rows["reason"].eq(""), "p"].astype("float64").mask(withheld, 1.0)
    adjusted = pd.Series(false_discovery_control(p) if len(p) else [], p.index, dtype="float64")
    rows = rows.assign(family_size=len(p), p_adjusted=adjusted.mask(withheld))
    needed = len(p) / (1 + int(adjusted.le(alpha).sum()))
    seen = smallest_seen(rows["error"].astype("float64"), needed, level=level)
    rows["verdict"] = _verdicts(rows.assign(smallest_seen=seen), alpha)
    rows["smallest_seen"] = seen
    order = rows["verdict"].map({verdict: place for place, verdict in enumerate(VERDICTS)})
    rows = rows.assign(order=order, size=rows["difference"].abs())
    return rows.sort_values(["order", "size"], ascending=[True, False], kind="stable", ignore_index=True)


def _compared(contrast: Contrast) -> pd.DataFrame:
    here = contrast.people["here"].to_numpy()
    sides = [(contrast.raised[side].sum(), int(side.sum())) for side in (here, ~here)]
    counts = dict(zip(COUNTS, [number for side in sides for number in side], strict=True))
    rows = pd.DataFrame(counts, index=contrast.raised.columns)
    named = {"group": contrast.group, "others": contrast.others, "level": contrast.varies}
    return weighed(rows, *contrast.sides, level=contrast.level).assign(**named)


def _why_not(rows: pd.DataFrame) -> pd.Series:
    """Say why a theme is not compared: a count is withheld, a group is empty, or all of both raised it, or nobody."""
    n = rows["n_raised"] + rows["n_raised_others"]
    base = rows["n_participants"] + rows["n_participants_others"]
    empty = rows[["n_participants", "n_participants_others"]].eq(0).any(axis=1)
    why = [n.isna(), empty, n.eq(0), n.eq(base)]
    says = [WITHHELD, "nobody was heard in one of the groups", "nobody raised it", "everybody raised it"]
    return pd.Series(np.select([each.fillna(False) for each in why], says, ""), index=rows.index)


def _verdicts(told: pd.DataFrame, alpha: float) -> np.ndarray:
    low, high = (told[end].astype("float64") for end in ("low", "high"))
    differs = told["p_adjusted"].le(alpha) & ~(low.le(0) & high.ge(0))
    inside = low.gt(-MARGIN) & high.lt(MARGIN)
    return np.select([differs, inside, told["smallest_seen"].le(MARGIN)], VERDICTS[:3], CANNOT_TELL)
