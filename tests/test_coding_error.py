"""How far a claim about groups survives other codings: published examples, small tables, and what must always be so."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from conftest import PROJECT
from ncsresearch.analysis import coding_error as module
from ncsresearch.analysis.coding_error import (
    CLAIMS,
    chance_of_theme,
    coding_error,
    disagreements,
    fewest_changes,
    judgements_to_undo,
    turns_of_people,
)
from ncsresearch.analysis.group_differences import group_differences
from ncsresearch.disclosure.counts import counts
from ncsresearch.disclosure.differences import compare, stated_differences
from ncsresearch.present.grammar import say, table
from ncsresearch.study import load_study
from test_reliability import TALK, study_of

BY = "participant_group"


@pytest.fixture(scope="module")
def study():
    return load_study(PROJECT / "data" / "illustrative")


def significant(base: int, base_others: int):
    def holds(here, others):
        pairs = zip(here, others, strict=True)
        return [fisher_exact([[a, base - a], [b, base_others - b]]).pvalue < 0.05 for a, b in pairs]

    return holds


@pytest.mark.parametrize(
    ("trial", "index"),
    [
        ((40, 60, 100, 210), 3),  # Baer and others 2021: FragilityTools, its first example
        (
            (6, 40, 15, 40),
            1,
        ),  # Johnson: fragilityindex, its first example; p 0.041, with one more event 0.078
    ],
)
def test_published_fragility_indices(trial, index):
    assert fewest_changes(trial, significant(trial[1], trial[3])) == index


def test_a_published_share_that_a_test_of_known_errors_finds():
    """Rogan and Gladen 1978, in epiR's example: 23 of 150 cows positive by a test of sensitivity 0.96 and specificity 0.89, so 5.1% are ill."""
    ill, well = chance_of_theme(np.array([1, 0]), 1, lost=0.04, gained=0.11)
    assert 0.051 * ill + 0.949 * well == pytest.approx(23 / 150, abs=5e-4)


def test_the_chance_of_a_theme_by_hand():
    """Two turns of three have the theme, each lost one time in two; the third gains it one time in ten: 1 - 0.5 x 0.5 x 0.9."""
    assert chance_of_theme(2, 3, lost=0.5, gained=0.1) == pytest.approx(0.775)
    assert chance_of_theme(0, 4, lost=0.5, gained=0.0) == 0


def test_disagreements_and_turns_of_people_by_hand(tmp_path):
    """x: both on two turns, b alone on one, neither on one; y: a alone on two. One person said three turns, another one."""
    small = study_of(tmp_path, talk=TALK)
    small = replace(
        small, tables=dict(small.tables) | {"turns": small.turns.assign(participant_id=list("ppqp"))}
    )
    assert disagreements(small).T.to_dict("list") == {"x": [2, 0, 1, 1], "y": [0, 2, 0, 2]}
    given, spoken = turns_of_people(small)
    assert given[["x", "y"]].to_dict("index") == {"p": {"x": 2, "y": 2}, "q": {"x": 0, "y": 0}}
    assert spoken.to_dict() == {"p": 3, "q": 1}


def with_turns(monkeypatch, study, *, both: int, reporting: int, other: int, neither: int) -> pd.Series:
    themes = disagreements(study).index
    row = {"n_both": both, "n_reporting_only": reporting, "n_other_only": other, "n_neither": neither}
    monkeypatch.setattr(module, "disagreements", lambda _: pd.DataFrame(row, index=themes))
    return coding_error(study, by=BY)["n_kept"]


def test_coders_who_always_agree_bear_every_claim_and_more_disagreement_bears_fewer(study, monkeypatch):
    never = with_turns(monkeypatch, study, both=10**9, reporting=0, other=0, neither=10**9)
    assert never.eq(module.RECODINGS).all()
    monkeypatch.undo()
    some = with_turns(monkeypatch, study, both=800, reporting=200, other=2, neither=998)
    monkeypatch.undo()
    more = with_turns(monkeypatch, study, both=400, reporting=600, other=20, neither=980)
    assert never.sum() > some.sum() > more.sum()


def test_every_claim_is_coded_again_and_in_the_same_way_each_time(study):
    rows, claims = coding_error(study, by=BY), group_differences(study, by=BY)
    assert rows["code_id"].tolist() == claims.loc[claims["verdict"].isin(CLAIMS), "code_id"].tolist()
    assert rows["n_kept"].between(0, rows["n_recodings"]).all()
    pd.testing.assert_frame_equal(rows, coding_error(study, by=BY))


