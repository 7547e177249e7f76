"""What a mark, a quotation, an order or a row would tell by the rule that put it there: each was read so by an attacker."""

import pandas as pd
import pytest

import ncsresearch as ncs
from conftest import PROJECT
from ncsresearch.analysis.sources import client_groups_heard
from ncsresearch.disclosure.differences import stated_differences
from ncsresearch.disclosure.mask import publishable_counts, withheld_counts
from ncsresearch.disclosure.plan import ABOUT, ends_of_word
from ncsresearch.evidence.groups import n_in_groups
from ncsresearch.exchange.synthetic import synthetic_study
from ncsresearch.present import trust
from ncsresearch.present.people_heard import table_groups_heard
from ncsresearch.present.printable import known_to_have_told, printable_passages
from ncsresearch.study import load_study
from ncsresearch.study.frames import framed


@pytest.fixture(scope="module")
def illustrative():
    return load_study(PROJECT / "data" / "illustrative")


@pytest.fixture(scope="module")
def twelve(tmp_path_factory):
    """A confidential study of twelve areas."""
    folder = tmp_path_factory.mktemp("twelve") / "twelve"
    synthetic_study(folder, areas=12, participants=240, segments=3000)
    return load_study(folder)


def test_of_client_groups_that_are_spoken_of_no_mark_is_nobody(illustrative):
    """Beside "some" for few people, [c] for nobody told that the few are one."""
    rows = withheld_counts(illustrative)
    hidden = rows[rows["by"].eq(ABOUT) & rows["hidden"]]
    assert len(hidden) and hidden["n"].gt(0).all()


def test_whether_a_difference_keeps_its_direction_is_said_of_areas_whose_numbers_leave_no_doubt(twelve):
    """Areas 10 and 12 had to have four people each, since without either the direction was kept."""
    rows = stated_differences(twelve)
    kinds = rows["group"].isin(["rural", "urban"])
    assert set(rows["left_out"]) == {"area"} and rows.loc[~kinds, "n_turned"].isna().all()
    sharing = rows[kinds & rows["theme"].eq("Information sharing")]
    assert len(sharing) == 1 and sharing["n_turned"].isna().all()
    travel = rows[kinds & rows["theme"].eq("Travel and distance")]
    assert travel["n_turned"].tolist() == [0]  # 12 areas, and none could turn it whatever its withheld number


def test_a_word_in_place_of_a_number_leaves_three_more_that_it_may_be(twelve):
    """ "About half" of 18 people is 8 to 10: printed of the wider theme, it told how many raised the narrower one."""
    rows = withheld_counts(twelve)
    rows = rows[rows["form"].eq("number") & rows["hidden"] & ~rows["words"].isin(["", "none"])]
    low, high = ends_of_word(rows["n"].to_numpy(dtype=float), rows["base"].to_numpy(dtype=float))
    assert len(rows) > 50 and (high - low).min() == 3


def test_somebody_of_a_group_is_quoted_where_the_group_is_known_to_be_enough(illustrative):
    for group in n_in_groups(illustrative, by="participant_group"):
        part = illustrative.where(heard_from=group)
        rows = printable_passages(part, illustrative, heard_from=group)
        known = known_to_have_told(illustrative, heard_from=group)
        assert [
            known[each] for each in zip(rows["code_id"], rows["stance"], strict=True) if known[each] < 5
        ] == []


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        ({"men": 17, "women": 3}, {"men": None, "women": None}),  # 20 clients less 17 men
        ({"men": 12, "women": 8}, {"men": 12, "women": 8}),
        (
            {"young people": 15, "leaving prison": 14, "women": 4, "men": 2},
            {"young people": 15, "leaving prison": 14, "men": None, "women": None},
        ),
    ],
)
def test_client_groups_that_were_heard_are_no_subtraction_from_all_clients(illustrative, n, shown):
    heard = client_groups_heard(illustrative)
    own = pd.DataFrame({"group": list(n), "n_people": list(n.values())})
    made = table_groups_heard(framed(own, heard.attrs["kind"], illustrative)).rows
    told = [None if pd.isna(count) else int(count) for count in made["n_people"]]
    assert dict(zip(made["group"], told, strict=True)) == shown and list(made["group"]) == list(shown)


def test_groups_of_clients_are_not_compared(illustrative):
    """What people of one client group raised is in no plan: all seven of seven was once printed."""
    assert ncs.compare(ncs.client_views(illustrative)).empty


def test_agreement_is_not_told_of_a_theme_whose_people_are_withheld(illustrative, monkeypatch):
    """No more people raised a theme than there are turns on it."""
    rows, told = ncs.agreement(illustrative), publishable_counts(illustrative)
    (before,) = ncs.table(rows)
    rare = before.rows["code_id"].iloc[0]
    told["n"] = told["n"].mask(told["code_id"].eq(rare))
    monkeypatch.setattr(trust, "publishable_counts", lambda _: told)
    (made,) = ncs.table(rows)
    assert set(before.rows["code_id"]) - set(made.rows["code_id"]) == {rare}
