"""Who speaks, when and what, in the forms in which people have their interviews: each file small enough to count by hand."""

import json
from zipfile import ZipFile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ncsresearch.ingest.coded_json import read_coded_json
from ncsresearch.ingest.document import read_document
from ncsresearch.ingest.transcript import read_transcript, read_transcript_file
from ncsresearch.schema import StudyError

SAID = [("Nora", "How was it?"), ("Sam", "Fine, with the bus."), ("Nora", "And the bus?"), ("Sam", "Late.")]
TIMES = ["00:04", "00:09", "01:15", "01:21"]


def spoken(path, **options) -> list[tuple[str, str]]:
    transcript = read_transcript(path, **options)
    return [(turn.speaker, transcript.text[turn.start : turn.end]) for turn in transcript.turns.itertuples()]


def written(tmp_path, text: str, name: str = "a.txt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "form",
    [
        "{name}  {time}\n{words}\n\n",
        "{name} [{time}]\n{words}\n",
        "{name} ({time})\n{words}\n",
        "[{name}] {time}\n{words}\n",
        "{name}: ({time})\n{words}\n",
        "{name}: [{time}] {words}\n",
        "[{time}] {name}: {words}\n",
        "{time} {name}\n{words}\n",
        "{time} - {name}: {words}\n",
        "12. {name} ({time}): {words}\n",
        "{time}\t{words}\t{name}\n",
        "{name}\t{words}\t{time}\n",
        "1\t{time}\t{name}\t{words}\n",
        "{name} - {time}\n{words}\n",
        "{time}\n{name}: {words}\n",
    ],
)
def test_a_time_stands_before_or_after_the_name(tmp_path, form):
    lines = [
        form.format(name=name, time=time, words=words)
        for (name, words), time in zip(SAID, TIMES, strict=True)
    ]
    path = written(tmp_path, "".join(lines))
    assert spoken(path) == SAID
    assert read_transcript(path).turns["time"].tolist() == TIMES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # who speaks once among names with times is a speaker; a sentence with a colon is none
            "[00:00:01] Nora: How?\n[00:00:03] Sam Lee: Fine.\n[00:00:05] One thing: the bus.\n[00:00:07] Nora: Why?",
            [("Nora", "How?"), ("Sam Lee", "Fine.\n[00:00:05] One thing: the bus."), ("Nora", "Why?")],
        ),
        (
            "Int.: Who?\nFemale 1: Me.\nMale 2: Me.\nINT.: Why?\nfemale 1: Bus.",
            [
                ("Int.", "Who?"),
                ("Female 1", "Me."),
                ("Male 2", "Me."),
                ("Int.", "Why?"),
                ("Female 1", "Bus."),
            ],
        ),
        (  # a coder's longer remarks are no words; a row without a speaker goes on
            "Speaker\tText\tCoder notes\nNora\tHow?\t\nSam\tBus.\tlong remark of a coder\n\tLate.\tanother remark\n"
            "Nora\tWhy?\tremark",
            [("Nora", "How?"), ("Sam", "Bus."), ("Sam", "Late."), ("Nora", "Why?")],
        ),
    ],
)
def test_who_speaks_and_what(tmp_path, text, expected):
    assert spoken(written(tmp_path, text)) == expected


def test_an_interviewer_with_a_full_stop_is_no_respondent(tmp_path):
    turns = read_transcript(written(tmp_path, "P1 (F, 34): Yes.\nInt.: Why?\nP1 (F, 34): Bus.")).turns
    assert turns["role"].tolist() == ["respondent", "interviewer", "respondent"]


def test_a_clock_in_a_sentence_is_no_label(tmp_path):
    path = written(
        tmp_path, "Nora: How?\nSam: At first.\nAt 10:30 we left.\nAt 10:45 we came.\nNora: And?\nSam: Late."
    )
    assert spoken(path)[1] == ("Sam", "At first.\nAt 10:30 we left.\nAt 10:45 we came.")


def test_names_alone_above_their_words(tmp_path):
    path = written(tmp_path, "".join(f"{name}\n{words}\n" for name, words in SAID))
    assert spoken(path) == SAID


@pytest.mark.parametrize(
    "text",
    [
        "Minutes\nTel: 1234\nFax: 5678\nThe plan.\nTel: 1235\nFax: 5679\nIt starts in May.",
        "Apologies: EF\nAB: asked whether it runs?\nAction: CD checks.\nAB: closed.",
        "Board\nAction: NF writes to them.\nDecision: agreed.\nAction: SF pays.\nDecision: deferred.",
        "From: a@b.org\nTo: c@d.org\nSubject: Bus?\nFrom: c@d.org\nTo: a@b.org\nSubject: Late.",
    ],
)
def test_a_letter_is_no_interview(tmp_path, text):
    brought = read_transcript_file(written(tmp_path, text))
    assert (set(brought.tables), len(read_transcript(tmp_path / "a.txt").turns)) == ({"documents"}, 0)


