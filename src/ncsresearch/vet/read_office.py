"""Read a Word document or an Excel workbook: what is seen and what is hidden in it."""

import posixpath
import re
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZipFile

from lxml import etree

from ncsresearch.vet.people_words import listed
from ncsresearch.vet.place import Piece, Place, Reading, Table, headed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARTS = {"comments": "comment", "header": "page header", "footer": "page footer", "footnotes": "footnote"}
PARTS |= {"endnotes": "endnote", "docProps": "properties", "custom": "properties"}
PROPERTIES = sorted(listed("title subject creator description keywords category lastModifiedBy identifier"))
# what a format shows by words of its attributes: number formats, prompts of cells, tooltips
SHOWN = {"formatCode": "number format", "prompt": "prompt of a cell", "promptTitle": "prompt of a cell"}
SHOWN |= {"error": "prompt of a cell", "errorTitle": "prompt of a cell", "tooltip": "tooltip"}
ATTRIBUTES = "|".join(f"//@{name}" for name in SHOWN)
READ = re.compile(
    r"xl/(worksheets/sheet|comments|workbook\.xml|theme)|docProps/|word/(document\.xml|styles|theme|media/)"
)


def read_office(content: bytes, *, word: bool) -> list[Piece]:
    """Return what a document or workbook shows, then what it holds beside: other parts and comments of the archive.

    Raises ValueError for a document that holds another file, which is not read.
    """
    with ZipFile(BytesIO(content)) as archive:
        files = archive.infolist()
        last, registered = {each.filename: each for each in files}, _registered(archive)
        known = [each for each in files if each is last[each.filename] and each.filename in registered]
        parts = {each.filename: archive.read(each) for each in known}
        beside = [_stray(each.filename, archive.read(each)) for each in files if each not in known]
    told = [("the archive", archive.comment), *((f"part {each.filename}", each.comment) for each in files)]
    beside += [Place(f"comment of {of}", str(said, "utf-8", "replace"), "note") for of, said in told if said]
    roots = {name: etree.fromstring(part) for name, part in parts.items() if name.endswith(".xml")}
    out = Reading()
    out.add(_document(parts, roots) if word else _workbook(content))
    shown = "\n".join(place.text for place in out.places())
    return [*out, *beside, *(place for name, root in roots.items() for place in _beside(name, root, shown))]


def _registered(archive: ZipFile) -> set[str]:
    """The parts that the list of contents or a relationship names, and those that are such a list."""
    types = etree.fromstring(archive.read("[Content_Types].xml"))
    found = {node.get("PartName").lstrip("/") for node in types.iter("{*}Override")} | {"[Content_Types].xml"}
    for name in archive.namelist():
        if name.endswith((".rels", "/")):
            found.add(name)
        if name.endswith(".rels"):
            for node in etree.fromstring(archive.read(name)).iter("{*}Relationship"):
                target = posixpath.join("/", posixpath.dirname(posixpath.dirname(name)), node.get("Target"))
                found.add(posixpath.normpath(target).lstrip("/"))
    return found


def _stray(name: str, content: bytes) -> Place:
    where = f"part {name}, which the file does not register"
    try:
        return Place(where, re.sub(r"<[^>]*>", " ", content.decode()), "note")
    except ValueError:
        return Place(where, "", "unread")


def _beside(name: str, root, shown: str) -> Iterator[Place]:
    """The words of a part that no other reader takes, and of any part those that attributes show."""
    read = READ.match(name) or _part_kind(name)
    texts = [] if read else [node.text for node in root.iter("*") if node.text]
    yield from (Place(f"part {name}", text) for text in texts if text not in shown)
    for said in root.xpath(ATTRIBUTES):
        where = SHOWN[said.attrname]
        if said.attrname == "formatCode":
            yield Place(where, " ".join(re.findall(r'"([^"]*)"', said)), "label")
        else:
            yield Place(f"{where}, part {name}", str(said), "note")


def _document(parts: dict[str, bytes], roots: dict) -> Iterator[Piece]:
    """Yield the paragraphs, tables, comments, notes, headers, properties and hidden words of a document."""
    if any(name.startswith("word/embeddings/") for name in parts):
        raise ValueError("a file within the document")
    yield from _body(roots["word/document.xml"])
    for name, part in parts.items():
        if name.startswith("word/media/"):
            yield Place(f"picture {PurePosixPath(name).stem}", "", "unread", sha256(part).hexdigest())
        elif name in roots and (kind := _part_kind(name)):
            yield from _numbered(roots[name], kind)


