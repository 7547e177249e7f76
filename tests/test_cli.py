"""Commands as a user types them: one message each, an exit status, no traceback."""

import contextlib
import io
import subprocess
import sys

import pytest
from typer.main import get_command

from builders import AREAS, study_folder
from conftest import PROJECT
from ncsresearch.batch.formats import KNOWN
from ncsresearch.cli import app, main


def ncsresearch(*arguments: str, cwd=PROJECT) -> tuple[int, str, str]:
    """Return the exit status, the output and the message of the command, called here as its program calls it."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setattr(sys, "argv", ["ncsresearch", *map(str, arguments)])
        patch.chdir(cwd)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    return ended.value.code, out.getvalue(), err.getvalue()


def test_a_run_begins_without_what_only_its_notebooks_need():
    heavy = ("scipy.stats", "statsmodels", "seaborn", "matplotlib", "lark")
    code = f"import sys, ncsresearch.batch.run; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_help_of_run_names_every_format():
    (option,) = [option for option in get_command(app).commands["run"].params if option.name == "format_"]
    assert f": {', '.join(KNOWN)};" in option.help


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        ("published", (0, "published: 0 faults.\n", "")),
        (
            "publishd",
            (2, "", "data/publishd is not a study folder: it has no study.toml. Did you mean 'published'?\n"),
        ),
    ],
)
def test_the_program_ends_as_the_command_called_here(study, expected):
    command = [sys.executable, "-c", "from ncsresearch.cli import main; main()", "check", f"data/{study}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert (done.returncode, done.stdout, done.stderr) == ncsresearch("check", f"data/{study}") == expected


def test_check_describes_a_sound_study_once(tmp_path):
    folder = study_folder(tmp_path / "small")
    assert ncsresearch("check", str(folder))[1] == "small: 0 faults. datapackage.json is written anew.\n"
    assert ncsresearch("check", str(folder))[1] == "small: 0 faults.\n"


def test_check_prints_each_fault_and_their_number(tmp_path):
    folder = study_folder(tmp_path / "small", areas=AREAS.replace("South", ""))
    assert ncsresearch("check", str(folder)) == (
        1,
        "areas.csv, row 3, name: found an empty cell, expected a value.\nsmall: 1 fault.\n",
        "",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "data/published", "--area", "fyfe"], "Did you mean 'fife'?\n"),
        (["run", "data/published", "--chapter", "03_area_type"], "Did you mean '03_area_types'?\n"),
        (
            ["run", "--format", "html,word"],
            "There is no format 'word'; known: html, docx, xlsx.\n",
        ),
        (["run", "--sources", "nowhere"], "nowhere: there is no such folder of source documents.\n"),
    ],
)
def test_what_is_asked_for_and_is_not_there_is_one_message(arguments, message):
    code, out, err = ncsresearch(*arguments)
    assert (code, out) == (2, "")
    assert err.endswith(message)
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["chek"],
        ["run", "--areas", "fife"],
        ["run", "--workers", "none"],
        ["extract", "here", "--into", "there"],
    ],
)
def test_a_wrong_call_exits_with_2(arguments):
    code, out, err = ncsresearch(*arguments)
    assert (code, out) == (2, "")
    assert "Error" in err


def test_a_damaged_table_stops_a_run_before_it_starts(tmp_path):
    folder = study_folder(tmp_path / "small", areas="area_id,name\nnorth\n")
    code, out, err = ncsresearch("run", str(folder), "--output", str(tmp_path / "outputs"))
    assert (code, out) == (1, "")
    assert (
        err == "small: 1 fault\n  areas.csv, row 2: found 1 cells, expected 2, as many as the header has.\n"
    )
    assert not (tmp_path / "outputs").exists()
