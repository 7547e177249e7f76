"""A person who has withdrawn stays out, whatever file is imported again, and no byte of the study's folder names them."""

import os
import shutil
import tempfile
import tomllib
import zipfile
from functools import cache
from itertools import count
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from ncsresearch.cli import app
from ncsresearch.exchange import write_study as writing
from ncsresearch.exchange.export import export_study
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.exchange.withdraw import withdraw
from ncsresearch.exchange.withdrawn import key_of, readmit
from ncsresearch.ingest import unfinished
from ncsresearch.ingest.whole_file import write_json
from ncsresearch.schema import StudyError
from ncsresearch.study import check_folder, load_study, read_texts
from test_hostile_files import taguette

ANA = ("Ana Roe", "Ana_Roe", "ana_roe")
WORDS = ("ferry never waits", "Too cold", "dear to heat")
TALK = """Interviewer: How is it?
Ana Roe: The ferry never waits for any of us.
Ben Lee: Rooms are cheap, as Ana Roe says.
Ana Roe: Too cold.
Mine is dear to heat.
Ben Lee: I walk.
"""
CODED = """document,participant,tag,content
talk,Ana Roe,Travel,The ferry never waits for any of us.
talk,Ben Lee,Cost,Rooms are cheap
"""
HIGHLIGHTS = """document,tag,content
talk,Travel,The ferry never waits for any of us.
talk,Cost,Rooms are cheap
"""
PEOPLE = """participant,group,age,interview
Ana Roe,Clients,40,i1
Ben Lee,Staff,50,i1
"""
ANSWERS = """respondent id,Q1 Are you satisfied?,What else would you say in your own words today?
Ana Roe,Yes,"The ferry never waits, not for anyone who lives out here on the far side."
Ben Lee,No,"Rooms are cheap in winter and hardly to be had from May until September."
"""
CLOSED = "id,Q1 Are you satisfied?\nAna Roe,Yes\nBen Lee,No\n"
RESPONSES = {
    "inputs/respondents.jsonl": '{"response_id": "Ana Roe", "demographic_data": {"age": "40"}}\n'
    '{"response_id": "Ben Lee", "demographic_data": {"age": "50"}}\n',
    "inputs/question_part_1/responses.jsonl": '{"response_id": "Ana Roe", "response": "Too cold for me"}\n'
    '{"response_id": "Ben Lee", "response": "I walk"}\n',
}
TAGGED = (
    "update documents set name = 'talk.txt', contents = '<p>Interviewer: How?</p><p>Ana Roe: The ferry never waits.</p>"
    "<p>Ben Lee: I walk.</p><p>Ana Roe: Too cold.</p><p>Ben Lee: No.</p>';"
    "update highlights set start_offset = 26, end_offset = 47, snippet = 'The ferry never waits';"
    "insert into highlights values (2, 1, 57, 63, 'I walk');insert into highlight_tags values (2, 2);"
)


def files(folder: Path, **contents: str | bytes) -> list[Path]:
    """Write files, each by its name with the last underscore for the dot; returns their paths."""
    folder.mkdir()
    for name, content in contents.items():
        path = folder / ".".join(name.rsplit("_", 1))
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return sorted(folder.iterdir())


def word(folder: Path) -> list[Path]:
    """A Word transcript whose header, table and properties name a person too."""
    folder.mkdir()
    document = docx.Document()
    for line in TALK.splitlines():
        document.add_paragraph(line)
    document.sections[0].header.paragraphs[0].text = "Ana Roe and Ben Lee"
    document.core_properties.author = "Ana Roe"
    document.save(str(folder / "talk.docx"))
    return [folder / "talk.docx"]


def workbook(folder: Path) -> list[Path]:
    folder.mkdir()
    book = openpyxl.Workbook()
    for line in PEOPLE.splitlines():
        book.active.append(line.split(","))
    book.save(folder / "people.xlsx")
    return [folder / "people.xlsx"]


