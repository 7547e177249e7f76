"""A source document, in any of its formats, as one normal text with positions.

The normal text has one paragraph a line, list items begin with "• ", or in Word with their number, cells of a table row are divided by
tabs, and runs of spaces are one space. The same document saved as text, HTML, Word or PDF gives the same lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ncsresearch.ingest.open_document import open_document_lines
from ncsresearch.ingest.recognised_speech import TABLES, read_speech
from ncsresearch.ingest.speaker_label import begin_turns
from ncsresearch.ingest.subtitles import read_subtitles
from ncsresearch.ingest.word_lists import BULLET
from ncsresearch.ingest.word_text import Paragraph, word_paragraphs
from ncsresearch.schema import StudyError

BULLETS = re.compile(r"^(?:[•●▪◦❖➤*–-]\s+)+")
HYPHENATED = re.compile(r"(?<=\w)[-/]$")
SPEAKER = re.compile(r"[^\W\d_][^:\n\t.?!]{0,40}")
EMPHASIS = re.compile(r"^(\*\*|__)([^\W\d_][^*_:]{0,60}:)\1|^(\*\*|__)([^\W\d_][^*_:]{0,60})\3(?=:)")
LONE = re.compile("[\ud800-\udfff]")
HIDDEN = re.compile(r"\{(?!\\rtf)(?=(?:\\[a-z]+-?\d*\s*)*\\(?:deleted|v)(?![a-z0-9]))")  # groups of RTF
NOTE = re.compile(r"\{(?:\\\*)?\\footnote(?![a-z])")
BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u3000\r\n]+")


@dataclass(frozen=True)
class Document:
    """A source document: its file's name and hash, and its normal text."""

    name: str
    file_sha256: str
    text: str

    @property
    def text_sha256(self) -> str:
        """Hash of the normal text."""
        return sha256(self.text.encode()).hexdigest()


def text_hash(passage: str) -> str:
    """Hash of a passage's words without their white space, the same wherever its lines were broken."""
    return sha256("".join(passage.split()).encode()).hexdigest()


def read_document(path: str | Path) -> Document:
    """Read a source document; READERS has the endings.

    Raises StudyError for a file of another kind, and for one that is not what its name says.
    """
    path = Path(path)
    try:
        reader = (READERS | OF_SPEECH)[path.suffix.lower()]
    except KeyError:
        raise StudyError(
            f"{path.name}: no reader for {path.suffix!r} files; known: {', '.join(READERS)}."
        ) from None
    if not path.is_file():
        raise StudyError(f"{path.name}: there is no such file in {path.parent.name or '.'}.")
    lines = [clean for line in reader(path) if (clean := normal_line(line))]
    if not lines:
        raise StudyError(f"{path.name}: holds no text; a scanned document has to be read by hand.")
    return Document(path.name, sha256(path.read_bytes()).hexdigest(), "\n".join(lines))


def normal_line(line: str) -> str:
    """Return one line of normal text; empty for a line without words."""
    line = SPACES.sub(" ", LONE.sub("\ufffd", line))
    line = line.replace(" \t", "\t").replace("\t ", "\t").strip(" ").rstrip("\t")
    return BULLETS.sub(BULLET, line) if re.search(r"\w", line) else ""


def _text_lines(path: Path) -> list[str]:
    from ncsresearch.ingest.positions import decoded

    return [EMPHASIS.sub(r"\2\4", line) for line in decoded(path.read_bytes(), path.name).text.splitlines()]


def _rtf_lines(path: Path) -> list[str]:
    from striprtf.striprtf import rtf_to_text

    content = path.read_bytes()
    if not content.lstrip().startswith(b"{\\rtf"):
        raise StudyError(f"{path.name}: is not RTF, though its name says so.")
    try:
        text = rtf_to_text(_seen(content.decode("ascii", "surrogateescape")), errors="replace")
    except Exception:  # striprtf raises whatever a damaged group trips it into
        raise StudyError(f"{path.name}: is damaged RTF; save it as Word.") from None
    is_table = rb"\cell" in content  # striprtf writes an upright line between the cells of a row
    return (text.replace("|", "\t") if is_table else text).splitlines()


def notes_of_rtf(path: Path) -> dict[str, int]:
    """Return how many footnotes and hidden or deleted groups of words RTF has, which are not read."""
    rtf = path.read_bytes().decode("ascii", "surrogateescape")
    found = {"footnote": len(NOTE.findall(rtf)), "hidden or deleted part of a line": len(HIDDEN.findall(rtf))}
    return {kind: n for kind, n in found.items() if n}


def _seen(rtf: str) -> str:
    """Return RTF without the groups that its reader does not see: deleted and hidden words."""
    kept, at = [], 0
    for match in HIDDEN.finditer(rtf):
        if match.start() >= at:
            end = _end_of_group(rtf, match.start())
            seen = rtf.find("\\v0", match.start(), end)  # words behind it are seen again
            kept += [rtf[at : match.start()], "{" * (seen > 0)]
            at = seen if seen > 0 else end
    return "".join([*kept, rtf[at:]])


