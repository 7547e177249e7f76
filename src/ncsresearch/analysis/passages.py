"""What stands where in a source: its sections, quotations, lists and suggestions."""

import pandas as pd

from ncsresearch.evidence.passages import attribute_of
from ncsresearch.study import Study


def section_passages(study: Study, *, document_id: str) -> pd.DataFrame:
    """Passages of each section of a document, by kind.

    Returns one row per section in the document's order and kind found there, with n_passages.
    """
    own = study.segments[study.segments["document_id"].eq(document_id)]
    named = study.attributes[
        study.attributes["owner_id"].eq(document_id) & study.attributes["name"].eq("section")
    ]
    order = dict.fromkeys([*named["value"], *own["section"].dropna()])
    section = own["section"].astype(pd.CategoricalDtype(list(order), ordered=True))
    counted = own.assign(section=section).groupby(["section", "kind"], observed=True)["segment_id"].nunique()
    return counted.rename("n_passages").reset_index()


def quotation_index(study: Study, *, document_id: str = "") -> pd.DataFrame:
    """Every quotation of a document: who is quoted, where, how long, and how it was judged.

    Returns one row per quotation with segment_id, document_id, participant_group, number (running number of
    the interview within the group), section, words, omissions, redactions, theme and stance.
    """
    quoted = study.segments[study.segments["kind"].eq("quotation")]
    quoted = quoted[quoted["document_id"].eq(document_id)] if document_id else quoted
    interviews = study.interviews[["interview_id", "participant_group", "number"]]
    rows = quoted.merge(interviews, on="interview_id", how="left", validate="many_to_one")
    counted = {
        "words": ["words"],
        "omissions": ["bracketed omissions", "bare ellipses"],
        "redactions": ["redactions"],
    }
    for column, names in counted.items():
        parts = [rows["segment_id"].map(attribute_of(study, "segments", name)) for name in names]
        rows[column] = sum(pd.to_numeric(part) for part in parts).astype("Int64")
    judged = (
        study.codings[study.codings["unit"].eq("segments")].drop_duplicates("unit_id").set_index("unit_id")
    )
    labels = study.codebook.set_index("code_id")["label"]
    rows["stance"] = rows["segment_id"].map(judged["stance"].astype("str"))
    rows["theme"] = rows["segment_id"].map(judged["code_id"].astype("str").map(labels))
    columns = [
        "segment_id",
        "document_id",
        "participant_group",
        "number",
        "section",
        "label",
        "theme",
        "stance",
    ]
    return rows[[*columns, *counted, "start", "end", "text_sha256", "interview_id"]]


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


def listed_points(study: Study, name: str) -> pd.DataFrame:
    """Points a reader put on one list (partners, factors, area types, client views), with their judgements.

    Returns one row per point and judgement: the columns of segments, and unit_id, code_id, stance,
    about_client_group, about_area_type.
    """
    lists = attribute_of(study, "segments", "list")
    return _judged(study, study.segments["segment_id"].map(lists).eq(name))


def points_of(study: Study, *, document_id: str, kind: str) -> pd.DataFrame:
    """Points of one kind (key point, finding) in a document, with their judgements.

    Returns the rows and columns of listed_points.
    """
    return _judged(study, study.segments["document_id"].eq(document_id) & study.segments["kind"].eq(kind))


def _judged(study: Study, wanted: pd.Series) -> pd.DataFrame:
    judged = study.codings[study.codings["unit"].eq("segments")]
    columns = ["unit_id", "code_id", "stance", "about_client_group", "about_area_type"]
    return study.segments[wanted].merge(
        judged[columns], left_on="segment_id", right_on="unit_id", validate="one_to_many"
    )


def suggestions(study: Study, *, document_id: str = "") -> pd.DataFrame:
    """What should change, by who suggested it.

    Returns one row per suggestion with said_by, label, theme, client_group, document_id, read_by (whether the
    machine found it in a list or a reader made it of prose) and segment_id.
    """
    made = study.segments[study.segments["kind"].eq("suggestion")]
    made = made[made["document_id"].eq(document_id)] if document_id else made
    judged = (
        study.codings[study.codings["unit"].eq("segments")].drop_duplicates("unit_id").set_index("unit_id")
    )
    labels = study.codebook.set_index("code_id")["label"]
    rows = made.assign(
        said_by=made["segment_id"].map(attribute_of(study, "segments", "said by")),
        theme=made["segment_id"].map(judged["code_id"].astype("str").map(labels)),
        client_group=made["segment_id"].map(judged["about_client_group"]),
    )
    columns = ["said_by", "label", "theme", "client_group", "document_id", "section", "read_by", "segment_id"]
    return rows[columns].sort_values("said_by", kind="stable", ignore_index=True)
