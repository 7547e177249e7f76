"""Comments and changed words of a Word report come back to the findings they are on, from Word and from LibreOffice."""

import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

import docx
import nbformat
import pandas as pd
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from typer.testing import CliRunner

from builders import SETTINGS, study_folder
from ncsresearch import Finding, StudyError, Table, load_study
from ncsresearch.batch.digests import inputs
from ncsresearch.cli import app
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.withdraw import withdraw
from ncsresearch.ingest.findings_file import Paragraph, Span, parse_findings
from ncsresearch.present.written import Note, Written, plain
from ncsresearch.report.content import Chapter
from ncsresearch.report.word import word_report
from ncsresearch.review.rewording import reworded
from ncsresearch.review.word_reports import propose, read_comments, said_comments, word_reports
from ncsresearch.study import check_folder, read_settings

THEMES = """Two ways into town are counted here.

## Buses come late

[2 of 3 people]{people=travel} waited for *the* bus in town [@point:p1]. Trams were on time.

Few of them complained, and [one]{people=travel stance=challenge} walked.

## Rooms are dear

Rents rise each year.
"""
SUMMARY = "## Buses are few\n\nThere is one a day. It is slow.\n"
NORTH = "## The north waits\n\nIt waits for a nurse.\n"
CHAPTERS = {"00_summary": SUMMARY, "02_themes": THEMES}
TWO = SETTINGS.replace('["02_themes"]', '["00_summary", "02_themes"]')
PLACES = ["chapter", "area_id", "finding", "place", "marked"]
LATE, TOWN = "Buses come late", "2 of 3 people waited for the bus in town. Trams were on time."


