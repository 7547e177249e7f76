import pytest

from ncsresearch.ingest.imported_file import rows
from ncsresearch.ingest.transcript import person_of, read_transcript, read_transcript_file, speakers
from ncsresearch.schema import StudyError

ASKED = ("Interviewer", "interviewer", "How?")


def transcript_of(tmp_path, text: str, name: str = "a.txt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_transcript(path)


def turns_of(transcript) -> list[tuple[str, str, str]]:
    text = transcript.text
    return [(turn.speaker, turn.role, text[turn.start : turn.end]) for turn in transcript.turns.itertuples()]


def account_of(tmp_path, text: str) -> dict[str, tuple[int, str]]:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    return {line.kind: (line.in_file, line.note) for line in read_transcript_file(path).account}


@pytest.mark.parametrize(
    "text",
    [
        "Interviewer: How?\nS03: Fine.\nAnd well.\nInterviewer: Bye: now.",
        "[Interviewer] How?\n[S03] Fine.\nAnd well.\n[Interviewer] Bye: now.",
        "【Interviewer】 How?\n【S03】 Fine.\nAnd well.\n【Interviewer】 Bye: now.",
        "Interviewer：How?\nS03： Fine.\nAnd well.\nInterviewer： Bye: now.",
        "Interviewer\tHow?\nS03\tFine.\nAnd well.\nInterviewer\tBye: now.",
        "00:03:12 Interviewer: How?\n00:03:14 S03: Fine.\nAnd well.\n[00:04:00] Interviewer: Bye: now.",
        "Interviewer (00:03:12): How?\nS03 (tenant): Fine.\nAnd well.\nInterviewer [00:04:00]: Bye: now.",
    ],
)
def test_labels_of_every_style(tmp_path, text):
    assert turns_of(transcript_of(tmp_path, text))[:3] == [
        ASKED,
        ("S03", "respondent", "Fine.\nAnd well."),
        ("Interviewer", "interviewer", "Bye: now."),
    ]


@pytest.mark.parametrize(
    "label", ["I", "INT", "Int 2", "Moderator", "Facilitator 1", "Researcher", "Q3", "Interviewer's question"]
)
def test_who_asks(tmp_path, label):
    turns = transcript_of(tmp_path, f"{label}: How?\nS03: Fine.").turns
    assert turns["role"].tolist() == ["interviewer", "respondent"]


def test_time_stamps_are_kept(tmp_path):
    text = "00:03:12 S03: One.\n[3:20] Interviewer: Two.\nS03 (00:05:00): Three.\nS03 [01:05:03]: Four.\nS03: Five."
    assert transcript_of(tmp_path, text).turns["time"].tolist() == [
        "00:03:12",
        "3:20",
        "00:05:00",
        "01:05:03",
        "",
    ]


def test_a_name_needs_two_lines_to_be_a_label(tmp_path):
    text = "Interviewer: How?\nMary Jones: Fine.\nOne thing: rent.\nMary Jones: Bye."
    assert [turn[0] for turn in turns_of(transcript_of(tmp_path, text))] == [
        "Interviewer",
        "Mary Jones",
        "Mary Jones",
    ]


def test_brackets_that_are_no_label(tmp_path):
    text = "Interviewer: How?\nS03: Fine.\n[laughs] One.\n[laughs] Two.\n[inaudible] Three.\n[place removed] Four.\n[place removed] Five."
    transcript = transcript_of(tmp_path, text)
    assert [turn[0] for turn in turns_of(transcript)] == ["Interviewer", "S03"]
    assert turns_of(transcript)[1][2].endswith("[place removed] Five.")


def test_head_lines(tmp_path):
    text = "Interview: I-07\nArea： Northtown\nParticipant group: tenants\nMode: paired\nDate: 3 May 2023\n\nInterviewer: How?\nS03: Fine."
    transcript = transcript_of(tmp_path, text)
    assert transcript.head.fields == {
        "interview": "I-07",
        "area": "Northtown",
        "group": "tenants",
        "mode": "paired",
        "Date": "3 May 2023",
    }
    assert turns_of(transcript) == [ASKED, ("S03", "respondent", "Fine.")]


def test_a_head_table_says_who_is_who(tmp_path):
    import docx

    written = docx.Document()
    table = written.add_table(3, 2)
    for row, (name, value) in enumerate(
        [("Interview", "I-07"), ("Respondent 1", "S03"), ("Respondent 2", "S04")]
    ):
        table.cell(row, 0).text, table.cell(row, 1).text = name, value
    for line in ("Interviewer: How?", "Respondent 1: Fine.", "Respondent 2: Bad."):
        written.add_paragraph(line)
    written.save(tmp_path / "a.docx")
    transcript = read_transcript(tmp_path / "a.docx")
    assert transcript.head.fields == {"interview": "I-07"}
    assert speakers(transcript, "a") == {"Respondent 1": "S03", "Respondent 2": "S04"}
    assert [turn[2] for turn in turns_of(transcript)] == ["How?", "Fine.", "Bad."]


def test_a_conversation_in_a_word_table(tmp_path):
    import docx

    written = docx.Document()
    written.add_paragraph("Interview: I-07")
    table = written.add_table(0, 2)
    for label, words in [("Interviewer", "How?"), ("S03", "Fine."), ("Interviewer", "And?"), ("S03", "Bad.")]:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, words
    written.save(tmp_path / "a.docx")
    turns = turns_of(read_transcript(tmp_path / "a.docx"))
    assert [(speaker, words) for speaker, _, words in turns] == [
        ("Interviewer", "How?"),
        ("S03", "Fine."),
        ("Interviewer", "And?"),
        ("S03", "Bad."),
    ]


@pytest.mark.parametrize(
    "head",
    [
        "Respondent 1\tS03\nArea\tNorthtown",
        "Respondent 1: S03\nArea: Northtown",
        "Interviewer: AB\nRespondent 1: S03\nArea: Northtown",
    ],
)
def test_who_is_who_stands_at_the_head_and_is_no_turn(tmp_path, head):
    transcript = transcript_of(tmp_path, f"{head}\nInterviewer: How?\nRespondent 1: Fine.")
    assert turns_of(transcript) == [ASKED, ("Respondent 1", "respondent", "Fine.")]
    assert (transcript.head.fields["area"], speakers(transcript, "a")) == (
        "Northtown",
        {"Respondent 1": "S03"},
    )


def test_an_answer_that_looks_like_a_pseudonym_is_a_turn(tmp_path):
    transcript = transcript_of(tmp_path, "Q: Which road?\nA: M25\nQ: And?\nA: No other.")
    assert [turn[2] for turn in turns_of(transcript)] == ["Which road?", "M25", "And?", "No other."]


def test_a_respondent_who_speaks_once(tmp_path):
    transcript = transcript_of(tmp_path, "Interviewer: How?\nRespondent: Fine.")
    assert turns_of(transcript) == [ASKED, ("Respondent", "respondent", "Fine.")]


GROUP = "Moderator: How?\nS01: Fine.\nUnidentified speaker: Bad.\nS02: Hm.\nSeveral voices: Yes!\nS02: Bye."


def test_a_group_with_voices_nobody_knows(tmp_path):
    transcript = transcript_of(tmp_path, GROUP)
    roles = ["interviewer", "respondent", "unknown", "respondent", "unknown", "respondent"]
    assert transcript.turns["role"].tolist() == roles
    assert speakers(transcript, "a") == {"S01": "S01", "S02": "S02"}
    assert account_of(tmp_path, GROUP)["turn of a respondent"] == (5, "2 without a person")


def test_the_tables_of_a_group(tmp_path):
    path = tmp_path / "group_1.txt"
    path.write_text(f"Area: Northtown\nParticipant group: tenants\nDate: 3 May\n{GROUP}", encoding="utf-8")
    tables = read_transcript_file(path).tables
    assert tables["interviews"][["interview_id", "mode", "area_id"]].values.tolist() == [
        ["group_1", "paired", "Northtown"]
    ]
    assert tables["participants"].values.tolist() == [
        ["S01", "Northtown", "tenants"],
        ["S02", "Northtown", "tenants"],
    ]
    assert tables["attributes"][["name", "value"]].values.tolist() == [["Date", "3 May"]]
    assert tables["turns"]["participant_id"].fillna("").tolist() == ["", "S01", "", "S02", "", "S02"]


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Interview_S07_final", "S07"),
        ("S07", "S07"),
        ("12-LG3 (clean)", "LG3"),
        ("int07", "int07"),
        ("S07 and S08", "S07 and S08"),
        ("notes", "notes"),
    ],
)
def test_the_only_respondent_is_named_by_the_file(tmp_path, name, person):
    transcript = transcript_of(
        tmp_path, "Interviewer: How?\nRespondent: Fine.\nInterviewer: And?\nRespondent: Bad."
    )
    assert speakers(transcript, name) == {"Respondent": person}
    assert person_of(name) == person


