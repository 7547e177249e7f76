"""pyproject.toml, requirements.lock and environment.yml say the same, and each can be installed."""

import csv
import re
import runpy
import subprocess
import sys
import tomllib

import frictionless
import pytest
import yaml

from conftest import PROJECT
from ncsresearch.ingest.data_package import data_package
from test_own_words import PACKED

LOCK = (PROJECT / "requirements.lock").read_text(encoding="utf-8").splitlines()
PROJECT_FILE = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def longest_cell():
    """frictionless lets a cell of a CSV be of any length, for all of this process: what other tests read is as before."""
    before = csv.field_size_limit()
    yield
    csv.field_size_limit(before)


def pinned() -> dict[str, str]:
    return {line.split("==")[0]: line.split("==")[1].split(" ;")[0] for line in LOCK}


def wanted() -> list[str]:
    project = PROJECT_FILE["project"]
    return [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]


def test_the_lock_pins_every_line_by_name_and_version_and_names_no_address():
    for line in LOCK:
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]*==[^ @/]+( ; .+)?", line), line


def test_every_dependency_is_pinned_within_its_bounds():
    from packaging.requirements import Requirement

    for requirement in map(Requirement, wanted()):
        version = pinned()[requirement.name.lower()]
        assert requirement.specifier.contains(version), f"{requirement} is pinned to {version}"


def test_what_is_installed_is_what_is_pinned():
    from importlib.metadata import version

    for name in (re.split("[<>=]", requirement)[0] for requirement in wanted()):
        assert version(name) == pinned()[name.lower()]


def test_conda_gets_python_and_pip_and_everything_else_from_the_lock():
    *conda, pip = CONDA["dependencies"]
    assert conda == ["python=3.11", "pip"]
    assert pip == {"pip": ["-r requirements.lock", "-e ."]}
    assert PROJECT_FILE["project"]["requires-python"] == ">=3.11"


@pytest.fixture(scope="module")
def channel(tmp_path_factory):
    """A channel of our own with empty packages of the names and versions that conda would bring."""
    import asyncio
    import json
    import tarfile

    from rattler.index import index_fs

    folder = tmp_path_factory.mktemp("channel")
    for name, version in (("python", "3.11.9"), ("python", "3.13.0"), ("pip", "24.0")):
        files = folder / "info"
        files.mkdir(exist_ok=True)
        index = {
            "name": name,
            "version": version,
            "build": "0",
            "build_number": 0,
            "depends": [],
            "subdir": "noarch",
        }
        (files / "index.json").write_text(json.dumps(index))
        (folder / "noarch").mkdir(exist_ok=True)
        with tarfile.open(folder / "noarch" / f"{name}-{version}-0.tar.bz2", "w:bz2") as package:
            package.add(files / "index.json", "info/index.json")
    asyncio.run(index_fs(folder))
    return folder


def solve(channel, specs: list[str]) -> dict[str, str]:
    import asyncio

    from rattler import MatchSpec
    from rattler import solve as rattler_solve

    records = asyncio.run(
        rattler_solve(
            [f"file://{channel}"], [MatchSpec(spec) for spec in specs], platforms=["linux-64", "noarch"]
        )
    )
    return {record.name.normalized: str(record.version) for record in records}


def test_the_conda_part_parses_and_solves(channel):
    found = solve(channel, CONDA["dependencies"][:-1])
    assert found == {"python": "3.11.9", "pip": "24.0"}


def test_a_python_that_nobody_has_does_not_solve(channel):
    from rattler.exceptions import SolverError

    with pytest.raises(SolverError):
        solve(channel, ["python=3.10", "pip"])


@pytest.mark.parametrize(
    "study", sorted(path.parent.name for path in (PROJECT / "data").glob("*/study.toml"))
)
def test_a_study_is_a_sound_data_package(study):
    import json

    from ncsresearch.study import read_settings

    folder = PROJECT / "data" / study
    committed = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert committed == data_package(folder, read_settings(folder).title)
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "note"])[:5]


def test_the_data_dictionary_is_up_to_date():
    from ncsresearch.ingest.data_package import data_dictionary

    assert (PROJECT / "docs" / "data_dictionary.md").read_text(encoding="utf-8") == data_dictionary()


def test_the_reference_is_up_to_date():
    reference = runpy.run_path(str(PROJECT / "docs" / "reference.py"))["reference"]
    assert (PROJECT / "docs" / "reference.md").read_text(encoding="utf-8") == reference()


def test_a_damaged_data_package_is_refused_by_the_validator_too(tmp_path):
    import shutil

    folder = tmp_path / "published"
    shutil.copytree(PROJECT / "data" / "published", folder)
    table = folder / "codings.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("reader 1", "", 1), encoding="utf-8")
    assert not frictionless.validate(str(folder / "datapackage.json")).valid


def test_the_pip_part_installs_in_a_clean_environment_and_runs(tmp_path):
    """The lock alone, without a look at what is installed here: conda users get the same set."""
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    python = venv / "bin" / "python"
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    for line in CONDA["dependencies"][-1]["pip"]:
        subprocess.run([*install, *line.split()], cwd=PROJECT, check=True)
    checked = subprocess.run(
        [venv / "bin" / "ncsresearch", "check", "data/published"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert checked.stdout == "published: 0 faults.\n"


def test_the_project_names_no_registry_and_no_place_of_a_machine():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split()
    host = re.compile(
        r"(?:files\.pythonhosted|pypi)\.org|registry\.npm|deb\.debian\.org|/(?:home|root|work)/(?:main|shared|\w+/)"
    )
    for name in listed:
        readable = (PROJECT / name).is_file() and not name.endswith(PACKED)
        if readable and name != "tests/test_environment.py":
            assert not host.search((PROJECT / name).read_text(encoding="utf-8")), name
