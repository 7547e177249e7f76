"""Chapters for a selection: what a run leaves of one, what of it says nothing, and how selections and the whole study keep together."""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from builders import AREAS, SETTINGS, study_folder
from ncsresearch.batch import plan as planning
from ncsresearch.batch.manifest import nothing_changed
from ncsresearch.batch.release import note_release
from ncsresearch.batch.run import run_studies
from ncsresearch.batch.selection import PARAMETERS, selection_folder
from ncsresearch.disclosure.mask import withheld_counts
from ncsresearch.exchange.synthetic import synthetic_study
from ncsresearch.present.views import NARROWING, VIEWS
from ncsresearch.schema import STANCES, CallError, StudyError
from ncsresearch.study import load_study
from ncsresearch.study.codebook import code_names
from ncsresearch.vet.vetting import vet_outputs
from test_batch import notebook

RURAL = {"area_type": "rural"}
CHAPTERS = '["01_who_was_heard", "02_themes", "03_area_types", "11_trust_in_the_coding"]'


@pytest.fixture(scope="module")
def confidential(tmp_path_factory):
    """Folder of a small confidential study, with the chapters for its rural areas in outputs beside it; for reading alone."""
    folder = tmp_path_factory.mktemp("confidential") / "small"
    synthetic_study(folder, areas=4, participants=60, segments=500)
    settings = folder / "study.toml"
    told = settings.read_text().replace('access = "public"', 'access = "confidential"')
    settings.write_text(re.sub(r"chapters = \[.*?\]", f"chapters = {CHAPTERS}", told, flags=re.S))
    return folder


@pytest.fixture(scope="module")
def rural(confidential):
    results = run_studies(
        [confidential], output=confidential.parent / "outputs", chosen=RURAL, vet=vet_outputs
    )
    assert [(result.task.name, result.status) for result in results] == [
        ("01_who_was_heard", "done"),
        ("02_themes", "done"),
        ("03_area_types", "says nothing"),
    ]
    return confidential.parent / "outputs/small/selections/area_type=rural"


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_selection_has_what_the_whole_has_but_area_reports(rural):
    assert [name for name in names(rural) if not name.startswith("tables/")] == [
        "accessibility.html",
        "catalogue.json",
        "chapters/01_who_was_heard.html",
        "chapters/01_who_was_heard.ipynb",
        "chapters/02_themes.html",
        "chapters/02_themes.ipynb",
        "disclosure.json",
        "findings.json",
        "index.html",
        "manifest.json",
        "small_area_type=rural.docx",
        "small_area_type=rural.xlsx",
    ]
    told = json.loads((rural / "manifest.json").read_text())
    assert (told["selection"], told["called"]) == (RURAL, "rural areas")
    assert told["notebooks"][0]["parameters"]["area_type"] == "rural"


def test_every_page_and_file_of_a_selection_says_which_it_is_and_every_link_leads_somewhere(rural):
    for page in (rural / "index.html", *rural.glob("chapters/*.html"), rural.parents[2] / "index.html"):
        html = page.read_text(encoding="utf-8")
        for link in re.findall(r'href="([^"#:]+)"', html):
            path = page.parent / link.replace("%3D", "=")
            assert path.is_file(), (page.name, link)
        if page.parent != rural.parents[2]:
            assert "(only rural areas)" in html
        if page.parent == rural / "chapters":
            assert "Only a part of the evidence is shown: rural areas." in html
    assert "Nothing is shown on this selection in: Rural and urban areas side by side." in (
        rural / "index.html"
    ).read_text(encoding="utf-8")
    for table in rural.glob("tables/*/*.csv"):
        assert pd.read_csv(table)["study_status"].str.endswith("; only rural areas").all()
    book = openpyxl.load_workbook(rural / "small_area_type=rural.xlsx", read_only=True)
    assert book.properties.title.endswith("(only rural areas): tables")


def test_a_selection_prints_the_cells_of_the_plan_of_the_whole_and_no_other(confidential, rural):
    plan = withheld_counts(load_study(confidential)).query("by == 'area_type' and group == 'rural'")
    told = plan["n"].astype("str").where(~plan["hidden"], plan["words"].replace("", "[c]"))
    told = told.set_axis(pd.MultiIndex.from_frame(plan[["code_id", "stance"]])).to_dict()
    printed = pd.read_csv(rural / "tables/02_themes/people_stances.csv", dtype="str")
    codes = {name: code for code, name in code_names(load_study(confidential).codebook).items()}
    columns = {"n": ""} | {stance: stance for stance in STANCES if stance in printed}
    cells = {
        (codes[row["theme"]], stance): row[column]
        for row in printed.to_dict("records")
        for column, stance in columns.items()
    }
    assert len(cells) > 20
    nobody = {code for code, stance in cells if told.get((code, ""), "0") == "0"}
    assert cells == {
        (code, way): "0" if code in nobody else told.get((code, way), "0") for code, way in cells
    }


