"""Chapters are documents: their shape, their prose, and that they hold for any choice of evidence."""

import ast
import re
from functools import lru_cache

import nbformat
import pytest
from nbformat.v4 import new_output

from builders import study_folder
from conftest import PROJECT
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study

NOTEBOOKS = PROJECT / "notebooks"
CHAPTERS = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
PARAMETERS = ["study_dir", "area_id", "area_type", "client_group", "heard_from", "theme", "sources_dir"]
NUMBERS_IN_PROSE = re.compile(r"\d")
ALLOWED = re.compile(
    r"\b(?:19|20)\d\d\b|\b[Cc]hapters? \d+(?: and \d+)?\b|\b[Qq]uestion \d+\b|Licence v3\.0|\]\([^)]*\)"
)
OF_FINDINGS = ("00_summary", "00_synthesis")  # pages of the authors' findings alone
OF_INTERVIEWS = (
    "01_who_was_heard",
    "11_trust_in_the_coding",
    "14_interviews_and_survey",
    "21_areas_compared",
)
INTERVIEW_CHOICES = [
    {"area_id": "area_e"},
    {"area_type": "rural"},
    {"area_type": "small_town"},
    {"client_group": "women"},
    {"heard_from": "women"},
    {"heard_from": "Clients"},
    {"theme": "housing"},
]
CHOICES = [
    {"area_id": "argyll_and_bute"},
    {"area_id": "south_lanarkshire"},
    {"area_id": "west_dunbartonshire"},
    {"area_id": "wokingham"},
    {"area_type": "rural"},
    {"area_type": "small_town"},
    {"client_group": "women"},
    {"heard_from": "Clients"},
    {"theme": "stigma"},
    {"theme": "partner_education"},
]


def cells(path, kind: str):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_a_document(path):
    first, second, third = nbformat.read(path, as_version=4).cells[:3]
    assert first.cell_type == "markdown"
    assert re.fullmatch(r"# .+\n\n.+", first.source, re.S)
    assert second.metadata["tags"] == ["parameters"]
    assert third.source.startswith("import ncsresearch as ncs\n")
    assert "\n## Key points" in "\n" + "\n".join(
        cell.source for cell in cells(path, "markdown")
    ) or path.stem.startswith(("13", "20", *OF_FINDINGS))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_cells_are_short_and_define_nothing(path):
    for cell in cells(path, "code"):
        assert len(cell.source.splitlines()) <= 12, cell.source
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not any(
            isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.For, ast.While)) for node in nodes
        )
        imported = [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
        assert all(ast.unparse(node) == "import ncsresearch as ncs" for node in imported)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_all_chapters_declare_the_same_parameters_with_help(path):
    source = cells(path, "code")[0].source
    found = re.findall(r'^(\w+): str = "[^"]*"  # .+$', source, re.M)
    assert found == PARAMETERS


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_nobody_types_a_number(path):
    for cell in cells(path, "markdown"):
        typed = NUMBERS_IN_PROSE.findall(ALLOWED.sub("", cell.source))
        assert not typed, cell.source


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_committed_chapter_shows_results_and_no_trace_of_a_machine(path):
    outputs = [output for cell in cells(path, "code") for output in cell.outputs]
    assert outputs
    assert not any(output.output_type in ("error", "stream") for output in outputs)
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(?:home|root|tmp|work|Users)/", text)
    assert '"execution": {' not in text


@lru_cache(maxsize=16)
def ready(folder):
    """Read and check a study once for all chapters, as a run does: each is given the same, and what is worked out of it once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ncsresearch.study.read_staged", lambda folder: None)
        return load_study(folder)


def shown_by(path, monkeypatch, **parameters) -> list[str]:
    """Run a chapter's code cells here and return what it shows: tables as pages, all else as plain text."""
    from ncsresearch.present import outputs

    bundles = bundles_of(path, monkeypatch, **parameters)
    return [bundle["text/html" if outputs.TABLE in bundle else "text/plain"] for bundle in bundles]


def bundles_of(path, monkeypatch, **parameters) -> list[dict]:
    """Run a chapter's code cells here and return what a notebook would keep of what it shows."""
    cells = executed(path, monkeypatch, **parameters).cells
    return [output.data for cell in cells if cell.cell_type == "code" for output in cell.outputs]


def executed(path, monkeypatch, **parameters) -> nbformat.NotebookNode:
    """Run a chapter's code cells here and return it with what they show."""
    from ncsresearch.present import grammar

    shown, notebook = [], nbformat.read(path, as_version=4)
    monkeypatch.setattr(grammar, "display", lambda item: shown.append(item._repr_mimebundle_()), raising=True)
    monkeypatch.setattr("ncsresearch.study.read_staged", ready)
    monkeypatch.chdir(NOTEBOOKS)
    names: dict = {}
    first, *rest = (cell for cell in notebook.cells if cell.cell_type == "code")
    exec(first.source, names)
    names |= parameters
    for cell in rest:
        exec(cell.source, names)
        cell.outputs = [new_output("display_data", data=bundle) for bundle in shown]
        shown.clear()
    return notebook


PUBLISHED = [path for path in CHAPTERS if path.stem not in OF_INTERVIEWS]
SHARED = [path for path in CHAPTERS if path.stem[:2] in ("00", "02", "03", "04", "05", "10", "20")]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: "-".join(choice.values()))
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_chapter_holds_for_any_choice_of_evidence(path, choice, monkeypatch):
    """Every code cell runs and shows something, however little evidence the choice leaves."""
    plain = shown_by(path, monkeypatch, **choice)
    assert plain
    assert not any(re.search(r"\bnan\b|<NA>|\bNone\b(?! of)", text) for text in plain), plain


