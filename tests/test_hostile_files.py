"""Files that are damaged or mean harm: each is read as what it says, or refused in one message that changes nothing."""

import csv
import io
import json
import os
import re
import sqlite3
import struct
import sys
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncsresearch import StudyError
from ncsresearch.cli import main
from ncsresearch.exchange.export import export_study
from ncsresearch.exchange.import_files import import_files
from ncsresearch.exchange.new_study import new_study
from ncsresearch.ingest.fields import NAMES, OF_MEASURES, OF_PLANS
from ncsresearch.study import check_study, read_texts

EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "4"))  # more of them for a long search

# valid small files, one of each kind

TALK = (
    "Interviewer: How do you travel?\nA01: By bus, when there is one.\nInterviewer: And else?\nA01: I walk.\n"
)
BUS, BUS_CODING = "00000000-0000-4000-8000-000000000011", "00000000-0000-4000-8000-000000000031"
CODES = (
    f'<Codes><Code guid="{BUS}" name="Travel" isCodable="true"><Description>How people get here</Description>'
    '<Code guid="00000000-0000-4000-8000-000000000012" name="Bus" isCodable="true"/></Code></Codes>'
)
PROJECT = f"""<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="Small">
<Users><User guid="00000000-0000-4000-8000-000000000001" name="Ada"/></Users>
<CodeBook>{CODES}</CodeBook>
<Variables><Variable guid="00000000-0000-4000-8000-000000000041" name="gender" typeOfVariable="Text"/></Variables>
<Cases><Case guid="00000000-0000-4000-8000-000000000051" name="A01"><VariableValue>
<VariableRef targetGUID="00000000-0000-4000-8000-000000000041"/><TextValue>woman</TextValue></VariableValue>
<SourceRef targetGUID="00000000-0000-4000-8000-000000000021"/></Case></Cases>
<Sources><TextSource guid="00000000-0000-4000-8000-000000000021" name="A01" plainTextPath="internal://a.txt">
<PlainTextSelection guid="00000000-0000-4000-8000-000000000022" name="By bus" startPosition="37" endPosition="43">
<Coding guid="{BUS_CODING}" creatingUser="00000000-0000-4000-8000-000000000001"><CodeRef targetGUID="{BUS}"/></Coding>
<NoteRef targetGUID="00000000-0000-4000-8000-000000000061"/></PlainTextSelection></TextSource></Sources>
<Notes><Note guid="00000000-0000-4000-8000-000000000061" name="Later"><PlainTextContent>Ask again</PlainTextContent></Note></Notes>
<Sets><Set guid="00000000-0000-4000-8000-000000000071" name="Roads"><MemberCode targetGUID="{BUS}"/></Set></Sets>
</Project>"""
CODEBOOK = f'<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0">{CODES}</CodeBook>'
CODED = {
    "respondent": "A01 (teacher)",
    "descriptors": {"age": "40s"},
    "segments": [
        {
            "segment_id": "s1",
            "quote": "By bus",
            "codes": [{"code": "Travel", "polarity": "negative", "coder": "Ada"}],
        }
    ],
}
PEOPLE = "Participant,Area,Gender\nA01,North,woman\nA02,South,man\n"
CODED_ROWS = "Participant,Text,Code,Stance,Coder\nA01,By bus,Travel > Bus,negative,Ada\nA02,I walk,Travel,positive,Ada\n"
SURVEY = "Respondent,Area,Q1 Is the bus on time?,Q2 Is it dear?\n1,North,Yes,No\n2,South,No,No\n"
CUES = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Interviewer>How?\n\n00:03.000 --> 00:04.000\n<v A01>By bus.\n"
PAGE = "<html><body><p>Interviewer: How?</p><p>A01: By bus.</p><ul><li>A01: On foot.</li></ul></body></html>"


