"""What is the quantity in a span of an author's text worth now?

KINDS lists each kind of span by its first key, with the function that works it out and the other keys that it may have. Numbers
of people are those that a chapter may show: a withheld one is the word in its place, or nothing.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from ncsresearch.analysis.kpi import regular_periods
from ncsresearch.analysis.points import BACKGROUND
from ncsresearch.disclosure.answers import publishable_answers
from ncsresearch.disclosure.mask import (
    nothing_withheld,
    publishable_bases,
    publishable_counts,
    publishable_served,
)
from ncsresearch.evidence.counts import shares_about
from ncsresearch.evidence.groups import hears_people, n_areas_of_kind, n_heard
from ncsresearch.evidence.kinds import kinds_of
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.evidence.rounded import rounded
from ncsresearch.ingest.findings_file import Span
from ncsresearch.schema import STANCES, StudyError, nearest
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, themes

BY = {
    "area_type": "area_type",
    "area_id": "area_id",
    "heard_from": "participant_group",
    "client_group": "client_group",
}
ANSWERED = {"negative": "did not agree", "positive": "agreed"}
STATISTICS = ("first", "last", "lowest", "highest", "mean", "target")
OF_STATISTIC = ("area_id", "period", "document_id")
SERVED = {"better": "Seen as better served", "less": "Seen as less well served"}
# the words for none and for all of a base, each beside its opposite
NOBODY, EVERYBODY = ("nobody", "no one", "none", "no"), ("everybody", "everyone", "all", "every")
NOT_HELD, HELD = "a number that is not available", "one that the study has"
WITHHELD = "a number that is withheld, for which no word may be printed"


class SpanFault(StudyError):
    """Raised for a span that is worth nothing: what was found, what was expected and what is nearest to it."""

    def __init__(self, found: str, expected: str, near: str = ""):
        super().__init__(f"found {found}, expected {expected}")
        self.told = (found, expected, near)


@dataclass(frozen=True)
class Worth:
    """What a span is worth now.

    called    what is counted or measured, in words, and of whom
    n, base   the number and what it is a number of, missing where there is none or it is withheld
    percent   the share, from 0 to 100
    word      the word in place of a number that is withheld
    document  the document that it is from; unit_id of its unit of evidence
    """

    called: str
    n: float | None = None
    base: float | None = None
    percent: float | None = None
    word: str = ""
    document: str = ""
    unit_id: str = ""

    @property
    def withheld(self) -> bool:
        """Whether it has no number to show."""
        return self.n is None and self.percent is None


def worth(study: Study, span: Span) -> Worth:
    """Return what a span is worth now. Raises SpanFault for a kind, key, value or number that there is not, or is withheld."""
    kind = KINDS.get(span.kind)
    if kind is None:
        raise SpanFault(repr(span.kind), f"one of {', '.join(KINDS)}", nearest(span.kind, KINDS))
    for key in span.keys:
        _known(f"key {key}", key, (span.kind, *kind.keys))
    found = _elsewhere(kind, study, span.keys) if "except" in span.keys else kind.function(study, span.keys)
    if found.withheld and not found.word:
        raise SpanFault(WITHHELD, "a number of a larger group, or none")
    return found


def _elsewhere(kind: "Kind", study: Study, keys: Mapping[str, str]) -> Worth:
    """Return a number of people in all areas but one: of everybody less those of that area, where both are printed."""
    if "area_id" in keys:
        raise SpanFault("area_id and except", "one of them: an area, or all others")
    asked = {key: value for key, value in keys.items() if key != "except"}
    everybody, here = (kind.function(study, asked | more) for more in ({}, {"area_id": keys["except"]}))
    if None in (everybody.n, here.n, here.base) or here.base == everybody.base:
        raise SpanFault(WITHHELD, "a number of a larger group, or none")
    n, base = everybody.n - here.n, everybody.base - here.base
    return Worth(f"{everybody.called}, outside {study.area(keys['except'])['name']}", n, base, 100 * n / base)


def _known(what: str, value: str, known: Collection[str], expected: str = "") -> str:
    if value in known:
        return value
    listed = expected or f"one of {', '.join(map(str, known))}"
    found = repr(value) if what.endswith(value) else f"{what} {value!r}"
    raise SpanFault(found, listed, nearest(value, known))


def _one(rows: pd.DataFrame, **keys: str) -> pd.Series:
    """Return the one row of a table with these values."""
    for column, value in keys.items():
        known = rows[column].dropna().astype("str")
        _known(column, value, [*dict.fromkeys(known)], HELD)
        rows = rows[known.eq(value).reindex(rows.index, fill_value=False)]
    return rows.iloc[0]


def _group(study: Study, keys: Mapping[str, str]) -> tuple[str, str]:
    """Return the grouping and the group that a span is about."""
    asked = [key for key in (*BY, "by") if key in keys]
    if len(asked) > 1:
        raise SpanFault(" and ".join(asked), "one of them: people are counted by one grouping at a time")
    if ("group" in keys) != (asked == ["by"]):
        found = "by" if "by" in keys else "group"
        raise SpanFault(found, "by and group together: a grouping and one of its groups")
    if not asked:
        return "", "everybody"
    if asked == ["by"]:
        return _known("by", keys["by"], study.settings.groupings), keys["group"]
    value = keys[asked[0]]
    if asked[0] == "area_id":
        names = study.areas.set_index("area_id")["name"]
        value = names[_known("area_id", value, [*names.index], "an area_id of areas.csv")]
    return BY[asked[0]], value


def _refuse_unheard(study: Study, kind: str) -> None:
    if not hears_people(study):
        raise SpanFault(kind, "a kind of number that this study has: nobody was heard in it")


def _counts(study: Study, keys: Mapping[str, str], by: str) -> pd.DataFrame:
    """Return the counts of the code and stance of a span in each group."""
    code, stance = keys[next(iter(keys))], keys.get("stance", "")
    _refuse_unheard(study, "people")
    _known("code", code, themes(study.codebook), "a theme of codebook.csv")
    _known("stance", stance, ("", *STANCES))
    if study.whole and stance and by != "area_id":
        raise SpanFault(f"stance={stance}", "no stance, or people of this area: its report knows no other")
    if by == "client_group" and not study.settings.threshold:
        rows = nothing_withheld(shares_about(study, stance=stance))
    else:
        rows = publishable_counts(study, by=by, stance=stance)
    return rows[rows["code_id"].eq(code)].astype({"group": "str"})


def people(study: Study, keys: Mapping[str, str]) -> Worth:
    """Return how many people raised a theme, or described it so."""
    by, group = _group(study, keys)
    rows = _counts(study, keys, by)
    row = rows[rows["group"].eq(_known("group", group, [*rows["group"]], "a group of people heard"))].iloc[0]
    way = f", as a {keys['stance']}" if keys.get("stance") else ""
    about = f", for {keys['client_group']}" if "client_group" in keys else ""
    return _of_people(f"{row['theme']}{way}{about}, {_whom(study, keys)}", row)


def _of_people(called: str, row: Mapping) -> Worth:
    n, base = (None if pd.isna(value) else int(value) for value in (row["n"], row["base"]))
    words = {"none": NOBODY[0], "all": EVERYBODY[0]}.get(row["words"], row["words"])
    return Worth(called, n, base, _percent_of(n, base), words)


def _percent_of(n: int | None, base: int | None) -> float | None:
    return None if n is None or not base else 100 * n / base


def served(study: Study, keys: Mapping[str, str]) -> Worth:
    """Return how many people see a client group as better or as less well served."""
    level = SERVED[_known("served", keys["served"], SERVED)]
    _refuse_unheard(study, "served")
    keys = dict(keys)
    about = keys.pop("client_group", "")
    by, group = _group(study, keys)
    rows, bases = publishable_served(study, by=by), publishable_bases(study, by=by).set_index("called")
    seen = [*rows["client_group"].unique()]
    _known("client_group", about, seen, "a client group of whom somebody said how it is served")
    base = bases["base"][_known("group", group, [*bases.index], "a group of people heard")]
    row = rows[rows["client_group"].eq(about) & rows["level"].eq(level) & rows["group"].eq(group)]
    printed = pd.notna(base) and base >= study.settings.smallest_group
    nobody = {"n": 0 if printed else None, "base": base, "words": ""}
    called = f"{level}: {about}, {_whom(study, keys)}"
    return _of_people(called, row.iloc[0] if len(row) else nobody)


def _whom(study: Study, keys: Mapping[str, str]) -> str:
    place = f" in {keys['area_type']} areas" if "area_type" in keys else ""
    place = f" in {study.area(keys['area_id'])['name']}" if "area_id" in keys else place
    place = f" ({keys['by']}: {keys['group']})" if "by" in keys else place
    return keys.get("heard_from", f"people heard{place}")


def areas(study: Study, keys: Mapping[str, str]) -> Worth:
    """Return in how many areas anybody raised a theme, or described it so; of one kind of area where that is asked for."""
    if study.part_of:
        raise SpanFault("areas", "people or base: the report on one area knows no other")
    rows = _counts(study, keys, "area_id")
    if "area_type" in keys:
        of_kind = kinds_of(study.areas["area_type"]).eq(keys["area_type"])
        rows = rows[rows["group"].isin(study.areas.loc[of_kind, "name"])]
    known = rows["n"].notna() | rows["words"].ne("")
    n = int(rows["least"].gt(0).sum()) if len(rows) and known.all() else None
    label = code_names(study.codebook)[keys["areas"]]
    called = f"{label}{', as a ' * bool(keys.get('stance'))}{keys.get('stance', '')}, areas where anybody raised it"
    return Worth(called, n, len(rows), _percent_of(n, len(rows)))


def base(study: Study, keys: Mapping[str, str]) -> Worth:
    """Return how many people were heard, of a group where one is asked for; or how many interviews or areas there were."""
    counted = _known("base", keys["base"] or "people", ("people", "interviews", "areas"))
    if counted == "areas":
        kinds = n_areas_of_kind(study)
        kind = keys.get("area_type", "")
        n = kinds[_known("area_type", kind, kinds)] if kind else sum(kinds.values())
        return Worth(f"{kind} areas in the study".strip().capitalize(), n)
    if counted == "interviews":
        return Worth("Interviews", n_heard(study)[1])
    by, group = _group(study, keys)
    rows = publishable_bases(study, by=by).astype({"called": "str"}).set_index("called")["base"]
    n = rows[_known("group", group, [*rows.index], "a group of people heard")]
    return Worth(_whom(study, keys).replace("people heard", "People heard"), None if pd.isna(n) else int(n))


def kpi(study: Study, keys: Mapping[str, str]) -> Worth:
    """Return a value of a performance measure: of a period, or the first, last, lowest, highest, mean (of the regular periods) or target."""
    values = study.kpi_values
    own = _one(values, kpi_id=keys["kpi"])
    rows = values[values["kpi_id"].eq(keys["kpi"])].dropna(subset="value")
    if "period" in keys:
        row = _one(rows, period=keys["period"])
        return _percent(f"{own['label']}, {keys['period']}", row["value"], own, keys["kpi"])
    statistic = _known("statistic", keys.get("statistic", ""), STATISTICS)
    if rows.empty:
        raise SpanFault(NOT_HELD, HELD)
    regular = next(own for own in regular_periods(rows) if own["kpi_id"].iloc[0] == keys["kpi"])
    found = {
        "first": rows["value"].iloc[0],
        "last": rows["value"].iloc[-1],
        "lowest": rows["value"].min(),
        "highest": rows["value"].max(),
        "mean": regular["value"].mean(),
        "target": rows["target"].dropna().iloc[-1] if rows["target"].notna().any() else None,
    }
    return _percent(f"{own['label']}, {statistic}", found[statistic], own, keys["kpi"])


def _percent(called: str, value, row: pd.Series, unit_id: str, base=None) -> Worth:
    if pd.isna(value):
        raise SpanFault(NOT_HELD, HELD)
    n = None if pd.isna(base) else int(base)
    return Worth(called, None, n, float(value), document=row["document_id"], unit_id=unit_id)


def survey(study: Study, keys: Mapping[str, str]) -> Worth:
    """Return the share of positive answers to a question of a survey, or how many people answered the survey of a document."""
    answers = study.survey_answers.merge(study.survey_items[["item_id", "document_id"]], on="item_id")
    kind = keys.get("area_type", "")
    if keys["survey"] in {*answers["document_id"]} and not study.part_of and not kind:
        n = answers.loc[answers["document_id"].eq(keys["survey"]), "respondent_id"].nunique()
        n = n if n >= study.settings.threshold else None
        return Worth("People who answered", n, document=keys["survey"])
    row = _one(study.survey_items, item_id=keys["survey"])
    if pd.notna(row["percent"]) and not kind:
        return _percent(row["label"], row["percent"], row, keys["survey"], row["base"])
    if study.part_of and study.settings.threshold:
        raise SpanFault("survey", "people or base: answers are not protected area by area")
    rows = publishable_answers(study, by="area_type" if kind else "")
    rows = rows[rows["group"].eq(_known("area_type", kind, [*rows["group"].unique()]))] if kind else rows
    row = _one(rows, item_id=keys["survey"])
    n, base = (None if pd.isna(row[name]) else int(row[name]) for name in ("n_positive", "base"))
    share = None if pd.isna(row["share"]) else 100 * row["share"]
    called = f"{row['label']}, {kind} areas" if kind else row["label"]
    return Worth(called, n, base, share, document=row["document_id"], unit_id=keys["survey"])


def comments(study: Study, keys: Mapping[str, str]) -> Worth:
    """Return the number of comments of a category, of all comments on its question."""
    row = _one(study.comment_counts, category_id=keys["comments"])
    n, base = (None if pd.isna(row[name]) else int(row[name]) for name in ("n", "question_total"))
    percent = row["published_percent"]
    percent = _percent_of(n, base) if pd.isna(percent) else float(percent)
    called = f"{row['category']}, comments on {row['question_label']}"
    return Worth(called, n, base, percent, document=row["document_id"], unit_id=keys["comments"])


def poll(study: Study, keys: Mapping[str, str]) -> Worth:
    """Return the share of one answer in a poll."""
    row = _one(study.poll_results, poll_item_id=keys["poll"])
    called = f"{row['label']}, {ANSWERED.get(row['direction'], row['direction'])}"
    return _percent(called, row["percent"], row, keys["poll"], row["base"])


def statistic(study: Study, keys: Mapping[str, str]) -> Worth:
    """Return a published statistic of an area and period, or its share of the number of the area that it is of."""
    asked = {"series": keys["statistic"]} | {name: keys[name] for name in OF_STATISTIC if name in keys}
    _one(study.statistics, **asked)
    rows = study.statistics[(study.statistics[list(asked)].astype("str") == pd.Series(asked)).all(axis=1)]
    if len(rows) > 1:
        raise SpanFault(f"{len(rows)} numbers of this series", "an area_id and a period that have one")
    row = rows.iloc[0]
    value = None if pd.isna(row["value"]) else float(row["value"])
    called = f"{row['series']}, {study.area(row['area_id'])['name']}, {row['period']}"
    base = None if pd.isna(row["base"]) else float(row["base"])
    if "of" in keys:
        return Worth(*_share(study, row, called, keys["of"]), document=row["document_id"])
    number = (None, base, value) if row["unit"] in ("%", "percent") else (value, base, None)
    return Worth(called, *number, document=row["document_id"])


def _share(study: Study, row: pd.Series, called: str, area_id: str) -> tuple[str, None, None, float]:
    """Return what a share of an area's number is called and is, to one decimal, where all sources of that number give the same."""
    area = _known("of", area_id, [*study.areas["area_id"]], "an area of areas.csv")
    same = study.statistics[["series", "period"]].eq(row[["series", "period"]]).all(axis=1)
    wholes = study.statistics.loc[same & study.statistics["area_id"].eq(area), "value"].dropna()
    shares = {float(rounded(share, 1)) for share in (100 * row["value"] / wholes[wholes.gt(0)]).dropna()}
    if len(shares) != 1:
        raise SpanFault(f"{len(shares)} shares", "numbers of that area and period that give one")
    return f"{called}, share of {study.area(area)['name']}", None, None, shares.pop()


