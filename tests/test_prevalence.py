"""Who raised which theme, which are raised together: counted by hand, and true however the rows are ordered."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multinomial

from builders import heard, study_folder
from golden import golden
from ncsresearch.evidence.counts import shares
from ncsresearch.evidence.interval import difference_interval, paired_interval, share_interval
from ncsresearch.study import load_study

BOOK = "code_id,parent_id,label,facet\naccess,,Access,theme\ntravel,access,Travel,theme\ncost,,Cost,theme\n"
PEOPLE = [
    ("p1", "north", "Staff", "i1"),
    ("p2", "north", "Staff", "i1"),
    ("p3", "north", "Clients", "i2"),
    ("p4", "south", "Clients", "i3"),
]
SAID = [("p1", "travel"), ("p1", "travel"), ("p1", "cost"), ("p3", "travel"), ("p3", "cost"), ("p4", "cost")]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return load_study(study_folder(tmp_path_factory.mktemp("small") / "small", codebook=BOOK))


@pytest.fixture
def study(base):
    return heard(base, PEOPLE, SAID)


def cells(rows: pd.DataFrame, code: str, *columns: str) -> list[tuple]:
    return [tuple(row) for row in rows.loc[rows["code_id"].eq(code), list(columns)].values.tolist()]


def test_people_by_two_attributes_with_the_silent_in_the_base(study):
    rows = shares(study, by="area_type", within="participant_group")
    assert cells(rows, "travel", "within", "group", "n", "base") == [
        ("Staff", "rural", 1, 2),
        ("Staff", "urban", 0, 0),
        ("Clients", "rural", 1, 1),
        ("Clients", "urban", 0, 1),
    ]
    nobody = rows[rows["base"].eq(0)]
    assert nobody[["share", "low", "high"]].isna().all(axis=None)
    assert cells(rows, "access", "n") == cells(rows, "travel", "n")


@pytest.mark.parametrize(
    ("key", "n", "of"),
    [
        ("newcombe_81_263", 81, 263),
        ("newcombe_15_148", 15, 148),
        ("newcombe_0_20", 0, 20),
        ("newcombe_1_29", 1, 29),
    ],
)
def test_intervals_of_newcombe_1998_table_1(key, n, of):
    assert [float(end) for end in share_interval(n, of)] == golden(key)


def test_the_difference_of_newcombe_1998_example_a():
    # Newcombe 1998, Stat Med 17:873-890, table II, method 10: 56/70 - 48/80
    assert difference_interval(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert np.isnan(difference_interval(0, 0, 1, 2)).all()


@pytest.mark.parametrize(
    ("n", "other", "base", "expected"),
    [
        (48, 38, 50, (0.0569, 0.3404)),  # Newcombe 1998, Stat Med 17:2635-2650: of 50 pairs 36, 12, 2 and 0
        (7, 0, 20, (0.1166, 0.5671)),  # by hand: a difference of 35 points may be one of more
    ],
)
def test_the_difference_of_two_shares_of_the_same_people(n, other, base, expected):
    assert paired_interval(n, other, base) == pytest.approx(expected, abs=5e-5)
    assert paired_interval(other, n, base) == pytest.approx([-end for end in expected[::-1]], abs=5e-5)
    assert np.isnan(paired_interval(0, 0, 0)).all()


@pytest.mark.parametrize(("share", "other"), [(0.35, 0.0), (0.36, 0.02), (0.4, 0.3), (0.6, 0.1), (0.1, 0.05)])
def test_the_interval_of_two_shares_of_the_same_people_covers_them(share, other):
    pairs = [(n, m) for n in range(21) for m in range(21 - n)]
    of = multinomial.pmf([(n, m, 20 - n - m) for n, m in pairs], 20, [share, other, 1 - share - other])
    ends = [paired_interval(n, m, 20) for n, m in pairs]
    covered = [low - 1e-9 <= share - other <= high + 1e-9 for low, high in ends]
    assert of[covered].sum() >= 0.94


AREAS = st.sampled_from(["north", "south"])
CROWD = st.lists(
    st.tuples(AREAS, st.sampled_from(["Staff", "Clients"]), st.integers(0, 4)), min_size=1, max_size=12
)
CODES = st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["access", "travel", "cost"])), max_size=30)


def crowd(base, members, codes):
    people = [(f"p{n}", area, group, f"{area}{i}") for n, (area, group, i) in enumerate(members)]
    said = [(f"p{n}", code) for n, code in codes if n < len(people)]
    return (
        people,
        said,
        shares(heard(base, people, said), by="area_type", within="participant_group"),
    )


@settings(max_examples=25)
@given(members=CROWD, codes=CODES, random=st.randoms())
def test_the_order_of_rows_changes_nothing_and_an_interval_holds_its_share(base, members, codes, random):
    people, said, rows = crowd(base, members, codes)
    random.shuffle(people)
    random.shuffle(said)
    again = shares(heard(base, people, said), by="area_type", within="participant_group")
    keys, numbers = ["within", "group", "code_id"], ["n", "base", "share", "low", "high"]
    one, two = (
        frame.astype({key: "str" for key in keys}).set_index(keys)[numbers].sort_index()
        for frame in (rows, again)
    )
    pd.testing.assert_frame_equal(one, two)
    known = rows.dropna(subset="share")
    assert (known["low"].le(known["share"]) & known["share"].le(known["high"])).all()


@settings(max_examples=25)
@given(members=CROWD, codes=CODES)
def test_somebody_who_is_not_coded_moves_the_base_alone(base, members, codes):
    people, said, rows = crowd(base, members, codes)
    quiet = ("quiet", people[0][1], people[0][2], "another")
    more = shares(heard(base, [*people, quiet], said), by="area_type", within="participant_group")
    assert more["n"].tolist() == rows["n"].tolist()
    assert (more["base"] - rows["base"]).sum() == rows["code_id"].nunique()


@settings(max_examples=25)
@given(members=CROWD, codes=CODES)
def test_two_codes_in_one_never_lower_a_count(base, members, codes):
    people, said, rows = crowd(base, members, codes)
    merged = [(name, "travel" if code == "cost" else code) for name, code in said]
    one = shares(heard(base, people, said)).set_index("code_id")["n"]
    both = shares(heard(base, people, merged)).set_index("code_id")["n"]
    assert both["travel"] >= max(one["travel"], one["cost"])