def zipped(entries: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def project(xml: str = PROJECT, text: str = TALK) -> bytes:
    return zipped({"project.qde": xml, "Sources/a.txt": text})


def document(*paragraphs: str) -> bytes:
    import docx

    written, file = docx.Document(), io.BytesIO()
    for paragraph in paragraphs:
        written.add_paragraph(paragraph)
    written.save(file)
    return file.getvalue()


def workbook(text: str = PEOPLE) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in csv.reader(io.StringIO(text)):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def reentered(content: bytes, entry: str, change) -> bytes:
    """A zip file again, with one entry's text changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    changed = change(entries[entry].decode())
    return zipped(entries | {entry: changed if isinstance(changed, bytes) else changed.encode()})


def taguette(*extra: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sqlite3"
        with sqlite3.connect(path) as database:
            database.executescript(TAGUETTE + "".join(extra))
        database.close()
        return path.read_bytes()


TAGUETTE = """
create table documents (id integer, name text, description text, contents text);
create table tags (id integer, path text, description text);
create table highlights (id integer, document_id integer, start_offset integer, end_offset integer, snippet text);
create table highlight_tags (highlight_id integer, tag_id integer);
create table project_members (user_login text);
insert into documents values (1, 'A01.txt', '', '<p>Interviewer: How?</p><p>A01: By bus.</p>');
insert into tags values (1, 'travel', 'How people get here'), (2, 'travel.bus', '');
insert into highlights values (1, 1, 21, 27, 'By bus');
insert into highlight_tags values (1, 2);
insert into project_members values ('ada');
"""


def printed(words: str) -> bytes:
    """A PDF of one line."""
    drawn = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(content)
    content += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


VALID = {
    "a.txt": TALK.encode(),
    "a.vtt": CUES.encode(),
    "a.html": PAGE.encode(),
    "a.docx": document(*TALK.splitlines()),
    "a.pdf": printed("A01: By bus."),
    "a.qdpx": project(),
    "a.qdc": CODEBOOK.encode(),
    "a.json": json.dumps(CODED).encode(),
    "people.csv": PEOPLE.encode(),
    "coded.csv": CODED_ROWS.encode(),
    "survey.csv": SURVEY.encode(),
    "a.xlsx": workbook(CODED_ROWS),
    "a.sqlite3": taguette(),
}


def contents(folder: Path) -> dict[str, str]:
    """The hash of every file of a folder, by its path."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def folder(tmp_path):
    """A folder with an empty study in it, and a place for files."""
    new_study(tmp_path / "study")
    (tmp_path / "files").mkdir()
    return tmp_path


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / "files" / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def brought(folder: Path, name: str, content: bytes | str) -> dict:
    """The tables of a study after the import of one file, which leaves no fault."""
    import_files([put(folder, name, content)], folder / "study")
    assert check_study(folder / "study") == []
    return read_texts(folder / "study")


def refusal(folder: Path, arguments: list[str], capsys, monkeypatch, *, status: int = 1) -> str:
    """What the command prints when it refuses; nothing has changed, and nothing else is printed."""
    before = contents(folder)
    monkeypatch.setattr(sys, "argv", ["ncsresearch", "import", *arguments, "--into", str(folder / "study")])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert (ended.value.code, out, contents(folder)) == (status, "", before)
    return err.removesuffix("\n")


# refused: one message each

DECLARED = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "boo">]>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DECLARES = "declares a document type or entities, which no project needs; not read."


def declared(xml: str) -> str:
    """XML that declares an entity, and uses it."""
    return DECLARED + re.sub(r"^<\?xml.*?\?>\s*", "", xml).replace("</", "&b;</", 1)


def nested(levels: int) -> str:
    codes = "".join(f'<Code guid="c{n}" name="Code {n}">' for n in range(levels))
    return CODEBOOK.replace(CODES, f"<Codes>{codes}{'</Code>' * levels}</Codes>")


