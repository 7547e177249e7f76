"""Interviews beside a survey: pairs that a study declares, what each strand shows, and the verdict."""

from dataclasses import replace

import pandas as pd
import pytest

import ncsresearch as ncs
from builders import SETTINGS, heard, study_folder
from conftest import PROJECT
from ncsresearch.analysis.exact_tests import fisher
from ncsresearch.disclosure.counts import counts
from ncsresearch.disclosure.joint import Side, leaning, verdict
from ncsresearch.evidence.interval import difference_interval
from ncsresearch.present.chapters import supported_chapters, what_to_add
from ncsresearch.present.joint_display import say_joint_area, say_joint_rule
from ncsresearch.present.table import points
from ncsresearch.study.frames import framed
from ncsresearch.study.joint_pairs import Pair

AREAS = """area_id,name,area_type,case_study,report
north1,North 1,mainly_rural,yes,yes
north2,North 2,mainly_rural,yes,yes
south1,South 1,larger_city,yes,yes
south2,South 2,larger_city,yes,yes
"""
ITEMS = """item_id,document_id,label,scale,positive_values
near,report,It is near,Yes;Neither;No,Yes
cheap,report,It is cheap,Yes;No,Yes
"""
# people of each kind of area who raised the theme, and who answered yes, of 40, half of them in each of its two areas: travel
# and cost lead, near and cheap follow
RAISED = {"travel": {"north": 30, "south": 10}, "cost": {"north": 30, "south": 10}}
YES = {"near": {"north": 10, "south": 30}, "cheap": {"north": 30, "south": 10}}
PAIR = '[[joint]]\ntheme = "travel"\nitem = "near"\nanswers = "other"\n'
PAIRS = (
    PAIR.replace("item", 'stance = "challenge"\nitem')
    + '\n[[joint]]\ntheme = "cost"\nstance = "challenge"\nitem = "cheap"\nanswers = "other"\nheard_from = ["Staff"]\n'
)


def joined(
    folder,
    *,
    access: str = "public",
    raised=RAISED,
    yes=YES,
    neither: int = 0,
    people: int = 40,
    settings: str = PAIRS,
):
    """A study of as many people in each kind of area, who call what they raised a challenge, and 40 answers to each question.

    neither   how many of the 40 answer near with Neither
    """
    answers = "respondent_id,area_id,item_id,answer\n" + "".join(
        f"{area}{n},{area},{item},{'Yes' if n < most else 'Neither' if item == 'near' and n < most + neither // 2 else 'No'}\n"
        for item, kinds in yes.items()
        for area, most in halves(kinds)
        for n in range(20)
    )
    settings = SETTINGS.replace("public", access) + settings
    folder = study_folder(
        folder / "small", settings=settings, areas=AREAS, survey_items=ITEMS, survey_answers=answers
    )
    everywhere = halves({"north": people, "south": people})
    who = [(f"{area}{n}", area, "Staff", f"i{area}{n}") for area, most in everywhere for n in range(most)]
    said = [
        (f"{area}{n}", code)
        for code, kinds in raised.items()
        for area, most in halves(kinds)
        for n in range(most)
    ]
    study = heard(ncs.load_study(folder), who, said)
    return study.holding(codings=study.codings.assign(stance="challenge"))


