"""Interviews beside a survey: in words, figures and tables. What the verdicts mean is in disclosure/joint.py."""

from collections import Counter
from collections.abc import Iterator

import pandas as pd
from matplotlib.axes import Axes

from ncsresearch.disclosure.counts import RAISED
from ncsresearch.disclosure.joint import ADJUSTED, STANCES, STRANDS
from ncsresearch.evidence.groups import n_areas_of_kind
from ncsresearch.evidence.kinds import few_areas, kind_of_area
from ncsresearch.evidence.rounded import percent
from ncsresearch.present.answers import has_weights
from ncsresearch.present.figure import BLUE, FEWEST_DRAWN, ORANGE, drawn, rows_drawn
from ncsresearch.present.outputs import WITHHELD, Figure, Finding, Table
from ncsresearch.present.table import SMALLEST_BASE, points, printed_p, titles
from ncsresearch.present.wording import phrase, phrases, sentence, worded_table
from ncsresearch.schema import COMPARED
from ncsresearch.study.frames import area_of, study_of

MARKS = dict(zip(STRANDS, [(BLUE, "o", -0.15), (ORANGE, "s", 0.15)], strict=True))
SIDES = {
    by: dict(zip(("here", "there"), sides, strict=True))
    for by, sides in (("area_type", COMPARED), ("heard_from", STANCES))
}
REASONS = ("none", "withheld", "few", "open")
CALLED = {"area_type": "kinds_beside", "heard_from": "stances_beside"}
KEPT = ["theme", "stance", "strand", "label", "answers"]


def _surveys(rows: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, dict]]:
    """Yield the rows of each survey and of those in the interviews who are set beside it, with its name and source."""
    study = study_of(rows)
    beside = rows["heard_from"] if rows.attrs["by"] == "heard_from" else pd.Series("", rows.index)
    each = list(rows.groupby([rows["document_id"], beside], sort=False))
    times = Counter(document_id for (document_id, _), _ in each)
    for n, ((document_id, groups), own) in enumerate(each, start=1):
        survey = titles(study, pd.Series([document_id])).iloc[0]
        strands = phrase("joint_strand", "both", survey=survey)
        source = f"{study.settings.status_line.split(':')[0]}: {strands}"
        name = f"{CALLED[rows.attrs['by']]}_{document_id}" + (f"_{n}" if times[document_id] > 1 else "")
        yield own, {"survey": survey, "source": source, "name": name, "groups": groups}


def _pairs(rows: pd.DataFrame) -> list[dict]:
    """Return each pair with what it is, its verdict, and both of its strands by name."""
    both = rows.groupby(["code_id", "item_id"], sort=False)
    return [
        own.iloc[0].to_dict() | dict(zip(STRANDS, own.astype("object").to_dict("records"), strict=True))
        for _, own in both
    ]


def say_joint(rows: pd.DataFrame) -> list[Finding]:
    """Say on what each survey agrees with the interviews, on what they differ, and why the rest is open."""
    by, found = rows.attrs["by"], []
    for own, about in _surveys(rows):
        pairs, survey = _pairs(own), about["survey"]
        found += _agreed(pairs, by, survey)
        found += [("differs", _places(pair, by, survey)) for pair in pairs if pair["verdict"] == "differs"]
    found = [
        sentence("joint", f"{by}_{form}", name=f"joint_{by}_{n}", **places)
        for n, (form, places) in enumerate(found)
    ]
    return [*found, *_left_open(_pairs(rows), by)]


def _agreed(pairs: list[dict], by: str, survey: str) -> Iterator[tuple[str, dict]]:
    """Yield what agrees: of kinds of area each theme, of ways of telling those of one direction together."""
    agreed = [_places(pair, by, survey) for pair in pairs if pair["verdict"] == "agrees"]
    if by == "area_type":
        yield from (("agrees", places) for places in agreed)
        return
    for side in SIDES[by].values():
        if own := [places for places in agreed if places["side"] == side]:
            yield "agrees", own[0] | {"themes": list(dict.fromkeys(places["theme"] for places in own))}


