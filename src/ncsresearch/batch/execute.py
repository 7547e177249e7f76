"""One notebook executed fresh, from top to bottom, in a process of its own."""

import contextlib
import importlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

import nbformat
import papermill as pm
from ipykernel.ipkernel import IPythonKernel
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from papermill.engines import Engine, papermill_engines

from ncsresearch.batch.cells import FORKS, REPLY, end_group, watch_notebook
from ncsresearch.batch.failure import ENDED_ITSELF
from ncsresearch.present.outputs import FIGURE
from ncsresearch.schema import StudyError

TIME_LIMIT = 1800  # seconds
UNTIL_READY = 60  # seconds in which a Python of its own has to start
MOST_SHOWN = 50_000_000  # bytes that the cells of one notebook may show
TOO_MUCH = f"it showed more than {MOST_SHOWN // 1_000_000} MB"
PRELOADED = (
    *("numpy", "pandas", "scipy.stats", "statsmodels.api", "seaborn", "mistune", "unittest.mock"),
    *("IPython.core.application", "IPython.core.completerlib", "IPython.core.magics.execution"),
    *("matplotlib_inline.config", "matplotlib.backends.backend_svg"),
    *("ncsresearch.analysis.kpi", "ncsresearch.disclosure.answers"),
    *(f"ncsresearch.present.{name}" for name in ("answers", "findings", "grammar", "people_compared")),
    *(f"ncsresearch.present.{name}" for name in ("selections", "sentence_themes", "views")),
)


def preload() -> None:
    """Load what chapters load, which the processes of notebooks forked from this one then share, where the system forks."""
    for name in PRELOADED if FORKS else ():
        importlib.import_module(name)


def execute_chapter(
    chapter: Path,
    executed: Path,
    parameters: dict[str, str],
    *,
    told: Mapping[str, str] = {},
    time_limit: int = TIME_LIMIT,
    begun: list | None = None,
    cold: bool = False,
):
    """Execute one chapter fresh from top to bottom and return it, with no trace of this machine in it.

    told         parameters as the executed notebook tells them, where that is not as they are given
    time_limit   seconds that one cell may take
    begun        takes each cell as it is begun
    cold         starts a Python of its own for it, instead of a fork of this process

    Raises StudyError for a parameter that the chapter does not declare, and papermill's error for a failed cell.
    """
    _check(chapter)
    declared = pm.inspect_notebook(str(chapter))
    if unknown := sorted(set(parameters) - set(declared)):
        known = ", ".join(declared) or "none"
        raise StudyError(f"{chapter.name} declares no parameter {', '.join(unknown)}; it declares {known}.")
    notebook = pm.execute_notebook(
        str(chapter),
        str(executed),
        parameters,
        engine_name=CellEngine.NAME,
        kernel_name="python3",
        progress_bar=False,
        request_save_on_cell_execute=False,
        folder=chapter.parent,
        cold=cold or not FORKS,
        time_limit=time_limit,
        begun=[] if begun is None else begun,
    )
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    if any(output.get("ename") == "SystemExit" for output in outputs):
        raise StudyError(ENDED_ITSELF)
    return _without_traces(notebook, parameters, told)


def _check(chapter: Path) -> None:
    try:
        nbformat.validate(nbformat.read(chapter, as_version=4))
    except Exception:  # nbformat has no class of its own for all that a file may be instead
        raise StudyError(f"{chapter.name}: the file is not a notebook.") from None


class CellEngine(Engine):
    """Has papermill run cells in a process of its own; no kernel is spoken to, and so nobody else can listen."""

    NAME = "ncsresearch"

    @classmethod
    def execute_managed_notebook(
        cls, nb_man, kernel_name, *, folder: Path, cold: bool, time_limit: int, begun: list, **_
    ) -> None:
        """Run the cells of a notebook until one fails."""
        shown = NotebookClient(nb_man.nb)
        with (_started if cold else _forked)(folder) as process:
            for _ in process.run("", UNTIL_READY):
                pass
            for index, cell in enumerate(nb_man.nb.cells):
                begun.append(cell)
                nb_man.cell_start(cell, index)
                try:
                    if _failed(cell, index, process, shown, time_limit):
                        nb_man.cell_exception(cell, index)
                        break
                finally:
                    nb_man.cell_complete(cell, index)
        nb_man.nb.metadata["language_info"] = IPythonKernel.language_info


