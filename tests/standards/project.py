"""Rules for how the project is made, for what it withholds, for ethics and for licences; files and commands, verified."""

import ast
import csv
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import pytest

import test_chapters
import test_environment
import test_golden
import test_own_words
import test_recompute
from builders import study_folder
from conftest import PROJECT, SHARED, vetted
from ncsresearch.report.content import NO_STATUS
from ncsresearch.schema import StudyError
from ncsresearch.study import Settings, load_study
from standards import standard

ATTRIBUTION = "public sector information licensed under the Open Government Licence v3.0"
WRITTEN = re.compile(r"\btests/[\w./]+\.py\b")


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def section(heading: str, file: str = "docs/quality.md") -> str:
    """The words under a heading of docs/quality.md, in small letters; fails where there is no such heading."""
    parts = re.split(r"^#+ +(.+)$", text(file), flags=re.M)
    found = [words for name, words in pairwise(parts) if name.strip() == heading]
    assert found, f"{file} has no heading {heading!r}"
    return found[0].lower()


def says(heading: str, *words: str) -> None:
    """Fail unless each of some words stands under a heading of docs/quality.md."""
    missing = [word for word in words if word not in section(heading)]
    assert not missing, f"docs/quality.md, {heading}: {missing}"


def ruff(*arguments: str) -> None:
    command = [str(Path(sys.executable).parent / "ruff"), *arguments, "src", "tests"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@cache
def public_functions() -> list:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (PROJECT / "src").rglob("*.py")]
    nodes = [
        node for tree in trees for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    ]
    return [node for node in nodes if not node.name.startswith("_")]


def csv_tables(made):
    return [
        (path, list(csv.reader(path.open(encoding="utf-8")))) for path in made.folder.rglob("tables/**/*.csv")
    ]


def foot(page) -> str:
    return " ".join(footer.text_content() for footer in page.xpath("/html/body/footer"))


@standard("RAP01", "every number comes from code")
def rap01(made):
    for path in test_chapters.CHAPTERS:
        test_chapters.test_nobody_types_a_number(path)
    assert {entry["status"] for of in made.manifests.values() for entry in of["notebooks"]} == {"done"}


@standard("RAP02", "under version control")
def rap02(made):
    assert all(
        re.fullmatch("[0-9a-f]{40}", of["commit"].split("+")[0][:40]) for of in made.manifests.values()
    )
    assert (PROJECT / ".gitignore").is_file()


@standard("RAP03", "the README says how to install, run and what comes of it")
def rap03(made):
    assert {"make report", "make test", "outputs/index.html"} <= set(
        re.findall(r"make \w+|outputs/index\.html", text("README.md"))
    )


@standard("RAP05", "code is open to whoever reads its results")
def rap05(made):
    for path, page in made.chapters.items():
        assert page.xpath("//details[@class='code']//pre"), path


@standard("RAP06", "one command makes everything anew")
def rap06(made):
    assert "\nreport: .venv/ready\n\t$(BIN)/ncsresearch run\n" in text("Makefile")
    kinds = {path.suffix for path in made.folder.rglob("*.*") if path.is_file()}
    assert {".html", ".ipynb", ".csv", ".json", ".docx", ".xlsx"} <= kinds


@standard("RAP07", "public functions say what they are for")
def rap07(made):
    silent = [node.name for node in public_functions() if not ast.get_docstring(node)]
    assert len(silent) <= 0.02 * len(public_functions()), silent


@standard("RAP08", "the usual folders")
def rap08(made):
    assert all((PROJECT / name).is_dir() for name in ("src", "tests", "data", "notebooks", "docs"))


@standard("RAP09", "notebooks call functions and define none")
def rap09(made):
    for path in test_chapters.CHAPTERS:
        test_chapters.test_cells_are_short_and_define_nothing(path)


@standard("RAP10", "code keeps one style, in notebooks too")
def rap10(made):
    ruff("check", "notebooks")
    ruff("format", "--check")