def test_who_asks_most_questions_is_the_interviewer_and_the_account_says_so(tmp_path):
    text = "Nora: How?\nSam: Fine.\nNora: And?\nSam: Late.\nNora: Why?\nSam: Who knows? Snow.\nNora: Oh.\nSam: Yes."
    brought = read_transcript_file(written(tmp_path, text))
    assert brought.tables["participants"]["participant_id"].tolist() == ["Sam"]
    (asked,) = (line for line in brought.account if line.kind == "turn of an interviewer")
    assert (asked.in_file, asked.note) == (
        4,
        "who asks most of the questions: taken for the interviewer; if another is, say so with --interviewer",
    )


def test_the_interviewer_named_at_the_head_is_the_one_who_speaks_under_that_name(tmp_path):
    head = "Interview 1\nArea: Northtown\nInterviewer: Dr Jean Ross\nDate: 3 May\n"
    talk = "Jean Ross  00:05\nTell me.\nSam  00:09\nFine.\nJean Ross  00:15\nGo on.\nSam  00:19\nLate."
    path = written(tmp_path, head + talk)
    brought = read_transcript_file(path)
    assert brought.tables["participants"]["participant_id"].tolist() == ["Sam"]
    assert spoken(path)[0] == ("Jean Ross", "Tell me.")
    assert read_transcript(path).head.fields["area"] == "Northtown"


def test_two_who_ask_are_two_people(tmp_path):
    text = "Nora: How?\nSam: And you?\nNora: Well?\nSam: Why?\nNora: So?\nSam: Oh?"
    brought = read_transcript_file(written(tmp_path, text))
    assert brought.tables["participants"]["participant_id"].tolist() == ["Nora", "Sam"]


def test_the_interviewer_can_be_named(tmp_path):
    path = written(tmp_path, "Nora: Tell me.\nSam: Fine.\nNora: Go on.\nSam: Why?")
    brought = read_transcript_file(path, ["Nora=interviewer"])
    assert brought.tables["participants"]["participant_id"].tolist() == ["Sam"]
    assert brought.tables["turns"]["role"].tolist() == ["interviewer", "respondent"] * 2


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        ("Interviewerin", "Befragte"),
        ("Enquêteur", "Répondante"),
        ("Entrevistadora", "Participante"),
        ("Ερευνήτρια", "Άννα"),
        ("Интервьюер", "Анна"),
        ("采访者", "王强"),
        ("المحاور", "ليلى"),
    ],
)
def test_who_asks_in_other_languages(tmp_path, asks, answers):
    path = written(tmp_path, f"{asks}: A.\n{answers}: B.\n{asks}: C.\n{answers}: D.")
    assert read_transcript(path).turns["role"].tolist() == ["interviewer", "respondent"] * 2


def test_lines_above_the_first_turn_that_name_no_field_are_counted(tmp_path):
    path = written(tmp_path, "Talk one\nSPEAKERS\nArea: Northtown\nInterviewer: How?\nS01: Fine.")
    account = {line.kind: line.dropped for line in read_transcript_file(path).account}
    assert (account["line above the first turn"], account["head line"]) == (2, 0)


@pytest.mark.parametrize("name", ["1", "S. O'Neil (host)", "Nora: Field", "Анна-Мария", "nora@field.org"])
def test_a_voice_has_any_name(tmp_path, name):
    cues = [
        f"00:0{n}.000 --> 00:0{n + 1}.000\n<v {who}>{words}\n"
        for n, who, words in [(1, name, "A."), (3, "S01", "B?"), (5, name, "C.")]
    ]
    path = written(tmp_path, "WEBVTT\n\n" + "\n".join(cues), "a.vtt")
    label = name.replace(":", "")
    assert spoken(path) == [(label, "A."), ("S01", "B?"), (label, "C.")]


def test_speech_recognition_in_subtitles(tmp_path):
    cues = [
        f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n[SPEAKER_0{n % 2}]: {words}\n"
        for n, words in enumerate("ABCD", 1)
    ]
    assert spoken(written(tmp_path, "\n".join(cues), "a.srt")) == [
        ("SPEAKER_01", "A"),
        ("SPEAKER_00", "B"),
        ("SPEAKER_01", "C"),
        ("SPEAKER_00", "D"),
    ]


