"""What is said at the head of a transcript: who asks, who is heard, where it was; small transcripts that can be counted by hand."""

import json

import pytest

from ncsresearch.exchange.import_files import import_files, said_of_all
from ncsresearch.exchange.new_study import new_study
from ncsresearch.ingest.transcript import Transcript, parted, speakers
from ncsresearch.schema import StudyError
from ncsresearch.study import read_texts

TALK = "{asker}: How long did you wait?\n{who}: A month. It was long.\n{asker}: And then?\n{who}: Then they rang me.\n"
PEOPLE = "Participant,Area,Group\nAna,Leith,Client\nBo,Wick,Adviser\n"
ROLES = ["interviewer", "respondent"] * 2


@pytest.fixture
def bring(tmp_path):
    """Import files, given as text by their names, into one study; returns the reports by file."""
    new_study(tmp_path / "study")

    def into(files: dict[str, str], maps=()) -> dict[str, dict]:
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        done = import_files([tmp_path / name for name in files], tmp_path / "study", maps=list(maps))
        return {each.file.source: each.report() for each in done}

    return into


@pytest.fixture
def held(tmp_path):
    return lambda name, *columns: (
        read_texts(tmp_path / "study")[name][list(columns)].fillna("").values.tolist()
    )


def line(report: dict, kind: str) -> list:
    found = next((each for each in report["file"] if each["kind"] == kind), None)
    return found and [found["in file"], found["changed"], found["note"], found["example"]]


def read(text: str) -> Transcript:
    return parted(text.strip())


def talk(asker: str, who: str) -> str:
    return TALK.format(asker=asker, who=who)


# who asks


@pytest.mark.parametrize(
    "head",
    [
        "Facilitators: Nan Lee (NL), Kit Orr (KO)",
        "Moderators: Kit Orr and Nan Lee",
        "Interviewers:\tNL = Nan Lee; KO = Kit Orr",
        "Interviewed by: Nan Lee",
        "Interviewer: Nan Lee (NL)",
        "Name of interviewer: Dr Nan Lee",
        "Interviewer (NL): Nan Lee",
        "Present: Nan Lee (NL, facilitator), Ana",
        "Recorded by telephone. Interviewer: Nan Lee. Participant: Ana.",
    ],
)
@pytest.mark.parametrize("label", ["NL", "N.L.", "Nan", "Lee", "Nan Lee"])
def test_whoever_the_head_names_as_asking_is_no_participant(head, label):
    found = read(f"{head}\n{talk(label, 'Ana')}")
    assert found.turns["role"].tolist() == ROLES and not found.asker
    assert speakers(found, "a") == {"Ana": "Ana"}


def test_several_who_ask_are_all_interviewers():
    text = "Facilitators: Nan Lee (NL), Kit Orr (KO)\nNL: Hello all.\nAna: Hello.\nKO: Are you well?\nBo: Well.\nNL: And Ana?\nAna: Yes.\nBo: No.\nKO: Oh.\n"
    assert read(text).turns.groupby("role")["speaker"].unique().map(list).to_dict() == {
        "interviewer": ["NL", "KO"],
        "respondent": ["Ana", "Bo"],
    }


@pytest.mark.parametrize(
    ("head", "label"),
    [
        ("Interviewer: Morag Sinclair", "R"),  # the last letter of the name
        ("Interviewer: Nan Orr\nParticipant: Ned Oats", "NO"),  # initials of both; the questions say who asks
    ],
)
def test_initials_and_letters_of_others_ask_nothing(head, label):
    found = read(f"{head}\n{talk('Interviewer', label)}")
    assert found.turns["role"].tolist() == ROLES


def test_a_transcript_in_which_nobody_asks_is_named(bring):
    words = "Ana: I waited a month.\nBo: So did I.\nAna: Did you?\nBo: Yes, a month.\n"
    reports = bring(
        {
            "group.txt": words,
            "one.txt": talk("Interviewer", "Cat"),
            "two.txt": talk("INT", "Dee"),
            "a.csv": PEOPLE,
        }
    )
    note = "everybody who speaks in it is a person heard; whoever asks: --interviewer NAME, by the label in the file"
    assert line(reports["group.txt"], "transcript without an interviewer") == [1, 0, note, ""]
    assert line(reports["one.txt"], "transcript without an interviewer") is None
    assert f"  note: transcript without an interviewer, in group.txt: {note}" in said_of_all(
        [*reports.values()]
    ).split("\n")


