"""What the sources say, point by point, and what to ask about it, as a list under headings: a page and Word show the list, files the table."""

import re
from dataclasses import dataclass
from html import escape
from itertools import groupby

import pandas as pd

from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.present.area_ways import question_on_themes
from ncsresearch.present.cautions import cautioned
from ncsresearch.present.outputs import TABLE, Finding, Table
from ncsresearch.present.people_heard import rests_on
from ncsresearch.present.sentence import capital, lower_first
from ncsresearch.present.table import cited, titles
from ncsresearch.present.wording import phrase, worded_table, words
from ncsresearch.present.written import is_written
from ncsresearch.schema import STANCES
from ncsresearch.study import Study
from ncsresearch.study.frames import area_of, study_of

FOLDED = ("theme", "client_group")  # lists of many parts, of which one is looked up
# as a source says how widely a thing is held
SINGLE = ("one view", "one area", "one interview", "one person")


@dataclass(frozen=True)
class PointList(Table):
    """A table whose rows read as sentences below headings, what qualifies a sentence indented under it.

    folded  whether a page folds its parts and Word leaves the list to the workbook

    Its rows have group and way (the headings of a sentence), depth, statement, and place: who says it, how widely, and where.
    """

    folded: bool = False

    def to_html(self) -> str:
        """The list as HTML: the headings, the sentences, and after each who says it and where; a long one folds its parts."""
        rows = self.rows.to_dict("records")
        parts = [(group, list(own)) for group, own in groupby(rows, key=lambda row: row["group"])]
        folded = self.folded and len(parts) > 1
        shown = "".join(_section(group if len(parts) > 1 else "", own, folded) for group, own in parts)
        return f'<div class="points">{shown}<p class="base">{escape(self.below())}</p></div>'

    def below(self) -> str:
        """What a sentence of the list is, and its source; its words are no marks of withheld numbers."""
        return " ".join(filter(None, [self.note, f"Source: {self.source}."]))

    def _repr_mimebundle_(self, **_) -> dict:
        made = super()._repr_mimebundle_()
        return made | {TABLE: made[TABLE] | {"listed": "folded" if self.folded else "whole"}}


def _section(group: str, rows: list[dict], folded: bool) -> str:
    ways = groupby(rows, key=lambda row: row["way"])
    parts = "".join(f"{f'<p>{escape(way)}</p>' if way else ''}{_listed(list(own))}" for way, own in ways)
    if folded:
        return f"<details><summary>{escape(capital(group))}</summary>{parts}</details>"
    return f"<h3>{escape(capital(group))}</h3>{parts}" if group else parts


def _listed(rows: list[dict], depth: int = 0) -> str:
    """Return sentences of one depth as a list, those of a greater depth in a list of their own after the one they follow."""
    together: list[list[dict]] = []
    for row in rows:
        if row["depth"] > depth:
            together[-1].append(row)
        else:
            together.append([row])
    return f"<ul>{''.join(_item(first, below, depth) for first, *below in together)}</ul>"


def _item(row: dict, below: list[dict], depth: int) -> str:
    nested = _listed(below, depth + 1) if below else ""
    place = f" <small>({escape(row['place'])})</small>" if row["place"] else ""
    return f"<li>{escape(row['statement'])}{place}{nested}</li>"


def say_served(points: pd.DataFrame) -> Finding | None:
    """Say which client groups are seen as better and as less well served: in general, where a source says so of any.

    Nothing where the authors have written of it, since they say under which condition.
    """
    if study_of(points).findings:
        return None
    evidence = passage_evidence(study_of(points), facet="service level").dropna(subset="client_group")
    widely = evidence["unit_id"].map(study_of(points).points.set_index("point_id")["how_widely"])
    general = bool(widely.eq("general").any())
    named = evidence[widely.eq("general") if general else ~widely.isin(SINGLE)]
    groups = named.astype({"code_id": "str"}).groupby("code_id")["client_group"].unique()
    better, less = (set(groups.get(code, ())) for code in ("better_served", "less_well_served"))
    if not better and not less:
        return None
    sides = {"better": sorted(better - less), "less": sorted(less - better), "general": general}
    said = [phrase("served", "says", **sides)] if better ^ less else []
    said += [phrase("served", "mixed", groups=sorted(better & less))] if better & less else []
    said.append(phrase("served", "more"))
    of = {
        "source": cited(study_of(points), evidence["document_id"].unique()),
        "numbers": {"better": len(better), "less": len(less)},
    }
    return Finding("served", " ".join(said), **of)


