"""Who makes the notebooks: a row for each kind of scheduler, the loop that has them made, and processes of this machine."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path
from pkgutil import resolve_name
from typing import Protocol

from ncsresearch.batch.cells import end_with_parent
from ncsresearch.batch.execute import preload
from ncsresearch.batch.make import Bundle, Executed, Order, Ready, make, no_room, staging
from ncsresearch.batch.plan import forking
from ncsresearch.schema import CallError, StudyError
from ncsresearch.study.staged import BELOW

ENDED = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
TRIES = 3
LOST_AT_DASK = ("KilledWorker", "FutureCancelledError")
LOST = "its worker process was ended from outside"


SCHEDULERS = {  # by what stands before :// in an address: module and function that give its pool while a block lasts
    "": "ncsresearch.batch.pools:processes",  # this machine
    **dict.fromkeys(("tcp", "tls", "ws", "wss", "ucx"), "ncsresearch.batch.cluster:cluster"),  # Dask
}


def pool_at(address: str, *, workers: int) -> AbstractContextManager["Pool"]:
    """Return the pool of the scheduler at an address, or of this machine without one.

    Raises StudyError for an address that no scheduler has.
    """
    begins, told, _ = address.partition("://")
    scheduler = SCHEDULERS.get(begins if told or not address else "tcp")
    if not scheduler:
        known = ", ".join(f"{begins}://" for begins in SCHEDULERS if begins)
        raise CallError(f"{address}: no scheduler has such an address; known are those at {known}.")
    return resolve_name(scheduler)(address, workers=workers)


class Pool(Protocol):
    """Whoever makes notebooks.

    width   how many orders are kept with it at a time
    """

    @property
    def width(self) -> int:
        """How many orders it is given at a time."""

    def share(self, bundle: Bundle) -> Ready:
        """Take what many notebooks read; it is given with the order of each."""

    def submit(self, order: Order, study: Ready, sources: Ready | None) -> Future[Executed]:
        """Have a notebook made."""


Asked = tuple[Order, Ready, Ready | None]  # a notebook, the study that it reads, and source documents


def made(pool: Pool, asked: Iterable[Asked]) -> Iterator[tuple[Order, Executed]]:
    """Have notebooks made, a few ahead of those that are ready, and yield each as it is; one whose worker is lost is tried again."""
    coming, waiting = iter(asked), {}
    while True:
        for each in islice(coming, max(0, pool.width - len(waiting))):
            waiting[pool.submit(*each)] = (each, 1)
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            each, tries = waiting.pop(future)
            lost = _lost(future)
            if lost and tries < TRIES:
                waiting[pool.submit(*each)] = (each, tries + 1)
            else:
                yield each[0], Executed(error=LOST) if lost else future.result()


def _lost(future: Future) -> bool:
    """Whether the worker that was to make a notebook is gone."""
    error = future.exception()
    return isinstance(error, BrokenExecutor) or type(error).__name__ in LOST_AT_DASK


class Processes:
    """Processes of this machine; they end with the run, however it ends."""

    def __init__(self, workers: int):
        self.width, self.n_shared = workers, 0
        self.others = multiprocessing.active_children()
        self._begin()

    def _begin(self) -> None:
        self.pool = ProcessPoolExecutor(self.width, mp_context=forking(), initializer=begin_work)

    def share(self, bundle: Bundle) -> Path:
        """Stage it once, where every process finds it."""
        self.n_shared += 1
        below = Path(os.environ[BELOW])
        try:
            return bundle.stage(below / f"shared-{self.n_shared}")
        except OSError as error:
            raise StudyError(no_room(error)) from None

    def submit(self, order: Order, study: Ready, sources: Ready | None) -> Future[Executed]:
        """Have a process make a notebook; new ones begin where the others were ended from outside."""
        try:
            return self.pool.submit(make, order, study, sources)
        except BrokenExecutor:
            self._begin()
            return self.pool.submit(make, order, study, sources)

    def end(self) -> None:
        """End the processes, whatever they are at."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        for process in multiprocessing.active_children():
            if process not in self.others:
                process.kill()
                process.join()


@contextlib.contextmanager
def processes(address: str = "", *, workers: int) -> Iterator[Processes]:
    """Give processes of this machine while the block lasts."""
    with _ended_in_order(), staging():
        preload()
        pool = Processes(workers)
        try:
            yield pool
        finally:
            pool.end()


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    """Have a request to end, or the end of the terminal, end the block as Ctrl-C does; one who ignores them goes on to."""
    heard = [number for number in ENDED if signal.getsignal(number) is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        heard = []
    for number in heard:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, signal.SIG_DFL)


def begin_work() -> None:
    """Write nothing to the terminal, and end with the run, however it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in ENDED:
        signal.signal(number, signal.SIG_DFL)
    end_with_parent()
