"""Reporting checklists in words: how much the data answer, and what a person must still write."""

import pandas as pd

from ncsresearch.disclosure.checklists import TO_WRITE, checklist, checklist_counts, checklists
from ncsresearch.evidence.groups import hears_people
from ncsresearch.present.outputs import Finding, Table
from ncsresearch.present.wording import phrase, sentence, worded_table
from ncsresearch.study import Study

FULL = "COREQ"


def reporting_checklists(study: Study, by_author: dict[str, dict[str, str]]) -> list:
    """Return a sentence on each checklist, and what is still to write for COREQ; nothing for published evidence.

    by_author   the author's sentences, as read_checklist_answers reads them
    """
    if not hears_people(study):
        return []
    counts = checklist_counts(study, by_author=by_author)
    answered = [_say(row) for row in counts.to_dict("records")]
    return [*answered, table_still_to_write(study, by_author)]


def _say(row: dict) -> Finding:
    name = row["checklist"]
    called = phrase("checklists", "spencer") if name == "Spencer" else name
    counts = {column.removeprefix("n_"): n for column, n in row.items() if column != "checklist"}
    numbers = {column if column == "items" else f"items_{column}": n for column, n in counts.items()}
    of = {"numbers": numbers, "source": checklists()[name].source}
    return sentence("checklists", name=f"checklist_{name.lower()}", of=of, called=called, **row)


def table_still_to_write(study: Study, by_author: dict[str, dict[str, str]]) -> Table:
    """The items of the full checklist that only a person can answer, and nobody has yet."""
    rows = checklist(study, FULL, by_author=by_author)
    rows: pd.DataFrame = rows[rows["answered"].eq(TO_WRITE)].reset_index(drop=True)
    view = rows.assign(number=rows["item"].astype("str"))
    return worded_table("still_to_write", rows, source=checklists()[FULL].source, view=view, checklist=FULL)
