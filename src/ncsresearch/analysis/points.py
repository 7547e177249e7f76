"""What do the sources say, point by point: in each section, or under each theme, kind of area or client group?"""

from collections.abc import Callable, Collection, Iterator
from functools import partial

import pandas as pd

from ncsresearch.evidence.kinds import AREA_KINDS
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.schema import STANCES, one_of
from ncsresearch.study import Study
from ncsresearch.study.frames import framed
from ncsresearch.study.narrowing import points_held_by

BACKGROUND = ("context", "method")
NO_FINDING = ("suggestion", *BACKGROUND)
WHOLE = ("section", "key points")  # groupings that give a point one group alone
APART = "area_type"  # the grouping in which a point is put below no point of another group than its own
OPPOSITE = {"strength", "challenge"}
COLUMNS = [
    *("group", "stance", "depth", "point_id", "statement", "kind", "held_by", "how_widely"),
    *("document_id", "section", "first_paragraph", "last_paragraph", "segment_id"),
]


def points(study: Study, *, by: str = "section") -> pd.DataFrame:
    """What the study's documents say, one sentence a point, with what qualifies a point after it.

    by   section (of the documents, in their order), theme, area_type (the kind of area a point is about), client_group (whom
         it is about), factor (helps or hinders), service level (better or less well served), or key points (those a document
         puts first)

    Returns one row per group and point, in the order of the groups, with
        group, stance         the group, and how the first of the points that belong together describes it
        depth                 0 for a point of the group, 1 for its example, condition or other view, 2 for one of that
        point_id, statement, kind, held_by, how_widely   the point
        document_id, section, first_paragraph, last_paragraph, segment_id   where it is

    Raises StudyError for another grouping. By theme, area_type and client_group suggestions, context and method are left out.
    Caution: how widely a point is held is the source's own word; the number of points says nothing about it.
    """
    grouped = GROUPED[one_of("grouping of points", by, GROUPED)](study)
    elsewhere = (
        set(study.points["point_id"]) if by in WHOLE else set(grouped["point_id"]) if by == APART else ()
    )
    rows = list(_in_order(study, grouped, elsewhere))
    rows = pd.DataFrame(rows, columns=["group", "stance", "depth", "point_id"])
    said = study.points.merge(rows, on="point_id").set_index(["group", "point_id"], drop=False)
    found = said.loc[list(zip(rows["group"], rows["point_id"], strict=True))].reset_index(drop=True)
    return framed(found[COLUMNS], f"points by {by}", study, by=by)


def _in_order(study: Study, grouped: pd.DataFrame, elsewhere: Collection[str]) -> Iterator[tuple]:
    """Yield group, stance, depth and id of each point, those that qualify another right after it.

    elsewhere   points that are put after one of their own group alone, as where every point has its group

    A strength that qualifies a challenge of the group, or the other way round, is a point of its own there.
    """
    qualified = study.points.set_index("point_id")["qualifies"]
    for group, own in grouped.groupby("group", sort=False, observed=True):
        ways = own.set_index("point_id")["stance"]
        sides = zip(ways, ways.index.map(qualified).map(ways), strict=True)
        above = qualified.drop(ways.index[[set(both) == OPPOSITE for both in sides]])
        asked = above[above.index.isin(own["point_id"]) | ~above.index.isin(elsewhere)]
        below = asked.dropna().reset_index().groupby("qualifies")["point_id"].agg(list).to_dict()
        told: set[str] = set()
        first = own[~own["point_id"].map(above).isin(own["point_id"])]
        for row in pd.concat([first, own]).itertuples():
            for depth, point_id in _with_those_below(row.point_id, below, told):
                yield str(group), row.stance, depth, point_id


def _with_those_below(
    point_id: str, below: dict, told: set[str], depth: int = 0
) -> Iterator[tuple[int, str]]:
    if point_id in told:
        return
    told.add(point_id)
    yield depth, point_id
    for each in below.get(point_id, ()):
        yield from _with_those_below(each, below, told, depth + 1)