def test_other_coders_change_as_many_people_as_the_second_one_did(study):
    """People of the interviews that both coded: rates of turns foresee about as many changes as were made, and not fewer."""
    rates = disagreements(study)
    turns = module.coded_turns(study).of("Coder 1", "Coder 2")
    who = turns.turns.merge(study.turns.astype({"ordinal": "int64"}), on=module.TURN, how="left")
    own, other = (
        pd.DataFrame(turns.given[:, coder], columns=turns.code_ids).groupby(who["participant_id"]).sum()
        for coder in (0, 1)
    )
    spoken = who["participant_id"].value_counts().reindex(own.index)
    foreseen = made = 0.0
    for code, of in rates.iterrows():
        lost = of["n_reporting_only"] / (of["n_both"] + of["n_reporting_only"])
        gained = of["n_other_only"] / (of["n_other_only"] + of["n_neither"])
        chance = chance_of_theme(own[code], spoken, lost, gained)
        foreseen += chance.where(own[code].eq(0), 1 - chance).sum()
        made += (own[code].gt(0) != other[code].gt(0)).sum()
    assert (made, round(foreseen)) == (35, 45)


def test_a_study_that_one_coder_coded_has_no_second_coding(study):
    codings = study.codings[study.codings["coder"].eq("Coder 1")]
    rows = coding_error(replace(study, tables=dict(study.tables) | {"codings": codings}), by=BY)
    assert len(rows) and rows["n_kept"].isna().all()


def test_judgements_to_undo_a_claim_are_as_many_as_it_takes_and_no_more(study):
    rows = compare(counts(study, by="heard_from"))
    fewest = judgements_to_undo(rows, level=0.95)
    assert fewest.notna().tolist() == rows["verdict"].isin(CLAIMS).tolist()
    assert fewest.dropna().tolist() == [6, 6, 4, 4, 3, 3, 2, 2, 1, 2, 1]
    areas = rows.assign(level="area")
    assert judgements_to_undo(areas, level=0.95).isna().all()


def test_judgements_to_undo_rest_on_what_is_printed_alone(study):
    """Whatever is not printed of a comparison: its interval, p, correlation, and who was heard with whom."""
    rows = compare(counts(study, by="heard_from"))
    hidden = rows.assign(
        **dict.fromkeys(["low", "high", "p", "icc", "design_effect", "smallest_seen"], np.nan)
    )
    fewest = (judgements_to_undo(each, level=0.95) for each in (rows, hidden))
    pd.testing.assert_series_equal(*fewest)


@settings(max_examples=50, deadline=None)
@given(st.data(), st.integers(1, 9), st.integers(1, 9), st.integers(1, 8))
def test_fewest_changes_are_the_distance_to_what_does_not_hold(data, base, base_others, apart):
    n, n_others = data.draw(st.integers(0, base)), data.draw(st.integers(0, base_others))

    def holds(here, others):
        return abs(here - n) + abs(others - n_others) < apart

    furthest = max(n, base - n) + max(n_others, base_others - n_others)
    expected = apart if apart <= furthest else None
    assert fewest_changes((n, base, n_others, base_others), holds) == expected


def test_other_codings_in_a_sentence_and_a_table(study):
    rows = stated_differences(study)
    (made,) = say(rows)  # of directions nothing is known where people of one group in one area are withheld
    assert made.sentence == (
        "If another coder, who disagrees as often as the second one, coded every interview, seven of 11 differences reported "
        "between groups would very probably be found again (at least 95 times in 100). Four would not be safe (less than 80 "
        "times): co-location (clients); helper and supervisor (paraprofessionals); information sharing (partners); and support "
        "for staff (senior managers / team leaders). A different coding of one person could undo what is reported on co-location (clients) and support for staff "
        "(senior managers / team leaders). How often coders disagree on co-location is known from fewer than 10 turns."
    )
    cells = table(rows)[0].cells().set_index(["Theme", "Group"])
    few = "under 50% (disagreement known from fewer than 10 turns)"
    assert cells.loc[("Co-location", "Clients")].tolist() == [few, "1"]
    (compared,) = table(compare(counts(study, by="heard_from")))
    beside = compared.cells().set_index(["Theme", "Group"])[cells.columns]
    claimed = beside.index.isin(cells.index)
    assert claimed[:11].all() and beside[claimed].sort_index().equals(cells.sort_index())
    assert beside[~claimed].eq("\N{EN DASH}").all(axis=None)


def test_a_study_that_is_not_confidential_gives_the_share(study):
    public = replace(study, settings=replace(study.settings, access="public"))
    again = table(stated_differences(public))[0].cells()["Found again in another coding"]
    assert again.str.match(r"\d+%").all()
