"""How exact are shares of a survey: what do weights, a small population, and areas whose people answer alike do to them?"""

import pandas as pd

from ncsresearch.schema import are_weights
from ncsresearch.study import Study
from ncsresearch.study.survey_settings import answers_of, told_of


def weights_of(study: Study) -> pd.Series:
    """Return the weight of each answer held, by the row of survey_answers; 1 where study.toml names no weights of its survey."""
    weights = pd.Series(1.0, study.survey_answers.index)
    for survey, said in study.settings.surveys.items():
        answers = answers_of(study.tables, survey)
        if "weights" in said:
            weights.loc[answers.index] = told_of(study.tables, answers, said["weights"]).astype("float64")
    return weights


def weights_not_applied(study: Study, survey: str) -> str:
    """Return the name of an attribute of those who answered that looks like weights, where study.toml names none; or ""."""
    answers = answers_of(study.tables, survey)
    told = {name: told_of(study.tables, answers, name).dropna() for name in study.attributes["name"].unique()}
    unused = [name for name, values in told.items() if len(values) and are_weights(name, values)]
    return unused[0] if unused and "weights" not in study.settings.surveys.get(survey, {}) else ""


def kish_design_effect(n, weight, weight_squared):
    """How many times larger weights make the variance of a share, where they have nothing to do with the answers.

    n, weight, weight_squared   answers, and the sums of their weights and of the squares of these

    Returns n times the sum of squares by the square of the sum: 1 where all weights are equal. n divided by it is the effective
    number of answers. Source: Kish 1965, Survey Sampling, 11.7; Kish 1992, Journal of Official Statistics 8(2), 183-200.
    """
    return n * weight_squared / weight**2


def finite_population(n, population):
    """How many times smaller the variance of a share is where n people of so few were drawn: (N - n) / (N - 1).

    Returns 1 where the population is missing, 0 where everybody answered. Source: Cochran 1977, Sampling Techniques, 3.2.
    """
    return ((population - n) / (population - 1)).fillna(1.0)


def area_design_effect(positive: pd.Series, area: pd.Series) -> float:
    """How many times larger the variance of a share is, if areas were drawn, since people of one area answer alike.

    positive, area   of each answer on the scale, whether it is positive, and where it was given

    Returns 1 + (m - 1) r, at least 1, where r is the intra-class correlation by analysis of variance and m the mean number
    of answers in the area of an answer. Missing with fewer than two areas, and where nobody shares an area with another.
    Source: Kish 1965, 5.4; Donner 1986, International Statistical Review 54(1), 67-82. Caution: of few areas it is rough.
    """
    areas = positive.astype("float64").groupby(area, observed=True)
    sizes, n, k = areas.size(), int(areas.size().sum()), areas.ngroups
    if k < 2 or n == k:
        return float("nan")
    within = areas.var(ddof=0).mul(sizes).sum() / (n - k)
    grand = areas.sum().sum() / n
    between = (sizes * (areas.mean() - grand) ** 2).sum() / (k - 1)
    m = (sizes**2).sum() / n
    each = (n - m) / (k - 1)
    total = between + (each - 1) * within
    return max(1.0, 1 + (m - 1) * (between - within) / total) if total else 1.0