def test_nothing_of_a_selection_may_not_leave(confidential, rural):
    assert vet_outputs(
        rural.parents[1].parent / "small/selections/area_type=rural", study=confidential
    ).lines == ("small: no leak found.",)


def test_the_same_selection_again_executes_nothing_and_leaves_the_same_bytes(confidential, rural):
    output = rural.parents[2]
    before = {name: (rural / name).read_bytes() for name in names(rural) if name != "manifest.json"}
    assert nothing_changed([confidential], output, chosen=RURAL) == 3
    results = run_studies([confidential], output=output, chosen=RURAL, vet=vet_outputs)
    assert {result.status for result in results} == {"unchanged"}
    assert {name: (rural / name).read_bytes() for name in names(rural) if name != "manifest.json"} == before


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"area_type": "rurl"}, "There is no kind of area 'rurl' in the study small; known: rural, urban, small_town. "
         "Did you mean 'rural'?"),
        ({"theme": "theme_1", "heard_from": "Clients", "area_type": "rural"}, "small: kind of area 'rural' and those who "
         "speak 'Clients' were asked for together. A confidential study is told by one of area, kind of area, those who "
         "speak, client group at a time: counts by two of them are not protected."),
    ],
)  # fmt: skip
def test_a_selection_that_there_is_not_is_refused_before_anything_runs(
    confidential, tmp_path, chosen, expected
):
    with pytest.raises(CallError) as refused:
        run_studies([confidential], output=tmp_path / "outputs", chosen=chosen)
    assert str(refused.value) == expected
    assert not (tmp_path / "outputs").exists()


def test_a_selection_has_no_area_report_and_no_chapter_on_the_study_as_a_whole(confidential, tmp_path):
    with pytest.raises(CallError) as refused:
        run_studies([confidential], output=tmp_path, areas=["area_1"], chosen=RURAL)
    assert str(refused.value) == "A selection has no area reports: leave out --area."
    with pytest.raises(StudyError) as refused:
        run_studies([confidential], output=tmp_path, chapters=["11_trust_in_the_coding"], chosen=RURAL)
    assert str(refused.value) == (
        "There is no chapter of a selection '11_trust_in_the_coding'; known: 01_who_was_heard, 02_themes, 03_area_types."
    )


