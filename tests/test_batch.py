"""A run over small notebooks, and over two areas of the published study from end to end."""

import contextlib
import csv
import json
import os
import re
import shutil
import zipfile
from hashlib import sha256
from pathlib import Path

import nbformat
import openpyxl
import pytest

from benchmarks import batch as benchmark
from builders import SETTINGS, study_folder
from conftest import PROJECT
from ncsresearch import StudyError
from ncsresearch.batch import plan as planning
from ncsresearch.batch.execute import execute_chapter
from ncsresearch.batch.run import run_studies

SETUP = "import ncsresearch as ncs\n\nstudy = ncs.load_study(study_dir)"
SAY = 'ncs.show(ncs.Finding("areas", f"{len(study.areas)} areas.", {"areas": len(study.areas)}))'
SHOW = 'ncs.show(ncs.Table("areas", "Areas", study.areas, {"name": "Name"}, "areas", "a list"))'
FRAME = "study.areas[['name', 'area_type']].assign(people=[1200, 3])"
DRAWN = "import matplotlib.pyplot as plt\nplt.figure().subplots(subplot_kw={'title': 'Two bars'}).bar(['a', 'b'], [1, 2])"


def notebook(
    path, *cells: str, parameters: str = 'study_dir: str = ""\narea_id: str = ""', reads: str = ""
) -> None:
    """Write a chapter of these code cells, which declares what it reads where that is not the whole study."""
    first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    body = [nbformat.v4.new_code_cell(source) for source in cells]
    heading = nbformat.v4.new_markdown_cell(
        f"# {path.stem}\n\nA chapter. [Next](02_themes.ipynb)\n\n## Key points"
    )
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel} | ({"ncsresearch": {"reads": reads}} if reads else {})
    nbformat.write(nbformat.v4.new_notebook(cells=[heading, first, *body], metadata=metadata), path)