def halves(kinds: dict[str, int] | dict[str, tuple[int, int]]) -> list[tuple[str, int]]:
    """The number of each area: half of that of its kind, or as it is given."""
    both = {kind: each if isinstance(each, tuple) else (each // 2,) * 2 for kind, each in kinds.items()}
    return [(f"{kind}{n}", each) for kind, two in both.items() for n, each in enumerate(two, start=1)]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return joined(tmp_path_factory.mktemp("joint"))


def shown(rows: pd.DataFrame) -> list[list]:
    names = ["theme", "strand", "n_here", "of_here", "n_there", "of_there", "difference", "shows", "verdict"]
    return rows[names].astype("object").where(rows[names].notna(), None).to_numpy().tolist()


def test_kinds_of_area_are_compared_in_both_strands(small):
    assert shown(ncs.joint(small)) == [
        ["Travel", "interviews", 30, 40, 10, 40, 0.5, "here", "agrees"],
        ["Travel", "survey", 30, 40, 10, 40, 0.5, "here", "agrees"],
        ["Cost", "interviews", 30, 40, 10, 40, 0.5, "here", "differs"],
        ["Cost", "survey", 10, 40, 30, 40, -0.5, "there", "differs"],
    ]


def test_challenges_are_set_beside_strengths_in_both_strands(small):
    """Nobody of 80 called travel or cost a strength; 40 of 80 answered yes to each, which is no direction."""
    assert shown(ncs.joint(small, by="heard_from")) == [
        ["Travel", "interviews", 40, 80, 0, 80, 0.5, "here", "open"],
        ["Travel", "survey", 40, 80, 40, 80, 0, "open", "open"],
        ["Cost", "interviews", 40, 80, 0, 80, 0.5, "here", "open"],
        ["Cost", "survey", 40, 80, 40, 80, 0, "open", "open"],
    ]


@pytest.mark.parametrize(
    ("access", "yes", "neither", "expected"),
    [
        ("public", 20, 10, ["survey", 20, 80, 40, 80, -0.25, "there"]),
        ("public", 14, 14, ["survey", 24, 80, 28, 80, 24 / 80 - 28 / 80, "open"]),  # 52 were not positive
        ("confidential", 20, 18, ["survey", None, 80, 40, 80, None, "withheld"]),  # 4 of 80 said no
    ],
)
def test_neutral_answers_are_no_challenge(tmp_path, access, yes, neither, expected):
    near = {"near": {"north": yes, "south": yes}}
    study = joined(tmp_path, access=access, yes=YES | near, neither=neither)
    assert shown(ncs.joint(study, by="heard_from"))[1][1:-1] == expected
    of_kinds = shown(ncs.joint(study))[1]
    n = None if access == "confidential" else expected[1] / 2
    assert of_kinds[2:6] == [n, 40, n, 40]


@pytest.mark.parametrize(
    ("stance", "answers", "challenge"),
    [
        ("challenge", "other", 50),
        ("challenge", "positive", 30),
        ("strength", "other", 30),
        ("strength", "positive", 50),
    ],
)
def test_a_question_may_ask_for_what_is_hard(small, stance, answers, challenge):
    """30 of 80 said yes; whether that means a strength or a challenge is for the study to say."""
    pair = Pair("travel", "cheap", answers, stance)
    study = small.holding(
        survey_answers=small.survey_answers.assign(
            answer=["Yes", "Yes", "Yes", "No", "No", "No", "No", "No"] * 20
        )
    )
    study = replace(study, settings=replace(study.settings, joint=(pair,)))
    assert ncs.joint(study, by="heard_from")["n_here"].tolist()[1] == challenge


def test_interviews_in_kinds_of_area_are_compared_as_everywhere(tmp_path):
    """24 of 40 in rural and 8 of 40 in urban areas raised travel; as 20 of the 24 are of one area, it is no clear difference."""
    study = joined(tmp_path, raised=RAISED | {"travel": {"north": (20, 4), "south": (4, 4)}})
    row, compared = (
        rows.query("code_id == 'travel'").iloc[0]
        for rows in (ncs.joint(study), ncs.compare(counts(study, by="area_type", stance="challenge")))
    )
    assert row[["n_here", "of_here", "n_there", "of_there", "shows"]].tolist() == [24, 40, 8, 40, "open"]
    interval = ["difference", "low", "high"]
    assert row[interval].tolist() == compared[interval].tolist()
    assert row["low"] < 0 < difference_interval(24, 40, 8, 40)[0]


def test_a_strand_with_nobody_is_silent(tmp_path):
    rows = ncs.joint(joined(tmp_path, raised={"cost": RAISED["cost"]}))
    assert shown(rows)[:2] == [
        ["Travel", "interviews", 0, 40, 0, 40, 0, "none", "silent"],
        ["Travel", "survey", 30, 40, 10, 40, 0.5, "here", "silent"],
    ]
    assert ncs.say(rows)[-1].sentence == (
        "One of the two comparisons is left open: one because nobody is on either side."
    )
    assert say_joint_rule(rows).sentence == (
        "Interviews and a survey agree where both show a clear difference in the same direction, and differ where they show "
        "opposite ones. A comparison is left open where numbers are withheld, fewer than 20 people are on one side, or no "
        "difference is clear. That does not mean there is none. One of the two is silent where nobody in it is on either side. "
        "A difference is clear where its 95% interval does not include zero and, between kinds of area, where it is larger than "
        "chance is likely to make among all themes, or all questions, compared. In the interviews areas are compared then, and "
        "not people; everybody is counted."
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"people": 18, "raised": {"travel": {"north": 14, "south": 2}}},
        {"access": "confidential", "raised": {code: {"north": 6, "south": 2} for code in RAISED}},
    ],
    ids=["few people", "withheld"],
)
def test_a_table_without_anything_to_compare_is_dropped(tmp_path, changed):
    rows = ncs.joint(joined(tmp_path, **changed))
    assert rows["verdict"].eq("open").all() and len(rows) == 4
    assert ncs.table(rows) == [] and ncs.plot(rows) == []


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((0.17, 0.003, 0.334), "+17 (+0.3 to +33)"),
        ((0.16, -0.0001, 0.32), "+16 (\N{MINUS SIGN}0.1 to +32)"),
        ((0.0, -0.2, 0.2), "+0 (\N{MINUS SIGN}20 to +20)"),
    ],
)
def test_an_interval_says_on_which_side_of_zero_it_ends(interval, expected):
    assert points(*interval) == expected


