"""What of a consultation was not published, and the answers in people's own words where they are held."""

import pandas as pd

from ncsresearch.analysis.consultation import unpublished_bounds, unseen_categories
from ncsresearch.analysis.responses import response_topics, responses_counted
from ncsresearch.present.media import Finding, Table
from ncsresearch.present.sentence import counted, listed
from ncsresearch.present.table import cited, large_enough
from ncsresearch.present.table_services import CATEGORY_HEADINGS, SHARES, closed_note, table_unpublished
from ncsresearch.study import Study


def unpublished_told(study: Study) -> list:
    """Return what the comments in no published category can be, and what the topics named without a count can."""
    bounds = table_unpublished(unpublished_bounds(study.comment_counts), study)
    values = study.published_values
    named = values.loc[values["rule"].eq("topics have counts"), "published"]
    if named.empty or study.comment_counts.empty:
        return [bounds]
    n_named = len(named.iloc[0].split(";"))
    return [say_unseen(unseen_categories(study.comment_counts, n_named=n_named), study), bounds]


def say_unseen(unseen: pd.DataFrame, study: Study) -> Finding:
    """Say what the topics that a source names without a count can hold, question by question."""
    told = listed(_unseen(row) for row in unseen[unseen["n_unseen"].gt(0)].itertuples())
    sentence = f"If no topic without a count is larger than the smallest published one, {told}."
    numbers = {
        f"topics without a count on question {row.question_id}": int(row.n_unseen)
        for row in unseen.itertuples()
    }
    return Finding(
        "unseen", sentence, numbers, source=cited(study, study.comment_counts["document_id"].unique())
    )


def _unseen(row) -> str:
    question, topics = f"on question {row.question_id}", counted(row.n_unseen, "named topic")
    if row.not_given_because:
        return f"{question} the {topics} without a count cannot hold the rest, so there are others"
    span = (
        f"{row.each_low} to {row.each_high}" if row.each_low != row.each_high else f"exactly {row.each_low}"
    )
    return f"{question} each of {topics} has {span} comments"


def responses_told(study: Study) -> list:
    """Return how many responses are held and what they are about; nothing where none are."""
    rows, topics = responses_counted(study), response_topics(study)
    if rows.empty:
        return []
    about = [table_topics(topics, study)] if len(topics) else []
    return [say_responses(rows, study), table_responses(rows, study), *about]


def say_responses(rows: pd.DataFrame, study: Study) -> Finding:
    """Say how many responses are held and how many different answers they are, campaigns named."""
    numbers = {
        name: int(rows[f"n_{name}"].sum()) for name in ("responses", "distinct", "campaigns", "in_campaigns")
    }
    words = f"{counted(numbers['responses'], 'response')} to {counted(len(rows), 'question')} are held: "
    words += counted(numbers["distinct"], "different answer")
    rule = rows.iloc[0]
    campaign = (
        f"{counted(numbers['campaigns'], 'answer is', 'answers are')} a campaign, in {numbers['in_campaigns']:,} responses"
        if numbers["campaigns"]
        else "No answer is a campaign"
    )
    sentence = (
        f"{words}. {campaign}: a campaign is one answer of {rule['campaign_words']} words or more from "
        f"{counted(int(rule['campaign_size']), 'response')} or more."
    )
    return Finding("responses", sentence, numbers, source=_source(study))


def _source(study: Study) -> str:
    held = study.segments[study.segments["kind"].astype("str").eq("response")]
    return cited(study, held["document_id"].unique())


def table_responses(rows: pd.DataFrame, study: Study) -> Table:
    """Responses and different answers, question by question."""
    shown = {
        "question_label": "Question",
        "n_responses": "Responses",
        "n_blank": "Blank",
        "n_distinct": "Different answers",
        "n_campaigns": "Campaigns",
        "n_in_campaigns": "Responses in them",
    }
    note = "Two answers are the same if they agree but for capitals, spaces and punctuation."
    return Table(
        "responses", "Responses and different answers", rows, shown, "responses", _source(study), note
    )


def table_topics(topics: pd.DataFrame, study: Study) -> Table:
    """Topics of the responses to each question with their shares and intervals."""
    shown = {"question_label": "Question"} | CATEGORY_HEADINGS | {"category": "Topic", "n": "Responses"}
    return Table(
        "response_topics",
        "Topics of the responses",
        topics,
        shown,
        "responses to the question that are not blank",
        _source(study),
        closed_note(topics).replace("comment", "response").replace("categories", "topics"),
        view=large_enough(topics, "question_total", SHARES),
    )