@pytest.fixture
def study(tmp_path):
    folder = study_folder(tmp_path / "buses", settings=TWO)
    (folder / "findings" / "areas").mkdir(parents=True)
    for name, text in {"02_themes": THEMES, "summary": SUMMARY, "areas/north": NORTH}.items():
        (folder / "findings" / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def cell(shown):
    return new_code_cell("ncs.show(it)", outputs=[new_output("display_data", data=shown._repr_mimebundle_())])


def written(name: str, text: str) -> list:
    """The findings of a file as a chapter shows them."""
    made, n = [], 0
    for section in parse_findings(name, text).sections:
        heading = plain(section.heading) if section.heading else ""
        for paragraph in (block for block in section.blocks if isinstance(block, Paragraph)):
            n += 1
            notes = {n: Note("A report, paragraph 3"), -n: Note("People: 2 of 3")} if n == 2 else {}
            caution = "Coders agreed little on travel: treat its numbers with caution." if n == 3 else ""
            made.append(
                Written(f"written_{n}", paragraph, heading, notes, source="A report", caution=caution)
            )
            heading = ""
    return made


def chapter(name: str, title: str, text: str, area_id: str = "") -> Chapter:
    rows = pd.DataFrame({"theme": ["Travel", "Cost"], "n": [2, 1]})
    people = Table(
        "people", "People by theme", rows, {"theme": "Theme", "n": "People"}, "people heard", "a list"
    )
    rule = Finding("most", "Most raised travel.", {"n": 2}, source="A report")
    cells = [new_markdown_cell(f"# {title}\n\nWhat is said of it."), *map(cell, written(name, text))]
    cells += [new_markdown_cell("## More of it"), cell(rule), cell(people)]
    return Chapter(name, title, nbformat.from_dict(new_notebook(cells=cells)), area_id)


@pytest.fixture
def report(study, tmp_path):
    """The Word report of the study, to be commented on."""
    path = tmp_path / "report.docx"
    chapters = [chapter("00_summary", "Summary", SUMMARY), chapter("02_themes", "Themes", THEMES)]
    path.write_bytes(word_report(read_settings(study), chapters))
    return path


def paragraph(document, begins: str, n: int = 0):
    return [each for each in document.paragraphs if each.text.startswith(begins)][n]


def runs_of(paragraph, *words: str) -> list:
    """Part a paragraph of one run into runs of these words, which together are all of it."""
    assert "".join(words) == paragraph.text
    for run in paragraph.runs[1:]:
        run._r.getparent().remove(run._r)
    first = paragraph.runs[0]
    first.text = words[0]
    for each in words[1:]:
        run = docx.text.run.Run(parse_xml(f"<w:r {nsdecls('w')}/>"), paragraph)
        run.text = each
        paragraph.runs[-1]._r.addnext(run._r)
    return paragraph.runs


def commented(path):
    """Twenty comments in a report, each in words that say where: those on several findings come back once on each."""
    document = docx.Document(path)
    title, front = document.paragraphs[0], paragraph(document, "Buses are few. ")
    contents = paragraph(document, "Themes")
    heading, late = paragraph(document, LATE), paragraph(document, "2 of 3")
    start, inside, rest = runs_of(
        late, "2 of 3 people ", "waited for the bus in town", ". Trams were on time."
    )
    few = paragraph(document, "Few of them")
    walked, end = runs_of(few, "Few of them complained, and one", " walked.")
    rooms = paragraph(document, "Rooms are dear")
    cost = document.tables[1].rows[2].cells
    marked = [
        ("title", title.runs),
        ("front", front.runs[0]),
        ("contents", document.paragraphs[[p.text for p in document.paragraphs].index("Contents")].runs),
        ("chapter", paragraph(document, "Themes", 1).runs),
        ("introduction", paragraph(document, "What is said", 1).runs),
        ("no heading", paragraph(document, "Two ways").runs),
        ("heading", heading.runs),
        ("start", start),
        ("inside", inside),
        ("two runs", [inside, rest]),
        ("whole", [start, rest]),
        ("two findings", [rest, walked]),
        ("end", end),
        ("evidence", paragraph(document, "Evidence: A").runs),
        ("caution", paragraph(document, "Coders agreed").runs),
        ("second heading", rooms.runs),
        ("across headings", [end, rooms.runs[0]]),
        ("by rule", paragraph(document, "Most raised", 1).runs),
        ("in a table", cost[0].paragraphs[0].runs),
        ("below a table", paragraph(document, "Base: people", 1).runs),
    ]
    assert contents.text == "Themes"
    for number, (said, runs) in enumerate(marked):
        comment = document.add_comment(runs, text=f"on {said}", author="Ann" if number % 2 else "Bo")
        comment._comment_elm.set(docx.oxml.ns.qn("w:date"), f"2026-11-05T14:{number:02d}:30Z")
    document.save(path)


COMMENTED = {
    "title": ("", "", "", "A small study", "A small study"),
    "front": ("00_summary", "", "written_1", "Buses are few", "Buses are few."),
    "contents": ("", "", "", "Contents", "Contents"),
    "chapter": ("02_themes", "", "", "Themes", "Themes"),
    "introduction": ("02_themes", "", "", "Themes", "What is said of it."),
    "no heading": ("02_themes", "", "written_1", "Themes", "Two ways into town are counted here."),
    "heading": ("02_themes", "", "written_2", LATE, LATE),
    "start": ("02_themes", "", "written_2", LATE, "2 of 3 people"),
    "inside": ("02_themes", "", "written_2", LATE, "waited for the bus in town"),
    "two runs": ("02_themes", "", "written_2", LATE, "waited for the bus in town. Trams were on time."),
    "whole": ("02_themes", "", "written_2", LATE, TOWN),
    "two findings": [
        ("02_themes", "", "written_2", LATE),
        ("02_themes", "", "written_3", LATE),
    ],
    "end": ("02_themes", "", "written_3", LATE, "walked."),
    "evidence": ("02_themes", "", "written_2", LATE, "Evidence: A report, paragraph 3 · People: 2 of 3."),
    "caution": (
        *("02_themes", "", "written_3", LATE),
        "Coders agreed little on travel: treat its numbers with caution.",
    ),
    "second heading": ("02_themes", "", "written_4", "Rooms are dear", "Rooms are dear"),
    "across headings": [
        ("02_themes", "", "written_3", LATE),
        ("02_themes", "", "written_4", "Rooms are dear"),
    ],
    "by rule": ("02_themes", "", "most", "More of it", "Most raised travel."),
    "in a table": ("02_themes", "", "", "Table 2: People by theme", "Cost"),
    "below a table": ("02_themes", "", "", "Table 2: People by theme", "Base: people heard. Source: a list."),
}


def saved_by_libreoffice(path):
    if not shutil.which("soffice"):
        pytest.skip("soffice is not there to save the report with")
    folder = path.parent / "saved"
    profile = f"-env:UserInstallation=file://{path.parent / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "docx", "--outdir", folder, path]
    subprocess.run(command, check=True, capture_output=True)
    return folder / path.name


@pytest.mark.parametrize("saved", [lambda path: path, saved_by_libreoffice], ids=["Word", "LibreOffice"])
def test_twenty_comments_come_back_to_their_findings_and_once_only(study, report, saved):
    commented(report)
    back = saved(report)
    (came,) = import_files([back], study)
    assert [(line.kind, line.in_file, line.kept, line.changed) for line in came.file.account] == [
        ("comment on a finding", 14, 14, 0),
        ("comment on something else", 6, 6, 0),
        ("changed wording of a finding", 0, 0, 0),
    ]
    comments = read_comments(study)
    found = {
        said: [*map(tuple, own[PLACES].to_numpy())] for said, own in comments.groupby("text", sort=False)
    }
    assert {*found} == {f"on {said}" for said in COMMENTED}
    for said, place in COMMENTED.items():
        if isinstance(place, list):
            assert [each[:4] for each in found[f"on {said}"]] == place
        else:
            assert found[f"on {said}"] == [place]
    assert {*comments["resolved"]} == {"no"}
    assert [*comments["written_on"]][:2] == [
        "2026-11-05 14:00",
        "2026-11-05 14:01",
    ]  # in the order of the report
    assert check_folder(study) == [] and load_study(study).comments.empty
    for again in (back, report):
        (once_more,) = import_files([again], study)
        assert once_more.changes == {}
    assert propose(word_reports([back], study)[0], study) == []


W14, W15 = (f"http://schemas.microsoft.com/office/word/{of}/wordml" for of in (2010, 2012))
EXTENDED = "application/vnd.openxmlformats-officedocument.wordprocessingml.commentsExtended+xml"


def threaded(document, states: dict[int, tuple[str, bool]]) -> None:
    """Say of comments, by number, which one each answers (a number, or nothing) and whether it is resolved, as Word does."""
    lines = []
    for number, comment in enumerate(document.comments):
        comment.paragraphs[-1]._p.set(f"{{{W14}}}paraId", f"0000000{number}")
        above, done = states.get(number, ("", False))
        parent = f' w15:paraIdParent="0000000{above}"' if above else ""
        lines.append(f'<w15:commentEx w15:paraId="0000000{number}"{parent} w15:done="{int(done)}"/>')
    content = f'<w15:commentsEx xmlns:w15="{W15}">{"".join(lines)}</w15:commentsEx>'
    package = document.part.package
    part = Part(PackURI("/word/commentsExtended.xml"), EXTENDED, content.encode(), package)
    document.part.relate_to(part, "http://schemas.microsoft.com/office/2011/relationships/commentsExtended")


def discussed(path, *, done: bool) -> None:
    document = docx.Document(path)
    late = paragraph(document, "2 of 3").runs
    for number, (text, author) in enumerate([("Where?", "Ann"), ("In town.", "Bo"), ("Slow.", "Cy")]):
        comment = document.add_comment(late, text=text, author=author)
        comment._comment_elm.set(docx.oxml.ns.qn("w:date"), f"2026-11-05T14:0{number}:00Z")
    threaded(document, {0: ("", done), 1: ("0", False)})
    document.save(path)


DISCUSSED = [
    "02_themes: Buses come late",
    "  Ann, 2026-11-05 14:00, on '2 of 3 people waited for the bus in town. Trams were on ...', resolved: Where?",
    "    Bo, 2026-11-05 14:01: In town.",
    "  Cy, 2026-11-05 14:02, on '2 of 3 people waited for the bus in town. Trams were on ...': Slow.",
]


def test_a_thread_comes_back_with_its_replies_and_stays_resolved(study, report, tmp_path):
    (tmp_path / "older").mkdir()
    older = Path(shutil.copy(report, tmp_path / "older"))
    discussed(report, done=True)
    discussed(older, done=False)
    import_files([report], study)
    comments = read_comments(study)
    assert [*comments["resolved"]] == ["yes", "yes", "no"]
    assert [*comments["reply_to"]] == ["", "c00001", ""]
    assert said_comments(comments) == DISCUSSED
    assert said_comments(comments, resolved=False) == [DISCUSSED[0], DISCUSSED[3]]
    (again,) = import_files([older], study)
    assert again.changes == {}


def test_libreoffice_keeps_who_resolved_what_and_takes_no_thread_from_the_study(study, report, tmp_path):
    new = shutil.copytree(study, tmp_path / "new")
    discussed(report, done=True)
    import_files([report], study)
    saved = saved_by_libreoffice(report)
    (again,) = import_files([saved], study)
    assert again.changes == {}
    import_files([saved], new)
    resolved = read_comments(new).set_index("text")["resolved"]
    assert (resolved["Where?"], resolved["Slow."]) == ("yes", "no")


def proposed(study, path) -> list[str]:
    (report,) = word_reports([path], study)
    return propose(report, study)


def replaced(paragraph, *pairs: tuple[str, str]) -> None:
    for old, new in pairs:
        (run,) = [run for run in paragraph.runs if old in run.text]
        run.text = run.text.replace(old, new)


def tracked(run, old: str, new: str) -> None:
    """Delete words of a run and put others there, with the changes tracked."""
    before, after = run.text.split(old)
    said = [
        f"<w:r><w:t xml:space='preserve'>{before}</w:t></w:r>",
        f"<w:del w:id='901' w:author='Ann'><w:r><w:delText xml:space='preserve'>{old}</w:delText></w:r></w:del>",
        f"<w:ins w:id='902' w:author='Ann'><w:r><w:t xml:space='preserve'>{new}</w:t></w:r></w:ins>",
        f"<w:r><w:t xml:space='preserve'>{after}</w:t></w:r>",
    ]
    for each in said:
        run._r.addprevious(parse_xml(each.replace(">", f" {nsdecls('w')}>", 1)))
    run._r.getparent().remove(run._r)


@pytest.mark.parametrize("saved", [lambda path: path, saved_by_libreoffice], ids=["Word", "LibreOffice"])
def test_changed_words_come_back_as_a_proposal_and_numbers_keep_their_keys(study, report, saved):
    document = docx.Document(report)
    replaced(paragraph(document, "2 of 3"), ("2 of 3", "Most of the"), ("the bus", "a bus"))
    tracked(paragraph(document, "Few of them").runs[0], "complained", "grumbled aloud")
    replaced(paragraph(document, LATE), ("late", "very late"))
    paragraph(document, "Rents rise").add_run(" So do fares.")
    replaced(paragraph(document, "Two ways"), ("Two ways into town are counted here.", ""))
    replaced(paragraph(document, "Most raised", 1), ("Most", "Few"))
    replaced(paragraph(document, "Buses are few. "), (" There is one a day.", " One comes a day."))
    document.save(report)
    back = saved(report)
    files = {path: path.read_bytes() for path in (study / "findings").rglob("*.md")}
    lines = [
        "00_summary/written_1: changed on the first page, and shown there from its chapter: 'Buses are few. One comes a day.'",
        "findings/02_themes.md, line 1: taken out in the report; take it out by hand",
        "findings/02_themes.md, line 3: 'Buses come late' becomes 'Buses come very late'",
        "findings/02_themes.md, line 5: '2 of 3 people waited' becomes 'Most of the people waited'",
        "findings/02_themes.md, line 5: 'waited for the bus in' becomes 'waited for a bus in'",
        "findings/02_themes.md, line 7: 'of them complained, and' becomes 'of them grumbled aloud, and'",
        "findings/02_themes.md, line 11: 'each year.' becomes 'each year. So do fares.'",
        "02_themes/most: is made by rule, and its words are not in findings/: 'Few raised travel.'",
        "proposed: findings/proposed/report/02_themes.md; to take it over, put it in place of the file in findings/",
    ]
    assert proposed(study, back) == lines
    assert proposed(study, back) == lines
    assert {path: path.read_bytes() for path in files} == files
    now = (study / "findings" / "proposed" / "report" / "02_themes.md").read_text(encoding="utf-8")
    changed = {
        "Buses come late": "Buses come very late",
        "[2 of 3 people]": "[Most of the people]",
        "for *the* bus": "for *a* bus",
        "complained": "grumbled aloud",
        "Rents rise each year.": "Rents rise each year. So do fares.",
    }
    expected = THEMES
    for old, new in changed.items():
        expected = expected.replace(old, new)
    assert now == expected
    assert check_folder(study) == []
    (study / "findings" / "02_themes.md").write_text(now, encoding="utf-8")
    assert proposed(study, back) == [lines[0], lines[1], lines[7]]
    assert not (study / "findings" / "proposed" / "report").exists()


def without_mark(document, name: str) -> None:
    """Take a bookmark away, as Word does where all that it marks is typed anew."""
    (start,) = document.element.xpath(f"//w:bookmarkStart[@w:name='{name}']")
    number = start.get(docx.oxml.ns.qn("w:id"))
    for each in (start, *document.element.xpath(f"//w:bookmarkEnd[@w:id='{number}']")):
        each.getparent().remove(each)


def test_a_paragraph_typed_anew_or_parted_or_taken_out_is_still_known(study, report):
    document = docx.Document(report)
    late, few, rents = (paragraph(document, begins) for begins in ("2 of 3", "Few of them", "Rents rise"))
    names = {each: late._p.xpath("w:bookmarkStart/@w:name")[0] for each in ["late"]}
    names |= {"rents": rents._p.xpath("w:bookmarkStart/@w:name")[0]}
    without_mark(document, names["late"])
    late.runs[0].text = TOWN.replace("on time", "early")
    without_mark(document, names["rents"])
    rents._p.getparent().remove(rents._p)
    first, second = runs_of(few, "Few of them complained,", " and one walked.")
    below = parse_xml(f"<w:p {nsdecls('w')}/>")
    few._p.addnext(below)
    end = few._p.xpath("w:bookmarkEnd")[0]
    for each in (second._r, end):
        below.append(each)
    document.save(report)
    assert proposed(study, report) == [
        "findings/02_themes.md, line 5: 'Trams were on time.' becomes 'Trams were early.'",
        "findings/02_themes.md, line 11: taken out in the report; take it out by hand",
        "proposed: findings/proposed/report/02_themes.md; to take it over, put it in place of the file in findings/",
    ]


def test_words_that_both_have_changed_are_said_and_not_proposed_and_one_that_moved_is_found(study, report):
    document = docx.Document(report)
    replaced(paragraph(document, "Few of them"), ("Few", "Some"))
    replaced(paragraph(document, "Rents rise"), ("each year", "yearly"))
    document.save(report)
    path = study / "findings" / "02_themes.md"
    now = THEMES.replace("walked", "ran").replace("## Rooms", "It rained.\n\n## Rooms")
    path.write_text(now, encoding="utf-8")
    assert proposed(study, report) == [
        "findings/02_themes.md, line 7: its words in findings/ have changed since the report was made, so nothing is proposed: "
        "'Some of them complained, and one walked.'",
        "findings/02_themes.md, line 13: 'Rents rise each year.' becomes 'Rents rise yearly.'",
        "proposed: findings/proposed/report/02_themes.md; to take it over, put it in place of the file in findings/",
    ]


def test_the_report_on_an_area_brings_comments_to_the_findings_on_it(study, tmp_path):
    path = tmp_path / "north.docx"
    path.write_bytes(
        word_report(
            read_settings(study), [chapter("20_case_study_area", "North: area report", NORTH, "north")]
        )
    )
    document = docx.Document(path)
    document.add_comment(paragraph(document, "It waits").runs, text="Since when?", author="Ann")
    document.add_comment(paragraph(document, "North: area").runs, text="Good.", author="Ann")
    replaced(paragraph(document, "It waits"), ("nurse", "doctor"))
    document.save(path)
    import_files([path], study)
    assert [*map(tuple, read_comments(study)[PLACES].to_numpy())] == [
        ("20_case_study_area", "north", "", "North: area report", "North: area report"),
        ("20_case_study_area", "north", "written_1", "The north waits", "It waits for a doctor."),
    ]
    assert proposed(study, path) == [
        "findings/areas/north.md, line 3: 'for a nurse.' becomes 'for a doctor.'",
        "proposed: findings/proposed/north/areas/north.md; to take it over, put it in place of the file in findings/",
    ]


def test_a_report_of_another_study_or_without_its_properties_is_refused(study, report, tmp_path):
    other = study_folder(tmp_path / "trams", settings=TWO.replace("A small study", "Trams"))
    with pytest.raises(StudyError) as error:
        word_reports([report], other)
    assert (
        str(error.value) == "report.docx: is a report of the study 'A small study', expected one of 'Trams'."
    )
    lost = tmp_path / "lost.docx"
    with ZipFile(report) as parts, ZipFile(lost, "w") as file:
        for name in parts.namelist():
            if name != "docProps/custom.xml":
                file.writestr(name, parts.read(name))
    with pytest.raises(StudyError) as error:
        import_files([lost], study)
    assert str(error.value) == (
        "lost.docx: is a report of an earlier version, or without the properties by which comments find back; expected a newer one, "
        "as Word or LibreOffice saves it."
    )
    assert not (study / "comments.csv").exists()


def test_the_command_says_comments_by_chapter_and_finding_and_findings_lists_the_open_ones(study, report):
    discussed(report, done=True)
    said = CliRunner().invoke(app, ["import", str(report), "--into", str(study)])
    assert said.output.splitlines()[2:] == [
        "         3       3       0       0  comment on a finding",
        "  in the study: comments 3 added",
        *DISCUSSED,
    ]
    listed = CliRunner().invoke(app, ["findings", str(study)]).output.splitlines()
    assert [line for line in listed if not line.startswith("findings/")] == [
        DISCUSSED[0],
        DISCUSSED[3],
        "buses: 7 faults in 3 files of findings.",
    ]


def test_a_comment_is_checked_and_no_input_of_what_is_made(study, report):
    discussed(report, done=False)
    import_files([report], study)
    before = inputs(study)
    assert "comments.csv" not in before.files
    (study / "findings" / "proposed").mkdir()
    (study / "findings" / "proposed" / "anything.md").write_text("## Any\n\nThing.\n", encoding="utf-8")
    assert inputs(study) == before
    rows = read_comments(study).assign(resolved="perhaps", written_on="yesterday", reply_to="c9")
    rows.to_csv(study / "comments.csv", index=False)
    assert [str(fault) for fault in check_folder(study)][:2] == [
        "comments.csv, row 2, resolved: found 'perhaps', expected one of yes, no.",
        "comments.csv, row 2, written_on: found 'yesterday', expected a date such as 2019-11-01, or with a time as in 2019-11-01 14:30.",
    ]


WRITTEN = st.sampled_from(
    [
        "[2 of 3 people]{people=travel} wait,",
        "[@point:p1]",
        "*late*",
        "_and_",
        "[9%]{kpi=starts}.",
        "a [map](x.md)",
        "No",
        "bus",
        "7",
    ]
)


def test_a_word_among_equal_numbers_takes_none_of_them_out():
    written = " ".join(3 * ["[9%]{kpi=starts}."])
    (block,) = parse_findings("a", written).sections[0].blocks
    assert reworded(block, "9%. 9 so %. 9%.").written == written.replace(
        "]{kpi=starts}. [9%]", "]{kpi=starts}. [9 so %]", 1
    )


@given(st.lists(WRITTEN, min_size=1, max_size=9).filter(lambda parts: {*parts} != {"[@point:p1]"}), st.data())
def test_a_proposal_reads_as_the_reader_wrote_it(parts, data):
    (section,) = parse_findings("a", " ".join(parts)).sections
    (block,) = section.blocks
    words = plain(block)
    assert reworded(block, words).written == block.written
    start = data.draw(st.integers(0, len(words)))
    end = data.draw(st.integers(start, len(words)))
    other = " ".join(
        (words[:start] + data.draw(st.sampled_from(["", " so ", "x", " 5 of 6 "])) + words[end:]).split()
    )
    now = reworded(block, other)
    if now and other:  # a paragraph that is taken out has no words to read
        (again,) = parse_findings("a", now.written).sections[0].blocks
        assert plain(again) == other
        if start == end:  # nothing is taken out
            assert [span.keys for span in again.of(Span)] == [span.keys for span in block.of(Span)]


def test_who_withdraws_leaves_comments_too_and_what_is_imported_later(tmp_path, report):
    people = "participant_id,participant_group,area_id\nP1,Staff,north\nP2,Staff,north\n"
    said = "comment_id,text,author,resolved,source\nc00001,P1 said so.,Ann,no,report.docx\n"
    study = study_folder(tmp_path / "people", settings=SETTINGS, participants=people, comments=said)
    withdraw("P1", study)
    assert [*read_comments(study)["text"]] == ["[withdrawn] said so."]
    document = docx.Document(report)
    document.add_comment(paragraph(document, "Rents rise").runs, text="Ask P1, not P2.", author="Ann")
    document.save(report)
    import_files([report], study)
    assert [*read_comments(study)["text"]] == ["[withdrawn] said so.", "Ask [withdrawn], not P2."]
