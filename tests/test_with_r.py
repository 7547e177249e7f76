"""R's own functions give the same figures, where the machine has R."""

import shutil
import subprocess

import pandas as pd
import pytest

from golden import INPUTS
from ncsresearch.analysis.comparison import adjusted_p
from ncsresearch.analysis.exact_tests import fisher, within_strata
from ncsresearch.analysis.paired_answers import mcnemar_p
from ncsresearch.evidence.interval import difference_interval, share_interval


@pytest.fixture(scope="module")
def r():
    """Return the numbers that lines of R print."""
    if not shutil.which("Rscript"):
        pytest.skip("this machine has no R; statsmodels, scipy and krippendorff are the second opinion")

    def run(lines: str) -> list[float]:
        made = subprocess.run(["Rscript", "-e", lines], capture_output=True, text=True, check=True)
        return [float(number) for number in made.stdout.split()]

    return run


def printed(*expressions: str) -> str:
    return f"cat(format(c({', '.join(expressions)}), digits = 12))"


def test_fisher_and_cochran_mantel_haenszel(r):
    cells = [
        str(n) for table in INPUTS["ucb_admissions_by_department"]["tables"] for row in table for n in row
    ]
    lines = f"x <- aperm(array(c({', '.join(cells)}), c(2, 2, 6)), c(2, 1, 3)); m <- mantelhaen.test(x, correct = FALSE); "
    told = r(
        lines
        + printed("m$estimate", "m$statistic", "m$p.value", "fisher.test(matrix(c(7, 5, 2, 14), 2))$p.value")
    )
    tables = INPUTS["ucb_admissions_by_department"]["tables"]
    rows = [(men[0], sum(men), women[0], sum(women)) for men, women in tables]
    ours = within_strata(pd.DataFrame(rows, columns=["n", "base", "other_n", "other_base"]))
    assert [ours["odds_ratio"], ours["statistic"], ours["p"], fisher(7, 12, 2, 16)] == pytest.approx(
        told, rel=1e-6
    )


def test_wilson_and_families_of_tests(r):
    p = INPUTS["bh_1995_p_values"]
    told = r(
        printed(
            "prop.test(15, 148, correct = FALSE)$conf.int", f"p.adjust(c({', '.join(map(str, p))}), 'BH')"
        )
    )
    low, high = share_interval(15, 148)
    assert [float(low), float(high), *adjusted_p(pd.Series(p))] == pytest.approx(told, rel=1e-6)


def test_exact_mcnemar_and_the_ends_of_a_difference(r):
    told = r(
        printed(
            "binom.test(3, 17)$p.value",
            "prop.test(56, 70, correct = FALSE)$conf.int",
            "prop.test(48, 80, correct = FALSE)$conf.int",
        )
    )
    low, high = difference_interval(56, 70, 48, 80)
    one, other = 56 / 70, 48 / 80
    assert mcnemar_p(3, 14) == pytest.approx(told[0], rel=1e-6)
    assert low == pytest.approx(
        one - other - ((one - told[1]) ** 2 + (told[4] - other) ** 2) ** 0.5, rel=1e-6
    )
    assert high == pytest.approx(
        one - other + ((told[2] - one) ** 2 + (other - told[3]) ** 2) ** 0.5, rel=1e-6
    )
