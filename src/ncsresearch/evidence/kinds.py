"""Which kind is an area: rural, urban, small town, or none that can be compared?"""

from collections.abc import Mapping

import pandas as pd

from ncsresearch.schema import AREA_TYPES, COMPARED
from ncsresearch.study import Study

FEW_AREAS = 10
TOWN = "small town"
AREA_KINDS = (*COMPARED, TOWN, "not in the comparison")


def kinds_of(area_types: pd.Series) -> pd.Series:
    """Return the kind of each area type, one of AREA_KINDS; missing where the type is not known."""
    return area_types.astype("str").map(AREA_TYPES)


def kind_of_area(area_type: str) -> str:
    """Return rural, urban, small town, or an empty string for an area type that is in no comparison."""
    return AREA_TYPES[area_type] if AREA_TYPES[area_type] != AREA_KINDS[3] else ""


def kinds_alike(area_type: str) -> list[str]:
    """Return the kinds of area of which views may apply to an area of a type: an urban area with much country is like rural ones too."""
    kinds = [kind_of_area(area_type)] + ["rural"] * (area_type == "urban_substantial_rural")
    return [kind for kind in kinds if kind]


def few_areas(n_of_kind: Mapping[str, int]) -> bool:
    """Whether rural and urban areas are so few that a comparison of them can show large differences only."""
    rural, urban = (n_of_kind.get(kind, 0) for kind in COMPARED)
    return min(rural, urban) > 0 and rural + urban < FEW_AREAS


def kinds_of_areas(study: Study) -> pd.Series:
    """Return the kind of each area of a study, by area_id."""
    areas = study.areas.set_index("area_id")
    return kinds_of(areas["area_type"])
