"""What is withheld cannot be worked out: by hand on a small study, by integer programming on all tables of a large one."""

import re
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import OptimizeResult
from scipy.sparse import csr_matrix

import attacker
import ncsresearch as ncs
from benchmarks.mask import as_one_problem
from builders import heard, study_folder
from conftest import PROJECT
from ncsresearch.analysis.group_differences import group_differences
from ncsresearch.analysis.sources import heard as heard_in
from ncsresearch.analysis.survey import answers_counted
from ncsresearch.disclosure import families, plan, suppression
from ncsresearch.disclosure.answers import publishable_answers
from ncsresearch.disclosure.counts import counts
from ncsresearch.disclosure.differences import publishable_differences
from ncsresearch.disclosure.loss import losses
from ncsresearch.disclosure.mask import (
    printed_groups,
    publishable_counts,
    withheld_counts,
)
from ncsresearch.disclosure.reader import Rule
from ncsresearch.disclosure.suppression import Cells, least_withheld
from ncsresearch.present.grammar import say
from ncsresearch.present.outputs import INSTEAD, MARKS
from ncsresearch.present.people_behind import Behind
from ncsresearch.present.people_heard import table_heard
from ncsresearch.study import load_study
from ncsresearch.study.codebook import leaf_themes
from ncsresearch.study.releases import PRINTED
from ncsresearch.study.remembered import remembered

BOOK = "code_id,parent_id,label,facet\ntravel,,Travel,theme\ncost,,Cost,theme\n"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return load_study(study_folder(tmp_path_factory.mktemp("small") / "small", codebook=BOOK, codings=None))


def crowd(base, cost: int = 0, **raised: int):
    """A confidential study of 20 people of a group in each area; raised says how many of them, by area, raised travel.

    cost   how many of each area raised cost
    """
    people = [(f"{area}{n}", area, "Staff", f"{area}{n}") for area in ("north", "south") for n in range(20)]
    said = [(f"{area}{n}", "travel") for area, count in raised.items() for n in range(count)]
    said += [(f"{area}{n}", "cost") for area in ("north", "south") for n in range(cost)]
    study = heard(base, people, said)
    return replace(study, settings=replace(study.settings, access="confidential"))


def hidden(study) -> set[tuple]:
    rows = withheld_counts(study)
    rows = rows[rows["hidden"] & rows["stance"].eq("")]
    return set(zip(rows["by"], rows["group"], strict=True))


def test_a_small_count_hides_what_would_give_it_back(base):
    study = crowd(base, north=9, south=3)
    assert hidden(study) == {
        ("area_id", "North"),
        ("area_id", "South"),
        ("area_type", "rural"),
        ("area_type", "urban"),
    }
    assert Behind(study, "travel", by="area_id", group="North").n == "about half"
    assert Behind(study, "travel").n == 12


FOUR = "area_id,name,area_type,case_study,report\n" + "".join(
    f"{area},{area.title()},mainly_rural,yes,yes\n" for area in ("east", "north", "south", "west")
)


@pytest.fixture(scope="module")
def four_areas(tmp_path_factory):
    """A confidential study of four rural areas; it takes the people of each, and how many of them raised travel."""
    base = load_study(
        study_folder(tmp_path_factory.mktemp("four") / "four", codebook=BOOK, areas=FOUR, codings=None)
    )

    def made(**areas: tuple[int, int]):
        people = [
            (f"{area}{n}", area, "Staff", f"{area}{n}") for area in areas for n in range(areas[area][0])
        ]
        said = [(f"{area}{n}", "travel") for area in areas for n in range(areas[area][1])]
        study = heard(base, people, said)
        return replace(study, settings=replace(study.settings, access="confidential"))

    return made


