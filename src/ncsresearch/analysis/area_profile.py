"""What is known about one area, and what is not?

Every function takes what load_area reads of a study, or a whole study and area_id.
"""

import pandas as pd

from ncsresearch.analysis.actions import action_states
from ncsresearch.analysis.coverage import hears_people, interviews_held, n_areas_of_kind
from ncsresearch.analysis.evidence import units
from ncsresearch.analysis.passages import suggestions
from ncsresearch.analysis.withheld import told_counts, told_stances
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

SETTLEMENT = "Share of people in "
PASSAGES = ("quotation", "turn", "response", "finding", "key point")
LOCAL_KINDS = ("comment category", "rating", "performance measure", "survey item")


def area_profile(study: Study, *, area_id: str = "") -> pd.DataFrame:
    """Published statistics of an area beside the national figure for the same period; or the interviews held in it.

    Returns one row per series, period and source of the area, latest period first, with series, period, value,
    national (missing where no figure for the same series and period is held), unit, document_id and
    national_document; where people were heard the rows and columns of interviews_held, none in a confidential study.
    """
    area_id = area_id or study.part_of
    if hears_people(study):
        held = interviews_held(study.where(area_id=area_id))
        shown = held.iloc[:0] if study.settings.threshold else held
        return framed(shown, "interviews of an area", study, area_id=area_id)
    rows = study.statistics[~study.statistics["series"].str.startswith(SETTLEMENT)]
    own = rows[rows["area_id"].eq(area_id)]
    country = rows[rows["area_id"].eq(study.settings.national_area)]
    country = country.sort_values("document_id").drop_duplicates(["series", "period", "unit"], keep="last")
    country = country.rename(columns={"value": "national", "document_id": "national_document"})
    country = country[["series", "period", "unit", "national", "national_document"]]
    found = own.merge(country, on=["series", "period", "unit"], how="left", validate="many_to_one")
    columns = ["series", "period", "value", "national", "unit", "document_id", "national_document"]
    rows = found[columns].sort_values("period", ascending=False, kind="stable", ignore_index=True)
    return framed(rows, "area profile", study, area_id=area_id)


def settlement_shares(study: Study, *, area_id: str = "") -> pd.DataFrame:
    """Share of an area's people by the kind of settlement they live in, where it is published.

    Returns one row per kind of settlement with settlement, share (0 to 1), period and document_id; shares may add to
    0.999 or 1.001 as each is rounded.
    """
    rows = study.statistics[study.statistics["area_id"].eq(area_id or study.part_of)]
    rows = rows[rows["series"].str.startswith(SETTLEMENT)]
    settlement = rows["series"].str.removeprefix(SETTLEMENT)
    columns = ["settlement", "share", "period", "document_id"]
    return rows.assign(settlement=settlement, share=rows["value"] / 100)[columns].reset_index(drop=True)


def area_peers(study: Study, *, area_id: str = "") -> pd.DataFrame:
    """The authorities of an area's official class, largest first; or the kinds of area in which people were heard.

    Returns one row per authority, the area itself included, with name, population, share (of the people of the class),
    case_study and is_area, none where the area has no class; where people were heard one row per kind of area with
    kind and n_areas.
    """
    area = study.area(area_id or study.part_of)
    if hears_people(study):
        kinds = pd.DataFrame(n_areas_of_kind(study).items(), columns=["kind", "n_areas"])
        return framed(kinds, "kinds of area", study, area_id=area["area_id"])
    classed = area["area_type"] not in ("not_classified", "cross_area")
    peers = study.areas[study.areas["area_type"].eq(area["area_type"]) & classed]
    peers = peers.assign(is_area=peers["area_id"].eq(area["area_id"]))
    peers["share"] = peers["population"] / peers["population"].sum()
    rows = peers[["name", "population", "case_study", "is_area", "share"]]
    rows = rows.sort_values("population", ascending=False, kind="stable", ignore_index=True)
    return framed(rows, "area peers", study, area_id=area["area_id"])


def local_evidence(study: Study, *, area_id: str = "") -> pd.DataFrame:
    """Documents about an area that hold units of evidence, and what they hold; or what people heard there raised.

    Returns one row per document and kind of unit with n_units; where people were heard the rows and columns of
    told_stances, people of the area counted.
    """
    area = study.area(area_id or study.part_of)
    if hears_people(study):
        rows = told_stances(study, by="area_id", group=area["name"])
        return framed(rows, "people of an area", study, area_id=area["area_id"])
    found = units(study)
    own = found[found["area_id"].eq(area["area_id"])]
    counted = own.groupby(["document_id", "kind"], sort=False)["unit_id"].nunique()
    return framed(counted.rename("n_units").reset_index(), "local evidence", study, area_id=area["area_id"])


def open_actions(study: Study, *, area_id: str = "") -> pd.DataFrame:
    """Improvement actions of an area's plan that were not complete.

    Returns the rows and columns of action_states.
    """
    area_id = area_id or study.part_of
    states = action_states(study.where(area_id=area_id).actions)
    return framed(states[states["status"].ne("complete")], "open actions", study, area_id=area_id)


def area_suggestions(study: Study, *, area_id: str = "") -> pd.DataFrame:
    """What documents about an area suggest, or under which themes people heard there suggest a change.

    Returns the rows and columns of suggestions, or of told_counts.
    """
    area = study.area(area_id or study.part_of)
    if hears_people(study):
        rows = told_counts(study, by="area_id", group=area["name"], stance="suggestion")
        return framed(rows, "suggestions of people", study, area_id=area["area_id"])
    rows = suggestions(study.where(area_id=area["area_id"]))
    return framed(rows, "suggestions of an area", study, area_id=area["area_id"])


def area_gaps(study: Study, *, area_id: str = "") -> pd.DataFrame:
    """What is not known of an area.

    Returns one row per gap, with gap: took part or took no part (in the research, which does not say what came from
    where), a kind of local evidence, statistics, settlement or population; where people were heard, those not heard.
    """
    area = study.area(area_id or study.part_of)
    if hears_people(study):
        return framed(
            pd.DataFrame({"gap": ["not heard"]}), "people not heard", study, area_id=area["area_id"]
        )
    gaps = pd.DataFrame({"gap": _gaps(study, area)})
    return framed(gaps, "gaps of an area", study, area_id=area["area_id"])


def _gaps(study: Study, area: pd.Series) -> list[str]:
    own = {"area_id": area["area_id"]}
    held = set(local_evidence(study, **own)["kind"])
    held -= {"survey item"} if taken_from_elsewhere(study, **own) else set()
    gaps = ["took part" if area["case_study"] == "yes" else "took no part"]
    gaps += [kind for kind in LOCAL_KINDS if kind not in held]
    gaps += ["statistics"] if area_profile(study, **own).empty else []
    gaps += ["settlement"] if settlement_shares(study, **own).empty else []
    return gaps + (["population"] if pd.isna(area["population"]) else [])


def taken_from_elsewhere(study: Study, *, area_id: str) -> list[str]:
    """Find the area's documents whose survey results are another report's, and so not the area's alone.

    Returns their ids.
    """
    cited = study.published_values[study.published_values["rule"].eq("cited from elsewhere")]
    about = study.documents.set_index("document_id")["area_id"]
    return list(cited.loc[cited["document_id"].map(about).eq(area_id), "document_id"])
