"""The processes in which notebooks run: alone with their state, forked or not the same, and gone with all they started however they end."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import DeadKernelError

from builders import study_folder
from conftest import PROJECT
from ncsresearch import StudyError
from ncsresearch.batch import cells, execute
from ncsresearch.batch.execute import execute_chapter, preload
from test_batch import notebook

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="notebooks are forked on Linux alone")


@pytest.fixture(scope="module", autouse=True)
def loaded():
    preload()


@pytest.fixture
def said(tmp_path):
    """Return a function that executes one cell and gives what it printed."""

    def execute(source: str, **how) -> str:
        notebook(tmp_path / "one.ipynb", source)
        shown = execute_chapter(tmp_path / "one.ipynb", tmp_path / "executed.ipynb", {}, **how).cells
        return "".join(output.get("text", "") for output in shown[-1].outputs)

    return execute


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be told of does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def comes_true(told, within: float = 60):
    """Wait until something is so, and return it; what it is after the time given if it never is."""
    until = time.monotonic() + within
    while not (now := told()) and time.monotonic() < until:
        time.sleep(0.05)
    return now


def ends(*pids: int) -> bool:
    return comes_true(lambda: not any(map(is_alive, pids)))


RUN = """
import sys
import tempfile
from pathlib import Path
from ncsresearch.batch import plan
from ncsresearch.batch.run import run_studies
from test_batch import notebook

folder = Path(sys.argv[1])
plan.NOTEBOOKS = folder / "notebooks"
plan.NOTEBOOKS.mkdir()
wait = f"import os, subprocess, time, pathlib; subprocess.Popen(['sleep', '600']); pathlib.Path({str(folder / 'cell')!r}).write_text(str(os.getpid())); time.sleep(600)"
for name in ("02_themes", "20_case_study_area"):
    notebook(plan.NOTEBOOKS / f"{name}.ipynb", wait)
run_studies([folder / "small"], output=folder / "outputs")
"""


def test_a_run_that_is_killed_leaves_no_process_and_no_file(tmp_path):
    study_folder(tmp_path / "small")
    cell = tmp_path / "cell"
    with tempfile.TemporaryDirectory() as passing:
        run = subprocess.Popen(
            [sys.executable, "-c", RUN, str(tmp_path)],
            env=os.environ
            | {"TMPDIR": passing, "PYTHONPATH": f"{PROJECT / 'tests'}{os.pathsep}{PROJECT / 'src'}"},
        )
        assert comes_true(lambda: cell.exists() and cell.read_text())
        family = [*descendants(run.pid), int(cell.read_text())]
        assert len(family) > 4
        assert len([pid for parent in family for pid in children_of(parent, "sleep")]) > 0
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert ends(*family)
        assert comes_true(lambda: not [*Path(passing).iterdir()])


def test_a_notebook_has_the_libraries_and_a_state_of_its_own(said):
    assert said("import sys; print('pandas' in sys.modules, 'mine' in globals()); mine = 1") == "True False\n"
    assert said("import sys; print('pandas' in sys.modules, 'mine' in globals()); mine = 1") == "True False\n"


def test_options_drawn_numbers_and_folders_do_not_pass_from_one_notebook_to_the_next(said):
    told = (
        "import os, random, numpy as np, pandas as pd, matplotlib as mpl\n"
        "print(pd.get_option('display.max_columns'), mpl.rcParams['font.size'], os.environ.get('MINE'), os.getcwd())\n"
        "print(np.random.rand(), random.random())\n"
        "pd.set_option('display.max_columns', 3); mpl.rcParams['font.size'] = 99; os.environ['MINE'] = 'x'; os.chdir('/')"
    )
    (first, one), (second, other) = (said(told).splitlines() for _ in range(2))
    assert first == second
    assert first.startswith("20 10.0 None /")
    assert one != other


def test_a_chapter_is_the_same_from_a_fork_and_from_a_python_of_its_own(tmp_path):
    chapter, given = PROJECT / "notebooks/03_area_types.ipynb", {"study_dir": "../data/published"}
    forked, cold = (
        execute_chapter(chapter, tmp_path / f"{cold}.ipynb", given, cold=cold) for cold in (False, True)
    )
    assert nbformat.writes(forked) == nbformat.writes(cold)


SHOWS = """import sys
from IPython.display import HTML, clear_output, display
print("taken away"); clear_output()
print("one"); print(chr(0xD800)); print("aside", file=sys.stderr); print("three")
shown = display(HTML("<b>old</b>"), display_id="mine")
await __import__("asyncio").sleep(0)
{"text": 1}"""


@pytest.mark.parametrize("cold", [False, True])
def test_what_cells_show_is_kept_in_its_order(tmp_path, cold):
    notebook(tmp_path / "one.ipynb", SHOWS, "6 * 7", "7; shown.update(HTML('<b>new</b>'));", "")
    shown = execute_chapter(tmp_path / "one.ipynb", tmp_path / "executed.ipynb", {}, cold=cold).cells[-4:]
    stream = {"output_type": "stream"}
    html = {"text/plain": "<IPython.core.display.HTML object>", "text/html": "<b>new</b>"}
    value = {"output_type": "execute_result", "metadata": {}}
    n = shown[0].execution_count
    assert [cell.outputs for cell in shown] == [
        [
            stream | {"name": "stdout", "text": "one\n?\n"},
            stream | {"name": "stderr", "text": "aside\n"},
            stream | {"name": "stdout", "text": "three\n"},
            {"output_type": "display_data", "metadata": {}, "data": html},
            value | {"data": {"text/plain": "{'text': 1}"}, "execution_count": n},
        ],
        [value | {"data": {"text/plain": "42"}, "execution_count": n + 1}],
        [],
        [],
    ]
    assert [cell.execution_count for cell in shown] == [n, n + 1, n + 2, None]


PROGRAMS = """import os, subprocess, sys
notebook = os.getpid()
print("one")
if not os.fork():
    print("fork", os.getppid() == notebook)
    os._exit(0)