def small_project(folder):
    (folder / "notebooks").mkdir()
    notebook(folder / "notebooks/02_themes.ipynb", SETUP, SAY, SHOW)
    notebook(folder / "notebooks/20_case_study_area.ipynb", SETUP, SAY)
    study_folder(folder / "small")
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder of small notebooks in place of the project's, and a small study."""
    monkeypatch.setattr(planning, "NOTEBOOKS", tmp_path / "notebooks")
    return small_project(tmp_path)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """The same with a run of it; for reading alone."""
    folder = small_project(tmp_path_factory.mktemp("first"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "NOTEBOOKS", folder / "notebooks")
        run(folder)
    return folder


@pytest.fixture
def ran(first, tmp_path, monkeypatch):
    """A copy of the first run and all that it was made of."""
    monkeypatch.setattr(planning, "NOTEBOOKS", tmp_path / "ran/notebooks")
    return Path(shutil.copytree(first, tmp_path / "ran"))


def run(project, **options):
    return run_studies([project / "small"], output=project / "outputs", **options)


def left(project) -> list[str]:
    outputs = project / "outputs"
    return sorted(path.relative_to(outputs).as_posix() for path in outputs.rglob("*") if path.is_file())


def test_a_run_leaves_pages_tables_findings_and_a_manifest(project):
    results = run(project)
    assert [(result.task.name, result.status) for result in results] == [
        ("02_themes", "done"),
        ("20_case_study_area north", "done"),
        ("20_case_study_area south", "done"),
    ]
    assert left(project) == [
        "accessibility.html",
        "index.html",
        "small/areas/north/20_case_study_area.docx",
        "small/areas/north/20_case_study_area.html",
        "small/areas/north/20_case_study_area.ipynb",
        "small/areas/south/20_case_study_area.docx",
        "small/areas/south/20_case_study_area.html",
        "small/areas/south/20_case_study_area.ipynb",
        "small/catalogue.json",
        "small/chapters/02_themes.html",
        "small/chapters/02_themes.ipynb",
        "small/findings.json",
        "small/manifest.json",
        "small/small.docx",
        "small/small.xlsx",
        "small/tables/02_themes/areas.csv",
    ]
    with (project / "outputs/small/tables/02_themes/areas.csv").open(encoding="utf-8") as file:
        assert [(row["name"], row["study_status"]) for row in csv.DictReader(file)] == [
            ("North", "Public study: no number is withheld"),
            ("South", "Public study: no number is withheld"),
        ]
    findings = json.loads((project / "outputs/small/findings.json").read_text())
    assert [(finding["chapter"], finding["area_id"], finding["sentence"]) for finding in findings] == [
        ("02_themes", "", "2 areas."),
        ("20_case_study_area", "north", "2 areas."),
        ("20_case_study_area", "south", "2 areas."),
    ]


def test_an_executed_notebook_names_no_place_of_the_machine(first):
    for path in (first / "outputs").rglob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert str(first) not in text
        assert '"study_dir' in text or "study_dir" in text
        assert '"papermill"' not in text


@pytest.mark.parametrize(
    "other", [{}, {"workers": 1}, {"cold": True}], ids=["again", "one worker", "a Python of its own"]
)
def test_two_runs_leave_the_same_bytes_but_for_the_manifest(ran, other):
    def contents(output: Path) -> dict[str, bytes]:
        kept = (path for path in output.rglob("*") if path.is_file() and path.name != "manifest.json")
        return {path.relative_to(output).as_posix(): path.read_bytes() for path in kept}

    notebook(ran / "notebooks/02_themes.ipynb", SETUP, SAY, SHOW, FRAME, DRAWN)
    run_studies([ran / "small"], output=ran / "one")
    run_studies([ran / "small"], output=ran / "again", **other)
    assert contents(ran / "again") == contents(ran / "one")


def test_the_time_of_a_build_that_is_to_be_repeated_is_the_one_given(project, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    run(project, chapters=["02_themes"])
    manifest = json.loads((project / "outputs/small/manifest.json").read_text())
    assert manifest["finished"] == "1970-01-02T00:00:00+00:00"


def test_a_folder_outside_the_project_is_told_by_its_name_alone(project, tmp_path_factory):
    sources = tmp_path_factory.mktemp("secret") / "papers"
    sources.mkdir()
    path = project / "notebooks/20_case_study_area.ipynb"
    notebook(path, SETUP, SAY, parameters='study_dir: str = ""\narea_id: str = ""\nsources_dir: str = ""')
    assert run(project, areas=["north"], sources=sources)[0].status == "done"
    for name in (
        "areas/north/20_case_study_area.ipynb",
        "areas/north/20_case_study_area.html",
        "manifest.json",
    ):
        assert "secret" not in (project / "outputs/small" / name).read_text(encoding="utf-8")
    executed = (project / "outputs/small/areas/north/20_case_study_area.ipynb").read_text(encoding="utf-8")
    assert 'sources_dir = \\"papers\\"' in executed


def test_the_manifest_says_what_the_run_was_made_of(first):
    manifest = json.loads((first / "outputs/small/manifest.json").read_text())
    assert set(manifest["inputs"]) == {
        "areas.csv",
        "codebook.csv",
        "codings.csv",
        "documents.csv",
        "segments.csv",
        "study.toml",
    }
    assert all(re.fullmatch("[0-9a-f]{64}", value) for value in manifest["inputs"].values())
    assert manifest["notebooks"][1]["parameters"] == {"study_dir": "../small", "area_id": "north"}
    assert {entry["status"] for entry in manifest["notebooks"]} == {"done"}


def test_the_digests_of_a_confidential_study_say_nothing_of_one_table_alone(project):
    plain = sha256((project / "small/areas.csv").read_bytes()).hexdigest()
    for access, same in (("public", True), ("confidential", False)):
        study_folder(project / "small", settings=SETTINGS.replace('"public"', f'"{access}"'))
        run(project, chapters=["02_themes"])
        manifest = json.loads((project / "outputs/small/manifest.json").read_text())
        assert (manifest["inputs"]["areas.csv"] == plain) is same
        assert re.fullmatch("[0-9a-f]{64}", manifest["inputs"]["areas.csv"])


def test_a_page_of_an_area_has_its_name_and_links_that_lead_somewhere(first):
    page = first / "outputs/small/areas/north/20_case_study_area.html"
    html = page.read_text(encoding="utf-8")
    assert '<html lang="en-GB">' in html
    assert "<title>North: area report – A small study</title>" in html
    assert len(re.findall("<h1", html)) == 1
    for link in re.findall(r'href="([^"#:]+)"', html):
        assert (page.parent / link).resolve().is_file(), link
    assert not re.search(r'(?:src|href)="https?://(?!www\.nationalarchives)', html)


def test_a_failed_notebook_is_named_and_does_not_hide_the_others(ran):
    notebook(ran / "notebooks/02_themes.ipynb", SETUP, "1 / 0")
    results = run(ran)
    why = "code cell 3 under “Key points”: ZeroDivisionError: division by zero; the cell is marked in the notebook under failed/"
    assert [(result.status, result.error) for result in results] == [
        ("failed", why),
        ("unchanged", ""),
        ("unchanged", ""),
    ]
    assert "small/chapters/02_themes.html" not in left(ran)
    assert "small/failed/02_themes.ipynb" in left(ran)
    index = (ran / "outputs/index.html").read_text(encoding="utf-8")
    assert "not made: code cell 3 under “Key points”: ZeroDivisionError" in index
    assert not [path for path in left(ran) if "partial" in path]


def test_an_error_in_a_confidential_study_is_told_by_its_kind_alone(project):
    study_folder(project / "small", settings=SETTINGS.replace('"public"', '"confidential"'))
    notebook(project / "notebooks/02_themes.ipynb", SETUP, "{}['what a person said']")
    told = "code cell 3 under “Key points”: KeyError; the cell is marked in the notebook under failed/"
    assert run(project)[0].error == told
    assert "what a person said" not in (project / "outputs/index.html").read_text(encoding="utf-8")


def test_a_link_to_a_chapter_that_is_not_made_is_plain_words(project):
    study_folder(project / "small", settings=SETTINGS.replace("02_themes", "03_other"))
    notebook(project / "notebooks/03_other.ipynb", SETUP, SAY)
    run(project)
    page = (project / "outputs/small/chapters/03_other.html").read_text(encoding="utf-8")
    assert "A chapter. Next" in page


def test_our_own_message_is_passed_on(project):
    notebook(project / "notebooks/02_themes.ipynb", SETUP + '.where(area_id="nort")')
    assert run(project)[0].error == (
        "code cell 2 under “Key points”: There is no area 'nort'; known: north, south. Did you mean 'north'?"
    )


def test_a_frame_and_a_figure_of_ones_own_stand_on_the_page_in_word_in_excel_and_in_a_file(project):
    notebook(project / "notebooks/02_themes.ipynb", SETUP, FRAME, DRAWN)
    assert run(project)[0].error == ""
    small = project / "outputs/small"
    page = (small / "chapters/02_themes.html").read_text(encoding="utf-8")
    assert '<th scope="row">North</th><td>mainly_rural</td><td class=number>1,200</td>' in page
    assert page.count("<title>Two bars.</title>") == 1
    with zipfile.ZipFile(small / "small.docx") as word:
        assert b">1,200<" in word.read("word/document.xml")
    sheet = openpyxl.load_workbook(small / "small.xlsx").worksheets[3]
    assert ("North", "mainly_rural", 1200) in [*sheet.iter_rows(values_only=True)]
    with (small / "tables/02_themes/frame_1.csv").open(encoding="utf-8") as file:
        assert [(row["name"], row["people"]) for row in csv.DictReader(file)] == [
            ("North", "1200"),
            ("South", "3"),
        ]


@pytest.mark.parametrize("cell", [FRAME, f"ncs.show({FRAME})", DRAWN], ids=["frame", "shown", "figure"])
def test_a_confidential_study_shows_no_frame_or_figure_as_it_is(project, cell):
    study_folder(project / "small", settings=SETTINGS.replace('"public"', '"confidential"'))
    notebook(project / "notebooks/02_themes.ipynb", SETUP, cell)
    assert run(project, chapters=["02_themes"])[0].error == (
        "code cell 3 under “Key points”: a frame or a figure is shown as it is, and in a confidential study nothing says "
        "how much of it may be shown. Make a table of a frame of ncsresearch with ncs.table, or a figure with ncs.plot, and show that "
        "with ncs.show."
    )
    assert not [path for path in left(project) if "02_themes" in path]


def test_a_kernel_that_dies_is_a_failure_and_no_hang(project):
    notebook(project / "notebooks/02_themes.ipynb", "import os\nos._exit(1)")
    result = run(project)[0]
    assert (result.status, result.error) == (
        "failed",
        "code cell 2 under “Key points”: DeadKernelError: Kernel died",
    )


def test_a_parameter_that_a_chapter_does_not_declare_is_refused(project):
    path = project / "notebooks/20_case_study_area.ipynb"
    notebook(path, SETUP, parameters='study_dir: str = ""')
    with pytest.raises(StudyError) as raised:
        execute_chapter(path, project / "executed.ipynb", {"study_dir": "../small", "area_id": "north"})
    assert (
        str(raised.value) == "20_case_study_area.ipynb declares no parameter area_id; it declares study_dir."
    )
    assert not (project / "executed.ipynb").exists()
    assert [result.status for result in run(project)] == ["done", "failed", "failed"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"areas": ["nroth"]},
            "There is no area with a report 'nroth'; known: north, south. Did you mean 'north'?",
        ),
        (
            {"chapters": ["02_thems"]},
            "There is no chapter '02_thems'; known: 02_themes, 20_case_study_area. Did you mean '02_themes'?",
        ),
    ],
)
def test_what_the_study_does_not_have_is_refused_before_anything_runs(project, options, message):
    with pytest.raises(StudyError) as raised:
        run(project, **options)
    assert str(raised.value) == message
    assert not (project / "outputs").exists()


