"""Reporting checklists in words: how much the data answer, and what a person must still write."""

import pandas as pd

from ncsresearch.disclosure.checklists import CHECKLISTS, TO_WRITE, checklist, checklist_counts
from ncsresearch.evidence.groups import hears_people
from ncsresearch.present.media import Finding, Table
from ncsresearch.study import Study

FULL = "COREQ"
CALLED = {"Spencer": "the Spencer framework"}
OF_ONES_OWN = "Reporting checklists are for studies of one's own. Nobody was heard for the evidence shown here, so none is filled in."


def reporting_checklists(study: Study, by_author: dict[str, dict[str, str]]) -> list:
    """Return a sentence on each checklist, and what is still to write for COREQ; for published evidence why there is none.

    by_author   the author's sentences, as read_checklist_answers reads them
    """
    if not hears_people(study):
        return [Finding("checklists", OF_ONES_OWN)]
    counts = checklist_counts(study, by_author=by_author)
    told = [_say(row) for row in counts.itertuples(index=False)]
    return [*told, table_still_to_write(study, by_author)]


def _say(row) -> Finding:
    told = f"the study's data answer {row.n_yes} and {row.n_in_part} more in part"
    told += f", and the author has written on {row.n_by_author}" if row.n_by_author else ""
    left = f"{row.n_to_write} {'is' if row.n_to_write == 1 else 'are'} still to write"
    called = CALLED.get(row.checklist, row.checklist)
    sentence = f"Of the {row.n_items} items of {called} {told}; {left}."
    counts = {name.removeprefix("n_"): n for name, n in row._asdict().items() if name != "checklist"}
    numbers = {name if name == "items" else f"items_{name}": n for name, n in counts.items()}
    name = f"checklist_{row.checklist.lower()}"
    return Finding(name, sentence, numbers, source=CHECKLISTS[row.checklist].source)


def table_still_to_write(study: Study, by_author: dict[str, dict[str, str]], name: str = FULL) -> Table:
    """The items of a checklist that only a person can answer, and nobody has yet."""
    rows = checklist(study, name, by_author=by_author)
    rows: pd.DataFrame = rows[rows["answered"].eq(TO_WRITE)].reset_index(drop=True)
    view = rows.assign(number=rows["item"].astype("str"))
    shown = {"number": "Item number", "domain": "Part", "asks": "What to write, in our words"}
    caption = f"What a person must still write for {name}"
    base = f"items of {name} that the study's data do not answer"
    return Table("still_to_write", caption, rows, shown, base, CHECKLISTS[name].source, view=view)
