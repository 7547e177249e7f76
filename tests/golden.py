"""Published results that the analyses have to meet, with the source of each: golden_values.csv and golden_inputs.json."""

import csv
import json
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NUMBER = re.compile(r"(?<!\d)-?\d+\.?\d*(?:e-?\d+)?", re.IGNORECASE)
ASIDE = re.compile(r"\(.*?\)")
with (HERE / "golden_values.csv").open(encoding="utf-8") as file:
    ROWS = {row["id"]: row for row in csv.DictReader(file)}
INPUTS = json.loads((HERE / "golden_inputs.json").read_text(encoding="utf-8"))


def golden(key: str):
    """Return the numbers of one published result, to be compared with ==: they agree within its tolerance."""
    row = ROWS[key]
    numbers = [float(number) for number in NUMBER.findall(ASIDE.sub("", row["value"]))]
    return pytest.approx(numbers, abs=max(float(row["tolerance"]), 1e-12))
