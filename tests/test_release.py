"""Two releases subtract to the people who came or went: by hand on a synthetic study, and over thirty withdrawals."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from ncsresearch.batch.digests import inputs
from ncsresearch.batch.release import changes, note_release
from ncsresearch.cli import app
from ncsresearch.disclosure.mask import withheld_counts
from ncsresearch.exchange.synthetic import synthetic_study
from ncsresearch.exchange.withdraw import withdraw
from ncsresearch.schema import AREA_TYPES, StudyError
from ncsresearch.study import Study, load_study
from ncsresearch.study.releases import FOLDER, releases


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic") / "made"
    synthetic_study(folder, areas=4, participants=160, segments=1500)
    settings = folder / "study.toml"
    settings.write_text(settings.read_text().replace('access = "public"', 'access = "confidential"'))
    return folder


@pytest.fixture
def study(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "made"))


def outputs(study: Path) -> Path:
    """Return an outputs folder as a run of the study as it is would leave its manifest."""
    folder = study.parent / "outputs"
    folder.mkdir(exist_ok=True)
    manifest = {"notebooks": [], "inputs": inputs(study).files}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def people(study: Path) -> list[str]:
    return list(load_study(study).participants["participant_id"])


def test_nothing_has_changed_after_a_release_and_it_may_leave_again(study):
    first, second = (note_release(outputs(study), study) for _ in range(2))
    assert (first[-2:], second[-2:]) == ("-1", "-2")
    assert changes(load_study(study)) == []


def test_a_mask_follows_the_last_release_and_is_the_same_on_any_machine(study, tmp_path):
    first = withheld_counts(load_study(study))
    name = note_release(outputs(study), study)
    (study / FOLDER / f"{name[:-1]}9.json").write_text('{"printed": []}')
    (study / FOLDER / f"{name}.json").rename(study / FOLDER / f"{name[:-1]}10.json")
    assert [name[11:] for name, _ in releases(study)] == ["9", "10"]
    copied = load_study(shutil.copytree(study, tmp_path / "elsewhere" / "made"))
    assert len(copied.printed) == (~first["hidden"] | first["words"].ne("")).sum()
    assert withheld_counts(copied).equals(first)
    (copied.folder / FOLDER / "notes.json").write_text("ours")
    (copied.folder / FOLDER / "2026-01-31-11.json").write_text("{")
    with pytest.raises(
        StudyError, match="^releases/2026-01-31-11.json of made is broken: restore it from a copy.$"
    ):
        load_study(copied.folder)


def test_a_release_holds_what_was_printed_and_nobody_s_name(study):
    name = note_release(outputs(study), study)
    text = (study / FOLDER / f"{name}.json").read_text()
    told = json.loads(text)
    assert not [person for person in people(study) if person in text]
    assert len(told["groups"]["/everybody"]) == 160
    printed = pd.DataFrame(told["printed"], columns=["code_id", "stance", "by", "group", "told"])
    numbers = pd.to_numeric(printed["told"], errors="coerce").dropna()
    assert len(numbers) > 50
    assert not numbers.between(1, 4).any()


def test_one_person_less_is_a_draft_that_says_of_which_groups(study):
    released = note_release(outputs(study), study)
    person = load_study(study).participants.iloc[0]
    withdraw(person["participant_id"], study)
    found = [str(each) for each in changes(load_study(study))]
    assert f"since the release {released}, of everybody: 1 went" in found
    assert f"since the release {released}, of {person['participant_group']}: 1 went" in found
    with pytest.raises(StudyError) as refused:
        note_release(outputs(study), study)
    assert str(refused.value).startswith(
        "made: these outputs are a private draft, since subtracting an earlier release tells of few people:\n  since the"
    )
    assert str(refused.value).endswith(
        "Wait until more have come or gone, or record a decision: --decided-by NAME --because REASON."
    )


def test_a_decision_lets_it_leave_and_is_kept(study):
    note_release(outputs(study), study)
    withdraw(people(study)[0], study)
    name = note_release(outputs(study), study, decided_by="A. Owner", because="the person agrees")
    assert changes(load_study(study)) == []
    told = json.loads((study / FOLDER / f"{name}.json").read_text())
    assert (told["decided_by"], told["because"]) == ("A. Owner", "the person agrees")
    withdraw(people(study)[0], study)
    assert changes(load_study(study))  # a decision holds for the people it was made of


def test_a_person_who_comes_back_is_seen_against_every_earlier_release(study, tmp_path):
    before = Path(shutil.copytree(study, tmp_path / "before"))
    note_release(outputs(study), study)
    gone = people(study)[0]
    withdraw(gone, study)
    note_release(outputs(study), study, decided_by="A. Owner", because="the person agrees")
    for path in before.glob("*.csv"):
        shutil.copy(path, study / path.name)
    assert gone in people(study)
    found = {str(each).split(", ", 1)[1] for each in changes(load_study(study))}
    assert "of everybody: 1 came" in found


def groups_of(study: Study, person: pd.Series) -> set[str]:
    """Return the groups that a reader may subtract to one person: all, kind of area, area, and who speaks."""
    area = study.areas.set_index("area_id").loc[person["area_id"]]
    return {"everybody", AREA_TYPES[area["area_type"]], area["name"], person["participant_group"]}


def test_thirty_withdrawals_are_each_a_draft_that_names_their_groups(study):
    released = note_release(outputs(study), study)
    whole = load_study(study)
    shown = {
        group.partition("/")[2]
        for group in json.loads((study / FOLDER / f"{released}.json").read_text())["groups"]
    }
    rows = whole.participants
    assert changes(whole) == []
    for place in range(0, 150, 5):
        found = changes(whole.holding(participants=rows.drop(index=rows.index[place])))
        assert {each.group for each in found} == groups_of(whole, rows.iloc[place]) & shown
        assert {(each.released, each.came, each.went) for each in found} == {(released, 0, 1)}


def test_one_person_more_is_a_draft_that_names_their_groups(study):
    rows = pd.read_csv(study / "participants.csv", dtype=str)
    note_release(outputs(study), study)
    added = rows.head(1).assign(participant_id="new")
    pd.concat([rows, added]).to_csv(study / "participants.csv", index=False)
    whole = load_study(study)
    assert {each.group for each in changes(whole)} == groups_of(whole, added.iloc[0])
    assert {(each.came, each.went) for each in changes(whole)} == {(1, 0)}


def test_a_second_withdrawal_is_compared_with_the_release_after_the_first_too(study):
    first, second = people(study)[:2]
    one = note_release(outputs(study), study)
    withdraw(first, study)
    two = note_release(outputs(study), study, decided_by="A. Owner", because="the person agrees")
    assert withdraw(second, study).left[-1] == (
        f"the releases {one} and {two} count this person and cannot be called back: whoever subtracts the next report could "
        "learn what they said, so each run is a private draft until enough others have come or gone, or you record a decision "
        "to release it"
    )
    found = {(each.released, each.went) for each in changes(load_study(study)) if each.group == "everybody"}
    assert found == {(one, 2), (two, 1)}


def test_a_person_whom_no_release_counts_learns_it(study):
    withdraw(people(study)[0], study)
    note_release(outputs(study), study)
    rows = pd.read_csv(study / "participants.csv", dtype=str)
    pd.concat([rows, rows.head(1).assign(participant_id="new")]).to_csv(
        study / "participants.csv", index=False
    )
    assert withdraw("new", study).left[-1] == "no release so far counts this person among the people heard"


def ncsresearch(*words: str | Path) -> tuple[int, str]:
    """Give a command as a person does; returns its status and what it says."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.output


