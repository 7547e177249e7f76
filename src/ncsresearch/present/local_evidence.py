"""What local evidence says of one area: the sentences, figures and tables for whichever kinds there are."""

import pandas as pd

from ncsresearch.analysis.actions import action_states
from ncsresearch.analysis.consistency import figures_checked
from ncsresearch.analysis.consultation import category_totals, consultation_categories, unpublished_bounds
from ncsresearch.analysis.inspection import ratings
from ncsresearch.analysis.kpi import gap_to_target, kpi_series, last_direction, run_chart
from ncsresearch.analysis.kpi_limits import p_chart
from ncsresearch.analysis.passages import suggestions
from ncsresearch.analysis.rounding import published_shares
from ncsresearch.present.figure import plot_consultation, plot_survey
from ncsresearch.present.grammar import say, table
from ncsresearch.present.measures import plot_run_charts, table_run_chart
from ncsresearch.present.media import Finding
from ncsresearch.present.published_survey import say_survey, say_whose_survey, table_survey
from ncsresearch.present.sentence import no_evidence
from ncsresearch.present.sentence_services import (
    say_actions,
    say_consultation,
    say_direction,
    say_latest_gaps,
    say_poll,
    say_targets,
    say_unpublished,
)
from ncsresearch.present.table import cited
from ncsresearch.present.table_area import table_local, table_open_actions
from ncsresearch.present.table_research import table_suggestions
from ncsresearch.present.table_services import table_consultation
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
    actions = [table_open_actions(here, area=area["name"])] if len(here.actions) else []
    made = suggestions(here)
    made = [table_suggestions(made, here)] if len(made) else []
    nothing = f"No improvement plan and no suggestions from {area['name']} are held in this study."
    return [*actions, *made] or [Finding("plans", nothing)]


def _consultation(here: Study) -> list:
    if here.comment_counts.empty:
        return []
    categories = consultation_categories(here.comment_counts, level=here.settings.interval_level)
    totals, bounds = category_totals(here.comment_counts), unpublished_bounds(here.comment_counts)
    sentences = [
        say_consultation(categories, totals, here),
        say_unpublished(bounds, here),
        say_poll(here.poll_results, here),
    ]
    figure = plot_consultation(categories, source=cited(here, here.comment_counts["document_id"]))
    return [*sentences, figure, table_consultation(categories, here)]


def _performance(here: Study) -> list:
    if here.kpi_values.empty:
        return []
    series, rules = kpi_series(here.kpi_values), run_chart(here.kpi_values)
    sentences = [
        say_targets(series, here),
        say_latest_gaps(gap_to_target(here.kpi_values), here),
        say_direction(last_direction(here.kpi_values), here),
        *say(ratings(here)),
    ]
    actions = say_actions(action_states(here.actions), here)
    return [
        *sentences,
        actions,
        plot_run_charts(series, rules, p_chart(here.kpi_values), source=cited(here, series["document_id"])),
        table_run_chart(rules, here),
        *table(ratings(here)),
    ]


def _survey(here: Study) -> list:
    if here.survey_items.empty:
        return []
    shares = published_shares(here.survey_items, level=here.settings.interval_level)
    sentences = [say_whose_survey(figures_checked(here), here), say_survey(shares, here)]
    figure = plot_survey(shares, source=cited(here, shares["document_id"]))
    return [*sentences, figure, table_survey(shares, here)]
