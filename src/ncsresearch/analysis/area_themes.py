"""How does what is said of one area meet what is said elsewhere?

Every function takes what load_area reads of a study, or a whole study and area_id.
"""

import pandas as pd

from ncsresearch.analysis.area_types import area_type_points
from ncsresearch.analysis.client_groups import groups_served
from ncsresearch.analysis.coverage import hears_people, kind_of_area
from ncsresearch.analysis.evidence import coded_evidence
from ncsresearch.analysis.withheld import told_counts, told_served
from ncsresearch.study import Study
from ncsresearch.study.frames import framed


def themes_beside(study: Study, *, area_id: str = "") -> pd.DataFrame:
    """Themes of local evidence beside what the research reports of them; or those that people of the area raised.

    Returns one row per theme that local evidence raises, with
        local      how it is told there: stances in the schema's order, divided by semicolons
        research   how the passages that belong to no one area tell it; missing where they do not raise it
        n_local    units of local evidence
    Where people were heard it returns the rows and columns of told_counts.
    """
    area = study.area(area_id or study.part_of)
    if hears_people(study):
        rows = told_counts(study, by="area_id", group=area["name"])
        return framed(rows, "themes of people here", study, area_id=area["area_id"])
    evidence = coded_evidence(study)
    own = evidence["area_id"].eq(area["area_id"])
    told, reported = (
        evidence[of].groupby("theme", observed=True) for of in (own, evidence["area_id"].isna())
    )
    rows = pd.DataFrame({"local": told["stance"].agg(_stances), "n_local": told["unit_id"].nunique()})
    rows = rows.assign(research=reported["stance"].agg(_stances).reindex(rows.index))
    rows = rows.astype({"local": "str", "research": "str"}).reset_index(names="theme")
    rows = rows[["theme", "local", "research", "n_local"]]
    return framed(rows, "themes that meet here", study, area_id=area["area_id"])


def _stances(stances: pd.Series) -> str:
    return "; ".join(str(stance) for stance in stances.dropna().sort_values().unique())


def points_of_kind(study: Study, *, area_id: str = "") -> pd.DataFrame:
    """Passages that belong to no one area and are about the area's kind: rural, urban or small town.

    Returns the rows and columns of area_type_points for the kind; both kinds for an urban area with much country. None
    where the area has no class, and where people were heard: see elsewhere.
    """
    area = study.area(area_id or study.part_of)
    points = area_type_points(research(study))
    kinds = [kind_of_area(area["area_type"])] + ["rural"] * (area["area_type"] == "urban_substantial_rural")
    own = points[points["area_kind"].isin(kinds)]
    kind = "nothing" if hears_people(study) else "points of a kind"
    return framed(own, kind, study, area_id=area["area_id"], kinds=[each for each in kinds if each])


def research(study: Study) -> pd.DataFrame:
    """Judgements of passages that belong to no one area: the rows and columns of coded_evidence."""
    evidence = coded_evidence(study)
    return evidence[evidence["area_id"].isna()]


def elsewhere(study: Study) -> pd.DataFrame:
    """What is said of all areas: by the research, or by people of rural and of urban areas.

    Returns the rows and columns of research; where people were heard those of told_counts with kind, rural and urban.
    """
    if not hears_people(study):
        return framed(research(study), "passages of the research", study)
    kinds = ("rural", "urban")
    rows = [told_counts(study, by="area_type", group=kind).assign(kind=kind) for kind in kinds]
    return framed(pd.concat(rows, ignore_index=True), "people by kind of area", study)


def area_served(study: Study, *, area_id: str = "") -> pd.DataFrame:
    """Who is seen as better and less well served: by the research, or by people heard in the area.

    Returns the rows and columns of groups_served, or of told_served.
    """
    area = study.area(area_id or study.part_of)
    if hears_people(study):
        rows = told_served(study, by="area_id")
        return framed(
            rows[rows["group"].eq(area["name"])], "people on who is served", study, area_id=area["area_id"]
        )
    return framed(groups_served(study), "who is served", study, area_id=area["area_id"])
