"""What goes wrong while a study is run leaves nothing half done and nobody behind, and the next run makes all whole."""

import contextlib
import errno
import fcntl
import gc
import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from builders import AREAS, SETTINGS, study_folder
from forked_runs import ForkedRun, forking_process
from ncsresearch import StudyError
from ncsresearch.batch import outputs as writing
from ncsresearch.batch import plan as planning
from ncsresearch.batch.manifest import nothing_changed
from ncsresearch.batch.run import run_studies
from test_batch import SAY, SETUP, SHOW, notebook, open_folder
from test_cells import children_of, comes_true, is_alive

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")

STOPPED = "Stopped. What was made before is kept; the next run goes on from there.\n"
ONE_AREA = AREAS.replace("South,larger_city,yes,yes", "South,larger_city,yes,no")
FAULTY = """import os, pathlib
fault = pathlib.Path(os.environ.get("FAULT", "/nowhere"))
if fault.is_file():
    exec(fault.read_text())"""
WAIT = """import time
(fault.parent / f"at-{os.getpid()}").touch()
while not (fault.parent / "go").exists():
    time.sleep(0.05)"""
COMMAND = """import functools, os, signal, sys, time
from pathlib import Path
from ncsresearch.batch import formats, plan

signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
plan.NOTEBOOKS, fault, write = Path(os.environ["NOTEBOOKS"]), Path(os.environ["FAULT"]), formats._write

@functools.wraps(write)
def waits(*arguments):
    (fault.parent / f"at-{os.getpid()}").touch()
    while not (fault.parent / "go").exists():
        time.sleep(0.05)
    write(*arguments)

formats._write = waits if "PUBLISHES_SLOWLY" in os.environ else write
from ncsresearch.cli import main
main()"""


class Project:
    """A small study with a chapter and a report, and a cell in each that does what the file fault says."""

    def __init__(self, folder: Path, temp: Path, door: Path | None = None):
        self.folder, self.temp, self.door, self.sessions = folder, temp, door, []
        self.study, self.notebooks, self.outputs = (
            folder / name for name in ("small", "notebooks", "outputs")
        )
        self.fault, self.go = folder / "fault", folder / "go"
        self.notebooks.mkdir()
        self.write_notebooks()
        study_folder(self.study, areas=ONE_AREA)
        own = {"TMPDIR": str(temp), "FAULT": str(self.fault), "NOTEBOOKS": str(self.notebooks)}
        self.env = os.environ | own

    def write_notebooks(self) -> None:
        for name, cells in (("02_themes", (SAY, SHOW)), ("20_case_study_area", (SAY,))):
            path = self.notebooks / f"{name}.ipynb"
            notebook(path, SETUP, FAULTY, *cells)
            written = nbformat.read(path, as_version=4)
            for number, cell in enumerate(written.cells):
                cell["id"] = f"cell-{number}"
            nbformat.write(written, path)

    def begin(self, *options: str, fault: str = "", before: str = "", **env: str):
        """Start a run as a user does, in a session of its own; before is said in the shell that starts it."""
        self.fault.write_text(fault)
        formats = () if "--format" in options else ("--format", "html")
        arguments = ["run", str(self.study), "--output", str(self.outputs), *formats, *options]
        if not before:
            return self.forked(COMMAND, arguments, env)
        command = ["unshare", "-rm", "sh", "-c", before, "sh", sys.executable, "-c", COMMAND, *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, env=self.env | env, start_new_session=True, **pipes)

    def forked(self, code: str, arguments: list[str], env: dict[str, str]) -> ForkedRun:
        """Start a run from a process that has its libraries loaded."""
        run = ForkedRun(self.door, code, arguments, self.env | env, self.folder / "message")
        self.sessions.append(run.pid)
        return run

    def at_work(self, n: int = 1) -> list[int]:
        """Wait until the fault is at work in so many processes and return them."""
        assert comes_true(lambda: len([*self.folder.glob("at-*")]) >= n)
        return [int(path.name.removeprefix("at-")) for path in self.folder.glob("at-*")]

    def processes(self) -> list[int]:
        """Return the processes that have come of runs of this project: those of its notebooks are at work in its folder."""
        told = f"TMPDIR={self.temp}".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                number = int(path.parent.name)
                its_own = os.getsid(number) in self.sessions or told in path.read_bytes().split(b"\0")
                at_work = (path.parent / "cwd").readlink().is_relative_to(self.temp)
                if (its_own or at_work) and is_alive(number):
                    found.append(number)
        return found

    def run(self, **options):
        """Run in this process."""
        return run_studies([self.study], output=self.outputs, **({"formats": "html"} | options))


