"""A run makes what has changed, says why, and is done at once where nothing has."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from builders import OF_INTERVIEWS, study_folder
from conftest import once
from ncsresearch import StudyError
from ncsresearch.batch import plan as planning
from ncsresearch.batch.digests import of_package
from ncsresearch.batch.manifest import nothing_changed
from ncsresearch.batch.release import note_release
from ncsresearch.batch.run import run_studies
from ncsresearch.cli import app
from test_batch import notebook

CHAPTERS = ["01_who_was_heard", "02_themes", "13_answers"]
REPORTS = [f"20_case_study_area {area}" for area in ("north", "south", "west")]
SETTINGS = OF_INTERVIEWS.replace('["02_themes"]', json.dumps(CHAPTERS))
AREAS = """area_id,name,area_type,case_study,report
north,North,mainly_rural,yes,yes
south,South,larger_city,yes,yes
west,West,islands_remote,yes,yes
"""
PEOPLE = [(f"{area}{n}", area) for area in ("north", "south", "west") for n in (1, 2, 3)]
TABLES = {
    "participants": "participant_id,area_id,participant_group\n"
    + "".join(f"{person},{area},Staff\n" for person, area in PEOPLE),
    "interviews": "interview_id,area_id,participant_group\n"
    + "".join(f"i_{person},{area},Staff\n" for person, area in PEOPLE),
    "attendances": "interview_id,participant_id\n"
    + "".join(f"i_{person},{person}\n" for person, _ in PEOPLE),
    "segments": "segment_id,interview_id,participant_id,kind,read_by,document_id\n"
    + "".join(f"s_{person},i_{person},{person},passage,reader,report\n" for person, _ in PEOPLE),
    "codings": "coding_id,unit,unit_id,code_id,stance,coder\n"
    + "".join(f"c_{person},segments,s_{person},cost,challenge,a\n" for person, _ in PEOPLE),
}
WHOLE = "import ncsresearch as ncs\nstudy = ncs.load_study(study_dir)\n"
PART = "import ncsresearch as ncs\nstudy, _ = ncs.load_area(study_dir, area_id)\nlocal = ncs.local_evidence(study)\n"
PARAMETERS = 'study_dir: str = ""\narea_id: str = ""\nsources_dir: str = ""'
NOTEBOOKS = {
    "01_who_was_heard": WHOLE + "heard = len(study.participants), len(study.interviews)",
    "02_themes": WHOLE + "challenges = ncs.counts(study, stance='challenge')['n'].sum()",
    "13_answers": WHOLE + "answers = len(study.survey_answers)",
    "20_case_study_area": PART
    + "ncs.show(ncs.say(local), ncs.say(ncs.themes_beside(study)), ncs.table(local))",
}


@pytest.fixture(scope="module")
def first(shared):
    """Three areas of three people each, who all told of cost as a challenge, four small notebooks, and a run of them."""
    return once(shared / "changed", _first_run)


def _first_run(folder):
    (folder / "notebooks").mkdir(parents=True)
    for name, source in NOTEBOOKS.items():
        reads = "area" if name in REPORTS[0] else ""
        notebook(folder / f"notebooks/{name}.ipynb", source, parameters=PARAMETERS, reads=reads)
    study_folder(folder / "small", settings=SETTINGS, areas=AREAS, **TABLES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "NOTEBOOKS", folder / "notebooks")
        assert set(run(folder).values()) == {"it was not made before"}


@pytest.fixture
def project(first, tmp_path, monkeypatch):
    """A copy of the first run and all that it was made of."""
    monkeypatch.setattr(planning, "NOTEBOOKS", tmp_path / "project/notebooks")
    return Path(shutil.copytree(first, tmp_path / "project"))


def run(project, **options):
    """Return why each notebook was made, by name; those that stand are left out."""
    given = {"formats": "html"} | options
    results = run_studies([project / "small"], output=project / "outputs", **given)
    assert not [result.error for result in results if result.error]
    return {result.task.name: "; ".join(result.why) for result in results if result.status != "unchanged"}


def changed(project, name: str, before: str, after: str) -> None:
    path = project / "small" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")


def outputs(project) -> dict[str, bytes]:
    paths = (project / "outputs").rglob("*")
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in paths
        if path.is_file() and path.name != "manifest.json"
    }


def as_of_a_fresh_run(project) -> bool:
    """Whether the outputs are those of a run that makes everything."""
    now = outputs(project)
    run(project, fresh=True)
    return outputs(project) == now


def test_a_second_run_makes_nothing(project):
    before = outputs(project)
    assert run(project) == {}
    assert outputs(project) == before


def test_a_run_that_is_to_be_fresh_makes_everything(project):
    assert set(run(project, fresh=True, chapters=["13_answers"]).items()) == {
        ("13_answers", "all were asked for")
    }


def test_a_table_that_changes_concerns_the_chapters_that_read_it(project):
    changed(project, "codebook.csv", "Cost", "Costs")
    assert set(run(project)) == {"02_themes", *REPORTS}
    assert as_of_a_fresh_run(project)


def test_a_table_that_comes_concerns_the_chapters_that_asked_for_it(project):
    (project / "small/survey_items.csv").write_text("item_id,document_id\nq1,report\n")
    (project / "small/survey_answers.csv").write_text(
        "respondent_id,item_id,answer,area_id\nr1,q1,yes,north\n"
    )
    made = run(project)
    assert made["13_answers"] == "survey_answers.csv changed"
    assert made["20_case_study_area north"] == "rows of the area changed"
    assert set(made) == {"13_answers", "20_case_study_area north"}
    assert as_of_a_fresh_run(project)


def test_how_one_person_told_it_concerns_the_area_and_what_the_others_print_of_all(project):
    """Told as a strength: north tells of it, and the others may ask about what all areas call a challenge."""
    changed(project, "codings.csv", "s_north1,cost,challenge", "s_north1,cost,strength")
    assert run(project) == {
        "02_themes": "codings.csv changed",
        "20_case_study_area north": "rows of the area changed; figures of the whole study changed",
        "20_case_study_area south": "figures of the whole study changed",
        "20_case_study_area west": "figures of the whole study changed",
    }
    assert as_of_a_fresh_run(project)


def test_who_raised_it_concerns_every_area_that_prints_it_beside_its_own(project):
    changed(project, "codings.csv", "s_north1,cost,challenge", "s_north1,travel,challenge")
    assert run(project) == {
        "02_themes": "codings.csv changed",
        "20_case_study_area north": "rows of the area changed; figures of the whole study changed",
        "20_case_study_area south": "figures of the whole study changed",
        "20_case_study_area west": "figures of the whole study changed",
    }
    assert as_of_a_fresh_run(project)


@pytest.mark.parametrize(
    ("name", "before", "after", "made"),
    [
        ("study.toml", "May 2023", "June 2023", {*CHAPTERS, *REPORTS}),
        ("study.toml", 'der = "a"', 'der = "a"\n[limits]\n02_themes = ["Few were heard."]', {*CHAPTERS}),
        ("areas.csv", "North,mainly_rural", "The North,mainly_rural", {"20_case_study_area north"}),
    ],
    ids=["a setting", "a limit", "the name of an area"],
)
def test_what_stands_beside_concerns_those_who_read_it(project, name, before, after, made):
    changed(project, name, before, after)
    assert set(run(project)) == made
    assert as_of_a_fresh_run(project)


def test_findings_concern_their_chapter_or_their_area(project):
    (project / "small/findings/areas").mkdir(parents=True)
    written = "## Cost is raised\n[9 of 9]{people=cost} raised it.\n"
    (project / "small/findings/02_themes.md").write_text(written)
    assert run(project) == {"02_themes": "findings/02_themes.md changed"}
    (project / "small/findings/areas/north.md").write_text(written.replace("=cost", "=cost area_id=north"))
    assert run(project) == {"20_case_study_area north": "findings/areas/north.md changed"}


def test_a_notebook_that_is_edited_is_made_again(project):
    notebook(project / "notebooks/13_answers.ipynb", "print(1)", parameters=PARAMETERS)
    assert run(project) == {"13_answers": "the notebook changed"}


def test_a_report_that_does_not_declare_what_it_reads_is_made_of_the_whole_study(project):
    report = project / "notebooks/20_case_study_area.ipynb"
    notebook(report, NOTEBOOKS[report.stem], parameters=PARAMETERS)
    assert set(run(project)) == {*REPORTS}
    changed(project, "codings.csv", "s_north1,cost,challenge", "s_north1,cost,strength")
    assert run(project) == dict.fromkeys(["02_themes", *REPORTS], "codings.csv changed")


def test_a_notebook_that_declares_something_else_is_refused(project):
    notebook(project / "notebooks/20_case_study_area.ipynb", "1", reads="aera")
    with pytest.raises(StudyError) as raised:
        run(project)
    assert str(raised.value) == (
        "20_case_study_area.ipynb: its metadata say that it reads 'aera'; known: study, area, whole."
    )


def test_a_notebook_that_is_saved_with_what_it_shows_stands(project):
    path = project / "notebooks/13_answers.ipynb"
    executed = nbformat.read(path, as_version=4)
    executed.cells[-1]["execution_count"] = 3
    executed.cells[-1]["outputs"] = [nbformat.v4.new_output("stream", text="0")]
    nbformat.write(executed, path)
    assert nothing_changed([project / "small"], output=project / "outputs", formats="html") == 6
    assert run(project) == {}


def test_source_documents_concern_everything_that_is_given_them(project):
    (project / "papers").mkdir()
    (project / "papers/one.txt").write_text("one")
    assert set(run(project, sources=project / "papers").values()) == {"parameters changed; sources changed"}
    (project / "papers/one.txt").write_text("two")
    assert set(run(project, sources=project / "papers").values()) == {"sources changed"}


def test_another_version_of_the_package_concerns_everything(project, monkeypatch):
    monkeypatch.setattr("ncsresearch.batch.digests.of_package", lambda: "another")
    assert set(run(project).values()) == {"ncsresearch changed"}
    assert len(run(project)) == 0


@pytest.mark.parametrize("name", ["words/tables.toml", "page.css", "counts.py"])
def test_every_file_of_the_package_belongs_to_its_digest(tmp_path, monkeypatch, name):
    monkeypatch.setattr("ncsresearch.batch.digests.PACKAGE", tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("before")
    before = of_package.__wrapped__()
    (tmp_path / name).write_text("after")
    assert of_package.__wrapped__() != before


@pytest.mark.parametrize("harm", [lambda page: page.unlink(), lambda page: page.write_text("edited")])
@pytest.mark.parametrize("ending", ["html", "ipynb"])
def test_a_page_that_is_not_as_it_was_left_is_made_again(project, ending, harm):
    before = outputs(project)
    harm(project / f"outputs/small/chapters/02_themes.{ending}")
    assert run(project) == {"02_themes": "its pages are not as they were left"}
    assert outputs(project) == before


def test_the_manifest_says_why_each_notebook_was_made_or_stands(project):
    changed(project, "codings.csv", "s_north1,cost,challenge", "s_north1,cost,strength")
    run(project)
    told = json.loads((project / "outputs/small/manifest.json").read_text(encoding="utf-8"))
    why = {entry["name"]: entry["why"] for entry in told["notebooks"]}
    assert why["02_themes"] == ["codings.csv changed"]
    assert why["13_answers"] == []
    assert why["20_case_study_area south"] == ["figures of the whole study changed"]
    read = {entry["name"]: [*entry["made_of"]] for entry in told["notebooks"]}["13_answers"]
    assert [name for name in read if name.endswith(".csv")] == ["survey_answers.csv"]


def test_a_format_that_is_asked_for_later_is_written_without_making_a_notebook(project):
    assert run(project, formats="html,xlsx") == {}
    assert (project / "outputs/small/small.xlsx").is_file()
    assert run(project) == {}
    assert not (project / "outputs/small/small.xlsx").exists()


def test_nothing_changed_is_told_from_digests_alone(project):
    asked = {"output": project / "outputs", "formats": "html"}
    assert nothing_changed([project / "small"], **asked) == 6
    assert nothing_changed([project / "small"], **asked, areas=["north"]) == 1
    assert nothing_changed([project / "small"], **asked, chapters=["02_themes"]) == 1
    for other in (
        {"areas": ["nroth"]},
        {"chapters": ["2"]},
        {"sources": project / "small"},
        {"formats": "docx"},
    ):
        assert nothing_changed([project / "small"], **asked | other) is None, other


SMALL = "a count of people under 5; suppress it"
SAME = "small, since the last run: every finding and table says the same.\n"
LEAKS = f"""Not fit to leave: these pages show what must not leave.
chapters/13_answers.html, "Key points", paragraph 1: {SMALL}
chapters/13_answers.ipynb, cell 4, output 1, text/html, paragraph 1: {SMALL}
small: 2 leaks in 2 files.
"""


def commanded(project) -> tuple[int, str]:
    """The exit status of a run from the command line, and what it says of the outputs."""
    asked = ["run", project / "small", "--output", project / "outputs", "--format", "html"]
    done = CliRunner().invoke(app, [*map(str, asked)])
    return done.exit_code, done.output.partition("index.html\n")[2]


def test_a_confidential_run_ends_with_vet_and_remembers_the_verdict(project, monkeypatch):
    changed(project, "study.toml", '"public"', '"confidential"')
    survey, target, out = (
        project / "notebooks/13_answers.ipynb",
        project / "outputs/small",
        project / "outputs",
    )
    shown = "from IPython.display import HTML, display\ndisplay(HTML('<p>Heard {} clients</p>'.format(len('abc'))))"
    notebook(survey, shown, parameters=PARAMETERS)
    run(project)
    assert nothing_changed([project / "small"], output=out, formats="html") is None  # it is not vetted
    assert commanded(project) == (1, f"{target}: {LEAKS}{SAME}")
    assert (target / "NOT_FIT_TO_LEAVE.txt").read_text(encoding="utf-8") == LEAKS
    assert "not fit to leave:</strong> small: 2 leaks in 2 files." in (out / "index.html").read_text()
    with monkeypatch.context() as patch:
        patch.setattr("ncsresearch.vet.vetting.vet_outputs", None)
        assert nothing_changed([project / "small"], output=out, formats="html") == 6
        assert commanded(project) == (1, f"{target}: {LEAKS}")
    with pytest.raises(StudyError) as refused:
        note_release(target, project / "small")
    assert str(refused.value) == (
        f"{target}: vet names 2 leaks in them, listed in NOT_FIT_TO_LEAVE.txt. Mend those and run again, "
        "or record a decision: --decided-by NAME --because REASON."
    )
    notebook(survey, "nobody = 0", parameters=PARAMETERS)
    assert commanded(project) == (0, f"small, vet: no leak found\n{SAME}")
    assert not (target / "NOT_FIT_TO_LEAVE.txt").exists()
    assert commanded(project) == (0, "small, vet: no leak found\n")


MADE_OF = ("small/codings.csv", "small/study.toml")
LEFT = ("outputs/small/findings.json", "outputs/small/chapters/02_themes.html")


@pytest.mark.parametrize("path", [*MADE_OF, *LEFT])
def test_a_file_that_is_edited_is_seen(project, path):
    (project / path).write_text((project / path).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert nothing_changed([project / "small"], output=project / "outputs", formats="html") is None


@pytest.mark.parametrize("path", [*MADE_OF, *LEFT, "notebooks/13_answers.ipynb", "outputs/index.html"])
def test_a_file_that_is_gone_is_seen(project, path):
    (project / path).unlink()
    assert nothing_changed([project / "small"], output=project / "outputs", formats="html") is None


def test_a_narrow_run_on_changed_material_does_not_hide_what_is_still_to_be_made(project):
    changed(project, "codebook.csv", "Cost", "Costs")
    assert set(run(project, chapters=["02_themes"])) == {"02_themes"}
    assert nothing_changed([project / "small"], output=project / "outputs", formats="html") is None
    manifest = json.loads((project / "outputs/small/manifest.json").read_text())
    assert manifest["of_another_state"] == ["01_who_was_heard", "13_answers", *REPORTS]
    assert set(run(project)) == {*REPORTS}
    assert nothing_changed([project / "small"], output=project / "outputs", formats="html") == 6


def test_nothing_changed_loads_no_library(project):
    code = (
        "import sys, pathlib; from ncsresearch.batch import plan; from ncsresearch.batch.manifest import nothing_changed as same\n"
        f"plan.NOTEBOOKS = pathlib.Path({str(project / 'notebooks')!r})\n"
        f"print(same([pathlib.Path({str(project / 'small')!r})], output=pathlib.Path({str(project / 'outputs')!r}), formats='html'))\n"
        "print([name for name in ('pandas', 'numpy', 'papermill', 'nbformat') if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert told.stdout == "6\n[]\n"


def test_the_digests_of_a_confidential_study_tell_nothing_of_a_table_one_can_think_of(project):
    """The same table in two studies with other people has other digests."""
    changed(project, "study.toml", '"public"', '"confidential"')
    told = []
    for person in ("north1,north,Staff", "north1,north,Partners"):
        changed(project, "participants.csv", "north1,north,Staff", person)
        run(project, chapters=["02_themes"])
        told.append(json.loads((project / "outputs/small/manifest.json").read_text(encoding="utf-8")))
    one, two = (told[n]["inputs"]["codings.csv"] for n in (0, 1))
    assert one != two
    assert told[0]["notebooks"][1]["made_of"]["codings.csv"] == one
