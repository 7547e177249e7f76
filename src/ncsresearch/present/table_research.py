"""Tables on research evidence: which columns a reader sees, under what headings, on what base."""

import pandas as pd

from ncsresearch.present.media import Table
from ncsresearch.present.sentence_themes import plural
from ncsresearch.present.table import PASSAGES, STANCE_HEADINGS, cited, of_kind, titles, wide
from ncsresearch.present.wording import worded_table
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of


def table_documents(sources: pd.DataFrame) -> Table:
    """What each document gives: units of evidence by kind."""
    study = study_of(sources)
    kinds = [
        f"{n} {kind if n == 1 else plural(kind)}"
        for n, kind in zip(sources["n_units"], sources["kind"], strict=True)
    ]
    gives = pd.Series(kinds, sources.index).groupby(sources["document_id"]).agg(", ".join)
    documents = study.documents[study.documents["document_id"].isin(sources["document_id"])]
    view = documents.assign(
        gives=documents["document_id"].map(gives),
        short_title=titles(study, documents["document_id"]),
        year=documents["year"].astype("str"),
        licence=documents["licence"].fillna("none stated"),
    )
    return worded_table("documents", sources, source="the documents themselves", view=view)


def table_glossary(terms: pd.DataFrame) -> Table:
    """Terms and abbreviations of the chapters, which the codebook holds under the facet term."""
    return worded_table("glossary", terms, source="our own words")


def table_codebook(codebook: pd.DataFrame) -> Table:
    """The themes with what belongs under them."""
    return worded_table("codebook", codebook, source="the study's codebook")


def table_stances(counts: pd.DataFrame, *, by: str, heading: str, name: str, source: str) -> Table:
    """Passages of each theme or group by how they were told, one column a stance; empty rows are left out of the page."""
    rows = wide(counts, index=by, columns="stance", values="n")
    stances = [stance for stance in STANCE_HEADINGS if stance in rows]
    rows = rows[rows[stances].sum(axis=1) > 0]
    shown = {by: heading} | {stance: STANCE_HEADINGS[stance] for stance in stances}
    return Table(name, f"{heading}: passages by how they were told", rows, shown, PASSAGES, source)


def table_by_document(counts: pd.DataFrame) -> Table:
    """Themes by document: how each describes them."""
    study = study_of(counts)
    told = counts.assign(stance=counts["stance"].astype("str"), order=counts["stance"].cat.codes)
    told = (
        told.sort_values("order")
        .groupby(["theme", "group"], observed=True)["stance"]
        .agg(_each)
        .reset_index()
    )
    rows = wide(told, index="theme", columns="group", values="stance").fillna("–")
    columns = [name for name in study.documents["document_id"] if name in rows]
    names = dict(zip(columns, titles(study, pd.Series(columns)), strict=True))
    return worded_table("themes_by_document", rows, source=cited(study, columns), more=names)


def table_classes(areas: pd.DataFrame) -> Table:
    """Case study areas by official class, beside all authorities."""
    study = study_of(areas)
    return worded_table("area_classes", areas, source=cited(study, of_kind(study, "classification")))


def table_area_points(points: pd.DataFrame, study: Study, *, kind: str) -> Table:
    """Every point about one kind of area."""
    rows = points[points["area_kind"].eq(kind)]
    about = {"not in the comparison": "differences between areas or all areas"}.get(kind, f"{kind} areas")
    name = f"points_{kind.replace(' ', '_')}"
    return worded_table("area_points", rows, name=name, source=cited(study, rows["document_id"]), about=about)


def table_served(served: pd.DataFrame) -> Table:
    """Who is seen as better and less well served, and under what condition."""
    source = cited(study_of(served), served["document_id"].unique())
    return worded_table("groups_served", served, source=source)


def table_points(points: pd.DataFrame, study: Study, *, name: str, caption: str) -> Table:
    """Points with their themes and how they were told, one row a point."""
    labels = study.codebook.set_index("code_id")["label"]
    told = points.assign(
        theme=points["code_id"].astype("str").map(labels), stance=points["stance"].astype("str")
    )
    one = told.groupby("segment_id", sort=False)
    rows = one[["label", "document_id", "section"]].first().join(one[["theme", "stance"]].agg(_each))
    shown = {"label": "What is reported", "theme": "Theme", "stance": "Told as", "segment_id": "Passage"}
    source = cited(study, rows["document_id"].unique())
    return Table(name, caption, rows.reset_index(), shown, "points of the source in our own words", source)