def test_a_release_of_selections_of_another_state_is_refused(confidential, rural, tmp_path):
    study, outputs = tmp_path / "small", tmp_path / "outputs"
    shutil.copytree(confidential, study)
    shutil.copytree(rural.parents[1], outputs)
    shutil.copy(rural / "manifest.json", outputs / "manifest.json")
    assert note_release(outputs, study).endswith("-1")
    manifest = json.loads((rural / "manifest.json").read_text())
    manifest["inputs"]["codings.csv"] = "another"
    (outputs / "selections/area_type=rural/manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StudyError) as refused:
        note_release(outputs, study)
    assert str(refused.value) == (
        f"{outputs}/selections/area_type=rural: made of another state of small. Run the study, and release what that "
        "leaves."
    )
    mixture = manifest | {"of_another_state": ["02_themes"]}
    (outputs / "manifest.json").write_text(json.dumps(mixture))
    with pytest.raises(StudyError, match="outputs: made of another state of small"):
        note_release(outputs, study)


# --- a public study of small notebooks, of which a run takes a moment

WHERE = (
    "import ncsresearch as ncs\n\nstudy = ncs.load_study(study_dir).where(area_type=area_type, client_group=client_group, "
    "heard_from=heard_from, theme=theme)\nncs.show(ncs.say_status(study))"
)
DECLARED = "\n".join(f'{name}: str = ""' for name in ("study_dir", "area_id", *PARAMETERS))
CODED = (
    'ncs.show(ncs.Finding("coded", f"{len(study.codings)} judgements.", {"judgements": len(study.codings)}))'
)
GROUPS = '\n[client_groups]\n"women in prison" = ["women"]\n'


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A study of a group with two names, and a chapter that is silent where there is no judgement."""
    monkeypatch.setattr(planning, "NOTEBOOKS", tmp_path / "notebooks")
    (tmp_path / "notebooks").mkdir()
    first = tmp_path / "notebooks/02_themes.ipynb"
    notebook(first, WHERE, f"if len(study.codings):\n    {CODED}", parameters=DECLARED)
    notebook(tmp_path / "notebooks/20_case_study_area.ipynb", WHERE, parameters=DECLARED, reads="area")
    areas = AREAS.replace("yes,yes", "yes,no")
    study_folder(tmp_path / "small", settings=SETTINGS + GROUPS, areas=areas)
    return tmp_path


def run(project, **options) -> dict[str, str]:
    given = {"formats": "html"} | options
    results = run_studies([project / "small"], output=project / "outputs", **given)
    assert not [result.error for result in results if result.error]
    return {result.task.called: result.status for result in results}


def sentence(project, folder: str) -> list[str]:
    findings = json.loads((project / "outputs/small" / folder / "findings.json").read_text())
    return [finding["sentence"] for finding in findings if finding["name"] == "coded"]


def test_a_group_is_selected_by_any_of_its_names_and_groups_of_a_public_study_together(project):
    assert run(project, chosen={"client_group": "women", "area_type": "rural"}) == {
        "small, selections/area_type=rural,client_group=women+in+prison, 02_themes": "done"
    }
    assert sentence(project, "selections/area_type=rural,client_group=women+in+prison") == ["1 judgements."]
    assert (
        nothing_changed([project / "small"], project / "outputs", formats="html", chosen={"theme": "cost"})
        is None
    )


def test_what_the_parameters_narrow_is_told_of_frames_that_there_are():
    assert set(NARROWING) <= set(VIEWS)
    assert set().union(*NARROWING.values()) <= {*PARAMETERS, "area_id"}


def test_folders_of_selections_are_ascii_and_no_two_alike():
    assert selection_folder({"theme": "жильё, вода"}) == (
        "selections/theme=%D0%B6%D0%B8%D0%BB%D1%8C%D1%91%2C+%D0%B2%D0%BE%D0%B4%D0%B0"
    )
    assert selection_folder({"theme": "a,theme=b"}) == "selections/theme=a%2Ctheme%3Db"
    assert selection_folder({"theme": "b", "heard_from": "../a"}) == "selections/heard_from=..%2Fa,theme=b"
    with pytest.raises(CallError, match="would have a name of more than 200 letters"):
        selection_folder({"theme": "x" * 200})


def test_the_whole_study_run_again_makes_its_selections_again_or_takes_them_away(project):
    run(project)
    run(project, chosen=RURAL)
    run(project, chosen={"theme": "cost"})
    whole, rural, cost = (
        f"small, {each}02_themes" for each in ("", "selections/area_type=rural, ", "selections/theme=cost, ")
    )
    asked = {"output": project / "outputs", "formats": "html"}
    assert run(project) == dict.fromkeys([whole, rural, cost], "unchanged")
    assert nothing_changed([project / "small"], **asked) == 3
    codings = project / "small/codings.csv"
    codings.write_text(codings.read_text().replace("c3,segments,s3,access,strength,larger_city,,a\n", ""))
    assert nothing_changed([project / "small"], **asked) is None
    assert set(run(project, chosen={"theme": "cost"}).values()) == {"done"}
    index = (project / "outputs/index.html").read_text(encoding="utf-8")
    assert index.count("older than the chapters of the study; run the study again") == 1
    assert run(project) == {whole: "done", rural: "done", cost: "unchanged"}
    index = (project / "outputs/index.html").read_text(encoding="utf-8")
    assert "older than the chapters" not in index and index.count("/index.html") == 2
    book = project / "small/codebook.csv"
    book.write_text(book.read_text().replace("cost,,Cost", "price,,Price"))
    codings.write_text(codings.read_text().replace(",cost,", ",price,"))
    assert set(run(project)) == {whole, rural}
    assert not (project / "outputs/small/selections/theme=cost").exists()


def test_a_chapter_that_no_longer_says_anything_of_its_selection_loses_its_page(project):
    asked = {"chosen": RURAL, "formats": "docx"}
    run(project, **asked)
    folder = project / "outputs/small/selections/area_type=rural"
    assert (folder / "chapters/02_themes.html").is_file() and list(folder.glob("*.docx"))
    codings = project / "small/codings.csv"
    codings.write_text(codings.read_text().replace("rural_unspecified", "larger_city"))
    assert list(run(project, **asked).values()) == ["says nothing"]
    assert list(run(project, **asked).values()) == ["unchanged"]
    assert not [*folder.glob("chapters/*"), *folder.glob("*.docx")]
    assert "Nothing is shown on this selection in: 02_themes." in (folder / "index.html").read_text()
