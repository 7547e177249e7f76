"""What did people answer to each question, and what was no answer?"""

import re
from collections.abc import Mapping

import pandas as pd

from ncsresearch.evidence.groups import GROUPINGS
from ncsresearch.evidence.interval import share_interval
from ncsresearch.evidence.kinds import kinds_of_areas
from ncsresearch.evidence.passages import attribute_of
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study

ANSWERS = ("positive", "neutral", "other", "dont_know", "blank", "stray")
NEUTRAL_WORDS = re.compile(r"\b(neutral|neither)\b", re.IGNORECASE)
NO_ANSWER = "nobody gave an answer on the scale"
NO_POSITIVE = "which answers are positive is not said"
NO_SCALE = "the scale is not known, so other answers cannot be distinguished from stray ones"
NO_MIDDLE = "no neutral answer is known"
ANSWERED = [
    *("item_id", "label", "document_id", "group", "n_asked", "n_positive", "base", "share", "low", "high"),
    *("n_neutral", "neutral", "n_dont_know", "n_blank", "n_stray", "reason"),
]


def answers_counted(study: Study, *, by: str = "") -> pd.DataFrame:
    """What people answered to each question, and what was no answer.

    by      "" for everybody, or area_type (rural, urban), area_id, participant_group, client_group; people
            whose group is not known are left out, and who has several client groups counts for each

    Returns one row per question that has answers and group, in the study's order, with
        item_id, label, document_id, group
        n_asked      people who were given the question
        n_positive   answers counted as positive: on a scale of five mostly the top two
        base         answers on the scale, a don't know and a stray answer left out
        share        n_positive / base, between 0 and 1
        low, high    Wilson interval of the share, as if those who answered were drawn at random
        n_neutral    answers in the neutral middle, which are in the base; missing where none is known
        neutral      how the neutral answer was known, as neutral_answer says
        n_dont_know, n_blank, n_stray   what was left out of the base
        reason              why there is no share, empty where there is one

    Raises ValueError for a grouping that is none of GROUPINGS. Caution: a don't know is no answer, and people
    who answered may differ from those who did not.
    """
    scales = _scales(study)
    rows = _counts_of_kinds(_grouped(study, kinds_of_answers(study), by), list(scales.index))
    rows = rows.join(study.survey_items.set_index("item_id"), on="item_id").join(scales, on="item_id")
    base = rows[["positive", "neutral", "other"]].sum(axis=1)
    reason = rows["no_share"].mask(rows["no_share"].eq("") & base.eq(0), NO_ANSWER)
    given = base.where(reason.eq(""))
    low, high = share_interval(rows["positive"], given, level=study.settings.interval_level)
    rows = rows.assign(n_asked=rows[list(ANSWERS)].sum(axis=1), base=base, share=rows["positive"] / given)
    rows = rows.rename(columns={kind: f"n_{kind}" for kind in ANSWERS} | {"middle": "neutral"})
    n_neutral = rows["n_neutral"].astype("Int64").where(rows["neutral"].ne(NO_MIDDLE))
    return rows.assign(low=low, high=high, n_neutral=n_neutral, reason=reason)[ANSWERED]


def options_counted(study: Study) -> pd.DataFrame:
    """How many chose each answer to each question.

    Returns one row per question and answer of its scale, and answers off the scale after these, with item_id, label,
    document_id, option, n (people who chose it; who chose several counts for each), base (people who gave any answer) and
    share (n / base). Caution: no count is protected.
    """
    given = study.survey_answers.dropna(subset="answer")
    items = study.survey_items.set_index("item_id")
    chosen = given.assign(option=given["answer"].str.split(";")).explode("option")
    chosen = chosen[chosen["item_id"].isin(items.index)]
    n = chosen.groupby(["item_id", "option"], sort=False, observed=True)["respondent_id"].nunique()
    scales = [(item_id, option) for item_id, scale in items["scale"].items() for option in _values(scale)]
    order = pd.MultiIndex.from_tuples([*dict.fromkeys([*scales, *n.index])], names=["item_id", "option"])
    rows = n.reindex(order, fill_value=0).rename("n").reset_index()
    bases = given.groupby("item_id", observed=True)["respondent_id"].nunique()
    rows = rows.assign(base=rows["item_id"].map(bases)).dropna(subset="base").astype({"base": "int64"})
    rows = rows.join(items[["label", "document_id"]], on="item_id").assign(share=rows["n"] / rows["base"])
    return rows[["item_id", "label", "document_id", "option", "n", "base", "share"]].reset_index(drop=True)