def test_speech_recognition_as_json(tmp_path):
    pieces = [
        {"start": 0.5, "end": 2, "text": " How was", "speaker": "SPEAKER_00"},
        {"start": 2, "end": 3, "text": " it?", "speaker": "SPEAKER_00"},
        {"start": 3661.2, "end": 3662, "text": " Late.", "speaker": "SPEAKER_01"},
    ]
    path = written(tmp_path, json.dumps({"segments": pieces, "language": "en"}), "a.json")
    assert spoken(path) == [("SPEAKER_00", "How was it?"), ("SPEAKER_01", "Late.")]
    assert read_transcript(path).turns["time"].tolist() == ["00:00:00", "01:01:01"]
    assert len(read_coded_json(path).tables["turns"]) == 2


def test_words_without_speakers_are_one_document(tmp_path):
    path = written(
        tmp_path,
        json.dumps({"segments": [{"start": 0, "text": "How?"}, {"start": 1, "text": "Late."}]}),
        "a.json",
    )
    assert (read_transcript(path).text, spoken(path)) == ("[00:00:00] How? Late.", [])


TURNS = "".join(f"<w:p><w:r><w:t>{name}: {words}</w:t></w:r></w:p>" for name, words in SAID[:3])


def word_file(tmp_path, body: str):
    document = docx.Document()
    root = parse_xml(
        f"<w:body {nsdecls('w')} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' xmlns:v='urn:v'>{body}</w:body>"
    )
    for child in reversed(list(root)):
        document.element.body.insert(0, child)
    document.save(tmp_path / "a.docx")
    return tmp_path / "a.docx"


def run(words: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{words}</w:t></w:r>"


LATE = run("Sam: ") + run("Late.")


@pytest.mark.parametrize(
    "last",
    [
        f"<w:p>{run('Sam: ')}<w:ins>{run('Late.')}</w:ins><w:del><w:r><w:delText>Never.</w:delText></w:r></w:del></w:p>",
        f"<w:p>{run('Sam: ')}<w:moveFrom>{run('Never.')}</w:moveFrom><w:moveTo>{run('Late.')}</w:moveTo></w:p>",
        f"<w:sdt><w:sdtContent><w:p>{LATE}</w:p></w:sdtContent></w:sdt>",
        f"<w:p>{run('Sam: ')}<w:smartTag>{run('Late.')}</w:smartTag></w:p>",
        f"<w:p>{run('Sam: ')}<w:hyperlink>{run('Late.')}</w:hyperlink></w:p>",
        f"<w:p>{run('Sam: ')}<w:fldSimple w:instr='x'>{run('Late.')}</w:fldSimple></w:p>",
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('Sam: ')}</w:p><w:p>{run('Late.')}</w:p>",
        f"<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:txbxContent><w:p>{LATE}</w:p></w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent><w:p>{LATE}</w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        f"<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr>{LATE}</w:p>",
    ],
    ids=[
        "tracked",
        "moved",
        "content control",
        "smart tag",
        "link",
        "field",
        "joined",
        "text box",
        "numbered",
    ],
)
def test_the_words_that_a_reader_of_word_sees(tmp_path, last):
    assert spoken(word_file(tmp_path, TURNS + last)) == SAID


def test_merged_cells_hold_their_words_once(tmp_path):
    wide = "<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
    cells = [
        f"<w:tc><w:p>{run(name)}</w:p></w:tc><w:tc>{wide}<w:p>{run(words)}</w:p></w:tc>"
        for name, words in SAID
    ]
    rows = "".join(f"<w:tr>{row}</w:tr>" for row in cells)
    assert spoken(word_file(tmp_path, f"<w:tbl>{rows}</w:tbl>")) == SAID


def test_lines_broken_by_hand_are_turns(tmp_path):
    lines = "<w:br/>".join(run(f"{name}: {words}") for name, words in SAID)
    assert spoken(word_file(tmp_path, f"<w:p>{lines}</w:p>")) == SAID


def test_a_name_and_a_time_above_words_in_one_paragraph(tmp_path):
    parts = [
        f"<w:p>{run(f'{name}   0:0{n}')}<w:br/>{run(words)}</w:p>" for n, (name, words) in enumerate(SAID)
    ]
    assert spoken(word_file(tmp_path, "".join(parts))) == SAID


def test_a_break_inside_a_sentence_is_a_space(tmp_path):
    assert (
        read_document(word_file(tmp_path, f"<w:p>{run('One')}<w:br/>{run('sentence')}</w:p>")).text
        == "One sentence"
    )


