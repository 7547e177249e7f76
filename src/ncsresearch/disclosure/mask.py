"""Which counts of people of a study may not be told, in all its tables together?"""

import numpy as np
import pandas as pd

from ncsresearch.disclosure import plan
from ncsresearch.disclosure.plan import ABOUT, HEARD, KEY, LEFT_OVER, SHARES_OF_WORDS, Rule, groupings_of
from ncsresearch.evidence.counts import shares, with_shares
from ncsresearch.evidence.groups import hears_people, n_heard, n_in_groups
from ncsresearch.evidence.kinds import kinds_of
from ncsresearch.schema import STANCES, StudyError
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, codes_under, themes
from ncsresearch.study.kept import kept
from ncsresearch.study.remembered import remembered

MASKED = ["form", "hidden", "words", "bound"]
PROGRAM = [
    f"ncsresearch.disclosure.{name}"
    for name in ("families", "forms", "plan", "reader", "steps", "suppression")
]


@kept(4)
def withheld_counts(study: Study) -> pd.DataFrame:
    """Every count of people that a study may print, and in what form.

    Returns one row per code, stance, by and group, as plan.planned_counts (without people whose group is not known),
        form     number, or word where it is printed as a word; empty where it is not printed
        hidden   whether the number is not told
        words    the word in its place, where it has one: none, some, about half, most or all
        bound    the share of what its way of telling loses that any mask protecting it would lose

    Withheld are the counts under the study's threshold, or whose rest is, and the fewest others by which a reader would
    know one of them, or how many are left of everybody, more closely than from 1 to the threshold. The mask is worked
    out over all groups and ways of telling together, and kept for the study, since every table asks.
    """
    if study.whole:
        return study.whole.counts
    if study.slice:
        return withheld_counts(study.slice.whole)
    if not hears_people(study):
        return pd.DataFrame(columns=["table", *KEY, "by", "group", "n", "base", *MASKED])
    rows = _planned(study)
    if not study.settings.threshold:
        return rows.assign(form="number", hidden=False, words="", bound=1.0).drop(columns="before")
    rule = Rule(study.settings.threshold, study.settings.smallest_group)
    groups = plan.groups_of(study)
    about = f"{rule} {groups.sums.toarray().tolist()} {groups.above}"
    mask = remembered(rows, about, PROGRAM, lambda: _masked(rows, groups, rule)[MASKED])
    rows = _without_small_groups(rows.assign(**mask), rule).drop(columns="before")
    rows.attrs = mask.attrs
    return rows[rows["group"].ne(LEFT_OVER)].reset_index(drop=True)


def _masked(rows: pd.DataFrame, groups: plan.Groups, rule: Rule) -> pd.DataFrame:
    # here, since a chapter that finds its mask needs nothing of the program
    from ncsresearch.disclosure.forms import masked

    return masked(rows, groups, rule)


def _planned(study: Study) -> pd.DataFrame:
    """Return the planned counts with what the last release did with each."""
    rows = plan.planned_counts(study)
    return rows.assign(before=plan.as_before(rows, study.printed))


def printed_groups(study: Study) -> pd.DataFrame:
    """The groups of a confidential study whose number of people is printed: by and group, one row each.

    They are masked before anything that people raised, and without it: the counts of themes are not worked out for them.
    """
    rows = _planned(study).query("table == 'heard'")
    rule = Rule(study.settings.threshold, study.settings.smallest_group)
    heard = _masked(rows, plan.groups_of(study), rule)
    return heard.loc[~heard["hidden"].astype(bool) & heard["group"].ne(LEFT_OVER), ["by", "group"]]


