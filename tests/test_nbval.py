"""The comparison of committed chapters with a fresh run can fail: a changed number makes it."""

import shutil
import subprocess
import sys

from conftest import PROJECT

CHAPTER = "10_survey.ipynb"


def compared(folder) -> subprocess.CompletedProcess:
    nbval = ["--nbval", "--nbval-sanitize-with", str(PROJECT / "tests" / "nbval.cfg")]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n0",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        *nbval,
    ]
    return subprocess.run([*command, str(folder / CHAPTER)], capture_output=True, text=True, check=False)


def test_a_changed_number_in_a_committed_chapter_fails(tmp_path):
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    (tmp_path / "data").symlink_to(PROJECT / "data")
    shutil.copy(PROJECT / "notebooks" / CHAPTER, notebooks)
    assert compared(notebooks).returncode == 0
    text = (notebooks / CHAPTER).read_text(encoding="utf-8")
    assert "73% of 238" in text
    changed = text.replace("73% of 238", "74% of 238")
    (notebooks / CHAPTER).write_text(changed, encoding="utf-8")
    failed = compared(notebooks)
    assert failed.returncode == 1
    assert "74% of 238" in failed.stdout
