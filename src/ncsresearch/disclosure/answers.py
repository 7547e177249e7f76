"""Which counts of survey answers may not be told?"""

from dataclasses import replace

import pandas as pd

from ncsresearch.analysis.rounding import published_shares
from ncsresearch.analysis.survey import (
    NO_POSITIVE,
    ON_SCALE,
    answers_counted,
    asked_several,
    kinds_of_answers,
    options_counted,
    who_answered,
)
from ncsresearch.disclosure.suppression import below_threshold, hidden_choices
from ncsresearch.study import Study
from ncsresearch.study.frames import framed
from ncsresearch.study.kept import kept
from ncsresearch.study.survey_settings import answers_of

SHARE = ("share", "low", "high", "design_effect")
COUNTS = ["n_positive", "n_neutral", "n_dont_know", "n_blank", "n_stray"]


def survey(study: Study, *, by: str = "") -> pd.DataFrame:
    """What people answered in the study's surveys, from their answers where these are held, or else as published.

    by   "" for everybody, or area_type (rural, urban); published shares are of everybody only

    Returns one row per question, and group where one is asked for. Where answers are held: item_id, label, document_id,
    group, n_asked, n_positive, base, share, low, high (both weighted where study.toml names
    the weights of the survey), design_effect (of weights, Kish 1965), population (to which the intervals are narrowed), n_neutral, neutral (how the neutral answer was known), n_dont_know,
    n_blank, n_stray and reason (why there is no share), what is withheld missing. Where only percentages are: the columns of
    published_shares.
    """
    # the study's own counts would give those of the others
    of_one_area = study.part_of and study.settings.threshold
    if of_one_area or (study.slice and study.slice.by == "area_id"):
        return framed(publishable_answers(study, by=by).iloc[:0], "answers", study)
    if len(study.survey_answers):
        return framed(publishable_answers(study, by=by), "answers by group" if by else "answers", study)
    shares = published_shares(study.survey_items, level=study.settings.interval_level)
    return framed(shares.iloc[:0] if by else shares, "published shares", study)


@kept(8)
def publishable_answers(study: Study, *, by: str = "") -> pd.DataFrame:
    """What people answered to each question, as answers_counted gives it, as it may be told.

    by   "" for everybody, or area_type: what is withheld of one kind of area is of both, since everybody's count is known

    Returns the rows of answers_counted, with the counts under the study's threshold missing, with a positive count its
    share and interval, and the neutral count where it would leave a small one of the other answers. So is every count that
    would be missing of those who belong to no group; where they, or those of a group, are few, the bases are too, with all
    that is counted in them. Caution: how many gave no answer can be worked out from the base where all were asked; what
    somebody answered cannot. Where counts are withheld, all are of questions of which people chose several answers: what may
    be told of these is in publishable_options. Weights and population are those of with_publishable_surveys.
    """
    study = with_publishable_surveys(study)
    rows = answers_counted(study, by=by)
    every = pd.concat([rows, _of_no_group(study, rows)]) if by else rows
    few = _few(every, study.settings.threshold).groupby(every["item_id"]).any()
    few |= few.index.isin(asked_several(study) if study.settings.threshold else ()).reshape(-1, 1)
    hidden = few.loc[rows["item_id"]].set_index(rows.index)
    told = rows.astype(dict.fromkeys(hidden, "Int64"))
    told = told.assign(**{name: told[name].mask(hidden[name]) for name in hidden})
    unsaid = rows["reason"].eq(NO_POSITIVE)
    told["n_positive"] = told["n_positive"].mask(unsaid)
    if study.settings.threshold:  # publishable_options has it
        told["n_neutral"] = told["n_neutral"].mask(unsaid)
    return told.assign(**{name: told[name].mask(hidden["n_positive"]) for name in SHARE})


