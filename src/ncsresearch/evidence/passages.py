"""What was said or published, unit by unit, and how was it judged?"""

import pandas as pd

from ncsresearch.evidence.judgements import reported
from ncsresearch.evidence.kinds import kinds_of
from ncsresearch.schema import UNIT_IDS
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names
from ncsresearch.study.kept import kept

UNIT_KINDS = {
    "comment_counts": "comment category",
    "poll_results": "poll item",
    "survey_items": "survey item",
    "kpi_values": "performance measure",
    "ratings": "rating",
    "actions": "action",
}
UNIT_COLUMNS = [
    *("unit", "unit_id", "kind", "document_id", "area_id"),
    *("section", "label", "said_by"),
]


def units(study: Study) -> pd.DataFrame:
    """Everything that carries evidence, whatever table it stands in.

    Returns one row per unit, with
        unit, unit_id   the table it stands in and its id there
        kind            what it is: quotation, point, comment category, action, ...
        document_id     the source
        area_id         the area it belongs to; missing where no area is known
        section, label, said_by   where it is, what it says in the study's own words, and who said it
    """
    passages = study.segments.rename(columns={"segment_id": "unit_id"}).assign(unit="segments")
    interviews = study.interviews.set_index("interview_id")
    passages["kind"] = passages["kind"].astype("str")
    passages["area_id"] = passages["interview_id"].map(interviews["area_id"])
    passages["said_by"] = passages["interview_id"].map(interviews["participant_group"])
    others = [_other_units(study.tables[table], table) for table in UNIT_KINDS]
    names = {"point_id": "unit_id", "statement": "label", "held_by": "said_by"}
    points = study.points.rename(columns=names).assign(unit="points", kind="point")
    found = [rows for rows in (points.reindex(columns=UNIT_COLUMNS), passages, *others) if len(rows)]
    together = pd.concat(found or [passages], ignore_index=True)
    about = study.documents.set_index("document_id")["area_id"]
    together["area_id"] = together["area_id"].fillna(together["document_id"].map(about))
    return together.reindex(columns=UNIT_COLUMNS)


def said_in_words(evidence: pd.DataFrame) -> pd.DataFrame:
    """Return the judgements of points, if there are any, and otherwise of passages; the two are never counted together."""
    points = evidence["unit"].eq("points")
    return evidence[points if points.any() else evidence["unit"].eq("segments")]


def attribute_of(study: Study, owner: str, name: str) -> pd.Series:
    """Return the values of one attribute by its owner's id; several values are joined by semicolons."""
    rows = study.attributes
    own = rows[rows["owner"].eq(owner) & rows["name"].eq(name)]
    return own.groupby("owner_id")["value"].agg("; ".join)


def _other_units(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    named = rows.drop_duplicates(UNIT_IDS[table])
    own = {"unit": table, "unit_id": named[UNIT_IDS[table]], "kind": UNIT_KINDS[table]}
    own["label"] = named["category"] if table == "comment_counts" else named["label"]
    own["section"] = "Question " + named["question_id"] if "question_id" in named else None
    return pd.DataFrame(own | {name: named[name] for name in ("document_id", "area_id")})


@kept(4)
def passage_evidence(study: Study, *, facet: str = "theme") -> pd.DataFrame:
    """Every judgement of the reporting coder under one facet of the codebook (or all), with the unit it is about.

    Returns one row per judgement: the columns of units, and
        code_id, theme      the code and its label, as ordered categories in the codebook's order
        stance              how it was described
        client_group, area_type   whom and what kind of area the judgement is about; missing where not said
        area_kind           rural, urban, small town or not in the comparison

    Caution: authors choose what they publish. Counts of published passages measure editing, not prevalence.
    """
    codebook = study.codebook[study.codebook["facet"].eq(facet) | (facet == "all")]
    codings = reported(study)
    codings = codings[codings["code_id"].isin(codebook["code_id"])]
    order = pd.CategoricalDtype(codebook["code_id"], ordered=True)
    names = code_names(study.codebook)
    labels = pd.CategoricalDtype(names[codebook["code_id"]], ordered=True)
    judged = codings.assign(
        unit=codings["unit"].astype("str"),
        code_id=codings["code_id"].astype("str").astype(order),
        theme=codings["code_id"].astype("str").map(names).astype(labels),
        client_group=codings["about_client_group"],
        area_type=codings["about_area_type"],
        area_kind=kinds_of(codings["about_area_type"]),
    )
    columns = ["code_id", "theme", "stance", "client_group", "area_type", "area_kind"]
    found = units(study).merge(
        judged[["unit", "unit_id", *columns]], on=["unit", "unit_id"], validate="one_to_many"
    )
    return found[UNIT_COLUMNS + columns]


def evidence_by_document(study: Study, *, area_id: str = "") -> pd.DataFrame:
    """Units of evidence that each document gives, by kind; of one area, or of all where it is empty.

    Returns one row per document and kind of unit it holds, with n_units. Kinds are never summed. A question of a survey is
    of the area of its document, and of each area where somebody answered it.
    """
    found = units(study)
    if area_id:
        answers = study.survey_answers
        answered = answers.loc[answers["area_id"].eq(area_id), "item_id"]
        asked = found["kind"].eq("survey item") & found["unit_id"].isin(answered)
        found = found[found["area_id"].eq(area_id) | asked]
    counted = found.groupby(["document_id", "kind"], sort=False)["unit_id"].nunique()
    return counted.rename("n_units").reset_index()
