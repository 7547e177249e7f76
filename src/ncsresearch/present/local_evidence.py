"""What local evidence says of one area: the sentences, figures and tables for whichever kinds there are."""

from ncsresearch.analysis.consultation import consultation, poll
from ncsresearch.analysis.inspection import actions, kpis, ratings
from ncsresearch.disclosure.answers import survey
from ncsresearch.present.grammar import plot, say, table
from ncsresearch.present.measures import say_direction, say_latest_gaps, say_targets, table_run_chart
from ncsresearch.present.published_survey import say_survey, say_whose_survey, table_survey
from ncsresearch.study import Study


def local_findings(here: Study) -> list:
    """Return what is to be shown of an area's consultation, performance and survey evidence, in that order.

    here is what belongs to the area alone. Where there is none of a kind nothing is shown for it.
    """
    return [*_consultation(here), *_performance(here), *_survey(here)]


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
