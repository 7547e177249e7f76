"""Imports run one way; every public name says what it returns."""

import ast
import inspect
from importlib import import_module

import pytest

import ncsresearch
from conftest import PROJECT

SOURCE = PROJECT / "src" / "ncsresearch"
LAYERS = [
    "schema",
    "ingest",
    "study",
    "vet",
    "exchange",
    "evidence",
    "analysis",
    "disclosure",
    "present",
    "explorer",
    "report",
    "batch",
    "review",
    "cli",
]
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.name != "__init__.py")


def layer(module: str) -> str:
    return module.removeprefix("ncsresearch.").split(".")[0]


def imported(path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ncsresearch."):
            found.add(layer(node.module))
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: import by its whole name"
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_imports_only_from_layers_to_its_left(path):
    own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    allowed = LAYERS[: LAYERS.index(own) + 1]
    assert imported(path) <= set(allowed)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_vetting_of_outputs_shares_no_code_with_their_making(path):
    own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    if own == "vet":
        assert imported(path) <= {"schema", "study", "vet"}
    else:
        assert "vet" not in imported(path) or own == "cli"


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in MODULES
        if path.parent.name in ("evidence", "analysis", "disclosure", "present")
        and path.stem not in ("wording", "checklists")  # read the package's own words
    ],
    ids=lambda path: path.stem,
)
def test_analyses_and_presentation_read_and_write_no_file(path):
    calls = {
        "open",
        "read_csv",
        "read_text",
        "write_text",
        "read_bytes",
        "write_bytes",
        "to_csv",
        "read_document",
    }
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            assert name not in calls, f"{path.name}:{node.lineno} {name}"


@pytest.mark.parametrize("name", sorted(ncsresearch.HOMES))
def test_a_public_name_is_documented(name):
    public = getattr(ncsresearch, name)
    words = inspect.getdoc(public)
    assert words
    if inspect.isfunction(public) and public.__module__.split(".")[1] in (
        "evidence",
        "analysis",
        "disclosure",
    ):
        assert "Return" in words, f"{name}: does not say what it returns"


def test_importing_the_package_loads_no_library():
    import subprocess
    import sys

    code = "import sys, ncsresearch, ncsresearch.cli; print([name for name in ('pandas', 'matplotlib') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "[]"


def test_every_public_name_exists_and_chapters_use_no_other():
    import re

    used = set()
    for path in (PROJECT / "notebooks").glob("*.ipynb"):
        used |= set(re.findall(r"\bncs\.(\w+)", path.read_text(encoding="utf-8")))
    assert used <= set(ncsresearch.HOMES)
    for name, module in ncsresearch.HOMES.items():
        assert hasattr(import_module(f"ncsresearch.{module}"), name)
