"""Tables on research evidence: which columns a reader sees, under what headings, on what base."""

import pandas as pd

from ncsresearch.present.media import Table
from ncsresearch.present.table import PASSAGES, STANCE_HEADINGS, cited, titles, wide
from ncsresearch.study import Study


def table_documents(study: Study, counts: pd.DataFrame) -> Table:
    """What each document gives: units of evidence by kind."""
    gives = (
        counts["n_units"].astype("str")
        + " "
        + counts["kind"]
        + counts["n_units"].gt(1).map({True: "s", False: ""})
    )
    gives = gives.str.replace("categorys", "categories").groupby(counts["document_id"]).agg(", ".join)
    documents = study.documents[study.documents["document_id"].isin(counts["document_id"])]
    view = documents.assign(
        gives=documents["document_id"].map(gives),
        short_title=titles(study, documents["document_id"]),
        year=documents["year"].astype("str"),
        licence=documents["licence"].fillna("none stated"),
    )
    shown = {
        "short_title": "Document",
        "publisher": "Publisher",
        "year": "Year",
        "gives": "Gives",
        "licence": "Licence",
    }
    base = "units of evidence; units of different kinds are never added up"
    return Table(
        "documents", "What each document gives", counts, shown, base, "the documents themselves", view=view
    )


def table_glossary(study: Study) -> Table:
    """Terms and abbreviations of the chapters, which the codebook holds under the facet term."""
    rows = study.codebook[study.codebook["facet"].eq("term")]
    shown = {"label": "Term", "definition": "Meaning"}
    return Table("glossary", "Terms and abbreviations", rows, shown, "terms used here", "our own words")


def table_codebook(study: Study) -> Table:
    """The themes with what belongs under them."""
    rows = study.codebook[study.codebook["facet"].eq("theme")]
    shown = {
        "label": "Theme",
        "definition": "What it means",
        "include": "Belongs here",
        "exclude": "Belongs elsewhere",
    }
    return Table("codebook", "The themes", rows, shown, "themes of the codebook", "the study's codebook")


def table_stances(counts: pd.DataFrame, *, by: str, heading: str, name: str, source: str) -> Table:
    """Passages of each theme or group by how they were told, one column a stance; empty rows are left out of the page."""
    rows = wide(counts, index=by, columns="stance", values="n_passages")
    stances = [stance for stance in STANCE_HEADINGS if stance in rows]
    rows = rows[rows[stances].sum(axis=1) > 0]
    shown = {by: heading} | {stance: STANCE_HEADINGS[stance] for stance in stances}
    return Table(name, f"{heading}: passages by how they were told", rows, shown, PASSAGES, source)


def table_meeting(study: Study, marks: pd.DataFrame) -> Table:
    """Themes by document: how each is told in it."""
    told = marks.assign(stance=marks["stance"].astype("str"), order=marks["stance"].cat.codes).sort_values(
        "order"
    )
    told = told.groupby(["theme", "document_id"], observed=True)["stance"].agg(_each).reset_index()
    rows = wide(told, index="theme", columns="document_id", values="stance").fillna("–")
    columns = [name for name in study.documents["document_id"] if name in rows]
    names = dict(zip(columns, titles(study, pd.Series(columns)), strict=True))
    return Table(
        "themes_by_document",
        "Themes by document, and how each tells them",
        rows,
        {"theme": "Theme"} | names,
        "units of each document, of different kinds; a dash means that no unit of the document was coded so",
        cited(study, columns),
    )


def table_classes(classes: pd.DataFrame, source: str) -> Table:
    """Case study areas by official class, beside all authorities."""
    shown = {
        "classification": "Class",
        "n_case_study": "Case study areas",
        "n_areas": "All areas",
        "population": "People in all",
    }
    return Table(
        "area_classes",
        "Case study areas by official class",
        classes,
        shown,
        "areas with an official class",
        source,
    )


def table_area_points(points: pd.DataFrame, study: Study, *, kind: str) -> Table:
    """Every point about one kind of area."""
    rows = points[points["area_kind"].eq(kind)]
    shown = {
        "theme": "Theme",
        "label": "What is reported",
        "stance": "Told as",
        "said_by": "Said by",
        "unit_id": "Passage",
    }
    name = f"points_{kind.replace(' ', '_')}"
    caption = {"not in the comparison": "Points about differences between areas or all areas"}.get(
        kind, f"Points about {kind} areas"
    )
    return Table(
        name, caption, rows, shown, "passages that name this kind of area", cited(study, rows["document_id"])
    )


def table_served(served: pd.DataFrame, study: Study) -> Table:
    """Who is seen as better and less well served, and under what condition."""
    shown = {
        "client_group": "Client group",
        "level": "Seen as",
        "condition": "Under what condition",
        "said_by": "Said by",
        "in_key_points": "In the key points",
    }
    return Table(
        "groups_served",
        "Client groups seen as better or less well served",
        served,
        shown,
        "points a reader made of the section on client groups",
        cited(study, served["document_id"].unique()),
    )


def _each(values: pd.Series) -> str:
    return ", ".join(dict.fromkeys(values))