# lines of the head that are no speech


@pytest.mark.parametrize(
    "head",
    [
        "Interviewer: Nan Lee\nParticipant: Ana\nLength: 34 minutes",
        "Participant: Ana\nInterviewer: Nan Lee\nInterpreter: Ewa Nowak",
        "Date: 3 May\nInterviewer:\tNan Lee\nParticipant:\tAna\nInterpreter:\tEwa",
        "Interview with: Ana\nInterviewed by: Nan Lee",
        "Interviewee: Ana (client, 40s)\nInterviewer: NL",
        "Interview 3: Ana\nInterviewer: Nan Lee\nInterviewer: Kit Orr\nParticipant: Ana",
    ],
)
@pytest.mark.parametrize("who", ["Ana", "Participant", "R"])
def test_names_at_the_head_are_no_turns(head, who):
    found = read(f"{head}\n{talk('Interviewer', who)}")
    said = [found.text[turn.start : turn.end] for turn in found.turns.itertuples()]
    assert said == ["How long did you wait?", "A month. It was long.", "And then?", "Then they rang me."]
    assert speakers(found, "file") == {who: "Ana"}


@pytest.mark.parametrize(
    "first",
    [
        "Interviewer: Hello\nParticipant: Hi Nan",
        "Interviewer: Right then\nParticipant: Yes",
        "Interviewer: Tell me about Leith.\nParticipant: Leith",
    ],
)
def test_short_words_before_the_first_question_are_turns(first):
    found = read(f"{first}\n{talk('Interviewer', 'Participant')}")
    assert found.turns["role"].tolist() == [*ROLES[:2], *ROLES]


def test_words_without_full_stops_are_no_names():
    said = "Interviewer: Where\nParticipant: Leith Walk\nInterviewer: When\nParticipant: In May\n"
    assert read(said).turns["role"].tolist() == ROLES


@pytest.mark.parametrize(
    "end",
    [
        "(Discussion ends)",
        "(Interview ends)",
        "(Recording stops)",
        "[End of recording]",
        "(The focus group ended)",
        "[Interview concludes.]",
    ],
)
def test_the_end_of_a_recording_is_nobodys_words(end):
    found = read(f"{talk('Interviewer', 'Ana')}{end}\n")
    assert found.text[found.turns["start"].iloc[-1] : found.turns["end"].iloc[-1]] == "Then they rang me."
    assert found.unsaid == 1


def test_brackets_of_sounds_and_ends_are_no_redactions(bring):
    text = talk("Interviewer", "Ana [agreement] [nods]").replace(
        "Ana [agreement] [nods]:", "Ana: [agreement] [nods] [name]"
    )
    (report,) = bring({"a.txt": f"{text}[End of recording]\n"}).values()
    assert line(report, "redaction mark") == [2, 0, "kept in the text", ""]


# who is heard


@pytest.mark.parametrize("label", ["P3", "Participant"])
@pytest.mark.parametrize(
    "head", ["Participant\tP3, adviser, woman, 40s", "Participant: P3 (adviser, woman, 40s)"]
)
def test_what_is_behind_a_name_is_kept_of_the_person_and_said(bring, held, head, label):
    (report,) = bring({"a.txt": f"{head}\n{talk('Interviewer', label)}"}).values()
    assert held("participants", "participant_id") == [["P3"]]
    assert held("attributes", "owner", "owner_id", "name", "value") == [
        ["participants", "P3", "Participant", "adviser, woman, 40s"]
    ]
    note = "behind the name: kept as an attribute of the person"
    assert line(report, "description of a person at the head") == [1, 1, note, "Participant"]


