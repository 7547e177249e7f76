"""What is reported about rural, urban and other areas?"""

import pandas as pd

from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.kinds import AREA_KINDS
from ncsresearch.study import Study
from ncsresearch.study.frames import framed


def area_type_points(evidence: pd.DataFrame) -> pd.DataFrame:
    """Every passage that names a kind of area: what it says, told how, by whom.

    Returns one row per passage, kind of area and theme: area_kind, theme, stance, label, said_by, unit_id,
    document_id and area_type, rural first and then in the codebook's order.
    """
    named = evidence[evidence["unit"].eq("segments") & evidence["area_type"].notna()]
    kind = named["area_kind"].astype(pd.CategoricalDtype(AREA_KINDS, ordered=True))
    columns = [
        "area_kind",
        "theme",
        "stance",
        "label",
        "said_by",
        "unit_id",
        "document_id",
        "area_type",
        "kind",
    ]
    return named.assign(area_kind=kind)[columns].sort_values(columns[:3], kind="stable", ignore_index=True)


def case_study_classes(areas: pd.DataFrame) -> pd.DataFrame:
    """Case study areas beside all authorities, by official class.

    Returns one row per class that an authority has, with n_areas, n_case_study and their shares of each total.
    """
    classed = areas[~areas["area_type"].isin(["cross_area", "not_classified"])]
    rows = classed.groupby(["area_type", "classification"], observed=True).agg(
        n_areas=("area_id", "nunique"),
        n_case_study=("case_study", lambda answers: answers.eq("yes").sum()),
        population=("population", "sum"),
    )
    return rows.reset_index()


def areas(study: Study) -> pd.DataFrame:
    """The areas that a comparison of kinds of area rests on.

    Returns one row per official class that an area has, as case_study_classes.
    """
    kind = "areas of people" if hears_people(study) else "areas"
    return framed(case_study_classes(study.areas), kind, study)