@pytest.mark.parametrize("choice", INTERVIEW_CHOICES, ids=lambda choice: "-".join(choice.values()))
@pytest.mark.parametrize(
    "path", [*SHARED, *(NOTEBOOKS / f"{name}.ipynb" for name in OF_INTERVIEWS)], ids=lambda path: path.stem
)
def test_a_chapter_on_interviews_says_that_they_are_fictional_and_holds_for_any_choice(
    path, choice, monkeypatch
):
    if choice == {"heard_from": "women"} or (
        path.stem.startswith("20") and not set(choice) & {"area_id", "theme"}
    ):
        with pytest.raises(
            StudyError, match="'women' is a client group of those who speak|were asked for together"
        ):
            shown_by(path, monkeypatch, study_dir="../data/illustrative", **choice)
        return
    plain = shown_by(path, monkeypatch, study_dir="../data/illustrative", **choice)
    assert plain[0].startswith("Illustrative: fictional interviews")
    assert not any(re.search(r"\bnan\b|<NA>|\bNone\b(?! of)", text) for text in plain), plain


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_holds_for_a_study_of_a_few_rows_and_speaks_of_no_other(path, monkeypatch, tmp_path):
    """A study of the fewest tables and columns; nothing of the published study shows in its chapters."""
    plain = shown_by(path, monkeypatch, study_dir=str(study_folder(tmp_path / "small")))
    assert plain
    assert not any(
        re.search(r"\bnan\b|<NA>|None|Scotland|justice|Wokingham|parents", text) for text in plain
    ), plain


def test_an_area_report_of_a_study_with_interviews_and_a_local_document(monkeypatch, tmp_path):
    from builders import CODINGS, SEGMENTS

    documents = (
        "document_id,title,kind,area_id\nreport,A report,research report,\nnote,A note,field note,north\n"
    )
    segments = SEGMENTS + "s4,note,quotation,reader,ferries are late\n"
    codings = CODINGS + "c4,segments,s4,travel,challenge,,,a\n"
    areas = "area_id,name,classification,area_type,population,population_year,case_study,report\n"
    areas += "north,North,Open country,mainly_rural,1200,2024,yes,yes\n"
    folder = study_folder(
        tmp_path / "small", documents=documents, segments=segments, codings=codings, areas=areas
    )
    plain = "\n".join(shown_by(NOTEBOOKS / "20_case_study_area.ipynb", monkeypatch, study_dir=str(folder)))
    assert "North is the only area classed as Open country. It had 1,200 inhabitants in 2024." in plain
    assert "Evidence about North itself comes from 1 document: A note (passages)." in plain
    assert "A note" in plain
    assert "nan" not in plain


def test_chapters_link_only_to_chapters():
    known = {path.name for path in CHAPTERS}
    for path in CHAPTERS:
        for cell in cells(path, "markdown"):
            links = re.findall(r"\]\(([^)]+\.ipynb)\)", cell.source)
            assert set(links) <= known