def points(study: Study, keys: Mapping[str, str]) -> Worth:
    """Return how many points are about a code, or describe it so."""
    if study.settings.threshold:
        raise SpanFault("points", "people, areas or base: behind a point there may be one person")
    rows = passage_evidence(study, facet="all").query("unit == 'points'")
    kinds = study.points.set_index("point_id")["kind"].astype("str")
    rows = rows[~rows["unit_id"].map(kinds).isin(BACKGROUND)]
    code = _known("code", keys["points"], [*study.codebook["code_id"]], "a code of codebook.csv")
    rows = rows[rows["code_id"].astype("str").eq(code)]
    rows = rows[rows["stance"].eq(keys["stance"])] if keys.get("stance") else rows
    return Worth(f"Points on {code_names(study.codebook)[code].lower()}", rows["unit_id"].nunique())


@dataclass(frozen=True)
class Kind:
    """A kind of span: what works it out, and the keys that it may have after its first."""

    function: Callable[[Study, Mapping[str, str]], Worth]
    keys: tuple[str, ...] = ()


KINDS = {
    "people": Kind(people, ("stance", *BY, "by", "group", "except")),
    "served": Kind(served, (*BY, "except")),
    "areas": Kind(areas, ("stance", "area_type")),
    "base": Kind(base, (*BY, "by", "group")),
    "kpi": Kind(kpi, ("statistic", "period")),
    "survey": Kind(survey, ("area_type",)),
    "comments": Kind(comments),
    "poll": Kind(poll),
    "statistic": Kind(statistic, (*OF_STATISTIC, "of")),
    "points": Kind(points, ("stance",)),
}
