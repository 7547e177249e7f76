"""Whom a report of research quotes, in tables."""

import pandas as pd

from ncsresearch.analysis.passages import quotations_by_group
from ncsresearch.present.outputs import Table
from ncsresearch.present.table import STANCE_HEADINGS
from ncsresearch.present.wording import worded_table
from ncsresearch.study.frames import framed, study_of


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