def test_one_person_more_elsewhere_does_not_move_what_a_release_has_withheld(four_areas):
    """East's three are hidden beside the smallest share: north's 18 of 40, or, with one more there, south's 10 of 22."""
    before = four_areas(east=(30, 3), north=(40, 18), south=(22, 10), west=(30, 25))
    after = four_areas(east=(30, 3), north=(41, 19), south=(22, 10), west=(30, 25))
    east, north, south = (("area_id", name) for name in ("East", "North", "South"))
    assert (hidden(before), hidden(after)) == ({east, north}, {east, south})
    rows = withheld_counts(before)
    printed = rows[~rows["hidden"]].assign(told=rows["n"].astype("str"))[[*PRINTED, "told"]]
    assert hidden(replace(after, printed=printed)) == {east, north}
    assert withheld_counts(replace(before, printed=printed)).equals(rows)


def test_what_a_family_loses_is_weighed_by_what_its_numbers_are_of_and_not_by_their_size(base):
    """Kinds weigh 8 and areas 1, twice as much where they say who raised a theme at all: 2 x (8 + 8 + 1 + 1) = 36."""

    def grouping(by: str, cells: int, withheld: int = 0) -> dict:
        return {"by": by, "form": "numbers", "cells": cells, "withheld_cells": withheld, "words": withheld}

    heard_, raised = losses(crowd(base, north=9, south=3, cost=10))
    assert heard_ | {"by": []} == {"counts": "heard", "loss": 0.0, "bound": None, "by": []}
    assert raised == {
        "counts": "raised",
        "loss": 36.0,
        "bound": None,
        "by": [
            grouping("everybody", 2),
            grouping("area_type", 4, 2),
            grouping("area_id", 4, 2),
            grouping("participant_group", 2),
        ],
    }
    assert losses(crowd(base, north=10, south=4, cost=9)) == [heard_, raised]


def test_the_mask_of_the_illustrative_study_is_within_a_tenth_of_the_least_loss(illustrative):
    found = {each["counts"]: each for each in losses(illustrative)}
    assert list(found) == [
        "heard",
        "raised",
        "challenge",
        "mixed",
        "strength",
        "suggestion",
        "neutral",
        "served",
        "survey",
    ]
    for name, each in found.items():
        if name not in (
            "heard",
            "mixed",
            "survey",
        ):  # mixed is printed of client groups alone, which are in no sum
            least = (
                0.6 if name == "challenge" else 0.9
            )  # a bound of one family leaves out what it says of another
            assert least * each["loss"] <= each["bound"] < each["loss"]
    assert [each["withheld_cells"] for each in found["raised"]["by"]][:2] == [0, 2]


def test_all_counts_of_a_theme_together_are_within_a_tenth_of_the_optimum(illustrative):
    """Of every fifth theme, with everything that its counts say of one another."""
    rule, groups = Rule(5, 10), plan.groups_of(illustrative).for_themes(10)
    rows = withheld_counts(illustrative).query("by != 'client_group'").assign(before="")
    for code_id in leaf_themes(illustrative.codebook)[::5]:
        own = rows[rows["code_id"].eq(code_id)]
        own = own[own["form"].ne("").groupby(own["stance"]).transform("any")]
        every = as_one_problem(own, groups, rule, np.zeros(len(groups.by), dtype=bool))[1]
        _, bound = least_withheld(every.cells, every.first, every.small, every.cost, rule.width)
        withheld = own["hidden"] & (own["form"].eq("number") | own["words"].eq(""))
        assert 0.9 * (every.cost @ withheld) <= bound > 0