def _places(pair: dict, by: str, survey: str) -> dict:
    """Return what the sentence on a pair says: on which side interviews have more, and the numbers of both strands."""
    interviews, answers = (
        {name: f"{n:.0f}" if isinstance(n, float) else n for name, n in pair[strand].items()}
        for strand in STRANDS
    )
    here, there = SIDES[by].values()
    side, other = (here, there) if interviews["shows"] == "here" else (there, here)
    known = not pd.isna(pair["interviews"]["difference"])
    told = {"interviews": interviews, "answers": answers, "survey": survey, "known": known}
    return {name: pair[name] for name in ("theme", "stance", "label")} | told | {"side": side, "other": other}


def _left_open(pairs: list[dict], by: str) -> Iterator[Finding]:
    """Yield how many comparisons are left open, and why: each for the first of REASONS that one of its strands has."""
    reasons = Counter(
        next(reason for reason in REASONS if reason in {pair[strand]["shows"] for strand in STRANDS})
        for pair in pairs
        if pair["verdict"] in ("open", "silent")
    )
    if n := reasons.total():
        found = [{"form": name, "n": reasons[name]} for name in REASONS if reasons[name]]
        because = [phrase("joint", **each, smallest=SMALLEST_BASE) for each in found]
        yield sentence("joint", "left_open", name=f"joint_{by}_open", n=n, all=len(pairs), because=because)


def say_joint_rule(rows: pd.DataFrame) -> Finding:
    """Say what agrees, differs, open and silent mean."""
    silent = rows["verdict"].eq("silent").any()
    return sentence(
        "joint_rule",
        level=percent(study_of(rows).settings.interval_level),
        smallest=SMALLEST_BASE,
        silent=silent,
    )


def say_joint_area(rows: pd.DataFrame) -> Finding | None:
    """Say of which themes interviews and surveys agree that areas of the kind of an area have more; nothing where there is none."""
    kind, n_areas = kind_of_area(area_of(rows)["area_type"]), n_areas_of_kind(study_of(rows))
    agreed = (_places(pair, "area_type", "") for pair in _pairs(rows) if pair["verdict"] == "agrees")
    here = phrases("joint_area", "thing", [each for each in agreed if each["side"] == kind])
    return sentence("joint_area", things=here, n=n_areas, few=few_areas(n_areas)) if here else None


def table_joint(rows: pd.DataFrame) -> list[Table]:
    """Return, for each survey with anything to compare, both strands of each theme below each other, and the verdict."""
    level, by = percent(study_of(rows).settings.interval_level), rows.attrs["by"]
    return [_table(own, by, level=level, **about) for own, about in _surveys(rows) if _comparable(own).any()]


def _table(rows: pd.DataFrame, by: str, *, groups: str, **about) -> Table:
    sides = SIDES[by]
    told = {side: _told(rows, side) for side in sides}
    tidy = rows[KEPT].assign(
        **{f"n_{name}": [cell.split(" of ")[0] for cell in told[side]] for side, name in sides.items()},
        **{f"of_{name}": rows[f"of_{side}"].astype("Int64") for side, name in sides.items()},
        **rows[["difference", "low", "high", "shows", "verdict"]],
        **{name: rows[name].astype("float64").round(3) for name in ADJUSTED},
    )
    tidy = tidy if by == "area_type" else tidy.drop(columns=ADJUSTED)
    view = rows.assign(
        **told,
        stance=rows["stance"].where(rows["stance"].ne(""), RAISED),
        strand=[phrase("joint_strand", row["strand"], by=by, **row) for row in rows.to_dict("records")],
        points=_points(rows),
        p=[printed_p(adjusted) for adjusted in rows["p_adjusted"]],
        shows=[_shows(shows, by) for shows in rows["shows"]],
        verdict=rows["verdict"].str.capitalize(),
    )
    bases = rows.loc[rows["strand"].eq("interviews"), ["of_here", "of_there"]].iloc[0].astype("int64")
    without = [] if by == "area_type" else ["stance", "p"]
    about |= {f"n_{strand}": own.max() for strand, own in rows.groupby("strand")["family_size"]}
    about["has_weights"] = has_weights(study_of(rows), rows["document_id"].iloc[0])
    about |= {"unsure": _unsure(rows), "groups": groups.split("; ") if groups else []}
    return worded_table("joint", tidy, view=view, without=without, by=by, missing=WITHHELD, **bases, **about)


