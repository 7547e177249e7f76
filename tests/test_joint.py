"""Interviews beside a survey: pairs that a study declares, what each strand shows, and the verdict."""

from dataclasses import replace

import pandas as pd
import pytest

import ncsresearch as ncs
from builders import SETTINGS, heard, study_folder
from conftest import PROJECT
from ncsresearch.disclosure.joint import Side, difference_between, leaning, verdict
from ncsresearch.evidence.interval import difference_interval
from ncsresearch.present.chapters import supported_chapters, what_to_add

ITEMS = """item_id,document_id,label,scale,positive_values
near,report,It is near,Yes;No,Yes
cheap,report,It is cheap,Yes;No,Yes
"""
# people of each area who raised the theme, and who answered yes, of 40 in each: travel and cost lead, near and cheap follow
RAISED = {"travel": {"north": 30, "south": 10}, "cost": {"north": 30, "south": 10}}
YES = {"near": {"north": 10, "south": 30}, "cheap": {"north": 30, "south": 10}}
PAIR = '[[joint]]\ntheme = "travel"\nitem = "near"\nanswers = "other"\n'
PAIRS = (
    PAIR.replace("item", 'stance = "challenge"\nitem')
    + '\n[[joint]]\ntheme = "cost"\nstance = "challenge"\nitem = "cheap"\nanswers = "other"\nheard_from = ["Staff"]\n'
)


def joined(
    folder, *, access: str = "public", raised=RAISED, yes=YES, people: int = 40, settings: str = PAIRS
):
    """A study of as many people in each area, who call what they raised a challenge, and as many answers to each question."""
    answers = "respondent_id,area_id,item_id,answer\n" + "".join(
        f"{area}{n},{area},{item},{'Yes' if n < most else 'No'}\n"
        for item, areas in yes.items()
        for area, most in areas.items()
        for n in range(40)
    )
    settings = SETTINGS.replace("public", access) + settings
    folder = study_folder(folder / "small", settings=settings, survey_items=ITEMS, survey_answers=answers)
    who = [(f"{area}{n}", area, "Staff", f"i{area}{n}") for area in ("north", "south") for n in range(people)]
    said = [
        (f"{area}{n}", code)
        for code, each in raised.items()
        for area, most in each.items()
        for n in range(most)
    ]
    study = heard(ncs.load_study(folder), who, said)
    return study.holding(codings=study.codings.assign(stance="challenge"))


def shown(rows: pd.DataFrame) -> list[list]:
    names = ["theme", "strand", "n_here", "of_here", "n_there", "of_there", "difference", "shows", "verdict"]
    return rows[names].astype("object").where(rows[names].notna(), None).to_numpy().tolist()


def test_kinds_of_area_are_compared_in_both_strands(tmp_path):
    assert shown(ncs.joint(joined(tmp_path))) == [
        ["Travel", "interviews", 30, 40, 10, 40, 0.5, "here", "agrees"],
        ["Travel", "survey", 30, 40, 10, 40, 0.5, "here", "agrees"],
        ["Cost", "interviews", 30, 40, 10, 40, 0.5, "here", "differs"],
        ["Cost", "survey", 10, 40, 30, 40, -0.5, "there", "differs"],
    ]


def test_challenges_are_set_beside_strengths_in_both_strands(tmp_path):
    """Nobody of 80 called travel or cost a strength; 40 of 80 answered yes to each, which is no direction."""
    assert shown(ncs.joint(joined(tmp_path), by="heard_from")) == [
        ["Travel", "interviews", 40, 80, 0, 80, 0.5, "here", "silent"],
        ["Travel", "survey", 40, 80, 40, 80, 0, "open", "silent"],
        ["Cost", "interviews", 40, 80, 0, 80, 0.5, "here", "silent"],
        ["Cost", "survey", 40, 80, 40, 80, 0, "open", "silent"],
    ]


