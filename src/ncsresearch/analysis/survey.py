"""What did people answer to each question, and what was no answer?"""

import re
from collections.abc import Mapping

import pandas as pd

from ncsresearch.analysis.survey_design import (
    area_design_effect,
    finite_population,
    kish_design_effect,
    weights_of,
)
from ncsresearch.evidence.groups import GROUPINGS
from ncsresearch.evidence.interval import share_interval
from ncsresearch.evidence.kinds import kinds_of_areas
from ncsresearch.evidence.passages import attribute_of
from ncsresearch.schema import COMPARED
from ncsresearch.study import Study
from ncsresearch.study.kept import kept

ON_SCALE = ("positive", "neutral", "other")
ANSWERS = (*ON_SCALE, "dont_know", "blank", "stray")
NEUTRAL_WORDS = re.compile(r"\b(neutral|neither)\b", re.IGNORECASE)
NO_ANSWER = "nobody gave an answer on the scale"
NO_POSITIVE = "which answers are positive is not said"
NO_SCALE = "the scale is not known, so other answers cannot be distinguished from stray ones"
NO_MIDDLE = "no neutral answer is known"
ANSWERED = [
    *("item_id", "label", "document_id", "group", "n_asked", "n_positive", "base", "share", "low", "high"),
    *("design_effect", "population"),
    *("n_neutral", "neutral", "n_dont_know", "n_blank", "n_stray", "reason"),
]


@kept(8)
def answers_counted(study: Study, *, by: str = "") -> pd.DataFrame:
    """What people answered to each question, and what was no answer.

    by      "" for everybody, or area_type (rural, urban), area_id, participant_group, client_group; people
            whose group is not known are left out, and who has several client groups counts for each

    Returns one row per question that has answers and group, in the study's order, with
        item_id, label, document_id, group
        n_asked      people who were given the question
        n_positive   answers counted as positive: on a scale of five mostly the top two
        base         answers on the scale, a don't know and a stray answer left out
        share        n_positive / base, between 0 and 1; by weight where study.toml names the weights of the survey
        low, high    Wilson interval of the share, as if those who answered were drawn at random, by the effective number of
                     answers: the base, divided by the design effect and by the correction for a finite population
        design_effect   what weights do to the variance of the share (Kish 1965); 1 without weights
        population   of how many people those who answered are a part, as study.toml says (population, or else invited); missing
                     where it does not, and of a group, whose number it does not say
        n_neutral    answers in the neutral middle, which are in the base; missing where none is known
        neutral      how the neutral answer was known, as neutral_answer says
        n_dont_know, n_blank, n_stray   what was left out of the base
        reason              why there is no share, empty where there is one

    Raises ValueError for a grouping that is none of GROUPINGS. Caution: a don't know is no answer, and people
    who answered may differ from those who did not, also after weighting. Weights and answers are taken to be unrelated in
    the design effect. Source: Franco and others 2019, Journal of Survey Statistics and Methodology 7(3), 334-364.
    """
    scales = _scales(study)
    grouped = _grouped(study, kinds_of_answers(study), by)
    rows = _counts_of_kinds(grouped, list(scales.index))
    rows = rows.join(study.survey_items.set_index("item_id"), on="item_id").join(scales, on="item_id")
    base = rows[list(ON_SCALE)].sum(axis=1)
    reason = rows["no_share"].mask(rows["no_share"].eq("") & base.eq(0), NO_ANSWER)
    rows = rows.assign(n_asked=rows[list(ANSWERS)].sum(axis=1), base=base)
    rows = rows.assign(**_shares(study, rows, _weighed(study, grouped), base.where(reason.eq("")), by))
    rows = rows.rename(columns={kind: f"n_{kind}" for kind in ANSWERS} | {"middle": "neutral"})
    n_neutral = rows["n_neutral"].astype("Int64").where(rows["neutral"].ne(NO_MIDDLE))
    return rows.assign(n_neutral=n_neutral, reason=reason)[ANSWERED]


