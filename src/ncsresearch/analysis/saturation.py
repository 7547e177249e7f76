"""Would further interviews have brought new themes?

Source: Guest, Namey and Chen 2020, A simple method to assess and report thematic saturation in qualitative
research, PLoS ONE 15(5) e0232076: base size, run length and threshold of new information.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ncsresearch.evidence.groups import grouped_interviews, hears_people
from ncsresearch.evidence.judgements import spoken_codings
from ncsresearch.study import Study
from ncsresearch.study.codebook import themes
from ncsresearch.study.frames import framed
from ncsresearch.study.kept import kept

BASE, RUN, THRESHOLD = 4, 2, 0.05
ORDERS = 1000
SEED = 2023
NOBODY_HEARD = "nobody was heard, so there are no interviews to count, as in published evidence"
NO_THEMES = "the first {base} interviews raised no theme"
FEW = "fewer than {needed} interviews were coded"
ALL = "all interviews"
CURVE = ["group", "place", "interview_id", "n_themes", "n_new", "n_so_far", "low", "high"]
RESULTS = [
    *("group", "n_interviews", "n_themes", "base", "run", "threshold"),
    *("n_base_themes", "n_last_run", "ratio", "reached_after", "n_later"),
    *("share_reached", "median_after", "low_after", "high_after"),
    *("median_ratio", "low_ratio", "high_ratio", "reason"),
]


def new_themes(study: Study, *, by: str = "") -> pd.DataFrame:
    """Themes that each interview was the first to bring, in the study's order.

    An interview counts if the reporting coder coded anything in it. A code counts as itself, not for those above it.

    by   "" for all interviews, or area_type, area_id, participant_group

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
    tables = [_curve(*group, level) for group in _groups(study, by)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=CURVE)


@kept(8)
def saturation(
    study: Study, *, by: str = "", base: int = BASE, run: int = RUN, threshold: float = THRESHOLD
) -> pd.DataFrame:
    """Whether new themes had all but ceased to come: new themes in a run of interviews / themes in the base.

    The base is the first interviews; runs of interviews follow it, each beginning one interview later than the
    run before. Saturation is reached with the first run whose ratio is at most the threshold.

    by          "" for all interviews, or area_type (rural, urban), area_id, participant_group
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
        reason            why the row has no result; empty where it has one

    Caution: themes are the codes of a codebook, so that a short codebook saturates soon; and no new code is no
    sign that nothing more is to be understood. A study that hears one group after another can reach saturation
    within the first group: see n_later and the random orders.

    It is kept for the study. Raises ValueError for another grouping, and for a base or run under 1.
    """
    if base < 1 or run < 1:
        raise ValueError(f"base and run must be 1 or more, not {base} and {run}.")
    asked = {"base": base, "run": run, "threshold": threshold}
    rows = [{"group": ALL, **asked, "reason": NOBODY_HEARD}]
    if hears_people(study):
        level = study.settings.interval_level
        rows = [{"group": name} | asked | _result(has, level, **asked) for name, _, has in _groups(study, by)]
    kinds = {"": "saturation", "area_type": "saturation by kind of area"}
    kind = kinds.get(by, "saturation by group")
    return framed(pd.DataFrame(rows, columns=RESULTS), kind, study, by=by)


def themes_by_interview(study: Study) -> pd.DataFrame:
    """Themes the reporting coder found in each interview.

    Returns one row per interview and theme, with interview_id and code_id; judgements about passages and about
    the interview as a whole count alike.
    """
    found = _codings_of_interviews(study)
    found = found[found["code_id"].isin(themes(study.codebook))]
    return found[["interview_id", "code_id"]].drop_duplicates(ignore_index=True)


@kept(2)
def _codings_of_interviews(study: Study) -> pd.DataFrame:
    """Judgements on interviews; a passage that names none is of the interview whose document it is in, where that is one."""
    said = spoken_codings(study)
    held = study.interviews.dropna(subset="document_id").drop_duplicates("document_id", keep=False)
    of_document = held.set_index("document_id")["interview_id"]
    of_passage = study.segments.set_index("segment_id")["document_id"].map(of_document)
    found = said.assign(interview_id=said["interview_id"].fillna(said["unit_id"].map(of_passage)))
    return found[found["interview_id"].isin(study.interviews["interview_id"])]


