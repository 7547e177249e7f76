"""Whom a report of research quotes, and how much of it is in each section, in tables."""

import pandas as pd

from ncsresearch.analysis.passages import quotations_by_group
from ncsresearch.present.outputs import Table
from ncsresearch.present.table import STANCE_HEADINGS, source_of, titles
from ncsresearch.present.wording import worded_table
from ncsresearch.study.frames import framed, study_of


def table_sections(sections: pd.DataFrame) -> Table:
    """Points and passages of each section by kind."""
    where = ["document_id", "section"]
    rows = sections.pivot(index=where, columns="kind", values="n_units").fillna(0).astype("Int64")
    kinds = {name: name.capitalize() for name in rows}
    rows = sections[where].drop_duplicates().merge(rows.reset_index(), on=where)
    rows = rows.assign(document=titles(study_of(sections), rows["document_id"]))
    return worded_table("sections", rows, source=source_of(sections), more=kinds)


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
