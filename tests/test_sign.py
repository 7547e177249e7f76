"""Who signed what, and which signatures lapse: by hand on a small study, and by theme on the illustrative one."""

import csv
import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from builders import OF_INTERVIEWS, study_folder
from conftest import PROJECT, once
from ncsresearch.batch import plan as planning
from ncsresearch.batch.findings import update_findings
from ncsresearch.batch.manifest import read_manifest
from ncsresearch.batch.release import note_release
from ncsresearch.review.signable import read_signables, signables
from ncsresearch.review.signatures import FILE, sign
from ncsresearch.review.signoff import sign_off, signed
from ncsresearch.schema import StudyError
from ncsresearch.study import check_study, load_study
from test_batch import SETUP, notebook
from test_changed import AREAS, TABLES
from test_cli import ncsresearch

FINDINGS = """## Cost is a challenge
[all]{people=cost} raised cost.

It was a challenge for [all]{people=cost stance=challenge}.

## Travel comes up
[some]{people=travel} raised travel.
"""
SAY = 'ncs.show(*ncs.findings(study, "02_themes"), ncs.Finding("areas", f"{len(study.areas)} areas."))'
TRAVEL = "c_travel1,segments,s_north1,travel,challenge,a\nc_travel2,segments,s_south1,travel,challenge,a\n"
COST, WRITTEN = "02_themes/written_1, Cost is a challenge", "02_themes/written_3, Travel comes up"
RULE = "02_themes/areas"
WHO = ["A. Person as assurer", "B. Chief as approver"]
SIGNED = "Signed by A. Person as assurer on DAY."


@pytest.fixture(scope="module")
def first(shared):
    """A public study of nine people who raised cost, two of whom raised travel, and a run of its one chapter."""
    return once(shared / "signed", _first_run)


def _first_run(folder):
    (folder / "notebooks").mkdir(parents=True)
    notebook(folder / "notebooks/02_themes.ipynb", SETUP, SAY)
    notebook(folder / "notebooks/20_case_study_area.ipynb", SETUP)
    tables = TABLES | {"codings": TABLES["codings"] + TRAVEL}
    study = study_folder(
        folder / "small", settings=OF_INTERVIEWS, areas=AREAS.replace("yes\n", "no\n"), **tables
    )
    (study / "findings").mkdir()
    (study / "findings/02_themes.md").write_text(FINDINGS)
    update_findings(load_study(study))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "NOTEBOOKS", folder / "notebooks")
        assert ncsresearch(*_run(folder))[::2] == (0, "")


def _run(folder: Path, *more: str) -> list[str]:
    return ["run", folder / "small", "--output", folder / "outputs", "--format", "html", *more]


