"""What published passages raise, where nobody was heard: in words, figures and tables, passages counted."""

import pandas as pd

from ncsresearch.analysis.area_types import area_type_points
from ncsresearch.analysis.passages import quotations, quotations_by_group
from ncsresearch.analysis.themes import themes_across_documents
from ncsresearch.disclosure.client_views import CLIENTS
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.kinds import KINDS
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.present.figure import plot_area_types, plot_stances
from ncsresearch.present.media import Figure, Finding, Table
from ncsresearch.present.people_heard import heard_by
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
    say_kind_told,
    say_only_challenges,
    say_quotations_area,
    say_themes_meet,
    say_told,
)
from ncsresearch.present.table import cited
from ncsresearch.present.table_research import table_area_points, table_stances
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of


def say_passages(counts: pd.DataFrame) -> list[Finding]:
    """Say which themes passages raise, how they describe them, and which run through several documents."""
    study = study_of(counts)
    evidence = passage_evidence(study)
    return [
        say_told(evidence, study),
        say_only_challenges(counts, evidence, study),
        say_themes_meet(themes_across_documents(evidence), evidence, study),
    ]


def plot_passages(counts: pd.DataFrame) -> Figure:
    """Draw the passages under each theme by how they describe it."""
    return plot_stances(counts, by="theme", source=_passages_cited(study_of(counts)))


def table_passages(counts: pd.DataFrame) -> Table:
    """Return the passages under each theme by how they describe it."""
    source = _passages_cited(study_of(counts))
    return table_stances(counts, by="theme", heading="Theme", name="theme_stances", source=source)


def _passages_cited(study: Study) -> str:
    evidence = passage_evidence(study)
    return cited(study, evidence.query("unit == 'segments'")["document_id"].unique())


def say_passages_by_kind(counts: pd.DataFrame) -> list[Finding]:
    """Say what is reported about rural and about urban areas, and that no quotation comes from one."""
    study = study_of(counts)
    points, index = area_type_points(passage_evidence(study)), quotations(study)
    kinds = [say_kind_told(points, study, kind=kind) for kind in KINDS[:2]]
    return [say_area_balance(points, study), *kinds, say_quotations_area(index, points, study)]


def plot_passages_by_kind(counts: pd.DataFrame) -> Figure:
    """Draw the passages about rural and about urban areas, theme by theme."""
    study = study_of(counts)
    named = passage_evidence(study).query("unit == 'segments' and area_kind in ['rural', 'urban']")
    return plot_area_types(counts, source=cited(study, named["document_id"]))


def tables_of_points(counts: pd.DataFrame) -> list[Table]:
    """Return every passage that names a kind of area, kind by kind."""
    study = study_of(counts)
    points = area_type_points(passage_evidence(study))
    return [table_area_points(points, study, kind=kind) for kind in KINDS]


def say_groups_served(served: pd.DataFrame) -> list[Finding]:
    """Say who is seen as better and less well served, whom the key points leave out, and who is named most."""
    study = study_of(served)
    evidence = passage_evidence(study, facet="all")
    evidence = evidence[evidence["unit"].eq("segments") & evidence["client_group"].notna()]
    return [say_served(served, study), say_left_out(served, study), say_group_told(evidence, study)]


def plot_client_groups(counts: pd.DataFrame) -> Figure:
    """Draw the passages about each client group by how they describe it."""
    return plot_stances(_named(counts), by="client_group", source=_about_groups(study_of(counts)))


def table_client_groups(counts: pd.DataFrame) -> Table:
    """Return the passages about each client group by how they describe it."""
    source = _about_groups(study_of(counts))
    return table_stances(
        _named(counts), by="client_group", heading="Client group", name="groups", source=source
    )


def _named(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.rename(columns={"group": "client_group"})


def _about_groups(study: Study) -> str:
    if hears_people(study):
        return heard_by(study)
    evidence = passage_evidence(study, facet="all")
    about = evidence["unit"].eq("segments") & evidence["client_group"].notna()
    return cited(study, evidence.loc[about, "document_id"].unique())


def say_views(views: pd.DataFrame) -> list[Finding]:
    """Say what clients value and what not, on what they differ, and from how few interviews they are quoted."""
    study = study_of(views)
    groups = quotations_by_group(quotations(study))
    few = say_few_interviews(groups, study, group=CLIENTS)
    return [say_client_views(views, study), say_both_ways(views, study), few]