@standard("RAP11", "unit tests, and published tables made again")
def rap11(made):
    test_golden.test_every_golden_value_is_met_somewhere()
    assert len(list((PROJECT / "tests").glob("test_*.py"))) > 30


@standard("RAP12", "what it depends on is pinned")
def rap12(made):
    test_environment.test_the_lock_pins_every_line_by_name_and_version_and_names_no_address()


@standard("RAP13", "a run leaves a record, with the hash of every input")
def rap13(made):
    for name, of in made.manifests.items():
        inputs = {path.name for path in (PROJECT / "data" / name).glob("*.csv")}
        assert inputs <= set(of["inputs"]) and all(len(digest) == 64 for digest in of["inputs"].values())


@standard("RAP14", "tables are tidy")
def rap14(made):
    assert csv_tables(made)
    for path, (headings, *rows) in csv_tables(made):
        assert len(set(headings)) == len(headings) and {len(row) for row in rows} <= {len(headings)}, path


@standard("RAP15", "a package that pip installs")
def rap15(made):
    project = tomllib.loads(text("pyproject.toml"))
    assert project["build-system"]["build-backend"] == "hatchling.build"
    assert version("ncsresearch") == project["project"]["version"]


@standard("RAP16", "one script for machines that test")
def rap16(made):
    assert os.access(PROJECT / ".ci" / "run", os.X_OK) and "make test" in text(".ci/run")


@standard("RAP18", "a list of changes, a section a version")
def rap18(made):
    released = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", released)
    assert f"\n## {released}" in text("CHANGELOG.md") and f"version: {released}" in text("CITATION.cff")


@standard("RAP19", "what may be chosen is a parameter")
def rap19(made):
    for path in test_chapters.CHAPTERS:
        test_chapters.test_all_chapters_declare_the_same_parameters_with_help(path)
    test_environment.test_the_project_names_no_registry_and_no_place_of_a_machine()


@standard("RAP20", "data are checked before anything is computed")
def rap20(made):
    with tempfile.TemporaryDirectory() as folder, pytest.raises(StudyError, match="areas.csv"):
        load_study(study_folder(Path(folder) / "faulty", areas="area_id,name,area_type\nnorth,,moon\n"))
    says("Roles", "assurer")


@standard("RAP21", "the environment is told, and a whole run is tested")
def rap21(made):
    assert "requirements.lock" in text("environment.yml") and "requirements.lock" in text("Makefile")
    assert all(len(of["notebooks"]) > 10 for of in made.manifests.values())


@standard("SDC01", "what could tell who somebody is was assessed, table by table")
def sdc01(made):
    assert vetted(made.folder / "illustrative") == ("illustrative: no leak found.",)
    log = made.folder / "illustrative" / "disclosure.json"
    assert '"withheld"' in log.read_text(encoding="utf-8")


@standard("SDC02", "small counts are withheld, five or ten as the study decides")
def sdc02(made):
    told = {"title": "", "schema_version": "1", "evidence_date": "", "chapters": ()}
    assert Settings(access="confidential", **told).threshold == 5
    assert Settings(access="confidential", strict=True, **told).threshold == 10
    counts = [
        cell for _, (_, *rows) in csv_tables(made) for row in rows for cell in row if cell.startswith("[c]")
    ]
    assert len(counts) > 50


@standard("SDC03", "no area beside a group and an interview, and no words beside an area")
def sdc03(made):
    for path, (headings, *_) in csv_tables(made):
        assert not {"area_id", "participant_group", "interview_id"} <= set(headings), path
    quoted = [(path, piece) for path, piece in made.of_kind("quotations") if "illustrative" in path.parts]
    assert quoted
    assert not [path for path, piece in quoted if "areas" in path.parts or "area_id" in str(dict(piece.data))]