@pytest.mark.parametrize(("others", "printed"), [(1, False), (2, True)])
def test_that_one_person_alone_described_a_theme_otherwise_is_not_known(base, others, printed):
    """Of 20 people in each area 14 raised travel, in the north all but one as a challenge; of two that may be known."""
    study = crowd(base, north=14, south=14)
    said = study.codings.assign(stance="challenge")
    otherwise = [f"north{n}" for n in range(others)] + [f"south{n}" for n in range(6)]
    spoken = study.segments.set_index("segment_id")["participant_id"].reindex(said["unit_id"]).to_numpy()
    said["stance"] = said["stance"].mask(np.isin(spoken, otherwise), "neutral")
    rows = withheld_counts(replace(study, tables=dict(study.tables) | {"codings": said}))
    known = rows[~rows["hidden"] & rows["code_id"].eq("travel")].set_index(["stance", "by", "group"])["n"]
    north = known.reindex([("", "area_id", "North"), ("challenge", "area_id", "North")])
    assert north.notna().all() == printed
    assert north.dropna().isin([14, 14 - others]).all()
    assert (
        attacker.widths(rows[rows["code_id"].eq("travel")], {"North": "rural", "South": "urban"}, 5)[
            "width"
        ].min()
        >= 3
    )


def test_no_count_below_the_threshold_hides_nothing_and_zero_is_told(base):
    assert hidden(crowd(base, north=9, south=8)) == set()
    assert hidden(crowd(base, north=9)) == set()
    public = replace(crowd(base, north=9, south=3), settings=base.settings)
    assert not withheld_counts(public)["hidden"].any()


def test_a_total_that_leaves_one_way_only_is_withheld_itself(base):
    assert ("", "everybody") in hidden(crowd(base, north=1, south=1))


def test_zeros_are_told_beside_what_very_few_raised_for_they_tell_of_nobody(base):
    assert hidden(crowd(base, north=3)) == {
        ("", "everybody"),
        ("area_id", "North"),
        ("area_type", "rural"),
        ("participant_group", "Staff"),
    }


def test_a_group_of_fewer_than_ten_is_not_told_of_at_all(base):
    people = [(f"p{n}", "north", "Clients" if n < 9 else "Staff", f"i{n}") for n in range(60)]
    study = heard(base, people, [(f"p{n}", "travel") for n in range(30)])
    study = replace(study, settings=replace(study.settings, access="confidential"))
    rows = publishable_counts(study, by="participant_group")
    told = rows[rows["group"].eq("Clients") & ~rows["withheld"]]
    assert told.empty


def test_c2_a_group_too_small_to_be_named_has_no_base(base):
    people = [(f"p{n}", "north", "Clients" if n < 3 else "Staff", f"i{n}") for n in range(60)]
    study = heard(base, people, [(f"p{n}", "travel") for n in range(30)])
    study = replace(study, settings=replace(study.settings, access="confidential"))
    rows = publishable_counts(study, by="participant_group")
    assert rows["base"].isna().all() and rows["n"].isna().all()  # 60 were heard, and 57 would give 3 away
    assert publishable_counts(study)["base"].tolist() == [60, 60]


def test_people_whose_area_is_not_known_are_what_the_areas_leave(base):
    people = [
        (f"p{n}", "north" if n < 30 else "south" if n < 57 else None, "Staff", f"i{n}") for n in range(60)
    ]
    study = heard(base, people, [(f"p{n}", "travel") for n in (*range(12), *range(30, 45), 57, 58)])
    study = replace(study, settings=replace(study.settings, access="confidential"))
    rows = publishable_counts(study, by="area_id")
    travel = rows[rows["code_id"].eq("travel")]
    told = dict(zip(travel["group"], travel["n"], strict=True))
    assert publishable_counts(study)["n"].tolist()[0] == 29
    assert pd.isna(list(told.values())).any()  # 29 less 12 less 15 would tell of the two


def test_withheld_differences_come_last_whatever_their_size(base):
    people = [(f"p{n}", "north", "Clients" if n < 20 else "Staff", f"i{n}") for n in range(60)]
    said = [(f"p{n}", "travel") for n in range(20)] + [(f"p{n}", "cost") for n in range(10, 29)]
    study = heard(base, people, said)
    study = replace(study, settings=replace(study.settings, access="confidential"))
    rows = group_differences(study, by="participant_group")
    assert rows["code_id"].tolist() == ["travel", "cost"]
    rows = rows.assign(n_raised_others=[2, 9])
    told = publishable_differences(study, rows, by="participant_group")
    assert told["code_id"].tolist() == ["cost", "travel"]
    assert told["difference"].isna().tolist() == [False, True]


