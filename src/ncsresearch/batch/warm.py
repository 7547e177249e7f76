"""A process that has the libraries of chapters loaded, and becomes a kernel each time it is asked.

A kernel of its own costs every notebook the import of pandas, seaborn and statsmodels. Here they are imported once; whoever
wants a kernel connects and sends how it is to start, and a fork of this process becomes that kernel: a real one, with a
state of its own. The connection lives as long as the kernel: its exit code comes back over it, and a kernel whose
connection is closed (its asker is done, or was killed) is killed with all that it has started.
"""

import atexit
import contextlib
import ctypes
import gc
import importlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

PRELOADED = (
    *("numpy", "pandas", "scipy.stats", "matplotlib.pyplot", "seaborn", "statsmodels.api"),
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "IPython.core.completerlib", "matplotlib_inline.config"),
    *("debugpy", "ncsresearch.present.research_chapter", "ncsresearch.present.table_area"),
)
INLINE = "module://matplotlib_inline.backend_inline"
LONGEST_FOLDER = 60  # letters
PATIENCE = 20  # seconds until a process that was asked to end is ended
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux
MOST_SHOWN = 50_000_000  # bytes that the cells of one notebook may show
TOO_MUCH = f"it showed more than {MOST_SHOWN // 1_000_000} MB"
READY = "kernel"  # and its process id, once a kernel can be spoken to; a number alone is the status of one that has ended
STARTING = threading.Lock()
WARM_DOOR = "NCSRESEARCH_WARM_DOOR"  # names the socket at which the warm process of a run is asked


def folder_of_sockets() -> str:
    """Return where folders for sockets are made: the name of a socket may have no more than 107 letters."""
    usual = tempfile.gettempdir()
    return usual if len(usual) <= LONGEST_FOLDER else "/tmp"


def warm_process_answers() -> bool:
    """Whether there is a warm process that can be asked."""
    door = os.environ.get(WARM_DOOR)
    if not door:
        return False
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(door) == 0


def end_with_parent() -> None:
    """Have this process end when the one that has forked it ends, where the system can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)


@contextlib.contextmanager
def warm_kernels(*, cold: bool = False) -> Iterator[None]:
    """Have kernels forked while the block lasts; where the system cannot, or cold is asked for, they start as usual.

    A warm process that is there already serves the block too, unless cold is asked for.
    """
    before = os.environ.pop(WARM_DOOR, None)
    try:
        if cold or sys.platform != "linux":
            yield
        elif before:
            os.environ[WARM_DOOR] = before
            yield
        else:
            with _warm_process() as os.environ[WARM_DOOR]:
                yield
    finally:
        os.environ.pop(WARM_DOOR, None)
        os.environ.update({WARM_DOOR: before} if before else {})


def warm_for_good() -> None:
    """Have kernels forked in this process until it ends."""
    with STARTING:
        if WARM_DOOR not in os.environ:
            kept = contextlib.ExitStack()
            kept.enter_context(warm_kernels())
            atexit.register(kept.close)


@contextlib.contextmanager
def _warm_process() -> Iterator[str]:
    """Start the process and give the path of the socket at which it is asked; with the block it ends, and its kernels."""
    named = {"prefix": f"ncsresearch-{os.getpid()}-", "dir": folder_of_sockets()}
    with tempfile.TemporaryDirectory(**named, ignore_cleanup_errors=True) as folder:
        path = str(Path(folder) / "door")
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(path)
            door.listen()
            process = _started(door, folder)
        try:
            yield path
        finally:
            _end(process)


def _end(process: subprocess.Popen) -> None:
    """Ask the process to end and wait for it; its input stays open where someone else has been given it."""
    process.stdin.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _started(door: socket.socket, folder: str) -> subprocess.Popen:
    """Start the process; it says nothing, and ends when its input is closed, as it is when the run is killed.

    What is told to the run's group of processes, such as Ctrl-C, is not told to it: it has to see the others out. No file of
    the folder it is started in takes the place of a module of Python (-P).
    """
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "ncsresearch.batch.warm", str(door.fileno()), folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"MPLBACKEND": INLINE},
        pass_fds=[door.fileno()],
        start_new_session=True,
    )


class KernelServer:
    """What the process listens to: askers, its kernels' connections and ends, and the end of the run."""

    def __init__(self, door: socket.socket):
        self.door, self.kernels, self.events = door, {}, selectors.DefaultSelector()
        self.events.register(door, selectors.EVENT_READ, self._asked)
        self.events.register(sys.stdin, selectors.EVENT_READ)

    def serve(self) -> None:
        """Fork a kernel for everyone who asks, until the run closes this process's input."""
        while None not in (answers := [key.data for key, _ in self.events.select()]):
            for answer in answers:
                answer()
        for pid in self.kernels:
            _kill(pid)

    def _asked(self) -> None:
        connection, _ = self.door.accept()
        with connection.makefile("r", encoding="utf-8") as lines:
            asked = lines.readline()
        if not asked:
            connection.close()
            return
        pid = os.fork()
        if not pid:
            self._become_kernel(connection, json.loads(asked))
        _lead(pid)
        self.kernels[pid] = connection, os.pidfd_open(pid)
        for source in self.kernels[pid]:  # its asker is done with it or is dead; or it has ended
            self.events.register(source, selectors.EVENT_READ, partial(self._end, pid))

    def _become_kernel(self, connection: socket.socket, asked: dict) -> None:
        """Turn this fork into a kernel; it does not come back from here."""
        status = 1
        try:
            self.events.close()
            self.door.close()
            for other, ended in self.kernels.values():
                other.close()
                os.close(ended)
            _run_kernel(connection, **asked)
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        finally:
            os._exit(status)

    def _end(self, pid: int) -> None:
        """End a kernel, with what it has started and left behind, and tell its asker how it ended."""
        if pid not in self.kernels:
            return
        connection, ended = self.kernels.pop(pid)
        _kill(pid)
        _tell(connection, str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])))
        for source in (connection, ended):
            self.events.unregister(source)
        connection.close()
        os.close(ended)


def _lead(pid: int) -> None:
    """Make a fork the leader of a group of its own; it does so too, whichever of the two comes first."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpgid(pid, pid)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _tell(connection: socket.socket, words: str) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(f"{words}\n".encode())


def _run_kernel(connection: socket.socket, arguments: list[str], cwd: str, env: dict[str, str]) -> None:
    """Start a kernel in this process, tell its process id once it can be spoken to, and run it to its end."""
    from ipykernel.kernelapp import IPKernelApp

    _lead(0)
    end_with_parent()
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    _forget()
    kernel = IPKernelApp.instance()
    kernel.initialize(arguments)
    _tell(connection, f"{READY} {os.getpid()}")
    connection.close()
    kernel.start()


def _forget() -> None:
    """Undo what the process did that a kernel of its own would have done otherwise: drawn numbers, a wide screen, a module barred."""
    import random

    import numpy as np
    import pandas as pd

    sys.modules.pop("rfc3987_syntax", None)
    random.seed()
    np.random.seed()
    pd.set_option("display.max_columns", 20)


def main() -> None:
    """Load the libraries, answer whoever asks, and leave no file behind."""
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    try:
        KernelServer(socket.socket(fileno=int(sys.argv[1]))).serve()
    finally:
        shutil.rmtree(sys.argv[2], ignore_errors=True)


if __name__ == "__main__":
    main()
