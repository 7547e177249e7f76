"""Would a finding change if one interview, area, code or coder were left out?"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from ncsresearch.analysis.comparison import Contrast, contrasts_of, people_by_codes
from ncsresearch.analysis.group_differences import ONE, group_differences
from ncsresearch.evidence.codebook import code_names, themes
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.judgements import people_codings, raised_once, reporting_coder
from ncsresearch.evidence.people import people, raised_by_people
from ncsresearch.study import Study
from ncsresearch.study.frames import framed
from ncsresearch.study.kept import kept

SHARES = [
    *("code_id", "theme", "left_out", "n_tried", "n_participants", "share", "lowest", "lowest_without"),
    *("highest", "highest_without", "reason"),
]
DIFFERENCES = [
    *("code_id", "theme", "group", "others", "n_participants", "n_participants_others", "left_out"),
    *("n_tried", "difference", "lowest", "highest", "n_turned", "turned_by", "reason"),
]
KEYS = {"interview": "interview_id", "area": "area_id"}
STATED = {"area_type": "direction", "participant_group": "difference"}


@kept(2)
def sensitivity(study: Study) -> pd.DataFrame:
    """How far the share of people who raised each theme moves when one thing is left out.

    Returns one row per theme and kind of thing left out, with
        code_id, theme, left_out   interview, area, code (one below the theme), coder (another's judgements in
                                   place of the reporting coder's, in the interviews that both coded)
        n_tried           things left out, one at a time
        n_participants    people the share is of: those heard; for coder, in the interviews that both coded
        share             with nothing left out
        lowest, highest   the share at its lowest and highest without one of them
        lowest_without, highest_without   which one that is
        reason            why there is nothing to tell

    Base: the people heard. Caution: a share that does not move can still be wrong in the same way everywhere.
    """
    found = _left_out(study) if len(study.participants) else ()
    rows = pd.DataFrame([_moved(*each) for each in found], columns=SHARES)
    return framed(rows.assign(theme=rows["code_id"].map(code_names(study.codebook))), "sensitivity", study)


def difference_sensitivity(study: Study, *, by: str, stance: str = "") -> pd.DataFrame:
    """Whether a difference between groups keeps its direction when one interview or area is left out.

    by, stance   as for theme_comparison

    Returns one row per theme, contrast and kind of thing left out (interview, area), with
        code_id, theme, group, others, left_out, n_tried
        n_participants, n_participants_others   people of the group, and the others
        difference        with nothing left out: share of the group less that of the others
        lowest, highest   the difference at its lowest and highest without one of them
        n_turned          how many of them turn its direction, or leave none
        turned_by         which, divided by semicolons
        reason            why there is nothing to tell
    """
    found = [
        _turned(contrast, code, kind, differences)
        for contrast in contrasts_of(study, by=by, stance=stance)
        for kind in KEYS
        for code, differences in _differences_without(contrast, kind).items()
    ]
    rows = pd.DataFrame(found, columns=DIFFERENCES)
    return rows.assign(theme=rows["code_id"].map(code_names(study.codebook)))


def stated_differences(study: Study) -> pd.DataFrame:
    """Every difference between groups that the chapters state, with what it is when one thing is left out.

    Returns the rows of difference_sensitivity for the themes and contrasts that group_differences lets a
    chapter state: a direction between kinds of area, a difference of a participant group from all others. No
    rows for published evidence.
    """
    found = [pd.DataFrame(columns=DIFFERENCES)]
    for by, claim in STATED.items() if hears_people(study) else ():
        rows = group_differences(study, by=by)
        stated = rows.loc[rows["claim"].eq(claim), ONE]
        found.append(difference_sensitivity(study, by=by).merge(stated, on=ONE))
    rows = pd.concat([table for table in found if len(table)] or found[:1], ignore_index=True)
    return framed(rows, "stated differences", study)


def _left_out(study: Study) -> Iterator[tuple[str, str, pd.Series, pd.Series]]:
    """Yield each theme and kind of thing left out, with who raised it and its share without each thing."""
    heard = people(study)
    raised = _raised(study, heard["participant_id"])
    for kind, key in KEYS.items():
        for code, shares in _without(raised, heard[key]).items():
            yield code, kind, raised[code], shares
    for code, shares in _without_codes(study, raised):
        yield code, "code", raised[code], shares
    for code, own, shares in _other_coders(study, raised):
        yield code, "coder", own, shares


def _raised(study: Study, heard: pd.Series, *, without: str = "") -> pd.DataFrame:
    """Return people by themes, true where they raised it; without a code as if nobody had given it."""
    pairs = raised_by_people(study)
    if without:
        said = people_codings(study)
        pairs = raised_once(study, said[said["code_id"].ne(without)], "participant_id")
    return people_by_codes(pairs, heard, themes(study.codebook))


def _without(raised: pd.DataFrame, key: pd.Series, every: pd.Index | None = None) -> pd.DataFrame:
    """Return the share of each theme without each interview or area: one row per thing left out.

    every   the things to leave out, those that nobody here belongs to included; without it those that are here
    """
    own, there = raised.groupby(key.to_numpy()).sum(), key.value_counts()
    every = own.index if every is None else every
    own, there = own.reindex(every, fill_value=0), there.reindex(every, fill_value=0)
    left = len(raised) - there
    return (raised.sum() - own).div(left.mask(left.eq(0)), axis=0)


def _without_codes(study: Study, raised: pd.DataFrame) -> Iterator[tuple[str, pd.Series]]:
    """Yield each theme that has codes below it, with its share without each of them."""
    book = study.codebook[study.codebook["facet"].eq("theme") & study.codebook["parent_id"].notna()]
    for parent, below in book.groupby("parent_id", sort=False):
        if parent in raised:
            heard = study.participants["participant_id"]
            shares = {code: _raised(study, heard, without=code)[parent].mean() for code in below["code_id"]}
            yield parent, pd.Series(shares)


def _other_coders(study: Study, raised: pd.DataFrame) -> Iterator[tuple[str, pd.Series, pd.Series]]:
    """Yield each theme with who raised it by the reporting coder and its share by each other, where both have coded."""
    coder = reporting_coder(study)
    interview = study.segments.set_index("segment_id")["interview_id"]
    placed = study.codings[["coder", "unit_id"]]
    placed = placed[placed["unit_id"].isin(interview.index)]
    placed = placed.assign(interview_id=placed["unit_id"].map(interview))
    coded = placed.groupby("coder")["interview_id"].agg(lambda ids: set(ids.dropna()))
    if not coder or coder not in coded.index:
        return
    for other in coded.index.drop(coder):
        heard = _heard_in(study, coded[coder] & coded[other])
        if len(heard):
            theirs = replace(study, settings=replace(study.settings, reporting_coder=other))
            one, two = _raised(study, heard), _raised(theirs, heard)
            for code in raised:
                yield code, one[code], pd.Series({other: two[code].mean()})


def _heard_in(study: Study, interviews: set[str]) -> pd.Series:
    met = study.attendances[study.attendances["interview_id"].isin(interviews)]
    return met["participant_id"].drop_duplicates()


def _moved(code: str, kind: str, raised: pd.Series, shares: pd.Series) -> dict:
    known = shares.dropna()
    head = {"code_id": code, "left_out": kind, "n_tried": len(known)}
    head |= {"n_participants": len(raised), "share": raised.mean()}
    if known.empty:
        return head | {"reason": f"without the one {kind} nobody is left"}
    low, high = known.idxmin(), known.idxmax()
    moved = {"lowest": known[low], "lowest_without": low, "highest": known[high], "highest_without": high}
    return head | moved | {"reason": ""}


def _differences_without(contrast: Contrast, kind: str) -> pd.DataFrame:
    key, here = contrast.people[KEYS[kind]], contrast.people["here"]
    every = pd.Index(key.dropna().unique())
    inside, outside = (_without(contrast.raised[side.to_numpy()], key[side], every) for side in (here, ~here))
    return inside - outside


def _turned(contrast: Contrast, code: str, kind: str, differences: pd.Series) -> dict:
    n, base, other_n, other_base = contrast.counts(code)
    whole = n / base - other_n / other_base if min(base, other_base) else float("nan")
    known = differences.dropna()
    head = {"code_id": code, "group": contrast.group, "others": contrast.others, "left_out": kind}
    head |= {"n_participants": base, "n_participants_others": other_base}
    head |= {"n_tried": len(known), "difference": whole}
    if known.empty:
        return head | {"reason": f"without one {kind} nobody is left in a group"}
    turned = known.index[(known * whole).le(0)] if whole else known.index[:0]
    moved = {"lowest": known.min(), "highest": known.max(), "n_turned": len(turned)}
    return head | moved | {"turned_by": ";".join(map(str, turned)), "reason": ""}
