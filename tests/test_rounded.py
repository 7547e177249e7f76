"""Numbers are rounded half up, in one place, wherever they are printed."""

import re

import pandas as pd
import pytest

from conftest import PROJECT
from ncsresearch.evidence.rounded import percent, rounded
from ncsresearch.present.outputs import printed
from ncsresearch.present.wording import filled

SOURCE = PROJECT / "src" / "ncsresearch"
OWN_WAY = re.compile(r":\.\d%|\.\df\}%|100 \* [^\"]*:[+,]?\.\df|\|round\b|'%\.\df")


@pytest.mark.parametrize(
    ("n", "base", "said"),
    [
        (30, 240, "13%"),
        (5, 200, "3%"),
        (66, 240, "28%"),
        (1, 8, "13%"),
        (29, 200, "15%"),
        (57, 200, "29%"),
        (0, 9, "0%"),
    ],
)
def test_a_share_is_rounded_half_up_as_by_hand(n, base, said):
    assert (
        percent(n / base)
        == printed(n / base, "Share, %")
        == filled("{share|percent}", share=n / base)
        == said
    )


@pytest.mark.parametrize(
    ("number", "decimals", "said"),
    [
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (0.125, 2, "0.13"),
        (2.675, 2, "2.68"),
        (-0.2, 0, "0"),
        (1234.5, 0, "1235"),
        (3, 1, "3.0"),
    ],
)
def test_halves_go_away_from_zero(number, decimals, said):
    assert str(rounded(number, decimals)) == said


def test_a_missing_share_is_empty():
    assert percent(pd.NA) == percent(float("nan")) == ""


def test_no_share_is_rounded_elsewhere():
    files = [
        path
        for layer in ("analysis", "disclosure", "present", "explorer", "report")
        for path in (SOURCE / layer).rglob("*")
    ]
    texts = {path: path.read_text("utf-8") for path in files if path.suffix in (".py", ".toml", ".j2")}
    assert {path.name: found for path, text in texts.items() if (found := OWN_WAY.findall(text))} == {}
