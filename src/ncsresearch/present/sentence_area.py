"""Sentences of the report on one area: what it is like, what is known of it, and what is not."""

import pandas as pd

from ncsresearch.analysis.area_profile import LOCAL_KINDS, PASSAGES, last_measured, taken_from_elsewhere
from ncsresearch.evidence.rounded import rounded
from ncsresearch.present.outputs import Finding
from ncsresearch.present.table import OF_AREAS, cited, of_kind, titles
from ncsresearch.present.wording import phrase, sentence
from ncsresearch.present.written import is_written
from ncsresearch.study import Study
from ncsresearch.study.frames import area_of, study_of

MEASURE = "performance measure"
AUTHORS_SAY = ("took part", "plan")  # gaps that authors who have written of the area say themselves
ABSENT = (*LOCAL_KINDS, "statistics")  # gaps of evidence; the others are of what the sources say


def say_area(peers: pd.DataFrame) -> Finding | None:
    """Say what kind of area it is and how many people live there; what is not known of it only where nobody has written of it."""
    study, area = study_of(peers), area_of(peers)
    if pd.isna(area["population"]) or peers.empty:
        if is_written(study):
            return None
        notes = "" if pd.isna(area["notes"]) else area["notes"]
        return sentence("area", "unknown", area=area["name"], peers=len(peers), notes=notes)
    numbers = {"population": int(area["population"]), "areas": len(peers)}
    of = {"numbers": numbers, "source": cited(study, of_kind(study, *OF_AREAS))}
    classed = area["area_type"] if pd.isna(area["classification"]) else area["classification"]
    places = numbers | {"area": area["name"], "classed": str(classed), "year": area["population_year"]}
    return sentence("area", of=of, **places, dated=pd.notna(places["year"]), **_share_of_country(area, study))


def _share_of_country(area: pd.Series, study: Study) -> dict[str, str]:
    own = study.areas[study.areas["area_id"].eq(study.settings.national_area)]
    people = own["population"].sum()
    percent = rounded(100 * area["population"] / people, 1) if people else ""
    return {"country": own["name"].iloc[0] if people else "", "percent": percent}


def say_local_evidence(local: pd.DataFrame) -> Finding:
    """Say what local evidence there is, and whether any of it is not the area's alone."""
    study, area = study_of(local), area_of(local)
    kinds = [kind for kind in LOCAL_KINDS if kind in set(local["kind"])]
    kinds = kinds or ["passages"] * bool(local["kind"].isin(PASSAGES).any())
    if not kinds:
        return sentence("local_evidence", "none", area=area["name"])
    documents, taken = local["document_id"].unique(), taken_from_elsewhere(study, area_id=area["area_id"])
    of = {"numbers": {"documents": len(documents)}, "source": cited(study, documents)}
    named = {"documents": list(titles(study, pd.Series(documents))), "taken": taken}
    told = [phrase("local_evidence", kind) for kind in kinds]
    return sentence("local_evidence", of=of, area=area["name"], kinds=told, **named)


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


def say_beside_country(profile: pd.DataFrame) -> Finding | None:
    """Put the latest official rate or percentage of an area beside the national figure; nothing where there is none, or authors have written.

    Where sources give several values for one series and period, none is chosen.
    """
    study = study_of(profile)
    if profile.empty or is_written(study):
        return None
    both = profile[profile["unit"].isin(["rate", "percent"])].dropna(subset="national")
    both = both[~both.duplicated(["series", "period"], keep=False)]
    official = both["document_id"].isin(of_kind(study, "official statistics"))
    both = both[official] if official.any() else both
    if both.empty:
        return None
    row = both.iloc[0].to_dict()
    numbers = {"area": float(row["value"]), "national": float(row["national"])}
    of = {"numbers": numbers, "source": cited(study, [row["document_id"], row["national_document"]])}
    return sentence("beside_country", of=of, area=area_of(profile)["name"], **row)


def say_not_known(gaps: pd.DataFrame) -> Finding | None:
    """Say plainly what evidence on the area is absent, and what its sources do not say of it.

    What came from where in the research, and what became of a plan, are left to the authors, where they have written of the area.
    """
    study, area = study_of(gaps), area_of(gaps)["name"]
    found = gaps["gap"][~gaps["gap"].isin(AUTHORS_SAY) | (not is_written(study))]
    measured = last_measured(study, area_id=study.part_of)
    known = found[found.isin(ABSENT)]
    absent = [phrase("not_known", gap) for gap in known if gap != MEASURE or not measured]
    there = phrase("not_known", "there", absent=absent or measured, area=area)
    unsaid = [phrase("not_known", gap, there=there) for gap in found[~found.isin(ABSENT)]]
    places = {"area": area, "absent": absent, "measured": measured, "unsaid": unsaid}
    return sentence("not_known", of={"numbers": {"gaps": len(found)}}, **places) if len(found) else None