def test_withheld_rows_lose_the_shares_that_would_give_them_back(base):
    study = crowd(base, north=9, south=3)
    rows = publishable_counts(study, by="area_id")
    rows = rows[rows["code_id"].eq("travel")]
    assert rows["withheld"].tolist() == [True, True]
    assert rows[["n", "share", "low", "high"]].isna().all(axis=None)
    assert rows["base"].tolist() == [20, 20]


@pytest.fixture(scope="module")
def illustrative():
    return load_study(PROJECT / "data" / "illustrative")


@pytest.fixture(scope="module")
def kinds(illustrative):
    areas = illustrative.areas.set_index("name")["area_type"].astype("str")
    return {
        name: "rural" if kind in ("mainly_rural", "islands_remote") else "urban"
        for name, kind in areas.items()
    }


def test_integer_programming_tells_no_small_count_of_the_illustrative_study(illustrative, kinds):
    rows = withheld_counts(illustrative)
    codes = rows[rows["table"].ne("heard")].groupby("code_id", sort=False)
    found = pd.concat([attacker.widths(own, kinds, threshold=5) for _, own in codes])
    assert len(found) > 1000
    assert found[found["width"].lt(3)].empty


@pytest.mark.parametrize(
    ("by", "most"), [("", 1), ("area_type", 4), ("area_id", 54), ("participant_group", 50)]
)
def test_m2_few_numbers_of_who_raised_a_theme_are_withheld(illustrative, by, most):
    rows = withheld_counts(illustrative).query("table == 'raised' and by == @by and form == 'number'")
    assert len(rows) == {"": 27, "area_type": 54, "area_id": 162, "participant_group": 135}[by]
    assert rows["hidden"].sum() <= most
    assert rows.groupby("group")["hidden"].sum().max() <= (9 if by == "area_id" else most)
    assert rows.loc[rows["hidden"], "words"].isin(["some", "about half", "most"]).all()


def test_a_number_that_is_withheld_has_a_word_and_words_stand_where_numbers_would_be_rare(illustrative):
    rows = withheld_counts(illustrative)
    numbers = rows[rows["form"].eq("number")]
    assert numbers.groupby(["table", "by", "stance"])["hidden"].mean().max() <= 2 / 3
    told = rows[rows["form"].ne("")]
    assert (told["hidden"] & told["words"].eq("")).groupby([told["table"], told["by"]]).mean().max() <= 1 / 3


