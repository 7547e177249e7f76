"""Every rule of the standards by name, with its check or the reason why it does not apply.

pytest tests/test_standards.py -rA -n0 lists them: what passed, and what does not apply and why.
"""

import csv

import pytest

pytest.register_assert_rewrite(
    "standards.workbooks", "standards.pages", "standards.figures", "standards.project"
)

from standards import CHECKS, NOT_APPLICABLE, figures, pages, project, workbooks  # noqa: E402, F401
from standards.made import Made  # noqa: E402

RULES = {name: words for name, (words, _) in (CHECKS | NOT_APPLICABLE).items()}


@pytest.fixture(scope="session")
def made(site):
    return Made(site)


@pytest.mark.parametrize("name", [pytest.param(name, id=f"{name} {RULES[name]}") for name in sorted(RULES)])
def test_rule(name, made):
    if name in NOT_APPLICABLE:
        pytest.skip(f"{name} does not apply: {NOT_APPLICABLE[name][1]}")
    CHECKS[name][1](made)


def test_no_rule_is_both_checked_and_excused():
    assert not set(CHECKS) & set(NOT_APPLICABLE)
    assert len(RULES) == 90


def test_every_rule_of_the_list_is_here(facts):
    with (facts / "standards_checklist.csv").open(encoding="utf-8") as file:
        assert {row["id"] for row in csv.DictReader(file)} == set(RULES)