def _by_section(study: Study) -> pd.DataFrame:
    rows = study.points.sort_values(["document_id", "ordinal"], key=_in_study_order(study), kind="stable")
    return rows.assign(group=_sections(study, rows), stance="")[["point_id", "group", "stance"]]


def _in_study_order(study: Study) -> Callable[[pd.Series], pd.Series]:
    places = {name: place for place, name in enumerate(study.documents["document_id"])}
    return lambda values: values.map(places) if values.name == "document_id" else values


def _sections(study: Study, rows: pd.DataFrame) -> pd.Series:
    """Return the section of each point, after the title of its document where there are several."""
    documents = study.documents.set_index("document_id")
    titles = rows["document_id"].map(documents["short_title"].fillna(documents["title"]))
    sections = rows["section"].fillna("")
    if rows["document_id"].nunique() < 2:
        return sections.mask(sections.eq(""), titles)
    return titles + sections.where(sections.eq(""), ": " + sections)


def _judged(study: Study, facet: str = "theme", *, leave_out: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the judgements of points under a facet, in the order of how they describe it and of their documents."""
    evidence = passage_evidence(study, facet=facet).query("unit == 'points'")
    kinds = study.points.set_index("point_id")["kind"].astype("str")
    rows = evidence.rename(columns={"unit_id": "point_id"})
    rows = rows[~rows["point_id"].map(kinds).isin(leave_out)]
    order = rows["stance"].astype("str").map({stance: place for place, stance in enumerate(STANCES)})
    rows = rows.assign(order=order, stance=rows["stance"].astype("object").fillna(""))
    return rows.sort_values("order", kind="stable")


def _under(rows: pd.DataFrame, column: str, order: list[str]) -> pd.DataFrame:
    groups = rows[column].astype("object").astype(pd.CategoricalDtype(order, ordered=True))
    rows = rows.assign(group=groups).dropna(subset="group").sort_values("group", kind="stable")
    return rows.drop_duplicates(["group", "point_id"])[["point_id", "group", "stance"]]


def _by_theme(study: Study) -> pd.DataFrame:
    rows = _judged(study, leave_out=NO_FINDING)
    return _under(rows, "theme", list(rows["theme"].cat.categories))


def _by_client_group(study: Study) -> pd.DataFrame:
    rows = _judged(study, facet="all", leave_out=NO_FINDING)
    return _under(rows, "client_group", sorted(rows["client_group"].dropna().unique(), key=str.casefold))


def _by_code(study: Study, *, facet: str) -> pd.DataFrame:
    rows = _judged(study, facet=facet)
    return _under(rows, "theme", list(rows["theme"].cat.categories))


def _key_points(study: Study) -> pd.DataFrame:
    first = study.segments.loc[study.segments["kind"].eq("key point"), "segment_id"]
    shown_by = study.points.loc[study.points["segment_id"].isin(first), "point_id"]
    rows = _by_section(study)
    return rows[rows["point_id"].isin(shown_by)]


GROUPED: dict[str, Callable[[Study], pd.DataFrame]] = {
    "section": _by_section,
    "theme": _by_theme,
    "area_type": lambda study: _under(_judged(study, leave_out=BACKGROUND), "area_kind", list(AREA_KINDS)),
    "client_group": _by_client_group,
    "factor": partial(_by_code, facet="factor"),
    "service level": partial(_by_code, facet="service level"),
    "key points": _key_points,
}


def said_of_no_area(study: Study) -> Study:
    """Return the study with the points of documents about no one area; of none for an area that is apart from the others."""
    about = study.documents.set_index("document_id")["area_id"]
    general = study.points["document_id"].map(about).isna()
    return study.holding(points=study.points[general & (not apart(study.areas, study.part_of))])


def apart(areas: pd.DataFrame, area_id: str) -> bool:
    """Whether the classes of a study's other areas do not apply to an area: what is said of those is no evidence on it."""
    types = areas.set_index("area_id")["area_type"]
    classed = ~types.isin(["not_classified", "cross_area"])
    return bool(types[area_id] == "not_classified" and classed.any())


def held_by(study: Study, group: str) -> Study:
    """Return the part of a study's points that a group holds, alone or with others, as its documents name it."""
    return study.holding(points=points_held_by(study.points, group))