def _without_small_groups(rows: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Return the rows with nothing told of groups that are too small for it, or whose number of people is withheld."""
    group, heard = pd.MultiIndex.from_frame(rows[["by", "group"]]), rows["table"].eq("heard")
    unknown = group[heard & rows["hidden"]]
    small = ~heard & (rows["base"].lt(rule.smallest_group) | group.isin(unknown))
    return rows.assign(hidden=rows["hidden"] | small, words=rows["words"].mask(small, ""))


def tells_ways(study: Study) -> bool:
    """Return whether anybody is known to have told a theme as a strength, a challenge or in another way."""
    return study.whole.tells_ways if study.whole else bool(withheld_counts(study)["stance"].ne("").any())


def publishable_counts(study: Study, *, by: str = "", group: str = "", stance: str = "") -> pd.DataFrame:
    """People of each group who raised each theme, or told it so, without the numbers that are withheld.

    by, group   one of plan.groupings_of, and one of its groups; all of them where empty
    stance      only what was described so; empty for anything said under the theme

    Returns one row per group and theme of the codebook, in their orders: group, code_id, theme, stance, n, base, share,
    low, high, interval as in evidence.counts.shares, with withheld and words; n, share, low and high are missing where
    it is true, and words has the word in their place, or nothing where none may be told. least and most are between what
    a reader knows the number to lie. The base is missing where it is withheld.
    Raises StudyError for another grouping of a confidential study.
    """
    if by not in (*groupings_of(study), ABOUT) and study.settings.threshold:
        raise StudyError(
            f"{study.name}: people of a confidential study are counted by one of {', '.join(groupings_of(study)[1:])}, not by "
            f"{by}: counts by it are not protected."
        )
    if not study.settings.threshold and not study.whole and not group:
        counted = shares(study, by=by, stance=stance).astype({"n": "Int64"})
        return nothing_withheld(counted).assign(stance=stance)
    rows = _every_way(study, by)
    rows = rows[rows["stance"].eq(stance)]
    own = rows[rows["group"].eq(group)] if group else rows
    called = own["group"].cat.set_categories([group]) if group else own["group"]
    return own.assign(group=called).reset_index(drop=True)


@kept(16)
def _every_way(study: Study, by: str) -> pd.DataFrame:
    """Return the rows of publishable_counts of each group, for each way of telling a theme after another."""
    bases = publishable_bases(study, by=by)
    ways, codes = pd.Series(["", *STANCES], name="stance"), pd.Series(_themes(study), name="code_id")
    order = bases.merge(codes, how="cross")
    order = pd.merge(ways, order, how="cross")
    own = withheld_counts(study)[["by", "group", "stance", "code_id", "n", "hidden", "words"]]
    own = order.merge(own, on=["by", "group", "stance", "code_id"], how="left")
    hidden, base = own["hidden"].eq(True) | own["base"].isna(), own["base"]
    hidden |= base.lt(study.settings.smallest_group).fillna(True)  # of what nobody raised too
    called = own["called"].astype(pd.CategoricalDtype(list(bases["called"]), ordered=True))
    n, known = own["n"].fillna(0).astype("int64"), base.fillna(0).astype("int64")
    counted = own[["code_id"]].assign(group=called, stance=own["stance"], n=n, base=known)
    words = own["words"].fillna("").where(hidden & base.notna(), "")
    told = _without(with_shares(study, counted), hidden).assign(base=base, words=words)
    return told.assign(**_known(told))


def nothing_withheld(rows: pd.DataFrame) -> pd.DataFrame:
    """Return counts that are all told with what says so: withheld, words, least and most."""
    return rows.assign(withheld=False, words="", least=rows["n"], most=rows["n"])


def _known(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return between what a reader knows each number to lie: the number itself, what its word stands for, or all of the base."""
    base = rows["base"].fillna(0).astype("int64").to_numpy()
    shares = rows["words"].map(SHARES_OF_WORDS).tolist() or [(0.0, 1.0)]
    low, high = np.array(shares, dtype="float64").T
    least = np.where(rows["words"].eq(""), 0, np.maximum(np.ceil(low * base), 1))
    most = np.where(rows["words"].eq(""), base, np.ceil(high * base) - 1)
    known = rows["n"].astype("float64")
    ends = {"least": least, "most": most}
    return {name: known.fillna(pd.Series(end[: len(rows)], rows.index)) for name, end in ends.items()}


def _themes(study: Study) -> list[str]:
    """Return the themes that counts are told of: where a selection has chosen one, it and those below it."""
    chosen = study.slice.theme if study.slice else ""
    under = codes_under(study.codebook, chosen) if chosen else study.codebook["code_id"]
    return [code_id for code_id in themes(study.codebook) if code_id in set(under)]


def _without(rows: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    kept = rows.astype({"n": "Int64"}).assign(withheld=hidden)
    return kept.assign(**{name: kept[name].mask(hidden) for name in ("n", "share", "low", "high")})


@kept(16)
def publishable_bases(study: Study, *, by: str = "") -> pd.DataFrame:
    """How many people were heard in each group, as it may be told.

    Returns one row per group with by and group, as withheld_counts has them, called (the group as it was asked for:
    everybody, where a selection tells of one group) and base, missing where it is withheld. Of a selection there are the
    groups that are protected within it: of a kind of area its areas, and no other.
    """
    whole, asked = (study.slice.whole, by or study.slice.by) if study.slice else (study, by)
    heard = withheld_counts(study)
    hidden = heard[heard["code_id"].eq(HEARD) & heard["by"].eq(asked)].set_index("group")["hidden"]
    rows = pd.DataFrame(_n_in_groups(whole, asked).items(), columns=["group", "base"])
    base = rows["base"].astype("Int64").mask(rows["group"].map(hidden).eq(True))
    rows = rows.assign(by=asked, base=base, called=rows["group"])
    if not study.slice or not study.slice.by:
        return rows
    within = _groups_within(study, asked)
    if not by and not rows["group"].isin(within).any():
        rows = pd.DataFrame({"group": within, "base": pd.array([0], "Int64"), "by": asked, "called": within})
    rows = rows[rows["group"].isin(within)]
    return rows if by else rows.assign(called="everybody")


def _n_in_groups(study: Study, by: str) -> dict[str, int]:
    if by == ABOUT:
        about = withheld_counts(study).query("by == @ABOUT")["group"].unique()
        return dict.fromkeys(about, n_heard(study)[0])
    return n_in_groups(study, by=by)


def _groups_within(study: Study, by: str) -> list[str]:
    """Return the groups of a grouping that a selection may tell of."""
    chosen = study.slice
    if by == chosen.by:
        return [chosen.group]
    if (chosen.by, by) == ("area_type", "area_id"):
        return list(study.areas.loc[kinds_of(study.areas["area_type"]).eq(chosen.group), "name"])
    return []


@kept(8)
def publishable_served(study: Study, *, by: str = "area_type") -> pd.DataFrame:
    """People who see each client group as better and as less well served, as they may be told.

    Returns one row per client group, level and group of by, with client_group, level, group, n (missing where
    it is withheld), words (the word in its place), base, the people heard in the group, least and most.
    """
    bases = publishable_bases(study, by=by)
    rows = withheld_counts(study)
    rows = rows[rows["code_id"].str.contains("/")].merge(bases, on=["by", "group"], suffixes=("_", ""))
    parts = rows["code_id"].str.split("/")
    n = rows["n"].astype("Int64").mask(rows["hidden"].astype(bool))
    told = {"client_group": parts.str[1], "level": parts.str[0].map(code_names(study.codebook))}
    words = rows["words"].where(rows["hidden"].astype(bool), "")
    told |= {"group": rows["called"], "n": n, "words": words, "base": rows["base"]}
    served = pd.DataFrame(told).reset_index(drop=True)
    return served.assign(**_known(served))