@pytest.mark.parametrize(
    ("chosen", "of", "n"),
    [
        ({"area_type": "rural"}, {"by": "area_type", "group": "rural"}, 47),
        ({"heard_from": "Clients"}, {"by": "participant_group", "group": "Clients"}, 20),
        ({"area_id": "area_a"}, {"by": "area_id", "group": "Area A"}, 25),
        ({"client_group": "women"}, {"by": "client_group", "group": "women"}, 141),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else str(value),
)
def test_a_selection_prints_the_cells_of_the_whole_and_no_others(illustrative, chosen, of, n):
    part = illustrative.where(**chosen)
    told, whole = publishable_counts(part), publishable_counts(illustrative, **of)
    assert told["base"].unique().tolist() == whole["base"].unique().tolist() == [n]
    assert told[["code_id", "n", "words"]].equals(whole[["code_id", "n", "words"]])
    others = {"area_type", "area_id", "participant_group"} - {
        of["by"],
        "area_id" if of["by"] == "area_type" else "",
    }
    assert all(publishable_counts(part, by=by).empty for by in others)


def test_a_selection_of_rural_areas_tells_of_its_areas(illustrative):
    told = publishable_counts(illustrative.where(area_type="rural"), by="area_id")
    assert list(told["group"].unique()) == ["Area A", "Area F"] or len(told["group"].unique()) == 2


def test_a_selection_of_a_theme_tells_of_the_themes_below_it(illustrative):
    book = illustrative.codebook
    above = book.loc[book["facet"].eq("theme"), "parent_id"].dropna().iloc[0]
    told = publishable_counts(illustrative.where(theme=above))
    assert set(told["code_id"]) <= {above, *book.loc[book["parent_id"].eq(above), "code_id"]}
    whole = publishable_counts(illustrative).set_index("code_id")["n"]
    assert told.set_index("code_id")["n"].equals(whole.reindex(told["code_id"]))


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (
            {"area_type": "rural", "heard_from": "Clients"},
            "illustrative: kind of area 'rural' and those who speak 'Clients' were asked for together. A confidential study "
            "is told by one of area, kind of area, those who speak, client group at a time: counts by two of them are not "
            "protected.",
        ),
        (
            {"area_type": "larger_city"},
            "There is no kind of area 'larger_city' in the study illustrative; known: rural, urban.",
        ),
        (
            {"heard_from": "women"},
            "illustrative: 'women' is a client group of those who speak, and counts of so few are not protected. A "
            "confidential study is told by participant group: Clients, Paraprofessionals, Partners, Senior managers / team "
            "leaders, Social workers.",
        ),
    ],
    ids=["two", "class", "client group that speaks"],
)
def test_a_combination_that_is_not_protected_is_refused_by_name(illustrative, chosen, expected):
    with pytest.raises(ncs.StudyError) as refused:
        illustrative.where(**chosen)
    assert str(refused.value) == expected


def test_c1_people_of_one_group_in_one_area_are_told_nowhere(illustrative):
    """Four paraprofessionals of Area B were known by the totals, and by what the reports on the other areas said."""
    groups = set(illustrative.participants["participant_group"])
    assert not groups & set(table_heard(heard_in(illustrative)).rows)
    for area_id in illustrative.areas.loc[illustrative.areas["report"].eq("yes"), "area_id"]:
        study, _ = ncs.load_area(illustrative.folder, area_id)
        study = replace(study, findings={})  # what the authors have written is not said again by rule
        said = [finding.sentence for finding in ncs.say(ncs.local_evidence(study))]
        assert "people took part" in said[0]
        assert ncs.say(ncs.area_profile(study)) == ncs.table(ncs.area_profile(study)) == []
        told = " ".join(said)
        assert not [group for group in groups if re.search(rf"\b{group}\b", told, re.IGNORECASE)]


def possible_answers(told: pd.DataFrame, whole: pd.Series) -> dict[str, set[int]]:
    """Every value that each count of a question can have for a reader of the two survey tables."""
    found = {"rural": set(), "urban": set(), "everybody": set(), "neutral": set(), "other": set()}
    ends = [
        range(base + 1) if pd.isna(n) else [n]
        for n, base in zip(told["n_positive"], told["base"], strict=True)
    ]
    for positive in product(*ends):
        n = sum(positive)
        if pd.isna(whole["n_positive"]) or n == whole["n_positive"]:
            left = whole["base"] - n
            neutral = range(left + 1) if pd.isna(whole["n_neutral"]) else [whole["n_neutral"]]
            for middle in (middle for middle in neutral if middle <= left):
                values = (*positive, n, middle, left - middle)
                for name, value in zip(found, values, strict=True):
                    found[name].add(int(value))
    return found