def saying(content: bytes, size: int) -> bytes:
    """A zip file whose directory says that its first entry is of this size."""
    at = content.index(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<L", size) + content[at + 28 :]


def locked(content: bytes) -> bytes:
    """A zip file that says its first entry is encrypted."""
    at = content.index(b"PK\x01\x02")
    return content[: at + 8] + b"\x01\x00" + content[at + 10 :]


def claimed(lowest: int) -> bytes:
    """A workbook that claims rows down to the lowest, and cells to the last column, of nothing."""
    book = reentered(
        workbook(),
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub('<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', xml),
    )
    cells = f'<row r="{lowest}"><c r="XFD{lowest}" t="inlineStr"><is><t></t></is></c></row></sheetData><mergeCells><mergeCell ref="A5:XFD1048576"/></mergeCells>'
    return reentered(book, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("</sheetData>", cells))


COLUMNS = (
    "its columns show neither people (participant), interviews (interview), a codebook (code, definition), coded segments "
    "(text, code), coded responses (text and a column a theme), measures (measure, period, value), actions (action, owner) nor survey "
    "answers; say what they are with --map column=field."
)
SHAPE = "a.json: has another shape than codings have: expected "
REFUSED = {
    "zip entry with ..": (
        "a.qdpx",
        zipped({"../project.qde": PROJECT}),
        "a.qdpx: holds an entry that would leave its folder ('../project.qde'); not opened.",
    ),
    "zip entry with an absolute name": (
        "a.qdpx",
        zipped({"/tmp/project.qde": PROJECT}),
        "a.qdpx: holds an entry that would leave its folder ('/tmp/project.qde'); not opened.",
    ),
    "zip entry on a drive": (
        "a.qdpx",
        zipped({"C:\\temp\\project.qde": PROJECT}),
        "a.qdpx: holds an entry that would leave its folder ('C:\\\\temp\\\\project.qde'); not opened.",
    ),
    "docx with an entry that leaves": (
        "a.docx",
        zipped({"..\\a": ""}),
        "a.docx: holds an entry that would leave its folder ('..\\\\a'); not opened.",
    ),
    "zip bomb": (
        "a.qdpx",
        zipped({"project.qde": b"0" * 30 * 1024**2}),
        "a.qdpx: 30 MB packed 1028 times smaller is no project; not opened.",
    ),
    "says it holds 2 GB": (
        "a.xlsx",
        saying(workbook(), 2 * 1024**3),
        "a.xlsx: says it holds 2,048 MB, more than 512 MB; not opened.",
    ),
    "truncated zip": (
        "a.qdpx",
        project()[:-40],
        "a.qdpx: is not a whole zip file (File is not a zip file); save it again.",
    ),
    "truncated xlsx": (
        "a.xlsx",
        workbook()[:2000],
        "a.xlsx: is not a whole zip file (File is not a zip file); save it again.",
    ),
    "no zip: qdpx": (
        "a.qdpx",
        b"words",
        "a.qdpx: is not a whole zip file (File is not a zip file); save it again.",
    ),
    "no zip: docx": ("a.docx", b"words", "a.docx: is not a Word document, though its name says so."),
    "no zip: xlsx": ("a.xlsx", b"words", "a.xlsx: is not an Excel workbook, though its name says so."),
    "empty qdpx": ("a.qdpx", b"", "a.qdpx: is not a whole zip file (File is not a zip file); save it again."),
    "xlsx named docx": ("a.docx", workbook(), "a.docx: is not a Word document, though its name says so."),
    "docx named xlsx": (
        "a.xlsx",
        document("a"),
        "a.xlsx: is not an Excel workbook, though its name says so.",
    ),
    "no PDF": ("a.pdf", b"words", "a.pdf: is not a PDF, though its name says so."),
    "zip with a password": (
        "a.qdpx",
        locked(project()),
        "a.qdpx: is protected by a password; save it without one.",
    ),
    "workbook with a password": (
        "a.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a.xlsx: is protected by a password or older than its name says; save it again without a password.",
    ),
    "qdpx without a project": (
        "a.qdpx",
        zipped({"a.txt": "a"}),
        "a.qdpx: is no REFI-QDA project: it holds no project.qde.",
    ),
    "entity": ("a.qdpx", project(declared(PROJECT)), f"a.qdpx: {DECLARES}"),
    "entity in a codebook": ("a.qdc", declared(CODEBOOK), f"a.qdc: {DECLARES}"),
    "entity in UTF-16": (
        "a.qdc",
        declared(CODEBOOK).replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16"),
        f"a.qdc: {DECLARES}",
    ),
    "entity in UTF-7": (
        "a.qdc",
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a [+ADwAIQ-ENTITY b "boo"+AD4]+AD4-<CodeBook/>',
        "a.qdc: its XML is not in UTF-8; save it again as UTF-8.",
    ),
    "entity in EBCDIC": (
        "a.qdc",
        '<?xml version="1.0" encoding="cp037"?><CodeBook/>'.encode("cp037"),
        "a.qdc: its XML is not in UTF-8; save it again as UTF-8.",
    ),
    "entity in a docx": (
        "a.docx",
        reentered(document("a"), "word/document.xml", declared),
        f"a.docx: {DECLARES}",
    ),
    "entity in a sheet": (
        "a.xlsx",
        reentered(workbook(), "xl/worksheets/sheet1.xml", declared),
        f"a.xlsx: {DECLARES}",
    ),
    "billion laughs": (
        "a.qdc",
        f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><CodeBook>&l9;</CodeBook>',
        f"a.qdc: {DECLARES}",
    ),
    "file from elsewhere": (
        "a.qdc",
        '<!DOCTYPE a SYSTEM "file:///etc/hostname"><CodeBook/>',
        f"a.qdc: {DECLARES}",
    ),
    "broken XML": ("a.qdc", CODEBOOK[:-9], "a.qdc: its XML is broken in line 1; export it again."),
    "no XML": ("a.qdc", "", "a.qdc: its XML is broken in line 1; export it again."),
    "XML of another root": (
        "a.qdpx",
        project("<html/>"),
        "a.qdpx: its project.qde begins with 'html', expected 'Project'.",
    ),
    "codebook of another root": ("a.qdc", PROJECT, "a.qdc: begins with 'Project', expected 'CodeBook'."),
    "codes 5,000 deep": (
        "a.qdc",
        nested(5000),
        "a.qdc: its XML is nested too deeply in line 1; export it again.",
    ),
    "codes 500 deep": (
        "a.qdc",
        nested(500),
        "a.qdc: its codes are nested more than 100 deep; expected a tree of codes.",
    ),
    "code path 500 deep": (
        "a.csv",
        f"Text,Code\nBy bus,{' > '.join(map(str, range(500)))}\n",
        "a.csv: its codes are nested more than 100 deep; expected a tree of codes.",
    ),
    "code under itself": (
        "a.csv",
        "Code,Parent,Definition\nBus,Travel,a\nTravel,Bus,b\n",
        "a.csv: the code 'Bus' is under itself; expected a tree of codes.",
    ),
    "code of the same GUID within": (
        "a.qdc",
        CODEBOOK.replace("000000000012", "000000000011"),
        "a.qdc: the code 'Bus' is under itself; expected a tree of codes.",
    ),
    "transcript in another encoding": (
        "a.txt",
        "A01: Анна\n".encode("cp1251"),
        "a.txt: is neither UTF-8 nor Western text; save the text as UTF-8.",
    ),
    "transcript with NUL bytes": (
        "a.txt",
        "A01: bus\n".encode("utf-16-le"),
        "a.txt: holds bytes that are no text; save the text as UTF-8.",
    ),
    "table with NUL bytes": (
        "a.csv",
        b"Participant,Area\nA\x0001,North\n",
        "a.csv: holds bytes that are no text; save the text as UTF-8.",
    ),
    "subtitles in half a UTF-16": (
        "a.vtt",
        b"\xff\xfe\x00\xd8a\x00",
        "a.vtt: byte 0 is no utf-16-le text; save the text as UTF-8.",
    ),
    "empty transcript": ("a.txt", b"", "a.txt: holds no text; a scanned document has to be read by hand."),
    "empty page": ("a.html", b"<!-- a -->", "a.html: is not HTML, though its name says so."),
    "column twice": (
        "a.csv",
        "Participant,Area,Area\nA01,North,South\n",
        "a.csv: columns 2 and 3 have the same heading; give each a name of its own.",
    ),
    "unclosed quote": (
        "a.csv",
        'Participant,Area\nA01,"North\n',
        "a.csv: damaged CSV (unexpected end of data); save it again as CSV UTF-8.",
    ),
    "text longer than a cell": (
        "a.csv",
        f"Text,Code\n{'a' * 140_000},Bus\n",
        "a.csv: damaged CSV (field larger than field limit (131072)); save it again as CSV UTF-8.",
    ),
    "no heading": (
        "a.csv",
        "we took the bus,and it was late\nwe walked,and it rained\n",
        f"a.csv: {COLUMNS} They may be: we took the bus (unsure), and it was late (unsure).",
    ),
    "endless number": (
        "a.csv",
        f"Interview,Number\nI1,{'9' * 30}\n",
        "a.csv: a number of its interviews is too large, expected at most 15 digits.",
    ),
    "passage longer than a cell": (
        "a.qdpx",
        project(
            PROJECT.replace('startPosition="37" endPosition="43"', 'startPosition="0" endPosition="299999"'),
            "word " * 60_000,
        ),
        "a.qdpx: holds a text of 299,999 characters, expected at most 131,072 in a cell.",
    ),
    "no rows": ("a.csv", "Participant,Area\n", "a.csv: has headings but no row under them."),
    "no cells": ("a.csv", "\n,,\n", "a.csv: holds no row of headings."),
    "workbook without cells": ("a.xlsx", workbook(""), "a.xlsx: holds no row of headings."),
    "nothing recognisable": (
        "a.xlsx",
        workbook("Colour of door,Height\nred,2\n"),
        f"a.xlsx: {COLUMNS} They may be: Colour of door (unsure), Height (unsure).",
    ),
    "no Taguette": (
        "a.sqlite3",
        taguette("drop table tags;"),
        "a.sqlite3: is no Taguette project: it has no table 'tags'.",
    ),
    "no SQLite": ("a.db", b"words" * 100, "a.db: is no SQLite database, though its name says so."),
    "broken JSON": ("a.json", b'{"respondent": \n', "a.json: is broken JSON (line 2)."),
    "JSON 100,000 deep": ("a.json", b"[" * 100_000, "a.json: is broken JSON (its nesting or a number)."),
    "JSON with an endless number": (
        "a.json",
        b"1" * 5000,
        "a.json: is broken JSON (its nesting or a number).",
    ),
    "JSON of another kind": (
        "a.json",
        b"[1]",
        "a.json: is no file of codings: expected an object with a respondent and segments.",
    ),
    "segments that are words": (
        "a.json",
        json.dumps(CODED | {"segments": ["By bus"]}),
        f"{SHAPE}every segment to be an object in a list.",
    ),
    "codes that are words": (
        "a.json",
        json.dumps(CODED | {"segments": [{"codes": "Bus"}]}),
        f"{SHAPE}the codes of segment 1 to be an object in a list.",
    ),
    "descriptors that are words": (
        "a.json",
        json.dumps(CODED | {"descriptors": "woman"}),
        f"{SHAPE}descriptors by their names.",
    ),
    "respondent without a name": (
        "a.json",
        json.dumps(CODED | {"respondent": " (teacher)"}),
        f"{SHAPE}a respondent with a name.",
    ),
    "file of another kind": (
        "a.exe",
        b"MZ",
        "a.exe: no reader for '.exe' files; known: .txt, .vtt, .srt, .rtf, .odt, .html, .htm, .docx, .pdf, .qdpx, .qdc, .json, .qda, .sqlite3, .sqlite, .db, .xlsx, .xlsm, .csv, .tsv, .xls, .xlsb, .ods, .sav, .zsav.",
    ),
    "file name with odd characters": (
        "a\n'é\x07\udce9.qdc",
        b"words",
        "a\ufffd'é\ufffd\ufffd.qdc: its XML is broken in line 1; export it again.",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_hostile_file_is_refused(kind, folder, capsys, monkeypatch):
    name, content, message = REFUSED[kind]
    put(folder, "a good one.txt", TALK)
    path = put(folder, name, content)
    arguments = [str(folder / "files" / "a good one.txt"), str(path)]
    status = 2 if kind == "file of another kind" else 1
    assert refusal(folder, arguments, capsys, monkeypatch, status=status) == message


def test_a_folder_where_a_file_is_expected(folder, capsys, monkeypatch):
    (folder / "files" / "a.qdpx").mkdir()
    told = refusal(folder, [str(folder / "files" / "a.qdpx")], capsys, monkeypatch)
    assert told == "a.qdpx: a folder without a file to import."


def test_an_empty_folder(folder, capsys, monkeypatch):
    assert (
        refusal(folder, [str(folder / "files")], capsys, monkeypatch)
        == "files: a folder without a file to import."
    )


def test_a_missing_file(folder, capsys, monkeypatch):
    told = refusal(folder, [str(folder / "files" / "a.txt")], capsys, monkeypatch, status=2)
    assert told == "a.txt: there is no such file or folder."


def test_a_name_longer_than_names_can_be(folder, capsys, monkeypatch):
    told = refusal(folder, ["a" * 300], capsys, monkeypatch)
    assert told == f"{'a' * 300}: cannot be opened (File name too long)."


def test_a_pipe(folder, capsys, monkeypatch):
    os.mkfifo(folder / "files" / "a.txt")
    told = refusal(folder, [str(folder / "files" / "a.txt")], capsys, monkeypatch)
    assert told == "a.txt: is no file that can be read."


def test_a_study_that_is_none(folder, capsys, monkeypatch):
    (folder / "study" / "study.toml").unlink()
    told = refusal(folder, [str(put(folder, "a.txt", TALK))], capsys, monkeypatch, status=2)
    assert told == f"{folder / 'study'} is not a study folder: it has no study.toml."


@pytest.mark.parametrize("what", ["file", "folder", "nowhere"])
def test_a_link_out_of_a_folder(folder, capsys, monkeypatch, what):
    (folder / "secret.txt").write_text("A01: nobody gave this\n")
    target = {"file": folder / "secret.txt", "folder": folder, "nowhere": folder / "nothing"}[what]
    (folder / "files" / ("inputs" if what == "folder" else "a.txt")).symlink_to(target)
    if what == "folder":
        (folder / "question_part_1").mkdir()
        (folder / "question_part_1" / "responses.jsonl").write_text('{"response_id": 1, "response": "no"}\n')
    told = refusal(folder, [str(folder / "files")], capsys, monkeypatch)
    name = "inputs" if what == "folder" else "a.txt"
    assert told == f"{name}: is a link to a file outside the folder files; import that file itself."


FIELDS = ", ".join(
    [*NAMES, "question", "wave", "attribute", "theme column", "leave out", *OF_MEASURES, *OF_PLANS]
)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("Particpant=area", "--map: no file has a column 'Particpant'; columns: Area, Gender, Participant."),
        ("Participant", "--map: 'Participant' is no column=field."),
        ("Participant=", f"people.csv: There is no field ''; known: {FIELDS}."),
        ("Area=aera", f"people.csv: There is no field 'aera'; known: {FIELDS}. Did you mean 'area'?"),
    ],
)
def test_a_map_of_what_is_unknown(folder, capsys, monkeypatch, asked, message):
    path = put(folder, "people.csv", PEOPLE)
    assert refusal(folder, [str(path), "--map", asked], capsys, monkeypatch, status=2) == message


RESPONSES = {
    "inputs/respondents.jsonl": '{"response_id": 1, "demographic_data": {"Area": "North"}}\n',
    "inputs/question_part_1/question.json": '{"question_text": "How?"}',
    "inputs/question_part_1/responses.jsonl": '{"response_id": 1, "response": "By bus"}\n',
    "outputs/mapping/1/question_part_1/themes.json": '[{"topic_id": "A", "topic_label": "Bus"}]',
    "outputs/mapping/1/question_part_1/mapping.jsonl": '{"response_id": 1, "labels": ["A"], "stances": ["NEGATIVE"]}\n',
    "outputs/mapping/1/question_part_1/sentiment.jsonl": '{"response_id": 1, "position": "AGREE"}\n',
    "outputs/mapping/1/question_part_1/detail.jsonl": '{"response_id": 1, "evidence_rich": "YES"}\n',
}


def responses(folder: Path, changed: dict[str, str]) -> Path:
    """A folder of consultation responses, some of its files changed."""
    for name, text in (RESPONSES | changed).items():
        path = folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "files"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("responses.jsonl", "[", "responses.jsonl: line 1 is broken JSON."),
        ("responses.jsonl", "\n5\n", "responses.jsonl: line 2 has no response_id."),
        (
            "question.json",
            "[]",
            "question.json: has another shape than codings have: expected an object with a question_text.",
        ),
        (
            "themes.json",
            '["A"]',
            "themes.json: has another shape than codings have: expected every theme to be an object in a list.",
        ),
        (
            "themes.json",
            "[{}]",
            "themes.json: has another shape than codings have: expected a topic_id and a topic_label for every theme.",
        ),
        (
            "mapping.jsonl",
            '{"response_id": 1, "labels": 5}',
            "mapping.jsonl: has another shape than codings have: expected labels of line 1 to be a list.",
        ),
        (
            "respondents.jsonl",
            '{"response_id": 1, "demographic_data": "x"}',
            "respondents.jsonl: has another shape than codings have: expected demographic_data of line 1 to be an object.",
        ),
    ],
)
def test_a_folder_of_responses_of_another_shape(folder, capsys, monkeypatch, name, text, message):
    path = next(path for path in RESPONSES if path.endswith("/" + name))
    told = refusal(folder, [str(responses(folder, {path: text}))], capsys, monkeypatch)
    assert told == message


