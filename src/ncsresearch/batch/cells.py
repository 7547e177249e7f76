"""The process in which a notebook's cells run, in the shell of Jupyter's kernel for Python but without its sockets.

A line of JSON comes in for each cell, its source; messages of the shell go out, a line each, and last the cell's reply.
"""

import builtins
import contextlib
import ctypes
import gc
import getpass
import json
import os
import random
import select
import signal
import sys
import threading
from codecs import getincrementaldecoder
from collections.abc import Iterable
from io import TextIOBase
from pathlib import Path
from typing import BinaryIO

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from traitlets.config import Config

FORKS = sys.platform == "linux"  # elsewhere a fork of a process with libraries loaded is not safe
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux
INLINE = "module://matplotlib_inline.backend_inline"
NO_ANSWER = "raw_input was called, but this frontend does not support input requests."
REPLY = "execute_reply"
STREAMS = {"stdout": 1, "stderr": 2}
MOST_WAITING = 1_000_000  # letters of a stream that wait for those that follow
LONGEST_WAITING = 0.5  # seconds that they do


class Shown(Session):
    """Sends what the cells of a notebook show: a line for each message, words of a stream joined, all in their order.

    What forks and programs write that a cell starts comes over pipes. A thread reads them, so that nobody waits for room in them;
    and whoever shows something reads them first.
    """

    def __init__(self, answers: BinaryIO):
        super().__init__()
        self.answers, self.own, self.lock = answers, os.getpid(), threading.RLock()
        self.stream, self.words, self.n_waiting, self.pipes = "", [], 0, {}

    def listen(self) -> None:
        """Take from now on what is written to standard output and error past Python; a fork of the notebook is not waited for."""
        nowhere, self.written = os.open(os.devnull, os.O_WRONLY), select.poll()
        os.register_at_fork(after_in_child=lambda: os.dup2(nowhere, self.answers.fileno()))
        for name, number in STREAMS.items():
            source, sink = os.pipe()  # the sink stays open: there is always more to come
            os.dup2(sink, number)
            self.pipes[source] = name, getincrementaldecoder("utf-8")("replace")
            self.written.register(source, select.POLLIN)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            found, _, _ = select.select([*self.pipes], [], [], LONGEST_WAITING)
            with self.lock:
                self._drain()
                if not found:
                    self._send_words()

    def _drain(self) -> None:
        while self.pipes and (found := self.written.poll(0)):
            for source, _ in found:
                name, decoder = self.pipes[source]
                self._add(name, decoder.decode(os.read(source, 1 << 16)))

    def write(self, stream: str, words: str) -> None:
        """Take words that Python writes to a stream."""
        with self.lock:
            self._drain()
            self._add(stream, words)

    def _add(self, stream: str, words: str) -> None:
        if stream != self.stream or self.n_waiting > MOST_WAITING:
            self._send_words()
        self.stream, self.n_waiting = stream, self.n_waiting + len(words)
        self.words.append(words)

    def _send_words(self) -> None:
        if words := "".join(self.words):
            self._tell(self.msg("stream", {"name": self.stream, "text": words}))
        self.words, self.n_waiting = [], 0

    def send(self, stream, msg_or_type, content=None, *_, **__) -> None:
        """Send a message of the shell behind all that was shown before; a fork of the notebook sends none."""
        if os.getpid() != self.own:
            return
        with self.lock:
            self._drain()
            self._send_words()
            self._tell(msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content))

    def _tell(self, message: dict) -> None:
        self.answers.write(self.pack(message) + b"\n")
        self.answers.flush()


class Stream(TextIOBase):
    """The standard output or error of a notebook; a fork of it writes whole lines past Python, as programs do."""

    encoding = "utf-8"

    def __init__(self, name: str, shown: Shown):
        self.name, self.shown, self.line = name, shown, ""

    def write(self, words: str) -> int:
        """Take words; those that no file could hold are written as a question mark."""
        fit = words.encode("utf-8", "replace").decode()
        if os.getpid() == self.shown.own:
            self.shown.write(self.name, fit)
            return len(words)
        self.line += fit
        if fit.endswith("\n"):
            self.flush()
        return len(words)

    def flush(self) -> None:
        """Write what a fork has begun to write."""
        os.write(STREAMS[self.name], self.line.encode())
        self.line = ""

    def fileno(self) -> int:
        """Return the number at which a program may write to it."""
        return STREAMS[self.name]


