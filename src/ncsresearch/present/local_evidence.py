"""What local evidence says of one area: the sentences, figures and tables for whichever kinds there are."""

import pandas as pd

from ncsresearch.analysis.consultation import consultation, poll
from ncsresearch.analysis.inspection import actions, kpis, ratings
from ncsresearch.analysis.passages import suggestions
from ncsresearch.disclosure.answers import survey
from ncsresearch.present.grammar import plot, say, table
from ncsresearch.present.measures import say_direction, say_latest_gaps, say_targets, table_run_chart
from ncsresearch.present.media import Finding
from ncsresearch.present.published_survey import say_survey, say_whose_survey, table_survey
from ncsresearch.present.sentence import no_evidence
from ncsresearch.present.table_area import table_local, table_open_actions
from ncsresearch.study import Study


def local_findings(here: Study, local: pd.DataFrame, area: pd.Series) -> list:
    """Return what is to be shown of an area's consultation, performance and survey evidence, in that order.

    here is the study with one area's evidence only, local what its documents give. Where there is none of a
    kind nothing is shown for it; where there is none at all, the one sentence that says so.
    """
    shown = [*_consultation(here), *_performance(here), *_survey(here)]
    what = table_local(local, here, area=area["name"])
    return [what, *shown] if len(local) else [no_evidence("local", f"{area['name']} alone")]


def local_plans(here: Study, area: pd.Series) -> list:
    """Return an area's open actions and suggestions, or the one sentence that says there are none."""
    open_actions = [table_open_actions(here, area=area["name"])] if len(here.actions) else []
    made = table(suggestions(here))
    nothing = f"No improvement plan and no suggestions from {area['name']} are held in this study."
    return [*open_actions, *made] or [Finding("plans", nothing)]


def _consultation(here: Study) -> list:
    comments = consultation(here)
    said = [*say(comments), *say(poll(here))] if len(comments) else []
    return [*said, *plot(comments), *table(comments)]


def _performance(here: Study) -> list:
    if here.kpi_values.empty:
        return []
    measures, rated = kpis(here), ratings(here)
    sentences = [say_targets(measures), say_latest_gaps(measures), say_direction(measures), *say(rated)]
    drawn = [*plot(measures), table_run_chart(measures)]
    return [*sentences, *say(actions(here)), *drawn, *table(rated)]


def _survey(here: Study) -> list:
    if here.survey_items.empty or len(here.survey_answers):
        return []
    shares = survey(here)
    return [say_whose_survey(shares), say_survey(shares), *plot(shares), table_survey(shares)]