def test_tables_that_would_not_be_sound_are_refused_without_their_words(folder, capsys, monkeypatch):
    path = put(folder, "a.csv", "Interview,Number\nI1,we were afraid\nI2,of the dog\n")
    told = refusal(folder, [str(path)], capsys, monkeypatch)
    assert told == (
        "The study would not be sound after this, so nothing was written:\n"
        "  interviews.csv, number: expected a whole number (2 rows)"
    )


# read: as what they say, and as nothing else


def test_formulas_are_text_and_never_calculated(folder):
    formulas = ['=HYPERLINK("http://a.example","b")', "+1+1", "-2+3", "@SUM(1)", "=1+1"]
    text = "Participant,Text,Code\n" + "".join(
        f'A{n},"{each.replace(chr(34), chr(34) * 2)}",Bus\n' for n, each in enumerate(formulas)
    )
    in_csv = list(brought(folder, "a.csv", text)["segments"]["text"])
    new_study(folder / "files" / "other")
    import_files([put(folder, "a.xlsx", workbook(text))], folder / "files" / "other")
    assert in_csv == list(read_texts(folder / "files" / "other")["segments"]["text"]) == formulas


def test_an_array_formula_is_the_value_that_it_was_saved_with(folder):
    cell = '<c r="C2"><f t="array" ref="C2">1+1</f><v>2</v></c>'
    book = reentered(
        workbook(), "xl/worksheets/sheet1.xml", lambda xml: re.sub(r'<c r="C2".*?</c>', cell, xml)
    )
    attributes = brought(folder, "a.xlsx", book)["attributes"]
    assert list(attributes["value"]) == ["2", "man"]


