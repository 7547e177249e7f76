"""Reporting checklists: what a small study's data answer, what they withhold, and the Word table."""

from dataclasses import replace

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn

from builders import AREAS, SETTINGS, study_folder
from conftest import PROJECT
from ncsresearch.disclosure.checklist_answers import counts_told
from ncsresearch.disclosure.checklists import checklist, checklists, n_items
from ncsresearch.ingest.checklist_file import read_checklist_answers
from ncsresearch.report.checklist_docx import write_checklist
from ncsresearch.schema import StudyError
from ncsresearch.study import load_study
from test_cli import ncsresearch

CONFIDENTIAL = SETTINGS.replace('"public"', '"confidential"').replace('"02_themes"', '"01_who_was_heard"')


def people(**groups: int) -> dict[str, str]:
    """Tables of a study in which so many people of each group were heard, each in an interview of their own."""
    names = [(f"{group}{n}", group) for group, many in groups.items() for n in range(many)]
    return {
        "areas": AREAS,
        "participants": "participant_id,area_id,participant_group\n"
        + "".join(f"{name},north,{group}\n" for name, group in names),
        "interviews": "interview_id,area_id,participant_group,mode\n"
        + "".join(f"i_{name},north,{group},one-to-one\n" for name, group in names),
        "attendances": "interview_id,participant_id\n" + "".join(f"i_{name},{name}\n" for name, _ in names),
    }


@pytest.fixture
def small(tmp_path):
    return study_folder(tmp_path / "small", settings=CONFIDENTIAL, **people(Staff=12, Clients=7, Partners=2))


def answers(folder, name="COREQ") -> dict[int, tuple[str, str, str]]:
    rows = checklist(load_study(folder), name, by_author=read_checklist_answers(folder))
    return {row.item: (row.answered, row.answer, row.where) for row in rows.itertuples()}


@pytest.mark.parametrize(("name", "n"), [("COREQ", 32), ("SRQR", 21), ("Spencer", 18)])
def test_a_checklist_has_all_its_items_each_once(small, name, n):
    rows = checklist(load_study(small), name)
    assert list(rows["item"]) == list(range(1, n + 1))
    assert rows["asks"].nunique() == n == n_items(name)
    assert list(dict.fromkeys(rows["domain"])) == list(checklists()[name].domains)


def test_labels_are_short():
    items = [item for found in checklists().values() for domain in found.domains.values() for item in domain]
    assert max(len(item.asks.split()) for item in items) <= 12


def test_what_a_small_study_answers_by_hand(small):
    found = answers(small)
    assert found[12] == ("yes", "People heard: 21. Interviews: 21.", "01_who_was_heard")
    assert found[14] == ("in part", "Areas: 1 (North).", "01_who_was_heard")
    assert found[18] == ("in part", "Nobody is recorded in more than one interview.", "")
    assert found[24] == ("yes", "Coders: 1. Nothing was coded twice.", "")
    assert found[25] == (
        "yes",
        "Codes for themes: 3, of them at the top level 2, with a definition 0.",
        "",
    )
    assert found[31][1] == "Themes at the top level: Cost, Access."
    for item in (1, 10, 13, 17, 19, 22, 26, 28, 29):
        assert found[item] == ("a person must write it", "", "")


def test_small_counts_and_those_that_give_them_back_are_withheld(small):
    told = "People heard: 21 (Staff: 12; Clients: [c]; Partners: [c]). Of when: May 2023."
    assert answers(small)[16][1] == told


def test_a_public_study_tells_its_counts(small):
    text = (small / "study.toml").read_text(encoding="utf-8").replace("confidential", "public")
    (small / "study.toml").write_text(text, encoding="utf-8")
    assert "Partners: 2" in answers(small)[16][1]


def test_a_study_too_small_to_tell_its_size(tmp_path):
    folder = study_folder(tmp_path / "few", settings=CONFIDENTIAL, **people(Staff=3))
    assert answers(folder)[12][1] == "People heard: [c]. Interviews: [c]."


def test_counts_told_keep_no_small_count_however_the_groups_fall(small):
    study = load_study(small)
    for groups in ({"a": 9, "b": 1}, {"a": 6, "b": 7, "c": 4}, {"a": 1, "b": 1, "c": 30}):
        counts = pd.Series(groups)
        total, told = counts_told(study, counts)
        known = [int(n) for n in told.values() if n != "[c]"]
        assert all(n >= 5 for n in known)
        if total != "[c]":
            assert list(told.values()).count("[c]") != 1


