"""What do the usual tests say of a difference between groups, and which of them may not be used?"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from ncsresearch.analysis.contrasts import COUNTS, Contrast, contrasts_of, names_compared
from ncsresearch.analysis.exact_tests import PARTS, fisher, separated_odds, within_strata
from ncsresearch.analysis.permutation import DRAWS, permutation_test
from ncsresearch.evidence.interval import difference_interval
from ncsresearch.study import Study
from ncsresearch.study.kept import kept

DESCRIBED = "a description, and no test"
COLUMNS = [
    *("code_id", "theme", "group", "others", "level", *COUNTS),
    *("method", "measure", "estimate", "low", "high", "p", "smallest_p"),
    *("family_size", "p_adjusted", "reason"),
]


@kept(8)
def theme_comparison(
    study: Study, *, by: str, stance: str = "", of: str = "theme", draws: int = DRAWS
) -> pd.DataFrame:
    """What the usual tests say of differences between groups, theme by theme, and why some of them may not be used.

    For a researcher who wants to see group_differences beside what others would have done; no chapter claims by it.

    by       area_type (rural against urban), area_id, participant_group or client_group; where there are more
             than two groups, or people are in several, each is compared with all others
    stance   only what was described so; empty for anything said under a theme
    of       theme, or service level: who says of each client group that it is better or less well served
    draws    permutations of the test where there are more than can be gone through

    Only themes that have none below them are compared. Returns one row per theme, group and method, with
        code_id, theme, group, others   what is compared; a service level and client group as code_id/client group
        level                  where membership varies: area, interview or participant
        n_raised, n_participants, n_raised_others, n_participants_others   the counts and their bases
        method, measure        counts (difference of shares, Newcombe's interval), exact (Fisher), stratified
                               (odds ratio within areas, Cochran, Mantel and Haenszel), separated (odds ratio,
                               Firth), permutation (difference of shares)
        estimate, low, high    the measure and its interval at the study's level
        p, smallest_p          two-sided; smallest_p is the least that the test could give whatever the evidence
        family_size, p_adjusted   tests of this method in this call, and p after Benjamini and Hochberg
        reason                 why there is no p; empty where there is one

    It is kept for the study. Raises StudyError for a study in which nobody was heard: published
    evidence is never tested. Caution: people were chosen; a small p says that chance in who was put together would
    rarely do this, not that it holds of people who were not heard.
    """
    contrasts = contrasts_of(study, by=by, stance=stance, of=of)
    pairs = [(each, permutation_test(each.people, each.raised.to_numpy(), draws=draws)) for each in contrasts]
    rows = pd.DataFrame(
        [row for contrast, own in pairs for row in _tests_of(contrast, own)],
        columns=[name for name in COLUMNS if name not in ("family_size", "p_adjusted")],
    )
    rows["theme"] = names_compared(study, rows["code_id"])
    rows["method"] = pd.Categorical(rows["method"], categories=list(TESTS), ordered=True)
    of_method = rows.groupby("method", observed=False)["p"]
    rows["family_size"] = of_method.transform("count").where(rows["p"].notna()).astype("Int64")
    return rows.assign(p_adjusted=of_method.transform(adjusted_p))[COLUMNS]


def _tests_of(contrast: Contrast, permuted: pd.DataFrame) -> Iterator[dict]:
    """Yield every test of every theme of one contrast; the permutations are the same for all themes."""
    permuted = permuted.set_axis(contrast.raised.columns)
    for code in contrast.raised:
        counts = contrast.counts(code)
        head = {"code_id": code, "group": contrast.group, "others": contrast.others, "level": contrast.varies}
        head |= dict(zip(COUNTS, counts, strict=True))
        for method, test in TESTS.items():
            refused = _why_not(method, contrast, *counts)
            found = {"reason": refused} if refused else test(contrast, code, permuted.loc[code])
            yield head | {"method": method, "reason": ""} | found


def _why_not(method: str, contrast: Contrast, n: int, base: int, other_n: int, other_base: int) -> str:
    """Say why a test of a theme says nothing: all raised it, or nobody, a group is empty, or people are dependent."""
    if method == "counts":
        return ""
    if not min(base, other_base):
        return "nobody was heard in one of the groups"
    if n + other_n in (0, base + other_base):
        return "everybody raised it" if n else "nobody raised it"
    if method == "separated" and 0 < n < base and 0 < other_n < other_base:
        return "it is needed only where a share is 0% or 100%"
    return contrast.dependent if method in OF_INDEPENDENT else ""


def _counts(contrast: Contrast, code: str, permuted: pd.Series) -> dict:
    n, base, other_n, other_base = counts = contrast.counts(code)
    low, high = difference_interval(*counts, level=contrast.level)
    estimate = n / base - other_n / other_base if min(base, other_base) else np.nan
    return DIFFERENCE | {"estimate": estimate, "low": low, "high": high, "reason": DESCRIBED}


def _stratified(contrast: Contrast, code: str, permuted: pd.Series) -> dict:
    rows = contrast.people.assign(raised=contrast.raised[code].to_numpy())
    sides = [
        rows[rows["here"].eq(side)].groupby("area_id")["raised"].agg(["sum", "size"])
        for side in (True, False)
    ]
    strata = pd.concat(sides, axis=1, join="outer").fillna(0).set_axis(PARTS, axis=1)
    found = within_strata(strata, level=contrast.level)
    if found["n_strata"] < 2:
        return {"reason": "fewer than 2 areas have people of both groups who differ"}
    return _odds(found)


def _odds(found: dict) -> dict:
    numbers = {name: found[name] for name in ("low", "high", "p")}
    return {"measure": "odds ratio", "estimate": found["odds_ratio"]} | numbers


def _permutation(contrast: Contrast, code: str, permuted: pd.Series) -> dict:
    if pd.isna(permuted["p"]):
        return {"reason": "the groups cannot be reassigned in another way"}
    return DIFFERENCE | {"estimate": permuted["difference"]} | permuted[["p", "smallest_p"]].to_dict()


DIFFERENCE = {"measure": "difference of shares"}
TESTS: dict[str, Callable] = {
    "counts": _counts,
    "exact": lambda contrast, code, permuted: {"p": fisher(*contrast.counts(code))},
    "stratified": _stratified,
    "separated": lambda contrast, code, permuted: _odds(
        separated_odds(*contrast.counts(code), level=contrast.level)
    ),
    "permutation": _permutation,
}
OF_INDEPENDENT = ("exact", "stratified", "separated")  # which take people for independent draws


def adjusted_p(p: pd.Series) -> pd.Series:
    """P-values after Benjamini and Hochberg, over those of a family that are not missing.

    Returns them in their places; below 0.05 they make 5% false findings among all findings at most. Source:
    Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57:289-300.
    """
    known = p.dropna().astype("float64")
    if known.empty:
        return p.astype("float64")
    return pd.Series(multipletests(known, method="fdr_bh")[1], index=known.index).reindex(p.index)
