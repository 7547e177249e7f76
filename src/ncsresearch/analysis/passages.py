"""What does a source say, in which section: its lists, suggestions and quotations?"""

from pathlib import Path

import pandas as pd

from ncsresearch.evidence.passages import attribute_of
from ncsresearch.ingest.quoted import read_quotations
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

KEY_POINT = "key point"
PARTNER_FACTS = ["sector", "in the literature list", "discussed in interviews"]
JUDGED = ["unit_id", "code_id", "stance", "about_client_group", "about_area_type"]
SUGGESTED = ["said_by", "label", "theme", "client_group", "document_id", "section", "read_by", "segment_id"]
COUNTED = {
    "words": ["words"],
    "omissions": ["bracketed omissions", "bare ellipses"],
    "redactions": ["redactions"],
}
QUOTED = [
    *("segment_id", "document_id", "participant_group", "number", "section", "label", "theme", "stance"),
    *(*COUNTED, "start", "end", "text_sha256", "interview_id"),
]


def sections(study: Study) -> pd.DataFrame:
    """Passages of each section of the study's documents, by kind.

    Returns one row per section, in the order of its document, and kind of passage there, with n_passages.
    """
    own, facts = study.segments, study.attributes
    named = facts.loc[facts["owner_id"].isin(own["document_id"]) & facts["name"].eq("section"), "value"]
    order = pd.CategoricalDtype(list(dict.fromkeys([*named, *own["section"].dropna()])), ordered=True)
    placed = own.assign(section=own["section"].astype(order))
    counted = placed.groupby(["section", "kind"], observed=True)["segment_id"].nunique()
    return framed(counted.rename("n_passages").reset_index(), "sections", study)


def quotations(study: Study, *, sources_dir: str | Path = "") -> pd.DataFrame:
    """Every quotation of the study's documents: who is quoted, where, how long, and how it was judged.

    sources_dir   folder with the source documents, from which the words are read; without it they stay out

    Returns one row per quotation with segment_id, document_id, participant_group, number (running number of
    the interview within the group), section, label, words, omissions, redactions, theme and stance, and text where the
    words were read. Raises StudyError that names the quotations which a source does not hold word for word.
    """
    quoted = study.segments[study.segments["kind"].eq("quotation")]
    interviews = study.interviews[["interview_id", "participant_group", "number"]]
    rows = quoted.merge(interviews, on="interview_id", how="left", validate="many_to_one")
    for column, names in COUNTED.items():
        parts = [rows["segment_id"].map(attribute_of(study, "segments", name)) for name in names]
        rows[column] = sum(pd.to_numeric(part) for part in parts).astype("Int64")
    rows = _with_judgement(study, rows)[QUOTED]
    if str(sources_dir):
        words = [
            read_quotations(study.segments, document_id=name, sources_dir=sources_dir)
            for name in rows["document_id"].unique()
        ]
        rows = rows.assign(text=rows["segment_id"].map(pd.concat(words)) if words else "")
    return framed(rows, "quotations", study)


def _with_judgement(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Return passages with the first judgement of each: its theme, stance and client group."""
    judged = study.codings[study.codings["unit"].eq("segments")].drop_duplicates("unit_id")
    judged, labels = judged.set_index("unit_id"), study.codebook.set_index("code_id")["label"]
    return rows.assign(
        stance=rows["segment_id"].map(judged["stance"].astype("str")),
        theme=rows["segment_id"].map(judged["code_id"].astype("str").map(labels)),
        client_group=rows["segment_id"].map(judged["about_client_group"]),
    )


def quotations_by_group(index: pd.DataFrame) -> pd.DataFrame:
    """Quotations of each participant group, and from how many interviews.

    Returns one row per group with n_quotations, n_interviews, interviews (their running numbers) and one
    column a stance with its number of quotations.
    """
    counted = index.groupby("participant_group").agg(
        n_quotations=("segment_id", "nunique"),
        n_interviews=("interview_id", "nunique"),
        interviews=("number", lambda numbers: ", ".join(str(number) for number in sorted(set(numbers)))),
    )
    stances = pd.crosstab(index["participant_group"], index["stance"])
    return counted.join(stances).reset_index()


def key_points(study: Study) -> pd.DataFrame:
    """The key points of the study's documents, with their judgements.

    Returns one row per key point and judgement of it: the columns of segments, and unit_id, code_id, stance,
    about_client_group, about_area_type, which are missing where nobody judged it.
    """
    return framed(_judged(study, study.segments["kind"].eq(KEY_POINT), how="left"), "key points", study)


def listed_points(study: Study, name: str) -> pd.DataFrame:
    """Points a reader put on one list (partners, factors, area types, client views): rows and columns of key_points."""
    lists = attribute_of(study, "segments", "list")
    return _judged(study, study.segments["segment_id"].map(lists).eq(name))


def points_of(study: Study, *, kind: str) -> pd.DataFrame:
    """Points of one kind (finding, example) in the study's documents: the rows and columns of key_points."""
    return _judged(study, study.segments["kind"].eq(kind))


def _judged(study: Study, wanted: pd.Series, how: str = "inner") -> pd.DataFrame:
    judged = study.codings.loc[study.codings["unit"].eq("segments"), JUDGED]
    on = {"left_on": "segment_id", "right_on": "unit_id"}
    return study.segments[wanted].merge(judged, how=how, validate="one_to_many", **on)


def partners(study: Study) -> pd.DataFrame:
    """Partner organisations that the study's documents name.

    Returns one row per partner with its name (partner), sector, whether it is in the literature list and was
    discussed in interviews (yes or no), the stance of that, and the columns of key_points.
    """
    points, labels = listed_points(study, "partners"), study.codebook.set_index("code_id")["label"]
    facts = {name: points["segment_id"].map(attribute_of(study, "segments", name)) for name in PARTNER_FACTS}
    partner = points["code_id"].astype("str").map(labels)
    return framed(points.assign(**facts, partner=partner), "partners", study)


def factors(study: Study) -> pd.DataFrame:
    """What helps and what hinders, as a reader listed it, and what is only suggested.

    Returns one row per factor: the columns of key_points, with helps and hinders, each yes, suggested or –.
    """
    points = listed_points(study, "factors")
    code, facets = points["code_id"].astype("str"), study.codebook.set_index("code_id")["facet"]
    rows = points[code.map(facets).eq("theme")].drop_duplicates("segment_id")
    for name in ("helps", "hinders"):
        suggested = points[code.eq(name)].set_index("segment_id")["stance"].eq("suggestion")
        words = suggested.map({True: "suggested", False: "yes"})
        rows = rows.assign(**{name: rows["segment_id"].map(words).fillna("–")})
    return framed(rows, "factors", study)


def suggestions(study: Study) -> pd.DataFrame:
    """What should change, by who suggested it.

    Returns one row per suggestion with said_by, label, theme, client_group, document_id, section, read_by (whether the
    machine found it in a list or a reader made it of prose) and segment_id.
    """
    made = study.segments[study.segments["kind"].eq("suggestion")]
    made = made.assign(said_by=made["segment_id"].map(attribute_of(study, "segments", "said by")))
    rows = _with_judgement(study, made)[SUGGESTED].sort_values("said_by", kind="stable", ignore_index=True)
    return framed(rows, "suggestions", study)