@standard("SDC04", "published counts are told, and not mixed with others")
def sdc04(made):
    assert (made.manifests["published"]["access"], made.manifests["published"]["threshold"]) == ("public", 0)
    published = [(path, rows) for path, rows in csv_tables(made) if "published" in path.parts]
    assert not [path for path, rows in published if any("[c]" in cell for row in rows for cell in row)]
    assert {len({of["study"]}) for of in made.manifests.values()} == {1}


@standard("GSR01", "a public benefit")
def gsr01(made):
    says("Ethics", "public benefit")


@standard("GSR02", "sound methods and a sound reading of results")
def gsr02(made):
    says("Ethics", "sound method")


@standard("GSR03", "data protection")
def gsr03(made):
    says("Ethics", "data protection")


@standard("GSR04", "informed consent")
def gsr04(made):
    says("Ethics", "consent")
    assert "withdraw" in text("README.md")


@standard("GSR05", "people are able to take part")
def gsr05(made):
    says("Ethics", "participation")


@standard("GSR06", "least harm to persons and society")
def gsr06(made):
    says("Ethics", "harm")


@standard("AQB01", "four roles")
def aqb01(made):
    says("Roles", "commissioner", "analyst", "assurer", "approver")


@standard("AQB02", "whoever assures is not whoever analyses")
def aqb02(made):
    says("Roles", "other than the analyst", "did not make it")


@standard("AQB03", "as much assurance as the risk asks")
def aqb03(made):
    says("Risk", "gravest faults", "low assurance")


@standard("AQB04", "verified and validated")
def aqb04(made):
    named = {name for part in ("Verification", "Validation") for name in WRITTEN.findall(section(part))}
    assert named and not [name for name in named if not (PROJECT / name).is_file()]
    test_recompute.test_every_value_of_the_study_has_a_rule(load_study(PROJECT / "data" / "published"))


@standard("AQB05", "what is assumed, where it ends, how sure it is")
def aqb05(made):
    says("Assumptions and limits", "assumptions.md")
    assert text("docs/assumptions.md").count("\n|") > 20
    surveys = [piece for _, piece in made.of_kind("table") if piece.data["name"] == "survey"]
    assert surveys and all({"Lower %", "Upper %"} <= set(piece.data["cells"]) for piece in surveys)


@standard("AQB06", "what made an output can be traced")
def aqb06(made):
    says("Audit trail", "manifest.json", "commit")
    assert all(of["commit"] and of["inputs"] and of["libraries"] for of in made.manifests.values())


@standard("OGL01", "sources under the Open Government Licence are attributed")
def ogl01(made):
    assert ATTRIBUTION in " ".join(re.sub(r"[\[\]\n]", " ", text("README.md")).split())
    for path, page in made.chapters.items():
        if "published" in path.parts:
            assert ATTRIBUTION in foot(page), path
    cover = [row[0] for row in made.books["published"]["Summary"].iter_rows(values_only=True)]
    assert any(ATTRIBUTION in str(line) for line in cover)


@standard("OGL02", "nothing looks official or endorsed")
def ogl02(made):
    for path, page in made.pages.items():
        assert NO_STATUS in foot(page), path
    for book in made.books.values():
        assert any(row[0] == NO_STATUS for row in book["Summary"].iter_rows(values_only=True))


@standard("OGL03", "no logos, and no person's data")
def ogl03(made):
    assert not [path for path, page in made.pages.items() if list(page.iter("img"))]
    assert not [path for path in made.folder.rglob("*") if path.suffix in (".png", ".jpg", ".gif", ".ico")]
    assert vetted(made.folder / "illustrative") == ("illustrative: no leak found.",)


@standard("OGL04", "facts only, and no sentence, of papers that state no licence")
def ogl04(made):
    if not (SHARED / "sources").is_dir():
        pytest.skip("the documents are not beside the project, so their words cannot be looked for")
    test_own_words.test_no_seven_words_of_a_source_stand_in_the_project(SHARED / "sources")
