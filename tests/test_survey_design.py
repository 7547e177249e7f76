"""Weights, finite populations and areas alike in surveys: samples and studies that a person can count."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ncsresearch as ncs
from builders import SETTINGS, study_folder
from golden import golden
from ncsresearch.analysis.survey import answers_counted
from ncsresearch.analysis.survey_design import area_design_effect, finite_population, kish_design_effect
from ncsresearch.disclosure.answers import publishable_answers
from ncsresearch.evidence.interval import share_interval
from ncsresearch.schema import StudyError

ITEMS = """item_id,document_id,label,scale,positive_values,dont_know_values
heard,report,I am heard,Agree;Disagree,Agree,Don't know
"""
CONFIDENTIAL = SETTINGS.replace('access = "public"', 'access = "confidential"')
WEIGHTED = '[surveys.report]\nweights = "Weight"\n'


def survey(folder, *groups: tuple[int, str, str, float], settings: str = SETTINGS, said: str = ""):
    """A study in which so many people of an area gave an answer and have a weight."""
    people = [row for n, *row in groups for _ in range(n)]
    answers = [f"p{n},{area},heard,{answer}" for n, (area, answer, _) in enumerate(people)]
    weights = [f"survey_answers,p{n},Weight,{weight}" for n, (*_, weight) in enumerate(people) if weight]
    tables = {
        "survey_items": ITEMS,
        "survey_answers": "\n".join(["respondent_id,area_id,item_id,answer", *answers]) + "\n",
        "attributes": "\n".join(["owner,owner_id,name,value", *weights]) + "\n" if weights else None,
    }
    return ncs.load_study(study_folder(folder / "survey", settings=settings + said, **tables))


def row(study) -> pd.Series:
    return answers_counted(study).iloc[0]


@pytest.mark.parametrize(
    ("weights", "effect"),
    [
        ([2, 2, 2, 2], 1),
        ([1, 1, 1, 3], 4 / 3),  # 4 answers, weights of 6 in all, squares of 12: 4 * 12 / 36
        ([1, 1, 4], 3 * 18 / 36),
        ([0, 1, 1], 3 * 2 / 4),  # one answer does not count
    ],
)
def test_the_design_effect_of_weights_by_hand(weights, effect):
    squared = sum(weight**2 for weight in weights)
    assert kish_design_effect(len(weights), sum(weights), squared) == pytest.approx(effect)


@pytest.mark.parametrize(("population", "positive", "n"), [(4, 2, 2), (5, 1, 3), (6, 4, 6), (7, 3, 1)])
def test_the_variance_of_a_share_of_every_sample_of_a_finite_population(population, positive, n):
    """Of four people, two of them positive, the six samples of two have shares of 0, four times 1/2, and 1: a variance of 1/12."""
    everybody = [1] * positive + [0] * (population - positive)
    shares = [sum(drawn) / n for drawn in combinations(everybody, n)]
    alone = positive / population * (1 - positive / population) / n
    correction = finite_population(pd.Series([n]), pd.Series([population]))[0]
    assert alone * correction == pytest.approx(np.var(shares))
    assert population != 4 or np.var(shares) == pytest.approx(1 / 12)


def test_the_correction_for_a_finite_population():
    # our own arithmetic on 216 of 332, South Lanarkshire; attendance there was chosen, so no analysis uses it
    correction = finite_population(pd.Series([216, 332, 216]), pd.Series([332, 332, np.nan]))
    assert [math.sqrt(correction[0])] == golden("proj_sl_fpc")
    assert list(correction[1:]) == [0, 1]


@pytest.mark.parametrize(
    ("answers", "effect"),
    [
        # all alike: as many answers as areas are left
        ({"north": [1, 1], "south": [0, 0]}, 2),
        ({"north": [1] * 6, "south": [0] * 6}, 6),
        # between 0.5, within 1.5 / 6: r = 0.25 / (0.5 + 3 * 0.25) = 0.2, and 1 + 3 * 0.2
        ({"north": [1, 1, 1, 0], "south": [0, 0, 0, 1]}, 1.6),
        # areas differ by less than chance would make
        ({"north": [1, 0], "south": [1, 0]}, 1),
        ({"north": [1, 1], "south": [1, 1]}, 1),
        ({"north": [1, 0]}, math.nan),
        ({"north": [1], "south": [0]}, math.nan),
    ],
)
def test_the_design_effect_of_areas_by_hand(answers, effect):
    area = pd.Series([name for name, given in answers.items() for _ in given])
    positive = pd.Series([one for given in answers.values() for one in given])
    assert area_design_effect(positive, area) == pytest.approx(effect, nan_ok=True)


def test_a_weighted_share_and_its_interval_by_hand(tmp_path):
    """Two who agree count twice, so do two of the six others: 4 of 12, with 12 * 12 / 20 = 7.2 effective answers."""
    groups = (2, "north", "Agree", 2), (2, "north", "Disagree", 2), (4, "south", "Disagree", 1)
    found = row(survey(tmp_path, *groups, said=WEIGHTED))
    assert (found["n_positive"], found["base"], found["share"]) == (2, 8, 4 / 12)
    assert found["design_effect"] == pytest.approx(8 / 7.2)
    assert [found["low"], found["high"]] == pytest.approx([*map(float, share_interval(7.2 / 3, 7.2))])
    assert pd.isna(found["population"])


def test_a_group_has_its_own_weights_and_no_population(tmp_path):
    groups = (2, "north", "Agree", 2), (2, "north", "Disagree", 1), (4, "south", "Disagree", 1)
    found = answers_counted(
        survey(tmp_path, *groups, said=WEIGHTED + "population = 100\n"), by="area_type"
    ).set_index("group")
    assert found.loc["rural", ["share", "design_effect"]].tolist() == [4 / 6, pytest.approx(4 * 10 / 36)]
    assert found["population"].isna().all()


@given(weight=st.floats(0.01, 100), n=st.integers(1, 300))
def test_equal_weights_change_nothing(weight, n):
    assert kish_design_effect(n, n * weight, n * weight**2) == pytest.approx(1)


@given(weights=st.lists(st.floats(0.01, 100), min_size=1, max_size=30))
def test_no_weights_make_more_answers_than_there_are_nor_fewer_than_one(weights):
    given_by = np.array(weights)
    effect = kish_design_effect(len(given_by), given_by.sum(), (given_by**2).sum())
    assert 1 - 1e-9 <= effect <= len(given_by) + 1e-9


def test_everybody_asked_answered_so_nothing_is_left_open(tmp_path):
    found = row(
        survey(
            tmp_path,
            (3, "north", "Agree", 0),
            (1, "south", "Disagree", 0),
            said="[surveys.report]\ninvited = 4\n",
        )
    )
    assert [found["low"], found["share"], found["high"]] == [0.75] * 3


def test_half_of_a_population_narrows_the_interval(tmp_path):
    """20 of 39: (39 - 20) / (39 - 1) = 1/2, as if twice as many had answered."""
    groups = (15, "north", "Agree", 0), (5, "south", "Disagree", 0)
    found = row(survey(tmp_path, *groups, said="[surveys.report]\ninvited = 30\npopulation = 39\n"))
    assert found["population"] == 39
    assert [found["low"], found["high"]] == pytest.approx([*map(float, share_interval(30, 40))])


def printed(study) -> tuple[str, list[str]]:
    frame = ncs.survey(study)
    (table, *_), (said, *_) = ncs.table(frame), ncs.say(frame)
    return said.sentence, [
        *table.cells().iloc[0][["Positive", "Of", "Positive, %", "95% interval"]],
        table.note,
    ]


def test_weights_and_population_are_said(tmp_path):
    groups = (10, "north", "Agree", 2), (10, "north", "Disagree", 2), (20, "south", "Disagree", 1)
    said, cells = printed(survey(tmp_path, *groups, said=WEIGHTED + "invited = 80\n"))
    assert said == (
        '40 people answered the A report, 50% of the 80 invited. Agreement was highest with "I am heard" (10 of 40, 33% by weight).'
    )
    assert cells[:4] == ["10", "40", "33%", "23 to 45%"]
    assert cells[4] == (
        "Interval: Wilson, as if those who answered were a random sample; nothing says that they were. Percentages and intervals "
        "are weighted, and counts are of people. Weights make the variance 1.11 times as large (design effect, Kish 1965), if they "
        "are unrelated to the answers. Intervals are for 80 people, of whom those who answered are a part (finite population "
        "correction, Cochran 1977); they take people who did not answer to be like those who did. People of one area "
        'answer alike. Were areas drawn at random, intervals would be up to 3.2 times as wide (design effect 10.0, "I am heard"). '
        "No answer: left blank, or not on the scale."
    )


def test_weights_that_nobody_names_are_said_to_be_left_out(tmp_path):
    groups = (10, "north", "Agree", 2), (10, "north", "Disagree", 1)
    _, cells = printed(survey(tmp_path, *groups))
    assert cells[:4] == ["10", "20", "50%", "30 to 70%"]
    assert cells[4] == (
        "Interval: Wilson, as if those who answered were a random sample; nothing says that they were. Weights of this survey "
        '("Weight") are not applied, since study.toml does not name them: percentages describe those who answered. No answer: left '
        "blank, or not on the scale."
    )


SAFE = (
    (6, "north", "Agree", 2),
    (7, "north", "Disagree", 2),
    (8, "south", "Agree", 1),
    (9, "south", "Disagree", 1),
)


@pytest.mark.parametrize(
    ("groups", "share"),
    [
        (SAFE, 20 / 43),  # of every weight and area five or more gave each answer
        ((*SAFE[:2], (10, "south", "Agree", 1), (4, "south", "Disagree", 1)), 16 / 27),
        ((*SAFE, (1, "south", "Agree", 3)), 15 / 31),  # one person has a weight of their own
        (
            (*SAFE[:3], (6, "south", "Disagree", 1), (3, "", "Disagree", 1)),
            14 / 30,
        ),  # three are of no known area
        ((*SAFE, (5, "south", "Agree", 3)), 19 / 35),  # nobody of a weight disagreed: all of them agreed
    ],
)
def test_where_counts_are_withheld_weights_are_applied_only_where_they_give_no_small_count_back(
    tmp_path, groups, share
):
    study = survey(tmp_path, *groups, settings=CONFIDENTIAL, said=WEIGHTED)
    found = publishable_answers(study).iloc[0]
    is_weighted = groups == SAFE
    assert pd.isna(found["share"]) or found["share"] == pytest.approx(share)
    _, cells = printed(study)
    assert ("since a weighted percentage could give a withheld count back" in cells[4]) != is_weighted
    assert "do not allow for people of one area answering alike" in cells[4]
    assert "design effect 1" not in cells[4]


@pytest.mark.parametrize(("invited", "shown"), [(30, True), (33, False), (34, False), (35, True)])
def test_where_few_did_not_answer_nothing_is_said_of_how_many_were_invited(tmp_path, invited, shown):
    study = survey(tmp_path, *SAFE, settings=CONFIDENTIAL, said=f"[surveys.report]\ninvited = {invited}\n")
    said, cells = printed(study)
    assert ("invited" in said) == ("finite population" in cells[4]) == shown


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            "[surveys.report]\ninvited = 3\n",
            "study.toml, surveys.report.invited: found 3, expected 4 or more, as many as answered.",
        ),
        (
            '[surveys.report]\nweights = "Wieght"\n',
            "study.toml, surveys.report.weights: found no 'Wieght' of 'p0', expected an attribute with a number above 0 for "
            "everybody who answered. Nearest: 'Weight'.",
        ),
        (
            "[surveys.reprot]\ninvited = 9\n",
            "study.toml, surveys: found 'reprot', expected a document_id of survey_items.csv. Nearest: 'report'.",
        ),
    ],
)
def test_a_survey_of_study_toml_that_does_not_fit_is_named(tmp_path, said, message):
    with pytest.raises(StudyError) as refused:
        survey(tmp_path, (4, "north", "Agree", 1), said=said)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("weight", "found"),
    [(-1, "'Weight' '-1' of 'p4'"), ("n/a", "'Weight' 'n/a' of 'p4'"), (0, "no 'Weight' of 'p4'")],
)
def test_everybody_needs_a_weight_above_0(tmp_path, weight, found):
    with pytest.raises(StudyError) as refused:
        survey(tmp_path, (4, "north", "Agree", 1), (1, "north", "Agree", weight), said=WEIGHTED)
    assert f"study.toml, surveys.report.weights: found {found}, expected an attribute with a number" in str(
        refused.value
    )


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("asked = 9", "surveys.report.asked is 9"),
        ('invited = "9"', "surveys.report.invited is '9'"),
        ("population = 1", "surveys.report.population is 1"),
        ("weights = true", "surveys.report.weights is True"),
    ],
)
def test_a_setting_of_a_survey_that_nobody_knows_is_refused(tmp_path, line, found):
    expected = "expected invited or population (a whole number of 2 or more), or weights (an attribute)."
    with pytest.raises(StudyError) as refused:
        survey(tmp_path, (4, "north", "Agree", 1), said=f"[surveys.report]\n{line}\n")
    assert str(refused.value) == f"study.toml: {found}, {expected}"
