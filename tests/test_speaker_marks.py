"""Speakers are marked in one way throughout a transcript: words before a colon in a turn are no speaker."""

import pytest

from ncsresearch.exchange.import_files import import_files, said_of_all
from ncsresearch.exchange.new_study import new_study
from ncsresearch.exchange.withdraw import withdraw
from ncsresearch.ingest.transcript import parted, read_transcript, read_transcript_file

LAYOUTS = {
    "{who}: {words}": "label",
    "{who}:\n{words}": "label above",
    "{who}\n{words}": "name above",
    "**{who}**\n{words}": "name above in bold",
    "{who}  0:{n}\n{words}": "Otter",
    "00:00:{n} {who}\n{words}": "Word Transcribe",
    "[00:00:{n}] {who}: {words}": "time before",
    "{who} 0:{n} {words}": "time between",
    "{who} – {words}": "dash",
    "[{who}] {words}": "brackets",
    "{who}\t{words}": "table",
    "#00:00:{n}-1# {who}: {words}": "stamp of MAXQDA and f4",
    "{who} (00:00:{n} - 00:00:59):\n{words}": "from and to",
}
SAID = (
    *(
        "How did it start?",
        "{0}: nobody came.\n{0}: not once.",
        "Who did you ring?",
        "She was out.\n{0}: late again.",
    ),
    *("And what would you change?", "The rota.\nA second person."),
)


def laid_out(layout: str, said=SAID, ask="Ailsa Kerr", answer="Shona Reid") -> str:
    whose = [ask, answer] * len(said)
    return "\n".join(layout.format(who=whose[n], words=words, n=n + 10) for n, words in enumerate(said))


