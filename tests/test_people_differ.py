"""What chapters say of differences between groups: whole sentences, and no points on a small base."""

from dataclasses import replace

import pandas as pd
import pytest

from builders import heard, study_folder
from conftest import PROJECT
from ncsresearch.analysis.group_differences import group_differences
from ncsresearch.analysis.sensitivity import sensitivity, stated_differences
from ncsresearch.present.grammar import say, table
from ncsresearch.present.people_compared import say_six_areas
from ncsresearch.present.people_differ import (
    say_client_groups_differ,
    say_directions,
    say_groups_differ,
    table_directions,
    table_groups_differ,
    table_ladder,
)
from ncsresearch.study import load_study
from ncsresearch.study.frames import framed

BOOK = "code_id,parent_id,label,facet\ntravel,,Travel,theme\ncost,,Cost,theme\n"
AREAS = "area_id,name,area_type,case_study,report\n" + "".join(
    f"{name},{name},{kind},yes,yes\n"
    for name, kind in [
        ("r1", "mainly_rural"),
        ("r2", "mainly_rural"),
        ("u1", "larger_city"),
        ("u2", "larger_city"),
        ("u3", "larger_city"),
        ("u4", "larger_city"),
    ]
)
NAMES = ("r1", "r2", "u1", "u2", "u3", "u4")


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return load_study(
        study_folder(tmp_path_factory.mktemp("small") / "small", codebook=BOOK, areas=AREAS, codings=None)
    )


@pytest.fixture
def study(base):
    """Ten people in each area, half of them clients; clients raise travel, and everybody in rural areas does."""
    people = [
        (f"{area}_{n}", area, "Clients" if n < 5 else "Staff", f"{area}_{n}")
        for area in NAMES
        for n in range(10)
    ]
    said = [(name, "travel") for name, area, group, _ in people if group == "Clients" or area[0] == "r"]
    return heard(base, people, said)


def test_a_difference_between_groups_in_a_sentence_and_a_table(study):
    rows = group_differences(study, by="participant_group")
    assert say_groups_differ(framed(rows, "differences", study)).sentence == (
        "Groups raised different things: travel was raised by 30 of 30 clients and 10 of 30 others. 1 of 1 comparisons between a "
        "group and everyone else shows a difference larger than chance would explain."
    )
    (cells,) = table_groups_differ(framed(rows, "differences", study)).cells().to_dict("records")
    assert cells == {
        "Theme": "Travel",
        "Group": "Clients",
        "Of the group": "30 of 30",
        "Of the others": "10 of 30",
        "Difference in points, with its interval": "+67 (+45 to +81)",
        "p, adjusted": "under 0.001",
    }


def test_kinds_of_area_point_one_way_and_no_more(study):
    rows = group_differences(study, by="area_type")
    assert say_directions(framed(rows, "differences", study)).sentence == (
        "In every rural area a larger share of people raised travel than in any urban one. 6 areas are too few to show "
        "a difference between rural and urban services."
    )
    shown = table_directions(framed(rows, "differences", study))
    assert shown.note.startswith(
        "p: the share of the 15 ways to choose two of six areas that give as large a difference. "
    )
    (cells,) = shown.cells().to_dict("records")
    assert (cells["Rural"], cells["Urban"], cells["p"]) == ("20 of 20", "20 of 40", "0.067")


def test_what_was_tried_and_refused_stands_in_a_table(study):
    cells = table_ladder(framed(pd.DataFrame(), "differences", study, by="area_type")).cells()
    assert cells["Comparisons tested"].tolist() == ["0", "0", "0", "0", "1", "0"]
    assert (
        cells["Because"].iloc[1]
        == "all people of an area are in one group, so 6 areas are compared and not 60 people; nobody raised it"
    )


def test_a_small_group_gets_counts_and_no_points(base):
    people = [(f"p{n}", "r1", "Clients" if n < 12 else "Staff", f"i{n}") for n in range(40)]
    study = heard(base, people, [(f"p{n}", "travel") for n in range(12)])
    rows = framed(group_differences(study, by="participant_group"), "differences", study)
    (cells,) = table_groups_differ(rows).cells().to_dict("records")
    assert cells["Difference in points, with its interval"] == "a base under 20"


def test_clients_without_a_group_are_not_compared(study):
    rows = group_differences(study, by="client_group")
    assert say_client_groups_differ(framed(rows, "differences", study)) is None


def test_stated_differences_and_shares_when_something_is_left_out(study):
    stated = stated_differences(study)
    assert say(stated)[0].sentence == (
        "Both differences reported between groups keep their direction whichever interview or area is left out."
    )
    assert table(stated)[0].cells()["Without one area"].tolist() == [
        "+60 to +80",
        "+50 to +50",
    ]
    assert say(sensitivity(study))[0].sentence == (
        "Leaving out any one interview moves no theme's share of people by five points or more. Leaving out an area moves one of the "
        "2 themes: travel."
    )
    cells = table(sensitivity(study))[0].cells().iloc[0].tolist()
    assert cells[:4] == ["Travel", "67%", "66% to 68%", "60% to 70%"]


def test_few_people_get_no_shares(base):
    study = heard(base, [("p1", "r1", "Staff", "i1"), ("p2", "u1", "Staff", "i2")], [("p1", "travel")])
    assert say(sensitivity(study)) == table(sensitivity(study)) == []


def test_few_people_heard_by_two_coders_get_no_shares_either(study):
    own = study.codings.assign(coder="a")
    other = own[own["unit_id"].eq("s0")].assign(coder="b", coding_id="b0")
    both = pd.concat([own, other], ignore_index=True)
    settings = replace(study.settings, reporting_coder="a")
    twice = replace(study, settings=settings, tables=dict(study.tables) | {"codings": both})
    cells = table(sensitivity(twice))[0].cells()
    assert cells["By the other coder"].tolist() == ["base under 20", "base under 20"]


def test_groups_that_nothing_divides_are_not_said_to_be_alike(base):
    study = heard(base, [("p1", "r1", "Staff", "i1"), ("p2", "u1", "Clients", "i2")], [])
    why = "people were of one mind on everything compared, or chance could not have divided"
    groups, kinds = (group_differences(study, by=by) for by in ("participant_group", "area_type"))
    assert (
        say_groups_differ(framed(groups, "differences", study)).sentence
        == f"Differences between groups cannot be tested: {why} them otherwise."
    )
    assert say_directions(framed(kinds, "differences", study)).sentence == (
        f"Rural and urban areas cannot be tested against each other: {why} the areas otherwise."
    )


def test_how_many_areas_are_compared_is_named_as_a_number_of_areas():
    study = load_study(PROJECT / "data" / "illustrative")
    said = say_six_areas(framed(pd.DataFrame(), "areas", study))
    assert said.numbers == {"rural areas": 2, "urban areas": 4}
    assert said.sentence.startswith("2 rural areas and 4 urban areas are compared.")
