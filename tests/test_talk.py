"""Which file is a newer version of which, and who speaks: labels, phrases and tabs that are taken for others."""

import io
import json
import zipfile

import docx
import pytest
from docx.oxml import parse_xml

from ncsresearch.exchange.import_files import import_files, said_of_all
from ncsresearch.exchange.new_study import new_study
from ncsresearch.ingest.document import read_document
from ncsresearch.ingest.files import read_file
from ncsresearch.ingest.speaker_role import role_of
from ncsresearch.ingest.transcript import parted
from ncsresearch.ingest.word_text import notes_not_read
from ncsresearch.schema import CallError, StudyError
from ncsresearch.study import read_texts

TALK = "Interviewer: How long have you been here?\n{who}: {first}\nInterviewer: And the bus?\n{who}: {last}\n"
ANNA = TALK.format(who="Anna", first="Ten years.", last="It never comes.")
OTHER = TALK.format(who="Anna", first="Two years.", last="It is full.")
CUES = (
    "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Jo>Are you well?</v>\n\n00:00:05.000 --> 00:00:09.000\n<v Olek>Cold, as always.</v>\n\n"
    "00:00:10.000 --> 00:00:11.000\n<v Jo>And now?</v>\n"
)
SURVEY = "ID,Do you feel safe?\n1,Yes\n2,No\n3,Yes\n"
OTHERS = "ID,Do you feel safe?\n1,No\n2,No\n3,No\n"
TWO_FOLDERS = (
    "{0}: is in two folders, north and south, expected one file of a name, as a newer version has the name of the former. Rename one, "
    "such as south_{0}, and import both again."
)


@pytest.fixture
def bring(tmp_path):
    """Import files, given as text by their paths, into one study; returns what became of each."""
    new_study(tmp_path / "study")

    def into(files: dict[str, str], maps=()):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return import_files([tmp_path / name for name in files], tmp_path / "study", maps=list(maps))

    return into


@pytest.mark.parametrize(("name", "north", "south"), [("one.txt", ANNA, OTHER), ("a.csv", SURVEY, OTHERS)])
def test_two_files_of_one_name_in_one_call_are_refused(bring, tmp_path, name, north, south):
    with pytest.raises(StudyError) as refused:
        bring({f"north/{name}": north, f"south/{name}": south})
    assert str(refused.value) == TWO_FOLDERS.format(name)
    assert read_texts(tmp_path / "study")["documents"].empty


@pytest.mark.parametrize(
    ("name", "north", "south", "message"),
    [
        (
            "one.txt",
            ANNA,
            OTHER,
            "one.txt: shares hardly a word with the document that the study has from a file of this name, expected a newer version of "
            "it; if it is another document, give the file another name.",
        ),
        (
            "a.csv",
            SURVEY,
            OTHERS,
            "a.csv: most of its numbered respondents answer otherwise than those that the study has from a file of this name, expected "
            "a newer version of it; if it is another survey, give the file another name; of another wave, say --wave NAME.",
        ),
    ],
)
def test_another_file_of_the_same_name_in_a_later_call_is_refused(bring, name, north, south, message):
    bring({f"north/{name}": north})
    with pytest.raises(StudyError) as refused:
        bring({f"south/{name}": south})
    assert str(refused.value) == message


def test_numbered_respondents_of_a_newer_version_may_have_other_answers(bring, tmp_path):
    bring({"v1/a.csv": SURVEY})
    bring({"v2/a.csv": SURVEY.replace("2,No", "2,Yes") + "4,No\n"})
    assert read_texts(tmp_path / "study")["survey_answers"]["answer"].tolist() == ["Yes", "Yes", "Yes", "No"]


@pytest.mark.parametrize(
    "files",
    [
        {
            "Anna 1.txt": ANNA,
            "Anna-1.txt": OTHER,
            "ANNA_1.txt": ANNA.replace("years", "weeks").replace("never", "often"),
        },
        {"anna.txt": ANNA, "anna.vtt": CUES},
        {"focus_leith_anna.txt": ANNA, "later/anna.txt": OTHER},
    ],
)
def test_other_words_under_a_name_that_is_alike_are_another_interview(bring, tmp_path, files):
    for name, text in files.items():
        bring({name: text})
    tables = read_texts(tmp_path / "study")
    assert [len(tables[name]) for name in ("documents", "interviews")] == [len(files)] * 2
    assert tables["turns"]["document_id"].nunique() == len(files)
    assert not any(each.changes for name, text in files.items() for each in bring({name: text}))


def test_who_is_called_after_files_of_names_alike_are_two_people(bring, tmp_path):
    bring({"anna.txt": ANNA.replace("Anna:", "Respondent:")})
    (other,) = bring({"ANNA.txt": OTHER.replace("Anna:", "Respondent:")})
    tables = read_texts(tmp_path / "study")
    assert tables["participants"]["participant_id"].tolist() == ["anna", "anna_2"]
    assert other.remarks == [
        "documents: another of this name, with other words, is in the study: anna is anna_2 here",
    ]