def test_who_is_behind_a_label_is_the_name_alone(bring, held):
    people = "Respondent 1: S01, client\nRespondent 2: S02, adviser\n"
    bring({"a.txt": f"{people}{talk('Interviewer', 'Respondent 1')}{talk('Interviewer', 'Respondent 2')}"})
    assert held("participants", "participant_id") == [["S01"], ["S02"]]
    assert held("attributes", "owner_id", "value") == [["S01", "client"], ["S02", "adviser"]]


@pytest.mark.parametrize(
    "words", ["social worker, 40s", "Client", "a Support worker, woman", "Not known", "Woman 2"]
)
@pytest.mark.parametrize("label", ["R", "Participant"])
def test_a_role_at_the_head_is_nobodys_name(bring, held, words, label):
    bring({"a.txt": f"Participant: {words}\nInterviewer: Nan Lee\n{talk('Interviewer', label)}"})
    assert held("participants", "participant_id") == [["a"]]
    assert held("attributes", "owner", "name", "value")[0] == ["interviews", "Participant", words]


def test_a_label_in_brackets_is_that_of_the_name():
    found = read(f"Interviewer (I): Nan Lee\nRespondent (R): Sam Hay, 40s\n{talk('I', 'R')}")
    assert speakers(found, "a") == {"R": "Sam Hay"}


def test_a_surname_before_a_first_name_is_one_name():
    assert speakers(read(f"Participant: Reid, Norman\n{talk('I', 'R')}"), "a") == {"R": "Reid, Norman"}


def test_keys_of_a_head_are_explained_by_map(bring, held):
    text = f"Participant: the adviser\nWho: Zoe\nTeam: North\n{talk('Interviewer', 'R')}"
    bring({"a.txt": text}, maps=["Participant=attribute", "Who=participant", "Team=leave out"])
    assert held("participants", "participant_id") == [["Zoe"]]
    assert held("attributes", "name", "value") == [["Participant", "the adviser"]]


def test_people_and_areas_that_a_head_adds_are_said(bring):
    (report,) = bring({"a.txt": f"Area: Leith\nParticipant: Zoe\n{talk('Interviewer', 'R')}"}).values()
    assert report["remarks"] == [
        "areas: Leith added, as the head of the transcript names it",
        "participants: Zoe added, as the head of the transcript names them",
    ]


# where


@pytest.mark.parametrize(
    "key", ["Location", "Area", "Place", "Venue", "Place of interview", "Interview location"]
)
@pytest.mark.parametrize(
    ("place", "area", "kept"),
    [
        ("Wick", "wick", None),
        ("Wick (rural)", "wick", None),
        ("town hall, Wick", "wick", "town hall, Wick"),
        ("Wick Road, upstairs", "leith", "Wick Road, upstairs"),  # where Ana lives, by the list
    ],
)
def test_a_place_is_an_area_that_the_study_knows_or_an_attribute(bring, held, key, place, area, kept):
    reports = bring({"a.txt": f"{key}: {place}\n{talk('Interviewer', 'Ana')}", "people.csv": PEOPLE})
    assert held("areas", "area_id") == [["leith"], ["wick"]]
    assert held("interviews", "area_id") == [[area]]
    assert dict(held("participants", "participant_id", "area_id")) == {"Ana": "leith", "Bo": "wick"}
    assert [value for _, value in held("attributes", "name", "value")] == [kept] * bool(kept)
    if kept:
        note = (
            "read as the area Wick"
            if area == "wick"
            else "no area that a list or another head names, kept as an attribute"
        )
        assert line(reports["a.txt"], "place at the head") == [1, 1, note, kept]


@pytest.mark.parametrize(
    ("key", "areas"), [("Location", ["wick"]), ("Area", ["wick"]), ("Place", []), ("Venue", [])]
)
def test_without_a_list_a_place_is_an_area_where_it_is_called_so(bring, held, key, areas):
    (report,) = bring({"a.txt": f"{key}: Wick\n{talk('Interviewer', 'Ana')}"}).values()
    assert [area for (area,) in held("areas", "area_id")] == areas
    assert bool(line(report, "place at the head")) is not bool(areas)