def test_notes_and_comments_are_counted_and_not_read(tmp_path):
    marks = "<w:r><w:footnoteReference w:id='1'/></w:r><w:r><w:commentReference w:id='1'/></w:r>"
    path = word_file(tmp_path, f"{TURNS}<w:p>{LATE}{marks}</w:p>")
    dropped = {line.kind: line.dropped for line in read_transcript_file(path).account if line.dropped}
    assert dropped == {"footnote": 1, "comment": 1}


def test_what_is_hidden_or_around_the_page_is_counted_and_not_read(tmp_path):
    path = word_file(
        tmp_path, f"{TURNS}<w:p>{LATE}<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>"
    )
    document = docx.Document(path)
    document.sections[0].header.paragraphs[0].text = "Interview 7, North"
    document.sections[0].footer.paragraphs[0].text = "7"  # a page's number
    document.save(path)
    dropped = {line.kind: line.dropped for line in read_transcript_file(path).account if line.dropped}
    assert dropped == {"hidden part of a line": 1, "line of a header or footer": 1}


def test_what_an_open_document_has_beside_its_text_is_counted(tmp_path):
    kinds = {"office": "office", "text": "text", "style": "style"}
    names = " ".join(
        f"xmlns:{kind}='urn:oasis:names:tc:opendocument:xmlns:{name}:1.0'" for kind, name in kinds.items()
    )
    note = "<text:note text:note-class='endnote'><text:p>a note</text:p></text:note>"
    beside = "<office:annotation><text:p>why?</text:p></office:annotation><text:hidden-text>secret</text:hidden-text>"
    lines = "".join(f"<text:p>{name}: {words}</text:p>" for name, words in SAID)
    with ZipFile(tmp_path / "a.odt", "w") as file:
        file.writestr(
            "content.xml", f"<office:text {names}>{lines}<text:p>{note}{beside}</text:p></office:text>"
        )
        file.writestr(
            "styles.xml",
            f"<office:styles {names}><style:header><text:p>Interview 7</text:p></style:header></office:styles>",
        )
    dropped = {
        line.kind: line.dropped for line in read_transcript_file(tmp_path / "a.odt").account if line.dropped
    }
    assert dropped == {
        "endnote": 1,
        "comment": 1,
        "hidden part of a line": 1,
        "line of a header or footer": 1,
    }


def test_an_open_document(tmp_path):
    names = "xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'"
    deleted = "<text:tracked-changes><text:p>Never.</text:p></text:tracked-changes>"
    note = "<text:note><text:p>a note</text:p></text:note>"
    paragraphs = "".join(
        f"<text:p>{name}: <text:span>{words}</text:span></text:p>" for name, words in SAID[:3]
    )
    last = (
        f"<text:list><text:list-item><text:p>Sam:<text:s/>Late.{note}</text:p></text:list-item></text:list>"
    )
    with ZipFile(tmp_path / "a.odt", "w") as file:
        file.writestr("content.xml", f"<office:text {names}>{deleted}{paragraphs}{last}</office:text>")
    assert spoken(tmp_path / "a.odt") == SAID


def test_rich_text(tmp_path):
    lines = r"\par ".join(f"{name}: {words}" for name, words in SAID)
    path = written(tmp_path, rf"{{\rtf1\ansi\ansicpg1252 {{\b {lines}}} caf\'e9 \u322?ada}}", "a.rtf")
    assert spoken(path) == [*SAID[:3], ("Sam", "Late. café łada")]


@pytest.mark.parametrize(("cell", "between"), [("", "|"), (r"\trowd\cellx1 ", "\t")])
def test_an_upright_line_in_rich_text_is_a_word_of_its_own_outside_tables(tmp_path, cell, between):
    end = r"\cell\row" if cell else ""
    path = written(tmp_path, rf"{{\rtf1\ansi {cell}one|two{end}}}", "a.rtf")
    assert read_document(path).text == f"one{between}two"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.srt",
            "1\n00:00:01,000 --> 00:00:03,000\nАнна: Почему?\n".encode("cp1251"),
            "a.srt: is neither UTF-8 nor Western text; save the text as UTF-8.",
        ),
        ("a.rtf", b"no rtf", "a.rtf: is not RTF, though its name says so."),
        ("a.odt", b"no zip", "a.odt: is not a whole zip file (File is not a zip file); save it again."),
    ],
)
def test_what_is_not_what_its_name_says(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudyError) as refused:
        read_document(tmp_path / name)
    assert str(refused.value) == message
