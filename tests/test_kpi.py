"""Measures over time: run charts, direction, and limits where the denominators allow them."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

import ncsresearch as ncs
from builders import study_folder
from golden import golden
from ncsresearch.analysis.kpi import kpi_series, last_direction, run_chart, run_limits
from ncsresearch.analysis.kpi_limits import p_chart, p_limits
from ncsresearch.study import load_study

UNPAID_WORK = (0, 11, 2, 57, 29, 35, 48, 50, 58, 78)
INDUCTIONS = (87, 84, 87, 57, 56, 55, 64, 63, 56, 76)
COURT_REPORTS = (89, 82, 89, 95, 84, 85, 87, 75, 88, 95)


def kpi(
    *values, numerators=None, denominators=None, period_type="quarter", target=50.0, better="higher"
) -> pd.DataFrame:
    """A measure k with a value a quarter, and its cases where they are given."""
    rows = pd.DataFrame({"value": pd.Series(values, dtype="float64")})
    cases = {
        name: pd.array(given or [None] * len(rows), dtype="Int64")
        for name, given in (("numerator", numerators), ("denominator", denominators))
    }
    periods = rows.index.astype("str")
    return rows.assign(
        kpi_id="k",
        label="kept",
        unit=None,
        target=target,
        better=better,
        period=periods,
        period_type=period_type,
        **cases,
    )


@pytest.mark.parametrize(
    ("key", "n"),
    # Anhøj and Olesen 2014, PLoS ONE 9(11): e113825
    [
        ("anhoej_n9", 9),
        ("anhoej_n10", 10),
        ("anhoej_n12", 12),
        ("anhoej_n20", 20),
        ("anhoej_n24", 24),
    ],
)
def test_limits_of_anhoej(key, n):
    assert list(run_limits(n)) == golden(key)


@pytest.mark.parametrize(
    ("key", "values"),
    # our own arithmetic, computed with another program on all ten values, the odd month counted in
    [
        ("proj_wd_upw_runchart", UNPAID_WORK),
        ("proj_wd_ind_runchart", INDUCTIONS),
        ("proj_wd_cjswr_runchart", COURT_REPORTS),
    ],
)
def test_run_charts_of_the_inspection(key, values):
    row = run_chart(kpi(*values)).iloc[0]
    assert row[["median", "longest_run", "crossings"]].tolist() == golden(key)
    assert not row["signal"]


def test_limits_and_signal_by_hand():
    # six below the median, then six above: one crossing
    row = run_chart(kpi(1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9)).iloc[0]
    assert (row["run_limit"], row["crossings_limit"]) == (7, 3)
    assert (row["rules"], row["longest_run"], row["crossings"], row["signal"]) == ("anhoej", 6, 1, True)


def test_a_period_without_a_value_is_on_no_side_of_the_median():
    row = run_chart(kpi(10, None, 30, None)).iloc[0]
    assert (row["n_useful"], row["median"], row["latest"], row["n_values"]) == (2, 20, 30, 2)


def test_a_measure_without_a_target_meets_none():
    row = run_chart(kpi(10, 20, target=np.nan)).iloc[0]
    assert (row["met"], row["n_values"]) == ([], 2)
    assert pd.isna(row["latest_gap"])


def test_no_values_are_no_rows():
    assert run_chart(kpi(None, None)).empty
    assert p_chart(kpi()).empty


def test_a_month_is_in_no_limits():
    quarters, month = kpi(10, 20, 30), kpi(0, period_type="month").assign(period="m")
    both = pd.concat([quarters, month], ignore_index=True)
    assert list(p_chart(both)["period"]) == ["0", "1", "2"]


def test_p_chart_limits_of_the_handbook():
    # NIST/SEMATECH e-Handbook, section 6.3.3.2: 30 wafers of 50 chips
    assert list(p_limits(0.2313, 50)) == golden("nist_pchart")


def test_p_chart_by_hand():
    # 18 of 40 over all; 3 * sqrt(0.45 * 0.55 / 20) = 0.333729
    rows = p_chart(kpi(80, 10, numerators=[16, 2], denominators=[20, 20]))
    assert list(rows["share"]) == [0.8, 0.1]
    assert list(rows["centre"]) == [0.45, 0.45]
    assert rows[["low", "high"]].iloc[0].tolist() == pytest.approx([0.116271, 0.783729], abs=1e-6)
    assert list(rows["outside"]) == [True, True]
    assert list(rows["reason"]) == ["", ""]


@pytest.mark.parametrize(
    ("cases", "reason"),
    [
        ({}, "the cases are known for 0 of 2 regular periods"),
        (
            {"numerators": [1, None], "denominators": [2, None]},
            "the cases are known for 1 of 2 regular periods",
        ),
        ({"numerators": [1, 0], "denominators": [2, 0]}, "the cases are known for 1 of 2 regular periods"),
        ({"numerators": [3, 1], "denominators": [2, 2]}, "a numerator is not between 0 and its denominator"),
    ],
)
def test_p_chart_refuses_with_its_reason(cases, reason):
    rows = p_chart(kpi(50, 50, **cases))
    assert list(rows["reason"]) == [reason, reason]
    assert rows[["centre", "low", "high", "outside"]].isna().all(axis=None)


def test_one_period_has_no_limits():
    row = p_chart(kpi(50, numerators=[1], denominators=[2])).iloc[0]
    assert row["reason"] == "there is one period only"


@given(centre=st.floats(0, 1), base=st.integers(1, 10_000))
def test_p_limits_hold_the_centre_and_stay_within_0_and_1(centre, base):
    low, high = p_limits(centre, base)
    assert 0 <= low <= centre <= high <= 1


def test_longley_by_the_library_that_fits_our_regressions():
    # NIST StRD Longley: the constant and R squared of the certified regression
    longley = sm.datasets.longley.load_pandas()
    fitted = sm.OLS(longley.endog, sm.add_constant(longley.exog)).fit()
    assert [fitted.params["const"], fitted.rsquared] == golden("longley")


def test_limits_are_drawn_and_said_only_where_cases_are_known(published):
    def said(measures):
        held = measures.assign(document_id="wd_inspection")
        (figure,) = ncs.plot(ncs.kpis(published.holding(kpi_values=held)))
        return figure.alt

    assert "grey band" not in said(published.kpi_values)
    assert "A grey band shows the limits of chance" in said(
        kpi(80, 60, numerators=[16, 12], denominators=[20, 20])
    )
    _, rules = ncs.table(ncs.kpis(published))
    assert rules.note.endswith(
        "for any measure: the cases behind the values are known for 1 of 27 regular periods."
    )


@pytest.mark.parametrize(
    ("periods", "period_type"),
    [
        (["2022-23 Q3", "2022-23 Q4", "2023-24 Q1", "2023-24 Q2"], "quarter"),
        (["Q3 2022/23", "Q4 2022/23", "Q1 2023/24", "Q2 2023/24"], "quarter"),
        (["November 2022", "December 2022", "January 2023", "February 2023"], "month"),
        (["2022-11", "2022-12", "2023-01", "2023-02"], "month"),
        (["11/2022", "12/2022", "01/2023", "02/2023"], "month"),
        (["Nov-22", "Dec-22", "Jan-23", "Feb-23"], "month"),
        (["2022/23 November", "2022/23 December", "2022/23 January", "2022/23 March"], "month"),
        (["22/23 Q3", "22/23 Q4", "23/24 Q1", "23/24 Q2"], "quarter"),
        (["2019/20", "2020/21", "2021/22", "2022/23"], "year"),
    ],
)
def test_values_follow_each_other_in_time_however_they_are_listed(periods, period_type):
    rows = kpi(86, 80, 74, 70, period_type=period_type).assign(period=periods)
    for listed in (rows, rows[::-1], rows.iloc[[2, 0, 3, 1]]):
        assert kpi_series(listed.reset_index(drop=True))["period"].tolist() == periods
        (row,) = last_direction(listed.reset_index(drop=True)).itertuples()
        assert (row.direction, row.first, row.last, row.n_periods) == ("down", 86, 70, 3)


def test_periods_that_cannot_be_read_keep_their_order():
    rows = kpi(1, 2, 3).assign(period=["spring", "autumn", "summer"])
    assert kpi_series(rows)["period"].tolist() == ["spring", "autumn", "summer"]


@pytest.mark.parametrize(
    ("better", "met"), [("higher", [True, True, False]), ("lower", [False, True, True]), (None, [pd.NA] * 3)]
)
def test_a_target_is_met_on_the_side_that_is_better(better, met):
    assert kpi_series(kpi(60, 50, 40, better=better))["met"].astype("object").tolist() == met


MIXED = """kpi_id,document_id,label,period,period_type,value,unit,printed,target,better
k1,report,Reports on time,2022 Q1,quarter,70,,,80,higher
k1,report,Reports on time,2022 Q2,quarter,,,[c],80,higher
k1,report,Reports on time,2022 Q3,quarter,85.5,,,80,higher
k2,report,Wait for a visit,2022 Q1,quarter,12.5,days,,10,lower
k2,report,Wait for a visit,2022 Q2,quarter,11,days,,10,lower
k2,report,Wait for a visit,2022 Q3,quarter,9,days,,10,lower
k3,report,Cost of an order,2022 Q1,quarter,1200,£,,,
"""


def test_measures_in_days_and_money_beside_a_percentage(tmp_path):
    kpis = ncs.kpis(load_study(study_folder(tmp_path, kpi_values=MIXED)))
    first, *_ = ncs.say(kpis)
    assert first.sentence == (
        "Reports on time averaged 78% over 2 quarters, against a target of 80% that was met in 2022 Q3; in 2022 Q3 the figure was 85.5%. "
        "Wait for a visit averaged 10.8 days over 3 quarters, against a target of 10 days that was met in 2022 Q3; in 2022 Q3 the figure "
        "was 9 days. Cost of an order averaged £1,200 over 1 quarter; in 2022 Q1 the figure was £1,200."
    )
    values, rules = ncs.table(kpis)
    assert values.cells().to_dict("list") == {
        "Period": ["2022 Q1", "2022 Q2", "2022 Q3", "Target"],
        "Reports on time %": ["70%", "[c]", "86%", "80%"],
        "Wait for a visit, days": ["12.5", "11", "9", "10"],
        "Cost of an order, £": ["1,200", "[x]", "[x]", "[x]"],
    }
    assert rules.cells()[["Measure", "Median", "Latest value less target"]].to_numpy().tolist() == [
        ["Reports on time, %", "77.8", "5.5"],
        ["Wait for a visit, days", "11", "-1"],
        ["Cost of an order, £", "1,200", "[x]"],
    ]
    (figure,) = ncs.plot(kpis)
    assert figure.alt.endswith(
        "Wait for a visit: 2022 Q1 13 days, 2022 Q2 11 days, 2022 Q3 9 days, target 10 days. "
        "Cost of an order: 2022 Q1 £1,200."
    )


def test_many_measures_are_counted_and_not_drawn(tmp_path):
    """13 measures, of which 1 missed its target of 50% in the last period, and one has none."""
    rows = [
        f"k{n},report,Measure {n},{year},year,{40 if n == 3 else 60},,,{'' if n == 5 else 50},higher"
        for n in range(13)
        for year in (2021, 2022)
    ]
    kpis = ncs.kpis(
        load_study(study_folder(tmp_path, kpi_values="\n".join([MIXED.partition("\n")[0], *rows, ""])))
    )
    first, *_ = ncs.say(kpis)
    assert first.sentence == (
        "13 measures have values; 11 of the 12 with a target met it in their last period. Not met: Measure 3 (40% in 2022, target 50%)."
    )
    assert not ncs.plot(kpis)
    values, _ = ncs.table(kpis)
    assert values.cells().iloc[[3, 5]].to_numpy().tolist() == [
        ["Measure 3", "40%", "40%", "50%"],
        ["Measure 5", "60%", "60%", "[x]"],
    ]


def test_measures_without_a_value_are_said_of_nowhere(tmp_path):
    rows = MIXED.partition("\n")[0] + "\nk1,report,Late,2022,year,,,[x],10,lower\n"
    kpis = ncs.kpis(load_study(study_folder(tmp_path, kpi_values=rows)))
    assert not ncs.plot(kpis)
    assert not [*ncs.say(kpis), *ncs.limits(kpis)]
