"""Documents, points, passages and quotations counted: which columns a reader sees, under what headings, on what base."""

import pandas as pd

from ncsresearch.analysis.passages import quotations_by_group
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.present.outputs import Table
from ncsresearch.present.people_heard import rests_on
from ncsresearch.present.sentence_themes import plural
from ncsresearch.present.table import STANCE_HEADINGS, titles
from ncsresearch.present.wording import phrase, worded_table
from ncsresearch.study import Study
from ncsresearch.study.frames import framed, study_of


def table_documents(sources: pd.DataFrame) -> Table:
    """What each document gives: units of evidence by kind."""
    study = study_of(sources)
    pairs = zip(sources["n_units"], sources["kind"], strict=True)
    units = pd.Series([f"{n} {kind if n == 1 else plural(kind)}" for n, kind in pairs], sources.index)
    gives = units.groupby(sources["document_id"]).agg(", ".join)
    documents = study.documents[study.documents["document_id"].isin(sources["document_id"])]
    view = documents.assign(
        gives=documents["document_id"].map(gives),
        short_title=titles(study, documents["document_id"]),
        year=documents["year"].astype("str"),
        licence=documents["licence"].fillna("none stated"),
    )
    about = {"source": "the documents themselves", "view": view, "kinds": set(sources["kind"])}
    return worded_table("documents", sources, **about)


def table_coded_units(counts: pd.DataFrame) -> list[Table]:
    """Return how many points, and how many passages, are under each theme (or about each client group), a column a group."""
    return [_coded(counts[counts["counted"].eq(kind)], kind, counts) for kind in counts["counted"].unique()]


def _coded(rows: pd.DataFrame, kind: str, counts: pd.DataFrame) -> Table:
    study, by = study_of(counts), counts.attrs["by"]
    index, columns = ("group", "stance") if by == "client_group" else ("theme", "group")
    rows = rows.astype({index: "str", columns: "str"})
    wide = rows.pivot_table(index=index, columns=columns, values="n", aggfunc="sum", fill_value=0, sort=False)
    wide = wide[wide.sum(axis=1) > 0].astype("Int64")
    names = titles(study, pd.Series(wide.columns)) if by == "heard_from" else wide.columns.str.capitalize()
    more = dict(zip(wide.columns, names, strict=True))
    about = {"kind": kind, "heading": phrase("coded_units", index), "grouped": phrase("coded_units", by)}
    rows = wide.rename_axis(columns=None).reset_index().rename(columns={index: "name"})
    name, source = f"{kind}_by_{by}", _source(study)
    return worded_table("coded_units", rows, name=name, source=source, more=more, **about)


def _source(study: Study) -> str:
    coded = passage_evidence(study, facet="all")
    return rests_on(study, coded.loc[coded["unit"].isin(["points", "segments"]), "document_id"].unique())


def table_quotations(index: pd.DataFrame) -> Table:
    """Quotations of each group, from how many interviews."""
    return table_quoted(framed(quotations_by_group(index), "quotations by group", study_of(index)))


def table_quoted(groups: pd.DataFrame) -> Table:
    """Quotations of each group, from how many interviews."""
    stances = {name: heading for name, heading in STANCE_HEADINGS.items() if name in groups}
    return worded_table("quotations", groups, more=stances)


def table_quotation_index(quotations: pd.DataFrame) -> Table:
    """Every quotation: who is quoted, what it says in our words, and how it was judged."""
    return worded_table("quotation_index", quotations.drop(columns="text", errors="ignore"))
