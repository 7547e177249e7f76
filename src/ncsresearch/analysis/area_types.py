"""What is reported about rural, urban and other areas?"""

import pandas as pd

KINDS = ("rural", "urban", "small town", "not in the comparison")


def area_type_stances(evidence: pd.DataFrame) -> pd.DataFrame:
    """Passages about each kind of area, by theme and how they were told.

    Returns one row per theme, area_kind (rural, urban) and stance, with n_passages, 0 where there is none.
    Base: passages that name a kind of area. Caution: a passage names a kind of area; it does not come from one.
    """
    named = evidence[evidence["unit"].eq("segments") & evidence["area_kind"].isin(KINDS[:2])]
    kind = named["area_kind"].astype(pd.CategoricalDtype(KINDS[:2], ordered=True))
    counted = (
        named.assign(area_kind=kind)
        .groupby(["theme", "area_kind", "stance"], observed=False)["unit_id"]
        .nunique()
    )
    return counted.rename("n_passages").reset_index()


def area_type_points(evidence: pd.DataFrame) -> pd.DataFrame:
    """Every passage that names a kind of area: what it says, told how, by whom.

    Returns one row per passage, kind of area and theme: area_kind, theme, stance, label, said_by, unit_id,
    document_id and area_type, rural first and then in the codebook's order.
    """
    named = evidence[evidence["unit"].eq("segments") & evidence["area_type"].notna()]
    kind = named["area_kind"].astype(pd.CategoricalDtype(KINDS, ordered=True))
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
