"""What of a study does a finding rest on? Told by how its rows are found, so that it can be asked of an earlier state too."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from ncsresearch.disclosure.spans import BY, OF_STATISTIC, SERVED
from ncsresearch.evidence.judgements import reporting_coder
from ncsresearch.ingest.findings_file import Citation, Paragraph, Span
from ncsresearch.present.written import plain
from ncsresearch.review.authors import file_of, paragraphs_of
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, codes_above

Scope = dict[str, list[str]]  # columns of study_rows, and the values that a row may have there
OF_PEOPLE = ["access", "strict", "reporting_coder"]  # settings that decide what counts of people say
UNITS = ["point", "passage", "survey question", "figure", "action"]
TRUST, CHECKED = "11_trust_in_the_coding", "12_published_figures_checked"
# what a sentence by rule rests on, where it names no theme and cites nothing
OF_CHAPTER = {
    "08_staff_consultation": [{"kind": ["figure"], "of": ["comment_counts", "poll_results"]}],
    "09_service_performance": [{"kind": ["figure"], "of": ["kpi_values", "ratings"]}, {"kind": ["action"]}],
    "10_survey": [{"kind": ["survey question", "survey answer"]}],
    TRUST: [{"kind": ["coding"]}],
    CHECKED: [{"kind": ["figure", "area", "survey question"]}],
    "13_points_counted": [{"kind": ["point", "coding"]}],
    "14_interviews_and_survey": [{"kind": ["survey question", "survey answer"]}],
}
OTHERWISE = [{"kind": ["person", "interview"]}]


def basis(study: Study, finding: Mapping) -> list[Scope]:
    """Return what a finding rests on: scopes, each of which a row may be within, as within has them.

    finding   an entry of findings.json

    A finding that an author wrote rests on what its quantities count and its citations name; a sentence by rule on what it is about.
    """
    paragraphs = _written(study, finding) if finding.get("written") else []
    spans = [span for paragraph in paragraphs for span in paragraph.of(Span)]
    found = [scope for span in spans for scope in SCOPES[span.kind](study, span.keys)]
    found += [scope for paragraph in paragraphs for scope in _cited(study, paragraph)]
    found += [] if finding.get("written") else _by_rule(study, finding)
    found += [{"kind": UNITS, "unit": [*finding["evidence"]]}] if finding["evidence"] else []
    return [scope for place, scope in enumerate(found) if scope not in found[:place]]


def within(rows: pd.DataFrame, scopes: list[Scope]) -> pd.DataFrame:
    """Return the rows of study_rows that are within one of some scopes."""
    chosen = np.zeros(len(rows), dtype=bool)
    for scope in scopes:
        chosen |= np.logical_and.reduce([_has(rows[column], {*values}) for column, values in scope.items()])
    return rows[chosen]


def _has(cells: pd.Series, values: set[str]) -> np.ndarray:
    """Return which cells have one of some values; cells of groups have a line each."""
    if cells.name == "row_id":
        return cells.isin(values).to_numpy()
    named = cells.cat.categories
    if cells.name == "groups":
        known = np.array([not values.isdisjoint(each.split("\n")) for each in named])
    else:
        known = np.zeros(len(named), dtype=bool)
        known[[place for place in named.get_indexer([*values]) if place >= 0]] = True
    return known[cells.cat.codes]


def _written(study: Study, finding: Mapping) -> list[Paragraph]:
    """Return the paragraph of a finding, that of its words or else of its place, with its heading where it is the first below it."""
    file = file_of(study.findings, finding["chapter"], finding["area_id"])
    told = paragraphs_of(file) if file else {}
    at_place = told.get(finding["name"], [])
    said = [own for own in told.values() if finding["sentence"].startswith(plain(own[-1]))]
    return at_place if at_place in said else next(iter(said), at_place)


def _cited(study: Study, paragraph: Paragraph) -> Iterator[Scope]:
    if paragraph.of(Citation):
        units = [unit for _, unit in paragraph.cited]
        shown = study.points.loc[study.points["point_id"].isin(units), "segment_id"].dropna()
        yield {"kind": ["point", "passage"], "unit": [*units, *shown]}


def _group(study: Study, keys: Mapping[str, str]) -> list[str]:
    """Return the group of people that a quantity is about, as study_rows has it; none for everybody."""
    if "by" in keys:
        return [f"{keys['by']}={keys['group']}"]
    names = study.areas.set_index("area_id")["name"]
    asked = [(by, keys[key]) for key, by in BY.items() if key in keys and key != "client_group"]
    return [f"{by}={names.get(value, value) if by == 'area_id' else value}" for by, value in asked]


def _of(kind: str, groups: list[str]) -> Scope:
    """Return the rows of a kind, of some groups or all."""
    return {"kind": [kind]} | ({"groups": groups} if groups else {})


def _heard(groups: list[str]) -> list[Scope]:
    """Return the people of some groups, or all, with their areas, and the settings that say what counts of them may show."""
    places = [_of("area", groups)] if groups and groups[0].startswith("area_") else []
    return [_of("person", groups), *places, {"kind": ["setting"], "row_id": OF_PEOPLE}]


@lru_cache(maxsize=2)
def _below(study: Study) -> dict[str, set[str]]:
    pairs = codes_above(study.codebook)
    return {code: {*own} for code, own in pairs.groupby("counts_for")["code_id"]}


def _with_narrower(study: Study, codes: Iterable[str]) -> list[str]:
    return sorted(set().union(*(_below(study)[code] for code in codes)))


def _raised(
    study: Study, codes: Iterable[str], groups: list[str], *, stances: Collection[str] = (), about: str = ""
) -> list[Scope]:
    """Return what people of some groups said under some codes and those below them, as the reporting coder judged it."""
    codes = _with_narrower(study, codes)
    chosen = {"stance": [*stances], "groups": groups, "about": [about] if about else []}
    coding = _coding(study, codes, ["segments", "interviews"], **chosen)
    return [coding, {"kind": ["theme"], "code_id": codes}, *_heard(groups)]


def _coding(study: Study, codes: list[str], of: list[str], **chosen: list[str]) -> Scope:
    """Return the judgements of the reporting coder on some units under some codes, narrowed by what is chosen."""
    coding = {"kind": ["coding"], "code_id": codes, "coder": [reporting_coder(study)], "of": of}
    return coding | {name: values for name, values in chosen.items() if values}


def _people(study: Study, keys: Mapping[str, str]) -> list[Scope]:
    about = keys.get("client_group", "")
    return _raised(study, [keys["people"]], _group(study, keys), stances=_stance(keys), about=about)


def _stance(keys: Mapping[str, str]) -> list[str]:
    return [keys["stance"]] if keys.get("stance") else []


def _served(study: Study, keys: Mapping[str, str]) -> list[Scope]:
    book = study.codebook
    level = book["facet"].eq("service level") & book["label"].eq(SERVED[keys["served"]])
    about = keys.get("client_group", "")
    return _raised(study, book.loc[level, "code_id"], _group(study, keys), about=about)


def _areas(study: Study, keys: Mapping[str, str]) -> list[Scope]:
    groups = _group(study, keys)
    return [*_raised(study, [keys["areas"]], groups, stances=_stance(keys)), _of("area", groups)]


def _base(study: Study, keys: Mapping[str, str]) -> list[Scope]:
    counted, groups = keys["base"] or "people", _group(study, keys)
    if counted == "people":
        return _heard(groups)
    return [_of({"interviews": "interview", "areas": "area"}[counted], groups)]


def _survey(study: Study, keys: Mapping[str, str]) -> list[Scope]:
    items = study.survey_items
    asked = items["item_id"].eq(keys["survey"]) | items["document_id"].eq(keys["survey"])
    units = [*items.loc[asked, "item_id"]]
    answers = _of("survey answer", _group(study, keys)) | {"unit": units}
    settings = {"kind": ["setting"], "row_id": ["surveys"]}
    return [{"kind": ["survey question"], "unit": units}, answers, settings]


def _statistic(study: Study, keys: Mapping[str, str]) -> list[Scope]:
    rows = study.statistics
    asked = {"series": keys["statistic"]} | {name: keys[name] for name in OF_STATISTIC if name in keys}
    own = (rows[list(asked)].astype("str") == pd.Series(asked)).all(axis=1)
    whole = rows["area_id"].eq(keys.get("of", "")) & rows["series"].eq(keys["statistic"])
    own |= whole & rows["period"].isin(rows.loc[own, "period"])
    key = ["document_id", "area_id", "series", "period"]
    return [{"kind": ["figure"], "row_id": [*("statistics/" + rows.loc[own, key].agg("/".join, axis=1))]}]


def _points(study: Study, keys: Mapping[str, str]) -> list[Scope]:
    return [_coding(study, [keys["points"]], ["points"], stance=_stance(keys))]


def _figure(_: Study, keys: Mapping[str, str]) -> list[Scope]:
    return [{"kind": ["figure"], "unit": [*keys.values()][:1]}]


SCOPES: dict[str, Callable[[Study, Mapping[str, str]], list[Scope]]] = {
    "people": _people,
    "served": _served,
    "areas": _areas,
    "base": _base,
    "kpi": _figure,
    "survey": _survey,
    "comments": _figure,
    "poll": _figure,
    "statistic": _statistic,
    "points": _points,
}


def _by_rule(study: Study, finding: Mapping) -> list[Scope]:
    """Return what a sentence by rule rests on: what was said under the themes it names, or what its chapter is about."""
    about, names = finding["about"], code_names(study.codebook)
    codes = [*names[names.isin(about["themes"])].index]
    if finding["evidence"]:
        return []
    if finding["name"] in ("status", "sources"):
        return [*OTHERWISE, {"kind": ["setting"], "row_id": ["status", "evidence_date"]}]
    if not codes or study.participants.empty:
        return _of_place(study, finding)
    if finding["chapter"] == TRUST:
        return [{"kind": ["coding", "theme"], "code_id": _with_narrower(study, codes)}]
    groups = [f"area_type={kind}" for kind in about["area_types"]]
    groups = groups or [f"area_id={area}" for area in about["areas"]]
    if finding["area_id"] and not groups:
        groups = [f"area_id={study.area(finding['area_id'])['name']}"]
    return _raised(study, codes, groups, stances=about["stances"])


def _of_place(study: Study, finding: Mapping) -> list[Scope]:
    """Return what a sentence by rule on no theme rests on: its area and who was heard there, or what its chapter is about."""
    if finding["area_id"]:
        here = [f"area_id={study.area(finding['area_id'])['name']}"]
        return [_of(kind, here) for kind in ("area", "person", "interview")]
    named = [f"area_id={name}" for name in finding["about"]["areas"]]
    if named and finding["chapter"] == CHECKED:
        return [_of("figure", named)]
    return OF_CHAPTER.get(finding["chapter"], OTHERWISE)
