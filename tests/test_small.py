"""A small package: how many lines, modules and names there are. The bounds go down; a change that raises one says what was bought."""

import json
import subprocess
import sys

import ncsresearch
from conftest import PROJECT
from ncsresearch.disclosure.mask import withheld_counts

SOURCE = PROJECT / "src" / "ncsresearch"
MOST_LINES = 47_432  # of Python, words and schema together; 1,050 of them read measures and action plans, 510 make reports by rule, 2,050 read lists, tables, surveys and who speaks
MOST_LINES_OF_CHAPTERS = 17_867
MOST_NAMES = 73
CHAPTERS = """
import functools, json, sys
from pathlib import Path

import matplotlib
import ncsresearch

matplotlib.use("agg")
ncsresearch.load_study = functools.cache(ncsresearch.load_study)
for chapter in sorted(Path().glob("[0-9]*.ipynb")):
    names = {}
    for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
print("", json.dumps([m.__file__ for n, m in sys.modules.items() if n.startswith("ncsresearch") and m.__file__]), sep="\\n")
"""


def lines(paths) -> int:
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def test_the_package_does_not_grow(record_property):
    python, words = list(SOURCE.rglob("*.py")), [*SOURCE.rglob("*.toml"), *SOURCE.rglob("*.csv")]
    record_property("lines of Python and words", (lines(python), lines(words)))
    assert lines(python) + lines(words) <= MOST_LINES


def test_what_chapters_load_does_not_grow():
    withheld_counts(
        ncsresearch.load_study(PROJECT / "data" / "illustrative")
    )  # as a run works it out before its chapters
    ran = subprocess.run(
        [sys.executable, "-c", CHAPTERS], cwd=PROJECT / "notebooks", capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    loaded = {SOURCE.joinpath(path) for path in json.loads(ran.stdout.splitlines()[-1])}
    assert lines(loaded) <= MOST_LINES_OF_CHAPTERS


def test_a_chapter_has_few_names_to_know():
    assert len(ncsresearch.HOMES) <= MOST_NAMES
