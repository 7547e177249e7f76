"""Sentences of the report on one area: what it is like, what is known of it, and what is not."""

import pandas as pd

from ncsresearch.analysis.area_profile import LOCAL_KINDS, PASSAGES, settlement_shares, taken_from_elsewhere
from ncsresearch.present.outputs import Finding
from ncsresearch.present.table import cited, of_kind
from ncsresearch.present.wording import phrase, sentence
from ncsresearch.study import Study
from ncsresearch.study.frames import area_of, study_of


def say_area(peers: pd.DataFrame) -> Finding:
    """Say what kind of area it is and how many people live there."""
    study, area = study_of(peers), area_of(peers)
    if pd.isna(area["population"]) or peers.empty:
        notes = "" if pd.isna(area["notes"]) else area["notes"]
        return sentence("area", "unknown", area=area["name"], peers=len(peers), notes=notes)
    rank = int(peers["is_area"].to_numpy().argmax()) + 1
    numbers = {"population": int(area["population"]), "rank": rank, "areas": len(peers)}
    of = {"numbers": numbers, "source": cited(study, of_kind(study, "classification"))}
    classed = area["area_type"] if pd.isna(area["classification"]) else area["classification"]
    places = {"area": area["name"], "classed": str(classed), "year": area["population_year"]}
    return sentence("area", of=of, **places, **numbers, **_share_of_country(area, study))


def _share_of_country(area: pd.Series, study: Study) -> dict[str, str]:
    own = study.areas[study.areas["area_id"].eq(study.settings.national_area)]
    if own.empty:
        return {"country": "", "percent": ""}
    country = own.iloc[0]
    return {"country": country["name"], "percent": f"{100 * area['population'] / country['population']:.1f}"}


def say_local_evidence(local: pd.DataFrame) -> Finding:
    """Say what local evidence there is, and whether any of it is not the area's alone."""
    study, area = study_of(local), area_of(local)
    kinds = [kind for kind in LOCAL_KINDS if kind in set(local["kind"])]
    kinds = kinds or ["passages"] * bool(local["kind"].isin(PASSAGES).any())
    if not kinds:
        return sentence("local_evidence", "none", area=area["name"])
    n, taken = local["document_id"].nunique(), taken_from_elsewhere(study, area_id=area["area_id"])
    of = {"numbers": {"documents": n}, "source": cited(study, local["document_id"])}
    told = [phrase("local_evidence", kind) for kind in kinds]
    return sentence("local_evidence", of=of, area=area["name"], n=n, kinds=told, taken=taken)


def say_case_study(local: pd.DataFrame) -> Finding | None:
    """Say whether the area took part in the research, and that no quotation can be tied to it."""
    study, area = study_of(local), area_of(local)
    reports = of_kind(study, "research report")
    if not reports:
        return None
    of = {"source": cited(study, reports)}
    if area["case_study"] != "yes":
        return sentence("case_study", "no", of=of, area=area["name"])
    n = int(study.areas["case_study"].eq("yes").sum())
    held = int(study.interviews["area_id"].eq(area["area_id"]).sum())
    return sentence(
        "case_study", of=of | {"numbers": {"case_study_areas": n}}, area=area["name"], n=n, held=held
    )


def say_beside_country(profile: pd.DataFrame) -> Finding:
    """Hold the latest official rate or percentage of an area against the national figure.

    Where sources give several values for one series and period, none is chosen: the table shows them all.
    """
    study, area = study_of(profile), area_of(profile)["name"]
    both = profile[profile["unit"].isin(["rate", "percent"])].dropna(subset="national")
    both = both[~both.duplicated(["series", "period"], keep=False)]
    official = both["document_id"].isin(of_kind(study, "official statistics"))
    both = both[official] if official.any() else both
    if both.empty:
        n = len(profile)
        return sentence(
            "beside_country", "no_rate", of={"numbers": {"statistics": n} if n else {}}, area=area, n=n
        )
    row = both.iloc[0].to_dict()
    numbers = {"area": float(row["value"]), "national": float(row["national"])}
    of = {"numbers": numbers, "source": cited(study, [row["document_id"], row["national_document"]])}
    return sentence("beside_country", of=of, area=area, **row)


def say_settlement(profile: pd.DataFrame) -> Finding:
    """Say what share of an area's people lived in rural areas and small towns, where it is published."""
    study, area = study_of(profile), area_of(profile)
    shares = settlement_shares(study, area_id=area["area_id"])
    if shares.empty:
        return sentence("settlement", "unknown", area=area["name"])
    rural, towns = (
        float(shares.loc[shares["settlement"].str.endswith(kind), "share"].sum())
        for kind in ("rural areas", "small towns")
    )
    numbers = {"rural": round(rural, 3), "small_towns": round(towns, 3)}
    of = {"numbers": numbers, "source": cited(study, shares["document_id"])}
    return sentence("settlement", of=of, rural=rural, towns=towns, period=shares["period"].iloc[0])


def say_not_known(gaps: pd.DataFrame) -> Finding:
    """Say plainly what is not known about the area."""
    told = [phrase("local_evidence" if gap in LOCAL_KINDS else "not_known", gap) for gap in gaps["gap"]]
    return sentence("not_known", of={"numbers": {"gaps": len(told)}}, area=area_of(gaps)["name"], gaps=told)