def table_points(points: pd.DataFrame) -> PointList | None:
    """Return points as a list under their groups, and how they describe them where that is said."""
    if points.empty:
        return None
    study, by = study_of(points), points.attrs["by"].replace(" ", "_")
    several = study.points["document_id"].nunique() > 1
    ways = words("sentences")["described_as"]
    rows = with_places(points, study).assign(way=points["stance"].map(ways).fillna(""))
    if by == "area_type":
        rows["group"] = [capital(phrase("kinds_of_area", kind)) for kind in rows["group"]]
    elif by == "section":
        rows["group"] = [_heading(section) for section in rows["group"]]
    other = rows["kind"].astype("str").eq("other view") & rows["depth"].gt(0)
    rows.loc[other, "statement"] = [
        phrase("points", "other_view", statement=said) for said in rows.loc[other, "statement"]
    ]
    rows["place"] = [place_of(row, several=several) for row in rows.itertuples()]
    made = worded_table(
        "points",
        rows,
        name=f"points_by_{by}",
        source=cited(study, rows["document_id"]),
        by=f"{phrase('points', 'says', by=by)}, {phrase('points', by)}",
    )
    written = not study.part_of and by != "key_points" and bool(study.findings)
    return PointList(**vars(made), folded=(by in FOLDED or written) and rows["group"].nunique() > 1)


def _heading(section: str) -> str:
    """Return the heading of a section as one reads it: no capitals throughout, and no dash after it."""
    words = section.rstrip(" –")
    return (
        re.sub("[a-z]", lambda first: first[0].upper(), words.lower(), count=1) if words.isupper() else words
    )


def as_described(stance: str) -> str:
    """Return a stance, or none, as a sentence goes on: described as a strength."""
    return lower_first(phrase("described_as", str(stance) if str(stance) in STANCES else "neutral"))


def with_places(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return points with the document and the paragraphs that each is from, in words; empty for what is from none."""
    paragraphs = [
        "" if pd.isna(first) else f"paragraph {first}" if first == last else f"paragraphs {first} to {last}"
        for first, last in rows[["first_paragraph", "last_paragraph"]].astype("Int64").itertuples(index=False)
    ]
    return rows.assign(document=titles(study, rows["document_id"]), paragraphs=paragraphs)


def place_of(row, *, several: bool) -> str:
    """Return who says a point, how widely by the source's word, and where it is."""
    widely = {"not said": "", "general": phrase("points", "general")}.get(row.how_widely, row.how_widely)
    who = "; ".join(filter(None, ["" if pd.isna(row.held_by) else row.held_by, widely]))
    where = f"{row.document}, {row.paragraphs}" if several else row.paragraphs
    return "; ".join(filter(None, [who, where]))


def table_questions(questions: pd.DataFrame) -> PointList | None:
    """Return the questions, each with what it arises from: the point in full where no author has written of the area.

    Those that the study has not put into words are by rule, and of people they have the numbers that each arises from.
    """
    if questions.empty:
        return None
    study = study_of(questions)
    brief, by_rule = is_written(study), questions["question"].isna().all()
    rows: list[tuple] = []
    for row in with_places(_in_words(questions), study).itertuples():
        where = f"{row.document}, {row.paragraphs}" if brief and row.paragraphs else ""
        rows.append((0, row.question, where))
        if row.paragraphs and not brief:
            rows.append((1, row.statement, place_of(row, several=True)))
    rows = pd.DataFrame(rows, columns=["depth", "statement", "place"]).assign(group="", way="")
    about = {"area": area_of(questions)["name"], "elsewhere": _arise_elsewhere(questions)}
    source = rests_on(study, questions["document_id"].unique())
    listed = PointList(**vars(worded_table("questions", rows, source=source, **about)))
    return cautioned(listed, study) if by_rule else listed


def _in_words(questions: pd.DataFrame) -> pd.DataFrame:
    """Return one row per question, as the study words it, or by rule."""
    if "asks" in questions:
        each = questions.groupby("number", sort=False)
        first = questions.drop_duplicates("number")
        return first.assign(question=[question_on_themes(own) for _, own in each])
    said = [_question(row) for row in questions.to_dict("records")]
    return questions.assign(question=said)


def _question(row: dict) -> str:
    if pd.notna(row["question"]):
        return row["question"]
    return phrase("questions", "challenge" if row["challenge"] else "suggestion", **row)


def _arise_elsewhere(questions: pd.DataFrame) -> bool:
    """Whether a question arises from a document that is not the area's own."""
    documents = study_of(questions).documents
    own = documents.loc[documents["area_id"].eq(area_of(questions)["area_id"]), "document_id"]
    return bool((questions["document_id"].notna() & ~questions["document_id"].isin(own)).any())