def test_one_interview_at_the_head_of_two_transcripts_is_two_and_said(bring, tmp_path):
    (_, wick) = bring({"leith.txt": f"Interview: 1\n{ANNA}", "wick.txt": f"Interview: 1\n{OTHER}"})
    assert read_texts(tmp_path / "study")["interviews"]["interview_id"].tolist() == ["1", "1_2"]
    assert wick.remarks == [
        "interviews: another of this name, with other words, is in the study: 1 is 1_2 here"
    ]


# who speaks


def spoken(bring, tmp_path, **files: str) -> list[str]:
    """Role and person of each turn, in order; empty for nobody known."""
    bring({name.replace("__", "."): text for name, text in files.items()})
    turns = read_texts(tmp_path / "study")["turns"]
    return [
        f"{role} {person}".strip() for role, person in turns[["role", "participant_id"]].fillna("").to_numpy()
    ]


GROUP = "Priya: What do you think?\nTom: It is warm.\nUna: The hours are short.\nPriya: And else?\nTom: No.\nAll: Yes.\n"
LISTED = "Name,Role,Area\nTom,User,North\nUna,User,North\n"
QUOTED_BY = "File,Speaker,Quote,Theme\ngroup,Una,The hours are short.,Hours\n"
HEAD_OF = "Facilitator: Priya Hollis\n{}\n"


@pytest.mark.parametrize(
    "files",
    [
        {"group.txt": GROUP, "people.csv": LISTED},
        {"group.txt": GROUP, "people.csv": LISTED.replace("Una", "Una Lowe")},
        {"group.txt": GROUP, "coded.csv": QUOTED_BY},
        {"group.txt": HEAD_OF.format("Participants: Tom Reid, Una Lowe") + GROUP},
        {"group.txt": HEAD_OF.format("Present: Tom Reid and Una Lowe (chair)") + GROUP},
        {"group.txt": GROUP, "other.txt": GROUP.replace("All: Yes.", "Una: It is.\nTom: Yes.")},
    ],
)
def test_who_is_known_by_name_speaks_even_once(bring, tmp_path, files):
    """Of a head, a list, a table of quotations, another transcript; "All" is a turn of nobody."""
    bring(files)
    turns = read_texts(tmp_path / "study")["turns"].query("document_id == 'group'")
    assert turns["speaker"].tolist() == ["Priya", "Tom", "Una", "Priya", "Tom", "All"]
    assert turns["participant_id"].tolist()[2] == "Una" and turns["participant_id"].isna().tolist()[-1]
    met = read_texts(tmp_path / "study")["attendances"].query("interview_id == 'group'")
    assert {"Tom", "Una"} <= {*met["participant_id"]}


def test_a_name_of_a_list_that_came_later_is_said_and_speaks_when_the_transcript_comes_again(bring, tmp_path):
    bring({"group.txt": GROUP})
    (listed,) = bring({"people.csv": LISTED})
    assert listed.remarks[-1] == (
        "people: names of the list begin a line that was taken for words of the turn before; import again, for it to be theirs: Una in group"
    )
    (again,) = bring({"group.txt": GROUP})
    assert not any("Una" in remark for remark in again.remarks)
    assert "Una" in read_texts(tmp_path / "study")["attendances"]["participant_id"].tolist()


@pytest.mark.parametrize("known", ["Interview Home", "Home group", "Home 2", "Group home"])
def test_a_word_of_a_file_s_name_or_of_a_role_is_no_speaker_met_once(known):
    text = "Interviewer: How is it?\nAna: It is far.\nHome: I like it.\nAna: Yes.\n"
    assert [*parted(text, people=[known]).turns["speaker"]] == ["Interviewer", "Ana", "Ana"]


CALL = "Priya Hollis 0:03\nThanks, Dan. {}\nDan Oka 0:14\nIt comes on Thursdays.\nPriya Hollis 0:41\nAnd what else?\nDan Oka 0:44\n{}\n"
ALL_ASKED = CALL.format("How does it work?", "Nothing.")
BOTH_ASK = CALL.format("So we begin.", "Else? Nothing.")
NOTE_OF = "turn of an interviewer"


def line_of(done, file: str, kind: str) -> list[tuple[int, str]]:
    files = [each.file for each in done if each.file.source == file]
    return [(line.in_file, line.note) for line in files[0].account if line.kind == kind]


def test_who_asks_in_every_turn_and_alone_is_the_interviewer(bring, tmp_path):
    done = bring({"a.txt": ALL_ASKED})
    assert line_of(done, "a.txt", NOTE_OF) == [
        (
            2,
            "who asks most of the questions: taken for the interviewer; if another is, say so with --interviewer",
        )
    ]
    assert read_texts(tmp_path / "study")["participants"]["participant_id"].tolist() == ["Dan_Oka"]