SCRIPT = "<script>alert(1)</script>"


def test_a_script_in_a_transcript_is_text(folder):
    brought(folder, "a.txt", f"A01: {SCRIPT}\nA01: yes\n")
    assert SCRIPT in (folder / "study" / "texts" / "a.txt").read_text()


def test_a_script_in_a_code_is_text_and_escaped_on_a_page(folder):
    import nbformat.v4 as notebook

    from ncsresearch.present.outputs import Finding, Table
    from ncsresearch.report.html import chapter_page

    coded = CODED | {"segments": [{"quote": SCRIPT, "codes": [{"code": SCRIPT}]}]}
    tables = brought(folder, "a.json", json.dumps(coded))
    codes, passages = tables["codebook"], tables["segments"]
    assert (list(codes["label"]), list(passages["text"])) == ([SCRIPT], [SCRIPT])
    table = Table("codes", SCRIPT, codes, {"label": SCRIPT}, SCRIPT, SCRIPT, SCRIPT)
    evidence = passages.assign(unit_id=passages["segment_id"], label=passages["text"])
    finding = Finding("found", SCRIPT, {SCRIPT: SCRIPT}, evidence, SCRIPT)
    shown = [
        notebook.new_output("display_data", {"text/html": item._repr_mimebundle_()["text/html"]})
        for item in (table, finding)
    ]
    cells = [notebook.new_markdown_cell("# A chapter"), notebook.new_code_cell("", outputs=shown)]
    page = chapter_page(notebook.new_notebook(cells=cells), study=SCRIPT, licence=SCRIPT)
    assert SCRIPT not in page
    assert page.count("&lt;script&gt;alert(1)") >= 8


