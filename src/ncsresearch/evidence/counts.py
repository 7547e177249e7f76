"""How many people, interviews or passages raised each code, in each group?"""

import pandas as pd

from ncsresearch.evidence.groups import grouped_interviews, grouped_people
from ncsresearch.evidence.interval import ASSUMES, share_interval
from ncsresearch.evidence.judgements import people_codings, raised_once, spoken_codings
from ncsresearch.evidence.people import said_by_people, service_views
from ncsresearch.schema import one_of
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, themes

COUNTED = {"people": "participant_id", "interviews": "interview_id", "passages": "segment_id"}


def tally(study: Study, *, counted: str = "people", by: str = "", within: str = "") -> pd.DataFrame:
    """Count who raised each code, in any way and in each way, in each group; each person counts once.

    counted   people, interviews (in which anybody raised it), or passages of interviews that have any code
    by        "" for everybody, or area_type (rural, urban), area_id, participant_group, client_group
    within    a second of these: the groups of by inside each of its groups

    Returns one row per group, code that somebody raised and stance ("" for any), with within (where asked for), group,
    code_id, stance and n; what nobody in a group raised is not there. How people see client groups as served is
    counted under level/client group. Caution: published passages are not counted here; they count editing.
    """
    key, keys = COUNTED[counted], ["within"] * bool(within) + ["group", "code_id", "stance"]
    rows = members(study, counted=counted, by=by, within=within).merge(_raised(study, counted), on=key)
    n = rows.groupby(keys, observed=True, sort=False)[key].size()
    return n.rename("n").reset_index()


def members(study: Study, *, counted: str, by: str = "", within: str = "") -> pd.DataFrame:
    """Return everybody (or every interview or passage) that is counted, with group and within: the bases of a count."""
    one_of("counted", counted, COUNTED)
    grouped = grouped_people if counted == "people" else grouped_interviews
    rows = grouped(study, by=by)
    if within:
        rows = rows.merge(grouped(study, by=within).rename(columns={"group": "within"}))
    if counted == "passages":
        coded = _passages(study)[["segment_id", "interview_id"]].drop_duplicates()
        rows = rows.merge(coded, on="interview_id").drop(columns="interview_id")
    return rows


def _passages(study: Study) -> pd.DataFrame:
    said = spoken_codings(study)
    return said[said["unit"].eq("segments")].assign(segment_id=said["unit_id"])


def _raised(study: Study, counted: str) -> pd.DataFrame:
    """Return each member and code, once in any way and once in each way of telling it."""
    key = COUNTED[counted]
    if counted == "people":
        seen = service_views(study).assign(stance="")
        return _any_and_each(pd.concat([said_by_people(study), seen]), key)
    said = _passages(study) if counted == "passages" else spoken_codings(study)
    return _any_and_each(raised_once(study, said, key, stance="each"), key)


def _any_and_each(each: pd.DataFrame, *key: str) -> pd.DataFrame:
    """Return rows of a code and a stance with those of the code in any way before them."""
    anyhow = each.drop_duplicates([*key, "code_id"]).assign(stance="")
    return pd.concat([anyhow, each[each["stance"].ne("")]], ignore_index=True)


def shares(
    study: Study, *, counted: str = "people", by: str = "", within: str = "", stance: str = ""
) -> pd.DataFrame:
    """Share of the people of each group who raised each theme, or told it so.

    counted, by, within   as for tally
    stance                only what was described so; empty for anything said under the theme

    Returns one row per group (of within, then of by) and theme of the codebook, in their orders, with
        within, group   the groups, "everybody" without by; within only where it is asked for
        code_id, theme  the code and its label
        n, base         people (interviews, passages) of the group who raised it, 0 where nobody did, and all of it
        share           n / base, between 0 and 1; missing where nobody was heard
        low, high       Wilson interval of the share at the study's level
        interval        what the interval takes for granted

    Caution: people were chosen for variety and not at random, and hear each other in group interviews. A share
    describes those who were heard; the interval is the least that chance could do, not a margin of error. The more
    people an interview has, the more themes it raises; passages measure how finely speech was cut.
    """
    everybody = members(study, counted=counted, by=by, within=within)
    keys = ["within"] * bool(within) + ["group"]
    base = everybody.groupby(keys, observed=False)[COUNTED[counted]].nunique()
    n = tally(study, counted=counted, by=by, within=within)
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