@pytest.mark.parametrize(
    ("changed", "interviews", "survey"),
    [
        ({"raised": RAISED | {"travel": {"north": 20, "south": 18}}}, "open", "here"),
        ({"people": 19, "raised": {"travel": {"north": 15, "south": 2}}}, "few", "here"),
        ({"access": "confidential", "raised": {"travel": {"north": 6, "south": 1}}}, "withheld", "here"),
        ({"access": "confidential", "yes": YES | {"near": {"north": 10, "south": 38}}}, "here", "withheld"),
    ],
    ids=["both directions", "few people", "interviews withheld", "survey withheld"],
)
def test_a_strand_without_a_direction_is_silent(tmp_path, changed, interviews, survey):
    rows = ncs.joint(joined(tmp_path, **changed)).query("theme == 'Travel'")
    assert rows["shows"].tolist() == [interviews, survey]
    assert rows["verdict"].tolist() == ["silent", "silent"]
    hidden = rows[rows["shows"].isin(["few", "withheld"])]
    assert hidden[["difference", "low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("interviews", "survey", "expected"),
    [
        ("here", "here", "agrees"),
        ("there", "there", "agrees"),
        ("here", "there", "differs"),
        ("there", "here", "differs"),
        ("here", "open", "silent"),
        ("few", "there", "silent"),
        ("withheld", "withheld", "silent"),
        ("open", "open", "silent"),
    ],
)
def test_a_verdict_follows_from_what_each_strand_shows(interviews, survey, expected):
    assert verdict(interviews, survey) == expected


def test_a_withheld_number_widens_an_interval_to_all_that_it_may_be():
    known, some = Side(40, 8, 8), Side(40, 1, 15, "some")
    assert difference_between(Side(40, 30, 30), known, level=0.95) == difference_interval(30, 40, 8, 40)
    (low, high), (least, most) = (
        apart(Side(40, 30, 30), each, level=0.95)
        for apart, each in [(difference_between, known), (difference_between, some)]
    )
    assert least < low < high < most
    (low, high), (least, most) = (leaning(Side(40, 30, 30), each, level=0.95) for each in (known, some))
    assert 0 < least < low < high < most < 1


def test_what_is_said_and_drawn_of_a_small_study(tmp_path):
    rows = ncs.joint(joined(tmp_path))
    assert [each.sentence for each in ncs.say(rows)] == [
        "Interviews and the A report agree on travel, described as a challenge by 30 of 40 people in rural areas and 10 of 40 "
        "people in urban areas: answers of the same meaning came from 30 of 40 in rural and 10 of 40 in urban areas.",
        "Interviews and the A report differ on cost: a larger share of the people in rural areas described it as a challenge, "
        "while answers of the same meaning were more frequent in urban areas.",
    ]
    assert [figure.alt for figure in ncs.plot(rows)] == [
        "Two dots a theme with their intervals in points, of interviews and of the A report. Difference of shares, rural less "
        "urban, points. Travel: interviews +50 points, from +29 to +65 points, survey +50 points, from +29 to +65 points; Cost: "
        "interviews +50 points, from +29 to +65 points, survey −50 points, from −65 to −29 points."
    ]
    cells = [table.cells().iloc[:, 2:].to_numpy().tolist() for table in ncs.table(rows)]
    assert cells[0][:2] == [
        ["Interviews", "30 of 40", "10 of 40", "+50 (+29 to +65)", "more in rural areas", "Agrees"],
        [
            "Survey: It is near (not positive)",
            "30 of 40",
            "10 of 40",
            "+50 (+29 to +65)",
            "more in rural areas",
            "Agrees",
        ],
    ]


def test_the_differences_put_into_both_strands_come_out():
    study = ncs.load_study(PROJECT / "data" / "illustrative")
    rows = ncs.joint(study).query("verdict != 'silent' and strand == 'survey'")
    assert rows[["item_id", "shows", "verdict"]].to_numpy().tolist() == [
        ["travel_time", "here", "agrees"],
        ["colocation", "there", "agrees"],
    ]
    area, _ = ncs.load_area(study.folder, "area_e")
    assert not area.whole.joint.attrs  # which would remember the study with everybody's rows
    assert [each.sentence for each in ncs.say(ncs.joint(area))] == [
        "Compared with urban areas, more people described travel and distance as a challenge and fewer people raised co-location "
        "in rural areas together, Area E among them; answers to surveys point the same way."
    ]


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


def test_a_selection_has_no_joint_display(tmp_path):
    """The survey is shown of the whole alone."""
    assert ncs.joint(joined(tmp_path).where(theme="travel")).empty


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
