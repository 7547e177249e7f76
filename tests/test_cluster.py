"""The same notebooks made by a Dask cluster: workers that share no folder with the caller, and one that is lost."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from builders import SETTINGS, study_folder
from conftest import PROJECT
from ncsresearch import StudyError
from ncsresearch.batch import plan as planning
from ncsresearch.batch.cluster import refuse_open_network
from ncsresearch.batch.run import run_studies
from ncsresearch.study import load_study
from test_batch import notebook

DASK = [sys.executable, "-m", "dask"]
SETUP = "import ncsresearch as ncs\nstudy = ncs.load_study(study_dir)\n"
SHOW = 'ncs.show(ncs.Table("areas", "Areas", study.areas, {"name": "Name"}, "areas", "a list"))'
WORDS = "import pathlib\nprint(sorted(path.read_text() for path in pathlib.Path(sources_dir).glob('*.txt')))"
PARAMETERS = 'study_dir: str = ""\narea_id: str = ""\nsources_dir: str = ""'
HIDES = (
    shutil.which("unshare")
    and not subprocess.run(
        ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True
    ).returncode
)


class Cluster:
    """A scheduler and three workers, each in a folder of its own; where the machine allows, they do not see the caller's."""

    def __init__(self, folder: Path, hidden: Path):
        self.folder, self.hidden, self.running = folder, hidden, []
        self.address = f"ipc-{folder.name}"

    def start(self) -> "Cluster":
        told = self.folder / "scheduler.json"
        self._run(
            "scheduler",
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            told,
        )
        comes(told.exists)
        for number in range(3):
            self.add_worker(number, told)
        import json

        self.address = json.loads(told.read_text())["address"]
        return self

    def add_worker(self, number: int, told: Path) -> None:
        own = self.folder / f"worker{number}"
        (own / "tmp").mkdir(parents=True)
        flags = ["--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", own]
        self._run(
            own.name, "worker", "--scheduler-file", told, *flags, cwd=own, hide=True, TMPDIR=str(own / "tmp")
        )

    def _run(self, name: str, kind: str, *arguments, cwd=None, hide=False, **env) -> None:
        command = [*DASK, kind, *map(str, arguments)]
        if hide and HIDES:
            told = f'mount -t tmpfs none "{self.hidden}" && exec "$@"'
            command = ["unshare", "-m", "sh", "-c", told, "sh", *command]
        log = (self.folder / f"{name}.log").open("wb")
        path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        options = {"cwd": cwd, "env": os.environ | env | {"PYTHONPATH": path}, "stdout": log, "stderr": log}
        self.running.append(subprocess.Popen(command, start_new_session=True, **options))

    def end(self) -> None:
        for process in reversed(self.running):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def comes(told, within: float = 60) -> None:
    until = time.monotonic() + within
    while not told():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A small study with source documents, and notebooks that read them."""
    folder = tmp_path_factory.mktemp("caller")
    (folder / "notebooks").mkdir()
    (folder / "papers").mkdir()
    (folder / "papers/one.txt").write_text("what a paper holds")
    notebook(folder / "notebooks/02_themes.ipynb", SETUP + SHOW, WORDS, parameters=PARAMETERS)
    notebook(folder / "notebooks/20_case_study_area.ipynb", SETUP + SHOW, parameters=PARAMETERS)
    rows = "".join(f"area{n:02},Area {n:02},mainly_rural,yes,yes\n" for n in range(12))
    study_folder(folder / "small", areas="area_id,name,area_type,case_study,report\n" + rows)
    return folder


@pytest.fixture(scope="module", autouse=True)
def small_notebooks(project):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "NOTEBOOKS", project / "notebooks")
        yield


@pytest.fixture(scope="module")
def cluster(project, tmp_path_factory):
    made = Cluster(tmp_path_factory.mktemp("cluster"), project)
    try:
        yield made.start()
    finally:
        made.end()


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def run(project, output: str, **options):
    return run_studies([project / "small"], output=project / output, sources=project / "papers", **options)


@pytest.fixture(scope="module")
def at_home(project):
    assert {result.status for result in run(project, "home")} == {"done"}
    return contents(project / "home")


@pytest.fixture(scope="module")
def away(project, cluster):
    return run(project, "away", scheduler=cluster.address)


def test_workers_elsewhere_make_the_same_bytes(project, cluster, at_home, away):
    assert {(result.status, result.error) for result in away} == {("done", "")}
    assert contents(project / "away") == at_home
    assert not [*cluster.folder.glob("worker*/tmp/**/ncsresearch-*/*")]


def test_what_changed_alone_is_sent(project, cluster, away):
    assert {result.status for result in run(project, "away", scheduler=cluster.address)} == {"unchanged"}


def test_a_notebook_that_fails_elsewhere_is_told_as_at_home(project, cluster, tmp_path, monkeypatch):
    shutil.copytree(project / "notebooks", tmp_path / "notebooks")
    monkeypatch.setattr(planning, "NOTEBOOKS", tmp_path / "notebooks")
    notebook(tmp_path / "notebooks/02_themes.ipynb", "1 / 0", parameters=PARAMETERS)
    for way in ({}, {"scheduler": cluster.address}):
        (result,) = run(project, "failing", chapters=["02_themes"], fresh=True, **way)
        assert result.error == (
            "code cell 2 under “Key points”: ZeroDivisionError: division by zero; the cell is marked in the notebook under "
            "failed/"
        )


def test_what_a_lost_worker_was_at_is_made_elsewhere(project, cluster, at_home):
    """One of three workers is killed while notebooks are made."""
    code = f"""