def test_a_head_that_says_what_the_study_has_no_place_for(folder):
    head = "Mode: telephone\nNumber: 3a\nArea: Fife\nArea type: hilly\n"
    attributes = brought(folder, "a.txt", head + TALK)["attributes"]
    assert list(attributes["name"] + " " + attributes["value"]) == [
        "Mode telephone",
        "Number 3a",
        "Area type hilly",
    ]


def test_a_very_long_transcript(folder):
    line = "A01: " + "word " * 10_000
    tables = brought(folder, "a.txt", f"{line}\n" * 6)
    assert len((folder / "study" / "texts" / "a.txt").read_text()) >= 300_000
    assert len(tables["turns"]) == 6


def test_a_coding_of_a_missing_code_is_left_out_and_said(folder):
    path = put(
        folder, "a.qdpx", project(PROJECT.replace(f'CodeRef targetGUID="{BUS}"', 'CodeRef targetGUID="none"'))
    )
    imported = import_files([path], folder / "study")
    told = {line["kind"]: line for line in imported[0].report()["file"]}["Coding"]
    assert (told["kept"], told["dropped"]) == (0, 1)
    assert told["note"] == "1 points to a code that the project does not have"
    assert read_texts(folder / "study")["codings"].empty
    assert check_study(folder / "study") == []


