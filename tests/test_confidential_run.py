"""A confidential study from end to end: what a run leaves may leave, and a claim that falls fails the run."""

import json
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from conftest import PROJECT, vetted
from ncsresearch.analysis.support import support
from ncsresearch.batch.run import run_studies
from ncsresearch.cli import app
from ncsresearch.evidence.judgements import people_codings
from ncsresearch.study import load_study

ILLUSTRATIVE = PROJECT / "data" / "illustrative"


@pytest.fixture(scope="module")
def outputs(site):
    return site / "illustrative"


def test_a_whole_run_holds_nothing_that_may_not_leave(outputs):
    assert vetted(outputs) == ("illustrative: no leak found.",)


def test_what_was_withheld_is_told_without_what_it_was(outputs):
    log = json.loads((outputs / "disclosure.json").read_text(encoding="utf-8"))
    tables = {(entry["chapter"], entry["table"]) for entry in log["withheld"]}
    assert log["threshold"] == 5
    assert ("02_themes", "groups_raised") in tables and ("21_areas_compared", "areas_themes") in tables
    assert {key for entry in log["withheld"] for key in entry} == {
        "chapter",
        "area_id",
        "table",
        "cells",
        "words",
    }
    assert {key for family in log["families"] for key in family} == {"counts", "loss", "bound", "by"}


def test_one_coding_taken_away_fails_the_run_with_the_sentence_that_falls(tmp_path):
    folder = tmp_path / "changed"
    shutil.copytree(ILLUSTRATIVE, folder, ignore=shutil.ignore_patterns("raw"))
    study = load_study(folder)
    n = support(study, theme="travel_and_distance").n_for
    (folder / "claims.toml").write_text(
        f'[[02_themes]]\nsays = "Distance comes up again and again."\ntheme = "travel_and_distance"\nholds = "at least"\nnumber = {n}\n'
    )
    assert run_studies([folder], output=tmp_path / "out", chapters=["02_themes"])[0].status == "done"
    said = people_codings(study)
    said = said[said["code_id"].eq("travel_and_distance")]
    once = said[~said["participant_id"].duplicated(keep=False)].iloc[0]
    codings = pd.read_csv(folder / "codings.csv", dtype="str")
    codings[codings["coding_id"].ne(once["coding_id"])].to_csv(folder / "codings.csv", index=False)
    (result,) = run_studies([folder], output=tmp_path / "out", chapters=["02_themes"])
    cell, why = result.error.split(": ", 1)
    assert cell.startswith("code cell ")
    assert (result.status, why) == (
        "failed",
        f'claims.toml, 02_themes, claim 1: "Distance comes up again and again." no longer holds: expected that {n} people or more '
        f"say so, found {n - 1} of 141 people heard.",
    )
    checked = CliRunner().invoke(app, ["check", str(folder)])
    assert (checked.exit_code, checked.stdout) == (
        1,
        f"claims.toml, line 1, 02_themes, claim 1: found {n - 1} of 141 people heard, expected that {n} people or more say so "
        '("Distance comes up again and again.").\nchanged: 1 fault.\n',
    )
