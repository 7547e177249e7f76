"""Which account a study's evidence bears: of people heard, who can be counted, or of passages published."""

import pandas as pd

from ncsresearch.analysis.area_types import area_type_points, area_type_stances, case_study_classes
from ncsresearch.analysis.client_groups import client_group_stances, groups_served
from ncsresearch.analysis.comparison import theme_comparison
from ncsresearch.analysis.coverage import hears_people
from ncsresearch.analysis.evidence import coded_evidence, evidence_by_document
from ncsresearch.analysis.group_differences import group_differences
from ncsresearch.analysis.passages import listed_points, quotations, quotations_by_group, suggestions
from ncsresearch.analysis.themes import theme_stances, themes_by_document, themes_that_meet
from ncsresearch.analysis.withheld import told_differences
from ncsresearch.present import people_compared, people_differ, people_heard, people_raised
from ncsresearch.present.figure import plot_area_types, plot_stances
from ncsresearch.present.grammar import say, table
from ncsresearch.present.interview_quotations import interview_quotations
from ncsresearch.present.media import Finding
from ncsresearch.present.quantity import among_told
from ncsresearch.present.research_chapter import table_quotations
from ncsresearch.present.sentence_clients import (
    say_both_ways,
    say_client_views,
    say_few_interviews,
    say_group_told,
    say_left_out,
    say_served,
)
from ncsresearch.present.sentence_themes import (
    say_area_balance,
    say_case_study_split,
    say_kind_told,
    say_only_challenges,
    say_quotations_area,
    say_themes_meet,
    say_told,
)
from ncsresearch.present.table import cited, of_kind
from ncsresearch.present.table_research import (
    table_area_points,
    table_classes,
    table_documents,
    table_meeting,
    table_served,
    table_stances,
)
from ncsresearch.study import Study

CLIENTS = "Clients"
_CLIENTS = {"by": "participant_group", "group": CLIENTS}


def _differences(study: Study, *, by: str, **asked) -> pd.DataFrame:
    """Return what may be said of the difference between groups, without the counts that may not be told."""
    return told_differences(study, group_differences(study, by=by, **asked), by=by)


def say_base(study: Study) -> Finding:
    """Say what the numbers of the chapter count."""
    if hears_people(study):
        n = len(study.participants)
        where = " in interviews" if len(study.interviews) else ""
        words = f"Numbers count people, {n} of them heard{where}; a person counts once for a theme."
        return Finding("base", words, {"people": n})
    return Finding("base", "Numbers count passages of published sources, and never people.")


def sources_listed(study: Study) -> list:
    """Return the documents of a study, or how many transcripts and surveys there are where people were heard."""
    counts = evidence_by_document(study)
    if not hears_people(study):
        return [table_documents(study, counts)]
    return [people_heard.table_kinds_of_source(study)]


def themes_in_brief(study: Study) -> list[Finding]:
    """Return what was raised and how it was told, in a few sentences."""
    if hears_people(study):
        return among_told(
            study,
            people_raised.say_most_raised(study),
            people_raised.say_told_by_people(study),
            people_raised.say_told_both_ways(study),
        )
    evidence = coded_evidence(study)
    counts, meeting = theme_stances(evidence), themes_that_meet(evidence)
    return [
        say_told(evidence, study),
        say_only_challenges(counts, evidence, study),
        say_themes_meet(meeting, evidence, study),
    ]


def themes_told(study: Study) -> list:
    """Return strengths and challenges by theme, drawn and as a table, and in people's own words where it has them."""
    if hears_people(study):
        counted = people_raised.plot_people_stances(study), people_raised.table_people_stances(study)
        return [*counted, interview_quotations(study)]
    evidence = coded_evidence(study)
    counts = theme_stances(evidence)
    source = cited(study, evidence.query("unit == 'segments'")["document_id"].unique())
    table = table_stances(counts, by="theme", heading="Theme", name="theme_stances", source=source)
    return [plot_stances(counts, by="theme", source=source), table]


def themes_by_whom(study: Study) -> list:
    """Return who raised each theme: which groups of people, or which documents."""
    if hears_people(study):
        ladder = theme_comparison(study, by="participant_group")
        rows = _differences(study, by="participant_group", ladder=ladder)
        shown = people_differ.say_groups_differ(rows, study), people_differ.table_groups_differ(rows, study)
        return [people_raised.table_groups_raised(study), *shown, people_differ.table_ladder(ladder, study)]
    return [table_meeting(study, themes_by_document(coded_evidence(study)))]


def what_is_suggested(study: Study) -> list:
    """Return what should change, by who suggests it."""
    if hears_people(study):
        return [people_raised.table_people_suggest(study)]
    made = suggestions(study)
    return [*say(made), *table(made)]


def area_types_in_brief(study: Study) -> list[Finding]:
    """Return how rural and urban areas differ, and where they do not."""
    if hears_people(study):
        made = people_compared.say_kinds_differ(study), people_compared.say_kinds_alike(study)
        told = among_told(study, *made)
        return [*told, people_differ.say_kinds_trusted(_differences(study, by="area_type"), study)]
    points, index = area_type_points(coded_evidence(study)), quotations(study)
    told = [say_kind_told(points, study, kind=kind) for kind in ("rural", "urban")]
    return [say_area_balance(points, study), *told, say_quotations_area(index, points, study)]