@pytest.fixture(scope="module")
def door():
    """Where the process is asked that runs are forked from."""
    with forking_process() as door:
        yield door


@pytest.fixture
def project(tmp_path, monkeypatch, door):
    with tempfile.TemporaryDirectory(prefix="f-", dir="/tmp") as temp:
        made = Project(tmp_path, Path(temp), door)
        monkeypatch.setattr(planning, "NOTEBOOKS", made.notebooks)
        monkeypatch.setattr(tempfile, "tempdir", temp)
        monkeypatch.setenv("FAULT", str(made.fault))
        yield made
        for pid in made.processes():
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return a function that gives a copy of the outputs of a run that nothing has disturbed, in some formats."""
    made = {}

    def of(formats: str, areas: str = ONE_AREA) -> Path:
        if (formats, areas) not in made:
            calm = Project(tmp_path_factory.mktemp("calm"), Path(tempfile.gettempdir()))
            study_folder(calm.study, areas=areas)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(planning, "NOTEBOOKS", calm.notebooks)
                assert {result.status for result in calm.run(formats=formats)} == {"done"}
            made[formats, areas] = calm.outputs
        return made[formats, areas]

    return of


@pytest.fixture
def survives(project, undisturbed):
    """Return a function that asserts that nothing is half done or left behind, and that the next run is as any other."""

    def check(*, formats: str = "html", areas: str = ONE_AREA) -> None:
        assert comes_true(lambda: not project.processes(), 60), "processes are left"
        assert not multiprocessing.active_children()
        if project.outputs.is_dir():
            _whole(project.outputs)
            _free(project.outputs)
        assert comes_true(lambda: not [*project.temp.iterdir()], 60), [*project.temp.iterdir()]
        project.fault.unlink(missing_ok=True)
        assert {result.error for result in project.run(formats=formats)} == {""}
        assert contents(project.outputs) == contents(undisturbed(formats, areas))
        assert not [*project.temp.iterdir()]
        assert not [*project.outputs.rglob("*.partial")]

    return check


def _whole(outputs: Path) -> None:
    for path in outputs.rglob("*"):
        if path.suffix in (".ipynb", ".json") and ".partial" not in path.name:
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".html":
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>"), path
        elif path.suffix in (".docx", ".xlsx"):
            assert zipfile.ZipFile(path).testzip() is None


def _free(outputs: Path) -> None:
    with open_folder(outputs) as folder:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)


def contents(outputs: Path) -> dict[str, bytes]:
    files = (path for path in outputs.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(outputs).as_posix(): path.read_bytes() for path in files}


def ended(run: subprocess.Popen | ForkedRun) -> tuple[int, str]:
    """Return a run's exit status and its message, which holds no traceback."""
    _, said = run.communicate(timeout=120)
    assert "Traceback" not in said
    return run.returncode, said


# The run is ended


@pytest.mark.parametrize(
    ("number", "whole_group", "options"),
    [
        pytest.param(signal.SIGKILL, False, (), id="kill -9"),
        pytest.param(signal.SIGKILL, False, ("--cold",), id="kill -9 with a Python of its own"),
        pytest.param(signal.SIGTERM, False, (), id="asked to end"),
        pytest.param(signal.SIGTERM, False, ("--cold",), id="asked to end with a Python of its own"),
        pytest.param(signal.SIGHUP, True, (), id="terminal closed"),
        pytest.param(signal.SIGINT, False, (), id="interrupted"),
        pytest.param(signal.SIGINT, True, (), id="Ctrl-C"),
    ],
)
def test_a_run_that_is_ended_while_it_executes(project, survives, number, whole_group, options):
    run = project.begin(*options, fault=WAIT)
    project.at_work(2)
    (os.killpg if whole_group else os.kill)(run.pid, number)
    killed = (-signal.SIGKILL, "")
    assert ended(run) == (killed if number == signal.SIGKILL else (130, STOPPED))
    survives()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_while_it_publishes(project, survives, number):
    run = project.begin("--format", "html,docx", PUBLISHES_SLOWLY="yes")
    project.at_work()
    os.kill(run.pid, number)
    project.go.touch()
    status, said = ended(run)
    assert (status, said) == ((130, STOPPED) if number == signal.SIGINT else (-signal.SIGKILL, ""))
    survives(formats="html,docx")


