"""Would further interviews have brought new themes?

Source: Guest, Namey and Chen 2020, A simple method to assess and report thematic saturation in qualitative
research, PLoS ONE 15(5) e0232076: base size, run length and threshold of new information.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ncsresearch.analysis.coded_turns import reporting_coder, theme_ids
from ncsresearch.evidence.groups import hears_people
from ncsresearch.schema import AREA_TYPES
from ncsresearch.study import Study
from ncsresearch.study.kept import kept

BASE, RUN, THRESHOLD = 4, 2, 0.05
ORDERS = 1000
SEED = 2023
AT_ONCE = 2_000_000  # places of interviews held at once
NOBODY_HEARD = "nobody was heard, so there are no interviews to count, as in published evidence"
NO_THEMES = "the first {base} interviews brought no theme"
FEW = "{n} interviews were coded; a base of {base} and a run of {run} need {needed}"
GROUPINGS = ("", "area_type", "participant_group")
ALL = "all interviews"
KINDS = ("rural", "urban", "small town", "not in the comparison")
RESULTS = [
    *("n_base_themes", "n_last_run", "ratio", "reached_after", "n_later"),
    *("share_reached", "median_after", "low_after", "high_after"),
    *("median_ratio", "low_ratio", "high_ratio"),
]


@dataclass(frozen=True)
class Heard:
    """Interviews in the study's order with the themes coded in each: has[interview, theme]."""

    interviews: list[str]
    has: np.ndarray