@pytest.mark.parametrize("calls", [1, 2])
@pytest.mark.parametrize("named", ["Interviewer: Priya Hollis", "Facilitator: Priya Hollis (PH)"])
def test_who_is_named_as_asking_elsewhere_asks_here_where_nobody_does(bring, tmp_path, named, calls):
    head = {"b.txt": f"{named}\nArea: North\nPH: How are you?\nKit: Well.\nPH: And now?\nKit: Fine.\n"}
    done = bring(head | {"a.txt": BOTH_ASK}) if calls == 1 else [*bring(head), *bring({"a.txt": BOTH_ASK})]
    assert line_of(done, "a.txt", NOTE_OF)[0][1].startswith(
        "asks in other interviews: taken for the interviewer"
    )
    assert sorted(read_texts(tmp_path / "study")["participants"]["participant_id"]) == ["Dan_Oka", "Kit"]


@pytest.mark.parametrize(
    ("one", "other", "who"),
    [
        ("Ann", "Bob", "everybody who speaks in it"),
        ("Speaker 1", "Bob", "who has a name"),
        ("Speaker 1", "Speaker 2", "nobody"),
    ],
)
def test_who_is_a_person_heard_of_a_transcript_without_an_interviewer_is_said(bring, one, other, who):
    done = bring({"a.txt": f"{one}: How?\n{other}: So?\n{one}: It is.\n{other}: Yes.\n"})
    note = f"{who} is a person heard; whoever asks: --interviewer NAME, by the label in the file"
    assert line_of(done, "a.txt", "transcript without an interviewer") == [(1, note)]


def test_what_may_count_people_wrongly_is_said_first(bring):
    plain = {
        f"{n}.txt": f"Made on 3 May\nInterviewer: How?\nP{n}: So.\nInterviewer: And?\nP{n}: No.\n"
        for n in range(1, 20)
    }
    done = bring(plain | {"zz.txt": "Ann: So?\nBob: Yes?\nAnn: No.\nBob: It is.\n"})
    notes = [
        line
        for line in said_of_all([each.report() for each in done]).splitlines()
        if line.startswith("  note:")
    ]
    assert notes[0].startswith(
        "  note: transcript without an interviewer, in zz.txt: everybody who speaks in it is a person heard"
    )


def test_a_tab_within_the_words_of_a_turn_makes_no_table(bring, tmp_path):
    text = "Facilitator:\tWelcome to you.\nAna: It costs 3\tpounds.\nFacilitator:\tWhy?\nAna: They say so.\n"
    assert spoken(bring, tmp_path, talk__txt=text) == ["interviewer", "respondent Ana"] * 2


def test_rows_of_a_table_at_the_head_begin_no_turn(bring, tmp_path):
    text = "Interviewer:\tJo Park\nPlace\tthe hall\nInterviewer: Why?\nAna: The bus.\nInterviewer: And?\nAna: The train.\n"
    assert spoken(bring, tmp_path, talk__txt=text) == ["interviewer", "respondent Ana"] * 2


@pytest.mark.parametrize(
    "label",
    [
        *(
            "Interviewer A",
            "Interviewer Jo",
            "Interviewer Jo Park",
            "Interviewer #1",
            "Interviewer-1",
            "Entrevistador/a",
        ),
        *(
            "Intervieweur·euse",
            "Forscherin",
            "Moderatrice",
            "Modérateur",
            "Chercheuse",
            "Moderadora",
            "Investigadora",
        ),
        *(
            "Pesquisadora",
            "Moderatore",
            "Onderzoeker",
            "Forsker",
            "Ведущий",
            "採訪者",
            "訪問者",
            "面接者",
            "Kérdező",
            "Peneliti",
        ),
        *("Co-facilitator", "Note taker", "מראיינת", "מראיין"),
    ],
)
def test_who_asks_is_known_by_a_label_of_any_language(label):
    assert role_of(label) == "interviewer"


@pytest.mark.parametrize(
    "label", ["Researcher notes", "Interviewee", "Ines", "Intan", "Moderata", "Ivo", "Qing", "Facilities"]
)
def test_names_and_notes_are_no_interviewer(label):
    assert role_of(label) == "respondent"


@pytest.mark.parametrize(
    "phrase", ["For example", "Honestly", "The bus", "https", "Tuesday", "Observation", "Really", "That is"]
)
def test_a_phrase_before_a_colon_is_nobody(bring, tmp_path, phrase):
    text = f"Interviewer: How?\nLena: Far.\n{phrase}: twice a day.\nInterviewer: And?\nLena: More.\n{phrase}: at nine.\n"
    assert spoken(bring, tmp_path, talk__txt=text) == ["interviewer", "respondent Lena"] * 2


@pytest.mark.parametrize("label", ["Interpreter", "Both", "P1 and P2", "P1/P2", "P1, P2", "P1 & P2"])
def test_speakers_that_are_no_single_person_are_nobody(bring, tmp_path, label):
    text = f"Moderator: Late?\nP1: Yes.\nP2: No.\n{label}: We said so.\nP1: Rarely.\n"
    assert spoken(bring, tmp_path, talk__txt=text) == [
        *("interviewer", "respondent talk_P1", "respondent talk_P2", "unknown", "respondent talk_P1")
    ]