@pytest.mark.parametrize("document_id", ["client_survey", "staff_survey"])
def test_no_small_count_of_answers_can_be_worked_out_from_both_survey_tables(illustrative, document_id):
    whole = publishable_answers(illustrative).query("document_id == @document_id").set_index("item_id")
    kinds, truth = (
        publishable_answers(illustrative, by="area_type"),
        answers_counted(illustrative).set_index("item_id"),
    )
    for item, row in whole.iterrows():
        told = kinds[kinds["item_id"].eq(item)].sort_values("group")
        assert list(told["group"]) == ["rural", "urban"]
        assert told["base"].sum() == row["base"]
        for name, values in possible_answers(told, row).items():
            pinned = len(values) == 1 and 0 < min(values) < 5
            assert not pinned, f"{item}: {name}"
        rest = truth["base"] - truth["n_positive"] - truth["n_neutral"].fillna(0)
        assert not (pd.notna(row["n_neutral"]) and pd.notna(row["n_positive"]) and 0 < rest[item] < 5)


def test_the_most_is_said_where_no_withheld_number_can_change_it(base):
    public, confidential = (
        replace(crowd(base, north=9, south=8), settings=replace(base.settings, access=access))
        for access in ("public", "confidential")
    )
    first, second = (say(counts(study, by="stance"))[0].sentence for study in (public, confidential))
    assert (
        first
        == second
        == ("People raised travel (17 of 40). No single theme was raised by more than half of them.")
    )


def test_a_report_by_rule_begins_with_the_largest_number_that_is_printed_of_its_area(illustrative):
    """But for a theme that sets the area apart, which has a sentence of its own."""
    for area_id in illustrative.areas.loc[illustrative.areas["report"].eq("yes"), "area_id"]:
        study, _ = ncs.load_area(illustrative.folder, area_id)
        said = {each.name: each.sentence for each in ncs.say(ncs.local_evidence(replace(study, findings={})))}
        known = ncs.counts(study).set_index("theme")["n"].dropna()
        apart = [
            theme for theme in known.index if said.get("area_apart", "").startswith(f"{theme} was raised")
        ]
        assert int(said["area_raised"].split()[0]) == known.drop(apart).max()


def test_the_words_under_a_table_say_what_the_plan_means_by_them():
    said = [MARKS[name] for _, name in plan.WORDS]
    assert said == [
        "a number that is withheld, under 40% of its base; it may be one person, unless a number beside it shows more",
        "a number that is withheld, 40% to under 60% of its base",
        "a number that is withheld, 60% of its base or more",
    ]
    assert [share for share, _ in plan.WORDS] == [0.4, 0.6, 1.0]
    assert set(INSTEAD) == {name for _, name in plan.WORDS}


def test_a_mask_is_worked_out_once_and_remembered_without_a_count(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    rows, worked_out = pd.DataFrame({"n": [731, 9]}, index=[4, 2]), []

    def work_out():
        worked_out.append(1)
        return pd.DataFrame({"hidden": [True, False], "words": ["some", ""]}, index=[2, 4])

    first, again = (remembered(rows, "a rule", [plan.__name__], work_out) for _ in range(2))
    assert len(worked_out) == 1
    pd.testing.assert_frame_equal(first, again, check_dtype=False)
    assert first["hidden"].to_dict() == {4: False, 2: True}
    (kept,) = tmp_path.rglob("mask-*.npz")
    with np.load(kept) as file:
        assert set(file) == {"hidden", "words"}
    remembered(rows, "another rule", [plan.__name__], work_out)
    assert len(worked_out) == 2


def test_where_nothing_can_be_remembered_a_mask_is_worked_out_each_time(tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "taken"))
    mask = pd.DataFrame({"hidden": [True]})
    assert remembered(pd.DataFrame({"n": [3]}), "", [plan.__name__], lambda: mask).equals(mask)


def test_a_table_that_no_withholding_protects_is_not_printed():
    """A total that is told with one count beside it gives the other back, whatever is withheld."""
    n = np.array([30.0, 28.0, 2.0])
    told = Cells(n, n, n, n, n, csr_matrix([[-1.0, 1.0, 1.0]]), np.zeros(1))
    small = csr_matrix([[0.0, 0.0, 1.0]])
    assert least_withheld(told, np.zeros(3, dtype=bool), small, np.ones(3), width=3)[0] is None