@pytest.mark.parametrize("phrase", ["Home care", "Second point", "And then", "My mother"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=LAYOUTS.values())
def test_words_before_a_colon_that_come_round_are_of_the_turn(layout, phrase):
    turns = parted(laid_out(layout).replace("{0}", phrase)).turns
    assert turns["speaker"].tolist() == ["Ailsa Kerr", "Shona Reid"] * 3
    assert turns["role"].tolist() == ["interviewer", "respondent"] * 3


@pytest.mark.parametrize(
    "layout", [each for each, name in LAYOUTS.items() if name in ("Otter", "Word Transcribe", "time before")]
)
def test_a_word_before_a_colon_is_nobody_where_speakers_have_a_time(layout):
    found = parted(laid_out(layout).replace("{0}", "Transport"))
    assert found.turns["speaker"].tolist() == ["Ailsa Kerr", "Shona Reid"] * 3
    assert len(found.again) == 3 - (LAYOUTS[layout] == "time before")


@pytest.mark.parametrize(
    "third", ["Bob", "Ward Sister", "Support worker", "Meg's mother", "Jan van Dam", "P2", "Male voice"]
)
def test_a_third_speaker_who_comes_in_behind_the_second_is_one(third):
    said = f"Interviewer: Why?\nMeg: It is.\n{third}: It was.\n"
    assert parted(said * 2).turns["speaker"].tolist() == ["Interviewer", "Meg", third] * 2


def test_a_phrase_that_parts_two_turns_of_one_speaker_speaks():
    said = "Ana: Why?\nMeg: It is.\nDuty desk: It was.\nMeg: Yes.\n"
    assert parted(said * 2).turns["speaker"].tolist() == ["Ana", "Meg", "Duty desk", "Meg"] * 2


def test_a_speaker_put_in_by_hand_between_times_speaks():
    said = "Ailsa 0:10\nWhy?\nMeg 0:20\nIt was cold.\nP2: Not for me.\n"
    assert parted(said * 2).turns["speaker"].tolist() == ["Ailsa", "Meg", "P2"] * 2


def test_some_who_have_no_time_among_those_who_have_speak():
    said = "[00:01:00] Facilitator: Why?\nJim: It is cold.\nNan: It is late.\n"
    assert parted(said * 2).turns["speaker"].tolist() == ["Facilitator", "Jim", "Nan"] * 2


def test_answers_of_a_word_below_a_name_are_no_names():
    said = "Ailsa Kerr\nWas it cold?\nShona Reid\nYes\nAilsa Kerr\nAnd late?\nShona Reid\nYes\nIt was late."
    turns = parted(said).turns
    assert turns["speaker"].tolist() == ["Ailsa Kerr", "Shona Reid"] * 2
    assert [said[start:end] for start, end in turns[["start", "end"]].to_numpy()][1::2] == [
        "Yes",
        "Yes\nIt was late.",
    ]


def test_names_above_the_words_below_a_head_that_names_both():
    head = "Interviewer: Ailsa Kerr\nParticipant: Shona Reid\n"
    found = parted(head + laid_out("{who}\n{words}").replace("{0}", "Home care"))
    assert found.head.fields == {"Interviewer": "Ailsa Kerr", "participant": "Shona Reid"}
    assert found.turns["speaker"].tolist() == ["Ailsa Kerr", "Shona Reid"] * 3


def test_words_before_a_colon_that_are_no_speaker_s_are_in_the_account(tmp_path):
    (tmp_path / "a.txt").write_text(laid_out("{who}: {words}").replace("{0}", "Home care"), encoding="utf-8")
    (line,) = (line for line in read_transcript_file(tmp_path / "a.txt").account if "met again" in line.kind)
    assert (line.kind, line.in_file, line.kept, line.example) == (
        "words before a colon, met again",
        2,
        0,
        "lines 3, 6 of those with words",
    )


def test_a_line_without_a_voice_is_of_the_voice_before(tmp_path):
    cues = [
        "<v Jo>Are you well?</v>",
        "<v Olek>Cold.\nHome care: late.</v>",
        "<v Jo>And?</v>",
        "<v Olek>Home care: never.</v>",
    ]
    timed = [f"00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{cue}\n" for n, cue in enumerate(cues, 1)]
    (tmp_path / "a.vtt").write_text("\n".join(["WEBVTT\n", *timed]), encoding="utf-8")
    assert read_transcript(tmp_path / "a.vtt").turns["speaker"].tolist() == ["Jo", "Olek"] * 2


# the report

GROUP = "Facilitator: Why {n}?\n" + "".join(f"P{n}: It is {{n}}.\n" for n in range(1, 8))


def test_the_report_names_speakers_with_their_turns(tmp_path):
    texts = {
        "group.txt": GROUP.format(n=1) + GROUP.format(n=2) + "P7: And late.\nP1: Yes.\nP1: It is.\n",
        "one.txt": "Ailsa: Why?\nMeg: It is.\nAilsa: How?\nMeg: So.\nAilsa: And?\n",
        "two.txt": "Ailsa: When?\nBo: Late.\nAilsa: Was it?\nBo: Yes.\nBo: Very.\nAilsa: Is it?\n",
        "last.txt": "Interviewer: Where?\nP9: Here.\n",
    }
    new_study(tmp_path / "study")
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    reports = [
        each.report() for each in import_files([tmp_path / name for name in texts], tmp_path / "study")
    ]
    said = {line["kind"]: line["example"] for line in reports[2]["file"]}
    assert [said["turn of an interviewer"], said["turn of a respondent"]] == ["Ailsa: 3", "Meg: 2"]
    assert [line for line in said_of_all(reports).split("\n") if "turns, in" in line] == [
        "  note: turns, in last.txt: Interviewer: 1; P9: 1",
        "  note: turns, in group.txt: Facilitator: 2; P1: 4, P7: 3, P2: 2, ..., P4: 2, P5: 2, P6: 2",
        "  note: turns, in one.txt: Ailsa: 3; Meg: 2",
        "  note: turns, in two.txt: Ailsa: 3; Bo: 3",
    ]
    withdraw("Meg", tmp_path / "study")
    assert "Meg" not in (tmp_path / "study" / "imports.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("asks", ["Q", "I"])
@pytest.mark.parametrize("mark", [".", ")"])
def test_a_letter_and_a_dot_for_who_asks_and_answers(asks, mark):
    lines = (f"{asks}{mark} How long?", f"A{mark} Ten years.", f"{asks}{mark} And the bus?", f"A{mark} Late.")
    turns = parted("\n".join(lines)).turns
    assert turns["speaker"].tolist() == [asks, "A", asks, "A"]
    assert turns["role"].tolist() == ["interviewer", "respondent"] * 2


def test_a_list_of_names_or_of_points_is_no_conversation():
    assert parted("A. Smith: Buses.\nQ. Jones: Trains.\nA. Smith: Trams.").turns.empty
    assert parted("A. The first point.\nB. The second.\nC. The third.\nA. Another.").turns.empty


@pytest.mark.parametrize(
    "text",
    [
        "What do we know?\nA. Brown and C. Green (2019) Buses.\nA. Brown (2020) Trains.\nR. Smith (2018) Fares.\nR. Smith (2021) Roads.",
        "Minutes, 2 May.\nP. Jones asked whether fares would rise?\nA. Brown said they would.\nP. Jones thanked her.\nA. Brown left.",
        "Who came?\nI. Newton was here.\nR. Hooke was here too.\nI. Newton left.\nR. Hooke stayed.",
        "How did they do?\nA. Excellent\nA. Excellent\nB. Good\nP. Pass\nP. Pass",
        "Q. Do you drive?\nA. Yes\nB. No\nQ. Do you walk?\nA. Yes\nB. No",
        "09:00 - 09:30 Ward round: quiet\n09:30 - 10:00 Handover: loud\n10:00 - 10:30 Ward round: quiet\n10:30 - 11:00 Handover: loud",
    ],
)
def test_initials_letters_of_lists_and_timetables_are_no_speakers(text):
    assert parted(text).turns.empty


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Interviewer: The plan?\nAna: Parts.\nA. Buy a bus?\nP. Or rent it\nA. Buy two\nP. Rent two\nA. Go\nInterviewer: OK.\nAna: Yes.",
            ["Interviewer", "Ana"] * 2,
        ),
        ("Q: The plan?\nA: Wait.\nQ. How long?\nA. Long.\nQ. And?\nA. Yes.", ["Q", "A"]),
        (
            "Interviewer: When?\nAna: See.\n09:00 - 17:00 Desk: open\n09:00 - 12:00 Desk: closed\nInterviewer: Thanks.\nAna: Good.",
            ["Interviewer", "Ana"] * 2,
        ),
        (
            "00:00:04 - 00:00:09 Ana: Late?\n00:00:10 - 00:00:12 Ben: Yes.\n00:00:14 - 00:00:19 Ana: So?",
            ["Ana", "Ben", "Ana"],
        ),
        ("Interviewer: Nora\nQ. How long?\nA. Ten.\nQ. And then?\nA. Late.", ["Q", "A"] * 2),
    ],
)
def test_letters_and_times_within_a_transcript(text, said):
    assert parted(text).turns["speaker"].tolist() == said