def test_what_was_made_before_a_run_is_ended_stands(project, survives):
    run = project.begin("--workers", "1", fault=f"if area_id:\n    {WAIT.replace(chr(10), chr(10) + '    ')}")
    project.at_work()
    os.kill(run.pid, signal.SIGINT)
    assert ended(run) == (130, STOPPED)
    project.fault.unlink()
    assert [result.status for result in project.run()] == ["unchanged", "done"]
    survives()


# One of its processes is ended


def test_the_process_of_a_notebook_is_killed(project, survives):
    run = project.begin(fault=f"if not area_id:\n    {WAIT.replace(chr(10), chr(10) + '    ')}")
    os.kill(project.at_work()[0], signal.SIGKILL)
    assert ended(run) == (1, f"small, 02_themes: {AT}DeadKernelError: Kernel died\n")
    assert (project.outputs / "small/areas/north/20_case_study_area.html").exists()
    survives()


@pytest.mark.parametrize(
    ("n", "options"),
    [(1, ()), (2, ()), (2, ("--cold",))],
    ids=["one", "all", "all with a Python of its own"],
)
def test_workers_that_are_killed_are_replaced(project, survives, n, options):
    run = project.begin(*options, fault=WAIT)
    project.at_work(2)
    workers = [pid for pid in children_of(run.pid) if pid not in children_of(run.pid, "shutil")]
    for pid in workers[:n]:
        with contextlib.suppress(ProcessLookupError):  # the pool that has lost one ends the next
            os.kill(pid, signal.SIGKILL)
    assert comes_true(lambda: not any(map(is_alive, workers[:n])))
    project.go.touch()
    assert ended(run) == (0, "")
    survives()


def test_a_run_goes_on_where_the_process_that_removes_its_folder_is_killed(project, survives):
    run = project.begin(fault=WAIT)
    project.at_work(2)
    (pid,) = children_of(run.pid, "shutil")
    os.kill(pid, signal.SIGKILL)
    project.go.touch()
    assert ended(run) == (0, "")
    survives()


def test_a_process_that_writes_word_and_excel_is_killed(project, survives):
    run = project.begin("--format", "html,docx,xlsx", PUBLISHES_SLOWLY="yes")
    os.kill(project.at_work()[0], signal.SIGKILL)
    project.go.touch()
    assert ended(run) == (0, "")
    survives(formats="html,docx,xlsx")


# There is no place to write to

BLOCK = 4096  # bytes
IN_NAMESPACE = pytest.mark.skipif(
    subprocess.run(
        ["sh", "-c", "unshare -rm mount -t tmpfs none /mnt"], capture_output=True, check=False
    ).returncode
    != 0,
    reason="no file system may be mounted here",
)


@IN_NAMESPACE
@pytest.mark.parametrize("n_blocks_less", [20, 1], ids=["while it executes", "while it publishes"])
def test_outputs_on_a_full_disk(project, survives, undisturbed, n_blocks_less):
    sizes = [-(-path.stat().st_size // BLOCK) for path in undisturbed("html").rglob("*.*")]
    size = f"{(sum(sizes) - n_blocks_less) * BLOCK}"
    project.outputs.mkdir()
    kept, out = project.folder / "kept", project.outputs
    mounted = f'mount -t tmpfs -o size={size} none {out}; "$@"; status=$?; cp -a {out} {kept}; exit $status'
    told = f"{out}: cannot be written to (No space left on device)"
    status, said = ended(project.begin(before=mounted))
    assert (status, said.startswith(told), said.count("\n")) == (1, True, 1)
    shutil.rmtree(out)
    kept.rename(out)
    survives()


@pytest.mark.parametrize("file", ["small/chapters/02_themes.html", "index.html"])
def test_a_file_that_finds_no_room(project, survives, undisturbed, file):
    most = (undisturbed("html") / file).stat().st_size - 1
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))\n"
    asked = ["run", str(project.study), "--format", "html", "--output", str(project.outputs)]
    run = project.forked(limit + COMMAND, asked, {})
    told = f"{project.outputs}: cannot be written to (File too large). What was made before is kept; the next run goes on.\n"
    assert ended(run) == (1, told)
    survives()


