"""What published sources say in a selection: a sentence and a table, passages counted and never people."""

import pandas as pd

from ncsresearch.analysis.themes import tally_passages
from ncsresearch.evidence.passages import passage_evidence, said_in_words
from ncsresearch.explorer.people import Counted
from ncsresearch.explorer.selection import Selection, asked_for
from ncsresearch.present.outputs import Finding, Table
from ncsresearch.present.points import as_described
from ncsresearch.present.table import STANCE_HEADINGS, cited, wide
from ncsresearch.present.wording import sentence, worded_table
from ncsresearch.study import Study
from ncsresearch.study.codebook import codes_under


def evidence_of(study: Study, selection: Selection) -> pd.DataFrame:
    """Return the judgements of a selection with the passages they are about, as passage_evidence has them."""
    names = {"area": "area_id", "heard_from": "said_by", "client_group": "client_group", "stance": "stance"}
    rows = asked_for(
        passage_evidence(study), **{column: getattr(selection, name) for name, column in names.items()}
    )
    if kind := selection.area_type:
        rows = rows[rows["area_type"].astype("str").eq(kind) | rows["area_kind"].eq(kind)]
    if selection.theme:
        rows = rows[rows["code_id"].isin(codes_under(study.codebook, selection.theme))]
    return rows


def count_passages(study: Study, selection: Selection, *, rules: bool) -> Counted:
    """Return a sentence and a table on the passages of a selection; no figure, since their number is how finely they were read.

    Under the disclosure rules passages on a place, of a group or about a client group are not counted.
    """
    if rules and selection.narrows:
        return sentence("not_counted", "passages"), None, None
    rows = evidence_of(study, selection)
    counts = asked_for(tally_passages(rows), stance=selection.stance)
    source = cited(study, said_in_words(rows)["document_id"].unique())
    return _say(rows, study), _table(counts, source), None


def _table(counts: pd.DataFrame, source: str) -> Table:
    """Return passages of each theme by how they describe it, a column a stance; themes without any are left out."""
    rows = wide(counts, index="theme", columns="stance", values="n")
    stances = {stance: heading for stance, heading in STANCE_HEADINGS.items() if stance in rows}
    rows = rows[rows[list(stances)].sum(axis=1) > 0]
    shown = {"theme": "Theme"} | stances
    return worded_table("stances", rows, name="selected_themes", source=source, more=shown)


def _say(rows: pd.DataFrame, study: Study) -> Finding:
    """Say how many passages of how many documents the selection holds, and how they describe it."""
    if rows.empty:
        return sentence("selected", "none")
    passages = said_in_words(rows)
    ways = passages.groupby("stance", observed=True)["unit_id"].nunique()
    n, documents = passages["unit_id"].nunique(), passages["document_id"].unique()
    numbers = {"passages": n} | {str(stance): int(count) for stance, count in ways.items()}
    places = {
        "n": n,
        "documents": len(documents),
        "ways": [f"{n} {as_described(stance)}" for stance, n in ways.items()],
        "others": rows.loc[~rows.index.isin(passages.index), "unit_id"].nunique(),
    }
    of = {"numbers": numbers, "evidence": rows, "source": cited(study, documents)}
    return sentence("selected", "passages", of=of, **places)
