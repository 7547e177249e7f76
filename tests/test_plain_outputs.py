"""A plain frame as the table that a run makes of it: headings that differ, words and numbers, and no row lost in silence."""

import json

import pandas as pd
import pytest

from ncsresearch.present.outputs import TABLE
from ncsresearch.present.plain_outputs import frame_shown

WORDS = pd.DataFrame({"when": pd.to_datetime(["2020-01-01", None]), "who": [["a"], None]})
NUMBERS = pd.DataFrame({"share": [0.12345, None], "sure": [True, False]})
TWICE = pd.DataFrame([[1, 2]], columns=["n", "n"])
NAMED = pd.Series([1, 2], index=["x", "y"], name="n").to_frame()
CHOSEN = pd.DataFrame({"n": [1, 2, 3]}).query("n > 1")
ACROSS = pd.DataFrame({"g": ["a"], "h": ["c"], "v": [1]}).pivot_table(index="g", columns="h", aggfunc=["sum"])


@pytest.mark.parametrize(
    ("frame", "cells", "numbers"),
    [
        (WORDS, {"when": ["2020-01-01 00:00:00", "–"], "who": ["['a']", "–"]}, [False, False]),
        (NUMBERS, {"share": ["0.123", "[x]"], "sure": ["yes", "no"]}, [True, True]),
        (TWICE, {"n": ["1"], "n (2)": ["2"]}, [True, True]),
        (NAMED, {"row": ["x", "y"], "n": ["1", "2"]}, [False, True]),
        (CHOSEN, {"n": ["2", "3"]}, [True]),
        (ACROSS, {"g": ["a"], "sum v c": ["1"]}, [False, True]),
        (pd.DataFrame(), {}, []),
    ],
    ids=["words", "numbers", "one heading twice", "an index", "row numbers", "headings in lines", "nothing"],
)
def test_what_stands_in_the_table_of_a_frame(frame, cells, numbers):
    shown = json.loads(json.dumps(frame_shown(frame, 1)))[TABLE]
    assert (shown["name"], shown["cells"], shown["numbers"]) == ("frame_1", cells, numbers)


def test_a_long_frame_says_how_much_of_it_is_shown():
    shown = frame_shown(pd.DataFrame({"n": range(5000)}), 2)[TABLE]
    assert (shown["name"], len(shown["cells"]["n"])) == ("frame_2", 1000)
    assert shown["below"] == "The first 1,000 of 5,000 rows."
