"""Runs of the command line that are forked from a process with a run's libraries loaded: each in a session of its own.

To start Python and to load these is most of what a small run costs. Started as a program, this is that process: it is asked
at a socket, and answers with the number of each run and, when that has ended, its exit status.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat

from ncsresearch.batch.cells import end_with_parent
from ncsresearch.batch.execute import preload

LOADED = ("ncsresearch.cli", "ncsresearch.batch.run", "ncsresearch.batch.formats")
LONGEST = 1_000_000  # bytes of what is asked


@contextlib.contextmanager
def forking_process() -> Iterator[Path]:
    """Start the process and give the socket at which it is asked."""
    with tempfile.TemporaryDirectory(prefix="f-", dir="/tmp") as folder:
        path = Path(folder) / "door"
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
            door.bind(str(path))
            door.listen()
            command = [sys.executable, __file__, str(door.fileno())]
            process = subprocess.Popen(command, pass_fds=[door.fileno()], stdin=subprocess.DEVNULL)
        try:
            yield path
        finally:
            process.kill()
            process.wait()


class ForkedRun:
    """A run of some Python code with arguments: its number, its exit status and its message, named as by subprocess.Popen."""

    def __init__(self, door: Path, code: str, arguments: list[str], env: dict[str, str], message: Path):
        self.returncode, self.message = None, message
        self.answers = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.answers.connect(str(door))
        self.answers.send(json.dumps([code, arguments, env, str(message)]).encode())
        self.pid = int(self.answers.recv(LONGEST))

    def poll(self) -> int | None:
        """Return the exit status, none while the run goes on."""
        if self.returncode is None and select.select([self.answers], [], [], 0)[0]:
            self.returncode = int(self.answers.recv(LONGEST))
            self.answers.close()
        return self.returncode

    def communicate(self, timeout: float) -> tuple[None, str]:
        """Wait for the end, and return what was written to stderr."""
        if self.returncode is None:
            select.select([self.answers], [], [], timeout)
        if self.poll() is None:
            raise TimeoutError(f"the run goes on after {timeout} s")
        return None, self.message.read_text(encoding="utf-8")


def _forked(door: socket.socket) -> list:
    """Wait to be asked; only a run, which is a fork of a fork of this process, returns: with what was asked."""
    while True:
        asker, _ = door.accept()
        if not os.fork():
            break
        asker.close()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
    asked = json.loads(asker.recv(LONGEST))
    if run := os.fork():
        asker.send(str(run).encode())
        asker.send(str(os.waitstatus_to_exitcode(os.waitpid(run, 0)[1])).encode())
        os._exit(0)
    asker.close()
    return asked


def _become(arguments: list[str], env: dict[str, str], message: str) -> None:
    """Make this process one that somebody has started with these arguments and this environment."""
    os.setsid()
    os.dup2(os.open(message, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), sys.stderr.fileno())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    os.environ.clear()
    os.environ.update(env)
    tempfile.tempdir = None
    sys.argv = ["-c", *arguments]


if __name__ == "__main__":
    end_with_parent()
    for name in LOADED:
        importlib.import_module(name)
    preload()
    nbformat.validate(
        nbformat.v4.new_notebook(), relax_add_props=True
    )  # compiles its rules once for all runs
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as door:
        code, *others = _forked(door)
    _become(*others)
    exec(code, {"__name__": "__main__"})