def test_true_counts_that_the_solver_calls_impossible_are_solved_again(monkeypatch):
    """30 is printed, 28 and 2 are not: for a reader the 2 may be any number up to 30, so that its ends are at least 3 apart."""
    n, most = np.array([30.0, 28.0, 2.0]), np.full(3, 30.0)
    cells = Cells(n, n, n, np.zeros(3), most, csr_matrix([[-1.0, 1.0, 1.0]]), np.zeros(1))
    asked, solved = [], suppression.milp

    def wrong_at_first(*problem, **more):
        asked.append(more.get("options"))
        return solved(*problem, **more) if asked[-1] else OptimizeResult(x=None)

    monkeypatch.setattr(suppression, "milp", wrong_at_first)
    few = csr_matrix([[0.0, 0.0, 1.0]])
    assert suppression.widths(cells, np.array([False, True, True]), few, width=3).tolist() == [30]
    assert asked == [None, {"presolve": False}]


def test_what_people_say_of_each_client_group_is_counted_and_listed(illustrative):
    counted = ncs.counts(illustrative, by="client_group")
    truth = ncs.counts(illustrative, by="client_group", private=True).set_index(["group", "code_id"])["n"]
    true = truth.reindex(pd.MultiIndex.from_frame(counted[["group", "code_id"]])).to_numpy()
    assert len(counted) == len(truth) and counted["base"].unique().tolist() == [141]
    assert (counted["n"] == true).eq(~counted["withheld"]).fillna(counted["withheld"]).all()
    (table,) = ncs.table(counted)
    listed = dict(zip(table.rows["group"], table.rows["themes"], strict=True))
    leaves = counted.assign(true=true)
    leaves = leaves[leaves["code_id"].isin(leaf_themes(illustrative.codebook))]
    for row in leaves.itertuples():
        named = row.theme in re.findall(r"(?:^|, )(.+?) \(", listed.get(row.group, ""))
        assert named == (row.true > 0 and not row.withheld)
        assert not named or f"{row.theme} ({row.n})" in listed[row.group]


@pytest.mark.parametrize("verb", ["say", "plot", "table"])
def test_private_counts_are_for_the_researcher_and_cannot_be_shown(illustrative, verb):
    private = ncs.counts(illustrative, by="area_type", private=True)
    assert not private["n"].isna().any()
    assert ncs.counts(illustrative, by="area_type")["n"].isna().any()
    with pytest.raises(ncs.StudyError) as raised:
        getattr(ncs, verb)(private)
    assert str(raised.value) == (
        "illustrative: private counts of a confidential study are not put into words, drawn or shown as a table; "
        "ask for counts without private=True."
    )


def test_which_groups_are_printed_is_known_without_what_they_raised(base, illustrative):
    for study in (illustrative, crowd(base, north=9, south=3), crowd(base, north=20)):
        told = withheld_counts(study).query("table == 'heard' and not hidden")[["by", "group"]]
        assert printed_groups(study).to_numpy().tolist() == told.to_numpy().tolist()
    few = heard(base, [(f"n{n}", "north", "Staff" if n < 11 else "Clients", "i1") for n in range(12)], [])
    few = replace(few, settings=replace(few.settings, access="confidential"))
    assert printed_groups(few)["group"].tolist() == ["everybody", "rural", "North"]


def told_apart(rows: pd.DataFrame) -> list[int]:
    """How far apart the least and the most of each theme are, over all numbers of twelve people that fit what is printed.

    Whoever raised one of the two narrower themes raised the wider one, and whoever raised that, one of them, where that can be.
    """
    small = {"some": range(1, 5), "about half": range(5, 8), "most": range(8, 12)}

    def fits(row) -> range:
        if row.worded:
            return small[plan.word(row.n, row.base)]
        about_few = row.by == "client_group" and row.n < 5
        return range(1, 5 if about_few else 12) if row.hidden else range(row.n, row.n + 1)

    tables = product(*map(fits, rows.itertuples()))
    times = 1 if rows["n"].iloc[0] <= rows["n"].iloc[1:].sum() else 12
    fitting = [(wide, *parts) for wide, *parts in tables if max(parts) <= wide <= times * sum(parts)]
    return [max(each) - min(each) for each in zip(*fitting, strict=True)]