def test_the_only_respondent_is_named_by_the_head(tmp_path):
    transcript = transcript_of(
        tmp_path, "Pseudonym: Maya\nInterviewer: How?\nRespondent: Fine.\nRespondent: Bad."
    )
    assert speakers(transcript, "S07") == {"Respondent": "Maya"}


def test_two_respondents_without_names_stay_unassigned(tmp_path):
    assert speakers(transcript_of(tmp_path, "I: How?\nR1: Fine.\nR2: Bad."), "S07") == {}


def test_a_text_without_labels_has_no_turns(tmp_path):
    text = "The meeting began late.\nArea: it was about the hall.\nWe left."
    transcript = transcript_of(tmp_path, text)
    assert (turns_of(transcript), transcript.head.fields, transcript.text) == ([], {}, text)
    account = account_of(tmp_path, text)
    assert account["document"] == (1, "no speaker labels found: kept as a document without turns")
    assert account["head line"] == (0, "")


def test_redaction_marks_are_counted_apart_from_sounds(tmp_path):
    text = "[Interviewer] How? [pause]\n[S03] In [place removed] with [name]. [laughs] [00:03:12] [cross talk] [...]\n[S03] [NAME] left."
    assert account_of(tmp_path, text)["redaction mark"] == (3, "kept in the text")


