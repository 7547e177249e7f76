"""The comparison of committed chapters with a fresh run can fail: a changed number makes it."""

import subprocess
import sys

from conftest import PROJECT

CHAPTER = "10_survey.ipynb"


def test_a_changed_number_in_a_committed_chapter_fails(tmp_path):
    text = (PROJECT / "notebooks" / CHAPTER).read_text(encoding="utf-8")
    assert "73% of 238" in text
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    (tmp_path / "data").symlink_to(PROJECT / "data")
    (notebooks / "as_it_is.ipynb").write_text(text, encoding="utf-8")
    (notebooks / "changed.ipynb").write_text(text.replace("73% of 238", "74% of 238"), encoding="utf-8")
    options = ["-q", "-n0", "-p", "no:cacheprovider", "-c", "/dev/null", "--nbval"]
    options += ["--nbval-sanitize-with", str(PROJECT / "tests" / "nbval.cfg"), str(notebooks)]
    command = [sys.executable, "-m", "pytest", *options]
    compared = subprocess.run(command, capture_output=True, text=True, check=False)
    failed = [line for line in compared.stdout.splitlines() if line.startswith("FAILED ")]
    assert compared.returncode == 1
    assert "74% of 238" in compared.stdout
    assert failed and all("changed.ipynb::" in line for line in failed), failed
    assert compared.stdout.splitlines()[-1].startswith(f"{len(failed)} failed, ")
