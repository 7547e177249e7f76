"""Was each paragraph of a source read: does a point rest on it, or is there a reason why none does?"""

from collections.abc import Iterator

import pandas as pd

from ncsresearch.ingest.table_file import Fault

PLACE = ["document_id", "paragraph"]


def unread(texts: dict[str, pd.DataFrame]) -> list[Fault]:
    """Return the faults of points and paragraphs in what they say of each other; the tables have their cells as text.

    A study whose paragraphs are not listed may have points all the same; of a document with listed paragraphs each has a point
    that rests on it or a reason, and not both, and points rest on listed paragraphs alone.
    """
    points, paragraphs = texts["points"], texts["paragraphs"]
    if points.empty and paragraphs.empty:
        return []
    return [*_backwards(points), *_in_a_ring(points), *_without_a_reading(points, paragraphs)]


def _backwards(points: pd.DataFrame) -> Iterator[Fault]:
    first, last = (points[name].astype("int64") for name in ("first_paragraph", "last_paragraph"))
    for row in points.index[last < first]:
        expected = f"a paragraph from {first[row]} on, the point's first"
        yield Fault("points.csv", row + 2, "last_paragraph", repr(str(last[row])), expected)


def _in_a_ring(points: pd.DataFrame) -> Iterator[Fault]:
    """Points that qualify each other in a ring, or themselves, so that none would come first."""
    if "qualifies" not in points:
        return
    above = points.set_index("point_id")["qualifies"].dropna().to_dict()
    for row, point_id in points["point_id"].items():
        seen, at = {point_id}, above.get(point_id)
        while at is not None and at not in seen:
            seen.add(at)
            at = above.get(at)
        if at == point_id:
            expected = "a point that does not in turn qualify this one"
            yield Fault("points.csv", row + 2, "qualifies", repr(above[point_id]), expected)


def _without_a_reading(points: pd.DataFrame, paragraphs: pd.DataFrame) -> Iterator[Fault]:
    listed = paragraphs.assign(paragraph=paragraphs["paragraph"].astype("int64"))
    rests = _rests_on(points[points["document_id"].isin(listed["document_id"])])
    known = pd.MultiIndex.from_frame(listed[PLACE])
    for row in rests[~pd.MultiIndex.from_frame(rests[PLACE]).isin(known)].drop_duplicates("row").itertuples():
        expected = f"paragraphs that paragraphs.csv lists of {row.document_id}"
        yield Fault("points.csv", row.row, "last_paragraph", repr(str(row.paragraph)), expected)
    has_point = known.isin(pd.MultiIndex.from_frame(rests[PLACE]))
    reasons = listed.reindex(columns=["no_point_because"])["no_point_because"]
    for row, reason in reasons[has_point == reasons.notna()].items():
        found, expected = (repr(reason), BOTH) if isinstance(reason, str) else ("nothing", NEITHER)
        yield Fault("paragraphs.csv", row + 2, "no_point_because", found, expected)


def _rests_on(points: pd.DataFrame) -> pd.DataFrame:
    """Return each point's row in its file with each paragraph it rests on."""
    ends = points[["first_paragraph", "last_paragraph"]].astype("int64")
    paragraphs = [range(first, last + 1) for first, last in ends.itertuples(index=False)]
    rests = points[["document_id"]].assign(row=points.index + 2, paragraph=paragraphs).explode("paragraph")
    return rests.dropna().astype({"paragraph": "int64"})


BOTH = "nothing, since a point rests on the paragraph"
NEITHER = "a reason, or a point in points.csv that rests on the paragraph"
