"""Every published result in golden_values.csv is held against an analysis by some test."""

from pathlib import Path

from golden import ROWS


def test_every_golden_value_is_met_somewhere():
    tests = "\n".join(
        path.read_text(encoding="utf-8")
        for path in Path(__file__).parent.glob("test_*.py")
        if path.name != "test_golden.py"
    )
    assert [key for key in ROWS if f'"{key}"' not in tests] == []