@pytest.mark.parametrize(
    ("changed", "interviews", "survey"),
    [
        ({"raised": RAISED | {"travel": {"north": 20, "south": 18}}}, "open", "here"),
        ({"people": 18, "raised": {"travel": {"north": 14, "south": 2}}}, "few", "here"),
        ({"access": "confidential", "raised": {"travel": {"north": 6, "south": 2}}}, "withheld", "here"),
        ({"access": "confidential", "yes": YES | {"near": {"north": 10, "south": 38}}}, "here", "withheld"),
    ],
    ids=["no clear difference", "few people", "interviews withheld", "survey withheld"],
)
def test_a_strand_without_a_direction_leaves_the_comparison_open(tmp_path, changed, interviews, survey):
    rows = ncs.joint(joined(tmp_path, **changed)).query("theme == 'Travel'")
    assert rows["shows"].tolist() == [interviews, survey]
    assert rows["verdict"].tolist() == ["open", "open"]
    hidden = rows[rows["shows"].isin(["few", "withheld"])]
    assert hidden[["difference", "low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("interviews", "survey", "expected"),
    [
        ("here", "here", "agrees"),
        ("there", "there", "agrees"),
        ("here", "there", "differs"),
        ("there", "here", "differs"),
        ("here", "open", "open"),
        ("few", "there", "open"),
        ("withheld", "withheld", "open"),
        ("open", "open", "open"),
        ("none", "here", "silent"),
    ],
)
def test_a_verdict_follows_from_what_each_strand_shows(interviews, survey, expected):
    assert verdict(interviews, survey) == expected


def test_a_withheld_number_widens_an_interval_to_all_that_it_may_be():
    known, some = Side(40, 8, 8), Side(40, 1, 15, "some")
    (low, high), (least, most) = (leaning(Side(40, 30, 30), each, level=0.95) for each in (known, some))
    assert 0 < least < low < high < most < 1


def test_what_is_said_and_drawn_of_a_small_study(small):
    rows = ncs.joint(small)
    assert [each.sentence for each in ncs.say(rows)] == [
        "Interviews and the A report agree on travel, described as a challenge by 30 of 40 people in rural areas and 10 of 40 "
        "people in urban areas: answers of the same meaning came from 30 of 40 in rural and 10 of 40 in urban areas.",
        "Interviews and the A report differ on cost: a larger share of the people in rural areas described it as a challenge, "
        "while answers of the same meaning were more frequent in urban areas.",
    ]
    assert [figure.alt for figure in ncs.plot(rows)] == [
        "Two dots a theme with their intervals in points, of interviews and of the A report. Difference of shares, rural less "
        "urban, points. Travel: interviews +50 points, from +23 to +67 points, survey +50 points, from +29 to +65 points; Cost: "
        "interviews +50 points, from +23 to +67 points, survey −50 points, from −65 to −29 points."
    ]
    cells = [table.cells().iloc[:, 2:].to_numpy().tolist() for table in ncs.table(rows)]
    assert cells[0][:2] == [
        ["Interviews", "30 of 40", "10 of 40", "+50 (+23 to +67)", "0.004", "more in rural areas", "Agrees"],
        [
            "Survey: It is near (negative answers)",
            "30 of 40",
            "10 of 40",
            "+50 (+29 to +65)",
            "under 0.001",
            "more in rural areas",
            "Agrees",
        ],
    ]


def test_a_question_is_as_large_as_it_was_asked_whatever_is_withheld(tmp_path):
    """Of travel and cost, and of near and cheap, one is withheld: the other is still one of two."""
    cost, cheap = {"north": 3, "south": 1}, {"north": 38, "south": 38}
    changed = {"raised": RAISED | {"cost": cost}, "yes": YES | {"cheap": cheap}}
    told = {
        access: ncs.joint(joined(tmp_path / access, access=access, **changed)).query("theme == 'Travel'")
        for access in ("public", "confidential")
    }
    for rows in told.values():
        assert rows["family_size"].tolist() == [2, 2]
    survey = told["confidential"].iloc[1]
    assert survey["p_adjusted"] == pytest.approx(2 * fisher(30, 40, 10, 40))
    study = joined(tmp_path / "again", access="confidential", **changed)
    withheld, travel = (
        ncs.compare(counts(study, by="area_type")).set_index("code_id").loc[["cost", "travel"]].iloc
    )
    assert withheld["verdict"] == "withheld" and travel["p_adjusted"] == pytest.approx(2 * travel["p"])


def test_a_theme_has_one_verdict_in_interviews_wherever_it_is_compared():
    """Travel was put in with 55 points; with what is withheld neither chapter 03 nor 14 can tell it from chance among 21 themes."""
    study = ncs.load_study(PROJECT / "data" / "illustrative")
    rows = ncs.joint(study).query("item_id == 'travel_time'")
    assert rows[["shows", "verdict"]].to_numpy().tolist() == [["open", "open"]] * 2
    assert rows[["p_adjusted", "family_size"]].round(3).to_numpy().tolist() == [[0.109, 21], [0.145, 12]]
    compared = [ncs.compare(counts(study, by="area_type", stance=each)) for each in ("", "challenge")]
    travel = [each.query("code_id == 'travel_and_distance'").iloc[0] for each in compared]
    assert [(row["verdict"], row["family_size"]) for row in travel] == [("cannot tell", 21)] * 2
    area, _ = ncs.load_area(study.folder, "area_e")
    assert not area.whole.joint.attrs  # which would remember the study with everybody's rows


def test_the_report_on_an_area_says_on_what_both_agree(small):
    rows = framed(ncs.joint(small), "joint display by area_type", replace(small, part_of="north1"))
    assert say_joint_area(rows).sentence == (
        "In the whole study 30 of 40 people in rural areas and 10 of 40 in urban areas described travel as a challenge, and in a "
        "survey 30 of 40 who answered in rural and 10 of 40 in urban areas disagreed with “It is near”. Four areas are too few to "
        "say whether rural and urban areas in general differ."
    )


def test_a_study_without_pairs_has_no_such_chapter():
    published = ncs.load_study(PROJECT / "data" / "published")
    named = replace(published, settings=replace(published.settings, chapters=("14_interviews_and_survey",)))
    assert supported_chapters(named) == ()
    assert what_to_add(named, "14_interviews_and_survey") == (
        "pairs of a theme and a survey question, as [[joint]] in study.toml, to set interviews beside a survey"
    )
    rows = ncs.joint(published)
    assert rows.empty and ncs.joint(published, by="heard_from").empty
    assert [each.sentence for each in ncs.say(rows)] == [
        "The study has no pair of a theme and a survey question."
    ]


def test_a_selection_has_no_joint_display(small):
    """The survey is shown of the whole alone."""
    assert ncs.joint(small.where(theme="travel")).empty


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ('joint = "travel"\n', "study.toml: joint is 'travel', expected a list of tables, [[joint]]."),
        ('joint = ["travel"]\n', "study.toml: joint 1 is 'travel', expected a table, [[joint]]."),
        (PAIR.replace("answers", "answer"), "study.toml: joint 1 has 'answer', expected theme, item, answers, stance, "
         "heard_from. Did you mean 'answers'?"),
        (PAIR.replace('item = "near"\n', ""), "study.toml: joint 1: item missing."),
        (PAIR.replace('"near"', "3"), "study.toml: joint 1: item is 3, expected words in quotation marks."),
        (PAIR.replace('"other"', '"othr"'), "study.toml: joint 1: answers is 'othr', expected one of positive, other. "
         "Did you mean 'other'?"),
        (PAIR + 'stance = "strenght"\n', "study.toml: joint 1: stance is 'strenght', expected one of nothing, strength, "
         "challenge. Did you mean 'strength'?"),
        (PAIR + 'heard_from = "Staff"\n', "study.toml: joint 1: heard_from is 'Staff', expected a list of words in quotation "
         "marks."),
        (PAIR + PAIR, "study.toml: joint 2 has the theme and item of joint 1, expected each pair once."),
    ],
)  # fmt: skip
def test_a_pair_that_is_none_is_refused(tmp_path, pairs, message):
    with pytest.raises(ncs.StudyError) as refused:
        ncs.load_study(study_folder(tmp_path / "small", settings=SETTINGS + pairs))
    assert str(refused.value) == message


def test_check_names_an_unknown_theme_item_or_group_with_the_nearest(tmp_path):
    pairs = PAIR.replace('"travel"', '"travl"').replace('"near"', '"neer"') + 'heard_from = ["Staf"]\n'
    people = "participant_id,area_id,participant_group\np1,north,Staff\n"
    folder = study_folder(
        tmp_path / "small", settings=SETTINGS + pairs, survey_items=ITEMS, participants=people
    )
    assert [str(fault) for fault in ncs.check_study(folder)] == [
        "study.toml, joint: found 'travl', expected a code_id of codebook.csv. Nearest: 'travel'.",
        "study.toml, joint: found 'neer', expected an item_id of survey_items.csv. Nearest: 'near'.",
        "study.toml, joint: found 'Staf', expected a participant_group of participants.csv. Nearest: 'Staff'.",
    ]
