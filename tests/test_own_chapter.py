"""A chapter of one's own in a confidential study: which doors are closed to counts that are withheld, and what finds the rest."""

import re

import nbformat
import pandas as pd
import pytest
import seaborn as sns
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import ncsresearch as ncs
from ncsresearch.batch.failure import refuse_plain_outputs
from ncsresearch.batch.study_run import whole_study
from ncsresearch.study import load_study
from ncsresearch.study.staged import BELOW
from ncsresearch.vet.vetting import vet_outputs
from small_studies import Shape, small_study

FEW = Shape({("Northfield", "Staff"): 40, ("Southport", "Staff"): 13})  # in the south 3 raised trust
PRINTED = (
    "code cell 1 under “Mine”: something is printed, and in a confidential study nothing says how much of it may be shown. Put it "
    "into a sentence with ncs.say or ncs.Finding, and show that with ncs.show."
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return small_study(tmp_path_factory.mktemp("own") / "small", FEW)


@pytest.fixture
def counts(folder):
    return ncs.counts(load_study(folder), by="area_type")


def true_number(study) -> int:
    rows = ncs.counts(study, by="area_type", private=True).set_index(["code_id", "group"])
    return int(rows.loc[("trust", "urban"), "n"])


OPERATIONS = {
    "merge": lambda rows: rows.merge(pd.DataFrame({"code_id": ["trust"]}), on="code_id"),
    "concat": lambda rows: pd.concat([rows, rows]),
    "groupby": lambda rows: (
        rows.groupby(["code_id", "group"], observed=True)[["n"]].sum(min_count=1).reset_index()
    ),
    "pivot": lambda rows: (
        rows.astype({"group": "str"}).pivot(index="code_id", columns="group", values="n").reset_index()
    ),
    "plain": lambda rows: pd.DataFrame(rows.to_dict("records")),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_pandas_makes_of_counts_holds_no_withheld_number(counts, operation):
    """A withheld number is no value of the frame, so nothing that is made of the frame can have it."""
    made = operation(counts)
    own = made[made["code_id"].eq("trust")]
    own = own["urban"] if "urban" in own else own.loc[own["group"].astype("str").eq("urban"), "n"]
    assert own.isna().all() and len(own)
    assert not re.search(r"<td>3(?:\.0)?</td>", made.to_html())


def test_a_frame_that_has_forgotten_its_study_is_refused_by_say_plot_and_table(counts):
    forgotten = pd.DataFrame(counts.to_dict("records"))
    for verb in (ncs.say, ncs.plot, ncs.table):
        with pytest.raises(ncs.StudyError, match="does not say which study it is of"):
            verb(forgotten)


def test_a_chapter_that_asks_for_private_counts_fails_the_run(folder, tmp_path, monkeypatch):
    study = load_study(folder)
    assert true_number(study) == 3  # in a notebook that the researcher runs
    monkeypatch.setenv(BELOW, str(tmp_path))
    staged = load_study(whole_study(study).stage(tmp_path / "small"))
    with pytest.raises(ncs.StudyError) as raised:
        ncs.counts(staged, by="area_type", private=True)
    assert str(raised.value) == (
        "small: private counts of a confidential study are for your eyes, in a notebook that you run yourself; a chapter asks "
        "for counts without private=True."
    )


def notebook_of(*outputs):
    return new_notebook(cells=[new_markdown_cell("## Mine"), new_code_cell("...", outputs=list(outputs))])


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", name="stdout", text="3\n"),
        new_output("execute_result", data={"text/plain": "3"}, execution_count=1),
    ],
    ids=["print", "the value of a cell"],
)
def test_what_a_cell_prints_fails_the_run_and_is_not_kept(tmp_path, output):
    executed = tmp_path / "mine.ipynb"
    nbformat.write(notebook_of(output), executed)
    with pytest.raises(ncs.StudyError) as raised:
        refuse_plain_outputs(notebook_of(output), executed)
    assert str(raised.value) == PRINTED
    assert not executed.exists()


def typed(study):
    n = true_number(study)
    words = f"{n} of 13 people in urban areas raised trust."
    return ncs.Finding("typed", words, {"people": n, "of": 13}, source=study.settings.title)


def tabled(study):
    rows = ncs.counts(study, by="area_type", private=True)
    rows = rows[["theme", "group", "n", "base"]].astype({"group": "str"})
    headings = {"theme": "Theme", "group": "Kind of area", "n": "People", "base": "Of"}
    return ncs.Table(
        "tabled", "People who raised each theme", rows, headings, "people heard", "A first study"
    )


def drawn(study):
    rows = ncs.counts(study, by="area_type", private=True).query("group == 'urban'")
    axes = Figure(layout="constrained").subplots()
    sns.barplot(rows, x="n", y="theme", ax=axes)
    alt = "; ".join(f"{row.theme}: {row.n} of 13 people" for row in rows.itertuples())
    return ncs.Figure("drawn", axes.figure, f"Bars of people in urban areas. {alt}.")


@pytest.mark.parametrize("make", [typed, tabled, drawn])
def test_an_outsider_finds_a_number_that_the_researcher_typed_tabled_or_drew(folder, tmp_path, make):
    """No program can tell a typed number from another: what is made by hand passes, and vet finds it before it leaves."""
    shown = new_output("display_data", data=make(load_study(folder))._repr_mimebundle_())
    notebook = notebook_of(shown)
    refuse_plain_outputs(notebook, tmp_path / "mine.ipynb")
    nbformat.write(notebook, tmp_path / "mine.ipynb")
    vetted = vet_outputs(tmp_path / "mine.ipynb", study=folder)
    assert vetted.n_leaks and all("mine.ipynb" in line for line in vetted.lines)
