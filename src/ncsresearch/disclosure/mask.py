"""Which counts of people of a study may not be told, in all its tables together?"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ncsresearch.disclosure.suppression import Sum, below_threshold, hidden_counts
from ncsresearch.evidence.codebook import code_names, themes
from ncsresearch.evidence.counts import members, shares, tally, with_shares
from ncsresearch.evidence.groups import grouped_people, hears_people, n_in_groups
from ncsresearch.schema import STANCES, StudyError
from ncsresearch.study import Study
from ncsresearch.study.kept import kept

PROTECTED = ("", "area_type", "area_id", "participant_group")
KEY = ["code_id", "stance"]


@kept(4)
def withheld_counts(study: Study) -> pd.DataFrame:
    """Every count of people by theme that chapters and area reports may tell, and whether it is withheld.

    Returns one row per code (or service level and client group), stance (empty for raised at all), by and
    group, with n, base and hidden. Hidden are the counts under the study's threshold, and as many others as
    it takes that no total, kind of area, or rest of the other areas or groups gives one back. Where a number over everybody is withheld its
    zeros are too, since they would tell where the few are. Base: the people heard. It is kept for the study it was made of, since every table asks.
    """
    if study.whole:
        return study.whole.counts
    rows = _counts(study)
    threshold = study.settings.threshold
    if not threshold or rows.empty:
        return rows.assign(hidden=False)
    kinds = _kinds_of_areas(study)
    hidden = [_hidden_of(own, kinds, threshold) for _, own in rows.groupby("code_id", sort=False)]
    return rows.assign(hidden=pd.concat(hidden).reindex(rows.index)).pipe(_where_told)


def tells_ways(study: Study) -> bool:
    """Return whether anybody is known to have told a theme as a strength, a challenge or in another way."""
    return study.whole.tells_ways if study.whole else bool(withheld_counts(study)["stance"].ne("").any())


def _where_told(rows: pd.DataFrame) -> pd.DataFrame:
    """Withhold the zeros too of what so few people told that their number is withheld: zeros would tell where they are."""
    whole = rows[rows["by"].eq("") & rows["hidden"]]
    few = pd.MultiIndex.from_frame(rows[KEY]).isin(pd.MultiIndex.from_frame(whole[KEY]))
    return rows.assign(hidden=rows["hidden"] | few)


def _counts(study: Study) -> pd.DataFrame:
    """Return the counts of people for each code and stance in each group, 0 included."""
    if not hears_people(study):
        return pd.DataFrame(columns=[*KEY, "by", "group", "n", "base"])
    raised, found = tally(study)[KEY].drop_duplicates(), []
    for by in PROTECTED:
        people = members(study, counted="people", by=by).astype({"group": "str"})
        base = people.groupby("group", sort=False)["participant_id"].nunique().rename("base").reset_index()
        n = tally(study, by=by).astype(dict.fromkeys([*KEY, "group"], "str"))
        found.append(raised.merge(base.assign(by=by), how="cross").merge(n, on=[*KEY, "group"], how="left"))
    rows = pd.concat(found, ignore_index=True).fillna({"n": 0}).astype({"n": "int64"})
    return rows[[*KEY, "by", "group", "n", "base"]]


def _kinds_of_areas(study: Study) -> dict[str, str]:
    areas, kinds = (grouped_people(study, by=by).astype({"group": "str"}) for by in ("area_id", "area_type"))
    both = areas.merge(kinds, on="participant_id", suffixes=("", "_kind"))
    return dict(zip(both["group"], both["group_kind"], strict=True))


def _hidden_of(rows: pd.DataFrame, kinds: dict[str, str], threshold: int) -> pd.Series:
    """Return which counts of one code are hidden, in all its stances and groups together."""
    own = rows.reset_index(drop=True)
    place = {key: at for at, key in enumerate(zip(own["stance"], own["by"], own["group"], strict=True))}
    sums = [each for stance in own["stance"].unique() for each in _sums(place, stance, kinds)]
    ways = [
        Sum(at, np.array([place[told, *where] for told in STANCES if (told, *where) in place], dtype=int))
        for (stance, *where), at in place.items()
        if not stance
    ]
    first = below_threshold(own["n"], threshold, own["base"]) | _rest_small(own, threshold)
    hidden = hidden_counts(own["n"], own["base"], first, sums, ways)
    return pd.Series(hidden, index=rows.index)


def _rest_small(rows: pd.DataFrame, threshold: int) -> np.ndarray:
    """Whether the people of all other areas, or groups, who are counted are too few to be told."""
    whole = rows[rows["by"].eq("")].set_index("stance")
    n, base = (rows["stance"].map(whole[name]) - rows[name] for name in ("n", "base"))
    told = rows["by"].isin(["area_id", "participant_group"]) & rows["n"].gt(0) & rows["n"].lt(rows["base"])
    return below_threshold(n, threshold, base) & told.to_numpy()


def _sums(place: dict[tuple, int], stance: str, kinds: dict[str, str]) -> Iterator[Sum]:
    """Yield every sum that a reader can form of the counts of one stance: of groups, areas and kinds of area."""
    of = {
        by: {group: at for (told, where, group), at in place.items() if (told, where) == (stance, by)}
        for by in PROTECTED
    }
    whole = of[""].get("everybody")
    for by in PROTECTED[1:]:
        yield Sum(whole, np.array(list(of[by].values()), dtype=int))
    for kind, at in of["area_type"].items():
        areas = [area for name, area in of["area_id"].items() if kinds.get(name) == kind]
        yield Sum(at, np.array(areas, dtype=int))


def is_withheld(
    study: Study, *, code_id: str, stance: str = "", by: str = "", group: str = "everybody"
) -> bool:
    """Whether one count of people may not be told."""
    rows = withheld_counts(study)
    own = (
        rows["code_id"].eq(code_id) & rows["stance"].eq(stance) & rows["by"].eq(by) & rows["group"].eq(group)
    )
    return bool(rows.loc[own, "hidden"].any())


def publishable_counts(study: Study, *, by: str = "", group: str = "", stance: str = "") -> pd.DataFrame:
    """People of each group who raised each theme, or told it so, without the counts that are withheld.

    by, group   one of PROTECTED, and one of its groups; all of them where empty
    stance      only what was told so; empty for anything said under the theme

    Returns one row per group and theme of the codebook, in their orders: group, code_id, theme, stance, n, base, share,
    low, high, interval as in evidence.counts.shares, with withheld; n, share, low and high are missing where it is true.
    Raises StudyError for another grouping of a confidential study.
    """
    if by not in PROTECTED and study.settings.threshold:
        raise StudyError(
            f"{study.name}: people of a confidential study are counted by one of {', '.join(PROTECTED[1:])}, not by "
            f"{by}: counts by it are not protected."
        )
    if not study.settings.threshold and not study.whole and not group:
        return (
            shares(study, by=by, stance=stance).astype({"n": "Int64"}).assign(stance=stance, withheld=False)
        )
    rows = withheld_counts(study)
    own = rows[rows["by"].eq(by) & rows["stance"].eq(stance)].set_index(["group", "code_id"])
    bases = n_in_groups(study, by=by)
    bases = {group: bases.get(group, 0)} if group else bases
    order = pd.MultiIndex.from_product([list(bases), themes(study.codebook)], names=["group", "code_id"])
    own = own[["n", "hidden"]].reindex(order).reset_index()
    hidden = own["hidden"].eq(True)
    counted = own[["group", "code_id"]].assign(
        stance=stance, n=own["n"].fillna(0).astype("int64"), base=own["group"].map(bases).astype("int64")
    )
    counted["group"] = counted["group"].astype(pd.CategoricalDtype(list(bases), ordered=True))
    return _without(with_shares(study, counted), hidden)


def _without(rows: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    kept = rows.astype({"n": "Int64"}).assign(withheld=hidden)
    return kept.assign(**{name: kept[name].mask(hidden) for name in ("n", "share", "low", "high")})


def publishable_served(study: Study, *, by: str = "area_type") -> pd.DataFrame:
    """People who see each client group as better and as less well served, as they may be told.

    Returns one row per client group, level and group of by, with client_group, level, group, n (missing where
    it is withheld) and base, the people heard in the group.
    """
    rows = withheld_counts(study)
    rows = rows[rows["by"].eq(by) & rows["code_id"].str.contains("/")]
    parts = rows["code_id"].str.split("/")
    level = parts.str[0].map(code_names(study.codebook))
    n = rows["n"].astype("Int64").mask(rows["hidden"].astype(bool))
    told = {"client_group": parts.str[1], "level": level, "group": rows["group"], "n": n}
    return pd.DataFrame(told | {"base": rows["base"]}).reset_index(drop=True)


def publishable_differences(study: Study, rows: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Differences between groups, as group_differences gives them, as they may be told.

    Returns the rows with the counts of both sides, the difference, its interval and p missing where a count of
    either may not be told; those rows come last and by name, since their place would tell their size.
    """
    hidden = withheld_counts(study)
    hidden = hidden[hidden["hidden"] & hidden["by"].isin(["", by]) & hidden["stance"].eq("")]
    keys = set(zip(hidden["code_id"], hidden["group"], strict=True))
    few = np.zeros(len(rows), dtype=bool)
    for side in ("", "_others"):
        few |= below_threshold(
            rows[f"n_raised{side}"], study.settings.threshold, rows[f"n_participants{side}"]
        )
    sides = [
        any((code, name) in keys for name in (group, others, "everybody"))
        for code, group, others in zip(rows["code_id"], rows["group"], rows["others"], strict=True)
    ]
    gone = pd.Series(few | np.array(sides, dtype=bool), index=rows.index)
    whole = ["n_raised", "n_raised_others"]
    parts = ["difference", "low", "high", "p", "p_adjusted"]
    told = rows.astype(dict.fromkeys(whole, "Int64"))
    told = told.assign(**{name: told[name].mask(gone) for name in (*whole, *parts)})
    return pd.concat([told[~gone], told[gone].sort_values(["group", "code_id"])], ignore_index=True)