papermill_engines.register(CellEngine.NAME, CellEngine)


def _failed(cell, index: int, process: "CellProcess", shown: NotebookClient, time_limit: int) -> bool:
    """Run a cell, keep what it shows as nbclient does, the words of a stream joined, and return whether it failed."""
    if cell.cell_type != "code" or not cell.source.strip():
        return False
    shown.clear_before_next_output = False
    for message in process.run(cell.source, time_limit):
        content, last = message["content"], (cell.outputs or [{}])[-1]
        if message["msg_type"] == REPLY:
            cell.execution_count = content["execution_count"]
        elif last.get("name", "") == content.get("name") and not shown.clear_before_next_output:
            last["text"] += content["text"]
        else:
            shown.process_message(message, cell, index)
    return content["failed"]


class CellProcess:
    """The process in which a notebook's cells run."""

    def __init__(self, asked: BinaryIO, answers: BinaryIO):
        self.asked, self.answers, self.too_long, self.n_left = asked, answers, False, MOST_SHOWN

    def run(self, source: str, seconds: float) -> Iterator[dict]:
        """Run a cell and yield what it shows, and last its reply.

        Raises StudyError for a cell that shows too much, TimeoutError for one that takes longer, DeadKernelError where
        the process dies.
        """
        timer = threading.Timer(seconds, self._end)
        timer.start()
        try:
            with contextlib.suppress(BrokenPipeError, ValueError):
                self.asked.write(json.dumps(source).encode() + b"\n")
            while (message := self._next())["msg_type"] != REPLY:
                yield message
            yield message
        finally:
            timer.cancel()
            timer.join()

    def _end(self) -> None:
        self.too_long = True
        self.asked.close()  # whoever watches the notebook ends it then

    def _next(self) -> dict:
        line = self.answers.readline(self.n_left)
        self.n_left -= len(line)
        if not self.n_left:
            raise StudyError(TOO_MUCH)
        if not line.endswith(b"\n"):
            raise TimeoutError if self.too_long else DeadKernelError("Kernel died")
        return json.loads(line)


@contextlib.contextmanager
def _forked(folder: Path) -> Iterator[CellProcess]:
    """Fork a process for a notebook; with the block it ends, and all that it has started."""
    (its_asked, asked), (answers, its_answers) = os.pipe(), os.pipe()
    if not (pid := os.fork()):
        watch_notebook(its_asked, its_answers, folder, others=(asked, answers))
    os.close(its_asked)
    os.close(its_answers)
    with os.fdopen(asked, "wb", buffering=0) as asking, os.fdopen(answers, "rb") as answering:
        try:
            yield CellProcess(asking, answering)
        finally:
            asking.close()
            os.waitpid(pid, 0)


@contextlib.contextmanager
def _started(folder: Path) -> Iterator[CellProcess]:
    """Start a Python of its own for a notebook; with the block it ends, and all that it has started."""
    command = [sys.executable, "-P", "-m", "ncsresearch.batch.cells"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "bufsize": 0}
    with subprocess.Popen(command, cwd=folder, start_new_session=not FORKS, **pipes) as process:
        try:
            yield CellProcess(process.stdin, BufferedReader(process.stdout))
        finally:
            process.stdin.close()
            if not FORKS:  # nobody watches it
                end_group(process.pid) if hasattr(os, "killpg") else process.kill()


def _without_traces(notebook, parameters: Mapping[str, str], told: Mapping[str, str]):
    """Drop times, places, second drawings and papermill's random name for its cell: the same inputs give the same bytes."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
            for name, value in parameters.items():
                shown = f'{name} = "{told.get(name, value)}"'
                cell["source"] = cell["source"].replace(f'{name} = "{value}"', shown)
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            if FIGURE in output.get("data", {}):
                output.data.pop("image/png", None)
    return notebook
