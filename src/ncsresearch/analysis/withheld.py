"""Which counts of people of a study may not be told, in all its tables together?"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ncsresearch.analysis.codes import code_names
from ncsresearch.analysis.coverage import grouped_people, hears_people, n_in_groups
from ncsresearch.analysis.disclosure import Sum, hidden_counts, small
from ncsresearch.analysis.prevalence import people_codings, raised_by_people, theme_prevalence
from ncsresearch.schema import STANCES
from ncsresearch.study import Study
from ncsresearch.study.kept import kept

TOLD_BY = ("", "area_type", "area_id", "participant_group")
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
    said = _said(study)
    told = said[KEY].drop_duplicates()
    said = said.astype("category")
    found = []
    for by in TOLD_BY:
        people = grouped_people(study, by=by).astype({"group": "str"})
        base = people.groupby("group", sort=False)["participant_id"].nunique().rename("base").reset_index()
        group = said["participant_id"].map(people.set_index("participant_id")["group"])
        n = said.assign(group=group).groupby([*KEY, "group"], observed=True).size().rename("n").reset_index()
        every = told.merge(base.assign(by=by), how="cross")
        n = n.astype(dict.fromkeys([*KEY, "group"], "str"))
        found.append(every.merge(n, on=[*KEY, "group"], how="left"))
    rows = pd.concat(found, ignore_index=True).fillna({"n": 0}).astype({"n": "int64"})
    return rows[[*KEY, "by", "group", "n", "base"]]


def _said(study: Study) -> pd.DataFrame:
    """Return each person with each code, and each way of telling it, once."""
    said = people_codings(study)
    levels = study.codebook.loc[study.codebook["facet"].eq("service level"), "code_id"]
    seen = said[said["code_id"].isin(levels) & said["about_client_group"].notna()]
    seen = seen.assign(code_id=seen["code_id"] + "/" + seen["about_client_group"].astype("str"), stance="")
    pairs = [raised_by_people(study, stance).assign(stance=stance) for stance in ("", *STANCES)]
    return pd.concat([*pairs, seen[["participant_id", *KEY]].drop_duplicates()], ignore_index=True)


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
    first = small(own["n"], threshold, own["base"]) | _rest_small(own, threshold)
    hidden = hidden_counts(own["n"], own["base"], first, sums, ways)
    return pd.Series(hidden, index=rows.index)


def _rest_small(rows: pd.DataFrame, threshold: int) -> np.ndarray:
    """Whether the people of all other areas, or groups, who are counted are too few to be told."""
    whole = rows[rows["by"].eq("")].set_index("stance")
    n, base = (rows["stance"].map(whole[name]) - rows[name] for name in ("n", "base"))
    told = rows["by"].isin(["area_id", "participant_group"]) & rows["n"].gt(0) & rows["n"].lt(rows["base"])
    return small(n, threshold, base) & told.to_numpy()


def _sums(place: dict[tuple, int], stance: str, kinds: dict[str, str]) -> Iterator[Sum]:
    """Yield every sum that a reader can form of the counts of one stance: of groups, areas and kinds of area."""
    of = {
        by: {group: at for (told, where, group), at in place.items() if (told, where) == (stance, by)}
        for by in TOLD_BY
    }
    whole = of[""].get("everybody")
    for by in TOLD_BY[1:]:
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


def with_withheld(
    study: Study, rows: pd.DataFrame, *, by: str, stance: str = "", n: str = "n_raised"
) -> pd.DataFrame:
    """Return rows of counts by group with those that may not be told missing, and the shares that would give them back.

    rows   code_id, group, n, and any of share, low, high, from theme_prevalence by the same grouping

    Returns the rows with withheld, true where a count is missing for that reason.
    """
    hidden = withheld_counts(study)
    hidden = hidden[hidden["by"].eq(by) & hidden["stance"].eq(stance) & hidden["hidden"]]
    keys = pd.MultiIndex.from_frame(hidden[["code_id", "group"]].astype("str"))
    mine = pd.MultiIndex.from_frame(rows[["code_id", "group"]].astype("str")).isin(keys)
    gone = [column for column in (n, "share", "low", "high") if column in rows]
    told = rows.astype({n: "Int64"}).assign(withheld=mine)
    told.loc[mine, gone] = pd.NA if len(gone) == 1 else np.nan
    return told


def told_prevalence(study: Study, *, by: str = "", stance: str = "") -> pd.DataFrame:
    """Share of the people of each group who raised each theme, as theme_prevalence gives it, as it may be told.

    Returns the rows of theme_prevalence, with n_raised, share, low and high missing where the count is
    withheld, and withheld.
    """
    return with_withheld(study, theme_prevalence(study, by=by, stance=stance), by=by, stance=stance)


def told_counts(study: Study, *, by: str = "", group: str = "everybody", stance: str = "") -> pd.DataFrame:
    """People of one group who raised each theme, as they may be told.

    Returns one row per theme of the codebook, in its order, with code_id, theme, n_raised (missing where it is
    withheld), n_participants, share (missing too), withheld.
    """
    rows = withheld_counts(study)
    own = rows[rows["by"].eq(by) & rows["group"].eq(group) & rows["stance"].eq(stance)].set_index("code_id")
    themes = study.codebook.loc[study.codebook["facet"].eq("theme"), "code_id"]
    base = n_in_groups(study, by=by).get(group, 0)
    n = own["n"].reindex(themes).fillna(0).astype("Int64")
    hidden = own["hidden"].reindex(themes, fill_value=False).astype(bool)
    told = pd.DataFrame(
        {"code_id": themes.to_numpy(), "n_raised": n.mask(hidden).array, "n_participants": base}
    )
    told["theme"] = told["code_id"].map(code_names(study.codebook))
    told["share"] = (told["n_raised"] / (base or pd.NA)).astype("Float64")
    columns = ["code_id", "theme", "n_raised", "n_participants", "share", "withheld"]
    return told.assign(withheld=hidden.to_numpy())[columns]


def told_stances(study: Study, *, by: str = "", group: str = "everybody") -> pd.DataFrame:
    """People of one group who told each theme in each way, as they may be told.

    Returns one row per theme and stance, with code_id, theme (an ordered category), stance and n_people,
    missing where it is withheld. A person can tell a theme in two ways and then counts under both.
    """
    rows = [told_counts(study, by=by, group=group, stance=stance).assign(stance=stance) for stance in STANCES]
    table = pd.concat(rows, ignore_index=True).rename(columns={"n_raised": "n_people"})
    order = pd.CategoricalDtype(rows[0]["theme"], ordered=True)
    return table.assign(theme=table["theme"].astype(order))[["code_id", "theme", "stance", "n_people"]]


def told_served(study: Study, *, by: str = "area_type") -> pd.DataFrame:
    """People who see each client group as better and as less well served, as they may be told.

    Returns one row per client group, level and group of by, with client_group, level, group, n_people (missing
    where it is withheld) and n_participants heard in the group.
    """
    rows = withheld_counts(study)
    rows = rows[rows["by"].eq(by) & rows["code_id"].str.contains("/")]
    parts = rows["code_id"].str.split("/")
    level = parts.str[0].map(code_names(study.codebook))
    n = rows["n"].astype("Int64").mask(rows["hidden"].astype(bool))
    told = {"client_group": parts.str[1], "level": level, "group": rows["group"], "n_people": n}
    return pd.DataFrame(told | {"n_participants": rows["base"]}).reset_index(drop=True)


def told_differences(study: Study, rows: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Differences between groups, as group_differences gives them, as they may be told.

    Returns the rows with the counts of both sides, the difference, its interval and p missing where a count of
    either may not be told; those rows come last and by name, since their place would tell their size.
    """
    hidden = withheld_counts(study)
    hidden = hidden[hidden["hidden"] & hidden["by"].isin(["", by]) & hidden["stance"].eq("")]
    keys = set(zip(hidden["code_id"], hidden["group"], strict=True))
    few = np.zeros(len(rows), dtype=bool)
    for side in ("", "_others"):
        few |= small(rows[f"n_raised{side}"], study.settings.threshold, rows[f"n_participants{side}"])
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