def test_a_code_twice_is_one_code_and_said(folder):
    twice = PROJECT.replace("</Codes>", f'<Code guid="{BUS}" name="Travel again"/></Codes>')
    imported = import_files([put(folder, "a.qdpx", project(twice))], folder / "study")
    told = {line["kind"]: line for line in imported[0].report()["file"]}["Code"]
    assert (told["in file"], told["kept"], told["dropped"]) == (3, 2, 1)
    assert check_study(folder / "study") == []


def test_a_workbook_that_claims_rows_of_nothing(folder):
    assert list(brought(folder, "a.xlsx", claimed(1_048_576))["participants"]["participant_id"]) == [
        "A01",
        "A02",
    ]


def test_a_workbook_that_claims_rows_below_the_last(folder):
    assert list(brought(folder, "a.xlsx", claimed(99_999_999_999))["participants"]["participant_id"]) == [
        "A01",
        "A02",
    ]


@pytest.mark.parametrize("name", ["../../../outside", "/tmp/outside", "a/b", "..", "", "x" * 300])
def test_a_document_cannot_name_a_file_outside_the_study(folder, name):
    asked = PROJECT.replace(
        '"internal://a.txt">', f'"internal://a.txt"><Description>Document: {name}</Description>'
    )
    assert "Document:" in asked
    before = contents(folder)
    brought(folder, "a.qdpx", project(asked))
    new = set(contents(folder)) - set(before)
    assert "study/texts/a01.txt" in new
    assert all(path.startswith(("study/", "files/a.qdpx")) for path in new)


