"""Would a finding change if one interview, area, code or coder were left out?"""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from ncsresearch.analysis.contrasts import Contrast, contrasts_of
from ncsresearch.evidence.judgements import people_codings, raised_once, reporting_coder
from ncsresearch.evidence.people import people, people_by_codes, raised_by_people
from ncsresearch.schema import ADJUDICATED
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, themes
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
    moved = [
        _spans(shares).assign(left_out=kind, n_participants=len(raised), share=raised[list(shares)].mean())
        for kind, raised, shares in found
    ]
    rows = _named(study, moved, "without the one {} nobody is left")
    return framed(rows.reindex(columns=SHARES), "sensitivity", study)


def difference_sensitivity(study: Study, *, by: str, stance: str = "") -> pd.DataFrame:
    """Whether a difference between groups keeps its direction when one interview or area is left out.

    by, stance   as for group_differences

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
        _turned(contrast, kind) for contrast in contrasts_of(study, by=by, stance=stance) for kind in KEYS
    ]
    return _named(study, found, "without one {} nobody is left in a group").reindex(columns=DIFFERENCES)


def _left_out(study: Study) -> Iterator[tuple[str, pd.DataFrame, pd.DataFrame]]:
    """Yield each kind of thing left out, with who raised which theme, and the shares without each thing: one row per thing."""
    heard = people(study)
    raised = _raised(study, heard["participant_id"])
    for kind, key in KEYS.items():
        yield kind, raised, _without(raised, heard[key])
    yield "code", raised, _without_codes(study, raised)
    for own, theirs in _other_coders(study):
        yield "coder", own, theirs


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


def _without_codes(study: Study, raised: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each theme that has codes below it without each of them; missing for the codes of other themes."""
    heard, shares = study.participants["participant_id"], {}
    below_themes = study.codebook[study.codebook[["code_id", "parent_id"]].isin(list(raised)).all(axis=1)]
    for parent, below in below_themes.groupby("parent_id", sort=False)["code_id"]:
        shares[parent] = {code: _raised(study, heard, without=code)[parent].mean() for code in below}
    return pd.DataFrame(shares)


def _other_coders(study: Study) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield who raised which theme by the reporting coder, and the shares by each other, where both have coded."""
    coder = reporting_coder(study)
    interview = study.codings["unit_id"].map(study.segments.set_index("segment_id")["interview_id"])
    coded = interview.groupby(study.codings["coder"]).agg(lambda ids: set(ids.dropna()))
    for other in coded.index.drop([coder, ADJUDICATED], errors="ignore"):
        met = study.attendances["interview_id"].isin(coded.get(coder, set()) & coded[other])
        heard = study.attendances.loc[met, "participant_id"].drop_duplicates()
        if len(heard):
            theirs = replace(study, settings=replace(study.settings, reporting_coder=other))
            yield _raised(study, heard), _raised(theirs, heard).mean().to_frame(other).T


def _spans(left: pd.DataFrame) -> pd.DataFrame:
    """Return for each theme how many things were left out, the lowest and highest without one, and which that was."""
    known = left.dropna(axis=1, how="all")
    found = {"n_tried": left.count(), "lowest": left.min(), "lowest_without": known.idxmin()}
    return pd.DataFrame(
        found | {"highest": left.max(), "highest_without": known.idxmax()}, index=left.columns
    )


def _turned(contrast: Contrast, kind: str) -> pd.DataFrame:
    """Return how each difference of a contrast moves, and what turns it, with one interview or area left out."""
    key, here = contrast.people[KEYS[kind]], contrast.people["here"]
    every = pd.Index(key.dropna().unique())
    sides = [contrast.raised[side.to_numpy()] for side in (here, ~here)]
    inside, outside = (_without(raised, key[raised.index], every) for raised in sides)
    whole, left = sides[0].mean() - sides[1].mean(), inside - outside
    turns, moved = (left * whole).le(0) & whole.ne(0), _spans(left)
    turned = pd.DataFrame(
        {"n_turned": turns.sum(), "turned_by": [";".join(map(str, every[turns[code]])) for code in turns]}
    )
    return moved.join(turned.where(moved["n_tried"].gt(0))).assign(
        **{"group": contrast.group, "others": contrast.others, "left_out": kind, "difference": whole},
        **{"n_participants": len(sides[0]), "n_participants_others": len(sides[1])},
    )


def _named(study: Study, tables: list[pd.DataFrame], nobody_left: str) -> pd.DataFrame:
    """Return tables of themes in one, with their names and why there is nothing to tell."""
    rows = pd.concat(tables or [pd.DataFrame(columns=["left_out", "n_tried"])])
    rows = rows.rename_axis("code_id").reset_index()
    reason = [nobody_left.format(kind) for kind in rows["left_out"]]
    theme = rows["code_id"].map(code_names(study.codebook))
    return rows.assign(theme=theme, reason=pd.Series(reason, dtype="str").where(rows["n_tried"].eq(0), ""))
