"""What is known about one area, and what is not?"""

import pandas as pd

from ncsresearch.evidence.passages import evidence_by_document
from ncsresearch.study import Study

SETTLEMENT = "Share of people in "
PASSAGES = ("point", "quotation", "passage", "response")
LOCAL_KINDS = ("comment category", "rating", "performance measure", "survey item")


def area_statistics(study: Study, *, area_id: str) -> pd.DataFrame:
    """Published statistics of an area beside the national figure for the same period.

    Returns one row per series, period and source of the area, latest period first, with series, period, value,
    national (missing where no figure for the same series and period is held), unit, document_id and
    national_document.
    """
    rows = study.statistics[~study.statistics["series"].str.startswith(SETTLEMENT)]
    own = rows[rows["area_id"].eq(area_id)]
    country = rows[rows["area_id"].eq(study.settings.national_area)]
    country = country.sort_values("document_id").drop_duplicates(["series", "period", "unit"], keep="last")
    country = country.rename(columns={"value": "national", "document_id": "national_document"})
    country = country[["series", "period", "unit", "national", "national_document"]]
    found = own.merge(country, on=["series", "period", "unit"], how="left", validate="many_to_one")
    columns = ["series", "period", "value", "national", "unit", "document_id", "national_document"]
    return found[columns].sort_values("period", ascending=False, kind="stable", ignore_index=True)


def areas_of_class(areas: pd.DataFrame, *, area_id: str) -> pd.DataFrame:
    """The authorities of the same official class, largest first.

    Returns one row per authority, the area itself included, with name, population, case_study and is_area.
    Empty where the area has no class.
    """
    own = areas.set_index("area_id").loc[area_id, "area_type"]
    peers = areas[areas["area_type"].eq(own) & (own not in ("not_classified", "cross_area"))]
    rows = peers.assign(is_area=peers["area_id"].eq(area_id))[["name", "population", "case_study", "is_area"]]
    return rows.sort_values("population", ascending=False, kind="stable", ignore_index=True)


def taken_from_elsewhere(study: Study, *, area_id: str) -> list[str]:
    """Find the area's documents whose survey results are another report's, and so not the area's alone.

    Returns their ids.
    """
    cited = study.published_values[study.published_values["rule"].eq("cited from elsewhere")]
    about = study.documents.set_index("document_id")["area_id"]
    return list(cited.loc[cited["document_id"].map(about).eq(area_id), "document_id"])


def last_measured(study: Study, *, area_id: str) -> str:
    """The latest period of an area's performance measures, or else of the percentages that its own documents publish.

    Returns it as the source writes it; nothing where there are none, or where measures end in different periods.
    """
    measures = study.kpi_values[study.kpi_values["area_id"].eq(area_id)].dropna(subset="value")
    ends = measures.groupby("kpi_id", observed=True)["period"].last().unique()
    if len(ends):
        return ends[0] if len(ends) == 1 else ""
    own = study.documents.loc[study.documents["area_id"].eq(area_id), "document_id"]
    rows = area_statistics(study, area_id=area_id)
    periods = rows.loc[rows["unit"].eq("percent") & rows["document_id"].isin(own), "period"]
    return periods.max() if len(periods) else ""


def unknowns(study: Study, *, area_id: str) -> pd.DataFrame:
    """The gaps in what is known of an area.

    Returns one row per gap, with gap: took part (in the research, which does not say what came from where), whose survey
    (its answers are cited from a wider study), plan (some of its actions were not complete), a kind of local evidence, or
    statistics.
    """
    area, held = study.area(area_id), set(evidence_by_document(study, area_id=area_id)["kind"])
    researched = study.documents["kind"].eq("research report").any()
    gaps = ["took part"] if area["case_study"] == "yes" and researched else []
    gaps += ["whose survey"] if taken_from_elsewhere(study, area_id=area_id) else []
    own = study.documents.loc[study.documents["area_id"].eq(area_id), "document_id"]
    actions = study.actions[study.actions["document_id"].isin(own)]
    gaps += ["plan"] if actions["status"].ne("complete").any() else []
    gaps += [kind for kind in LOCAL_KINDS if kind not in held]
    gaps += ["statistics"] if area_statistics(study, area_id=area_id).empty else []
    return pd.DataFrame({"gap": gaps})