@pytest.mark.parametrize(
    "name",
    ["a b.txt", "é ü 漢.txt", "'\"`$(x);&|.txt", "-rf.txt", "a\nb.txt", "caf\udce9.txt", "a\x1b[31m.txt"],
)
def test_a_file_name_with_odd_characters(folder, name, capsys, monkeypatch):
    path = put(folder, name, TALK)
    monkeypatch.setattr(
        sys, "argv", ["ncsresearch", "import", "--into", str(folder / "study"), "--", str(path)]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (0, None)
    assert "turn of a respondent" in capsys.readouterr().out
    assert check_study(folder / "study") == []
    assert len(list((folder / "study" / "texts").iterdir())) == 1


def test_characters_that_no_file_can_hold(folder):
    """Control characters and lone surrogates go in, and the study comes out as a project."""
    odd = "bus\x00\x01\x0b\x1b\ufffe\ud800\r\nlate\r"
    told = {"respondent": f"A01{odd}", "descriptors": {f"age{odd}": odd}, odd: odd}
    codes = [{"code": f"Travel{odd}", "polarity": odd, "coder": odd, "rationale": odd}]
    told["segments"] = [{"segment_id": odd, "title": odd, "quote": odd, "full_text": odd, "codes": codes}]
    tables = brought(folder, "a.json", json.dumps(told))
    assert list(tables["segments"]["text"]) == ["bus\x01\x0b\x1b\ufffe\ufffd\nlate\n"]
    export_study(folder / "study", folder / "a.qdpx")
    again = folder / "files" / "again"
    new_study(again)
    import_files([folder / "a.qdpx"], again)
    assert check_study(again) == []
    assert list(read_texts(again)["segments"]["text"]) == ["bus\ufffd\nlate"]


# damage of every kind

UNSOUND = "The study would not be sound after this, so nothing was written"


def refused_or_sound(name: str, content: bytes | dict[str, str]) -> bool:
    """Import a file, or a folder of responses: true where it was read and left no fault; a refusal changes nothing."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        new_study(folder / "study")
        (folder / "files").mkdir()
        path = responses(folder, content) if isinstance(content, dict) else put(folder, name, content)
        before = contents(folder)
        try:
            import_files([path], folder / "study")
        except StudyError as error:
            assert contents(folder) == before
            assert str(error).startswith(
                (f"{name}: ", f"{name}, ", UNSOUND, *(f"{Path(file).name}: " for file in RESPONSES))
            )
            assert "By bus" not in str(error)
            return False
        assert {fault.column for fault in check_study(folder / "study")} <= {"reporting_coder"}
        after = contents(folder)
        assert {each for each in after if not each.startswith("study/")} == {
            each for each in before if not each.startswith("study/")
        }
        return True


@pytest.mark.parametrize("name", VALID)
def test_the_undamaged_file_is_read(name):
    assert refused_or_sound(name, VALID[name])


SCRAPS = [
    b"",
    b"\x00",
    b"\xff",
    b'"',
    b"<",
    b"&",
    b",",
    b"\n",
    b"\r",
    b":",
    b"{",
    b"]",
    b"=1",
    b"-",
    b"0",
    b"9" * 30,
    "é\ufeff\u2028".encode(),
]


@st.composite
def damage(draw, content: bytes) -> bytes:
    """Bytes flipped, cut out, put in or cut off, up to four times."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        gone = draw(st.sampled_from([0, 1, 1, 2, 8, 60]))
        content = content[:at] + draw(st.sampled_from(SCRAPS) | st.binary(max_size=3)) + content[at + gone :]
    return content[: draw(st.integers(0, len(content)))] if draw(st.integers(0, 5)) == 0 else content


@st.composite
def altered(draw, text: str) -> str:
    """Text whose words, numbers and marks are swapped, doubled, emptied or made strange, up to five times."""
    parts = re.findall(r"\w+|\W", text)
    words = [number for number, part in enumerate(parts) if part[0].isalnum()]
    strange = st.sampled_from(
        [
            "",
            "-1",
            "99999999999999999999",
            "1e9",
            "nan",
            "null",
            "[]",
            "{}",
            "..",
            "/",
            "é",
            "\x01",
            "²",
            "٣",
            "::",
            " > ",
            ";",
            "a" * 70,
        ]
    )
    for _ in range(draw(st.integers(1, 5))):
        places = st.sampled_from(words) if draw(st.integers(0, 7)) else st.integers(0, len(parts) - 1)
        at, other = draw(places), draw(places)
        how = draw(st.sampled_from(["swap", "copy", "strange", "strange"]))
        if how == "swap":
            parts[at], parts[other] = parts[other], parts[at]
        else:
            parts[at] = parts[other] if how == "copy" else draw(strange)
    return "".join(parts)


@pytest.mark.parametrize("name", VALID)
@settings(max_examples=EXAMPLES, derandomize=True, database=None)
@given(data=st.data())
def test_a_damaged_file_is_refused_or_leaves_a_sound_study(name, data):
    refused_or_sound(name, data.draw(damage(VALID[name])))


CELLS = [
    *("documents set id", "documents set name", "documents set contents", "documents set description"),
    *(
        "tags set id",
        "tags set path",
        "highlights set id",
        "highlights set document_id",
        "highlights set start_offset",
    ),
    *(
        "highlights set end_offset",
        "highlights set snippet",
        "highlight_tags set highlight_id",
        "highlight_tags set tag_id",
    ),
]
ODD_CELLS = [
    "null",
    "''",
    "-1",
    "1e99",
    "99999999999",
    "'a.b'",
    "x'ff00'",
    "cast(x'ff' as text)",
    "'<!-- -->'",
    "'../a'",
]
INNER = {
    "a.qdpx": lambda draw: project(draw(altered(PROJECT)), draw(altered(TALK))),
    "a.qdc": lambda draw: draw(altered(CODEBOOK)).encode(),
    "a.json": lambda draw: draw(altered(json.dumps(CODED))).encode(),
    "a.docx": lambda draw: reentered(VALID["a.docx"], "word/document.xml", lambda xml: draw(altered(xml))),
    "a.xlsx": lambda draw: reentered(
        VALID["a.xlsx"], "xl/worksheets/sheet1.xml", lambda xml: draw(altered(xml))
    ),
    "a.sqlite3": lambda draw: taguette(
        f"update {draw(st.sampled_from(CELLS))} = {draw(st.sampled_from(ODD_CELLS))};"
    ),
    "a.csv": lambda draw: draw(altered(draw(st.sampled_from([PEOPLE, CODED_ROWS, SURVEY])))).encode(),
    "a.html": lambda draw: draw(altered(PAGE)).encode(),
    "a.vtt": lambda draw: draw(altered(CUES)).encode(),
    "a.txt": lambda draw: draw(altered(TALK)).encode(),
    "files": lambda draw: {
        name: draw(altered(RESPONSES[name])) for name in [draw(st.sampled_from(sorted(RESPONSES)))]
    },
}


@pytest.mark.parametrize("name", INNER)
@settings(max_examples=EXAMPLES, derandomize=True, database=None)
@given(data=st.data())
def test_an_altered_file_is_refused_or_leaves_a_sound_study(name, data):
    refused_or_sound(name, INNER[name](data.draw))