def test_two_studies_of_one_folder_name_are_refused_before_anything_runs(project):
    other = shutil.copytree(project / "small", project / "elsewhere" / "small")
    with pytest.raises(StudyError) as refused:
        run_studies([project / "small", other], output=project / "outputs")
    assert str(refused.value) == (
        f"{project / 'small'} and {other}: two studies of one folder name, whose outputs would be in one place; expected names "
        "that differ, or a run for each with an --output of its own."
    )
    assert not (project / "outputs").exists()


def test_a_missing_sources_folder_is_refused_before_anything_runs(project):
    with pytest.raises(StudyError, match="there is no such folder of source documents"):
        run(project, sources=project / "nowhere")
    assert not (project / "outputs").exists()


def test_an_outputs_folder_that_is_a_file_is_refused(project):
    (project / "outputs").write_text("")
    with pytest.raises(StudyError, match=r"outputs: cannot be written to \(File exists\)."):
        run(project)


def test_a_narrow_run_leaves_the_rest_as_it_was(ran):
    before = (ran / "outputs/small/chapters/02_themes.html").stat().st_mtime_ns
    results = run(ran, areas=["north"])
    assert [result.task.name for result in results] == ["20_case_study_area north"]
    assert (ran / "outputs/small/chapters/02_themes.html").stat().st_mtime_ns == before
    manifest = json.loads((ran / "outputs/small/manifest.json").read_text())
    assert len(manifest["notebooks"]) == 3