@pytest.mark.parametrize(
    ("labels", "people"),
    [
        (["B"], ["one", "two"]),
        (["B1", "B2"], ["one_B1", "one_B2", "two_B1", "two_B2"]),
        (["Female 1", "Male voice"], ["one_Female_1", "one_Male_voice", "two_Female_1", "two_Male_voice"]),
        *(([role], ["one", "two"]) for role in ("Resp", "Resp.", "Carer", "Service user", "Social Worker")),
        *(
            ([role], ["one", "two"])
            for role in ("Mum", "Client's wife", "Residents", "Klientin", "Angehörige")
        ),
        (["Carer", "Client"], ["one_Carer", "one_Client", "two_Carer", "two_Client"]),
        (["Carer", "Ana Lee"], ["Ana_Lee", "one_Carer", "two_Carer"]),
        (["Ana's mother"], ["Ana's_mother"]),
    ],
)
def test_a_label_that_any_transcript_has_is_a_person_of_its_interview(bring, tmp_path, labels, people):
    said = [
        [f"I: What of {what}?", *(f"{label}: I like {what}." for label in labels)]
        for what in ("tea", "bread")
    ]
    later = [
        [f"I: What of {what}?", *(f"{label}: No {what} for me." for label in labels)]
        for what in ("it", "that")
    ]
    bring({"one.txt": "\n".join(sum(said, [])), "two.txt": "\n".join(sum(later, []))})
    assert sorted(read_texts(tmp_path / "study")["participants"]["participant_id"]) == people


@pytest.mark.parametrize(
    ("who", "is_said"),
    [
        *((who, True) for who in ("AK", "S1", "P03", "Mrs M", "Jim D.", "Carer 1", "Client B")),
        *((who, False) for who in ("Bea", "Mrs Moss", "CAR-03", "Jim Dale")),
    ],
)
def test_names_that_several_people_may_have_are_said_where_they_speak_again(bring, who, is_said):
    said = "I: What of {0}?\n{who}: I like {0} a lot.\nI: Why?\n{who}: It is {0}.\n"
    (one, two) = bring(
        {name: said.format(what, who=who) for name, what in (("a.txt", "bread"), ("b.txt", "swimming"))}
    )
    assert one.remarks == []
    assert (
        two.remarks
        == [
            f"{who.replace(' ', '_')}: in several transcripts, and one person in all of them; who is another person here needs another name"
        ]
        * is_said
    )


