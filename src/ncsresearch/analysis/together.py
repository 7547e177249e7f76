"""Which themes do the same people raise, or the same documents?"""

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from ncsresearch.evidence.groups import hears_people, n_heard
from ncsresearch.evidence.passages import passage_evidence, said_in_words
from ncsresearch.evidence.people import raised_by_people
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, leaf_themes
from ncsresearch.study.frames import framed

FEWEST = 10  # people, or documents: of fewer a pair of themes says nothing
ABOVE = 2  # that a pair is raised by more than if its themes were unrelated
COLUMNS = ["code_id", "other_id", "theme", "other", "n", "expected", "base", "counted"]


def themes_together(study: Study) -> pd.DataFrame:
    """Pairs of the most specific themes that the same people raised; the same documents where nobody was heard.

    Returns one row per pair that two people more raised than if its themes were unrelated, those furthest above that first,
    with
        code_id, other_id, theme, other   the two themes
        n                                 people (or documents) that raised both
        expected                          as many as would have if the two had nothing to do with each other
        base, counted                     of how many people or documents

    No row for a confidential study, where a pair is in no plan of what may be published, for a selection, and of fewer than ten
    people or documents. Caution: it describes who was heard, and tests nothing.
    """
    raised, base = _raised(study)
    who = {code: {*own} for code, own in raised.groupby("code_id", sort=False)["who"]}
    who = {code: who[code] for code in leaf_themes(study.codebook) if code in who}
    none = study.settings.threshold or study.selection or base < FEWEST
    rows = pd.DataFrame([] if none else _pairs(who, base), columns=COLUMNS[:2] + COLUMNS[4:6])
    names = code_names(study.codebook)
    rows = rows[rows["n"].sub(rows["expected"]).ge(ABOVE)]
    rows = rows.assign(
        theme=rows["code_id"].map(names),
        other=rows["other_id"].map(names),
        base=base,
        counted="people" if hears_people(study) else "documents",
        above=rows["n"] - rows["expected"],
    )
    rows = rows.sort_values("above", ascending=False, kind="stable", ignore_index=True)
    return framed(rows[COLUMNS], "themes together", study)


def _raised(study: Study) -> tuple[pd.DataFrame, int]:
    """Return who raised which theme, as who and code_id, and of how many."""
    if hears_people(study):
        rows, base = raised_by_people(study).rename(columns={"participant_id": "who"}), n_heard(study)[0]
    else:
        said = said_in_words(passage_evidence(study))
        rows, base = said.rename(columns={"document_id": "who"}), said["document_id"].nunique()
    return rows[["who", "code_id"]].astype("str"), base


def _pairs(who: Mapping[str, set[str]], base: int) -> list[tuple]:
    return [
        (one, other, len(who[one] & who[other]), len(who[one]) * len(who[other]) / base)
        for one, other in combinations(who, 2)
    ]
