"""Which account a study's evidence bears: of people heard, who can be counted, or of passages published."""

from ncsresearch.analysis.consistency import figures_checked
from ncsresearch.analysis.passages import points_of
from ncsresearch.analysis.rounding import published_differences, published_shares
from ncsresearch.present.answers import answered, say_not_answers
from ncsresearch.present.figure import plot_survey
from ncsresearch.present.media import Finding
from ncsresearch.present.published_survey import (
    say_furthest_apart,
    say_rounding,
    say_survey,
    say_whose_survey,
    table_survey,
)
from ncsresearch.present.table import cited
from ncsresearch.present.table_research import table_points
from ncsresearch.study import Study


def survey_in_brief(study: Study) -> list[Finding]:
    """Return whose answers the survey holds and how exact they are, in a few sentences."""
    if len(study.survey_answers):
        return [say_not_answers(study)]
    shares = published_shares(study.survey_items, level=study.settings.interval_level)
    return [
        say_whose_survey(figures_checked(study), study),
        say_survey(shares, study),
        say_rounding(shares, study),
        say_furthest_apart(published_differences(study.survey_items), study),
    ]


def survey_shown(study: Study) -> list:
    """Return the answers question by question, or the published shares and what rounding leaves open."""
    if len(study.survey_answers):
        return answered(study)
    shares = published_shares(study.survey_items, level=study.settings.interval_level)
    changes = points_of(study, document_id="wok_briefing", kind="finding")
    table = table_points(changes, study, name="changes", caption="What people would change, in our words")
    figure = plot_survey(shares, source=cited(study, shares["document_id"]))
    return [figure, table_survey(shares, study), table]
