"""A confidential study from end to end: what a run leaves may leave, and a finding that no longer holds fails the run."""

import json
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from conftest import PROJECT, vetted
from ncsresearch.batch.run import run_studies
from ncsresearch.cli import app
from ncsresearch.evidence.judgements import people_codings
from ncsresearch.evidence.people import people_evidence
from ncsresearch.study import load_study
from ncsresearch.vet.vetting import vet_outputs

ILLUSTRATIVE = PROJECT / "data" / "illustrative"


@pytest.fixture(scope="module")
def outputs(site):
    return site / "illustrative"


def test_a_whole_run_holds_nothing_that_may_not_leave(outputs):
    assert vetted(outputs) == ("illustrative: no leak found.",)


def test_a_run_of_published_evidence_held_against_its_study_says_nothing_that_is_not_there(site):
    study = PROJECT / "data" / "published"
    assert vet_outputs(site / "published", study=study).lines == ("published: no leak found.",)


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


def test_one_coding_taken_away_fails_the_run_with_its_line_and_an_update_mends_the_span_alone(tmp_path):
    folder = tmp_path / "changed"
    shutil.copytree(ILLUSTRATIVE, folder, ignore=shutil.ignore_patterns("raw", "findings"))
    study = load_study(folder)
    n = people_evidence(study).query("code_id == 'travel_and_distance'")["participant_id"].nunique()
    (folder / "findings").mkdir()
    file = folder / "findings" / "02_themes.md"
    text = "What people heard said.\r\n\r\n## Distance comes up\r\nIt was raised by [{n} of 141\r\npeople]{{people=travel_and_distance}}.\r\n"
    file.write_bytes(text.format(n=n).encode())
    asked = {"output": tmp_path / "out", "chapters": ["02_themes"]}
    assert run_studies([folder], **asked)[0].status == "done"
    said = people_codings(study)
    said = said[said["code_id"].eq("travel_and_distance")]
    once = said[~said["participant_id"].duplicated(keep=False)].iloc[0]
    codings = pd.read_csv(folder / "codings.csv", dtype="str")
    codings[codings["coding_id"].ne(once["coding_id"])].to_csv(folder / "codings.csv", index=False)
    (result,) = run_studies([folder], **asked)
    cell, why = result.error.split(": ", 1)
    fallen = f"findings/02_themes.md, line 4: found '{n} of 141 people', expected '{n - 1} of 141 people'."
    assert cell.startswith("code cell ")
    assert (result.status, why) == ("failed", fallen)
    checked = CliRunner().invoke(app, ["check", str(folder)])
    assert (checked.exit_code, checked.stdout) == (1, f"{fallen}\nchanged: 1 fault.\n")
    updated = CliRunner().invoke(app, ["findings", str(folder), "--update"])
    assert (updated.exit_code, updated.stdout) == (
        0,
        "findings/02_themes.md: 1 span rewritten\nchanged: 0 faults in 1 file of findings.\n",
    )
    assert file.read_bytes() == text.format(n=n - 1).encode()
    assert run_studies([folder], **asked)[0].status == "done"
