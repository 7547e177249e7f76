"""Improvement actions: states, what is overdue, and whose they are."""

import pandas as pd
import pytest

from ncsresearch.analysis.actions import action_states, actions_by_indicator, actions_by_owner


def actions(*rows: tuple) -> pd.DataFrame:
    """Actions of a report of 1 November 2019, each with due, status and owner."""
    table = pd.DataFrame(rows, columns=["due", "status", "owner"], dtype="object")
    return table.assign(
        action_id=table.index.astype("str"), indicator_id="1", recurring="no", as_of="2019-11-01"
    )


@pytest.mark.parametrize(
    ("due", "status", "as_of", "expected"),
    [
        ("2019-10", "in progress", "2019-11-01", "yes"),
        ("2019-11", "in progress", "2019-11-01", "no"),
        ("2019-11", "in progress", "2019-12", "yes"),
        ("2019-10", "in progress", "2019-10-31", "no"),
        ("2019-10-15", "in progress", "2019-10-15", "no"),  # a day is over on the next
        ("2019-10-15", "in progress", "2019-10-16", "yes"),
        ("2019-10-15", "in progress", "2019-10", "no"),  # the month is not over
        ("2019-10", "complete", "2019-11-01", "no"),
        (None, "in progress", "2019-11-01", None),
        ("2019-10", "not separable", "2019-11-01", None),
        ("2019-12", "not separable", "2019-11-01", "no"),
        ("2019-10", None, "2019-11-01", None),
    ],
)
def test_overdue_at_the_date_of_the_state(due, status, as_of, expected):
    row = action_states(actions((due, status, "a")).assign(as_of=as_of)).iloc[0]
    assert (None if pd.isna(row["overdue"]) else row["overdue"]) == expected
    assert row["overdue_on"] == as_of


def test_what_recurs_is_not_overdue():
    rows = actions(("2019-10", "in progress", "a")).assign(recurring="yes")
    assert list(action_states(rows.assign(as_of="2021-01-01"))["overdue"]) == ["no"]


def test_the_date_reaches_owners_and_indicators():
    rows = actions(("2019-11", "in progress", "a; b"), ("2019-11", "complete", "a"))
    assert list(actions_by_owner(rows)["n_overdue"]) == [0, 0]
    rows = rows.assign(as_of="2020-01-01")
    owners = actions_by_owner(rows)
    assert owners.to_numpy().tolist() == [["a", 2, 1, 1, 0], ["b", 1, 0, 1, 0]]
    indicators = actions_by_indicator(rows)
    assert indicators.to_numpy().tolist() == [["1", "complete", 1, 0], ["1", "in progress", 1, 1]]


def test_an_action_without_owner_or_indicator_is_counted():
    rows = actions((None, "in progress", None)).assign(indicator_id=None)
    assert actions_by_owner(rows).to_numpy().tolist() == [["no owner named", 1, 0, 0, 1]]
    assert list(actions_by_indicator(rows)["n_actions"]) == [1]


def test_an_owner_named_twice_counts_once():
    assert list(actions_by_owner(actions(("2019-10", "complete", "a;a")))["n_complete"]) == [1]


def test_order_of_the_rows_changes_nothing():
    rows = actions(
        ("2019-10", "in progress", "a"), ("2019-12", "complete", "b"), (None, "in progress", "a;b")
    )
    there, back = (actions_by_owner(each).sort_values("owner") for each in (rows, rows.iloc[::-1]))
    assert there.to_numpy().tolist() == back.to_numpy().tolist()


def test_no_actions_are_no_rows():
    none = actions().astype("object")
    assert action_states(none).empty
    assert actions_by_owner(none).empty
    assert actions_by_indicator(none).empty