import pathlib, sys, time, threading, os, signal
from ncsresearch.batch import plan
from ncsresearch.batch.cluster import refuse_open_network
from ncsresearch.batch.run import run_studies
plan.NOTEBOOKS = pathlib.Path({str(project / "notebooks")!r})
folder = pathlib.Path({str(project)!r})
results = run_studies([folder / "small"], output=folder / "lost", sources=folder / "papers", scheduler={cluster.address!r})
print({{(result.status, result.error) for result in results}})
"""
    caller = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    comes(lambda: [*(project / "lost").rglob("*.ipynb")] or caller.poll() is not None)
    os.killpg(cluster.running[1].pid, signal.SIGKILL)
    told, _ = caller.communicate(timeout=120)
    assert told == "{('done', '')}\n"
    assert contents(project / "lost") == at_home


def test_a_worker_with_another_version_says_so(project, cluster, monkeypatch):
    monkeypatch.setattr("ncsresearch.batch.cluster.of_package", lambda: "another")
    (result,) = run(project, "other", chapters=["02_themes"], scheduler=cluster.address)
    assert result.error == "the worker has another version of ncsresearch, Python or their libraries"


def test_no_scheduler_is_told_before_anything_is_written(project, monkeypatch):
    monkeypatch.setattr("ncsresearch.batch.cluster.PATIENCE", 1)
    with pytest.raises(StudyError, match=r"^tcp://127\.0\.0\.1:9: no Dask scheduler answers there \("):
        run(project, "nobody", scheduler="tcp://127.0.0.1:9")
    assert not [*(project / "nobody").rglob("*.ipynb")]


def test_an_address_that_no_scheduler_has_is_told(project):
    with pytest.raises(StudyError) as raised:
        run(project, "nobody", scheduler="htpp://127.0.0.1:9")
    assert str(raised.value) == (
        "htpp://127.0.0.1:9: no scheduler has such an address; known are those at tcp://, tls://, ws://, wss://, ucx://."
    )


def test_without_dask_the_extra_is_named(project, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(StudyError) as raised:
        run(project, "nobody", scheduler="tcp://127.0.0.1:9")
    assert str(raised.value) == "--scheduler needs Dask: pip install 'ncsresearch[cluster]'."


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:8786", "10.0.0.1:8786"])
def test_a_confidential_study_does_not_travel_over_an_open_network(project, tmp_path, address):
    study = study_folder(tmp_path / "own", settings=SETTINGS.replace('"public"', '"confidential"'))
    with pytest.raises(StudyError) as raised:
        run_studies([study], output=tmp_path / "nobody", scheduler=address)
    assert str(raised.value) == (
        f"{address}: own is confidential and travels only encrypted. Start scheduler and workers "
        "with certificates (Dask: distributed.comm.tls) and name the scheduler by tls://."
    )
    assert not (tmp_path / "nobody").exists()


@pytest.mark.parametrize("address", ["tls://10.0.0.1:8786", "tcp://127.0.0.1:8786", "tcp://localhost:8786"])
def test_it_travels_encrypted_and_within_this_machine(project, tmp_path, address):
    settings = SETTINGS.replace('"public"', '"confidential"')
    studies = [load_study(study_folder(tmp_path / "own", settings=settings))]
    assert refuse_open_network(address, studies) is None
