"""Tables of the report on one area."""

import pandas as pd

from ncsresearch.analysis.actions import action_states
from ncsresearch.evidence.groups import kind_of_area
from ncsresearch.present.media import Finding, Table
from ncsresearch.present.sentence import no_evidence
from ncsresearch.present.table import cited, of_kind, titles
from ncsresearch.study import Study


def tables_beside(
    statistics: pd.DataFrame, shares: pd.DataFrame, peers: pd.DataFrame, area: pd.Series, study: Study
) -> list[Table]:
    """The area's statistics, settlement and peers; a table without a row is left out, as its sentence says so."""
    tables = [
        table_area_statistics(statistics, study, area=area["name"]),
        table_settlement(shares, study, area=area["name"]),
        table_peers(peers, study),
    ]
    return [table for table in tables if len(table.rows)]


def table_area_statistics(rows: pd.DataFrame, study: Study, *, area: str) -> Table:
    """An area's published statistics beside the national figure."""
    shown = {
        "series": "What is counted",
        "period": "Period",
        "value": area,
        "national": "Whole country",
        "unit": "Unit",
        "source": "Source",
    }
    rows = rows.assign(source=titles(study, rows["document_id"]))
    return Table(
        "statistics",
        f"{area} beside the country",
        rows,
        shown,
        "as each source counts",
        cited(study, [*rows["document_id"], *rows["national_document"].dropna()]),
    )


def table_settlement(shares: pd.DataFrame, study: Study, *, area: str) -> Table:
    """Where the people of an area live."""
    shown = {"settlement": "Kind of settlement", "period": "Period", "share": "Share of people %"}
    source = cited(study, shares["document_id"].unique())
    return Table("settlement", f"Where people live in {area}", shares, shown, "people of the area", source)


def table_peers(peers: pd.DataFrame, study: Study) -> Table:
    """Authorities of the same class."""
    rows = peers.assign(share=peers["population"] / peers["population"].sum())
    shown = {
        "name": "Authority",
        "population": "People",
        "share": "Of the class %",
        "case_study": "Case study area",
    }
    source = cited(study, of_kind(study, "classification"))
    return Table("same_class", "Authorities of the same class", rows, shown, "people", source)


def table_local(local: pd.DataFrame, study: Study, *, area: str) -> Table:
    """What local documents give."""
    rows = local.assign(document=titles(study, local["document_id"]))
    shown = {"document": "Document", "kind": "Kind of unit", "n_units": "Units"}
    source = cited(study, local["document_id"].unique())
    return Table(
        "local_evidence",
        f"Local evidence on {area}",
        rows,
        shown,
        "units of one kind; kinds are never added up",
        source,
    )


def table_meeting_here(meeting: pd.DataFrame, study: Study, *, area: str, documents: list[str]) -> Table:
    """Themes of local evidence beside the research."""
    rows = meeting.assign(research=meeting["research"].fillna("not coded"))
    shown = {
        "theme": "Theme",
        "local": "Local evidence tells it as",
        "research": "The research tells it as",
        "n_local": "Units of local evidence",
    }
    caption = f"Themes of local evidence on {area} and of the research"
    return Table(
        "themes_that_meet",
        caption,
        rows,
        shown,
        "units of local evidence, of different kinds",
        cited(study, documents),
    )


def tables_of_kind(points: pd.DataFrame, area: pd.Series, study: Study) -> list[Table | Finding]:
    """What the sources report about areas of this area's kind; both kinds for urban areas with much country.

    Where the area has no kind, the one sentence that says so.
    """
    kinds = [kind_of_area(area["area_type"])] + ["rural"] * (area["area_type"] == "urban_substantial_rural")
    tables = [_kind_points(points[points["area_kind"].eq(kind)], kind, study) for kind in kinds if kind]
    return tables or [no_evidence("kind", f"areas of the kind of {area['name']}")]


def _kind_points(rows: pd.DataFrame, kind: str, study: Study) -> Table:
    shown = {"theme": "Theme", "label": "What is reported", "stance": "Told as", "said_by": "Said by"}
    source = cited(study, rows["document_id"].unique())
    base = "passages that name this kind of area"
    return Table(f"points_{kind}", f"Points about {kind} areas", rows, shown, base, source)


def table_open_actions(here: Study, *, area: str) -> Table:
    """The area's improvement actions that were not complete."""
    states = action_states(here.actions)
    rows = states[states["status"].ne("complete")]
    shown = {
        "action_id": "No.",
        "label": "Action",
        "due_printed": "Due, as printed",
        "status": "State",
        "overdue": "Overdue",
    }
    source = cited(here, rows["document_id"].unique())
    return Table(
        "open_actions", f"Improvement actions open in {area}", rows, shown, "actions of the plan", source
    )