def _weighed(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of weights, of their squares, and of the weights of positive answers, by question and group."""
    own = answers[answers["kind"].isin(ON_SCALE)]
    weight = own["row"].map(weights_of(study))
    positive = weight.where(own["kind"].eq("positive"), 0.0)
    own = own.assign(weight=weight, squared=weight**2, positive_weight=positive).astype({"group": "str"})
    return own.groupby(["item_id", "group"])[["weight", "squared", "positive_weight"]].sum()


def _shares(
    study: Study, rows: pd.DataFrame, weighed: pd.DataFrame, given: pd.Series, by: str
) -> dict[str, pd.Series]:
    """Return the share of each row with its interval, and what weights and population do to it."""
    own = rows[["item_id", "group"]].join(weighed, on=["item_id", "group"])
    population = rows["document_id"].map({} if by or study.selection or study.part_of else populations(study))
    population = population.astype("float64").where(given.notna())
    effect = kish_design_effect(given, own["weight"], own["squared"])
    share = own["positive_weight"] / own["weight"].where(given.notna())
    correction = finite_population(given, population)
    n = (given / (effect * correction.where(correction.gt(0)))).clip(lower=1)
    low, high = share_interval(
        own["positive_weight"] * (n / own["weight"]), n, level=study.settings.interval_level
    )
    everybody = correction.eq(0)
    low, high = (pd.Series(end, rows.index).clip(0, 1).mask(everybody, share) for end in (low, high))
    found = {"share": share, "low": low, "high": high}
    return found | {"design_effect": effect, "population": population.astype("Int64")}


def populations(study: Study) -> dict[str, int]:
    """Return of how many people each survey is, by its document, where study.toml says so: the population, or else who was invited."""
    said = {
        survey: own.get("population", own.get("invited")) for survey, own in study.settings.surveys.items()
    }
    return {survey: n for survey, n in said.items() if n is not None}


def alike_in_areas(study: Study) -> pd.Series:
    """Return what it does to the variance of each question's share, by item_id, that people of one area answer alike (area_design_effect)."""
    answers = kinds_of_answers(study)
    answers = answers[answers["kind"].isin(ON_SCALE)]
    areas, positive = _by_area(study, answers, "area_id"), answers["kind"].eq("positive")
    found = {
        item_id: area_design_effect(positive[rows.index], areas[rows.index])
        for item_id, rows in answers.groupby("item_id")
    }
    return pd.Series(found, dtype="float64").dropna()


def options_counted(study: Study) -> pd.DataFrame:
    """How many chose each answer to each question.

    Returns one row per question and answer of its scale, and answers off the scale after these, with item_id, label,
    document_id, option, n (people who chose it; who chose several counts for each), base (people who gave any answer) and
    share (n / base, without weights). Caution: no count is protected.
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
    blank, stray (on no scale), and row, their place in survey_answers. A don't know is never an answer, even where the scale lists it. Answers to a
    question that a choice of evidence has left out are left out with it.
    """
    kinds = _scales(study)["kinds"].to_dict()
    answers = study.survey_answers[study.survey_answers["item_id"].isin(kinds)]
    words = answers["answer"].fillna("").astype("str").str.strip()
    found = [_kind(word, kinds[item_id]) for item_id, word in zip(answers["item_id"], words, strict=True)]
    return answers.assign(kind=pd.Series(found, answers.index, dtype="object"), row=answers.index)


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


def who_answered(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return all that answers can be counted by: the weight, area, participant group and client groups of who gave each; "" if unknown."""
    by = {"weight": weights_of(study)[answers.index], "area_id": _by_area(study, answers, "area_id")}
    for name in ("participant_group", "client_group"):
        by[name] = _by_person(study, answers, name).dropna().groupby(level=0).agg("; ".join)
    return pd.DataFrame(by, answers.index).astype("object").fillna("")


def stray_answers(study: Study) -> pd.DataFrame:
    """Answers that stand on no scale.

    Returns one row per question and stray answer, with item_id, label, answer and n.
    """
    labels = study.survey_items.set_index("item_id")["label"]
    answers = kinds_of_answers(study).query("kind == 'stray'")
    named = answers.assign(label=answers["item_id"].map(labels))
    return named.groupby(["item_id", "label", "answer"], observed=True).size().rename("n").reset_index()
