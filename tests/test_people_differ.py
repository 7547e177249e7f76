"""What chapters say of differences between groups: whole sentences, and no points on a small base."""

from dataclasses import replace

import pandas as pd
import pytest

import ncsresearch as ncs
from builders import heard, study_folder
from conftest import PROJECT
from ncsresearch.analysis.group_differences import group_differences
from ncsresearch.analysis.sensitivity import sensitivity
from ncsresearch.disclosure.differences import compare, stated_differences
from ncsresearch.present.area_extracts import AreaExtracts
from ncsresearch.present.grammar import say, table
from ncsresearch.present.people_compared import say_six_areas
from ncsresearch.present.people_differ import (
    say_client_groups_differ,
    say_groups_differ,
    table_groups_differ,
)
from ncsresearch.present.people_raised import say_seen
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


@pytest.mark.parametrize(
    ("equivalent", "said"),
    [
        (["Seen as less well served: Women"], " About as many in both saw women as less well served."),
        ([], ""),
    ],
)
def test_who_is_seen_as_well_served_is_seen_so_and_not_raised(base, equivalent, said):
    """Twenty of 20 in rural areas and none of 40 in urban ones; nobody said "better", so that no sentence may."""
    told = {"n_raised": 20, "n_participants": 20, "n_raised_others": 0, "n_participants_others": 40}
    row = {"code_id": "", "group": "rural", "others": "urban", "reason": ""} | told
    rows = pd.DataFrame([row | {"theme": "Seen as less well served: Men", "verdict": "differs"}])
    rows = pd.concat(
        [rows, pd.DataFrame([row | {"theme": each, "verdict": "equivalent"} for each in equivalent])]
    )
    rows = framed(rows, "differences of people", base, by="area_type", of="served")
    assert say_groups_differ(rows).sentence == (
        "Rural and urban areas differ: men were seen as less well served by 20 of 20 people in rural areas and 0 of 40 in urban ones."
        + said
    )


@pytest.mark.parametrize(
    ("of", "name", "said"),
    [
        (
            {"of": "served"},
            "Seen as less well served: {}",
            "judgements compared. About as many in both saw each of these so.",
        ),
        ({}, "Theme {}", "themes compared. Each was raised about equally often in both."),
    ],
)
def test_where_all_that_is_compared_is_alike_it_is_not_listed(base, of, name, said):
    told = {"n_raised": 8, "n_participants": 20, "n_raised_others": 16, "n_participants_others": 40}
    row = {"code_id": "", "group": "rural", "others": "urban", "reason": "", "verdict": "equivalent"} | told
    rows = pd.DataFrame([row | {"theme": name.format(letter)} for letter in "abcd"])
    found = say_groups_differ(framed(rows, "differences of people", base, by="area_type", **of))
    assert found.sentence == f"Rural and urban areas are not shown to differ on any of the 4 {said}"


def test_what_was_said_of_better_service_is_withheld_and_not_left_out(base, monkeypatch):
    rows = pd.DataFrame(
        [("men", "Seen as less well served", 8, 40), ("men", "Seen as better served", None, 40)],
        columns=["client_group", "level", "n", "base"],
    ).astype({"n": "Int64"})
    monkeypatch.setattr("ncsresearch.present.people_raised.publishable_served", lambda study, *, by: rows)
    assert say_seen(framed(rows, "client groups served", base)).sentence == (
        "8 of 40 people said that men are less well served. How many said of any group that it is better served is withheld."
    )


def told_so(base, people, said):
    """People heard who said each theme in a way."""
    study = heard(base, people, [(name, code) for name, code, _ in said])
    codings = study.codings.assign(stance=[way for *_, way in said])
    return replace(study, tables=dict(study.tables) | {"codings": codings})


def test_the_wider_themes_that_most_people_raised_are_named_beside_the_single_ones():
    first, *_ = say(ncs.counts(load_study(PROJECT / "data" / "illustrative"), by="stance"))
    assert first.sentence == (
        "More people raised support for staff (62 of 141); caseload and time (59); and continuity of worker (58) than any other single theme. "
        "Of the wider themes, more people raised access to other services (121 of 141), resources (101) and relationships (93) than any other."
    )


def test_a_theme_that_leads_in_both_ways_is_named_once(base):
    people = [(f"p{n}", NAMES[n % 6], "Staff", f"p{n}") for n in range(20)]
    ways = {"challenge": range(10), "strength": range(3, 10)}
    study = told_so(base, people, [(f"p{n}", "travel", way) for way, own in ways.items() for n in own])
    assert say(ncs.counts(study, by="stance"))[1].sentence == (
        "Travel was the most widely described challenge (10 people) and strength (7 people)."
    )


