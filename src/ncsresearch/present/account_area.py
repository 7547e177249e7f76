"""The account of one area: of people heard there, or of documents about it and the research."""

import pandas as pd

from ncsresearch.analysis.area_profile import (
    area_statistics,
    areas_of_class,
    local_evidence,
    settlement_shares,
    themes_that_meet_here,
)
from ncsresearch.analysis.area_types import area_type_points
from ncsresearch.analysis.client_groups import groups_served
from ncsresearch.analysis.evidence import coded_evidence
from ncsresearch.analysis.sources import heard, how_held
from ncsresearch.analysis.themes import tally_passages
from ncsresearch.disclosure.counts import counts
from ncsresearch.disclosure.suggestions import suggestions
from ncsresearch.evidence.groups import hears_people
from ncsresearch.present import people_compared, people_heard, people_raised
from ncsresearch.present.figure import plot_stances
from ncsresearch.present.grammar import plot, table
from ncsresearch.present.local_evidence import local_findings, local_plans
from ncsresearch.present.media import Finding
from ncsresearch.present.quantity import among_told
from ncsresearch.present.sentence_area import (
    say_area,
    say_beside_country,
    say_case_study,
    say_local_evidence,
    say_meeting_here,
    say_not_known,
    say_settlement,
    say_type,
)
from ncsresearch.present.sentence_clients import (
    say_served,
)
from ncsresearch.present.sentence_themes import (
    say_told,
)
from ncsresearch.present.table import cited
from ncsresearch.present.table_area import table_meeting_here, tables_beside, tables_of_kind
from ncsresearch.present.table_research import (
    table_served,
)
from ncsresearch.study import Study
from ncsresearch.study.frames import framed


def area_in_brief(study: Study, area: pd.Series) -> list[Finding]:
    """Return the report on an area in a few sentences."""
    if hears_people(study):
        here = study.where(area_id=area["area_id"])
        return [
            people_compared.say_area_of_kind(study, area),
            people_heard.say_area_heard(here, area),
            *among_told(study, people_compared.say_area_raised(study, area)),
        ]
    evidence = coded_evidence(study)
    points = area_type_points(evidence[evidence["area_id"].isna()])
    meeting = themes_that_meet_here(study, area_id=area["area_id"])
    peers = areas_of_class(study.areas, area_id=area["area_id"])
    local = local_evidence(study, area_id=area["area_id"])
    told = [
        say_area(area, peers, study),
        say_local_evidence(local, area, study),
        say_type(points, area, study),
    ]
    return [*told, say_meeting_here(meeting, area, study), say_case_study(area, study)]


def area_itself(study: Study, area: pd.Series) -> list:
    """Return what is known of the area as a place: statistics beside the country's, or who was heard there."""
    if hears_people(study):
        here = study.where(area_id=area["area_id"])
        held = [] if study.settings.threshold else table(how_held(here))
        return [people_heard.say_heard(heard(here)), *held]
    statistics = area_statistics(study, area_id=area["area_id"])
    shares = settlement_shares(study, area_id=area["area_id"])
    peers = areas_of_class(study.areas, area_id=area["area_id"])
    told = [say_beside_country(statistics, area, study), say_settlement(shares, area, study)]
    return [*told, *tables_beside(statistics, shares, peers, area, study)]


def area_evidence(study: Study, area: pd.Series) -> list:
    """Return what people of the area said, or what documents about it hold."""
    here = study.where(area_id=area["area_id"])
    if hears_people(study):
        counted = counts(study, by="stance")
        return [*plot(counted), *table(counted)]
    return local_findings(here, local_evidence(study, area_id=area["area_id"]), area)


def area_beside_the_rest(study: Study, area: pd.Series) -> list:
    """Return the area's themes beside those of the other areas, or of the research."""
    if hears_people(study):
        return [people_compared.table_area_raised(study, area)]
    evidence = coded_evidence(study)
    research = evidence[evidence["area_id"].isna()]
    local = local_evidence(study, area_id=area["area_id"])
    documents = [*local["document_id"].unique(), *research["document_id"].unique()]
    meeting = themes_that_meet_here(study, area_id=area["area_id"])
    return [table_meeting_here(meeting, study, area=area["name"], documents=documents)]


def area_kind(study: Study, area: pd.Series) -> list:
    """Return what is said in or about areas of this kind, and everywhere."""
    if hears_people(study):
        told = among_told(study, people_compared.say_kinds_differ(study))
        return [*told, people_compared.plot_kinds(study)]
    evidence = coded_evidence(study)
    research = evidence[evidence["area_id"].isna()]
    tables = tables_of_kind(area_type_points(research), area, study)
    source = cited(study, research.query("unit == 'segments'")["document_id"])
    figure = plot_stances(tally_passages(research), by="theme", source=source)
    return [*tables, say_told(research, study), figure]


def area_groups(study: Study, area: pd.Series) -> list:
    """Return who is seen as better and less well served, by people of the area or by the research."""
    if hears_people(study):
        return [people_raised.table_people_on_served(study, area=area["name"])]
    served = groups_served(study)
    return [say_served(served, study), table_served(framed(served, "client groups served", study))]


def area_plans(study: Study, area: pd.Series) -> list:
    """Return what people of the area suggest, or the area's open actions and suggestions."""
    if hears_people(study):
        return table(suggestions(study))
    return local_plans(study.where(area_id=area["area_id"]), area)


def area_unknown(study: Study, area: pd.Series) -> Finding:
    """Return what is not known of the area, plainly."""
    if hears_people(study):
        return people_compared.say_area_unknown(study, area)
    local = local_evidence(study, area_id=area["area_id"])
    statistics = area_statistics(study, area_id=area["area_id"])
    return say_not_known(area, local, statistics, settlement_shares(study, area_id=area["area_id"]), study)