def with_publishable_surveys(study: Study) -> Study:
    """Return the study with what study.toml says of its surveys, without what would give a withheld count back.

    Whoever knows the weights can work out of a weighted share, beside its count, how many of each weight gave an answer. In a
    study in which counts are withheld, weights are applied where all that could be worked out may be known: where of each
    weight, area, participant group and client group that goes with it as many people as may be told gave each kind of answer to
    each question; in no selection. How many were invited, or are the population, is left out where few of them did not answer.
    """
    threshold = study.settings.threshold
    if not threshold or not study.settings.surveys:
        return study
    surveys = {}
    for survey, said in study.settings.surveys.items():
        n = answers_of(study.tables, survey)["respondent_id"].nunique()
        tells = {name: below_threshold(n, threshold, said[name]) for name in said if name != "weights"}
        tells["weights"] = "weights" in said and _weights_tell(study, survey)
        surveys[survey] = {name: value for name, value in said.items() if not tells[name]}
    return replace(study, settings=replace(study.settings, surveys=surveys))


def _weights_tell(study: Study, survey: str) -> bool:
    """Whether few people of a weight, area and group gave a kind of answer, so that a weighted share could tell of them."""
    if study.selection or study.part_of:
        return True
    answers = kinds_of_answers(study)
    answers = answers[answers.index.isin(answers_of(study.tables, survey).index)]
    answers = answers[answers["kind"].isin(ON_SCALE)]
    cells = who_answered(study, answers).assign(item_id=answers["item_id"], kind=answers["kind"])
    few = (own.groupby(list(own)).size().unstack(fill_value=0) for _, own in cells.groupby("item_id"))
    return any(n.lt(study.settings.threshold).any(axis=None) for n in few)


def publishable_options(study: Study) -> pd.DataFrame:
    """How many chose each answer to each question, as options_counted gives it, as it may be told.

    In a study in which counts are withheld: the questions of which people chose several answers, and those of which nothing
    else is counted, since no answer is said to be positive and all are on the scale; of everybody alone (no row for a part of
    the study), without the answers that few chose, which may be somebody's own words. n and share are missing where few did
    not choose an answer, and where a count would give a small one back, since everybody in the base chose one, or one at
    least. A question that too few answered, or whose small counts nothing keeps, has no row.
    """
    rows, threshold = options_counted(study), study.settings.threshold
    if not threshold:
        return rows
    if study.part_of or study.slice:
        return rows.iloc[:0]
    several, counted = asked_several(study), answers_counted(study).set_index("item_id")
    alone = counted.loc[counted["reason"].eq(NO_POSITIVE), "base"]
    found = [rows.iloc[:0]]
    for item_id, own in rows.groupby("item_id", sort=False):
        base, n = int(own["base"].iloc[0]), own["n"]
        if base < study.settings.smallest_group or not (item_id in several or alone.get(item_id) == base):
            continue
        hidden = hidden_choices(n, base, threshold, several=item_id in several)
        if hidden is not None:
            own = own.assign(n=n.astype("Int64").mask(hidden), share=own["share"].mask(hidden))
            found.append(own[~below_threshold(n, threshold)])
    return pd.concat(found, ignore_index=True)


def _few(rows: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return which counts of each row are small, or leave a small one of its base; where the base is, all are."""
    base, neutral = rows["base"], rows["n_neutral"].fillna(0)
    others = base - rows["n_positive"]
    few = pd.DataFrame(
        {name: below_threshold(rows[name].fillna(0), threshold) for name in COUNTS}, rows.index
    )
    few["n_positive"] |= below_threshold(others, threshold)
    few["n_neutral"] |= below_threshold(base - neutral, threshold)
    few["n_neutral"] |= below_threshold(others - neutral, threshold)
    few["base"] = few["n_asked"] = below_threshold(base, threshold)
    return few.assign(**{name: few[name] | few["base"] for name in few})


def _of_no_group(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of those who belong to no group that is shown, one row a question."""
    names = ["base", *COUNTS]
    shown = rows.groupby("item_id")[names].sum()
    whole = answers_counted(study).set_index("item_id")[names]
    return (whole.loc[shown.index] - shown).reset_index()
