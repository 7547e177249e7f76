"""The workers of a Dask cluster as makers of notebooks: an order brings all it needs, and brings back what was made."""

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future
from urllib.parse import urlsplit

from ncsresearch.batch.cells import end_with_parent
from ncsresearch.batch.digests import of_package
from ncsresearch.batch.execute import preload
from ncsresearch.batch.make import Bundle, Executed, Order, Ready, make, staging
from ncsresearch.schema import CallError, StudyError
from ncsresearch.study import Study

THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
PATIENCE = 30  # seconds until a scheduler has answered and has a worker
OWN = threading.local()  # the maker of each thread of a worker


class Cluster:
    """The workers of a Dask cluster. Dask itself has what a lost worker was at made elsewhere."""

    def __init__(self, client):
        self.client, self.pool = client, client.get_executor(pure=False)

    @property
    def width(self) -> int:
        """Two notebooks for each thread of its workers, so that none waits for the next."""
        return 2 * max(1, sum(self.client.ncores().values()))

    def share(self, bundle: Bundle):
        """Give it to the cluster once; the scheduler keeps it, and gives it to any worker that asks."""
        return self.client.submit(_itself, bundle, pure=False)

    def submit(self, order: Order, study: Ready, sources: Ready | None) -> Future[Executed]:
        """Have a worker make a notebook."""
        return self.pool.submit(make_there, order, study, sources, of_package())


def _itself(bundle: Bundle) -> Bundle:
    return bundle


def make_there(order: Order, study: Ready, sources: Ready | None, package: str) -> Executed:
    """Make a notebook on a worker, if the worker has the same package as who asked."""
    if of_package() != package:
        return Executed(error="the worker has another version of ncsresearch, Python or their libraries")
    if not hasattr(OWN, "maker"):
        command = [sys.executable, "-P", "-m", "ncsresearch.batch.cluster"]
        OWN.maker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return _made_by(OWN.maker, order, study, sources)


def _made_by(maker: subprocess.Popen, *asked) -> Executed:
    try:
        pickle.dump(asked, maker.stdin)
        maker.stdin.flush()
        return pickle.load(maker.stdout)
    except (OSError, EOFError, pickle.UnpicklingError):
        del OWN.maker
        maker.kill()
        raise BrokenExecutor from None


def make_for_worker() -> None:
    """Make the notebooks that a thread of a worker asks for: from a worker itself, with its many threads, none can be forked."""
    end_with_parent()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with contextlib.suppress(EOFError), staging():
        preload()
        while True:
            pickle.dump(make(*pickle.load(sys.stdin.buffer)), answers)
            answers.flush()


def refuse_open_network(address: str, studies: Iterable[Study]) -> None:
    """Refuse to send a confidential study over a network where others can read along; raises StudyError."""
    host = urlsplit(address).hostname or ""
    confidential = [study.name for study in studies if study.settings.access != "public"]
    if confidential and not address.startswith("tls://") and host not in THIS_MACHINE:
        raise CallError(
            f"{address}: {confidential[0]} is confidential and travels only encrypted. Start scheduler and workers "
            "with certificates (Dask: distributed.comm.tls) and name the scheduler by tls://."
        )


@contextlib.contextmanager
def cluster(address: str, **_) -> Iterator[Cluster]:
    """Give the workers of the cluster whose scheduler has this address while the block lasts.

    Raises StudyError where Dask is not installed, no scheduler answers or it has no worker.
    """
    try:
        from distributed import Client
    except ImportError:
        raise StudyError("--scheduler needs Dask: pip install 'ncsresearch[cluster]'.") from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        said = str(error).split("\n", 1)[0] or type(error).__name__
        raise CallError(f"{address}: no Dask scheduler answers there ({said}).") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise StudyError(f"{address}: the scheduler has no worker.") from None
        yield Cluster(client)


if __name__ == "__main__":
    make_for_worker()
