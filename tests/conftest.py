"""What tests share: the material beside the project, one run of both studies, forked kernels; and who runs which test.

Tests skip where the material is not there.
"""

import asyncio
import fcntl
import gc
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partialmethod
from pathlib import Path

import nbval.kernel
import pandas as pd
import pytest
from hypothesis import settings
from jupyter_client.manager import KernelManager
from jupyter_client.provisioning import LocalProvisioner
from xdist.scheduler import LoadScopeScheduling

from ncsresearch.batch.cells import end_with_parent
from ncsresearch.batch.execute import FORKS, preload
from ncsresearch.cli import COLLECTED

PROJECT = Path(__file__).parents[1]
SHARED = PROJECT.parent / "shared"
FIRST = ("tests/test_standards.py", "tests/test_environment.py")  # they begin with what takes longest
LONG = "faults batch changed hostile_files cli"
SPREAD = ("tests/browser/test_accessible.py", *(f"tests/test_{name}.py" for name in LONG.split()))
BY_FUNCTION = tuple(f"tests/test_{name}.py" for name in ("import", "synthetic", "chapters", "export"))

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")
gc.set_threshold(*COLLECTED)  # as the commands do


def pytest_collection_modifyitems(items):
    """Put what takes long first, so that no worker is left with it at the end."""
    order = {path: place for place, path in enumerate(FIRST + BY_FUNCTION + SPREAD)}
    items.sort(key=lambda item: order.get(_module(item.nodeid), len(order)))


def _module(nodeid: str) -> str:
    return nodeid.split("::", 1)[0]


class Shared(LoadScopeScheduling):
    """Gives a module to one worker, which makes what its tests share once.

    Tests of long modules go to whoever is free: each by itself, or those of one function together, which share studies.
    """

    def _split_scope(self, nodeid: str) -> str:
        if _module(nodeid) in SPREAD + FIRST[1:]:
            return nodeid
        return nodeid.split("[", 1)[0] if _module(nodeid) in BY_FUNCTION else _module(nodeid)


def pytest_xdist_make_scheduler(config, log):
    """Have the tests handed out in their order."""
    config.option.loadscopereorder = False
    return Shared(config, log)


class ForkedKernel:
    """A kernel that is a fork of this process, whose libraries it shares, as Popen would show it."""

    stdin = stdout = stderr = returncode = None

    def __init__(self, run: Callable[[], None]):
        self.pid = os.fork()
        if not self.pid:
            try:
                run()
            finally:
                os._exit(0)

    def poll(self) -> int | None:
        """Return its exit code, or None while it runs."""
        if self.returncode is None and (ended := os.waitpid(self.pid, os.WNOHANG))[0]:
            self.returncode = os.waitstatus_to_exitcode(ended[1])
        return self.returncode

    def wait(self) -> int:
        """Wait for its end and return its exit code."""
        while self.poll() is None:
            time.sleep(0.01)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal while it runs; its number could be another's afterwards."""
        if self.poll() is None:
            os.kill(self.pid, number)

    kill = partialmethod(send_signal, signal.SIGKILL)
    terminate = partialmethod(send_signal, signal.SIGTERM)


class ForkingProvisioner(LocalProvisioner):
    """Forks the kernels of committed chapters, so that none of them loads the libraries again."""

    async def launch_kernel(self, cmd: list[str], **options) -> dict:
        """Fork a kernel and return how to speak to it."""
        preload()
        self.process = ForkedKernel(lambda: _run_kernel(cmd[3:], options["env"], options.get("cwd")))
        self.pid, self.pgid = self.process.pid, None
        return self.connection_info


def _run_kernel(arguments: list[str], env: dict[str, str], folder: str | None) -> None:
    from ipykernel.kernelapp import IPKernelApp

    asyncio._set_running_loop(None)  # the one of who forked it
    asyncio.set_event_loop(asyncio.new_event_loop())
    os.setsid()
    end_with_parent()
    os.environ.update(env)
    os.chdir(folder or ".")
    for number in range(3):
        os.dup2(os.open(os.devnull, os.O_RDWR), number)
    pd.set_option("display.max_columns", 20)
    kernel = IPKernelApp.instance()
    kernel.initialize(arguments)
    kernel.start()


class ForkedKernelManager(KernelManager):
    """Starts the kernels of committed chapters as forks where the system can."""

    async def _async_pre_start_kernel(self, **options):
        if FORKS:
            self.provisioner = ForkingProvisioner(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
            )
        return await super()._async_pre_start_kernel(**options)


nbval.kernel.KernelManager = ForkedKernelManager


def _beside(folder: str) -> Path:
    path = SHARED / folder
    if not path.is_dir():
        pytest.skip(f"the folder {folder} is not beside the project")
    return path


@pytest.fixture(scope="session")
def sources() -> Path:
    """Folder of the five published documents."""
    return _beside("sources")


@pytest.fixture(scope="session")
def facts() -> Path:
    """Folder of facts taken from the documents by hand."""
    return _beside("facts")


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of files that other tools wrote."""
    return _beside("samples")


@pytest.fixture(scope="session")
def published():
    """The published study that comes with the project."""
    from ncsresearch.study import load_study

    return load_study(PROJECT / "data" / "published")


@pytest.fixture(scope="session")
def shared(tmp_path_factory) -> Path:
    """Folder of what is made once for all tests and workers."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def once(path: Path, make: Callable[[Path], object]) -> Path:
    """Have a file or folder made by the worker that asks for it first; the others wait for it."""
    partial = path.with_name(f"{path.name}.partial")
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            shutil.rmtree(partial, ignore_errors=True)
            make(partial)
            partial.rename(path)
    return path


@pytest.fixture(scope="session")
def site(shared) -> Path:
    """Folder of outputs of both embedded studies, run once."""
    return once(shared / "site", _run_both_studies)


def vetted(outputs: Path) -> tuple[str, ...]:
    """Return what vet says of an embedded study's outputs, which it reads once."""
    from ncsresearch.vet.vetting import vet_outputs

    def vet(path: Path) -> None:
        path.write_text("\n".join(vet_outputs(outputs, study=PROJECT / "data" / outputs.name).lines))

    lines = once(outputs.parent.with_name(f"{outputs.name}.vetted"), vet)
    return tuple(lines.read_text().split("\n"))


@pytest.fixture(scope="session")
def imported(samples, shared) -> Callable[[list[str], Path], list]:
    """Return a function that copies the study that some samples become, which are imported once, and gives each file's account."""
    from ncsresearch.exchange.import_files import import_files
    from ncsresearch.exchange.new_study import new_study

    def copied(names: list[str], folder: Path) -> list:
        def make(made: Path) -> None:
            new_study(made / "study")
            found = import_files([samples / name for name in names], made / "study")
            (made / "accounts").write_bytes(pickle.dumps([each.file.account for each in found]))

        made = once(shared / re.sub(r"\W+", "-", f"imported {names}"), make)
        shutil.copytree(made / "study", folder)
        return pickle.loads((made / "accounts").read_bytes())

    return copied


def _run_both_studies(folder: Path) -> None:
    command = [sys.executable, "-c", "from ncsresearch.cli import main; main()"]
    done = subprocess.run(
        [*command, "run", "--output", str(folder)], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
