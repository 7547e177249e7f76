"""Kernels forked from a warm process: real ones, alone with their state, that leave nothing behind however they end."""

import asyncio
import contextlib
import os
import signal
import socket
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
from ncsresearch.batch import kernels
from ncsresearch.batch.execute import execute_chapter
from ncsresearch.batch.warm import WARM_DOOR, warm_kernels
from test_batch import notebook

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")


@pytest.fixture(scope="module")
def warm():
    with warm_kernels():
        yield Path(os.environ[WARM_DOOR]).parent


@pytest.fixture
def said(tmp_path):
    """Return a function that executes one cell and gives what it printed."""

    def execute(source: str) -> str:
        notebook(tmp_path / "one.ipynb", source)
        cells = execute_chapter(tmp_path / "one.ipynb", tmp_path / "executed.ipynb", {}).cells
        return "".join(output.get("text", "") for output in cells[-1].outputs)

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
wait = f"import os, time, pathlib; pathlib.Path({str(folder / 'kernel')!r}).write_text(str(os.getpid())); time.sleep(600)"
for name in ("02_themes", "20_case_study_area"):
    notebook(plan.NOTEBOOKS / f"{name}.ipynb", wait)
run_studies([folder / "small"], output=folder / "outputs")
"""


def test_the_warm_process_ends_with_the_run_and_its_folder_goes():
    before = children_of(os.getpid(), "ncsresearch.batch.warm")
    with warm_kernels():
        folder = Path(os.environ[WARM_DOOR]).parent
        (pid,) = set(children_of(os.getpid(), "ncsresearch.batch.warm")) - set(before)
        assert is_alive(pid)
    assert WARM_DOOR not in os.environ
    assert ends(pid)
    assert not folder.exists()


def test_a_run_that_is_killed_leaves_no_process_and_no_socket(tmp_path):
    study_folder(tmp_path / "small")
    kernel = tmp_path / "kernel"
    with tempfile.TemporaryDirectory() as sockets:
        run = subprocess.Popen(
            [sys.executable, "-c", RUN, str(tmp_path)],
            env=os.environ | {"TMPDIR": sockets, "PYTHONPATH": str(PROJECT / "tests")},
        )
        assert comes_true(lambda: kernel.exists() and kernel.read_text())
        family = [*descendants(run.pid), int(kernel.read_text())]
        assert len(family) > 3
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert ends(*family)
        assert comes_true(lambda: not [*Path(sockets).glob("warm*"), *Path(sockets).glob("kernel*")])


def test_sockets_find_room_where_the_folder_for_passing_files_has_a_long_name(said, monkeypatch, tmp_path):
    far = tmp_path / ("far-" * 30)
    far.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(far))
    assert said("print(1)") == "1\n"
    with warm_kernels():
        assert said("import sys; print('seaborn' in sys.modules)") == "True\n"


def test_a_kernel_has_the_libraries_and_a_state_of_its_own(warm, said):
    assert said("import sys; print('pandas' in sys.modules, 'mine' in globals()); mine = 1") == "True False\n"
    assert said("import sys; print('pandas' in sys.modules, 'mine' in globals()); mine = 1") == "True False\n"


def test_options_drawn_numbers_and_folders_do_not_pass_from_one_kernel_to_the_next(warm, said):
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


def test_a_chapter_is_the_same_from_a_warm_kernel_and_an_ordinary_one(warm, tmp_path, monkeypatch):
    chapter, given = PROJECT / "notebooks/03_area_types.ipynb", {"study_dir": "../data/published"}
    forked = execute_chapter(chapter, tmp_path / "warm.ipynb", given)
    monkeypatch.delenv(WARM_DOOR)
    assert nbformat.writes(forked) == nbformat.writes(
        execute_chapter(chapter, tmp_path / "cold.ipynb", given)
    )


@pytest.mark.parametrize(
    "end",
    [
        "import os; os._exit(3)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import ctypes; ctypes.string_at(0)",
    ],
    ids=["exit", "kill", "segmentation fault"],
)
def test_a_kernel_that_dies_is_told_and_not_waited_for(warm, said, end):
    started = time.monotonic()
    with pytest.raises(DeadKernelError):
        said(end)
    assert time.monotonic() - started < 30
    assert said("print(1)") == "1\n"


def test_a_kernel_whose_first_words_are_late_may_not_show_more_than_others(warm, tmp_path, monkeypatch):
    hear, late = kernels.ReadyClient._next, [True]

    async def hears_later(self, channel):
        return None if channel == self.get_iopub_msg and late and late.pop() else await hear(self, channel)

    monkeypatch.setattr(kernels.ReadyClient, "_next", hears_later)
    monkeypatch.setattr(kernels, "MOST_SHOWN", 100_000)
    notebook(tmp_path / "one.ipynb", "while True: print('over and over ' * 100)")
    with pytest.raises(StudyError, match="^it showed more than 50 MB$"):
        execute_chapter(tmp_path / "one.ipynb", tmp_path / "executed.ipynb", {}, time_limit=30)
    assert not late


def test_a_notebook_that_asks_for_input_is_refused(warm, said):
    with pytest.raises(Exception, match="StdinNotImplementedError"):
        said("input('who?')")


def test_many_kernels_that_end_as_their_askers_leave_do_not_end_the_warm_process(warm, said):
    for _ in range(4):
        with pytest.raises(DeadKernelError):
            said("import os; os._exit(0)")
    assert said("import sys; print('seaborn' in sys.modules)") == "True\n"


def test_what_a_notebook_starts_ends_with_it(warm, said):
    told = "import os, subprocess; print(os.getpid(), subprocess.Popen(['sleep', '600']).pid)"
    assert ends(*map(int, said(told).split()))


def test_a_kernel_leaves_no_file_behind(warm, said):
    said("print(1)")
    assert sorted(path.name for path in warm.iterdir()) == ["door"]


def test_without_its_warm_process_a_kernel_starts_as_usual(said, monkeypatch, tmp_path):
    monkeypatch.setenv(WARM_DOOR, str(tmp_path / "nowhere"))
    assert said("import sys; print('seaborn' in sys.modules)") == "False\n"


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


@pytest.mark.parametrize("answer", [b"1\n", b"0\n", b"", b"kernel 1\n"])
def test_a_kernel_that_ends_before_it_is_ready_is_an_error_and_its_status_is_no_process(answer):
    """The status 1 of a kernel was once taken for its process, whose group is every process of a machine."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.sendall(answer)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(RuntimeError, match="^Kernel died before it could be spoken to$"):
        asyncio.run(kernels._forked(ours, {}))
    ours.close()
    theirs.close()


def test_a_file_of_the_folder_takes_the_place_of_no_module(said, tmp_path, monkeypatch):
    (tmp_path / "from_here").mkdir()
    (tmp_path / "from_here" / "code.py").write_text("raise SystemExit(1)\n")
    monkeypatch.chdir(tmp_path / "from_here")
    monkeypatch.delenv(WARM_DOOR, raising=False)
    with warm_kernels():
        assert said("print('alive')") == "alive\n"
