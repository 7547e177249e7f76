"""How much does the mask withhold, and how much would any other have to?"""

from collections.abc import Iterator

import pandas as pd

from ncsresearch.analysis.survey import answers_counted
from ncsresearch.disclosure.answers import COUNTS, publishable_answers
from ncsresearch.disclosure.mask import withheld_counts
from ncsresearch.disclosure.plan import ABOUT
from ncsresearch.disclosure.reader import weights
from ncsresearch.study import Study

# A bound is rounded down to a twentieth of the loss, is never all of it and is given of no fewer numbers than that: it
# would say otherwise that each number which is withheld is a small one.
STEPS = 20
FORMS = {"number": "numbers", "word": "words"}
EVERYBODY = "everybody"


def losses(study: Study) -> list[dict]:
    """Return what is withheld of each family of counts that a confidential study may print, and what had to be.

    One entry a family: heard, raised, each stance, served and survey, with
        counts  its name
        loss    the sum of the weights of what is withheld (reader.weights), which say what a number is of and never its
                size; none for survey
        bound   what any mask that protects the family by itself would lose at least, rounded down to a twentieth of the
                loss and no more than nineteen of them; none where fewer than twenty numbers are withheld
        by      one entry a grouping that is printed: by, form (numbers or words), cells, withheld_cells (without their number) and
                words (a word in its place). Client groups are in no sum, so that each is withheld for itself, without loss
    """
    study = study.slice.whole if study.slice else study
    rows = withheld_counts(study)
    rows = rows[rows["form"].ne("")]
    family = rows["stance"].where(rows["stance"].ne(""), rows["table"])
    found = [_family(name, rows[family.eq(name)]) for name in family.unique()]
    return found + [{"counts": "survey", "by": by} for by in [list(_survey(study))] if by]


def _family(name: str, rows: pd.DataFrame) -> dict:
    own = rows[rows["by"].ne(ABOUT)]
    lost = weights(own) * (own["hidden"] & (own["form"].eq("number") | own["words"].eq("")))
    loss, bound = float(lost.sum()), float((lost * own["bound"]).sum())
    few = int(own["hidden"].sum()) < STEPS
    known = {"loss": round(loss, 1), "bound": None if few else _rounded_down(bound, loss)}
    groupings = [_grouping(by, rows[rows["by"].eq(by)]) for by in rows["by"].unique()]
    return {"counts": name} | known | {"by": groupings}


def _rounded_down(bound: float, loss: float) -> float:
    steps = min(STEPS - 1, STEPS * bound // loss) if loss else 0
    return round(loss * steps / STEPS, 1)


def _grouping(by: str, rows: pd.DataFrame) -> dict:
    hidden, form = rows["hidden"].astype(bool), rows["form"].iloc[0] if len(rows) else ""
    counted = {"cells": len(rows), "withheld_cells": int(hidden.sum())}
    words = int((hidden & rows["words"].ne("")).sum())
    return {"by": by or EVERYBODY, "form": FORMS.get(form, "")} | counted | {"words": words}


def _survey(study: Study) -> Iterator[dict]:
    """Yield what is withheld of the answers of everybody, and of each kind of area."""
    for by in ("", "area_type") if len(study.survey_answers) else ():
        counted = answers_counted(study, by=by)[COUNTS].notna().to_numpy()
        told = publishable_answers(study, by=by)[COUNTS].notna().to_numpy()
        cells = {"cells": int(counted.sum()), "withheld_cells": int((counted & ~told).sum())}
        yield {"by": by or EVERYBODY, "form": "numbers"} | cells | {"words": 0}
