"""What is known of one area, and how does it stand beside the rest, as a report on it may show it?

Every function takes what load_area reads of a study: the part of one area.
"""

import pandas as pd

from ncsresearch.analysis.area_profile import area_statistics, areas_of_class, unknowns
from ncsresearch.analysis.points import points, said_of_no_area
from ncsresearch.analysis.questions import ASKED, OF_POINT, cited_on_area, themes_to_ask
from ncsresearch.analysis.sources import how_held as interviews_held
from ncsresearch.disclosure.counts import RAISED, counts
from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.disclosure.plan import WORDS
from ncsresearch.evidence.groups import hears_people, n_areas_of_kind
from ncsresearch.evidence.kinds import kind_of_area
from ncsresearch.evidence.passages import evidence_by_document, passage_evidence
from ncsresearch.study import Study
from ncsresearch.study.codebook import leaf_themes
from ncsresearch.study.frames import framed

MOST_QUESTIONS, FEWEST_QUESTIONS = 5, 3


def area_profile(study: Study) -> pd.DataFrame:
    """Published statistics of the area beside the country's; or the interviews that were held in it.

    Returns one row per series, period and source, latest period first, with series, period, value, national (the
    country's value, missing where none is held), unit, document_id and national_document. Where people were heard one row
    per participant group and mode, with n_interviews and n_people; none in a confidential study.
    """
    if not hears_people(study):
        return framed(area_statistics(study, area_id=study.part_of), "area profile", study)
    here = study.where(area_id=study.part_of)
    held = interviews_held(here)
    return framed(held.iloc[:0] if study.settings.threshold else held, "interviews held", here)


def area_peers(study: Study) -> pd.DataFrame:
    """The authorities of the area's official class; or the kinds of area in which people were heard.

    Returns one row per authority, the area included, largest first, with name, population, case_study and is_area; none
    where the area has no class. Where people were heard one row per kind of area, with kind and n_areas.
    """
    if not hears_people(study):
        return framed(areas_of_class(study.areas, area_id=study.part_of), "area peers", study)
    kinds = pd.DataFrame(n_areas_of_kind(study).items(), columns=["kind", "n_areas"])
    return framed(kinds, "kinds of area", study)


def local_evidence(study: Study) -> pd.DataFrame:
    """Documents about the area and what they hold; or what people heard there raised.

    Returns one row per document and kind of unit, with document_id, kind and n_units; where people were heard the rows
    and columns of counts by stance.
    """
    if not hears_people(study):
        return framed(evidence_by_document(study, area_id=study.part_of), "local evidence", study)
    return counts(study, by="stance")


def themes_beside(study: Study) -> pd.DataFrame:
    """The themes that people heard in the area raised, beside those of the other areas.

    Returns the rows and columns of counts; none where nobody was heard.
    """
    return counts(study) if hears_people(study) else framed(pd.DataFrame(), "nothing", study)


def points_of_kind(study: Study) -> pd.DataFrame:
    """Points that belong to no one area and are about the area's kind: rural, urban or small town.

    Returns the rows of points by area_type; for an urban area with much country, points about rural areas too. No row where
    the area has no class, where the findings on it cite them all, and where people were heard: elsewhere compares what
    these said.
    """
    found = points(said_of_no_area(study), by="area_type")
    kinds = [] if hears_people(study) else _kinds(study)
    found = found[found["group"].isin(kinds)]
    found = found.iloc[:0] if found["point_id"].isin(cited_on_area(study)).all() else found
    return framed(found, "points by area_type", study, by="area_type")


def _kinds(study: Study) -> list[str]:
    """Return the kinds of area of which views may apply to the area."""
    area_type = study.area(study.part_of)["area_type"]
    kinds = [kind_of_area(area_type)] + ["rural"] * (area_type == "urban_substantial_rural")
    return [kind for kind in kinds if kind]


def elsewhere(study: Study) -> pd.DataFrame:
    """Views of people of rural and of urban areas.

    Returns the rows and columns of counts by area_type; none where nobody was heard.
    """
    return counts(study, by="area_type") if hears_people(study) else framed(pd.DataFrame(), "nothing", study)


