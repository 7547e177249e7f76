"""Which groups differ in what they raise, by how much, how surely, and what could not have been seen?"""

import numpy as np
import pandas as pd

from ncsresearch.analysis.contrasts import COUNTS, Contrast, contrasts_of, names_compared
from ncsresearch.analysis.partial_pooling import MARGIN, Side, pooled_differences, smallest_seen
from ncsresearch.study import Study
from ncsresearch.study.kept import kept

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
        p, family_size, p_adjusted   twice the probability that the difference has the other sign; the themes of one
                        contrast are a family, and Holm's correction holds whatever they have to do with each other
        smallest_seen   the difference that would probably (4 times in 5) have been claimed here
        icc, design_effect   how alike people of one area or interview are, and what it does to the variance
        verdict         differs: p_adjusted is at most 1 less the level, and the interval holds no 0; equivalent: the
                        difference is smaller than 15 points either way; not shown to differ: a difference of
                        15 points would probably have been claimed; cannot tell: it would not
        reason          why nothing is compared; empty where it is

    It is kept for the study. Raises StudyError for a study in which nobody was heard: published evidence is never tested.
    Source: Holm 1979, Scand. J. Statist. 6:65-70. Caution: people were chosen; a verdict is on whoever might have been
    chosen so, and says nothing of why groups differ.
    """
    contrasts = contrasts_of(study, by=by, stance=stance, of=of)
    rows = pd.concat([*map(_compared, contrasts)] or [pd.DataFrame(columns=COLUMNS[2:])])
    rows = rows.rename_axis("code_id").reset_index()
    return surest_first(rows.assign(theme=names_compared(study, rows["code_id"])))[COLUMNS]


def weighed(rows: pd.DataFrame, here: Side, others: Side, *, level: float) -> pd.DataFrame:
    """Return rows of one contrast, in the order of the sides' themes, with all that is said of their differences.

    rows   the counts and their bases; a count that is missing is not compared
    """
    told = pooled_differences(here, others, level=level).set_index(rows.index)
    reason = _why_not(rows)
    compared = reason.eq("")
    n, alpha = int(compared.sum()), 1 - level
    told = told.assign(family_size=n, p_adjusted=holm(told.loc[compared, "p"]))
    told["smallest_seen"] = smallest_seen(told["error"], n, level=level)
    told = told.where(compared, other=np.nan)
    told = told.assign(verdict=_verdicts(told, alpha), reason=reason)
    return rows.assign(**told.astype({"family_size": "Int64"})[WEIGHED])


def holm(p: pd.Series) -> pd.Series:
    """Return p-values after Holm's correction, in their places."""
    ordered = p.sort_values(kind="stable")
    return ordered.mul(np.arange(len(p), 0, -1)).cummax().clip(upper=1).reindex(p.index)


def _compared(contrast: Contrast) -> pd.DataFrame:
    here = contrast.people["here"].to_numpy()
    sides = [(contrast.raised[side].sum(), int(side.sum())) for side in (here, ~here)]
    counts = dict(zip(COUNTS, [number for side in sides for number in side], strict=True))
    rows = pd.DataFrame(counts, index=contrast.raised.columns)
    named = {"group": contrast.group, "others": contrast.others, "level": contrast.varies}
    return weighed(rows, *contrast.sides, level=contrast.level).assign(**named)


def _why_not(rows: pd.DataFrame) -> pd.Series:
    """Say why a theme is not compared: a count is withheld, a group is empty, or all of both raised it, or nobody."""
    n, base = (
        rows["n_raised"] + rows["n_raised_others"],
        rows["n_participants"] + rows["n_participants_others"],
    )
    empty = rows[["n_participants", "n_participants_others"]].eq(0).any(axis=1)
    why = [n.isna(), empty, n.eq(0), n.eq(base)]
    says = ["withheld", "nobody was heard in one of the groups", "nobody raised it", "everybody raised it"]
    return pd.Series(np.select([each.fillna(False) for each in why], says, ""), index=rows.index)


def _verdicts(told: pd.DataFrame, alpha: float) -> np.ndarray:
    differs = told["p_adjusted"].le(alpha) & ~(told["low"].le(0) & told["high"].ge(0))
    seen = told["smallest_seen"].le(MARGIN)
    return np.select([differs, told["inside"].eq(True), seen], VERDICTS[:3], CANNOT_TELL)


def surest_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with those that differ first, then the largest differences."""
    order = rows["verdict"].map(dict(zip(VERDICTS, range(len(VERDICTS)), strict=True)))
    rows = rows.assign(order=order, size=rows["difference"].abs())
    return rows.sort_values(["order", "size"], ascending=[True, False], kind="stable", ignore_index=True)
