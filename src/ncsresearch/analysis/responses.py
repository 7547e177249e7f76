"""How many answers in people's own words are held, how many say the same, and what are they about?"""

import re

import numpy as np
import pandas as pd

from ncsresearch.analysis.consultation import consultation_categories
from ncsresearch.evidence.judgements import reported
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, themes
from ncsresearch.study.frames import framed

APOSTROPHES = re.compile(r"['\u2019\u02bc]")
BETWEEN_WORDS = re.compile(r"[\W_]+")
NO_TOPIC = "No topic given"
QUESTION = ["question_id", "question_label"]
CAMPAIGN = {"campaign_size": 10, "campaign_words": 3}
SHARED = [*QUESTION, "n_responses", "n_words", "first_response", "campaign", *CAMPAIGN]


def squeezed(answer: str) -> str:
    """Return an answer as it is compared: small letters, apostrophes dropped, all else between words one space."""
    return BETWEEN_WORDS.sub(" ", APOSTROPHES.sub("", answer.casefold())).strip()


def same_answers(study: Study) -> pd.DataFrame:
    """Answers that more than one response to a question gives, and which of them are a campaign.

    Two answers are the same if they agree after lower-casing and squeezing spaces and punctuation. CAMPAIGN says from
    how many responses, and of how many words, the same answer is a campaign: a "yes" that many give is none.

    Returns one row per question and shared answer, the most given first, with
        question_id, question_label
        n_responses, n_words   responses that give it, and its length
        first_response         the segment that gives it first; its words are not repeated here
        campaign               whether it is a campaign by this rule
        campaign_size, campaign_words   the rule
    """
    held = _held(study)
    grouped = held[held["answer"].ne("")].groupby([*QUESTION, "answer"], sort=False, observed=True)
    rows = grouped["segment_id"].agg(n_responses="size", first_response="first").reset_index()
    rows = rows[rows["n_responses"].gt(1)].assign(n_words=lambda rows: rows["answer"].str.split().str.len())
    size, words = CAMPAIGN.values()
    rows = rows.assign(campaign=rows["n_responses"].ge(size) & rows["n_words"].ge(words), **CAMPAIGN)
    return rows.sort_values("n_responses", ascending=False, kind="stable", ignore_index=True)[SHARED]


def responses(study: Study) -> pd.DataFrame:
    """Answers to questions in people's own words: how many responses, and how many different answers they are.

    Returns one row per question, with question_id, question_label and
        n_responses      responses held, of which n_blank have no words and n_unread none that are held here
        n_distinct       different answers among those with words; every campaign is one of them
        n_campaigns      answers that are a campaign; n_in_campaigns responses give one
        campaign_size, campaign_words   what makes a shared answer a campaign: so many responses, so many words

    Caution: a campaign is many people who chose one wording. Whether it weighs as one answer or as many is for
    the reader: both numbers are always given.
    """
    rows = _held(study).groupby(QUESTION, sort=False, observed=True)
    rows = rows.agg(
        n_responses=("segment_id", "size"),
        n_blank=("blank", "sum"),
        n_unread=("unread", "sum"),
        n_distinct=("answer", lambda answers: answers[answers.ne("")].nunique()),
    )
    shared = same_answers(study)
    campaigns = shared[shared["campaign"]].groupby(QUESTION)["n_responses"]
    found = campaigns.agg(n_campaigns="size", n_in_campaigns="sum")
    found = found.reindex(rows.index, fill_value=0).astype("int64")
    return framed(rows.join(found).assign(**CAMPAIGN).reset_index(), "responses", study)


def _held(study: Study) -> pd.DataFrame:
    """Return each response with its question and its answer as compared; blank and unread ones have none."""
    held = study.segments[study.segments["kind"].astype("str").eq("response")]
    words = held["text"].astype("object")
    answer = pd.Series([squeezed(text) if isinstance(text, str) else "" for text in words], held.index)
    elsewhere = words.isna() & (held["text_sha256"].notna() | held["start"].notna())
    question = held["section"].astype("object").fillna("no question named")
    return pd.DataFrame(
        {
            "segment_id": held["segment_id"],
            "question_id": held["document_id"].astype("str") + "/" + question,
            "question_label": question,
            "answer": answer.astype("object"),
            "unread": elsewhere,
            "blank": answer.eq("") & ~elsewhere,
        }
    )


def response_topics(study: Study) -> pd.DataFrame:
    """Topics of the responses held to each question, as the reporting coder judged them.

    A response counts once for a topic. Its base is the responses to the question that are not blank.

    Returns the columns of consultation_categories, one row per question and topic, most named first, then the
    responses without a topic. Where a response of a question has several topics there is no such row and no
    multinomial interval, and reason says so. Caution: as there; campaigns count with every response.
    """
    held = _held(study)
    held = held[~held["blank"]]
    judged = _topics(study).merge(held, on="segment_id")
    counts = judged.groupby([*QUESTION, "category"], observed=True).size().rename("n").reset_index()
    totals = counts["question_id"].map(held["question_id"].value_counts())
    counts = counts.assign(question_total=totals, published_percent=np.nan)
    return consultation_categories(
        counts.sort_values(["question_id", "n"], ascending=[True, False], kind="stable"),
        level=study.settings.interval_level,
        one_topic=not judged["segment_id"].duplicated().any(),
        remainder=NO_TOPIC,
        one="response",
    )


def _topics(study: Study) -> pd.DataFrame:
    """Return each segment and theme it was given by the reporting coder, once."""
    codings = reported(study)
    found = codings[codings["unit"].eq("segments") & codings["code_id"].isin(themes(study.codebook))]
    topics = found["code_id"].astype("str").map(code_names(study.codebook)).astype("object")
    pairs = pd.DataFrame({"segment_id": found["unit_id"].astype("str"), "category": topics})
    return pairs.drop_duplicates()