def run_cells(asked: BinaryIO, answers: BinaryIO) -> None:
    """Run the cells that are asked for, one after the other in one shell, until no more can come."""
    shown = Shown(answers)
    if hasattr(select, "poll"):
        shown.listen()
    os.environ["MPLBACKEND"] = INLINE
    # nobody has this notebook open, though a run may be begun from one that somebody has
    os.environ.pop("JPY_SESSION_NAME", None)
    builtins.input = getpass.getpass = _no_answer
    ZMQInteractiveShell.clear_instance()
    shell = ZMQInteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.displayhook.session = shell.display_pub.session = shown
    shell.ask_exit, shell.enable_gui = sys.exit, lambda gui=None: None
    _forget()
    sys.stdout, sys.stderr = (Stream(name, shown) for name in STREAMS)
    shell.extension_manager.load_extension("ncsresearch.present.plain_outputs")
    for line in asked:
        failed = _failed(shell, json.loads(line))
        shown.send(None, REPLY, {"execution_count": shell.execution_count - 1, "failed": failed})
        if os.getpid() != shown.own:
            return


def _no_answer(*_, **__) -> str:
    raise StdinNotImplementedError(NO_ANSWER)


def _failed(shell: ZMQInteractiveShell, source: str) -> bool:
    """Run a cell and return whether it failed."""
    try:
        done = shell.run_cell(source, store_history=True)
        return not done.success or shell._last_traceback_during_displayhook
    except BaseException as error:  # one that cannot even be shown
        shell._showtraceback(type(error), error, [])
        return True


def _forget() -> None:
    """Undo what the forked process did that a Python of its own would have done otherwise: drawn numbers, a wide screen, a module barred."""
    import numpy as np
    import pandas as pd

    sys.modules.pop("rfc3987_syntax", None)
    random.seed()
    np.random.seed()
    pd.set_option("display.max_columns", 20)


def end_with_parent() -> None:
    """Have this process end when the one that has started it ends, where the system can."""
    if FORKS:
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)


def watch_notebook(asked: int, answers: int, folder: Path = Path(), others: Iterable[int] = ()) -> None:
    """Run cells in a fork of this process, and end it and all that it starts as soon as nobody can ask any more; does not come back.

    others   files that whoever asks has open, and that are to be open there alone
    """
    try:
        for other in others:
            os.close(other)
        os.chdir(folder)
        os.setsid()  # out of reach of what is said to the run's terminal
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # or an ended fork's number could be another's
        if not (pid := os.fork()):
            _become_notebook(asked, answers)
            return
        os.close(answers)
        watched = select.poll()
        watched.register(asked, 0)  # nobody can ask
        watched.register(os.pidfd_open(pid))  # or the notebook has ended
        watched.poll()
        end_group(pid)
    finally:
        os._exit(0)


def end_group(pid: int) -> None:
    """End a child that has not been waited for, so that its number is its own, and the group that it leads."""
    for kill in (os.killpg, os.kill):  # one that has just begun leads no group yet
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _become_notebook(asked: int, answers: int) -> None:
    """Run cells with no other file open, as the leader of a group of its own."""
    end_with_parent()
    gc.freeze()  # nothing of before is collected, and closes a file of the same number
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    low, high = sorted((asked, answers))
    for first, last in ((3, low), (low + 1, high), (high + 1, os.sysconf("SC_OPEN_MAX"))):
        os.closerange(first, last)
    _run_silently(asked, answers)


def _run_silently(asked: int, answers: int) -> None:
    """Run cells that can ask nothing and whose programs write nothing to the terminal."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)
    with contextlib.suppress(BrokenPipeError), open(asked, "rb") as asking, open(answers, "wb") as answering:
        run_cells(asking, answering)


if __name__ == "__main__":
    (watch_notebook if FORKS else _run_silently)(os.dup(0), os.dup(1))
    os._exit(0)
