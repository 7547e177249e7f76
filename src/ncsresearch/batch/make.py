"""One notebook made, on this machine or another: what it reads is staged, it is executed, its page is written.

Nothing is read but what the order brings, and nothing is left where it was made.
"""

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from ncsresearch.batch.execute import execute_chapter
from ncsresearch.batch.failure import refuse_plain_outputs, why_failed
from ncsresearch.batch.plan import Task
from ncsresearch.present.wording import page_words
from ncsresearch.report.content import says_something
from ncsresearch.report.html import chapter_page
from ncsresearch.schema import StudyError
from ncsresearch.study.remembered import remember
from ncsresearch.study.settings import Settings
from ncsresearch.study.staged import BELOW, tables_read

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
PATIENCE = 20  # seconds in which processes that were ended are waited for
REMOVES = "import shutil, sys; sys.stdin.read(); shutil.rmtree(sys.argv[1], True)"


@dataclass(frozen=True)
class Bundle:
    """Files by their path below the folder that they are staged in."""

    files: Mapping[str, bytes]

    def stage(self, folder: Path) -> Path:
        """Write the files below a folder, which is returned."""
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        folder.mkdir(parents=True, exist_ok=True)
        return folder


Ready = Bundle | Path


@dataclass(frozen=True)
class Order:
    """A notebook to make.

    notebook    the chapter, as its file holds it
    told        its parameters as the executed notebook tells them
    time_limit  seconds that one cell may take
    cold        whether it starts a Python of its own
    """

    task: Task
    notebook: bytes
    settings: Settings
    told: Mapping[str, str]
    time_limit: int
    cold: bool = False


@dataclass(frozen=True)
class Executed:
    """What became of an order: the executed notebook and its page, or why it failed and the notebook as far as it came.

    A chapter that says nothing of its selection has neither.

    read   names of the study's tables that it read
    """

    notebook: bytes = b""
    page: bytes = b""
    read: tuple[str, ...] = ()
    error: str = ""
    seconds: float = 0.0


def make(order: Order, study: Ready, sources: Ready | None = None) -> Executed:
    """Make one notebook of a study, or the part of it, and the source documents that it reads."""
    started = time.monotonic()
    try:
        made = _made(order, study, sources)
    except OSError as error:
        made = Executed(error=no_room(error))
    return replace(made, seconds=time.monotonic() - started)


def no_room(error: OSError) -> str:
    """Return what is told of a folder for passing files that cannot be written to."""
    return f"{tempfile.gettempdir()}: the folder for passing files (TMPDIR) cannot be written to ({error.strerror})."


def _made(order: Order, study: Ready, sources: Ready | None) -> Executed:
    with _folder_of_its_own() as folder:
        executed, begun = folder / "executed.ipynb", []
        try:
            own = _stage(study, folder / "data" / order.task.study)
            remember(own)
            parameters = {"study_dir": f"../data/{order.task.study}"}
            if sources is not None:
                parameters["sources_dir"] = f"../{_stage(sources, folder / 'sources').name}"
            notebook, page = _executed(order, parameters, folder, executed, begun)
        except Exception as error:  # whatever a notebook does, the others go on
            if isinstance(error, OSError) and error.errno in FULL:
                raise
            came_to = executed.read_bytes() if executed.exists() else b""
            return Executed(came_to, error=why_failed(error, order.settings.access, begun))
        return Executed(notebook, page, tables_read(own))


@contextlib.contextmanager
def _folder_of_its_own() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=os.environ[BELOW]))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def staging() -> Iterator[None]:
    """Have a folder below which is staged what notebooks read while the block lasts.

    A process of its own removes it when this one and all processes of its notebooks have ended, however they end. What was left
    of others, where the machine itself has stopped, goes first. Raises StudyError where there can be no such folder.
    """
    _sweep()
    try:
        os.environ[BELOW] = tempfile.mkdtemp(prefix=f"ncsresearch-{os.getpid()}-")
    except OSError as error:
        raise StudyError(no_room(error)) from None
    command = [sys.executable, "-I", "-S", "-c", REMOVES, os.environ[BELOW]]
    remover = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield
    finally:
        remover.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            remover.wait(PATIENCE)
        shutil.rmtree(os.environ.pop(BELOW), ignore_errors=True)


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob("ncsresearch-*-*"):
        number = folder.name.split("-")[1]
        if number.isdigit() and not Path(f"/proc/{number}").exists() and Path("/proc").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _stage(ready: Ready, folder: Path) -> Path:
    """Stage what a notebook reads in a folder of its own; what lies ready on this machine is linked and not copied."""
    if isinstance(ready, Bundle):
        return ready.stage(folder)
    return Path(shutil.copytree(ready, folder, copy_function=os.link))


def _executed(
    order: Order, parameters: dict[str, str], folder: Path, executed: Path, begun: list
) -> tuple[bytes, bytes]:
    chapter = folder / "notebooks" / order.task.chapter.name
    chapter.parent.mkdir()
    chapter.write_bytes(order.notebook)
    parameters = dict(order.task.parameters) | parameters
    ways = {"told": order.told, "time_limit": order.time_limit, "begun": begun, "cold": order.cold}
    notebook = execute_chapter(chapter, executed, parameters, **ways)
    begun.clear()
    if order.settings.access != "public":
        refuse_plain_outputs(notebook, executed)
    if order.task.selection and not says_something(notebook):
        return b"", b""
    page = page_of(order.task, notebook, order.settings)
    return nbformat.writes(notebook).encode() + b"\n", page.encode()


def page_of(task: Task, notebook, settings: Settings, signoff: Mapping[str, list[str]] = {}) -> str:
    """Return the page of an executed notebook; signoff is what it says of signatures, as chapter_page takes it."""
    up = task.up + "../" * (not task.selection)
    return chapter_page(
        notebook,
        study=settings.title,
        licence=settings.licence,
        title=task.title and task.heading,
        home=up,
        home_called=page_words("shown", "selection_home") if task.selection else "",
        chapters="../../chapters/" if task.area_id else "",
        made=() if task.selection else settings.chapters,
        tables=f"{task.up}tables/{task.place}/",
        executed=f"{task.chapter.stem}.ipynb",
        signoff=signoff,
    )