@IN_NAMESPACE
def test_no_room_for_passing_files(project, survives):
    run = project.begin(before=f'mount -t tmpfs -o size=4k none {project.temp}; exec "$@"')
    status, said = ended(run)
    told = f"{project.temp}: the folder for passing files (TMPDIR) cannot be written to"
    assert status == 1
    assert told in said
    survives()


@IN_NAMESPACE
def test_outputs_that_can_only_be_read(project, survives):
    project.outputs.mkdir()
    mounted = f'mount --bind {project.outputs} {project.outputs}; mount -o remount,ro,bind {project.outputs}; exec "$@"'
    told = f"{project.outputs}: cannot be written to (Read-only file system).\n"
    assert ended(project.begin(before=mounted)) == (1, told)
    survives()


def test_outputs_that_can_be_written_no_longer(project, survives, monkeypatch):
    def write(path, content):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(writing, "_write", write)
        with pytest.raises(StudyError) as raised:
            project.run()
    assert str(raised.value) == (
        f"{project.outputs}: cannot be written to (Read-only file system). What was made before is kept; the next run goes on."
    )
    survives()


def test_outputs_that_are_a_file(project, survives):
    project.outputs.write_text("mine")
    told = f"{project.outputs}: cannot be written to (File exists).\n"
    assert ended(project.begin()) == (1, told)
    assert project.outputs.read_text() == "mine"
    project.outputs.unlink()
    survives()


def test_a_second_run_is_refused_and_the_first_goes_on(project, survives):
    first = project.begin(fault=WAIT)
    project.at_work(2)
    held = f"{project.outputs}: another run is writing to it. Wait for it, or name another --output."
    with pytest.raises(StudyError) as raised:
        project.run()
    assert str(raised.value) == held
    project.go.touch()
    assert ended(first) == (0, "")
    survives()


def test_a_folder_for_passing_files_with_a_long_name(project, survives):
    far = project.temp / ("far-" * 40)
    far.mkdir()
    before = {*Path("/tmp").glob("ncsresearch-*")}
    run = project.begin(TMPDIR=str(far))
    assert ended(run) == (0, "")
    assert not [*far.iterdir()]
    assert not {
        path for path in {*Path("/tmp").glob("ncsresearch-*")} - before if f"-{run.pid}-" in path.name
    }
    far.rmdir()
    survives()


# A notebook goes wrong

