"""Answers held, percentages published, and pairs of answers: counted by hand, bounded, recomputed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import ncsresearch as ncs
from builders import SETTINGS, frame, study_folder
from golden import golden
from ncsresearch.analysis.exact_tests import PARTS
from ncsresearch.analysis.paired_answers import mcnemar_p
from ncsresearch.analysis.rounding import consistent_counts, published_differences
from ncsresearch.analysis.survey import answers_counted, neutral_answer, stray_answers
from ncsresearch.disclosure.spans import SpanFault
from ncsresearch.disclosure.spans import survey as span_of_survey
from ncsresearch.disclosure.suppression import below_threshold, hidden_choices
from ncsresearch.evidence.interval import share_interval
from ncsresearch.present.answers import _judged

ITEMS = """item_id,document_id,label,scale,positive_values,dont_know_values
heard,report,I am heard,Strongly agree;Agree;Neither;Disagree;Strongly disagree;Don't know,Strongly agree;Agree,Don't know
kept,report,Times are kept,Often;Seldom,Often,
"""
ANSWERS = """respondent_id,area_id,item_id,answer
p1,north,heard,Strongly agree
p2,north,heard,Agree
p3,north,heard,Neither
p4,south,heard,Disagree
p5,south,heard,Don't know
p6,south,heard,
p7,south,heard,9
p1,north,kept,Often
p2,north,kept,Seldom
p3,north,kept,Often
p4,south,kept,Seldom
"""
ATTRIBUTES = """owner,owner_id,name,value
survey_answers,p1,group,Staff
survey_answers,p2,group,Clients
survey_answers,p3,group,Clients
survey_answers,p1,client group,men
survey_answers,p1,client group,women
"""
CONFIDENTIAL = SETTINGS.replace('access = "public"', 'access = "confidential"')


def survey(folder, *, items: str = ITEMS, answers: str = ANSWERS, settings: str = CONFIDENTIAL, **tables):
    tables = {"survey_items": items, "survey_answers": answers, "attributes": ATTRIBUTES} | tables
    return ncs.load_study(study_folder(folder / "survey", settings=settings, **tables))


def counts(rows: pd.DataFrame) -> list[list]:
    names = ["n_asked", "n_positive", "n_neutral", "base", "n_dont_know", "n_blank", "n_stray"]
    return rows[names].astype("object").where(rows[names].notna(), None).to_numpy().tolist()


def test_answers_are_counted_with_what_is_neutral_and_what_is_no_answer(tmp_path):
    rows = answers_counted(survey(tmp_path))
    assert counts(rows) == [[7, 2, 1, 4, 1, 1, 1], [4, 2, None, 4, 0, 0, 0]]
    assert list(rows["share"]) == [0.5, 0.5]
    assert list(rows["neutral"]) == ["by its name", "no neutral answer is known"]
    assert list(rows["reason"]) == ["", ""]


def test_the_interval_is_of_the_level_of_the_study(tmp_path):
    study = survey(tmp_path)
    surer = replace(study, settings=replace(study.settings, interval_level=0.99))
    own, wide = answers_counted(study).iloc[0], answers_counted(surer).iloc[0]
    assert [own["low"], own["high"]] == [float(bound) for bound in share_interval(2, 4, level=0.95)]
    assert [wide["low"], wide["high"]] == [float(bound) for bound in share_interval(2, 4, level=0.99)]
    assert wide["low"] < own["low"] < own["share"] < own["high"] < wide["high"]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("area_type", [("rural", 2, 3), ("urban", 0, 1)]),
        ("area_id", [("North", 2, 3), ("South", 0, 1)]),
        ("participant_group", [("Clients", 1, 2), ("Staff", 1, 1)]),
        ("client_group", [("men", 1, 1), ("women", 1, 1)]),  # p1 counts for both
    ],
)
def test_answers_by_group(tmp_path, by, expected):
    rows = answers_counted(survey(tmp_path), by=by).query("item_id == 'heard'")
    assert list(rows[["group", "n_positive", "base"]].itertuples(index=False, name=None)) == expected


@pytest.mark.parametrize(
    ("keys", "called", "n", "base"),
    [
        ({"survey": "heard"}, "I am heard", 2, 4),
        ({"survey": "heard", "area_type": "rural"}, "I am heard, rural areas", 2, 3),
        ({"survey": "report"}, "People who answered", 7, None),
    ],
)
def test_a_span_of_answers(tmp_path, keys, called, n, base):
    found = span_of_survey(survey(tmp_path, settings=SETTINGS), keys)
    assert [found.called, found.n, found.base] == [called, n, base]


def test_a_span_of_few_answers_has_no_number(tmp_path):
    study = survey(tmp_path, answers="".join(ANSWERS.splitlines(keepends=True)[:5]))  # of four people
    for keys in ({"survey": "heard"}, {"survey": "heard", "area_type": "rural"}, {"survey": "report"}):
        assert span_of_survey(study, keys).n is None
    with pytest.raises(SpanFault, match="found area_type 'ruarl', expected one of rural, urban"):
        span_of_survey(study, {"survey": "heard", "area_type": "ruarl"})


def test_a_known_participant_brings_area_and_group(tmp_path):
    people = "participant_id,area_id,participant_group\na,north,Staff\n"
    answers = "respondent_id,participant_id,item_id,answer\np1,a,heard,Agree\np9,,heard,Agree\n"
    study = survey(tmp_path, answers=answers, participants=people, attributes=None)
    assert list(answers_counted(study, by="area_type")["group"]) == ["rural"]
    assert list(answers_counted(study, by="participant_group")["n_asked"]) == [1]


def test_an_unknown_grouping_is_a_wrong_call(tmp_path):
    with pytest.raises(ValueError, match=r"by must be one of .*, not 'colour'\."):
        answers_counted(survey(tmp_path), by="colour")


def test_a_dont_know_is_no_answer_even_where_it_is_listed_as_positive(tmp_path):
    items = ITEMS.replace("Strongly agree;Agree,Don't know", "Strongly agree;Agree;Don't know,Don't know")
    assert counts(answers_counted(survey(tmp_path, items=items)))[0] == [7, 2, 1, 4, 1, 1, 1]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (",Often,", "the scale is not known, so other answers cannot be distinguished from stray ones"),
        ("Often;Seldom,,", "which answers are positive is not said"),
    ],
)
def test_without_a_scale_or_positive_answers_there_is_a_reason_and_no_share(tmp_path, cells, reason):
    items = f"item_id,document_id,label,scale,positive_values,dont_know_values\nkept,report,Kept,{cells}\n"
    answers = "respondent_id,item_id,answer\np1,kept,Often\np2,kept,Seldom\n"
    row = answers_counted(survey(tmp_path, items=items, answers=answers, attributes=None)).iloc[0]
    assert row["reason"] == reason
    assert row[["share", "low", "high"]].isna().all()


def test_all_blank_has_a_reason_and_no_share(tmp_path):
    answers = "respondent_id,item_id,answer\np1,heard,\np2,heard,\n"
    row = answers_counted(survey(tmp_path, answers=answers, attributes=None)).iloc[0]
    assert (row["n_asked"], row["n_blank"], row["base"]) == (2, 2, 0)
    assert row["reason"] == "nobody gave an answer on the scale"
    assert row[["share", "low", "high"]].isna().all()


def test_no_answers_are_no_rows(tmp_path):
    study = ncs.load_study(study_folder(tmp_path / "none"))
    assert answers_counted(study, by="area_type").empty
    assert stray_answers(study).empty
    assert ncs.answers_compared(study).empty


def test_answers_to_a_question_outside_a_choice_of_evidence_are_left_out(tmp_path):
    study = survey(tmp_path, attributes=None).where(area_id="north")
    assert set(answers_counted(study)["item_id"]) <= set(study.survey_items["item_id"])


def test_stray_answers_are_named(tmp_path):
    assert stray_answers(survey(tmp_path)).to_numpy().tolist() == [["heard", "I am heard", "9", 1]]


@pytest.mark.parametrize(
    ("scale", "positive", "dont_know", "expected"),
    [
        ("Agree;Neither;Disagree", "Agree", "", ("Neither", "by its name")),
        ("Agree;Disagree;Neutral", "Agree", "", ("Neutral", "by its name")),
        ("1;2;3;4;5", "4;5", "", ("3", "middle of 5 answers")),
        ("1;2;3;4;5;9", "4;5", "9", ("3", "middle of 5 answers")),
        ("1;2;3;4", "3;4", "", ("", "no neutral answer is known")),
        ("Excellent;Good;Poor", "Excellent;Good", "", ("", "no neutral answer is known")),
        ("Neutral;Neither;No", "Yes", "", ("", "no neutral answer is known")),
        ("Yes", "Yes", "", ("", "no neutral answer is known")),
        ("", "", "", ("", "no neutral answer is known")),
    ],
)
def test_the_rule_for_the_neutral_middle(scale, positive, dont_know, expected):
    lists = ([value for value in cell.split(";") if value] for cell in (scale, positive, dont_know))
    assert neutral_answer(*lists) == expected


@settings(max_examples=15)
@given(order=st.permutations(ANSWERS.strip().splitlines()[1:]))
def test_the_order_of_the_answers_changes_nothing(tmp_path_factory, order):
    lines = [ANSWERS.splitlines()[0], *order]
    one, other = (
        survey(tmp_path_factory.mktemp("order"), answers=text) for text in (ANSWERS, "\n".join(lines) + "\n")
    )
    for by in ("", "area_type"):
        assert_frame_equal(answers_counted(one, by=by), answers_counted(other, by=by))
    assert_frame_equal(ncs.answers_compared(one), ncs.answers_compared(other))


@pytest.mark.parametrize(
    ("key", "n", "base"),
    # Newcombe 1998, Statistics in Medicine 17, 857-872, Table I, method 3
    [
        ("newcombe_81_263", 81, 263),
        ("newcombe_15_148", 15, 148),
        ("newcombe_0_20", 0, 20),
        ("newcombe_1_29", 1, 29),
    ],
)
def test_intervals_of_newcombe(key, n, base):
    assert [float(bound) for bound in share_interval(n, base, level=0.95)] == golden(key)


@given(base=st.integers(1, 400), data=st.data(), level=st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_an_interval_holds_its_share(base, data, level):
    n = data.draw(st.integers(0, base))
    low, high = share_interval(n, base, level=level)
    assert 0 <= low <= n / base + 1e-12
    assert n / base - 1e-12 <= high <= 1


def test_consistent_counts_the_percentages_of_the_briefing():
    # our own arithmetic on 238 parents and eight percentages of the Wokingham briefing
    spans = [consistent_counts(percent, 238) for percent in (82, 73, 85, 79, 79, 76, 81, 73)]
    assert [count for span in spans for count in span] == golden("proj_wok_bounds")


def test_consistent_counts_an_attendance_rate():
    # our own arithmetic on 65% of 332 staff invited, South Lanarkshire
    assert list(consistent_counts(65, 332)) == golden("proj_sl_attend_bounds")


def test_a_percentage_of_nobody_has_no_count():
    assert consistent_counts(0, 0) is None


def items(*rows: tuple[float, int, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["percent", "base", "document_id"])
    return table.assign(item_id=table.index.astype("str"), label=table.index.astype("str"))


@pytest.mark.parametrize(
    ("rows", "pairs"),
    [
        # 25% of 8 is 2 people, 88% is 7 people, 12% is 1: each allows one count
        ([(25, 8, "a"), (88, 8, "a"), (12, 8, "b")], [("1", "0", 8, 5, 5, 0.625)]),
        ([(50, 8, "a"), (50, 10, "a")], []),  # two bases are not compared
        ([(88, 8, "a"), (50, 8, "a"), (44, 8, "a")], [("0", "1", 8, 3, 3, 0.375)]),  # no count is 44% of 8
    ],
)
def test_published_percentages_of_one_base_are_bounded_and_never_tested(rows, pairs):
    found = published_differences(items(*rows))
    assert [*found.itertuples(index=False, name=None)] == pairs


@pytest.mark.parametrize(
    ("key", "percent", "other", "printed"),
    # our own enumeration over every table that rounding allows, 238 parents, Wokingham briefing
    [
        ("proj_wok_mcnemar_85_73", 85, 73, "1.8626e-09 0.006637"),
        ("proj_wok_mcnemar_85_76", 85, 76, "2.3842e-07 0.04701"),
        ("proj_wok_mcnemar_82_73", 82, 73, "2.3842e-07 0.06701"),
        ("proj_wok_mcnemar_79_76", 79, 76, "0.0039062 0.6992"),
    ],
)
def test_p_over_every_table_that_rounding_allows(key, percent, other, printed):
    (low, high), (other_low, other_high) = (consistent_counts(each, 238) for each in (percent, other))
    only_one = [
        (n - both, m - both)
        for n in range(low, high + 1)
        for m in range(other_low, other_high + 1)
        for both in range(max(0, n + m - 238), min(n, m) + 1)
    ]
    p = mcnemar_p(*zip(*only_one, strict=True))
    assert [p.min(), p.max()] == golden(key)
    # the tolerance of the file would let any small p pass
    assert f"{p.min():.5g} {p.max():.4g}" == printed


def test_mcnemar_by_hand():
    # 1 and 5 of 6 who differ: 2 * (1 + 6) / 64; nobody differs: 1
    assert list(mcnemar_p([1, 0, 3], [5, 0, 3])) == [pytest.approx(14 / 64), 1, 1]


def test_the_same_people_on_two_questions(tmp_path):
    rows = ncs.answers_compared(survey(tmp_path))
    # p1 both, p2 heard only, p3 kept only (neutral on the other), p4 neither; p5 to p7 gave one answer at most
    expected = frame(
        "item_id other_id base n_both n_only_first n_only_other n_neither difference p p_adjusted n_tests",
        "heard   kept     4    1      1            1            1         0.0        1 1          1",
    )
    assert_frame_equal(rows[list(expected)], expected, check_dtype=False)
    assert list(rows["reason"]) == [""]


def test_a_public_study_is_counted_and_not_tested(tmp_path):
    row = ncs.answers_compared(survey(tmp_path, settings=SETTINGS)).iloc[0]
    assert row["reason"] == "published evidence is described and not tested"
    assert (row["base"], row["difference"], row["n_tests"]) == (4, 0, 0)
    assert pd.isna(row["p"])


def test_nobody_answered_both(tmp_path):
    answers = "respondent_id,item_id,answer\np1,heard,Agree\np2,kept,Often\n"
    row = ncs.answers_compared(survey(tmp_path, answers=answers, attributes=None)).iloc[0]
    assert row["reason"] == "nobody gave an answer on the scale to both questions"
    assert pd.isna(row["p"])
    assert pd.isna(row["difference"])


def test_a_table_shows_no_percentage_of_fewer_than_20(tmp_path):
    people = [f"p{n},kept,{'Often' if n < 15 else 'Seldom'}" for n in range(20)]
    answers = "respondent_id,item_id,answer\n" + "\n".join([*people, "p1,heard,Agree", "p2,heard,"]) + "\n"
    study = survey(tmp_path, answers=answers, attributes=None, settings=SETTINGS)
    table, options = ncs.table(ncs.survey(study))
    often = options.rows.set_index("option").loc["Often"]
    assert (often["n"], often["base"], often["share"]) == (15, 20, 0.75)
    cells = table.cells().set_index("Question")
    assert cells.loc["I am heard", ["Positive", "Of", "Positive, %", "95% interval"]].tolist() == [
        "1",
        "1",
        "[x]",
        "–",
    ]
    assert cells.loc["Times are kept", ["Positive, %", "95% interval"]].tolist() == ["75%", "53 to 89%"]
    assert cells["Neutral"].tolist() == ["0", "[x]"]
    assert cells["No answer"].tolist() == ["1", "0"]
    assert "Where the intervals of two questions do not overlap, their shares differ" in table.note
    assert table.note.endswith("No percentage where fewer than 20 answered on the scale.")


def test_the_widest_gap_of_published_shares_is_said_with_its_bounds(published):
    said = next(each for each in ncs.say(ncs.survey(published)) if each.name == "furthest_apart")
    assert said.sentence == (
        '28 to 30 more of the 238 people agreed with "clear about concerns and what must change" than with "worker does '
        'what they say" or "spent time with and listened to children", the widest gap. Percentages are rounded: 2 of 28 '
        "pairs of statements may be level, and a difference of a point or two says nothing."
    )
    assert [each.sentence for each in ncs.say(ncs.survey(published.of_documents([])))] == [
        "The study has no survey."
    ]


CHOSEN = ["Library;Pool"] * 12 + ["Library"] * 10 + ["Pool;The van from Ayr"] * 3 + ["Bus"] * 9


def chosen(folder, cells: list[str], **more):
    rows = "".join(f"p{n},heard,{cell}\n" for n, cell in enumerate(cells))
    return survey(folder, answers=f"respondent_id,item_id,answer\n{rows}", attributes=None, **more)


def test_options_of_a_question_with_several_choices_have_respondents_as_base_and_show_no_few(tmp_path):
    """A row a service, as a report on a Citizen Space consultation prints check boxes."""
    study = chosen(tmp_path, CHOSEN)
    (table,) = ncs.table(ncs.survey(study))
    shown = table.rows[["option", "n", "base"]].values.tolist()
    assert shown[-3:] == [["Library", 22, 34], ["Pool", 15, 34], ["Bus", 9, 34]]
    assert "Ayr" not in str(table)
    assert table.note == "Answers that fewer than 5 people gave are not listed."
    assert ncs.survey(study)[["n_positive", "base", "n_asked"]].isna().all(axis=None)


@given(st.lists(st.sets(st.sampled_from("ABCD"), min_size=1), min_size=10, max_size=24))
@settings(max_examples=25, deadline=None)
def test_no_few_people_can_be_worked_out_from_options_that_everybody_chose_of(chosen_by):
    """For who knows the base, that each of it chose one option at least, and that an option which is not listed is of few."""
    base = len(chosen_by)
    n = np.array([sum(each in choice for choice in chosen_by) for each in "ABCD"])
    hidden, small = hidden_choices(n, base, 5, several=True), (n > 0) & (n < 5)
    assert hidden is not None or small.any()
    if hidden is not None:
        assert hidden[below_threshold(n, 5, np.full(4, base))].all()
        most = np.where(small, 4, np.where(hidden, base - 1, n))
        assert not small.any() or base - (most.sum() - 4) <= 1  # each may be 1 to 4


@given(st.lists(st.integers(0, 12), min_size=2, max_size=5).filter(lambda n: sum(n) >= 10))
@example([0, 4, 7, 11, 11])  # no answer of nobody may stand in for another
@settings(max_examples=25, deadline=None)
def test_no_few_people_can_be_worked_out_from_answers_of_which_everybody_gave_one(counts):
    """For who knows the base and that an answer which is not listed is of few: each of the small counts may be 1 to 4."""
    n, base = np.array(counts), sum(counts)
    hidden, small = hidden_choices(n, base, 5, several=False), (n > 0) & (n < 5)
    assert hidden is not None or small.any()
    if hidden is not None and small.any():
        assert hidden[small].all()
        least, most = np.where(hidden, 1, n), np.where(small, 4, np.where(hidden, base - 1, n))
        assert base - (most.sum() - 4) <= 1
        assert base - (least.sum() - 1) >= 4


def test_a_question_of_which_nothing_else_is_said_shows_its_answers_in_a_confidential_study(tmp_path):
    """A staff survey as Microsoft Forms hands it over: nobody has said yet which answers are positive."""
    items = "item_id,document_id,label,scale\nheard,report,I am heard,Agree;Neither;Disagree\n"
    study = chosen(tmp_path, ["Agree"] * 9 + ["Neither"] * 8 + ["Disagree"] * 7, items=items)
    (table,) = ncs.table(ncs.survey(study))
    assert table.caption == "Answers chosen in the A report"
    assert table.rows[["option", "n", "base"]].values.tolist() == [
        ["Agree", 9, 24],
        ["Neither", 8, 24],
        ["Disagree", 7, 24],
    ]
    few = chosen(tmp_path / "few", ["Agree"] * 9 + ["Neither"] * 8 + ["Disagree"] * 3, items=items)
    (table,) = ncs.table(ncs.survey(few))
    assert table.rows["option"].tolist() == ["Agree", "Neither"]
    assert table.rows["n"].isna().sum() == 1  # or the third would be what is left of 20


def test_answers_of_rural_and_urban_areas_are_judged_as_themes_are():
    numbers = pd.DataFrame(
        [(9, 30, 67, 108), (10, 30, 36, 108), (5, 17, 18, 38), (None, 27, None, 109)], list("abcd"), PARTS
    )
    told = _judged(pd.DataFrame({"theme": numbers.index}, numbers.index), numbers, 0.95)
    assert told["theme"].tolist() == ["a", "b", "c", "d"]
    assert told["verdict"].tolist() == [
        "differs",
        "cannot tell",
        "",
        "",
    ]  # 17 are too few, and one is withheld
    assert told["points"].tolist() == ["−32 (−48 to −12)", "+0 (−17 to +20)", "", ""]
    # (2.128 + 0.842) * 36.1 / 2 / 1.96: p of 0.05 among 3 of which one is claimed, power of 80%, half of the interval
    assert told["seen"].tolist() == ["27", "28", "", ""]
    assert told["family_size"].tolist() == [3] * 4
