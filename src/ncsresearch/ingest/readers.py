"""The kinds of file that can be imported, a row each in READERS.

To read another kind, write a module with one function, and add one row here. The function gets the path of a file
and returns what the file brings, an ImportedFile (see ncsresearch.ingest.imported_file for its fields), or a list of
them where a file holds several things, as a workbook holds sheets. For lines such as "S03: We waited for the bus":

    from ncsresearch.ingest.imported_file import Line, Records, imported_file

    def read_notes(path):
        records, lines = Records(), path.read_text(encoding="utf-8").splitlines()
        records.add("documents", document_id=path.stem, title=path.name)
        for number, line in enumerate(lines, start=1):
            person, _, words = line.partition(": ")
            records.add("participants", participant_id=person)
            records.add("segments", segment_id=str(number), document_id=path.stem, participant_id=person,
                        kind="passage", read_by="reader", text=words)
        return imported_file(path.name, records, [Line("line", len(lines), len(lines))], whole=["segments"])

    Reader("notes", (".notes",), "my_package.notes:read_notes")

Ids and what points to them are the file's own: the import gives rows the study's ids, knows a row again when a newer
version of the file comes, and doubles nothing. Tables and columns are those of the data dictionary; a cell that is
empty or left out changes nothing in the study. The account has a line for every kind of thing in the file, what was
not taken included. A file that cannot be read raises StudyError with its name.

A reader whose columns a person may explain with --map names a second function, which returns the columns of a file;
it is then given the path and the list of what --map says, and looks them up with fields.given_fields.

A format that is a text with speakers (as .docx is) needs no reader of its own: a function from its path to its lines,
in document.READERS, makes it a transcript. transcript.read_transcript says which lines begin a turn. A reader that knows
the speakers itself adds rows of interviews, attendances and turns (start and end in texts={document_id: text}), as
transcript.spoken_records does.
"""

from dataclasses import dataclass
from pathlib import Path

from ncsresearch.ingest.document import READERS as DOCUMENTS
from ncsresearch.ingest.file_format import FileFormat, format_of, function_named

INGEST = "ncsresearch.ingest"


@dataclass(frozen=True)
class Reader(FileFormat):
    """A kind of file that can be imported; columns names the function that lists what --map may explain."""

    columns: str = ""


READERS = (
    Reader(
        "transcript",
        tuple(ending for ending in DOCUMENTS if ending != ".json"),
        f"{INGEST}.transcript:read_transcript_file",
        f"{INGEST}.transcript:explained",
    ),
    Reader(
        "REFI-QDA project",
        (".qdpx",),
        f"{INGEST}.refi_qda:read_project",
        f"{INGEST}.refi_qda_file:variables_of",
    ),
    Reader("REFI-QDA codebook", (".qdc",), f"{INGEST}.refi_qda:read_codebook"),
    Reader("codings or recognised speech as JSON", (".json",), f"{INGEST}.coded_json:read_coded_json"),
    Reader(
        "QualCoder project",
        (".qda",),
        f"{INGEST}.qualcoder:read_qualcoder",
        f"{INGEST}.qualcoder:attributes_of",
    ),
    Reader("Taguette project", (".sqlite3", ".sqlite", ".db"), f"{INGEST}.taguette:read_taguette"),
    Reader(
        "workbook",
        (".xlsx", ".xlsm", ".csv", ".tsv", ".xls", ".xlsb", ".ods", ".sav", ".zsav"),
        f"{INGEST}.spreadsheet:read_workbook",
        f"{INGEST}.workbook:headings_of",
    ),
)


def reader_of(path: Path) -> Reader:
    """Return the reader for a file; raises StudyError that lists the known endings."""
    return format_of(path, READERS)


def columns_of(path: Path) -> set[str]:
    """Return the columns of a file that --map may explain."""
    named = reader_of(path).columns
    return set(function_named(named)(path)) if named else set()