AT = "code cell 3 under “Key points”: "
MARKED = "; the cell is marked in the notebook under failed/"
TOO_LONG = "it took longer than it may (--time-limit)"
ENDED_ITSELF = "it ended the notebook (sys.exit), and the cells after it were not run"
FAULTS = {
    "hangs": ("import time; time.sleep(600)", TOO_LONG),
    "hangs and cannot be interrupted": (
        "import signal, time\nfor number in (signal.SIGINT, signal.SIGTERM): signal.signal(number, signal.SIG_IGN)\n"
        "while True: time.sleep(1)",
        TOO_LONG,
    ),
    "asks": ("input('who?')", "StdinNotImplementedError: raw_input was called, but this frontend"),
    "aborts": ("os.abort()", "DeadKernelError: Kernel died"),
    "faults": ("import ctypes; ctypes.string_at(0)", "DeadKernelError: Kernel died"),
    "exits": ("import sys; sys.exit(0)", ENDED_ITSELF),
    "needs too much memory": (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)); bytearray(4 << 30)",
        f"MemoryError{MARKED}",
    ),
    "cannot say what is wrong": (
        "class Mute(Exception):\n    def __str__(self): raise ValueError('mute')\n    __repr__ = __str__\nraise Mute",
        "ValueError: mute",
    ),
    "stops itself": ("import signal; os.kill(os.getpid(), signal.SIGSTOP)", TOO_LONG),
    "raises KeyboardInterrupt": ("raise KeyboardInterrupt", f"KeyboardInterrupt{MARKED}"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_notebook_that(project, survives, fault):
    cell, why = FAULTS[fault][0], AT + FAULTS[fault][1]
    project.fault.write_text(f"if not area_id:\n    exec({cell!r}, globals())")
    chapter, report = project.run(time_limit=4)
    assert (chapter.status, chapter.error[: len(why)]) == ("failed", why)
    assert "\n" not in chapter.error
    assert report.status == "done"
    assert not (project.outputs / "small/chapters/02_themes.html").exists()
    survives()


@pytest.mark.parametrize("cell", ["print('x' * 500_000_000)", "for _ in range(500): print('x' * 1_000_000)"])
def test_a_notebook_that_shows_500_mb(project, survives, cell):
    run = project.begin(fault=f"if not area_id:\n    {cell}")
    peak = 0
    while run.poll() is None:
        peak = max([peak, *map(most_memory, [run.pid, *children_of(run.pid)])])
        time.sleep(0.1)
    assert ended(run) == (1, f"small, 02_themes: {AT}it showed more than 50 MB\n")
    if "NCSRESEARCH_BATCHES" in os.environ:
        sys.stderr.write(f"at most {peak} MB\n")
    assert 50 < peak < 350, f"{peak} MB"  # about 265 of it are libraries, which all makers share
    survives()


def most_memory(pid: int) -> int:
    """Return the most memory that a process has held so far, in MB."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) // 1024
    return 0


def test_a_notebook_that_shows_no_end_of_lines(project, survives):
    project.fault.write_text("if not area_id:\n    while True: print('over and over ' * 100)")
    assert project.run(time_limit=120)[0].error == f"{AT}it showed more than 50 MB"
    survives()


def test_a_notebook_that_prints_100_000_lines(project, survives):
    project.fault.write_text("if not area_id:\n    for i in range(100_000): print(i)")
    assert [result.error for result in project.run()] == ["", ""]
    executed = (project.outputs / "small/chapters/02_themes.ipynb").read_text(encoding="utf-8")
    assert '"0\\n"' in executed
    assert '"99999\\n"' in executed
    project.fault.unlink()
    project.run(fresh=True)
    survives()


@pytest.mark.parametrize(
    ("cold", "end"), [(False, ""), (True, "os.abort()")], ids=["ends", "aborts as a Python of its own"]
)
def test_children_of_a_notebook_end_with_it(project, survives, cold, end):
    started = project.folder / "started"
    project.fault.write_text(
        f"import subprocess\nif not area_id:\n    pid = subprocess.Popen(['sleep', '600']).pid\n"
        f"    pathlib.Path({str(started)!r}).write_text(str(pid))\n    {end or 'pass'}"
    )
    assert project.run(cold=cold)[0].status == ("failed" if end else "done")
    assert comes_true(lambda: not is_alive(int(started.read_text())), 10)
    survives()


@pytest.mark.parametrize("content", ["no JSON", '{"cells": 3}'])
def test_a_file_that_is_no_notebook(project, survives, content):
    (project.notebooks / "02_themes.ipynb").write_text(content)
    chapter, report = project.run()
    assert chapter.error == "02_themes.ipynb: the file is not a notebook."
    assert report.status == "done"
    project.write_notebooks()
    survives()


def test_a_notebook_without_parameters(project, survives):
    notebook(project.notebooks / "02_themes.ipynb", SAY, parameters="")
    chapter, report = project.run()
    assert chapter.error == "02_themes.ipynb declares no parameter study_dir; it declares none."
    assert report.status == "done"
    project.write_notebooks()
    survives()


def test_the_words_of_a_confidential_study_stay_in_its_notebooks(project, survives):
    study_folder(project.study, settings=SETTINGS.replace('"public"', '"confidential"'), areas=ONE_AREA)
    project.fault.write_text("print('a person said' * 10_000_000); raise KeyError('what a person said')")
    run = project.begin(fault=project.fault.read_text())
    status, said = ended(run)
    assert status == 1
    assert "it showed more than 50 MB" in said
    assert "a person said" not in said
    study_folder(project.study, areas=ONE_AREA)
    survives()


# What a run reads changes meanwhile


def test_a_notebook_that_is_deleted_while_the_run_goes_on(project, survives):
    chapter = project.notebooks / "02_themes.ipynb"
    project.fault.write_text(f"pathlib.Path({str(chapter)!r}).unlink(missing_ok=True)")
    told = [(result.status, result.error) for result in project.run(workers=1)]
    assert told == [("done", ""), ("done", "")]
    project.write_notebooks()
    survives()


def test_a_study_that_is_changed_while_the_run_goes_on(project, survives):
    areas = ONE_AREA.replace("North", "The North")
    project.fault.write_text(f"pathlib.Path({str(project.study / 'areas.csv')!r}).write_text({areas!r})")
    assert [result.status for result in project.run(workers=1)] == ["done", "done"]
    survives(areas=areas)


# What the last run has left is not as it was


OLDER = {"name": "02_themes", "status": "done", "area_id": "", "seconds": 1.0}


@pytest.mark.parametrize(
    "manifest",
    ["", "[]", '{"notebooks": [{"name": "02_themes"}], "not_made": []}', json.dumps({"notebooks": [OLDER]})],
    ids=["empty", "a list", "a name alone", "of an older version"],
)
def test_a_manifest_that_cannot_be_read(project, survives, undisturbed, manifest):
    shutil.copytree(undisturbed("html"), project.outputs)
    (project.outputs / "small/manifest.json").write_text(manifest)
    other = project.outputs / "other/manifest.json"
    other.parent.mkdir()
    other.write_text(manifest)
    assert nothing_changed([project.study], project.outputs, formats="html") is None
    project.run()
    assert why(project) == {
        "02_themes": ["it was not made before"],
        "20_case_study_area north": ["it was not made before"],
    }
    shutil.rmtree(other.parent)
    survives()


def why(project: Project) -> dict[str, list[str]]:
    told = json.loads((project.outputs / "small/manifest.json").read_text(encoding="utf-8"))
    return {entry["name"]: entry["why"] for entry in told["notebooks"]}


@pytest.mark.parametrize(
    ("change", "ending"),
    [("edited", "html"), ("emptied", "ipynb"), ("deleted", "html"), ("deleted", "ipynb")],
)
def test_a_page_that_is_changed_by_hand(project, survives, undisturbed, change, ending):
    shutil.copytree(undisturbed("html"), project.outputs)
    page = project.outputs / f"small/chapters/02_themes.{ending}"
    page.write_text({"edited": "mine"}.get(change, ""), encoding="utf-8")
    if change == "deleted":
        page.unlink()
    assert [result.status for result in project.run()] == ["done", "unchanged"]
    assert why(project) == {
        "02_themes": ["its pages are not as they were left"],
        "20_case_study_area north": [],
    }
    survives()


def test_a_page_that_is_changed_by_hand_is_not_published_by_a_narrow_run(project, survives, undisturbed):
    shutil.copytree(undisturbed("html"), project.outputs)
    (project.outputs / "small/chapters/02_themes.ipynb").write_text("mine", encoding="utf-8")
    assert [result.status for result in project.run(areas=["north"])] == ["unchanged"]
    assert not (project.outputs / "small/chapters/02_themes.html").exists()
    survives()


# All of it again and again


def open_files() -> Counter:
    """What this process has open, by kind, once the garbage of earlier tests is collected."""
    gc.collect()
    kinds = Counter()
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the listing's own
            kinds[re.sub(r"\d+", "", str(link.readlink()))] += 1
    return kinds


def test_batches_one_after_another_leave_nothing(project, survives):
    n = int(os.environ.get("NCSRESEARCH_BATCHES", "0"))
    project.run()
    before, started = open_files(), time.monotonic()
    for _ in range(n or 10):
        assert [result.error for result in project.run(fresh=True)] == ["", ""]
        assert not [*project.temp.iterdir()]
        assert not multiprocessing.active_children()
    sys.stderr.write(f"{n or 10} batches: {time.monotonic() - started:.0f} s\n")
    assert not open_files() - before
    survives()
