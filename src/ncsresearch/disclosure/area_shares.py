"""What share of the people of each area, and of each kind of area, raised a theme, by what a reader knows of each area?"""

import numpy as np
import pandas as pd

from ncsresearch.analysis.contrasts import effect_of_interviews
from ncsresearch.analysis.partial_pooling import Side, pooled_shares
from ncsresearch.disclosure.differences import printed_areas, printed_side
from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.interval import share_interval
from ncsresearch.study import Study
from ncsresearch.study.codebook import leaf_themes
from ncsresearch.study.frames import framed
from ncsresearch.study.kept import kept

FEWEST_AREAS = 2
OF_THEME = ["icc", "icc_low", "icc_high", "design_effect"]
OF_SHARES = ["observed", "estimate", "low", "high", "shrinkage", *OF_THEME]
COLUMNS = ["kind", "area", "code_id", "theme", "n", "base", "words", *OF_SHARES]


def area_shares(study: Study) -> pd.DataFrame:
    """Share of the people of each kind of area, and of each area, who raise each theme, by partial pooling.

    Areas are taken to vary within their kind; an area is drawn towards its kind, the more the less the areas of a kind vary
    and the fewer people were heard in it. All of it is worked out from numbers and words that may be printed.

    Returns, for each theme that has none below it and that some people raised and others did not, one row per kind of area, with
    an empty area, and one per area, with
        kind, area, code_id, theme
        n, base, words   people who raised it, those heard, and the word in the place of a number that is withheld
        observed         n / base; missing where it is withheld
        estimate, low, high   mean and interval of the share, at the study's level
        shrinkage        how far the estimate of an area is drawn from its own share to that of the kind, from 0 to 1
        icc, icc_low, icc_high   intra-class correlation: how alike people of one area are, with its interval at the study's level
        design_effect    how many times wider than of people heard one by one the variance of a share is

    No rows for published evidence, a selection, and fewer than two areas. Source and caution: as
    analysis.partial_pooling.pooled_shares; people were chosen, and the interval is of whoever might have been chosen so.
    """
    rows = _area_shares(study) if hears_people(study) and not study.selection else pd.DataFrame()
    within = effect_of_interviews(study) if len(rows) else 1.0
    return framed(rows.reindex(columns=COLUMNS), "shares of areas", study, within=within)


@kept(2)
def _area_shares(study: Study) -> pd.DataFrame:
    told = _themes(study, publishable_counts(study, by="area_type"))
    found = [(kind, _themes(study, printed_areas(study, kind))) for kind in told["group"].unique()]
    kinds, areas = [kind for kind, own in found if len(own)], [own for _, own in found if len(own)]
    if sum(own["group"].nunique() for own in areas) < FEWEST_AREAS:
        return pd.DataFrame(columns=COLUMNS)
    each = [told[told["group"].eq(kind)].set_index("code_id").sort_index() for kind in kinds]
    sides = [printed_side(study, _totals(own), kind) for own, kind in zip(each, kinds, strict=True)]
    level = study.settings.interval_level
    found = pooled_shares(sides, within=effect_of_interviews(study), level=level)
    names = [["", *own["group"].unique()] for own in areas]
    counted = [
        pd.concat([own.reset_index().assign(group=""), of]).assign(kind=kind)
        for own, of, kind in zip(each, areas, kinds, strict=True)
    ]
    places = zip(found["side"], found["cluster"] + 1, strict=True)
    found = found.assign(
        kind=[kinds[side] for side in found["side"]],
        area=[names[side][at] if at < len(names[side]) else None for side, at in places],
        code_id=each[0].index[found["theme"]],
    ).drop(columns="theme")
    rows = pd.concat(counted).rename(columns={"group": "area"}).drop(columns=["low", "high"])
    rows = rows.merge(found.dropna(subset="area"), on=["kind", "area", "code_id"])[COLUMNS]
    of_all = rows[rows["area"].eq("")].groupby("code_id")[["n", "base"]].sum()
    raised = of_all.index[of_all["n"].gt(0) & of_all["n"].lt(of_all["base"])]
    told = rows["code_id"].isin(raised) & (rows["area"].ne("") | rows["n"].notna())
    return rows[told].reset_index(drop=True)


def _themes(study: Study, told: pd.DataFrame) -> pd.DataFrame:
    """Return publishable counts of themes that have none below them."""
    return told[told["code_id"].isin(leaf_themes(study.codebook))].astype({"group": "str"})


def _totals(rows: pd.DataFrame) -> pd.DataFrame:
    """Return n and base by theme, both 0 where one of them is withheld."""
    return rows[["n", "base"]].where(rows[["n", "base"]].notna().all(axis=1), 0).astype("int64")


@kept(32)
def share_intervals(
    study: Study, *, by: str = "", group: str = "everybody", stance: str = ""
) -> pd.DataFrame:
    """Interval of the share of a group who raised each theme, or described it so, allowing for people heard together.

    by, group   as publishable_counts has them: everybody, or a participant group, whose people are taken to be spread over
                the areas as everybody is

    Returns one row per theme whose number may be printed, by code_id, with low and high at the study's level, and
    allowing, for what: area, by partial pooling; interview, in a study of one area, where the interval is Wilson's, of as many people as
    tell as much heard one by one (Kish 1965); or nothing.
    """
    own = publishable_counts(study, by=by, group=group, stance=stance)
    own = own.dropna(subset=["n", "base"]).set_index("code_id").sort_index()
    level = study.settings.interval_level
    if printed_areas(study)["group"].nunique() < FEWEST_AREAS:
        effect = effect_of_interviews(study)
        n, base = (own[name].astype("float64") / effect for name in ("n", "base"))
        low, high = share_interval(n, base, level=level)
        allowing = "interview" if effect > 1 else ""
        return pd.DataFrame({"low": low, "high": high, "allowing": allowing}, own.index)
    every = publishable_counts(study, stance=stance).set_index("code_id").loc[own.index]
    side = printed_side(study, _totals(every), stance=stance)
    sides = [_spread(_totals(own), side), side] if by else [side]
    found = pooled_shares(sides, level=level).query("side == 0")
    return found.set_index(own.index)[["low", "high"]].assign(allowing="area")


def _spread(totals: pd.DataFrame, side: Side) -> Side:
    """Return people of a group whose areas are not known, spread as those of a side are, whose number in each could be any."""
    n, base = totals.to_numpy("int64").T
    up_to = side.heard.cumsum(axis=0) / np.maximum(side.heard.sum(axis=0), 1)
    heard = np.diff(np.round(up_to * base).astype("int64"), axis=0, prepend=0)
    return Side(heard, 0 * heard, np.minimum(heard, n), n)