def _groups(study: Study, by: str) -> Iterator[tuple[str, list[str], np.ndarray]]:
    """Yield each group with its interviews in the study's order and the themes coded in each: has[interview, theme]."""
    held = grouped_interviews(study, by=by)
    if not hears_people(study):
        return
    held = held[held["interview_id"].isin(_codings_of_interviews(study)["interview_id"])]
    found = themes_by_interview(study)
    table = pd.crosstab(found["interview_id"], found["code_id"]) > 0
    of_groups = held.groupby("group", observed=True)["interview_id"].agg(list)
    own = of_groups if by else {ALL: list(held["interview_id"])}
    for group, names in own.items():
        yield group, names, table.reindex(index=names, fill_value=False).to_numpy()


def _result(has: np.ndarray, level: float, *, base: int, run: int, threshold: float) -> dict:
    number = len(has)
    found = {"n_interviews": number, "n_themes": int(has.any(axis=0).sum())}
    if number < base + run:
        return found | {"reason": FEW.format(base=base, run=run, needed=base + run)}
    so_far = _in_order(has)
    own = {name: values[0] for name, values in _runs(so_far[None], base, run, threshold).items()}
    if not own["n_base_themes"]:
        return found | {"reason": NO_THEMES.format(base=base)}
    after = own["reached_after"]
    own["n_later"] = np.nan if np.isnan(after) else so_far[-1] - so_far[int(after) - 1]
    return found | own | _over_orders(has, level, base, run, threshold) | {"reason": ""}


def _over_orders(has: np.ndarray, level: float, base: int, run: int, threshold: float) -> dict[str, float]:
    firsts = _in_random_orders(has)
    told = max(_last(firsts), base) + run  # of later interviews each run is like the last of these
    runs = _runs(_so_far(firsts, min(len(has), told)), base, run, threshold)
    after, ends = runs["reached_after"], [0.5, (1 - level) / 2, (1 + level) / 2]
    found = {"share_reached": float((~np.isnan(after)).mean())}
    for name, values in (("after", after[~np.isnan(after)]), ("ratio", runs["ratio"])):
        spans = np.nanquantile(values, ends) if len(values) else [np.nan] * 3
        found |= dict(zip((f"median_{name}", f"low_{name}", f"high_{name}"), spans, strict=True))
    return found


def _in_random_orders(has: np.ndarray) -> np.ndarray:
    """The place of the interview that was first to bring each theme, in each of ORDERS random orders."""
    places = np.tile(np.arange(len(has)), (ORDERS, 1))
    return _first_heard(has, np.random.default_rng(SEED).permuted(places, axis=1))


def _last(firsts: np.ndarray) -> int:
    """Interviews until no order has a new theme left."""
    return int(firsts.max()) + 1 if firsts.size else 0


def _first_heard(has: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The place of the interview that was first to bring each theme, in each order; themes nobody raised left out."""
    raised = has[:, has.any(axis=0)]
    firsts = [places[:, raised[:, theme]].min(axis=1) for theme in range(raised.shape[1])]
    return np.stack(firsts, axis=1) if firsts else np.zeros((len(places), 0), dtype=int)


def _in_order(has: np.ndarray) -> np.ndarray:
    """Themes found up to each interview, in the study's order."""
    return _so_far(_first_heard(has, np.arange(len(has))[None]), len(has))[0]


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


def _curve(group: str, interviews: list[str], has: np.ndarray, level: float) -> pd.DataFrame:
    so_far, number, firsts = _in_order(has), len(interviews), _in_random_orders(has)
    told = min(number, max(1, _last(firsts)))
    spans = np.quantile(_so_far(firsts, told), [(1 - level) / 2, (1 + level) / 2], axis=0)
    low, high = np.pad(spans, ((0, 0), (0, number - told)), mode="edge")
    new = np.diff(so_far, prepend=0)
    columns = (group, np.arange(1, number + 1), interviews, has.sum(axis=1), new, so_far, low, high)
    return pd.DataFrame(dict(zip(CURVE, columns, strict=True)))