def _comparable(rows: pd.DataFrame) -> pd.Series:
    """Whether both strands of the pair of a row have an interval."""
    return rows.groupby(["code_id", "item_id"])["low"].transform(lambda low: low.notna().all())


def _unsure(rows: pd.DataFrame) -> bool:
    """Whether an interval is given where a number that it rests on is withheld."""
    return bool((rows["difference"].isna() & rows["low"].notna()).any())


def _told(rows: pd.DataFrame, side: str) -> list[str]:
    """Return the people of a side as a table prints them: how many of how many, the word in their place, or [c]."""
    cells = zip(rows[f"n_{side}"], rows[f"of_{side}"], rows[f"told_{side}"], strict=True)
    return [f"{n:.0f} of {base:.0f}" if not pd.isna(n) else word or WITHHELD for n, base, word in cells]


def _points(rows: pd.DataFrame) -> list[str]:
    given = zip(rows["difference"], rows["low"], rows["high"], rows["shows"], strict=True)
    return ["" if shows == "few" else points(*interval) for *interval, shows in given]


def _shows(shows: str, by: str) -> str:
    side = SIDES[by].get(shows)
    return phrase("joint_strand", by if side else shows, side=side, smallest=SMALLEST_BASE)


def plot_joint(rows: pd.DataFrame) -> list[Figure]:
    """Draw, for each survey, the difference in interviews and the one in the survey on one axis, where both have an interval."""
    by, surveys = rows.attrs["by"], _surveys(rows)
    return [drawing for own, about in surveys if (drawing := _plot(own, by, **about))]


def _plot(rows: pd.DataFrame, by: str, *, name: str, groups: str, **about) -> Figure | None:
    known = _comparable(rows)
    each = {strand: rows[known & rows["strand"].eq(strand)] for strand in STRANDS}
    names = list(each["survey"]["theme"])
    if len(names) < FEWEST_DRAWN:
        return None
    what = phrase("joint_drawn", by)
    with rows_drawn(names, what) as (canvas, ax):
        ax.axvline(0, color="black", linewidth=1)
        for strand, own in each.items():
            _draw_strand(ax, strand, own)
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:+.0f}".replace("-", "\N{MINUS SIGN}") if x else "0")
    data = pd.DataFrame({"theme": names} | {strand: _points(own) for strand, own in each.items()})
    about |= {"name": f"{name}_drawn", "what": what, "unsure": _unsure(rows[known])}
    return drawn("joint_drawn", canvas, data, data.to_dict("records"), missing=WITHHELD, **about)


def _draw_strand(ax: Axes, strand: str, rows: pd.DataFrame) -> None:
    """Draw the dots of a strand with their intervals, named at the first; one whose numbers are withheld has no dot."""
    colour, marker, beside = MARKS[strand]
    places = [place + beside for place in range(len(rows))]
    ax.hlines(places, 100 * rows["low"], 100 * rows["high"], color=colour, linewidth=2)
    ax.scatter(100 * rows["difference"], places, s=50, color=colour, marker=marker, zorder=2)
    named = {"textcoords": "offset points", "va": "center", "fontweight": "bold"}
    ax.annotate(strand.capitalize(), (100 * rows["high"].iloc[0], places[0]), (6, 0), **named)