def test_pages_of_an_area_that_is_gone_go_too(ran):
    areas = (
        (ran / "small/areas.csv").read_text().replace("South,larger_city,yes,yes", "South,larger_city,yes,no")
    )
    (ran / "small/areas.csv").write_text(areas)
    run(ran)
    assert not [path for path in left(ran) if "areas/south" in path]


def test_a_chapter_without_a_notebook_is_named(project):
    study_folder(project / "small", settings=SETTINGS.replace("02_themes", "02_thmes"))
    with pytest.raises(StudyError) as raised:
        run(project)
    assert str(raised.value) == (
        "There is no chapter '02_thmes'; known: 02_themes, 20_case_study_area. Did you mean '02_themes'?"
    )


def test_two_areas_of_the_published_study_from_end_to_end(tmp_path):
    published = PROJECT / "data" / "published"
    results = run_studies([published], output=tmp_path, areas=["glasgow_city", "wokingham"])
    assert [result.status for result in results] == ["done", "done"], [result.error for result in results]
    findings = json.loads((tmp_path / "published/findings.json").read_text())
    said = {(finding["area_id"], finding["name"]): finding["sentence"] for finding in findings}
    of_glasgow = " ".join(sentence for (area, _), sentence in said.items() if area == "glasgow_city")
    assert "48 community payback orders began here for every 10,000 people" in of_glasgow
    assert "against 38 in Scotland" in of_glasgow
    assert "figures on services for Wokingham" in said["wokingham", "not_known"]
    page = (tmp_path / "published/areas/wokingham/20_case_study_area.html").read_text(encoding="utf-8")
    assert "Wokingham: area report" in page


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (
            "import time; time.sleep(600)",
            "code cell 2 under “Key points”: it took longer than it may (--time-limit)",
        ),
        ("import os; os._exit(1)", "code cell 2 under “Key points”: DeadKernelError: Kernel died"),
    ],
    ids=["hangs", "dies"],
)
def test_a_notebook_that_does_not_end_well_is_told_and_the_others_are_made(project, cell, why):
    notebook(project / "notebooks/02_themes.ipynb", cell)
    results = run(project, time_limit=5)
    assert [(result.status, result.error) for result in results] == [
        ("failed", why),
        ("done", ""),
        ("done", ""),
    ]
    assert not [path for path in left(project) if "partial" in path]


def test_two_runs_do_not_write_to_one_folder_at_once(ran):
    import fcntl

    before = left(ran)
    with open_folder(ran / "outputs") as folder:
        fcntl.flock(folder, fcntl.LOCK_EX)
        with pytest.raises(StudyError) as raised:
            run(ran, chapters=["02_themes"])
    assert str(raised.value) == (
        f"{ran / 'outputs'}: another run is writing to it. Wait for it, or name another --output."
    )
    assert left(ran) == before
    assert run(ran, chapters=["02_themes"], fresh=True)[0].status == "done"


@contextlib.contextmanager
def open_folder(path):
    folder = os.open(path, os.O_RDONLY)
    try:
        yield folder
    finally:
        os.close(folder)


def test_a_batch_may_be_timed_with_pages_and_without(tmp_path):
    notebook = benchmark.write_notebook(tmp_path / "20_area.ipynb")
    for name, rendered in (("pages", True), ("none", False)):
        (tmp_path / name).mkdir()
        (done,) = benchmark.executed(["area_1"], notebook, tmp_path / name, rendered=rendered)
        assert done.notebook and bool(done.page) == rendered


def test_the_floor_of_the_benchmark_prints_nothing(monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)  # it works in the chapter's folder
    chapter = PROJECT / "notebooks" / "01_who_was_heard.ipynb"
    benchmark.real_script(PROJECT / "data" / "illustrative", chapter, "")
    assert capsys.readouterr().out == ""