def test_repeated_interviews_are_counted(small):
    study = load_study(small)
    again = study.attendances.assign(interview_id="i_Staff0").iloc[:8]
    tables = dict(study.tables) | {"attendances": pd.concat([study.attendances, again])}
    found = checklist(replace(study, tables=tables)).set_index("item")["answer"]
    assert found[18] == "People recorded in more than one interview: 8."


def test_an_author_s_sentences_are_merged_and_marked(small):
    (small / "checklist.toml").write_text(
        '[COREQ]\n10 = "People were chosen for variety."\n12 = "Two more were asked."\n', encoding="utf-8"
    )
    found = answers(small)
    assert found[10] == ("by the author", "People were chosen for variety.", "")
    assert found[12][:2] == ("by the author", "People heard: 21. Interviews: 21. Two more were asked.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[COREK]\n1 = "x"',
            "checklist.toml: COREK: expected one of COREQ, SRQR, Spencer. Did you mean 'COREQ'?",
        ),
        (
            '[COREQ]\nsample = "x"',
            "checklist.toml: COREQ, sample: expected an item number from 1 to 32.",
        ),
        (
            '[COREQ]\n33 = "x"',
            "checklist.toml: COREQ, 33: expected an item number from 1 to 32. Did you mean '32'?",
        ),
        ("[SRQR]\n5 = 5", "checklist.toml: SRQR, 5: expected words in quotation marks."),
        ('COREQ = "all"', "checklist.toml: COREQ: expected a table of its own, [COREQ]."),
    ],
)
def test_a_wrong_key_is_one_clear_message(small, text, message):
    (small / "checklist.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as error:
        answers(small)
    assert str(error.value) == message


def test_an_unknown_checklist(small):
    with pytest.raises(StudyError) as error:
        checklist(load_study(small), "SRQ")
    known = "There is no checklist 'SRQ'; known: COREQ, SRQR, Spencer. Did you mean 'SRQR'?"
    assert str(error.value) == known


def test_the_word_table_opened_again(small, tmp_path):
    rows = write_checklist(small, tmp_path / "out.docx", name="SRQR")
    document = Document(str(tmp_path / "out.docx"))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert document.core_properties.title == paragraphs[0] == "SRQR: A small study"
    assert paragraphs[1].startswith("Confidential study")
    assert "https://doi.org/10.1097/ACM.0000000000000388" in paragraphs[2]
    assert document.core_properties.language == "en-GB"
    languages = {found.get(qn("w:val")) for found in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    (table,) = document.tables
    header, *body = table.rows
    assert header._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in header.cells][:2] == ["Item", "Part"]
    assert [row.cells[4].text for row in body] == list(rows["answer"])
    assert [row.cells[0].text for row in body] == [str(number) for number in range(1, 22)]


def test_the_word_table_lies_on_its_side_and_is_the_same_file_each_time(small, tmp_path):
    first, second = tmp_path / "first.docx", tmp_path / "second.docx"
    for file in (first, second):
        write_checklist(small, file)
    assert first.read_bytes() == second.read_bytes()
    document = Document(str(first))
    (section,) = document.sections
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (29.7, 21.0)
    (table,) = document.tables
    assert sum(column.width.cm for column in table.columns) == pytest.approx(25.7, abs=0.1)


def test_the_word_table_of_the_illustrative_study_says_that_it_is_fictional(tmp_path):
    write_checklist(PROJECT / "data" / "illustrative", tmp_path / "out.docx")
    paragraphs = Document(str(tmp_path / "out.docx")).paragraphs
    assert paragraphs[1].text == "Illustrative: fictional interviews."


def test_the_command(tmp_path, small):
    file = tmp_path / "out.docx"
    code, out, err = ncsresearch("checklist", str(small), str(file), "--name", "Spencer")
    assert (code, err) == (0, "")
    assert out.startswith("out.docx: 18 items of Spencer (")
    assert file.exists()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (
            ["data/published", "out.docx"],
            1,
            "published: nobody was heard; a checklist is for a study of one's own.\n",
        ),
        (["data/illustrative", "out.pdf"], 2, "out.pdf: a checklist is written as .docx, not '.pdf'.\n"),
        (
            ["data/illustrative", "nowhere/out.docx"],
            2,
            "out.docx: there is no folder 'nowhere' to write it to.\n",
        ),
    ],
)
def test_what_the_command_refuses(arguments, status, message):
    assert ncsresearch("checklist", *arguments) == (status, "", message)
