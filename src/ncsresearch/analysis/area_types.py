"""Which areas of each official class are in the study?"""

import pandas as pd

from ncsresearch.evidence.groups import hears_people
from ncsresearch.study import Study
from ncsresearch.study.frames import framed


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