os.wait()
subprocess.run(["echo", "program"])
print("two")
os.write(1, "écrit\\n".encode())
print("aside", file=sys.stderr)
subprocess.run("echo program aside >/dev/stderr", shell=True)
print("three")
subprocess.run(["echo", "four"], stdout=sys.stdout);"""


@pytest.mark.parametrize("cold", [False, True])
def test_what_forks_of_a_notebook_and_programs_write_is_shown_in_its_order(tmp_path, cold):
    notebook(tmp_path / "one.ipynb", PROGRAMS)
    shown = execute_chapter(tmp_path / "one.ipynb", tmp_path / "executed.ipynb", {}, cold=cold).cells[-1]
    assert [(output["name"], output["text"]) for output in shown.outputs] == [
        ("stdout", "one\nfork True\nprogram\ntwo\nécrit\n"),
        ("stderr", "aside\nprogram aside\n"),
        ("stdout", "three\nfour\n"),
    ]


@pytest.mark.parametrize(
    "writes",
    [
        "subprocess.run('yes')",
        "subprocess.Popen('yes'); time.sleep(600)",
        "subprocess.Popen('yes')\nwhile True: print('x')",
    ],
)
def test_a_program_that_a_notebook_starts_may_write_no_more_than_others(said, writes):
    with pytest.raises(StudyError, match="^it showed more than 50 MB$"):
        said(f"import subprocess, time\n{writes}", time_limit=60)


@pytest.mark.parametrize(
    "end",
    [
        "import os; os._exit(3)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import ctypes; ctypes.string_at(0)",
        "import os, time\nif not os.fork():\n    os.setsid()\n    time.sleep(40)\nos._exit(3)",
    ],
    ids=["exit", "kill", "segmentation fault", "exit and leave a fork that nobody can end"],
)
def test_a_process_that_dies_is_told_and_not_waited_for(said, end):
    started = time.monotonic()
    with pytest.raises(DeadKernelError):
        said(end)
    assert time.monotonic() - started < 30
    assert said("print(1)") == "1\n"


@pytest.mark.parametrize("shows", ["print('over and over ' * 100)", "display(HTML('over and over ' * 100))"])
def test_a_notebook_may_show_no_more_than_others(said, monkeypatch, shows):
    monkeypatch.setattr(execute, "MOST_SHOWN", 100_000)
    with pytest.raises(StudyError, match="^it showed more than 50 MB$"):
        said(f"from IPython.display import HTML, display\nwhile True: {shows}", time_limit=30)


@pytest.mark.parametrize("asks", ["input('who?')", "import getpass; getpass.getpass()"])
def test_a_notebook_that_asks_for_input_is_refused(said, asks):
    with pytest.raises(Exception, match="StdinNotImplementedError"):
        said(asks)


def test_what_a_notebook_starts_ends_with_it(said):
    told = "import os, subprocess; print(os.getpid(), subprocess.Popen(['sleep', '600']).pid)"
    assert ends(*map(int, said(told).split()))


def children_of(pid: int, words: str = "") -> list[int]:
    """Return the processes that a process has started, those with these words in their command."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == pid and words.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def descendants(pid: int) -> list[int]:
    """Return all processes that have come of one."""
    below = children_of(pid)
    return [*below, *(each for child in below for each in descendants(child))]


@pytest.mark.parametrize("status", [0, 1])
def test_a_process_that_ends_before_it_is_ready_is_an_error_and_no_other_is_signalled(
    said, monkeypatch, tmp_path, status
):
    """A status of 1 was once taken for the number of a process, whose group is every process of a machine."""
    started, signalled = tmp_path / "started", tmp_path / "signalled"

    def end(*_) -> None:
        started.write_text(str(os.getpid()))
        os._exit(status)

    def note(number: int, _) -> None:
        with signalled.open("a") as noted:
            noted.write(f"{number} ")

    monkeypatch.setattr(cells, "run_cells", end)
    monkeypatch.setattr(os, "kill", note)
    monkeypatch.setattr(os, "killpg", note)
    with pytest.raises(DeadKernelError, match="^Kernel died$"):
        said("print(1)")
    assert {*signalled.read_text().split()} == {started.read_text()}


def test_a_file_of_the_folder_takes_the_place_of_no_module(said, tmp_path):
    (tmp_path / "code.py").write_text("raise SystemExit(1)\n")
    assert said("print('alive')", cold=True, time_limit=1) == "alive\n"