def test_views_divide_where_other_people_say_the_other_thing(base):
    """Seven of those who call cost a challenge call it a strength too; nobody does so of travel."""
    people = [(f"p{n}", NAMES[n % 6], "Staff", f"p{n}") for n in range(20)]
    ways = {
        ("travel", "challenge"): range(10),
        ("travel", "strength"): range(10, 17),
        ("cost", "challenge"): range(10),
        ("cost", "strength"): range(7),
    }
    said = [(f"p{n}", code, way) for (code, way), own in ways.items() for n in own]
    study = told_so(base, people, said)
    (divided,) = [each.sentence for each in say(ncs.counts(study, by="stance")) if "Views" in each.sentence]
    assert divided == (
        "Views divide on travel (7 of the 20 people described it as a strength, 10 as a challenge). Views go both ways on cost (7 of the "
        "20 people described it as a strength, 10 as a challenge, 7 as both)."
    )


def test_a_difference_between_groups_in_a_sentence_and_a_table(study):
    rows = compare(ncs.counts(study, by="heard_from"))
    assert say_groups_differ(rows).sentence == "Travel was raised by 30 of 30 clients and 10 of 30 staff."
    (cells,) = table_groups_differ(rows).cells().to_dict("records")
    interval = cells.pop("Difference in points, with its interval")
    assert interval.startswith("+67 (+4") and interval.endswith(")")
    assert int(cells.pop("Smallest difference likely to be found, points")) in range(20, 45)
    assert cells == {
        "Theme": "Travel",
        "Group": "Clients",
        "Of the group": "30 of 30",
        "Of the others": "10 of 30",
        "p, adjusted": "under 0.001",
        "Verdict": "differs",
        "Fewest judgements that would undo it": "13",
    }


def test_kinds_of_area_are_compared_by_area_with_every_theme_in_one_table(study):
    rows = compare(ncs.counts(study, by="area_type"))
    assert say_groups_differ(rows).sentence == (
        "Rural and urban areas differ: travel was raised by 20 of 20 people in rural areas and 20 of 40 in urban ones."
    )
    shown = table_groups_differ(rows)
    assert shown.caption == "Rural and urban areas compared, theme by theme"
    assert shown.note.startswith(
        "The 95% interval allows for people of one area saying similar things. Differs: "
    )
    (cells,) = shown.cells().to_dict("records")
    assert (cells["Rural"], cells["Urban"], cells["Verdict"]) == ("20 of 20", "20 of 40", "differs")


def test_what_cannot_be_seen_is_said_with_the_difference_that_would_have_been(base):
    people = [(f"{area}_{n}", area, "Staff", f"{area}_{n}") for area in NAMES for n in range(5)]
    study = heard(base, people, [(name, "travel") for name, *_ in people if name[-1] in "01"])
    (said,) = ncs.limits(compare(ncs.counts(study, by="area_type")))
    points = said.numbers["points"]
    assert points > 30
    assert said.sentence == (
        "On none of the 1 comparison can the interviews tell whether rural and urban areas in general differ. People of one "
        f"area share one service, so six areas are compared, and on a typical theme a difference under about {points} points would "
        "probably not have been seen."
    )


def test_a_stance_is_compared_by_itself(study):
    assert compare(ncs.counts(study, by="area_type", stance="challenge")).empty
    told = study.codings.assign(stance=["strength"] * 20 + [None] * (len(study.codings) - 20))
    described = replace(study, tables=dict(study.tables) | {"codings": told})
    rows = compare(ncs.counts(described, by="area_type", stance="strength")).query("theme == 'Travel'")
    assert rows[["n_raised", "n_raised_others"]].to_numpy().tolist() == [[20, 0]]
    assert table_groups_differ(rows).name == "kinds_compared_strength"


def test_men_and_women_are_compared_once(study):
    told = [
        {"owner": "participants", "owner_id": f"{area}_{n}", "name": "client group", "value": group}
        for area in NAMES
        for n in range(5)
        for group in [("men", "women")[n % 2], *(["young"] if n == 0 else [])]
    ]
    grouped = replace(study, tables=dict(study.tables) | {"attributes": pd.DataFrame(told)})
    rows = group_differences(grouped, by="client_group").query("code_id == 'travel'")
    assert sorted(zip(rows["group"], rows["others"], strict=True)) == [
        ("men", "women"),
        ("young", "all others"),
    ]