def exported(ending: str):
    """Files of a study, and what the export of that study writes."""

    def write(folder: Path) -> list[Path]:
        given = files(folder, talk_txt=TALK, coded_csv=CODED)
        study = study_of(folder.parent / "exported", given)
        summaries = "participants,Ana_Roe,travel,Finds it too cold\nparticipants,Ben_Lee,cost,Is content\n"
        (study / "summaries.csv").write_text(f"unit,unit_id,code_id,text\n{summaries}")
        export_study(study, folder / f"project{ending}")
        return [*given, folder / f"project{ending}"] if ending == ".xlsx" else [folder / f"project{ending}"]

    return write


def responses(folder: Path) -> list[Path]:
    for name, text in RESPONSES.items():
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text)
    return [folder]


KINDS = {
    "text": lambda folder: files(folder, talk_txt=TALK),
    "a transcript of nobody else": lambda folder: files(
        folder, **{"Ana Roe_txt": "Q: How?\nA: Too cold.\nQ: And?\nA: Cold.\n", "talk_txt": TALK}
    ),
    "named after them": lambda folder: files(folder, **{"Ana Roe and Ben Lee_txt": TALK}),
    "Word": word,
    "subtitles": lambda folder: files(
        folder,
        talk_vtt="WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana Roe>The ferry never\nwaits for any of us\n\n"
        "00:02.000 --> 00:03.000\n<v Ben Lee>I walk\n\n00:03.000 --> 00:04.000\n<v Ana Roe>Too cold\n\n"
        "00:04.000 --> 00:05.000\n<v Ben Lee>No\n",
    ),
    "people": workbook,
    "coded segments": lambda folder: files(folder, talk_txt=TALK, coded_csv=CODED),
    "highlights of nobody in particular": lambda folder: files(folder, talk_txt=TALK, high_csv=HIGHLIGHTS),
    "survey with comments": lambda folder: files(folder, answers_csv=ANSWERS),
    "survey": lambda folder: files(folder, survey_csv=CLOSED),
    "REFI-QDA project": exported(".qdpx"),
    "framework workbook": exported(".xlsx"),
    "Taguette project": lambda folder: files(folder, talk_sqlite3=taguette(TAGGED)),
    "responses": responses,
}


def study_of(folder: Path, paths: list[Path]) -> Path:
    new_study(folder)
    import_files(paths, folder)
    return folder


def held(folder: Path):
    """Yield the name and content of every file of a folder; of a zip, those of every part."""
    for path in (path for path in sorted(folder.rglob("*")) if path.is_file()):
        if not zipfile.is_zipfile(path):
            yield path, path.name.encode() + b"\n" + path.read_bytes()
            continue
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield f"{path}, {name}", f"{path.name}, {name}\n".encode() + archive.read(name)


def traces(folder: Path) -> list:
    """Where in a folder a person is named or their words are found, whatever the case."""
    sought = [each.lower().encode() for each in (*ANA, *WORDS)]
    return [where for where, content in held(folder) if any(each in content.lower() for each in sought)]