def _counts_of_kinds(answers: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """One row per question and group with a column per kind of answer, in the study's order."""
    answers = answers.astype({"item_id": pd.CategoricalDtype(order, ordered=True)})
    counted = answers.groupby(["item_id", "group", "kind"], observed=True).size().unstack(fill_value=0)
    counted = counted.reindex(columns=list(ANSWERS), fill_value=0).astype("int64").reset_index()
    return counted.astype({"item_id": "str", "group": "str"})


def kinds_of_answers(study: Study) -> pd.DataFrame:
    """Every answer held, with what kind it is.

    Returns the rows of survey_answers with kind: positive, neutral, other (on the scale and neither), dont_know,
    blank, stray (on no scale). A don't know is never an answer, even where the scale lists it. Answers to a
    question that a choice of evidence has left out are left out with it.
    """
    kinds = _scales(study)["kinds"]
    answers = study.survey_answers[study.survey_answers["item_id"].isin(kinds.index)]
    words = answers["answer"].fillna("").astype("str").str.strip()
    found = [_kind(word, kinds[item_id]) for item_id, word in zip(answers["item_id"], words, strict=True)]
    return answers.assign(kind=pd.Series(found, answers.index, dtype="object"))


def _kind(answer: str, kinds: Mapping[str, str]) -> str:
    """Return the kind of an answer; of several choices, parted by semicolons, that of the first of ANSWERS among them."""
    known = kinds.get(answer)
    chosen = {kinds.get(choice.strip(), "stray") for choice in answer.split(";")}
    return known or min(chosen, key=ANSWERS.index)


def _scales(study: Study) -> pd.DataFrame:
    """Return what the study says of each question's answers.

    One row per item_id, with kinds (the kind of each answer it knows), middle (the rule that found the neutral one) and
    no_share (why it can have no share: without its scale a stray answer looks like any other).
    """
    items = study.survey_items.set_index("item_id")[["scale", "positive_values", "dont_know_values"]]
    chosen = asked_several(study)
    rows = [
        _scale(*(_values(cell) for cell in cells), several=item_id in chosen)
        for item_id, *cells in items.itertuples(name=None)
    ]
    return pd.DataFrame(rows, items.index, ["kinds", "middle", "no_share"], dtype="object")


def _scale(
    scale: list[str], positive: list[str], dont_know: list[str], *, several: bool
) -> tuple[dict[str, str], str, str]:
    """Return what each answer is, the later of two entries first, the rule for the neutral one, and why there is no share.

    several  whether people chose several answers, so that the list is no scale with a middle
    """
    neutral, rule = ("", NO_MIDDLE) if several else neutral_answer(scale, positive, dont_know)
    kinds = dict.fromkeys(scale, "other") | dict.fromkeys([neutral], "neutral")
    kinds |= dict.fromkeys(positive, "positive") | dict.fromkeys(dont_know, "dont_know") | {"": "blank"}
    return kinds, rule, (NO_SCALE if positive else NO_POSITIVE) if not (scale and positive) else ""


def asked_several(study: Study) -> set[str]:
    """Return the item_id of each question of which somebody chose several answers."""
    answers = study.survey_answers
    return set(answers.loc[answers["answer"].fillna("").str.contains(";"), "item_id"])


def neutral_answer(scale: list[str], positive: list[str], dont_know: list[str]) -> tuple[str, str]:
    """Find the neutral middle of a scale, by a written rule.

    Don't knows are taken out. Then it is the one answer named neutral or neither; without such a name, the middle
    answer of a scale with an odd number of answers, three at least. An answer counted as positive is never neutral.

    Returns the answer, "" where none is known, and the rule that found it in words.
    """
    answers = [answer for answer in scale if answer not in dont_know]
    named = [answer for answer in answers if NEUTRAL_WORDS.search(answer) and answer not in positive]
    if len(named) == 1:
        return named[0], "by its name"
    middle = answers[len(answers) // 2] if len(answers) % 2 and len(answers) > 2 else ""
    if middle and not named and middle not in positive:
        return middle, f"middle of {len(answers)} answers"
    return "", NO_MIDDLE


def _values(values) -> list[str]:
    parts = [] if pd.isna(values) else [value.strip() for value in str(values).split(";")]
    return [part for part in parts if part]


def _grouped(study: Study, answers: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the answers with the group of who gave them, once for each group; the others are left out."""
    if by not in GROUPINGS:
        raise ValueError(f"by must be one of {GROUPINGS}, not {by!r}.")
    of = _by_area if by in ("area_type", "area_id") else _by_person
    groups = of(study, answers, by)
    order = list(study.areas["name"]) if by == "area_id" else sorted(set(groups.dropna()))
    groups = groups.astype(pd.CategoricalDtype(list(dict.fromkeys(order)), ordered=True))
    return answers.join(groups.rename("group")).dropna(subset="group").reset_index(drop=True)


def _by_area(study: Study, answers: pd.DataFrame, by: str) -> pd.Series:
    homes = study.participants.set_index("participant_id")["area_id"]
    places = answers["area_id"].astype("object").fillna(answers["participant_id"].map(homes))
    if by == "area_id":
        return places.map(study.areas.set_index("area_id")["name"])
    kinds = places.map(kinds_of_areas(study))
    return kinds.where(kinds.isin(COMPARED))


def _by_person(study: Study, answers: pd.DataFrame, by: str) -> pd.Series:
    """Return who answered by a fact of theirs: the participant's, or else the one told in the survey."""
    if not by:
        return pd.Series("everybody", answers.index, dtype="object")
    people = study.participants.set_index("participant_id")
    name = "group" if by == "participant_group" else "client group"
    known = people["participant_group"] if name == "group" else attribute_of(study, "participants", name)
    told = answers["respondent_id"].map(attribute_of(study, "survey_answers", name))
    groups = answers["participant_id"].map(known).astype("object").fillna(told.astype("object"))
    return groups.str.split("; ").explode() if len(groups) else groups


def stray_answers(study: Study) -> pd.DataFrame:
    """Answers that stand on no scale.

    Returns one row per question and stray answer, with item_id, label, answer and n.
    """
    labels = study.survey_items.set_index("item_id")["label"]
    answers = kinds_of_answers(study).query("kind == 'stray'")
    named = answers.assign(label=answers["item_id"].map(labels))
    return named.groupby(["item_id", "label", "answer"], observed=True).size().rename("n").reset_index()
