"""Saturation counted by hand: new themes in a run of interviews over the themes of the base."""

from dataclasses import replace

import numpy as np
import pytest

from builders import study_folder
from ncsresearch.analysis.saturation import new_themes, saturation, themes_by_interview
from ncsresearch.study import load_study

SETTINGS = """title = "A small study of interviews"
schema_version = "1"
access = "confidential"
evidence_date = "May 2023"
chapters = ["02_themes"]
reporting_coder = "a"
"""
# themes of each interview, in the study's order: 3, 1, 0, 1, 1, 0, 0 are new
HEARD = ["abc", "ad", "b", "ae", "cf", "d", "ab"]
KINDS = ["north", "north", "south", "north", "south", "north", "north"]


def study_of(tmp_path, heard=HEARD, areas=KINDS, people=True):
    """A study with one interview per word; each letter is a theme."""
    numbers = range(1, len(heard) + 1)
    rows = {
        "documents": [f"d{n},Talk {n},transcript" for n in numbers],
        "interviews": [f"i{n},{area},Staff,one-to-one,d{n}" for n, area in zip(numbers, areas, strict=True)],
        "segments": [f"s{n},d{n},passage,{n},{n + 1},reader" for n in numbers],
        "codings": [
            f"c{n}{code},segments,s{n},{code},a"
            for n, word in zip(numbers, heard, strict=True)
            for code in word
        ],
        "codebook": [f"{code},,Theme {code.upper()},theme" for code in "abcdef"] + ["z,,Level,service level"],
        "participants": ["p1,north,Staff"] * people,
    }
    heads = {
        "documents": "document_id,title,kind",
        "interviews": "interview_id,area_id,participant_group,mode,document_id",
        "segments": "segment_id,document_id,kind,start,end,read_by",
        "codings": "coding_id,unit,unit_id,code_id,coder",
        "codebook": "code_id,parent_id,label,facet",
        "participants": "participant_id,area_id,participant_group",
    }
    tables = {name: "\n".join([heads[name], *lines]) + "\n" for name, lines in rows.items()}
    return load_study(study_folder(tmp_path / "small", settings=SETTINGS, **tables))


def test_new_themes_of_each_interview(tmp_path):
    rows = new_themes(study_of(tmp_path))
    assert rows["interview_id"].tolist() == ["i1", "i2", "i3", "i4", "i5", "i6", "i7"]
    assert rows["n_themes"].tolist() == [3, 2, 1, 2, 2, 1, 2]
    assert rows["n_new"].tolist() == [3, 1, 0, 1, 1, 0, 0]
    assert rows["n_so_far"].tolist() == [3, 4, 4, 5, 6, 6, 6]
    assert rows["high"].iloc[-1] == rows["low"].iloc[-1] == 6


def test_saturation_in_the_order_of_the_study(tmp_path):
    """Base of four interviews: five themes; runs of two bring 1, then 0 new ones: 1/5, 0/5 after seven interviews."""
    row = saturation(study_of(tmp_path)).iloc[0]
    assert row[["group", "n_interviews", "n_themes", "base", "run"]].tolist() == [
        "all interviews",
        7,
        6,
        4,
        2,
    ]
    assert row[["n_base_themes", "n_last_run", "ratio", "reached_after"]].tolist() == [5, 0, 0, 7]
    assert row["reason"] == ""
    assert row["n_later"] == 0


def test_themes_that_come_after_saturation_are_counted(tmp_path):
    """Four interviews with two themes, two without a new one, then a third theme: saturated too soon."""
    heard = ["ab", "a", "b", "a", "ab", "a", "c"]
    row = saturation(study_of(tmp_path, heard=heard)).iloc[0]
    assert row[["reached_after", "n_later", "ratio"]].tolist() == [6, 1, 0.5]


def test_a_wider_threshold_is_met_sooner_and_a_run_that_brings_more_is_not_saturated(tmp_path):
    study = study_of(tmp_path)
    assert saturation(study, threshold=0.2)["reached_after"].tolist() == [6]
    early = saturation(study, base=1, run=1).iloc[0]
    assert early[["n_base_themes", "reached_after"]].tolist() == [3, 3]
    never = saturation(
        study_of(tmp_path / "new", heard=["a", "b", "c"], areas=["north"] * 3), base=1, run=1
    ).iloc[0]
    assert never[["ratio", "share_reached", "median_ratio"]].tolist() == [1, 0, 1]
    assert np.isnan(never["reached_after"])
    assert np.isnan(never["median_after"])


def test_random_orders_give_an_interval_that_does_not_change_from_run_to_run(tmp_path):
    first, second = (saturation(study_of(tmp_path / name)).iloc[0] for name in "xy")
    assert first.equals(second)
    assert first["low_after"] <= first["median_after"] <= first["high_after"]
    assert 0 < first["share_reached"] < 1


def test_orders_of_interviews_that_all_say_the_same_agree(tmp_path):
    row = saturation(study_of(tmp_path, heard=["ab"] * 6, areas=["north"] * 6)).iloc[0]
    assert row[["reached_after", "low_after", "median_after", "high_after", "share_reached"]].tolist() == [
        6,
        6,
        6,
        6,
        1,
    ]


def test_by_kind_of_area_a_kind_with_too_few_interviews_has_no_result(tmp_path):
    rows = saturation(study_of(tmp_path), by="area_type", base=3, run=1)
    assert rows["group"].tolist() == ["rural", "urban"]
    assert rows["n_interviews"].tolist() == [5, 2]
    assert rows.loc[0, ["n_base_themes", "ratio", "reached_after"]].tolist() == [5, 0, 4]
    assert rows.loc[1, "reason"] == "fewer than 4 interviews were coded"
    assert rows.loc[1, ["n_base_themes", "ratio", "reached_after", "share_reached"]].isna().all()


def test_published_evidence_has_no_saturation(published, tmp_path):
    reason = "nobody was heard, so there are no interviews to count, as in published evidence"
    assert saturation(published)["reason"].tolist() == [reason]
    assert saturation(study_of(tmp_path, people=False))["reason"].tolist() == [reason]
    assert saturation(published)["ratio"].isna().all()
    assert new_themes(published).empty


def test_a_study_whose_interviews_are_not_coded(tmp_path):
    study = study_of(tmp_path, heard=[""] * 7)
    words = "fewer than 6 interviews were coded"
    assert saturation(study)["reason"].tolist() == [words]
    assert saturation(study, by="area_type").empty
    assert themes_by_interview(study).empty
    without = replace(study, tables=dict(study.tables) | {"interviews": study.interviews.iloc[:0]})
    assert saturation(without)["reason"].tolist() == [words]


def test_a_base_without_themes_has_no_ratio(tmp_path):
    rows = saturation(study_of(tmp_path, heard=["z", "z", "a"], areas=["north"] * 3), base=2, run=1)
    assert rows["reason"].tolist() == ["the first 2 interviews raised no theme"]
    assert rows["ratio"].isna().all()


def test_wrong_calls(tmp_path):
    study = study_of(tmp_path)
    with pytest.raises(
        ValueError,
        match=r"^by must be one of \('', 'area_type', 'area_id', 'participant_group'\) for interviews, not 'area'\.$",
    ):
        saturation(study, by="area")
    with pytest.raises(ValueError, match=r"^base and run must be 1 or more, not 0 and 2\.$"):
        saturation(study, base=0)