def whole(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def id_of_ana(study: Path) -> str:
    tables = read_texts(study)
    ids = {*tables["participants"]["participant_id"], *tables["survey_answers"]["respondent_id"]}
    return next(each for each in ids if each in ANA)


@pytest.mark.parametrize("kind", KINDS)
def test_importing_the_same_files_again_does_not_bring_them_back(kind, tmp_path):
    originals = KINDS[kind](tmp_path / "originals")
    study = study_of(tmp_path / "study", originals)
    assert traces(study)
    withdraw(id_of_ana(study), study)
    assert traces(study) == []
    before = read_texts(study)
    reports = [each.report() for each in import_files(originals, study)]
    assert traces(study) == []
    for table, rows in read_texts(study).items():
        pd.testing.assert_frame_equal(rows, before[table])
    kinds = {line["kind"] for report in reports for line in report["file"] if "withdrawn" in line["kind"]}
    left_out = {"1 person who has withdrawn was left out", "what people said who have withdrawn was left out"}
    assert kinds and kinds <= left_out
    check_folder(study)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study that keeps its files, with a key, and with what an owner has written beside its tables."""
    folder = tmp_path_factory.mktemp("made")
    study = study_of(folder / "study", files(folder / "originals", talk_txt=TALK, coded_csv=CODED))
    shutil.copytree(folder / "originals", study / "raw")
    key_of(study)
    write_json({"Ana Roe": "The ferry never waits for any of us."}, study / "seen.json")
    (study / "own.toml").write_text(OWN)
    (study / "quotations.toml").write_text(RULES)
    (study / "findings").mkdir(exist_ok=True)
    (study / "findings" / "02_themes.md").write_text(FINDINGS)
    return study


@pytest.fixture
def study(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "study"))


OWN = """# Ana Roe agreed to this

[[02_themes]]
says = "Travel came first: “the ferry never waits for any of us”."
theme = "travel"
holds = "most"

[[02_themes]]
says = "Most people spoke of what rooms cost."
theme = "cost"
holds = "most"
"""
OWN_AFTER = OWN.replace("Ana Roe", "[withdrawn]").replace(
    "the ferry never waits for any of us", "[withdrawn]"
)
RULES = """# what we accept
left_out = ["talk_p001", "talk_p002"]
people_left_out = [
    "Ana_Roe",
    "Ben_Lee",
]

[accepted]
talk_p001 = ["the ferry", "any of us"]
talk_p002 = ["Rooms"]
"""
FINDINGS = """## The ferry decides
Travel came first [@quote:talk_p001], and cost second [@quote:talk_p002].
One put it so: "Too cold. Mine is dear to heat."
> The ferry never waits for any of us.
The rest is ours.
"""
FINDINGS_AFTER = """## The ferry decides
Travel came first [withdrawn], and cost second [@quote:talk_p002].
One put it so: "[withdrawn]"
> [withdrawn]
The rest is ours.
"""
REPLACED = "their words, name or passages are replaced by [withdrawn]; read what is left"


def test_what_an_owner_wrote_loses_their_words_line_by_line(study):
    done = withdraw("Ana_Roe", study)
    assert (study / "own.toml").read_text() == OWN_AFTER
    assert (study / "findings" / "02_themes.md").read_text() == FINDINGS_AFTER
    rules = tomllib.loads((study / "quotations.toml").read_text())
    assert rules == {
        "left_out": ["talk_p002"],
        "people_left_out": ["Ben_Lee"],
        "accepted": {"talk_p002": ["Rooms"]},
    }
    assert done.left[:3] == [
        f"findings/02_themes.md, lines 2, 3, 4: {REPLACED}",
        f"own.toml, lines 1, 4: {REPLACED}",
        f"quotations.toml, lines 2, 4, 9: {REPLACED}",
    ]
    assert traces(study) == []
    check_folder(study)


def test_what_is_left_to_do_is_said_whole(study):
    assert withdraw("Ana_Roe", study).left[3:] == [
        "the originals, wherever you keep them (coded.csv, talk.txt): delete the person there too; importing them again "
        "leaves the person out",
        "outputs made before: delete them and run the study again",
    ]


def test_somebody_else_of_that_name_is_let_in_when_the_owner_says_so(study):
    withdraw("Ana_Roe", study)
    talk = study.parent / "talk.txt"
    talk.write_text(TALK)
    import_files([talk], study)
    assert list(load_study(study).participants["participant_id"]) == ["Ben_Lee"]
    readmit("ana roe", study)
    import_files([talk], study)
    assert list(load_study(study).participants["participant_id"]) == ["Ben_Lee", "Ana_Roe"]
    with pytest.raises(StudyError) as refused:
        readmit("Ana_Roe", study)
    assert str(refused.value) == "Nobody of the name 'Ana_Roe' has withdrawn from study."


def test_a_newer_file_that_holds_more_of_them_brings_nothing_of_it(tmp_path):
    study = study_of(tmp_path / "study", files(tmp_path / "originals", talk_txt=TALK))
    withdraw("Ana_Roe", study)
    newer = f"{TALK}Ana Roe: The ferry never waits, ever.\nBen Lee: So be it.\n"
    import_files(files(tmp_path / "newer", talk_txt=newer), study)
    assert traces(study) == []
    assert (
        (study / "texts" / "talk.txt")
        .read_text()
        .endswith("Ben Lee: I walk.\n[withdrawn]\nBen Lee: So be it.")
    )


def test_what_is_marked_later_in_an_interview_of_them_alone_stays_out(tmp_path):
    alone = {
        "Ana Roe_txt": "Q: How?\nA: Too cold.\nQ: And?\nA: Dear to heat.\n",
        "talk_txt": "Ben Lee: Rooms are cheap\nCy: No.\nBen Lee: Yes.\nCy: No.\n",
    }
    study = study_of(tmp_path / "study", files(tmp_path / "originals", **alone))
    withdraw(id_of_ana(study), study)
    marked = "document,tag,content\nAna Roe,Cost,Mine was dear to heat before\ntalk,Cost,Rooms are cheap\n"
    import_files(files(tmp_path / "later", high_csv=marked), study)
    assert traces(study) == []
    assert list(load_study(study).segments["text"]) == ["Rooms are cheap"]


def test_another_interview_under_the_number_of_one_that_went_comes_in(tmp_path):
    first = {"int_05_txt": "Q: How?\nS03: Too cold.\nQ: And?\nS03: No.\n", "talk_txt": TALK}
    study = study_of(tmp_path / "study", files(tmp_path / "originals", **first))
    withdraw("S03", study)
    assert list(load_study(study).documents["document_id"]) == ["talk"]
    later = files(tmp_path / "later", int_05_txt="Q: How?\nS09: By bus.\nQ: And?\nS09: No.\n")
    import_files(later, study)
    assert "S09" in set(load_study(study).participants["participant_id"])
    assert read_texts(study)["turns"]["document_id"].value_counts()["int_05"] == 4


def test_a_pseudonym_like_the_number_of_a_passage_leaves_the_ids_of_passages_alone(tmp_path):
    talk = {"talk_txt": TALK.replace("Ana Roe", "P001"), "coded_csv": CODED.replace("Ana Roe", "P001")}
    study = study_of(tmp_path / "study", files(tmp_path / "originals", **talk))
    assert list(load_study(study).segments["segment_id"]) == ["talk_p001", "talk_p002"]
    people = pd.read_csv(study / "segments.csv", dtype=str).set_index("segment_id")["participant_id"]
    assert people.to_dict() == {"talk_p001": "P001", "talk_p002": "Ben_Lee"}
    withdraw("P001", study)
    assert list(load_study(study).segments["segment_id"]) == ["talk_p002"]
    assert not [where for where, content in held(study) if b"P001" in content]


def test_turns_without_their_text_take_the_passages_in_them_along(study):
    shutil.rmtree(study / "texts")
    segments = pd.read_csv(study / "segments.csv", dtype=str)
    segments.assign(participant_id=None).to_csv(study / "segments.csv", index=False)
    withdraw("Ana_Roe", study)
    assert list(load_study(study).segments["text"]) == ["Rooms are cheap"]


def test_subtitles_kept_in_the_study_lose_every_line_of_theirs(tmp_path):
    study = study_of(tmp_path / "study", KINDS["subtitles"](tmp_path / "originals"))
    shutil.copytree(tmp_path / "originals", study / "raw")
    withdraw("Ana_Roe", study)
    assert (study / "raw" / "talk.vtt").read_text() == (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n[withdrawn]\n[withdrawn]\n\n00:02.000 --> 00:03.000\n<v Ben Lee>I walk\n\n"
        "00:03.000 --> 00:04.000\n[withdrawn]\n\n00:04.000 --> 00:05.000\n<v Ben Lee>No\n"
    )


def test_a_name_that_is_also_a_group_is_taken_out_of_tables_alone(tmp_path):
    people = "participant,group\nClients,Clients\nBen,Clients\n"
    study = study_of(tmp_path / "study", files(tmp_path / "originals", people_csv=people))
    done = withdraw("Clients", study)
    assert list(load_study(study).participants["participant_id"]) == ["Ben"]
    assert list(load_study(study).participants["participant_group"]) == ["Clients"]
    assert [line for line in done.left if line.startswith("their name in words")] == [
        "their name in words: it is a number, or also that of a group, an area, a code or another person, so it was taken "
        "out of tables alone; look through the files of the study"
    ]


def killed(steps: int, study: Path, where) -> None:
    """Withdraw in a process of its own that is killed at a step: at the nth call of a function."""
    pid = os.fork()
    if pid == 0:
        module, name = where
        function, calls = getattr(module, name), count()

        def dies(*given, **named):
            if next(calls) == steps:
                os._exit(9)
            return function(*given, **named)

        setattr(module, name, dies)
        try:
            withdraw("Ana_Roe", study)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9


@pytest.mark.parametrize(
    ("where", "step"),
    [
        ((writing, "_link_the_others"), 0),
        ((writing.shutil, "rmtree"), 0),
        ((writing, "put_in_place"), 0),
        ((unfinished, "_move"), 0),
        ((unfinished, "_move"), 3),
        ((unfinished, "_move"), 12),
        ((unfinished.shutil, "rmtree"), 1),
    ],
    ids=str,
)
def test_a_withdrawal_that_is_killed_leaves_the_study_as_it_was_or_as_it_is_to_be(where, step, made, study):
    before = whole(study)
    killed(step, study, where)
    load_study(study)
    after = {name: content for name, content in whole(study).items() if not name.startswith(".import")}
    if after == before:
        withdraw("Ana_Roe", study)
    assert whole(study) == expected(made)
    assert not (study / writing.STAGE).exists()


@cache
def expected(made: Path) -> dict[str, bytes]:
    """Return the study as a withdrawal leaves it that nobody disturbs."""
    with tempfile.TemporaryDirectory() as folder:
        study = Path(shutil.copytree(made, Path(folder) / "study"))
        withdraw("Ana_Roe", study)
        return whole(study)


def test_a_respondent_of_a_survey_withdraws(tmp_path):
    lines = "".join(f"R{n},{'Yes' if n % 2 else 'No'},{n}0\n" for n in range(1, 14))
    originals = files(tmp_path / "originals", survey_csv=f"id,Q1 Are you satisfied?,age\n{lines}")
    study = study_of(tmp_path / "study", originals)
    said = CliRunner().invoke(app, ["withdraw", "R12", "--from", str(study)])
    assert said.output == (
        "attributes: 1 row taken out\nsurvey_answers: 1 row taken out\n"
        "still to do: the originals, wherever you keep them (survey.csv): delete the person there too; importing them again "
        "leaves the person out\n"
        "still to do: outputs made before: delete them and run the study again\n"
    )
    assert not [path for path, content in held(study) if b"R12" in content]
    assert len(load_study(study).survey_answers) == 12
    [again] = import_files(originals, study)
    assert len(load_study(study).survey_answers) == 12
    assert [line.kind for line in again.file.account][-1] == "1 person who has withdrawn was left out"
    with pytest.raises(StudyError) as refused:
        withdraw("R12", study)
    assert str(refused.value) == "'R12' has withdrawn from study already."
    with pytest.raises(StudyError) as refused:
        withdraw("R99", study)
    assert str(refused.value) == (
        "There is no participant or respondent 'R99' in study. Did you mean 'R9'? "
        "Respondents of surveys go by the ids of survey_answers.csv."
    )


def test_a_file_that_cannot_be_read_is_left_to_a_person_and_a_folder_loses_the_name(study):
    (study / "Ana Roe").mkdir()
    (study / "Ana Roe" / "~$talk.docx").write_bytes(b"no Word file")
    (study / "Ana Roe" / "old.txt").write_bytes("Ana Roe: caf\xe9".encode("latin-1"))
    by_hand = [line for line in withdraw("Ana_Roe", study).left if line.startswith("withdrawn_")]
    folder = by_hand[0].split("/")[0]
    assert by_hand == [
        f"{folder}/old.txt: may name the person; look, and take them out by hand",
        f"{folder}/~$talk.docx: ~$talk.docx: is not a Word document, though its name says so.",
    ]
    assert not (study / "Ana Roe").exists()


def test_a_respondent_who_is_a_number_is_named_by_file(tmp_path):
    lines = "".join(f"{'Yes' if n % 2 else 'No'},{n}0\n" for n in range(1, 7))
    originals = files(tmp_path / "originals", survey_csv=f"Q1 Are you satisfied?,age\n{lines}")
    study = study_of(tmp_path / "study", originals)
    assert withdraw("survey_4", study).left[1] == (
        "their row in survey.csv, also where this folder keeps that file: respondents are numbers there. If the file has no "
        "column of ids, empty the row and leave it in its place, since those below would get other numbers"
    )
    import_files(originals, study)
    assert set(load_study(study).survey_answers["respondent_id"]) == {f"survey_{n}" for n in (1, 2, 3, 5, 6)}