def _part_kind(name: str) -> str:
    return next((kind for start, kind in PARTS.items() if start in name), "")


def _body(root) -> Iterator[Piece]:
    free = root.xpath(".//w:p[not(ancestor::w:tbl)]", namespaces={"w": W[1:-1]})
    for number, paragraph in enumerate(free, 1):
        yield _paragraph(paragraph, f"paragraph {number}")
        yield from _hidden(paragraph, f"paragraph {number}")
    for number, table in enumerate(root.iter(f"{W}tbl"), 1):
        yield _table(table, f"table {number}")
        for paragraph in table.iter(f"{W}p"):
            yield from _hidden(paragraph, f"table {number}")
    for node in root.iter("{*}docPr"):
        told = " ".join(filter(None, (node.get("title"), node.get("descr"))))
        yield Place("alternative text of a figure", told, "figure")


def _said(node) -> str:
    return "".join(part.text or "" for part in node.iter(f"{W}t", f"{W}delText", f"{W}instrText"))


def _paragraph(node, where: str) -> Place:
    style, said = node.find(f"{W}pPr/{W}pStyle"), _said(node)
    quote = style is not None and "quote" in style.get(f"{W}val", "").lower()
    return Place(where, said, "quote", said.split("—")[0]) if quote else Place(where, said)


def _hidden(node, where: str) -> Iterator[Place]:
    runs = [run for run in node.iter(f"{W}r") if run.find(f"{W}rPr/{W}vanish") is not None]
    gone = [part.text or "" for part in node.iter(f"{W}delText")]
    for kind, said in (("hidden", "".join(map(_said, runs))), ("deleted", "".join(gone))):
        if said:
            yield Place(f"{where}, {kind} text", said, "note")


def _table(table, where: str) -> Table:
    rows = [[_said(cell) for cell in row.iterchildren(f"{W}tc")] for row in table.iter(f"{W}tr")]
    below = table.getnext()
    base = "" if below is None else _said(below)
    return Table(where, *headed(rows), base=base if base.startswith("Base:") else "")


def _numbered(root, kind: str) -> Iterator[Place]:
    """Yield the texts of a part; of its properties, those that are no number."""
    said = [_said(node) for node in root.iter(f"{W}p")]
    said += [node.text for node in root.iter("*") if not node.tag.startswith(W) and node.text]
    kept = [text for text in said if text.strip() and not (kind == "properties" and text.strip().isdigit())]
    yield from (Place(f"{kind} {number}", text) for number, text in enumerate(kept, 1))


def _workbook(content: bytes) -> Iterator[Piece]:
    """Yield the sheets, hidden ones included, comments, defined names, headers and properties of a workbook."""
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(content))
    for sheet in book.worksheets:
        where = f'sheet "{sheet.title}"'
        yield from _sheet(sheet, where if sheet.sheet_state == "visible" else f"hidden {where}")
    for name, defined in book.defined_names.items():
        yield Place(f"defined name {name}", str(defined.attr_text or "").strip('="'), "label")
        yield Place(f"defined name {name}", str(defined.comment or ""))
    for name in PROPERTIES:
        yield Place("properties", str(getattr(book.properties, name) or ""))


def _sheet(sheet, where: str) -> Iterator[Piece]:
    lines = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    head = next((at for at, row in enumerate(lines) if sum(map(bool, row)) > 1), 0)
    above = [cell for row in lines[:head] for cell in row if cell]
    base = next((line for line in above if line.startswith("Base: ")), "")
    headings, *body = map(tuple, lines[head:] or [[]])
    yield Table(where, headings, tuple(body), " ".join(above), base, first_row=head + 2)
    for cell in (cell for row in sheet.iter_rows() for cell in row if cell.comment):
        yield Place(f"{where}, comment on cell {cell.coordinate}", cell.comment.text, "note")
    if sheet._images or sheet._charts:
        yield Place(f"{where}, picture or chart", "", "unread")
    for end in (sheet.oddHeader, sheet.oddFooter):
        told = " ".join(filter(None, (end.left.text, end.center.text, end.right.text)))
        yield Place(f"{where}, page header or footer", told)
