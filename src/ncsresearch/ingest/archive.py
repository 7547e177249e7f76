"""A zip file from elsewhere, and the XML in it, opened without trusting what it says of itself."""

import lzma
import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path, PurePosixPath

from ncsresearch.schema import StudyError

LARGEST = 512 * 1024**2
MOST_PACKED = 200
LONGEST_DECLARATION = 40  # bytes of "<!DOCTYPE" in any encoding that is read
MANY_TIMES = 20 * 1024**2
OFFICE_BEFORE_2007 = b"\xd0\xcf\x11\xe0"
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)
ENCODED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.-]*)""")
PLAIN_ENCODINGS = re.compile(rb"utf-?(8|16|16le|16be)|(us-)?ascii|iso-8859-\d+|windows-125\d", re.IGNORECASE)
# how files begin that are often saved under another ending, what is in them besides, what they are, and the ending to give them
KINDS = (
    (b"pk\x03\x04", b"xl/workbook", "an Excel workbook", ".xlsx"),
    (b"pk\x03\x04", b"word/document", "a Word document", ".docx"),
    (b"pk\x03\x04", b"opendocument.spreadsheet", "an OpenDocument spreadsheet", ".ods"),
    (b"pk\x03\x04", b"opendocument.text", "an OpenDocument text", ".odt"),
    (b"pk\x03\x04", b"project.qde", "a REFI-QDA project", ".qdpx"),
    (b"\xd0\xcf\x11\xe0", b"", "a file of Office before 2007", ".xls"),
    (b"%pdf-", b"", "a PDF", ".pdf"),
    (b"{\\rtf", b"", "RTF", ".rtf"),
    (b"<html", b"", "a web page", ".html"),
    (b"<!doctype html", b"", "a web page", ".html"),
)


class Archive:
    """The entries of a zip file by their names in lower case; a class, because it holds the file open."""

    def __init__(self, file: Path | BytesIO, name: str = ""):
        self.name = name or file.name
        try:
            self._zip = zipfile.ZipFile(file)
        except BROKEN as error:
            raise StudyError(f"{self.name}: is not a whole zip file ({error}); save it again.") from None
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        if fault := _fault_of(entries):
            self._zip.close()
            raise StudyError(f"{self.name}: {fault}")
        self.entries = {_plain(entry.filename): entry for entry in entries}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._zip.close()

    def read(self, name: str) -> bytes | None:
        """Return an entry's bytes, whatever the case of its name; None where there is no such entry."""
        entry = self.entries.get(_plain(name))
        if entry is None:
            return None
        with self._opened(entry) as file:
            content = self.unpacked(file, LARGEST + 1)
        if len(content) > LARGEST:
            raise StudyError(f"{self.name}: {entry.filename} is larger than {_megabytes(LARGEST)}.")
        return content

    def _opened(self, entry: zipfile.ZipInfo) -> zipfile.ZipExtFile:
        try:
            return self._zip.open(entry)
        except BROKEN as error:
            raise StudyError(f"{self.name}: {entry.filename} cannot be unpacked ({error}).") from None

    def stream(self, name: str) -> "SoundXML":
        """Return an entry of XML to be read piece by piece; raises StudyError, at any piece, for what read or a parser refuses."""
        return SoundXML(self, self._opened(self.entries[_plain(name)]))

    def unpacked(self, file: zipfile.ZipExtFile, size: int) -> bytes:
        """Return the next bytes of an open entry."""
        try:
            return file.read(size)
        except BROKEN as error:
            raise StudyError(f"{self.name}: {file.name} cannot be unpacked ({error}).") from None


class SoundXML:
    """XML of an archive as a file that a parser reads; a class, because a parser asks for a file."""

    def __init__(self, archive: Archive, file: zipfile.ZipExtFile):
        self.archive, self.file, self.size, self.end = archive, file, 0, b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, looked at together with the end of those before."""
        piece = self.archive.unpacked(self.file, size)
        if not self.size:
            refuse_encoding(piece, self.archive.name)
        self.size += len(piece)
        if self.size > LARGEST:
            raise StudyError(f"{self.archive.name}: {self.file.name} is larger than {_megabytes(LARGEST)}.")
        self.end = self.end[-LONGEST_DECLARATION:] + piece
        refuse_types(self.end, self.archive.name)
        return piece


def _fault_of(entries: list[zipfile.ZipInfo]) -> str:
    """Return why a zip file of these entries is not opened; empty where it may be."""
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
            return f"holds an entry that would leave its folder ({entry.filename!r}); not opened."
        if entry.flag_bits & 1:
            return "is protected by a password; save it without one."
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if size > LARGEST:
        return f"says it holds {_megabytes(size)}, more than {_megabytes(LARGEST)}; not opened."
    if size > MANY_TIMES and size > MOST_PACKED * packed:
        return f"{_megabytes(size)} packed {size // max(packed, 1)} times smaller is no project; not opened."
    return ""


def check_office_file(content: bytes, name: str, kind: str) -> None:
    """Refuse a Word or Excel file that is no safe zip file, or whose XML declares what none needs."""
    if content.startswith(OFFICE_BEFORE_2007):
        raise StudyError(
            f"{name}: is protected by a password or older than its name says; save it again without a password."
        )
    if not content.startswith(b"PK"):
        raise StudyError(f"{name}: is not {kind}, though its name says so.")
    with Archive(BytesIO(content), name) as archive:
        for entry in archive.entries:
            if entry.endswith((".xml", ".rels", ".vml")):
                refuse_declarations(archive.read(entry), name)


def refuse_declarations(content: bytes, name: str) -> None:
    """Refuse XML with a document type or entities, and XML in an encoding that could hide them."""
    refuse_types(content, name)
    refuse_encoding(content, name)


def refuse_types(content: bytes, name: str) -> None:
    """Refuse a piece of XML that declares a document type or entities."""
    if re.search(rb"<!(DOCTYPE|ENTITY)", content.replace(b"\x00", b"")):
        raise StudyError(f"{name}: declares a document type or entities, which no project needs; not read.")


def refuse_encoding(content: bytes, name: str) -> None:
    """Refuse XML that begins in an encoding that could hide what it declares."""
    plain = content.replace(b"\x00", b"")
    encoded = ENCODED.search(plain[:1000])
    known = PLAIN_ENCODINGS.fullmatch(encoded[1]) if encoded else plain.isascii() or b"<" in plain[:1000]
    if not known:
        raise StudyError(f"{name}: its XML is not in UTF-8; save it again as UTF-8.")


def _plain(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./").lower()


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:,.0f} MB"


def refuse_another_kind(content: bytes, name: str) -> None:
    """Raise StudyError for what is no text but a file of another kind under the ending of a text or table."""
    own, begins = Path(name).suffix.lower(), content[:100].lstrip().lower()
    for start, within, kind, ending in KINDS:
        if begins.startswith(start) and within in content and own[:4] != ending[:4]:
            raise StudyError(
                f"{name}: is {kind}, though its ending is {own}; call it {Path(name).stem}{ending}, or save it as {own}."
            )
