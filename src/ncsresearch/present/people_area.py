"""The report on an area in which people were heard: what people_*.py say, draw and lay out of the study, for its frames."""

import pandas as pd

from ncsresearch.analysis.sources import heard
from ncsresearch.present import people_compared, people_heard, people_raised
from ncsresearch.present.media import Finding, Table
from ncsresearch.present.quantity import among_told
from ncsresearch.study.frames import area_of, study_of


def say_kind(kinds: pd.DataFrame) -> Finding:
    """Say what kind of area it is, and how many of the kind are in the study."""
    return people_compared.say_area_of_kind(study_of(kinds), area_of(kinds))


def say_how_many(counts: pd.DataFrame) -> Finding:
    """Say how many people were heard in the area."""
    area = area_of(counts)
    return people_heard.say_area_heard(study_of(counts).where(area_id=area["area_id"]), area)


def say_who(held: pd.DataFrame) -> Finding:
    """Say who the people heard in the area are."""
    return people_heard.say_heard(heard(study_of(held)))


def table_held(held: pd.DataFrame) -> Table | None:
    """How the interviews of the area were held."""
    return people_heard.table_interviews(held) if len(held) else None


def say_themes(counts: pd.DataFrame) -> list[Finding]:
    """Say what most people of the area raised, and what sets it apart."""
    study = study_of(counts)
    return among_told(study, people_compared.say_area_raised(study, area_of(counts)))


def table_themes(counts: pd.DataFrame) -> Table:
    """The themes of the area beside the other areas together."""
    return people_compared.table_area_raised(study_of(counts), area_of(counts))


def say_kinds(counts: pd.DataFrame) -> list[Finding]:
    """Say which theme differs most between rural and urban areas, each way."""
    study = study_of(counts)
    return among_told(study, people_compared.say_kinds_differ(study))


def table_served(served: pd.DataFrame) -> Table:
    """How many people of the area see each client group as better and as less well served."""
    return people_raised.table_people_on_served(study_of(served), area=area_of(served)["name"])


def say_not_heard(gaps: pd.DataFrame) -> Finding:
    """Say what the interviews of the area leave open."""
    return people_compared.say_area_unknown(study_of(gaps), area_of(gaps))