@pytest.mark.parametrize(
    ("by", "printed", "n", "lost"),
    [
        ("area_id", "word", (8, 4, 4), 1),  # most, of some and some: at least 8 of two times 4 at most
        ("area_id", "word", (8, 5, 3), 0),  # most, of about half (5 to 7) and some: the latter are 1 at least
        ("area_id", "word", (6, 3, 3), 0),  # about half, of some and some: 5 at least of 8, so 1 of each
        ("area_id", "word", (4, 2, 2), 0),
        ("area_id", "word", (9, 4, 4), 0),  # one at least is in the wider theme alone: the sum tells nothing
        ("area_id", "number", (7, 6, 2), 0),  # 7, 6 and no number: 1 to 7
        ("client_group", "number", (7, 6, 2), 0),  # 7, 6 and a few: 1 to 4
        ("client_group", "number", (7, 5, 4), 1),  # 7, 5 and a few: 2 to 4 of them
    ],
)
@pytest.mark.parametrize("most_cells", [families.VERY_LARGE, 0])  # all groups at once, or one by one
def test_what_is_printed_of_a_wider_theme_tells_no_small_count_of_a_narrower_one(
    by, printed, n, lost, most_cells, monkeypatch
):
    """Of twelve people most are 8 or more, about half 5 to 7, and some 1 to 4."""
    monkeypatch.setattr(families, "VERY_LARGE", most_cells)
    rows = pd.DataFrame({"code_id": ["wide", "one", "two"], "stance": "", "n": n, "base": 12, "by": by})
    few = rows["n"].lt(5) & (printed == "number")
    rows = rows.assign(
        table="raised", group="G", form=printed, bound=1.0, hidden=few, worded=printed == "word"
    )
    above, no_sum = {"one": "wide", "two": "wide"}, csr_matrix((0, 1))
    groups = plan.Groups(np.array([by]), np.array(["G"]), np.array([12]), no_sum, above)
    found = families.within_families(rows, groups, Rule(5, 10))
    changed = found[["hidden", "worded"]].astype(bool).ne(rows[["hidden", "worded"]]).any(axis=1)
    assert changed.sum() == lost
    known, before = (np.array(told_apart(each))[rows["n"].lt(5)] for each in (found, rows))
    assert known.min() >= 3 and (before.min() < 3) == bool(lost)


def test_in_very_large_tables_too_a_lone_voice_is_not_given_back_by_the_other_groups(monkeypatch):
    """One of the 7 in towns who raised it did not call it a strength: 12 of everybody less 6 in the country would say so."""
    monkeypatch.setattr(suppression, "LARGE", 0)
    n = np.array([12, 6, 6, 15, 8, 7.0])  # a strength: everybody, country, towns; raised: the same
    parts = [[-1, 1, 1, 0, 0, 0], [0, 0, 0, -1, 1, 1]]
    raised = [[-1, 0, 0, 1, 0, 0], [0, -1, 0, 0, 1, 0], [0, 0, -1, 0, 0, 1]]
    cells = Cells(n, n, n, 0 * n + 1, 0 * n + 19, csr_matrix(parts + raised), np.array([0, 0, *3 * [np.inf]]))
    alone = csr_matrix([[0, 0, -3, 0, 0, 3.0]])
    hidden, _ = least_withheld(cells, np.zeros(6, dtype=bool), alone, np.ones(6), 3)
    assert hidden[2] and hidden[[0, 1]].any()
    assert not suppression.known_too_closely(cells, hidden, alone, 3).any()