def area_types_base(study: Study) -> list:
    """Return what the comparison of kinds of area rests on."""
    if hears_people(study):
        return [people_compared.say_six_areas(study)]
    table = table_classes(case_study_classes(study.areas), cited(study, of_kind(study, "classification")))
    return [say_case_study_split(study), table]


def area_types_compared(study: Study) -> list:
    """Return themes by kind of area, drawn, and as tables."""
    if hears_people(study):
        tables = [people_compared.table_kinds(study, stance) for stance in ("", "challenge", "strength")]
        return [people_compared.plot_kinds(study), *tables]
    evidence = coded_evidence(study)
    named = evidence.query("unit == 'segments' and area_kind in ['rural', 'urban']")
    source = cited(study, named["document_id"])
    return [plot_area_types(area_type_stances(evidence), source=source)]


def area_types_told(study: Study) -> list:
    """Return every passage that names a kind of area, kind by kind; or how far a comparison of people can be trusted."""
    if hears_people(study):
        ladder = theme_comparison(study, by="area_type")
        rows = _differences(study, by="area_type", ladder=ladder)
        return [people_differ.table_kinds_trusted(rows, study), people_differ.table_ladder(ladder, study)]
    points = area_type_points(coded_evidence(study))
    kinds = ("rural", "urban", "small town", "not in the comparison")
    return [table_area_points(points, study, kind=kind) for kind in kinds]


def groups_in_brief(study: Study) -> list[Finding]:
    """Return who is seen as better and as less well served, in a few sentences."""
    if hears_people(study):
        rows = _differences(study, by="area_type", of="service level")
        return [
            *among_told(study, people_raised.say_people_on_served(study)),
            people_differ.say_served_differ(rows, study),
        ]
    served, evidence = groups_served(study), _about_groups(study)
    counts = client_group_stances(evidence)
    return [say_served(served, study), say_left_out(served, study), say_group_told(counts, evidence, study)]


def groups_seen(study: Study) -> list:
    """Return who is seen as better and as less well served, as a table."""
    if hears_people(study):
        rows = _differences(study, by="area_type", of="service level")
        return [people_raised.table_people_on_served(study), people_differ.table_served_differ(rows, study)]
    return [table_served(groups_served(study), study)]


def groups_told(study: Study) -> list:
    """Return the passages about each client group by how they are told."""
    if study.settings.threshold:
        words = "Passages about each client group are not counted here: few people, or one, may stand behind them."
        return [Finding("groups_told", words)]
    evidence = _about_groups(study)
    counts = client_group_stances(evidence)
    source = (
        people_heard.heard_by(study)
        if hears_people(study)
        else cited(study, evidence["document_id"].unique())
    )
    table = table_stances(counts, by="client_group", heading="Client group", name="groups", source=source)
    return [plot_stances(counts, by="client_group", source=source), table]


def _about_groups(study: Study) -> pd.DataFrame:
    evidence = coded_evidence(study, facet="all")
    return evidence.query("unit == 'segments' and client_group.notna()")


def clients_in_brief(study: Study) -> list[Finding]:
    """Return what clients value and what not, in a few sentences."""
    if hears_people(study):
        rows = _differences(study, by="client_group")
        told = among_told(study, people_raised.say_clients(study, CLIENTS))
        return [*told, people_differ.say_client_groups_differ(rows, study)]
    views = _client_views(study)
    groups = quotations_by_group(quotations(study))
    return [
        say_client_views(views, study),
        say_both_ways(views, study),
        say_few_interviews(groups, study, group=CLIENTS),
    ]


def _client_views(study: Study) -> pd.DataFrame:
    return listed_points(study, "client views").sort_values(["stance", "code_id"])


def clients_say(study: Study) -> list:
    """Return what clients tell as a strength and as a challenge."""
    if hears_people(study):
        clients = clients_of(study)
        counted = (
            people_raised.plot_people_stances(study, **_CLIENTS),
            people_raised.table_people_stances(study, **_CLIENTS),
        )
        return [*counted, interview_quotations(study, part=clients)]
    return table(_client_views(study))


def clients_suggest(study: Study) -> list:
    """Return what clients would change."""
    if hears_people(study):
        return [people_raised.table_people_suggest(study, **_CLIENTS)]
    made = suggestions(study).query("said_by == 'clients'")
    return [*say(made), *table(made)]


def clients_heard(study: Study) -> list:
    """Return which clients speak in this chapter."""
    if hears_people(study):
        rows = _differences(study, by="client_group")
        heard = people_heard.table_groups_heard(clients_of(study))
        return (
            [heard]
            if study.settings.threshold
            else [heard, people_differ.table_client_groups_differ(rows, study)]
        )
    quoted = table_quotations(quotations(study))
    return [quoted] if quoted else []


def clients_of(study: Study) -> Study:
    """Return the study with only its clients as participants, by the group's name."""
    clients = study.participants[study.participants["participant_group"].eq(CLIENTS)]
    interviews = study.interviews[study.interviews["participant_group"].eq(CLIENTS)]
    return study.holding(participants=clients, interviews=interviews)