def test_a_place_that_another_head_calls_an_area_is_one(bring, held):
    other = talk("Interviewer", "Bo").replace("month", "week").replace("rang", "wrote to")
    bring({"a.txt": f"Venue: Wick\n{talk('Interviewer', 'Ana')}", "b.txt": f"Area: Wick\n{other}"})
    assert sorted(held("interviews", "interview_id", "area_id")) == [["a", "wick"], ["b", "wick"]]


def test_importing_again_changes_nothing(bring):
    files = {
        "a.txt": f"Location: the hall, Oban\nParticipant: Ana, client\n{talk('Interviewer', 'Ana')}",
        "people.csv": PEOPLE,
    }
    bring(files)
    assert not any(report["study"] for report in bring(files).values())


# keys, numbers and sentences


def test_keys_have_no_colon_and_numbers_are_numbers(bring, held):
    bring({"first.txt": f"Interview number\t2\nDate:\t3 May\nLength: 1 hour\n{talk('Interviewer', 'Ana')}"})
    assert held("interviews", "interview_id", "number") == [["first", "2"]]
    assert held("attributes", "name", "value") == [["Date", "3 May"], ["Length", "1 hour"]]


def test_a_title_with_a_number_and_a_line_of_several_sentences_are_read(bring, held):
    text = "Interview 3: Ana\nRecorded 24 March 2026, by telephone. Area: Isle of Skye. Interviewer: Nan Lee. Participant: Ana, client.\n"
    bring({"a.txt": text + talk("NL", "Ana")})
    assert held("interviews", "interview_id", "area_id", "number") == [["a", "isle_of_skye", "3"]]
    assert held("attributes", "owner", "name", "value") == [
        ["interviews", "Interviewer", "Nan Lee"],
        ["participants", "Participant", "client"],
    ]


def test_an_interview_that_a_sheet_has_by_its_number_is_that_of_the_transcript(bring, held):
    people = "Participant,Interview number,Age\nAna,2,40\nBo,7,50\n"
    bring({"people.csv": people})
    bring({"first.txt": f"Interview number: 2\n{talk('Interviewer', 'Ana')}"})
    assert held("interviews", "interview_id", "number", "document_id") == [["2", "2", "first"], ["7", "", ""]]


# what the report says


def test_who_asked_by_an_earlier_call_is_said_so(bring, tmp_path):
    words = talk("Jo", "Ana")
    bring({"a.txt": words}, maps=["Jo=interviewer"])
    (report,) = bring({"a.txt": words + "Ana: Twice.\n"}).values()
    assert line(report, "speaker who asks, as --interviewer said before") == [1, 0, "Jo", ""]
    assert "--map" not in json.dumps(report["file"])


def test_a_mode_that_is_none_is_refused(bring):
    lines = "Participant,How,Interview\nAna,Telephone,one\nBo,group,two\n"
    with pytest.raises(StudyError) as refused:
        bring({"people.csv": lines}, maps=["How=mode"])
    assert str(refused.value) == (
        "people.csv: the mode of an interview is one-to-one, paired or group, and 'How' has Telephone. To keep the column: "
        "--map 'How'=attribute."
    )
    with pytest.raises(StudyError, match="no column beside 'How' names the interview"):
        bring({"people.csv": "Participant,How\nAna,paired\nBo,group\n"}, maps=["How=mode"])


def test_a_mode_of_a_list_of_people_is_that_of_their_interviews(bring, held):
    bring({"people.csv": "Participant,How,Interview\nAna,One to one,one\nBo,group,two\n"}, maps=["How=mode"])
    assert held("interviews", "interview_id", "mode") == [["one", "one-to-one"], ["two", "group"]]


def test_a_column_of_modes_that_are_none_is_kept(bring, held):
    bring({"people.csv": "Participant,Mode,Interview\nAna,Telephone,one\nBo,Online,two\n"})
    assert held("attributes", "owner_id", "name", "value") == [
        ["Ana", "Mode", "Telephone"],
        ["Bo", "Mode", "Online"],
    ]