def new_themes(study: Study, *, by: str = "") -> pd.DataFrame:
    """Themes that each interview was the first to bring, in the study's order.

    An interview counts if the reporting coder coded anything in it. A code counts as itself, not for those above it.

    by   "" for all interviews, or area_type (rural, urban), participant_group

    Returns one row per group and interview, with
        group             the group, "all interviews" without by
        place             its place among the group's interviews, from 1
        interview_id
        n_themes          themes coded in it
        n_new             themes no earlier interview of the group had
        n_so_far          themes found up to it
        low, high         the study's interval of n_so_far over random orders of the interviews
    Empty for published evidence. Raises ValueError for another grouping.
    """
    level = study.settings.interval_level
    tables = [_curve(group, heard, level) for group, heard in _groups(study, by)]
    columns = ["group", "place", "interview_id", "n_themes", "n_new", "n_so_far", "low", "high"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


@kept(8)
def saturation(
    study: Study, *, by: str = "", base: int = BASE, run: int = RUN, threshold: float = THRESHOLD
) -> pd.DataFrame:
    """Whether new themes had all but ceased to come: new themes in a run of interviews / themes in the base.

    The base is the first interviews; runs of interviews follow it, each beginning one interview later than the
    run before. Saturation is reached with the first run whose ratio is at most the threshold.

    by          "" for all interviews, or area_type (rural, urban), participant_group
    base, run   interviews of the base and of a run; Guest and others use 4 to 6, and 2 or 3
    threshold   at most so much new information: 0.05 or 0

    Returns one row per group, with
        group, n_interviews, n_themes   interviews with coding and the themes found in them
        base, run, threshold            as asked for
        n_base_themes     themes of the base, in the study's order
        n_last_run        themes that the last run was the first to bring
        ratio             n_last_run / n_base_themes
        reached_after     interviews held when saturation was reached, its run included; missing if it was not
        n_later           themes that interviews after that were the first to bring; missing if it was not reached
        share_reached     share of random orders of the interviews in which it was reached
        median_after, low_after, high_after   reached_after over the random orders in which it was reached:
                          middle value and interval at the study's level
        median_ratio, low_ratio, high_ratio   ratio of the last run over random orders
        not_given_because why the row has no result; empty where it has one

    Caution: themes are the codes of a codebook, so that a short codebook saturates soon; and no new code is no
    sign that nothing more is to be understood. A study that hears one group after another can reach saturation
    within the first group: see n_later and the random orders.

    It is kept for the study it was made of. Raises ValueError for another grouping, and for a base or run under 1.
    """
    asked = {"base": base, "run": run, "threshold": threshold}
    columns = ["group", "n_interviews", "n_themes", *asked, *RESULTS, "not_given_because"]
    if base < 1 or run < 1:
        raise ValueError(f"base and run must be 1 or more, not {base} and {run}.")
    if not hears_people(study):
        rows = [{"group": ALL, **asked, "not_given_because": NOBODY_HEARD}]
        return pd.DataFrame(rows).reindex(columns=columns)
    level = study.settings.interval_level
    rows = [
        {"group": group} | asked | _result(heard, base, run, threshold, level)
        for group, heard in _groups(study, by)
    ]
    return pd.DataFrame(rows, columns=columns)


def themes_by_interview(study: Study) -> pd.DataFrame:
    """Themes the reporting coder found in each interview.

    Returns one row per interview and theme, with interview_id and code_id; judgements about passages and about
    the interview as a whole count alike.
    """
    found = _codings_of_interviews(study)
    found = found[found["code_id"].isin(theme_ids(study))]
    return found[["interview_id", "code_id"]].drop_duplicates(ignore_index=True)


@kept(2)
def _codings_of_interviews(study: Study) -> pd.DataFrame:
    own = study.codings["coder"].eq(reporting_coder(study))
    codings = study.codings.loc[own, ["unit", "unit_id", "code_id"]].astype({"code_id": "str"})
    held = study.interviews.dropna(subset="document_id").drop_duplicates("document_id", keep=False)
    of_document = held.set_index("document_id")["interview_id"]
    segments = study.segments.set_index("segment_id")[["interview_id", "document_id"]]
    of_segment = segments["interview_id"].fillna(segments["document_id"].map(of_document))
    whole = codings["unit_id"].where(codings["unit"].eq("interviews"))
    passage = codings["unit_id"].where(codings["unit"].eq("segments")).map(of_segment)
    found = codings.assign(interview_id=whole.astype("object").fillna(passage))
    return found[found["interview_id"].isin(study.interviews["interview_id"])]


def _groups(study: Study, by: str) -> Iterator[tuple[str, Heard]]:
    if by not in GROUPINGS:
        raise ValueError(f"by must be one of {GROUPINGS}, not {by!r}.")
    if not hears_people(study):
        return
    coded = _codings_of_interviews(study)["interview_id"].unique()
    held = study.interviews[study.interviews["interview_id"].isin(coded)]
    groups = _group_of(study, held, by)
    themes = themes_by_interview(study)
    table = pd.crosstab(themes["interview_id"], themes["code_id"]) > 0
    for group in _order(groups, by):
        names = list(held.loc[groups.eq(group), "interview_id"])
        yield group, Heard(names, table.reindex(index=names, fill_value=False).to_numpy())


def _group_of(study: Study, held: pd.DataFrame, by: str) -> pd.Series:
    if by == "participant_group":
        return held["participant_group"]
    if by == "area_type":
        types = study.areas.set_index("area_id")["area_type"].astype("str")
        return held["area_id"].map(types).map(AREA_TYPES)
    return pd.Series(ALL, held.index)


def _order(groups: pd.Series, by: str) -> list[str]:
    found = dict.fromkeys(groups.dropna()) if by else {ALL: None}
    return [kind for kind in KINDS if kind in found] if by == "area_type" else list(found)


def _result(heard: Heard, base: int, run: int, threshold: float, level: float) -> dict:
    number = len(heard.interviews)
    found = {"n_interviews": number, "n_themes": int(heard.has.any(axis=0).sum())}
    if number < base + run:
        words = FEW.format(n=number, base=base, run=run, needed=base + run)
        return found | {"not_given_because": words}
    so_far = _so_far(_first_heard(heard.has, np.arange(number)[None]), number)
    own = _runs(so_far, base, run, threshold)
    if not own["n_base_themes"][0]:
        return found | {"not_given_because": NO_THEMES.format(base=base)}
    names = ("n_base_themes", "n_last_run", "ratio", "reached_after")
    shown = {name: own[name][0] for name in names}
    after = shown["reached_after"]
    shown["n_later"] = np.nan if np.isnan(after) else so_far[0, -1] - so_far[0, int(after) - 1]
    return found | shown | _over_orders(heard.has, base, run, threshold, level) | {"not_given_because": ""}


def _over_orders(has: np.ndarray, base: int, run: int, threshold: float, level: float) -> dict[str, float]:
    firsts = _in_random_orders(has)
    told = max(_last(firsts), base) + run  # of later interviews each run is like the last of these
    runs = _runs(_so_far(firsts, min(len(has), told)), base, run, threshold)
    after, ends = runs["reached_after"], [(1 - level) / 2, 0.5, (1 + level) / 2]
    reached = after[~np.isnan(after)]
    low, middle, high = np.quantile(reached, ends) if len(reached) else [np.nan] * 3
    found = {
        "share_reached": len(reached) / len(after),
        "median_after": middle,
        "low_after": low,
        "high_after": high,
    }
    low, middle, high = np.nanquantile(runs["ratio"], ends)
    return found | {"median_ratio": middle, "low_ratio": low, "high_ratio": high}


def _in_random_orders(has: np.ndarray) -> np.ndarray:
    """The place of the interview that was first to bring each theme, in each of ORDERS random orders."""
    random, number = np.random.default_rng(SEED), max(1, len(has))
    at_once = max(1, AT_ONCE // number)
    sizes = [min(at_once, ORDERS - first) for first in range(0, ORDERS, at_once)]
    orders = (random.permuted(np.tile(np.arange(len(has)), (size, 1)), axis=1) for size in sizes)
    return np.concatenate([_first_heard(has, places) for places in orders])


def _last(firsts: np.ndarray) -> int:
    """Interviews until no order has a new theme left."""
    return int(firsts.max()) + 1 if firsts.size else 0


def _first_heard(has: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The place of the interview that was first to bring each theme, in each order; themes nobody raised left out."""
    raised = has[:, has.any(axis=0)]
    firsts = [places[:, raised[:, theme]].min(axis=1) for theme in range(raised.shape[1])]
    return np.stack(firsts, axis=1) if firsts else np.zeros((len(places), 0), dtype=int)


def _so_far(firsts: np.ndarray, number: int) -> np.ndarray:
    """Themes found up to each interview, in each order."""
    new = np.zeros((len(firsts), number), dtype=int)
    np.add.at(new, (np.arange(len(firsts))[:, None], firsts), 1)
    return new.cumsum(axis=1)


def _runs(so_far: np.ndarray, base: int, run: int, threshold: float) -> dict[str, np.ndarray]:
    """What each order says of its base, its last run and the first run within the threshold."""
    themes = so_far[:, base - 1]
    new = so_far[:, base + run - 1 :] - so_far[:, base - 1 : -run]
    ratios = new / np.where(themes > 0, themes, np.nan)[:, None]
    within = ratios <= threshold
    after = np.where(within.any(axis=1), within.argmax(axis=1) + base + run, np.nan)
    return {"n_base_themes": themes, "n_last_run": new[:, -1], "ratio": ratios[:, -1], "reached_after": after}


def _curve(group: str, heard: Heard, level: float) -> pd.DataFrame:
    number = len(heard.interviews)
    so_far = _so_far(_first_heard(heard.has, np.arange(number)[None]), number)[0]
    firsts = _in_random_orders(heard.has)
    told = min(number, max(1, _last(firsts)))
    orders = _so_far(firsts, told)
    spans = np.quantile(orders, [(1 - level) / 2, (1 + level) / 2], axis=0)
    low, high = np.pad(spans, ((0, 0), (0, number - told)), mode="edge")
    columns = {"group": group, "place": np.arange(1, number + 1), "interview_id": heard.interviews}
    columns |= {"n_themes": heard.has.sum(axis=1), "n_new": np.diff(so_far, prepend=0), "n_so_far": so_far}
    return pd.DataFrame(columns | {"low": low, "high": high})