def test_five_who_come_at_once_to_the_same_groups_are_no_draft(study):
    note_release(outputs(study), study)
    rows = pd.read_csv(study / "participants.csv", dtype=str)
    same = rows[
        rows["area_id"].eq(rows["area_id"][0]) & rows["participant_group"].eq(rows["participant_group"][0])
    ]
    more = pd.concat([same.head(1)] * 5).assign(participant_id=[f"new{n}" for n in range(5)])
    pd.concat([rows, more]).to_csv(study / "participants.csv", index=False)
    assert changes(load_study(study)) == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            {"decided_by": "A. Owner"},
            "A decision has a name and a reason: give both --decided-by and --because.",
        ),
        ({"because": "so"}, "A decision has a name and a reason: give both --decided-by and --because."),
    ],
)
def test_half_a_decision_is_none(study, asked, expected):
    with pytest.raises(StudyError) as refused:
        note_release(outputs(study), study, **asked)
    assert str(refused.value) == expected


def test_outputs_of_another_state_of_the_study_are_not_released(study):
    folder = outputs(study)
    withdraw(people(study)[0], study)
    with pytest.raises(StudyError) as refused:
        note_release(folder, study)
    assert str(refused.value).endswith(
        "made of another state of made. Run the study, and release what that leaves."
    )


def test_from_a_release_to_the_next_by_the_command_line(study, tmp_path):
    out = tmp_path / "out"
    run = ("run", study, "--output", out, "--chapter", "01_who_was_heard", "--format", "html")
    mark, release = out / "made" / "NOT_FIT_TO_LEAVE.txt", ("release", out / "made", "--study", study)
    assert ncsresearch(*run)[0] == 0
    assert not mark.exists()
    assert ncsresearch(*release)[0] == 0
    status, said = ncsresearch("withdraw", people(study)[0], "--from", study)
    assert status == 0
    assert said.splitlines()[-1].startswith("still to do: the release ")
    assert ncsresearch(*run)[0] == 0
    assert "A private draft, not fit to leave:" in (out / "index.html").read_text()
    lines = mark.read_text().splitlines()
    assert lines[0] == (
        "A private draft, not fit to leave: subtracting an earlier release from these pages would identify a few people."
    )
    assert any(line.endswith("of everybody: 1 went") for line in lines[1:])
    with pytest.raises(StudyError):
        note_release(out / "made", study)
    decided = ("--decided-by", "A. Owner", "--because", "the person agrees")
    assert ncsresearch(*release, *decided)[0] == 0
    assert not mark.exists()
    assert ncsresearch(*run)[0] == 0
    assert not mark.exists()
