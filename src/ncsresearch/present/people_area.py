"""The report on an area in which people were heard: what people_*.py say, draw and lay out of the study, for its frames."""

import pandas as pd

from ncsresearch.present import people_compared, people_heard, people_raised
from ncsresearch.present.media import Figure, Finding, Table
from ncsresearch.present.quantity import among_told
from ncsresearch.study.frames import area_of, study_of


def _here(frame: pd.DataFrame) -> dict[str, str]:
    return {"by": "area_id", "group": area_of(frame)["name"]}


def say_kind(kinds: pd.DataFrame) -> Finding:
    """Say what kind of area it is, and how many of the kind are in the study."""
    return people_compared.say_area_of_kind(study_of(kinds), area_of(kinds))


def say_how_many(people: pd.DataFrame) -> Finding:
    """Say how many people were heard in the area."""
    area = area_of(people)
    return people_heard.say_area_heard(study_of(people).where(area_id=area["area_id"]), area)


def plot_stances(people: pd.DataFrame) -> Figure:
    """Draw how many people of the area told each theme as a strength and as a challenge."""
    return people_raised.plot_people_stances(study_of(people), **_here(people))


def table_stances(people: pd.DataFrame) -> Table:
    """People of the area by theme and how they told it."""
    return people_raised.table_people_stances(study_of(people), **_here(people))


def say_themes(themes: pd.DataFrame) -> list[Finding]:
    """Say what most people of the area raised, and what sets it apart."""
    study = study_of(themes)
    return among_told(study, people_compared.say_area_raised(study, area_of(themes)))


def table_themes(themes: pd.DataFrame) -> Table:
    """The themes of the area beside the other areas together."""
    return people_compared.table_area_raised(study_of(themes), area_of(themes))


def say_who(interviews: pd.DataFrame) -> Finding:
    """Say who the people heard in the area are."""
    return people_heard.say_heard(study_of(interviews).where(area_id=interviews.attrs["area_id"]))


def table_interviews(interviews: pd.DataFrame) -> Table | None:
    """How the interviews of the area were held."""
    here = study_of(interviews).where(area_id=interviews.attrs["area_id"])
    return people_heard.table_interviews(here) if len(interviews) else None


def say_kinds_differ(themes: pd.DataFrame) -> list[Finding]:
    """Say which theme differs most between rural and urban areas."""
    study = study_of(themes)
    return among_told(study, people_compared.say_kinds_differ(study))


def plot_kinds(themes: pd.DataFrame) -> Figure:
    """Draw the share of people in rural and in urban areas who raised each theme."""
    return people_compared.plot_kinds(study_of(themes))


def table_served(served: pd.DataFrame) -> Table:
    """How many people of the area see each client group as better and as less well served."""
    return people_raised.table_people_on_served(study_of(served), area=area_of(served)["name"])


def table_suggested(suggestions: pd.DataFrame) -> Table:
    """Themes under which people of the area suggest a change."""
    return people_raised.table_people_suggest(study_of(suggestions), **_here(suggestions))


def say_not_heard(gaps: pd.DataFrame) -> Finding:
    """Say what the interviews of the area leave open."""
    return people_compared.say_area_unknown(study_of(gaps), area_of(gaps))
