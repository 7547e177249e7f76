"""What is known of one area, and how does it stand beside the rest, as a report on it may show it?

Every function takes what load_area reads of a study: the part of one area.
"""

import pandas as pd

from ncsresearch.analysis.area_profile import area_statistics, areas_of_class, unknowns
from ncsresearch.analysis.points import points, said_of_no_area
from ncsresearch.analysis.questions import cited_on_area
from ncsresearch.analysis.sources import how_held as interviews_held
from ncsresearch.disclosure.counts import counts
from ncsresearch.evidence.groups import hears_people, n_areas_of_kind
from ncsresearch.evidence.kinds import kinds_alike
from ncsresearch.evidence.passages import evidence_by_document
from ncsresearch.study import Study
from ncsresearch.study.frames import framed


def area_profile(study: Study) -> pd.DataFrame:
    """Published statistics of the area beside the country's; or the interviews that were held in it.

    Returns one row per series, period and source, latest period first, with series, period, value, national (the
    country's value, missing where none is held), unit, document_id and national_document. Where people were heard one row
    per participant group and mode, with n_interviews and n_people; none in a confidential study.
    """
    if not hears_people(study):
        return framed(area_statistics(study, area_id=study.part_of), "area profile", study)
    here = study.where(area_id=study.part_of)
    held = interviews_held(here)
    return framed(held.iloc[:0] if study.settings.threshold else held, "interviews held", here)


def area_peers(study: Study) -> pd.DataFrame:
    """The authorities of the area's official class; or the kinds of area in which people were heard.

    Returns one row per authority, the area included, largest first, with name, population, case_study and is_area; none
    where the area has no class. Where people were heard one row per kind of area, with kind and n_areas.
    """
    if not hears_people(study):
        return framed(areas_of_class(study.areas, area_id=study.part_of), "area peers", study)
    kinds = pd.DataFrame(n_areas_of_kind(study).items(), columns=["kind", "n_areas"])
    return framed(kinds, "kinds of area", study)


def local_evidence(study: Study) -> pd.DataFrame:
    """Documents about the area and what they hold; or what people heard there raised.

    Returns one row per document and kind of unit, with document_id, kind and n_units; where people were heard the rows
    and columns of counts by stance.
    """
    if not hears_people(study):
        return framed(evidence_by_document(study, area_id=study.part_of), "local evidence", study)
    return counts(study, by="stance")


def themes_beside(study: Study) -> pd.DataFrame:
    """The themes that people heard in the area raised, beside those of the other areas.

    Returns the rows and columns of counts; none where nobody was heard.
    """
    return counts(study) if hears_people(study) else framed(pd.DataFrame(), "nothing", study)


def points_of_kind(study: Study) -> pd.DataFrame:
    """Points that belong to no one area and are about the area's kind: rural, urban or small town.

    Returns the rows of points by area_type; for an urban area with much country, points about rural areas too. No row where
    the area has no class, where the findings on it cite them all, and where people were heard: elsewhere compares what
    these said.
    """
    found = points(said_of_no_area(study), by="area_type")
    kinds = [] if hears_people(study) else kinds_alike(study.area(study.part_of)["area_type"])
    found = found[found["group"].isin(kinds)]
    found = found.iloc[:0] if found["point_id"].isin(cited_on_area(study)).all() else found
    return framed(found, "points by area_type", study, by="area_type")


def elsewhere(study: Study) -> pd.DataFrame:
    """Views of people of rural and of urban areas.

    Returns the rows and columns of counts by area_type; none where nobody was heard.
    """
    return counts(study, by="area_type") if hears_people(study) else framed(pd.DataFrame(), "nothing", study)


def area_gaps(study: Study) -> pd.DataFrame:
    """The gaps in what is known of the area.

    Returns one row per gap, with gap: took part (in the research, which does not say what came from where), whose survey, a
    kind of local evidence, or statistics; where people were heard one row, not heard.
    """
    if not hears_people(study):
        return framed(unknowns(study, area_id=study.part_of), "gaps of an area", study)
    return framed(pd.DataFrame({"gap": ["not heard"]}), "people not heard", study)
