"""What is reported about rural, urban and other areas?"""

import pandas as pd

from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.kinds import AREA_KINDS
from ncsresearch.evidence.passages import said_in_words
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

POINT = [
    *("area_kind", "theme", "stance", "label", "said_by"),
    *("unit_id", "document_id", "area_type", "kind"),
]


def area_type_points(evidence: pd.DataFrame) -> pd.DataFrame:
    """Every passage that names a kind of area: what it says, told how, by whom.

    Returns one row per passage, kind of area and theme: area_kind, theme, stance, label, said_by, unit_id,
    document_id and area_type, rural first and then in the codebook's order.
    """
    named = said_in_words(evidence).dropna(subset="area_type")
    kind = named["area_kind"].astype(pd.CategoricalDtype(AREA_KINDS, ordered=True))
    rows = named.assign(area_kind=kind)[POINT]
    return rows.sort_values(["area_kind", "theme", "stance"], kind="stable", ignore_index=True)


def areas(study: Study) -> pd.DataFrame:
    """The areas that a comparison of kinds of area rests on: case study areas beside all authorities.

    Returns one row per official class that an authority has, with area_type, classification, n_areas, n_case_study and
    population.
    """
    classed = study.areas[~study.areas["area_type"].isin(["cross_area", "not_classified"])]
    rows = classed.groupby(["area_type", "classification"], observed=True).agg(
        n_areas=("area_id", "nunique"),
        n_case_study=("case_study", lambda answers: answers.eq("yes").sum()),
        population=("population", "sum"),
    )
    return framed(rows.reset_index(), "areas of people" if hears_people(study) else "areas", study)