def questions(study: Study) -> pd.DataFrame:
    """Questions to ask in the area: on themes that are described as a challenge, or on which changes are suggested.

    Described by people of the area, or by its own documents and those about no one area; first what its findings cite. The
    questions that study.toml words for the area alone come first, by point (of whose themes no more is asked) or of people by theme.

    Returns one row per theme or such a point (which has no theme), at most five, with code_id, theme, challenge and suggestion (whether it is known to be
    described so), question (as study.toml words it, and only themes that it words; missing where it words none), of
    people n, words, base, least and most (who described it as a challenge, as counts has them) and of_kind (of area, or all, whose people
    they are; empty for those of the area), and of documents the columns of the point that the question arises from. Where study.toml
    words none, themes of the kind of area make up three.
    Caution: a question is no finding on the area.
    """
    asked, people = study.settings.questions, hears_people(study)
    rows = _asked_of_people(study) if people else themes_to_ask(study, kinds=_kinds(study))
    rows = rows if asked or not people else _worth_asking(study, rows)
    rows = rows.assign(question=rows["code_id"].astype("str").map(asked))
    rows = rows[rows["question"].notna() | (not asked)]
    if own := study.settings.area_questions.get(study.part_of):
        rows = _own_themes_first(rows, own) if people else _with_own(study, rows, own)
    return framed(rows.head(MOST_QUESTIONS).reset_index(drop=True), "questions to ask", study)


def _with_own(study: Study, rows: pd.DataFrame, own: dict[str, str]) -> pd.DataFrame:
    """Return the questions of the area alone, by the point that each arises from, and then those on other themes."""
    points = study.points.set_index("point_id", drop=False).reindex(own)[[*OF_POINT, "document_id"]]
    evidence = passage_evidence(study)
    asked = evidence.loc[evidence["unit_id"].isin(own), "code_id"].unique()
    first = points.assign(challenge=True, suggestion=False, question=list(own.values()))
    return pd.concat([first, rows[~rows["code_id"].isin(asked)]], ignore_index=True)


def _own_themes_first(rows: pd.DataFrame, own: dict[str, str]) -> pd.DataFrame:
    """Return the questions with those of the area alone first, in their order and their words: by the theme of which each is."""
    order = rows["code_id"].map({code: n for n, code in enumerate(own)})
    rows = rows.assign(question=rows["code_id"].map(own).fillna(rows["question"]))
    return rows.iloc[order.argsort(kind="stable")]


def _asked_of_people(study: Study) -> pd.DataFrame:
    """Return the themes that people of the area surely call a challenge, or suggest changes on, in the order of their numbers."""
    told = counts(study, by="stance")
    told = told[told["code_id"].isin(leaf_themes(study.codebook)) & told["least"].gt(0)]
    raised = told["code_id"].map(told[told["group"].eq(RAISED)].set_index("code_id")["least"])
    sure = told.assign(raised=raised)[told["stance"].isin(ASKED)]
    order = ["stance", "least", "raised", "most"]
    sure = sure.sort_values(order, ascending=[True, False, False, False], kind="stable")
    rows = sure.drop_duplicates("code_id")[["code_id", "theme", "n", "words", "base", "least", "most"]]
    ways = {way: rows["code_id"].isin(sure.loc[sure["stance"].eq(way), "code_id"]) for way in ASKED}
    rows = rows.assign(**ways, of_kind="")
    return rows.reindex(columns=[*rows, "document_id", *OF_POINT])


def _worth_asking(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the themes with a number, or a word that is no small one; where they are few, those of the kind of area too."""
    known = rows[rows["n"].notna() | ~rows["words"].isin(["", WORDS[0][1]])].head(MOST_QUESTIONS)
    if len(known) >= FEWEST_QUESTIONS:
        return known
    kind = kind_of_area(str(study.area(study.part_of)["area_type"]))
    more = [_called_a_challenge(study, by="area_type", group=kind)] if kind else []
    others = pd.concat([known, *more, _called_a_challenge(study)]).drop_duplicates("code_id")
    return others.head(FEWEST_QUESTIONS)


def _called_a_challenge(study: Study, *, by: str = "", group: str = "") -> pd.DataFrame:
    """Return the themes that people of all areas, or of a kind, called a challenge, where the number is printed, the largest first."""
    told = publishable_counts(study, by=by, group=group, stance="challenge")
    told = told[told["code_id"].isin(leaf_themes(study.codebook)) & told["n"].gt(0).fillna(False)]
    rows = told.sort_values("n", ascending=False, kind="stable")
    rows = rows[["code_id", "theme", "n", "words", "base", "least", "most"]]
    return rows.assign(challenge=True, suggestion=False, of_kind=group or "all")


def area_gaps(study: Study) -> pd.DataFrame:
    """The gaps in what is known of the area.

    Returns one row per gap, with gap: took part (in the research, which does not say what came from where), whose survey, a
    kind of local evidence, or statistics; where people were heard one row, not heard.
    """
    if not hears_people(study):
        return framed(unknowns(study, area_id=study.part_of), "gaps of an area", study)
    return framed(pd.DataFrame({"gap": ["not heard"]}), "people not heard", study)