def test_telephones_and_long_names_of_a_call_speak(bring, tmp_path):
    team = "Department of Community Justice and Housing Team North"
    said = [
        "Ines: Can you hear me?",
        "13125550100: I can.",
        f"{team}: So can we.",
        "Ines: Good?",
        "13125550100: Yes.",
        f"{team}: Yes.",
    ]
    cues = [f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{line}\n" for n, line in enumerate(said, 1)]
    bring({"call.vtt": "\n".join(["WEBVTT\n", *cues])})
    assert read_texts(tmp_path / "study")["turns"]["speaker"].tolist() == ["Ines", "13125550100", team] * 2


def test_a_text_of_windows_or_utf_16_is_read(tmp_path):
    for encoding in ("cp1252", "utf-16"):
        (tmp_path / "a.txt").write_bytes("André: Où ?".encode(encoding))
        assert read_document(tmp_path / "a.txt").text == "André: Où ?"


@pytest.mark.parametrize(
    ("lines", "spoken"),
    [
        (
            "Interviewer: How long? Morag: Ten years.\nInterviewer: And the bus? Morag: It stops at six.",
            [("Interviewer", "How long?"), ("Morag", "Ten years.")]
            + [("Interviewer", "And the bus?"), ("Morag", "It stops at six.")],
        ),
        (
            "Nora: How long?\nMorag: Ten years. Nora: And?\nMorag: Dr. Hay: he knows.\nNora: Bye.",
            [("Nora", "How long?"), ("Morag", "Ten years."), ("Nora", "And?")]
            + [("Morag", "Dr. Hay: he knows."), ("Nora", "Bye.")],
        ),
        (  # words of somebody else in a turn
            "Nora: And then?\nMorag: He came in. Boss: you are late. Boss: go.\nNora: Why?\nMorag: Tired.",
            [("Nora", "And then?"), ("Morag", "He came in. Boss: you are late. Boss: go."), ("Nora", "Why?")]
            + [("Morag", "Tired.")],
        ),
    ],
)
def test_two_who_speak_on_a_line_have_a_turn_each(lines, spoken):
    turns = parted(lines).turns
    words = [lines[start:end] for start, end in zip(turns["start"], turns["end"], strict=True)]
    assert [*zip(turns["speaker"], words, strict=True)] == spoken


@pytest.mark.parametrize(
    "lines",
    [
        "المحاور: كيف حالك؟ ليلى: بخير.\nالمحاور: والحافلة؟ ليلى: تتوقف.",
        "Ερευνητής: Πώς είστε; Άννα: Καλά.\nΕρευνητής: Και; Άννα: Σταματά.",
    ],
)
def test_questions_of_other_scripts_end_what_one_says(lines):
    assert parted(lines).turns["role"].tolist() == ["interviewer", "respondent"] * 2


def test_two_who_speak_in_a_subtitle_have_a_turn_each(bring, tmp_path):
    cues = ("ANA: How are you? BEN: Fine.", "ANA: And the bus? BEN: It stops.")
    bring(
        {
            "a.srt": "\n".join(
                f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{cue}\n" for n, cue in enumerate(cues, 1)
            )
        }
    )
    turns = read_texts(tmp_path / "study")["turns"]
    assert turns[["speaker", "time"]].values.tolist() == [
        ["ANA", "00:00:01"],
        ["BEN", "00:00:01"],
        ["ANA", "00:00:02"],
        ["BEN", "00:00:02"],
    ]


@pytest.mark.parametrize("label", ["[REDACTED]", "[name removed]", "XXXX", "[Name]"])
def test_a_name_that_is_removed_speaks_and_is_the_person_of_its_interview(bring, tmp_path, label):
    said = (
        f"Interviewer: How are you?\n{label}: Fine.\nInterviewer: And the bus?\n{label}: [name] drives it.\n"
    )
    bring({"a.txt": said, "b.txt": said.replace("Fine", "Cold")})
    held = read_texts(tmp_path / "study")
    assert held["turns"]["role"].tolist() == ["interviewer", "respondent"] * 4
    assert held["participants"]["participant_id"].tolist() == ["a", "b"]


def test_a_numbered_role_beside_others_speaks_once():
    lines = (
        "Facilitator: What helps?\nCarer 1: The rota.\nCarer 2: My sister.\nFacilitator: Else?\nCarer 1: No."
    )
    assert parted(lines).turns["speaker"].tolist() == [
        "Facilitator",
        "Carer 1",
        "Carer 2",
        "Facilitator",
        "Carer 1",
    ]


def test_turns_within_a_line_are_counted(bring):
    (imported,) = bring({"a.txt": "I: How long? R: Ten years. I: And the bus? R: It stops at six."})
    line = next(line for line in imported.file.account if line.kind == "turn that begins within a line")
    assert (line.kept, line.note) == (3, "a name and a colon after a sentence")


@pytest.mark.parametrize(
    ("lines", "speakers"),
    [
        ("M: Who uses it?\n1: I do.\n2: Not me.\nM: And taxis?\n2: My son drives.\n1: Too dear.", "M12M21"),
        ("M: Your top two?\nR: These:\n1: the bus.\n2: the taxi.\nM: Else?\nR: No.", "MRMR"),
        ("1: How old are you?\n2: Where?\nPart two\n1: Do you drive?\n2: Do you walk?", ""),
    ],
)
def test_the_people_of_a_group_may_be_numbers_and_lists_are_none(lines, speakers):
    assert "".join(parted(lines).turns["speaker"]) == speakers


def test_numbers_are_people_of_their_group(bring, tmp_path):
    bring({"fg.txt": "M: Who uses it?\n1: I do.\n2: Not me.\nM: And taxis?\n2: My son drives.\n1: Too dear."})
    held = read_texts(tmp_path / "study")
    assert held["participants"]["participant_id"].tolist() == ["fg_1", "fg_2"]
    assert held["turns"]["role"].tolist() == ["interviewer", "respondent", "respondent"] * 2


def test_the_tables_of_speech_recognition_are_transcripts(bring, tmp_path):
    """Whisper's .tsv in milliseconds, and whisperX's with speakers."""
    rows = [
        ("0", "4200", "A", "How long?"),
        ("4200", "9000", "B", 'Ten "good" years.'),
        ("9000", "9900", "A", "And?"),
    ]
    bring({"a.tsv": "\n".join(["start\tend\tspeaker\ttext", *map("\t".join, rows)])})
    bring({"b.tsv": "\n".join(["start\tend\ttext", *(f"{s}\t{e}\t{words}" for s, e, _, words in rows)])})
    turns = read_texts(tmp_path / "study")["turns"]
    assert turns[["document_id", "speaker", "time"]].values.tolist() == [
        ["a", "A", "00:00:00"],
        ["a", "B", "00:00:04"],
        ["a", "A", "00:00:09"],
    ]
    assert (
        tmp_path / "study" / "texts" / "b.txt"
    ).read_text() == '[00:00:00] How long? Ten "good" years. And?'


# importing again


def test_a_column_that_a_corrected_map_leaves_out_is_taken_back(bring, tmp_path):
    own = "Wer;Zitat;Thema;Wo;Wie\nAna;Der Bus kommt nie.;Verkehr;Nord;good\nBen;Niemand rief an.;Kontakt;Süd;bad\n"
    asked = ["Wer=participant", "Zitat=text", "Thema=code", "Wo=area", "Wie=stance"]
    bring({"own.csv": own}, maps=asked)
    now = read_texts(tmp_path / "study")
    assert now["participants"]["area_id"].tolist() == ["nord", "süd"]
    assert now["codings"]["stance"].tolist() == ["strength", "challenge"]
    bring({"own.csv": own}, maps=["Wo=leave out", "Wie=leave out"])
    now = read_texts(tmp_path / "study")
    assert now["participants"]["area_id"].isna().all() and now["areas"].empty
    assert now["codings"]["stance"].isna().all() and len(now["codings"]) == 2


def test_who_is_gone_from_a_newer_list_of_people_goes_unless_they_were_heard(bring, tmp_path):
    bring(
        {
            "v1/people.csv": "Participant,Area,Age\nAna,Leith,3\nBen,Wick,4\nCat,Wick,5\n",
            "talk.txt": ANNA.replace("Anna", "Cat"),
        }
    )
    bring({"v2/people.csv": "Participant,Area,Age\nAna,Leith,3\nDan,Wick,6\n"})
    now = read_texts(tmp_path / "study")
    assert now["participants"]["participant_id"].tolist() == ["Ana", "Cat", "Dan"]
    assert now["attributes"]["owner_id"].tolist() == ["Ana", "Cat", "Dan"]


PLACES = "Participant,Group,Area\nAnn,Clients,North\nBob,Clients,North\n"
TALKS = {f"{who}.txt": f"I: How?\n{who}: So.\nI: And?\n{who}: No.\n" for who in ("Ann", "Bob")}


def places(tmp_path) -> dict[str, list]:
    """Return areas, and area and group of each interview and person."""
    now = read_texts(tmp_path / "study")
    named = {name: now[name][["area_id", "participant_group"]] for name in ("interviews", "participants")}
    return {name: rows.agg("/".join, axis=1).tolist() for name, rows in named.items()} | {
        "areas": sorted(now["areas"]["area_id"])
    }


def test_a_corrected_list_leaves_no_area_and_no_group_behind(bring, tmp_path):
    bring(TALKS | {"people.csv": PLACES})
    assert places(tmp_path)["interviews"] == ["north/Clients"] * 2
    bring({"people.csv": PLACES.replace("North", "South").replace("Clients", "Staff")})
    moved = ["south/Staff"] * 2
    assert places(tmp_path) == {"interviews": moved, "participants": moved, "areas": ["south"]}
    bring({"people.csv": PLACES.replace("Bob,Clients,North", "Bob,Staff,South")})
    each = ["north/Clients", "south/Staff"]
    assert places(tmp_path) == {"interviews": each, "participants": each, "areas": ["north", "south"]}


def test_a_corrected_list_of_interviews_leaves_no_area_behind_with_people(bring, tmp_path):
    listed = "Interview,Area,Group\nAnn,North,Clients\nBob,North,Clients\n"
    bring(TALKS | {"interviews.csv": listed})
    bring({"interviews.csv": listed.replace("North", "South").replace("Clients", "Staff")})
    moved = ["south/Staff"] * 2
    assert places(tmp_path) == {"interviews": moved, "participants": moved, "areas": ["south"]}


def test_an_area_of_the_head_of_a_transcript_stays_its_own(bring, tmp_path):
    bring({"people.csv": PLACES})
    bring({"Ann.txt": "Area: North\n" + TALKS["Ann.txt"]})
    bring({"people.csv": PLACES.replace("North", "South")})
    assert read_texts(tmp_path / "study")["interviews"]["area_id"].tolist() == ["north"]


def test_codes_and_areas_that_a_newer_file_has_no_more_are_gone_unless_another_has_them(bring, tmp_path):
    coded = "File,Participant,Quote,Theme\nAnn,Ann,It is late.,Bus\nAnn,Ann,They are kind.,Staff\nAnn,Ann,It leaks.,House / Roof\n"
    bring({"coded.csv": coded, "areas.csv": "Area,Area type,Size\nNorth,rural,small\nSouth,urban,large\n"})
    bring({"book.csv": "Code,Definition\nStaff,Who works there\n"})
    bring(
        {
            "coded.csv": "\n".join(coded.split("\n")[:2]) + "\n",
            "areas.csv": "Area,Area type,Size\nSouth,urban,large\n",
        }
    )
    now = read_texts(tmp_path / "study")
    assert sorted(now["codebook"]["label"]) == ["Bus", "Staff"]
    assert now["areas"]["area_id"].tolist() == ["south"]
    assert now["attributes"]["value"].tolist() == ["large"]


# words that nobody sees, and other layouts


def words(tmp_path, name: str, content: str) -> str:
    (tmp_path / name).write_text(content, encoding="utf-8")
    return read_document(tmp_path / name).text


WORD_RUNS = (
    "<w:r><w:t>Ana: It never </w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>SECRET </w:t></w:r>"
    '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>came.</w:t></w:r>'
    "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t> Click to enter text.</w:t></w:r></w:sdtContent></w:sdt>"
)


def test_hidden_words_and_placeholders_of_word_are_not_read(tmp_path):
    word = docx.Document()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    word.element.body.insert(0, parse_xml(f'<w:p xmlns:w="{space}">{WORD_RUNS}</w:p>'))
    word.save(tmp_path / "a.docx")
    assert read_document(tmp_path / "a.docx").text == "Ana: It never came."


def test_deleted_and_hidden_words_of_rtf_are_not_read(tmp_path):
    rtf = r"{\rtf1\ansi\pard Ana: Nearly {\deleted\revauth1 twenty }{\revised ten }years{\b\v \{SECRET\} {no}} {\v no\v0 ago}.\par}"
    assert words(tmp_path, "a.rtf", rtf) == "Ana: Nearly ten years ago."


def test_deleted_and_hidden_words_of_html_are_not_read_and_paragraphs_of_a_cell_are_apart(tmp_path):
    page = (
        '<p>Mia: Nearly <del>twenty</del><ins>ten</ins> years.<span style="display: none">SECRET</span></p>'
        "<table><tr><td>Mia</td><td><p>Late.</p><p>Nobody <b>pho</b>ned.<br>Ever.</p></td></tr></table>"
    )
    assert words(tmp_path, "a.html", page) == "Mia: Nearly ten years.\nMia\tLate. Nobody phoned. Ever."


@pytest.mark.parametrize(
    "lines",
    [
        ("[00:00:01.040] - Moderator", "How?", "[00:00:08.200] - Ana", "Slow.", "[00:00:09.200] - Moderator", "Why?", "[00:00:11.200] - Ana", "Staff."),
        ("Moderator – How?", "Ana – Slow.", "Moderator – Why?", "Ana – Staff."),
        ("Moderator: How? #00:00:05-2#", "Ana: Slow. #00:00:07-2#", "Moderator: Why? #00:00:08-2#", "Ana: Staff. #00:00:09-2#"),
        ("Moderator: How?", "Ana: Slow.", "Moderator\tWhy?", "Ana\tStaff."),
    ],
)  # fmt: skip
def test_layouts_of_other_tools_have_the_same_turns(lines):
    found = parted("\n".join(lines))
    said = [found.text[turn.start : turn.end] for turn in found.turns.itertuples()]
    assert list(zip(found.turns["speaker"], said, strict=True)) == [
        *(("Moderator", "How?"), ("Ana", "Slow."), ("Moderator", "Why?"), ("Ana", "Staff."))
    ]


def test_stars_around_a_label_are_no_words(tmp_path):
    assert (
        words(tmp_path, "a.txt", "**Ana:** Slow **and** late.\n**Bo**: Yes.\n")
        == "Ana: Slow **and** late.\nBo: Yes."
    )


def test_times_in_thousandths_and_pieces_of_nobody(tmp_path):
    pieces = [
        ("A", 250, 2100, "How long was it?"),
        ("B", 65300, 66300, "Three weeks."),
        (None, 3661000, 3662000, "Nobody came."),
    ]
    held = [{"speaker": who, "start": start, "end": end, "text": text} for who, start, end, text in pieces]
    assert words(tmp_path, "a.json", json.dumps({"utterances": held})).split("\n") == [
        *(
            "[00:00:00] A: How long was it?",
            "[00:01:05] B: Three weeks.",
            "[01:01:01] Unknown speaker: Nobody came.",
        )
    ]


@pytest.mark.parametrize("line", ["May 1, 2024, 9:00AM", "12/03/24, 9:14 pm - Messages are encrypted."])
def test_a_date_and_time_above_the_first_turn_is_no_field(line):
    assert parted(f"{line}\nInterviewer: How?\nAna: Well.\nAna: Very.\n").head.fields == {}


# files of another kind than their ending says, and what a call names


def zipped(*entries: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for entry in entries:
            archive.writestr(entry, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "is_a", "better"),
    [
        ("a.csv", zipped("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook", "a.xlsx"),
        ("a.txt", zipped("word/document.xml"), "a Word document", "a.docx"),
        ("a.csv", b"%PDF-1.4\n1 0 obj", "a PDF", "a.pdf"),
        ("a.txt", b"%PDF-1.4\n1 0 obj", "a PDF", "a.pdf"),
        ("a.csv", b"<html><table><tr><td>ID</td></tr></table></html>", "a web page", "a.html"),
        ("a.tsv", b"\n<!DOCTYPE HTML><p>ID</p>", "a web page", "a.html"),
        ("a.vtt", rb"{\rtf1\ansi Ana: Yes.}", "RTF", "a.rtf"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a file of Office before 2007", "a.xls"),
    ],
)
def test_a_file_of_another_kind_than_its_ending_is_named(tmp_path, name, content, is_a, better):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudyError) as refused:
        read_file(tmp_path / name, [])
    ending = name[1:]
    assert (
        str(refused.value)
        == f"{name}: is {is_a}, though its ending is {ending}; call it {better}, or save it as {ending}."
    )


def test_what_windows_leaves_in_a_folder_is_passed_over(bring, tmp_path):
    bring({"talks/one.txt": ANNA})
    (tmp_path / "talks" / "Thumbs.db").write_bytes(b"pictures")
    (done,) = import_files([tmp_path / "talks"], tmp_path / "study")
    assert not done.changes and not done.remarks


@pytest.mark.parametrize(
    ("named", "nearest"),
    [("Ross Anna", "Anna Ross"), ("anna", "Anna Ross"), ("Ana Ros", "Anna Ross"), ("Zzz", "")],
)
def test_an_interviewer_whom_no_transcript_has_comes_with_the_nearest(bring, named, nearest):
    text = "Anna Ross: How?\nBen: So.\nAnna Ross: And?\nBen: No.\n"
    with pytest.raises(CallError) as refused:
        bring({"a.txt": text}, maps=[f"{named}=interviewer"])
    near = f" Nearest: {nearest!r}." * bool(nearest)
    assert str(refused.value) == f"--interviewer: no transcript has a speaker {named!r}.{near}"


@pytest.mark.parametrize("given", ["'Where'=area", '"Where"=area', "‘Where’='area'", "Where=area"])
def test_a_column_may_be_named_in_the_marks_that_messages_have(bring, tmp_path, given):
    bring({"a.csv": "Participant,Where\nAna,North\n"}, maps=[given])
    assert read_texts(tmp_path / "study")["areas"]["name"].tolist() == ["North"]


def test_marks_that_are_of_a_heading_stay(bring, tmp_path):
    bring({"a.csv": "Participant,'Where'\nAna,North\n"}, maps=["'Where'=area"])
    assert read_texts(tmp_path / "study")["areas"]["name"].tolist() == ["North"]


MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
LINE = (
    "<w:r><w:t>Ana: About </w:t></w:r><m:oMath><m:r><m:t>5 km</m:t></m:r></m:oMath><w:r><w:t> to </w:t></w:r>"
    "<w:r><w:ruby><w:rt><w:r><w:t>とう</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
)


def test_equations_of_word_are_read_where_they_are_one_line_and_what_is_above_a_word_is_not(tmp_path):
    word = docx.Document()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    word.element.body.insert(0, parse_xml(f'<w:p xmlns:w="{space}" xmlns:m="{MATH}">{LINE}</w:p>'))
    word.save(tmp_path / "a.docx")
    assert read_document(tmp_path / "a.docx").text == "Ana: About 5 km to 東[equation]"
    assert notes_not_read(tmp_path / "a.docx") == {"equation of more than a line": 1}


def test_hidden_words_of_an_open_document_and_what_is_above_a_word_are_not_read(tmp_path):
    names = {
        name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "text", "style")
    }
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in names.items())
    content = (
        f'<office:document-content {spaces}><style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
        '<text:p>Ana: Ten<text:span text:style-name="H"> SECRET</text:span> years, '
        "<text:ruby><text:ruby-base>東</text:ruby-base><text:ruby-text>とう</text:ruby-text></text:ruby>.</text:p></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.odt", "w") as archive:
        archive.writestr("content.xml", content)
    assert read_document(tmp_path / "a.odt").text == "Ana: Ten years, 東."
    (file,) = read_file(tmp_path / "a.odt", [])
    assert {line.kind: line.in_file for line in file.account}["hidden part of a line"] == 1


def test_footnotes_and_hidden_words_of_rtf_are_counted(tmp_path):
    rtf = r"{\rtf1\ansi Interviewer: How?\par Ana: Late.{\footnote A note.}{\v SECRET}\par Interviewer: And?\par Ana: Full.\par}"
    assert words(tmp_path, "a.rtf", rtf).count("\n") == 3
    counted = {line.kind: line.dropped for line in read_file(tmp_path / "a.rtf", [])[0].account}
    assert (counted["footnote"], counted["hidden or deleted part of a line"]) == (1, 1)


def test_a_codebook_in_word_is_a_codebook(tmp_path):
    word = docx.Document()
    word.add_heading("Codebook")
    rows = (
        ("Name", "Description", "Files", "References"),
        ("Bus", "Getting about", "2", "4"),
        ("Cost", "", "1", "1"),
    )
    table = word.add_table(len(rows), 4)
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    word.save(tmp_path / "codes.docx")
    (file,) = read_file(tmp_path / "codes.docx", [])
    assert list(file.tables) == ["codebook"]
    assert file.tables["codebook"][["label", "definition"]].fillna("").values.tolist() == [
        ["Bus", "Getting about"],
        ["Cost", ""],
    ]