def _each(values: pd.Series) -> str:
    return ", ".join(dict.fromkeys(values))


def table_partners(points: pd.DataFrame, attributes: pd.DataFrame, study: Study) -> Table:
    """Partner organisations: where they are named and how working with them is told."""
    labels = study.codebook.set_index("code_id")["label"]
    facts = attributes.pivot(index="owner_id", columns="name", values="value")
    facts = facts.reindex(columns=["sector", "in the literature list", "discussed in interviews"])
    rows = points.join(facts, on="segment_id").assign(partner=points["code_id"].astype("str").map(labels))
    shown = {
        "partner": "Partner",
        "sector": "Sector",
        "in the literature list": "In the literature list",
        "discussed in interviews": "Discussed in interviews",
        "stance": "Told as",
    }
    return Table(
        "partners",
        "Partner organisations",
        rows,
        shown,
        "partners named in the chapter",
        cited(study, rows["document_id"]),
    )


def table_factors(points: pd.DataFrame, study: Study) -> Table:
    """What helps and what hinders partnership working, and what is only suggested."""
    code = points["code_id"].astype("str")
    rows = points[code.map(study.codebook.set_index("code_id")["facet"]).eq("theme")].drop_duplicates(
        "segment_id"
    )
    for name in ("helps", "hinders"):
        named = points[code.eq(name)].set_index("segment_id")["stance"].eq("suggestion")
        words = named.map({True: "suggested", False: "yes"})
        rows = rows.assign(**{name: rows["segment_id"].map(words).fillna("–")})
    shown = {"label": "Factor", "helps": "Helps", "hinders": "Hinders", "condition": "In particular"}
    source = cited(study, rows["document_id"].unique())
    return Table("factors", "What helps and what hinders", rows, shown, "factors the chapter names", source)


def table_suggestions(made: pd.DataFrame, study: Study) -> Table:
    """Suggestions by who made them."""
    rows = made.assign(document=titles(study, made["document_id"]))
    shown = {
        "said_by": "Suggested by",
        "label": "What should change",
        "theme": "Theme",
        "segment_id": "Passage",
    }
    return Table(
        "suggestions",
        "Suggestions by who made them",
        rows,
        shown,
        "suggestions, listed or made by a reader of prose",
        cited(study, rows["document_id"]),
    )


def table_sections(sections: pd.DataFrame, study: Study, *, document_id: str) -> Table:
    """Passages of each section by kind."""
    rows = wide(sections, index="section", columns="kind", values="n_passages").fillna(0)
    kinds = [name for name in rows if name != "section"]
    rows[kinds] = rows[kinds].astype("Int64")
    shown = {"section": "Section"} | {name: name.capitalize() for name in kinds}
    return Table(
        "sections",
        "Passages of each section",
        rows,
        shown,
        "passages of the section; each stands in one",
        cited(study, [document_id]),
    )


def table_quotations(groups: pd.DataFrame, study: Study, *, documents: list[str]) -> Table:
    """Quotations of each group, from how many interviews."""
    stances = {name: heading for name, heading in STANCE_HEADINGS.items() if name in groups}
    shown = {
        "participant_group": "Group",
        "n_quotations": "Quotations",
        "n_interviews": "Interviews quoted",
        "interviews": "Their numbers",
    }
    caption = "Quotations by group and how they were told"
    return Table(
        "quotations",
        caption,
        groups,
        shown | stances,
        "quotations, which the authors chose",
        cited(study, documents),
    )


def table_quotation_index(index: pd.DataFrame, study: Study) -> Table:
    """Every quotation: who is quoted, what it says in our words, and how it was judged."""
    shown = {
        "segment_id": "Quotation",
        "participant_group": "Group",
        "number": "Interview",
        "label": "What it says, in our words",
        "theme": "Theme",
        "stance": "Told as",
        "words": "Words",
        "omissions": "Omissions and ellipses",
    }
    source = cited(study, index["document_id"].unique())
    return Table(
        "quotation_index", "Index of quotations", index, shown, "quotations, which the authors chose", source
    )