def test_a_small_group_gets_counts_and_no_points_but_the_interval_of_what_is_claimed(base):
    people = [(f"p{n}", "r1", "Clients" if n < 12 else "Staff", f"i{n}") for n in range(40)]
    for raised, expected in ((12, "+71 to +100 (a base under 20)"), (6, "a base under 20")):
        said = [(f"p{n}", "travel") for n in (*range(raised), *range(20, 32 - raised))]
        study = heard(base, people, said)
        (cells,) = table_groups_differ(compare(ncs.counts(study, by="heard_from"))).cells().to_dict("records")
        assert cells["Difference in points, with its interval"] == expected


def test_clients_without_a_group_are_not_compared(study):
    assert say_client_groups_differ(compare(ncs.client_views(study))) is None


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
        "Leaving out any one interview changes no theme's share of people by five points or more. Leaving out one area changes the "
        "share of people on one of the 2 themes by five points or more: travel."
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
    for by in ("heard_from", "area_type"):
        assert say_groups_differ(compare(ncs.counts(study, by=by))) is None


def test_how_many_areas_are_compared_is_named_as_a_number_of_areas():
    study = load_study(PROJECT / "data" / "illustrative")
    said = say_six_areas(framed(pd.DataFrame(), "areas", study))
    assert said.numbers == {"rural areas": 2, "urban areas": 4}
    assert (
        said.sentence
        == "Only two rural areas and four urban areas are compared, too few to show any but large differences."
    )


def test_numbers_of_one_group_have_the_interval_of_their_share(base):
    """Ten of 20 clients: 30 to 70% where each was heard alone (Wilson), as in any table of it; 28 to 72% if 20 tell as much as 20 / 1.3."""
    people = [(f"p{n}", NAMES[n % 6], "Clients", f"p{n}") for n in range(20)]
    study = heard(base, people, [(f"p{n}", "travel") for n in range(10)])
    (made,) = table(ncs.client_views(study))
    cells = made.cells().set_index("Theme")["Raised it"]
    assert cells.to_dict() == {"Travel": "10 (50%, 30 to 70%)", "Cost": "0 (0%)"}
    assert made.rows["n"].tolist() == [10, 0]
    assert "(Wilson). The interval of 0 is 0 to 16%;" in made.note
    (made,) = table(ncs.client_views(heard(base, people[:19], [("p0", "travel")])))
    assert made.cells()["Raised it"].tolist() == ["1", "0"]  # too few for a percentage, and for an interval


def test_numbers_that_are_withheld_have_no_interval():
    (made,) = table(ncs.client_views(load_study(PROJECT / "data" / "illustrative")))
    cells = made.cells().set_index("Theme")
    assert cells.loc["Relationships"].tolist()[:3] == ["20 (100%, 80 to 100%)", "most", "10 (50%, 28 to 72%)"]
    assert cells.loc["Continuity of worker", "Raised it"] == "most"
    assert made.rows["n_interval"].ne("").eq(made.rows["share"].notna()).all()
    assert "variance 1.3 times as large" in made.note


def test_views_of_single_areas_are_listed_where_one_of_their_numbers_is_printed(study):
    rows = [
        ("women", "everybody", 9, 60),
        ("women", "r1", 9, 10),
        ("men", "everybody", 5, 60),
        ("men", "u1", None, 10),
    ]
    rows = pd.DataFrame(rows, columns=["client_group", "group", "n", "base"]).astype({"n": "Int64"})
    rows = rows.assign(level="Seen as better served", words=rows["n"].isna().map({True: "some", False: ""}))
    (made,) = table(framed(rows, "client groups served in areas", study))
    assert made.cells().to_dict("records") == [
        {"View": "Seen as better served: women", "Everybody (of 60)": "9", "r1 (of 10)": "9"}
    ]
    assert not table(framed(rows.iloc[2:], "client groups served in areas", study))


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (
            {"r1": 8, "r2": 10},
            False,
        ),  # more by far than in all other areas, and fewer than in the other rural one
        ({"r1": 8, "r2": 2}, True),
        ({"r1": 4, "r2": 6}, False),  # more than in all other areas, as chance may have it
        ({"r1": 4, "r2": 2}, True),
        ({"r1": 1, "r2": 3, "u1": 9}, False),  # fewer than in both, by one person
    ],
)
def test_an_area_is_not_set_apart_by_what_is_so_in_its_kind_or_by_one_person(base, raised, said):
    people = [(f"{area}_{n}", area, "Staff", f"{area}_{n}") for area in NAMES for n in range(10)]
    told = [(f"{area}_{n}", "travel") for area, own in raised.items() for n in range(own)]
    part = AreaExtracts(heard(base, people, told))["r1"]
    sentences = [each.sentence for each in say(ncs.local_evidence(part))]
    assert any("in the other areas" in each for each in sentences) == said


def test_only_of_areas_are_views_of_service_asked_apart(study):
    with pytest.raises(ncs.StudyError, match="area_id"):
        ncs.served(study, by="stance")
