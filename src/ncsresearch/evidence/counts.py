"""How many people raised each code, in each group?"""

import pandas as pd

from ncsresearch.evidence.groups import grouped_people
from ncsresearch.evidence.interval import ASSUMES, share_interval
from ncsresearch.evidence.judgements import people_codings, raised_once
from ncsresearch.evidence.people import said_by_people, service_views
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, themes


def tally(study: Study, *, by: str = "", within: str = "") -> pd.DataFrame:
    """Count who raised each code, in any way and in each way, in each group; each person counts once.

    by        "" for everybody, or area_type (rural, urban), area_id, participant_group, client_group
    within    a second of these: the groups of by inside each of its groups

    Returns one row per group, code that somebody raised and stance ("" for any), with within (where asked for), group,
    code_id, stance and n; what nobody in a group raised is not there. How people see client groups as served is
    counted under level/client group.
    """
    keys = ["within"] * bool(within) + ["group", "code_id", "stance"]
    rows = _members(study, by, within).merge(_raised(study), on="participant_id")
    n = rows.groupby(keys, observed=True, sort=False)["participant_id"].size()
    return n.rename("n").reset_index()


def _members(study: Study, by: str, within: str) -> pd.DataFrame:
    """Return everybody who is counted, with group and within: the bases of a count."""
    rows = grouped_people(study, by=by)
    if not within:
        return rows
    return rows.merge(grouped_people(study, by=within).rename(columns={"group": "within"}))


def _raised(study: Study) -> pd.DataFrame:
    """Return each person and code, once in any way and once in each way of telling it."""
    seen = service_views(study).assign(stance="")
    return _any_and_each(pd.concat([said_by_people(study).astype({"stance": "str"}), seen]), "participant_id")


def _any_and_each(each: pd.DataFrame, *key: str) -> pd.DataFrame:
    """Return rows of a code and a stance with those of the code in any way before them."""
    anyhow = each.drop_duplicates([*key, "code_id"]).assign(stance="")
    return pd.concat([anyhow, each[each["stance"].ne("")]], ignore_index=True)


def shares(study: Study, *, by: str = "", within: str = "", stance: str = "") -> pd.DataFrame:
    """Share of the people of each group who raised each theme, or told it so.

    by, within   as for tally
    stance       only what was described so; empty for anything said under the theme

    Returns one row per group (of within, then of by) and theme of the codebook, in their orders, with
        within, group   the groups, "everybody" without by; within only where it is asked for
        code_id, theme  the code and its label
        n, base         people of the group who raised it, 0 where nobody did, and all of it
        share           n / base, between 0 and 1; missing where nobody was heard
        low, high       Wilson interval of the share at the study's level
        interval        what the interval takes for granted

    Caution: people were chosen for variety and not at random, and hear each other in group interviews. A share
    describes those who were heard; the interval is the least that chance could do, not a margin of error.
    """
    keys = ["within"] * bool(within) + ["group"]
    base = _members(study, by, within).groupby(keys, observed=False)["participant_id"].nunique()
    n = tally(study, by=by, within=within)
    n = n[n["stance"].eq(stance)].set_index([*keys, "code_id"])["n"]
    codes = pd.Index(themes(study.codebook), name="code_id")
    table = n.unstack(fill_value=0).reindex(index=base.index, columns=codes, fill_value=0)
    rows = table.stack().rename("n").reset_index()
    rows["base"] = rows[keys].merge(base.rename("base").reset_index(), on=keys, how="left")["base"]
    return with_shares(study, rows)[[*keys, *SHARES]]


def tally_about(study: Study) -> pd.DataFrame:
    """Count who raised each code when they spoke of each client group: the rows of tally, by the group spoken of."""
    said = people_codings(study).rename(columns={"about_client_group": "group"})
    each = raised_once(study, said, "group", "participant_id", stance="each")
    found = _any_and_each(each, "group", "participant_id").sort_values("group", kind="stable")
    return found.groupby(["group", "code_id", "stance"], sort=False).size().rename("n").reset_index()


def shares_about(study: Study, *, stance: str = "") -> pd.DataFrame:
    """Share of all people heard who raised each theme when they spoke of each client group: the rows of shares, by group.

    Each group that anybody spoke of has its rows, in alphabetical order. Caution: who speaks of a group need not belong to it.
    """
    counted = tally_about(study)
    groups = sorted(counted["group"].unique())
    order = pd.MultiIndex.from_product([groups, themes(study.codebook)], names=["group", "code_id"])
    n = counted[counted["stance"].eq(stance)].set_index(["group", "code_id"])["n"]
    rows = n.reindex(order, fill_value=0).reset_index()
    return with_shares(study, rows.assign(base=len(study.participants)))[["group", *SHARES]]


SHARES = ["code_id", "theme", "n", "base", "share", "low", "high", "interval"]


def with_shares(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of code_id, n and base with the theme's name, the share, its interval and what that assumes."""
    share = (rows["n"] / rows["base"].mask(rows["base"].eq(0))).astype("float64")
    low, high = share_interval(rows["n"], rows["base"], level=study.settings.interval_level)
    theme = rows["code_id"].map(code_names(study.codebook))
    return rows.assign(theme=theme, share=share, low=low, high=high, interval=ASSUMES)