def _end_of_group(rtf: str, start: int) -> int:
    depth = 0
    for brace in BRACES.finditer(rtf, start):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if not depth:
            return brace.end()
    return len(rtf)


def _html_lines(path: Path) -> list[str]:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(path.read_bytes() or b"<p></p>", parser=parser)
    except etree.LxmlError:
        raise StudyError(f"{path.name}: is not HTML, though its name says so.") from None
    for element in root.xpath(UNSEEN):
        element.drop_tree()
    try:
        return "".join(_html_text(root)).split("\n")
    except RecursionError:
        raise StudyError(f"{path.name}: its elements are nested too deeply; save it as text.") from None


def _html_text(element) -> Iterator[str]:
    if element.tag in ("td", "th"):
        lines = "".join(map("".join, map(_html_text, element))) if len(element) else ""
        yield "\t" if element.getprevious() is not None else ""
        yield " ".join(f"{element.text or ''}{lines}".split())
        return
    block = element.tag not in INLINE
    yield "\n" * block + BULLET * (element.tag == "li") + SPACES.sub(" ", element.text or "")
    for child in element:
        inner = "".join(_html_text(child))
        yield inner.lstrip("\n ") if element.tag == "li" and child is element[0] else inner
        yield SPACES.sub(" ", child.tail or "")
    yield "\n" * block


STYLES = {"b", "cite", "em", "font", "i", "mark", "q", "small", "strong", "sub", "sup", "u"}
INLINE = STYLES | {"a", "abbr", "code", "ins", "kbd", "label", "s", "span", "time", "tt", "var"}
UNSEEN = "//script|//style|//template|//head|//nav|//del|//*[@hidden]|//*[contains(translate(@style, ' ', ''), 'display:none')]"


def _word_lines(path: Path) -> Iterator[str]:
    paragraphs = word_paragraphs(path)
    speakers = _in_bold(paragraphs)
    for paragraph in paragraphs:
        words = paragraph.words
        if paragraph.bold in speakers:
            words = f"{paragraph.bold}: {_behind_bold(paragraph)}"
        lines = words.strip("\n").split("\n")
        first, *others = lines if begin_turns(lines) else [" ".join(lines)]
        yield paragraph.mark * bool(first.strip()) + first
        yield from others


def _behind_bold(paragraph: Paragraph) -> str:
    return paragraph.words.lstrip().removeprefix(paragraph.bold).lstrip()


def _in_bold(paragraphs: list[Paragraph]) -> set[str]:
    """Return the names in bold that begin most paragraphs of a document, two at least and without a colon: who speaks there."""
    named = [each for each in paragraphs if SPEAKER.fullmatch(each.bold)]
    begun = [each.bold for each in named if _behind_bold(each)[:1].isalnum()]
    spoken = sum(bool(each.words.strip()) for each in paragraphs)
    come_round = 1 < len(set(begun)) < len(begun) and 2 * len(begun) > spoken
    return set(begun) if come_round else set()


def _pdf_lines(path: Path) -> Iterator[str]:
    import pdfplumber

    try:
        with pdfplumber.open(path) as pdf:
            pages = [page.dedupe_chars().extract_text_lines(return_chars=True) for page in pdf.pages]
    except Exception as error:  # pdfminer raises whatever a damaged object of a PDF trips it into
        if "PDFPasswordIncorrect" in repr(error):
            raise StudyError(f"{path.name}: is protected by a password; save it without one.") from None
        raise StudyError(f"{path.name}: is not a PDF, though its name says so.") from None
    paragraph, last = "", None
    for line in (line for page in pages for line in page):
        if last is not None and _continues(last, line):
            paragraph += " " * (not HYPHENATED.search(last["text"])) + line["text"]
        else:
            yield paragraph
            paragraph = line["text"]
        last = line
    yield paragraph


def _continues(last: dict, line: dict) -> bool:
    height = last["bottom"] - last["top"]
    same_size = abs(line["chars"][0]["size"] - last["chars"][0]["size"]) < 0.5
    same_font = line["chars"][0]["fontname"] == last["chars"][0]["fontname"]
    gap = line["top"] - last["bottom"]
    next_page = gap < -height
    near = gap < 0.5 * height and not next_page
    runs_on = next_page and not re.search(r"[.!?:”\")]$", last["text"])
    return same_size and same_font and (near or runs_on) and not BULLETS.match(line["text"])


READERS = {
    ".txt": _text_lines,
    ".vtt": read_subtitles,
    ".srt": read_subtitles,
    ".json": read_speech,
    ".rtf": _rtf_lines,
    ".odt": open_document_lines,
    ".html": _html_lines,
    ".htm": _html_lines,
    ".docx": _word_lines,
    ".pdf": _pdf_lines,
}
OF_SPEECH = dict.fromkeys(TABLES, read_speech)  # tables of speech recognition; other tables are no text