VTT = """WEBVTT

NOTE made by hand

1
00:00:01.000 --> 00:00:03.000
<v Interviewer>How long have

2
00:00:03.000 --> 00:00:04.000
<v Interviewer>you lived here?</v>

00:04.500 --> 00:06.000 align:left
<v.loud S03>Ten <i>years</i>

00:07.000 --> 00:09.000
&amp; three months.

01:00:09.000 --> 01:00:10.000
<v Interviewer>And?</v>
<v S03>No: nothing</v>
"""
SRT = """1
00:00:01,000 --> 00:00:03,000
Interviewer: How long have

2
00:00:03,000 --> 00:00:04,000
you lived here?

3
00:00:04,500 --> 00:00:06,000
S03: Ten years

4
00:00:07,000 --> 00:00:09,000
& three months.

5
01:00:09,000 --> 01:00:10,000
Interviewer: And?
S03: No: nothing
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(("name", "text"), [("a.vtt", VTT), ("a.srt", SRT)])
def test_cues_join_into_turns(tmp_path, name, text, line_end):
    path = tmp_path / name
    path.write_bytes(text.replace("\n", line_end).encode("utf-8-sig"))
    transcript = read_transcript(path)
    assert turns_of(transcript) == [
        ("Interviewer", "interviewer", "How long have you lived here?"),
        ("S03", "respondent", "Ten years & three months."),
        ("Interviewer", "interviewer", "And?"),
        ("S03", "respondent", "No: nothing"),
    ]
    assert transcript.turns["time"].tolist() == ["00:00:01", "00:00:04", "01:00:09", "01:00:09"]


def test_subtitles_without_voices_are_one_text(tmp_path):
    text = "WEBVTT\n\n00:01.000 --> 00:03.000\nHow long?\n\n00:04.000 --> 00:06.000\nTen years.\n"
    transcript = transcript_of(tmp_path, text, "a.vtt")
    assert (transcript.text, turns_of(transcript)) == ("[00:00:01] How long? Ten years.", [])


def test_the_sample_transcripts_part_into_turns(samples):
    paths = sorted((samples / "transcripts-and-codings" / "transcripts").glob("*.docx"))
    read = [read_transcript(path) for path in paths]
    assert [set(each.turns["role"]) for each in read] == [{"interviewer", "respondent"}] * 24
    people = [list(speakers(each, path.stem).values()) for each, path in zip(read, paths, strict=True)]
    assert people == [[path.stem.split("_")[1]] for path in paths]


def test_a_name_that_begins_one_line_is_named_in_the_account(tmp_path):
    text = "Interviewer: How was it?\nAnna: Fine.\nBen: I waited.\nAnna: Yes.\nin the end: well.\nNote: long."
    transcript = transcript_of(tmp_path, text)
    assert [turn[2] for turn in turns_of(transcript)][1] == "Fine.\nBen: I waited."
    (line,) = (line for line in read_transcript_file(tmp_path / "a.txt").account if line.changed)
    assert (line.kind, line.in_file, line.kept, line.example) == (
        "name before a colon, met once",
        1,
        0,
        "lines 3 of those with words",
    )


def test_a_table_that_there_is_not_is_refused_by_name():
    with pytest.raises(StudyError) as refused:
        rows("segmnts", [{"segment_id": "1"}])
    assert str(refused.value).startswith("There is no table 'segmnts'; known: ")
    assert str(refused.value).endswith(" Did you mean 'segments'?")