@pytest.fixture
def project(first, tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(planning, "NOTEBOOKS", tmp_path / "project/notebooks")
    return Path(shutil.copytree(first, tmp_path / "project"))


def run(project: Path, *more: str) -> str:
    """Run the study and return what is said; no notebook may fail."""
    status, out, err = ncsresearch(*_run(project, *more))
    assert (status, err) == (0, "")
    return out


def signs(project: Path, name: str, *more: str, role: str = "assurer", by: str = "A. Person") -> str:
    asked = ["--study", project / "small", "--output", project / "outputs", "--by", by, "--role", role]
    status, out, err = ncsresearch("sign", *([name] if name else []), *asked, *more)
    return out if status == 0 else f"{status}: {err}"


def page(project: Path) -> str:
    return (project / "outputs/small/chapters/02_themes.html").read_text()


def marks(project: Path) -> list[str]:
    """What the page says of signatures, in its order; the day of the test as DAY."""
    told = [unescape(line) for line in re.findall(r'<p class="signoff">(.*?)</p>', page(project))]
    return [re.sub(r"\d+ \w+ 20\d\d", "DAY", line) for line in told]


def rows(project: Path) -> list[dict]:
    return list(csv.DictReader((project / "small" / FILE).read_text().splitlines()))


def changed(project: Path, name: str, before: str, after: str) -> None:
    path = project / "small" / name
    assert path.read_text().count(before) == 1
    path.write_text(path.read_text().replace(before, after))


def states(project: Path) -> dict[str, tuple[str, ...]]:
    """Return what has changed of each finding that was signed, and is not as it was."""
    found = signed(load_study(project / "small"), read_signables(project / "outputs/small"))
    return {each.finding.called: parts for each in found for _, parts in each.lapsed}


def test_a_heading_with_its_paragraphs_is_one_finding_and_a_sentence_by_rule_another(project):
    assert [each.called for each in read_signables(project / "outputs/small")] == [COST, WRITTEN, RULE]


def test_a_page_says_nothing_of_signatures_where_nobody_signed(project):
    assert marks(project) == []
    assert "signed" not in (project / "outputs/index.html").read_text()


def test_a_signature_renders_the_page_again_and_runs_no_notebook(project):
    unsigned = page(project)
    said = "small: 1 finding signed by A. Person as assurer. The next run shows it on the pages; signatures.csv keeps it.\n"
    assert signs(project, "Cost is a challenge") == said
    assert "1 unchanged" in run(project)
    assert marks(project) == ["1 finding signed, 2 not signed.", SIGNED, "Not signed.", "Not signed."]
    assert (
        page(project).index("It was a challenge for")
        < page(project).index("Signed by")
        < page(project).index("Travel")
    )
    assert "nothing has changed" in run(project)
    (project / "small" / FILE).unlink()
    run(project)
    assert page(project) == unsigned


def test_the_page_shows_signed_lapsed_and_not_signed(project):
    signs(project, "02_themes/written_2")  # its second paragraph
    signs(project, "Travel comes up")
    changed(project, "findings/02_themes.md", "raised travel", "spoke of travel")
    told = run(project)
    lapsed = "Signature lapsed: signed by A. Person as assurer on DAY. Changed since: words."
    assert marks(project) == ["1 finding signed, 1 lapsed, 1 not signed.", SIGNED, lapsed, "Not signed."]
    assert "small: 1 finding signed, 1 lapsed, 1 not signed.\n" in told
    first_page = (project / "outputs/index.html").read_text()
    assert (
        first_page.count("1 finding signed, 1 lapsed, 1 not signed.") == 2
    )  # of the study and of its chapter
    assert re.search(r"Signed by A. Person as assurer, last on \d+ \w+ 20\d\d\.", first_page)


@pytest.mark.parametrize(
    ("name", "before", "after", "lapsed"),
    [
        (
            "findings/02_themes.md",
            "It was a challenge",
            "It is a challenge",
            {"Cost is a challenge": ("words",)},
        ),
        ("findings/02_themes.md", "## Cost is a challenge", "## Cost matters", {"Cost matters": ("words",)}),
        (
            "codings.csv",
            "s_north1,travel,challenge",
            "s_north1,travel,strength",
            {"Travel comes up": ("evidence",)},
        ),
        (
            "codebook.csv",
            "travel,access,Travel",
            "travel,access,Transport",
            {"Travel comes up": ("evidence",)},
        ),
    ],
)
def test_what_changed_lapses_the_signatures_that_rest_on_it_and_says_what(
    project, name, before, after, lapsed
):
    signs(project, "small")
    changed(project, name, before, after)
    run(project)
    assert {called.partition(", ")[2]: parts for called, parts in states(project).items()} == lapsed


def test_a_coding_more_changes_number_and_evidence_but_no_word(project):
    signs(project, "small")
    with (project / "small/codings.csv").open("a") as file:
        file.write("c_travel3,segments,s_west1,travel,challenge,a\n")
    update_findings(load_study(project / "small"))
    run(project)
    assert states(project) == {WRITTEN: ("numbers", "evidence")}


def test_a_finding_put_before_others_takes_no_signature_of_theirs(project):
    signs(project, "small")
    changed(
        project,
        "findings/02_themes.md",
        "## Travel",
        "## New\n[all]{people=access} raised access.\n\n## Travel",
    )
    update_findings(load_study(project / "small"))
    run(project)
    assert marks(project)[0] == "3 findings signed, 1 not signed."
    assert states(project) == {}


def test_rows_are_added_and_earlier_bytes_stay(project):
    said = [
        signs(project, "Cost is a challenge"),
        signs(project, "Cost is a challenge"),
        signs(project, "02_themes"),
    ]
    assert said[1].startswith(
        "small: 0 findings signed by A. Person as assurer; 1 signed before and unchanged. "
    )
    assert said[2].startswith(
        "small: 2 findings signed by A. Person as assurer; 1 signed before and unchanged. "
    )
    path = project / "small" / FILE
    path.write_bytes(path.read_bytes().rstrip(b"\n"))  # as some editors leave a file
    before = path.read_bytes()
    signs(project, "Travel comes up", "--note", "Seen, and\nwell put.", role="approver", by="B. Chief")
    assert path.read_bytes().startswith(before)
    assert [row["number"] for row in rows(project)] == ["1", "2", "3", "4"]
    assert rows(project)[0] | {"on": ""} == rows(project)[0] | {
        "on": "",
        "kind": "signature",
        "finding": "02_themes/written_1",
        "heading": "Cost is a challenge",
        "by": "A. Person",
        "role": "assurer",
    }
    assert check_study(project / "small") == []
    assert "signatures" in (project / "small/datapackage.json").read_text()


def test_a_note_stays_beside_its_finding_until_it_is_resolved(project):
    said = signs(project, "Travel comes up", "--note", "Who says <so>?", "--open")
    assert said.startswith("small: note 1 on 02_themes/written_3 is open. ")
    signs(project, "02_themes", "--note", "Too long?", "--open", by="B. Reader", role="commissioner")
    run(project)
    note = "Open note 1 by A. Person (assurer): “Who says <so>?”"
    of_all = "Open note 2 by B. Reader (commissioner): “Too long?”"
    head = "3 findings not signed; 2 notes open."
    assert marks(project) == [head, of_all, "Not signed.", "Not signed.", note, "Not signed."]
    said = signs(
        project, "", "--resolve", "1", "--note", "Both people named it.", by="C. Analyst", role="analyst"
    )
    assert said.startswith("small: note 1 on 02_themes/written_3 is resolved. ")
    run(project)
    assert marks(project) == ["3 findings not signed; 1 note open.", of_all, *["Not signed."] * 3]
    assert rows(project)[-1]["resolves"] == "1"
    assert signs(project, "", "--resolve", "1") == "1: small has no open note 1; open: 2.\n"


def listed(project: Path) -> list[str]:
    """Return what the page of findings that are not signed says, a heading, link or reason each; the day of the test as DAY."""
    text = (project / "outputs/small/unsigned.html").read_text()
    found = re.findall(r"<h[23]>(.*?)</h|<p>(.*?)</p>", text[text.index("</h1>") : text.index("<footer")])
    return [re.sub(r"\d+ \w+ 20\d\d", "DAY", unescape("".join(each))) for each in found]


def test_what_is_not_signed_is_listed_by_state_and_chapter_with_a_link_to_each(project):
    signs(project, "02_themes")
    run(project)
    assert not (project / "outputs/small/unsigned.html").exists()
    signs(project, "02_themes", role="approver", by="B. Chief")
    changed(project, "findings/02_themes.md", "raised cost", "spoke of cost")
    text = project / "small/findings/02_themes.md"
    kept = text.read_text().partition("## Travel")[0]
    text.write_text("## Buses\n[some]{people=travel} raised them.\n\n" + kept)
    update_findings(load_study(project / "small"))
    said = run(project)
    assert "1 finding signed, 1 lapsed, 1 not signed, 1 gone." in said
    because = [f"Signature lapsed: signed by {who} on DAY. Changed since: words." for who in WHO]
    link = '<a href="chapters/02_themes.html#finding-written_{n}">{words}</a>'
    assert listed(project) == [
        "1 finding signed, 1 lapsed, 1 not signed, 1 gone. Signed by A. Person as assurer, by B. Chief as approver, last on DAY.",
        "Signature lapsed (1)",
        "02_themes",
        link.format(n=2, words="Cost is a challenge") + f"<br><small>{' '.join(because)}</small>",
        "Signed, and gone since (1)",
        "02_themes",
        f"Travel comes up<br><small>It was signed by {WHO[1]} on DAY, and is no longer among the findings.</small>",
        "Not signed (1)",
        "02_themes",
        link.format(n=1, words="Buses"),
    ]
    first_page = (project / "outputs/index.html").read_text()
    assert '1 gone. <a href="small/unsigned.html">Findings that are not signed</a>' in first_page
    assert '<a href="small/changes.html">What changed last</a>' in first_page
    assert "It was signed by" in (project / "outputs/small/changes.html").read_text()
    told = read_manifest(project / "outputs/small")["signoff"]["lapsed"]
    assert [(each["title"], each["words"]) for each in told] == [
        ("02_themes", "Cost is a challenge"),
        ("02_themes", "Travel comes up"),
    ]
    assert signs(project, "Travel comes up") == (
        "small: A. Person as assurer signed that 'Travel comes up' is gone. The next run shows it on the pages; signatures.csv "
        "keeps it.\n"
    )
    run(project)
    assert "Signed, and gone since" not in listed(project)


def test_require_signoff_fails_with_a_line_for_each_finding_and_marks_a_draft(project):
    signs(project, "Cost is a challenge")
    status, out, err = ncsresearch(*_run(project, "--require-signoff"))
    lines = ["2 findings not signed, or changed since", f"{WRITTEN}: not signed", f"{RULE}: not signed"]
    assert (status, err) == (1, "")
    assert "\n".join([f"{project / 'outputs/small'}: {lines[0]}", *lines[1:]]) in out
    draft = project / "outputs/small/NOT_FIT_TO_LEAVE.txt"
    assert draft.read_text().splitlines() == lines
    assert (
        "A private draft, not fit to leave:</strong> 2 findings not signed"
        in (project / "outputs/index.html").read_text()
    )
    again = ncsresearch(*_run(project, "--require-signoff"))
    assert again[0] == 1 and "nothing has changed" in again[1] and lines[1] in again[1]
    run(project)
    assert not draft.exists()
    signs(project, "small")
    assert ncsresearch(*_run(project, "--require-signoff"))[0] == 0
    assert not draft.exists()
    changed(project, "codings.csv", "s_north1,travel,challenge", "s_north1,travel,strength")
    status, out, _ = ncsresearch(*_run(project, "--require-signoff"))
    assert status == 1
    assert f"{WRITTEN}: lapsed since A. Person signed as assurer: evidence changed\n" in out


def test_a_study_may_say_which_roles_sign(project):
    settings = project / "small/study.toml"
    settings.write_text(settings.read_text() + 'signoff = ["assurer", "approver"]\n')
    run(project)
    assert marks(project) == ["3 findings not signed.", *["Not signed."] * 3]
    signs(project, "small")
    signs(project, "Cost is a challenge", role="approver", by="B. Chief")
    run(project)
    both = f"{SIGNED.removesuffix('.')}, by B. Chief as approver on DAY."
    waits = [SIGNED, "Not signed as approver."]
    assert marks(project) == ["1 finding signed, 2 not signed.", both, *waits, *waits]
    assert f"{RULE}: not signed as approver" in ncsresearch(*_run(project, "--require-signoff"))[1]
    settings.write_text(settings.read_text().replace("approver", "aprover"))
    with pytest.raises(StudyError) as refused:
        load_study(project / "small")
    assert str(refused.value) == (
        "There is no role 'aprover'; known: commissioner, analyst, assurer, approver. Did you mean 'approver'?"
    )


def test_a_confidential_study_shows_who_signed_and_no_day_and_is_held_while_a_signature_has_lapsed(project):
    study = project / "small"
    changed(project, "study.toml", '"public"', '"confidential"')
    (study / "findings/02_themes.md").write_text(
        "## Cost is a challenge\nIn [3]{base=areas} areas people spoke of cost.\n"
    )
    update_findings(load_study(study))
    run(project)
    signs(project, "small")
    run(project)
    assert marks(project)[1] == "Signed by A. Person as assurer."
    assert "Signed by A. Person as assurer.</p>" in (project / "outputs/index.html").read_text()
    assert not (project / "outputs/small/NOT_FIT_TO_LEAVE.txt").exists()
    changed(project, "findings/02_themes.md", "spoke", "talked")
    signs_of = "These pages show 1 finding whose signature has lapsed, which are for the office alone"
    assert signs_of in run(project)
    with pytest.raises(StudyError) as refused:
        note_release(project / "outputs/small", study)
    assert str(refused.value) == (
        f"{project / 'outputs/small'}: {signs_of}. Have them signed and run again, or record a decision: --decided-by NAME "
        "--because REASON."
    )
    signs(project, "small")
    run(project)
    assert note_release(project / "outputs/small", study).endswith("-1")


@pytest.mark.parametrize(
    ("name", "more", "message"),
    [
        (
            "Travel come up",
            (),
            "1: small has no finding, chapter or area report 'Travel come up'. Did you mean 'Travel comes up'?\n",
        ),
        (
            "02_theme",
            (),
            "1: small has no finding, chapter or area report '02_theme'. Did you mean '02_themes'?\n",
        ),
        (
            "02_themes/written_9",
            (),
            "1: small has no finding, chapter or area report '02_themes/written_9'. Did you mean '02_themes/written_3'?\n",
        ),
        (
            "small",
            ("--role", "boss"),
            "2: There is no role 'boss'; known: commissioner, analyst, assurer, approver.\n",
        ),
        ("small", ("--by", " "), "2: --by is empty: name the person who signs.\n"),
        ("small", ("--open",), "2: --open leaves a note open: give its words with --note.\n"),
        ("", (), "2: Name a finding, a chapter, an area or the study, or resolve a note with --resolve.\n"),
        ("", ("--resolve", "7"), "1: small has no open note 7; none is open.\n"),
    ],
)
def test_what_cannot_be_signed_is_one_message(project, name, more, message):
    assert signs(project, name, *more) == message
    assert not (project / "small" / FILE).exists()


def test_what_nobody_was_shown_is_not_signed(project):
    changed(project, "codings.csv", "s_north1,travel,challenge", "s_north1,travel,strength")
    other = f"1: {project / 'outputs/small'}: made of another state of small. Run the study, and sign what that shows.\n"
    assert signs(project, "small") == other
    shutil.rmtree(project / "outputs")
    none = f"1: {project / 'outputs/small'}: there are no findings of a run here. Run the study first, or name the folder with --output.\n"
    assert signs(project, "small") == none


def test_a_heading_of_two_findings_is_refused_with_both(project):
    path = project / "outputs/small/findings.json"
    entries = json.loads(path.read_text())
    path.write_text(json.dumps([*entries, entries[0] | {"chapter": "03_area_types"}]))
    assert signs(project, "Cost is a challenge") == (
        "1: 'Cost is a challenge' is the heading of 2 findings; name one of them: 02_themes/written_1, 03_area_types/written_1.\n"
    )


def test_a_selection_is_not_signed(project):
    status, out, err = ncsresearch(*_run(project, "--require-signoff", "--area-type", "rural"))
    assert (status, out) == (2, "")
    assert err == "A selection is not signed: leave out --require-signoff, or run the whole study.\n"


# what rests on one judgement of each theme, by the quantities of the findings files; and the agreement of coders on all of it
TRUST = "11_trust_in_the_coding"
RESTS = {
    ("leadership", "challenge", "area_d"): [
        "02_themes/groups_compared",
        "20_case_study_area/area_d/written_8, A standard can be met while a client stops talking",
    ],
    ("unpaid_work", "challenge", "area_b"): [
        "00_summary/written_9, Opinion on unpaid work depends on whether the work is worth doing",
        "02_themes/written_8, Unpaid work can change a life or waste time, depending on the placement",
        "14_interviews_and_survey/written_8, More staff than not say that there are enough suitable placements for unpaid work, while interviews divide",
    ],
}


@pytest.mark.parametrize(("theme", "stance", "area"), RESTS)
def test_one_coding_changed_lapses_exactly_the_signatures_that_rest_on_it(
    site, tmp_path, theme, stance, area
):
    folder = Path(shutil.copytree(PROJECT / "data/illustrative", tmp_path / "illustrative"))
    sign("illustrative", folder, site / "illustrative", by="A. Person", role="assurer")
    study = load_study(folder)
    of_area = study.interviews.set_index("interview_id")["area_id"].eq(area)
    said = study.segments.set_index("segment_id")["interview_id"].map(of_area)
    codings = study.codings.astype({"stance": "str"})
    own = codings["code_id"].eq(theme) & codings["stance"].eq(stance) & codings["coder"].eq("Coder 1")
    codings.loc[codings.index[own & codings["unit_id"].map(said).eq(True)][0], "stance"] = "suggestion"
    found = signables(json.loads((site / "illustrative/findings.json").read_text()))
    lapsed = {
        each.finding.called: parts
        for each in signed(study.holding(codings=codings), found)
        for _, parts in each.lapsed
    }
    on_all = [each.called for each in found if each.place == TRUST and not each.entries[0]["about"]["themes"]]
    assert lapsed == dict.fromkeys([*RESTS[theme, stance, area], *on_all], ("evidence",))
    assert sign_off(study, site / "illustrative").lines == []
