"""Which functions put each kind of frame into words, draw it, and lay it out as tables?

A kind "in an area report" is the same kind of frame where it is of the part of one area.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module

import pandas as pd

from ncsresearch.present.wording import worded_table
from ncsresearch.study import Study

VERBS = {"say": "say", "plot": "plot", "table": "table", "limits": "say"}


# kinds of frame that not every parameter of a chapter narrows, by those that do. A selection by none of them would show the
# whole again, or what is protected, or tested beside all others, for the whole alone: eleven urban interviews on a theme that
# twelve people raised would leave one rural person
NARROWED_BY = {
    "": "sources; sources of people; codebook; terms; areas; areas of people; checks; checks with a result; remarks; "
    "saturation; saturation by kind of area; saturation by group; stated differences; sensitivity; "
    "differences by participant_group; differences by area_type; differences by client_group; "
    "differences by views of service; differences by grouping; shares of areas; client groups served in areas; joint display by area_type; "
    "joint display by heard_from",
    "area_id": "consultation; unpublished comments; responses; poll; kpis; ratings; actions; actions by indicator; "
    "actions by owner; published shares; answers; answers by group",
    "area_id area_type heard_from": "people heard; interviews held; client groups heard; client groups served",
}
UNITS_BY = ("stance", "area_type", "client_group", "heard_from")
POINTS_BY = ("section", "theme", "area_type", "client_group", "factor")
# protected for the whole of a confidential study alone
OF_WHOLE = {
    "coders",
    "agreement",
    "agreement on rare themes",
    "agreement over all themes",
    "confusions",
    "boundaries",
}
NARROWING = {kind: {*names.split()} for names, kinds in NARROWED_BY.items() for kind in kinds.split("; ")}


def tells_of(kind: str, study: Study) -> bool:
    """Whether a kind of frame tells of what a study is narrowed to, and not of the whole, or of one group beside no other."""
    chosen = {*study.selection}
    compared = kind.rpartition(" by ")[2]
    if study.part_of or not chosen:
        return True
    protected = not (study.slice and kind in OF_WHOLE)
    return protected and bool(chosen & NARROWING.get(kind, chosen)) and compared not in chosen - {"theme"}


@dataclass(frozen=True)
class View:
    """How frames of one kind are shown: by functions that take the frame, named as they follow each other.

    module      the module of present that they are in; one of another module has its name before it
    say, plot, table, limits   their names without the verb: targets for say_targets, kpi for table_kpi; limits are said
    as_it_is    entry of words/tables.toml for a table of the rows as they are
    of_nothing  whether they are asked of a frame without rows too: they speak of the study, or say that it has none
    missing     what a chapter has nothing to show without: tables of a study, or what words/sentences.toml calls nothing_held
    of_passages whether they count passages of documents, behind each of which one person may stand where people were heard
    beside_findings   whether it is said in a report on an area that its authors have written
    """

    module: str = ""
    say: str = ""
    plot: str = ""
    table: str = ""
    limits: str = ""
    as_it_is: str = ""
    of_nothing: bool = False
    missing: str = ""
    of_passages: bool = False
    beside_findings: bool = False

    def functions(self, verb: str) -> Iterator[Callable[[pd.DataFrame], object]]:
        """Yield the functions of a verb. Raises AttributeError for a name that its module does not have."""
        for place in getattr(self, verb).split():
            module, _, name = place.rpartition(".")
            found = import_module(f"ncsresearch.present.{module or self.module}")
            yield getattr(found, f"{VERBS[verb]}_{name}")
        if verb == "table" and self.as_it_is:
            yield partial(worded_table, self.as_it_is)


VIEWS: dict[str, View] = {
    # the study
    "sources": View(
        "sentence_themes",
        say="sources readers_work case_study_split",
        table="table_research.documents",
        of_nothing=True,
    ),
    "sources of people": View(
        "sentence_themes",
        say="sources readers_work case_study_split",
        table="people_heard.kinds_of_source",
        of_nothing=True,
    ),
    "overview of people": View("at_a_glance", say="overview", table="overview"),
    "overview of documents": View("at_a_glance", table="overview", of_passages=True),
    "findings held": View("at_a_glance", table="held"),
    "findings doubted": View("at_a_glance", table="doubted"),
    "codebook": View(as_it_is="codebook"),
    "terms": View(as_it_is="glossary"),
    "areas": View(
        "sentence_themes",
        say="case_study_split",
        plot="tile_map.tile_map",
        as_it_is="area_classes",
        of_nothing=True,
    ),
    "areas of people": View("people_compared", say="six_areas", of_nothing=True),
    # who was heard
    "people heard": View("people_heard", say="heard heard_by_kind", table="heard", of_nothing=True),
    "interviews held": View(
        "people_heard", say="how_held", table="interviews", limits="unknown_speakers", of_nothing=True
    ),
    "client groups heard": View("people_heard", table="groups_heard"),
    "quotations by group": View("table_research", table="quoted", of_passages=True),
    # who raised what: people
    "people by stance": View(
        "people_raised",
        say="base most_raised told_by_people told_both_ways",
        plot="people_stances",
        table="people_stances",
    ),
    "people by heard_from": View("people_raised", table="by_group"),
    "people by grouping": View("people_raised", table="by_group"),
    "people by area_type": View(
        "people_compared", say="people_raised.base kinds_differ", plot="kinds", table="kinds"
    ),
    "people by area_id": View(
        "people_compared", say="people_heard.heard areas_differ", plot="areas", table="people_raised.by_group"
    ),
    "people by client_group": View("people_raised", table="spoken_of"),
    "people of one group by stance": View(
        "people_raised",
        say="base clients people_area.area_described",
        plot="people_stances",
        table="people_exactly.people_exactly",
    ),
    "client groups served": View("people_raised", say="base seen", table="seen", of_nothing=True),
    "client groups served in areas": View("people_heard", table="served_in_areas"),
    "suggestions of people": View("people_raised", say="people_suggest", table="people_suggest"),
    "people by theme": View("people_raised", say="base", table="counts"),
    "people of one group by theme": View("people_raised", say="base", table="counts"),
    # which groups differ
    **{
        f"differences by {what}": View(
            "people_differ", say="groups_differ", table="groups_differ", limits="what_cannot_be_seen"
        )
        for what in ("participant_group", "grouping", "views of service")
    },
    "differences by area_type": View(
        "people_differ",
        say="groups_differ kinds_apart",
        table="groups_differ",
        limits="what_cannot_be_seen",
    ),
    "differences by client_group": View("people_differ", say="client_groups_differ", table="groups_differ"),
    "nothing compared": View(),
    "shares of areas": View("area_shares", say="area_shares", plot="area_shares", table="area_shares"),
    # who raised what: passages
    "documents by theme": View("themes_raised", say="documents", plot="documents", table="documents"),
    "themes together": View("themes_raised", say="together", table="together", of_nothing=True),
    "points counted by theme": View("people_raised", table="counts"),
    "points counted by area_id": View("people_raised", table="counts"),
    **{f"points counted by {by}": View("table_research", table="coded_units") for by in UNITS_BY},
    "passages by theme": View("people_raised", say="base", table="counts"),
    "passages by area_id": View("people_raised", say="base", table="counts"),
    **{
        f"passages by {by}": View("table_research", say="people_raised.base", table="coded_units")
        for by in UNITS_BY
    },
    # how far the coding can be trusted
    "coders": View("trust", say="coders", of_nothing=True),
    "agreement": View("trust", say="agreement", plot="agreement", table="agreement"),
    "agreement on rare themes": View("trust", say="rare_themes", of_nothing=True),
    "agreement over all themes": View("trust", say="agreement_overall", table="agreement_overall"),
    "confusions": View("trust", say="confusions", table="confusions"),
    "boundaries": View("trust", say="boundaries", table="boundaries"),
    "saturation": View(
        "trust_saturation", say="saturation", plot="saturation", table="saturation", of_nothing=True
    ),
    "saturation by kind of area": View(
        "trust_saturation", say="saturation_by_kind", plot="saturation", table="saturation"
    ),
    "saturation by group": View(
        "trust_saturation", say="saturation_by_group", plot="saturation", table="saturation"
    ),
    "stated differences": View(
        "trust_sensitivity", say="stated_differences coding_error", table="stated_differences"
    ),
    "sensitivity": View("trust_sensitivity", say="sensitivity", table="sensitivity"),
    # one area
    "nothing": View(),
    "no clients heard": View("people_raised", say="no_clients", of_nothing=True),
    "area peers": View("sentence_area", say="area", beside_findings=True, of_nothing=True),
    "kinds of area": View("people_area", say="area_of_kind", of_nothing=True, beside_findings=True),
    "area profile": View("sentence_area", say="beside_country", of_nothing=True, beside_findings=True),
    "interviews held in an area report": View("people_heard", table="interviews", of_nothing=True),
    "local evidence": View("sentence_area", say="local_evidence case_study", of_nothing=True),
    "people by stance in an area report": View(
        "people_raised",
        say="people_area.area_heard area_ways.area_in_words people_area.area_raised people_area.area_described people_area.area_suggested",
        table="people_stances",
        of_nothing=True,
    ),
    "people by theme in an area report": View("people_area", table="area_raised"),
    "people by area_type in an area report": View("people_compared", say="area_in_kind"),
    "joint display by area_type in an area report": View(
        "joint_display", say="joint_area", beside_findings=True
    ),
    "client groups served in an area report": View("people_raised", table="seen"),
    "questions to ask": View("points", table="questions", beside_findings=True),
    "suggestions of people in an area report": View("people_raised", table="people_suggest"),
    "gaps of an area": View("sentence_area", say="not_known", beside_findings=True),
    "people not heard": View("people_area", say="area_unknown", of_nothing=True, beside_findings=True),
    "kpis in an area report": View(
        "measures", say="targets direction levels", plot="run_charts", table="run_chart", limits="signals"
    ),
    "published shares in an area report": View(
        "published_survey", say="whose_survey survey", plot="survey", table="survey"
    ),
    # chapters of a report, services, surveys
    **{f"points by {by}": View("points", table="points", of_passages=True) for by in POINTS_BY},
    "suggestions of documents": View("suggested", table="suggested", of_passages=True),
    "points by service level": View("points", say="served", table="points", of_passages=True),
    "points by key points": View("points", table="points", of_passages=True, missing="points"),
    "partners": View(as_it_is="partners", of_passages=True),
    "coded units": View("table_research", table="coded_units", of_passages=True),
    "quotations": View(
        "table_research", say="quotation.quotations", table="quotations quotation_index", of_passages=True
    ),
    "consultation": View(
        "consultation",
        say="consultation",
        plot="consultation",
        table="consultation",
        missing="comment_counts poll_results",
    ),
    "unpublished comments": View("consultation", say="unpublished", as_it_is="unpublished"),
    "responses": View("consultation", say="responses", table="responses"),
    "poll": View("consultation", say="poll", table="poll"),
    "kpis": View(
        "measures",
        say="targets direction levels",
        plot="run_charts",
        table="kpi run_chart",
        limits="signals odd_period",
        missing="kpi_values ratings actions",
    ),
    "ratings": View("inspection", say="ratings", as_it_is="ratings"),
    "actions": View("inspection", say="actions", table="actions"),
    "actions by indicator": View("inspection", table="indicators"),
    "actions by owner": View("inspection", table="owners"),
    "published shares": View(
        "published_survey",
        say="survey furthest_apart",
        plot="survey",
        table="survey",
        limits="whose_survey",
        missing="survey_items",
    ),
    "answers": View("answers", say="answered own_words", table="answers", limits="not_answers"),
    "answers by group": View("answers", plot="answers_by_kind", table="answers_by_kind"),
    "joint display by area_type": View(
        "joint_display", say="joint", plot="joint", table="joint", limits="joint_rule", missing="joint"
    ),
    "joint display by heard_from": View(
        "joint_display", say="joint", plot="joint", table="joint", limits="joint_rule"
    ),
    "checks": View("checked_figures", say="checked", table="check_summary", missing="checks"),
    "checks with a result": View("checked_figures", table="checked"),
    "remarks": View("checked_figures", table="remarks"),
}
