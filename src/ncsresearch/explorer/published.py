"""What published sources say in a selection: a sentence, a table and a figure, passages counted and never people."""

from dataclasses import replace
from functools import lru_cache

import pandas as pd

from ncsresearch.analysis.codes import codes_above
from ncsresearch.analysis.evidence import coded_evidence
from ncsresearch.analysis.themes import tally_passages
from ncsresearch.explorer.people import Counted, draw
from ncsresearch.explorer.selection import Selection
from ncsresearch.present.media import Finding
from ncsresearch.present.sentence import counted, listed, no_evidence
from ncsresearch.present.sentence_themes import TOLD
from ncsresearch.present.table import cited
from ncsresearch.present.table_research import table_stances
from ncsresearch.study import Study

NOT_TOLD = "Not counted: in a confidential study few people, or one, may stand behind the passages on a place or of a group."


def evidence_of(study: Study, selection: Selection) -> pd.DataFrame:
    """Return the judgements of a selection with the passages they are about, as coded_evidence has them."""
    return _evidence(study, replace(selection, words=""))


@lru_cache(maxsize=8)
def _evidence(study: Study, selection: Selection) -> pd.DataFrame:
    rows = coded_evidence(study)
    area_type, above = selection.area_type, codes_above(study.codebook)
    under = above.loc[above["counts_for"].eq(selection.theme), "code_id"]
    kept = {
        area_type: rows["area_type"].astype("str").eq(area_type) | rows["area_kind"].eq(area_type),
        selection.theme: rows["code_id"].astype("str").isin(under),
    }
    names = {"area": "area_id", "group": "said_by", "client_group": "client_group", "stance": "stance"}
    kept |= {
        getattr(selection, name): rows[column].eq(getattr(selection, name)) for name, column in names.items()
    }
    wanted = [keep for value, keep in kept.items() if value]
    return rows[pd.concat(wanted, axis=1).all(axis=1)] if wanted else rows


def count_passages(study: Study, selection: Selection, *, rules: bool) -> Counted:
    """Return a sentence, a table and a figure on the passages of a selection.

    Under the disclosure rules passages on a place, of a group or about a client group are not counted.
    """
    if rules and selection.narrows:
        return Finding("not_counted", NOT_TOLD), None, None
    rows = evidence_of(study, selection)
    counts = tally_passages(rows)
    counts = counts[counts["stance"].eq(selection.stance) | (not selection.stance)]
    source = cited(study, rows.loc[rows["unit"].eq("segments"), "document_id"].unique())
    table = table_stances(counts, by="theme", heading="Theme", name="selected_themes", source=source)
    return _say(rows, study), table, draw(counts, selection, by="theme", source=source, what="passages")


def _say(rows: pd.DataFrame, study: Study) -> Finding:
    """Say how many passages of how many documents the selection holds, and how they are told."""
    passages = rows[rows["unit"].eq("segments")]
    if rows.empty:
        return no_evidence("selected", "this selection")
    told = passages.groupby("stance", observed=True)["unit_id"].nunique()
    n, documents = passages["unit_id"].nunique(), passages["document_id"].unique()
    how = listed(f"{count} {TOLD[str(stance)]}" for stance, count in told.items())
    words = (
        f"{counted(n, 'passage')} of {counted(len(documents), 'document')}: told {how}."
        if n
        else "No passage was coded so."
    )
    others = rows.loc[rows["unit"].ne("segments"), "unit_id"].nunique()
    beside = (
        f" {counted(others, 'unit')} of other kinds, such as actions or measures, are not added to them."
        * bool(others)
    )
    numbers = {"passages": n} | {str(stance): int(count) for stance, count in told.items()}
    return Finding("selected", words + beside, numbers, rows, cited(study, documents))
