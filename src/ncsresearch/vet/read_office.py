"""Read a Word document or an Excel workbook: what is seen and what is hidden in it."""

import posixpath
import re
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZipFile

from lxml import etree

from ncsresearch.vet.people_words import listed
from ncsresearch.vet.place import Place, Reading, Table, headed

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARTS = {"comments": "comment", "header": "page header", "footer": "page footer", "footnotes": "footnote"}
PARTS |= {"endnotes": "endnote", "docProps": "properties", "custom": "properties"}
PROPERTIES = listed("title subject creator description keywords category lastModifiedBy identifier")
# what a format shows by words of its attributes: number formats, prompts of cells, tooltips
SHOWN = {"formatCode": "number format", "prompt": "prompt of a cell", "promptTitle": "prompt of a cell"}
SHOWN |= {"error": "prompt of a cell", "errorTitle": "prompt of a cell", "tooltip": "tooltip"}
ATTRIBUTES = "|".join(f"//@{name}" for name in SHOWN)
READ = re.compile(
    r"xl/(worksheets/sheet|comments|workbook\.xml|theme)|docProps/|word/(document\.xml|styles|theme|media/)"
)


def read_office(content: bytes, file: str) -> Reading:
    """Return what a document or workbook shows, then what it holds beside: other parts and comments of the archive.

    Raises ValueError for a document that holds another file, which is not read.
    """
    with ZipFile(BytesIO(content)) as archive:
        listed = archive.infolist()
        last, registered = {each.filename: each for each in listed}, _registered(archive)
        strays = [
            each for each in listed if each is not last[each.filename] or each.filename not in registered
        ]
        parts = {each.filename: archive.read(each) for each in listed if each not in strays}
        beside = [_stray(each.filename, archive.read(each), file) for each in strays]
    told = [("the archive", archive.comment), *((f"part {each.filename}", each.comment) for each in listed)]
    beside += [
        Place(file, f"comment of {of}", said.decode("utf-8", "replace"), "note") for of, said in told if said
    ]
    roots = {name: etree.fromstring(part) for name, part in parts.items() if name.endswith(".xml")}
    out = _document(parts, roots, file) if file.lower().endswith(".docx") else _workbook(content, file)
    shown = "\n".join(place.text for place in out.places())
    out.texts += beside + [
        place for name, root in roots.items() for place in _beside(name, root, file, shown)
    ]
    return out


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


def _stray(name: str, content: bytes, file: str) -> Place:
    where = f"part {name}, which the file does not register"
    try:
        return Place(file, where, re.sub(r"<[^>]*>", " ", content.decode()), "note")
    except ValueError:
        return Place(file, where, "", "unread")


def _beside(name: str, root, file: str, shown: str) -> list[Place]:
    """The words of a part that no other reader takes, and of any part those that attributes show."""
    read = READ.match(name) or _part_kind(name)
    texts = [] if read else [node.text for node in root.iter("*") if node.text]
    out = [Place(file, f"part {name}", text) for text in texts if text not in shown]
    for said in root.xpath(ATTRIBUTES):
        where = SHOWN[said.attrname]
        if said.attrname == "formatCode":
            out.append(Place(file, where, " ".join(re.findall(r'"([^"]*)"', said)), "label"))
        else:
            out.append(Place(file, f"{where}, part {name}", str(said), "note"))
    return out


def _document(parts: dict[str, bytes], roots: dict, file: str) -> Reading:
    """Return the paragraphs, tables, comments, notes, headers, properties and hidden words of a document."""
    if any(name.startswith("word/embeddings/") for name in parts):
        raise ValueError("a file within the document")
    out = _body(roots["word/document.xml"], file)
    for name, part in parts.items():
        if name.startswith("word/media/"):
            picture = f"picture {PurePosixPath(name).stem}"
            out.texts.append(Place(file, picture, "", "unread", sha256(part).hexdigest()))
        elif name in roots and (kind := _part_kind(name)):
            out.texts += _numbered(roots[name], file, kind)
    return out


def _part_kind(name: str) -> str:
    return next((kind for start, kind in PARTS.items() if start in name), "")


def _body(root, file: str) -> Reading:
    out = Reading()
    for number, paragraph in enumerate(
        root.xpath(".//w:p[not(ancestor::w:tbl)]", namespaces={"w": W[1:-1]}), 1
    ):
        out.texts += _paragraph(paragraph, file, f"paragraph {number}")
    for number, table in enumerate(root.iter(f"{W}tbl"), 1):
        out.tables.append(_table(table, file, number))
        paragraphs = table.iter(f"{W}p")
        out.texts += [place for node in paragraphs for place in _hidden(node, file, f"table {number}")]
    for node in root.iter("{*}docPr"):
        told = " ".join(filter(None, (node.get("title"), node.get("descr"))))
        out.texts.append(Place(file, "alternative text of a figure", told, "figure"))
    return out


def _said(node) -> str:
    return "".join(part.text or "" for part in node.iter(f"{W}t", f"{W}delText", f"{W}instrText"))


def _paragraph(node, file: str, where: str) -> list[Place]:
    style = node.find(f"{W}pPr/{W}pStyle")
    quote = style is not None and "quote" in style.get(f"{W}val", "").lower()
    said = _said(node)
    return [
        Place(file, where, said, "quote" if quote else "text", said.split("—")[0] if quote else ""),
        *_hidden(node, file, where),
    ]


def _hidden(node, file: str, where: str) -> list[Place]:
    runs = [run for run in node.iter(f"{W}r") if run.find(f"{W}rPr/{W}vanish") is not None]
    gone = "".join(part.text or "" for part in node.iter(f"{W}delText"))
    said = "".join(map(_said, runs))
    told = [
        Place(file, f"{where}, hidden text", said, "note"),
        Place(file, f"{where}, deleted text", gone, "note"),
    ]
    return [place for place in told if place.text]


def _table(table, file: str, number: int) -> Table:
    rows = [[_said(cell) for cell in row.iterchildren(f"{W}tc")] for row in table.iter(f"{W}tr")]
    headings, body = headed(rows)
    below = table.getnext()
    base = "" if below is None else _said(below)
    return Table(file, f"table {number}", headings, body, base=base if base.startswith("Base:") else "")


def _numbered(root, file: str, kind: str) -> list[Place]:
    """The texts of a part; of its properties, those that are no number."""
    said = [_said(node) for node in root.iter(f"{W}p")]
    said += [node.text for node in root.iter("*") if not node.tag.startswith(W) and node.text]
    kept = [text for text in said if text.strip() and not (kind == "properties" and text.strip().isdigit())]
    return [Place(file, f"{kind} {number}", text) for number, text in enumerate(kept, 1)]


def _workbook(content: bytes, file: str) -> Reading:
    """Return the sheets, hidden ones included, comments, defined names, headers and properties of a workbook."""
    import openpyxl

    book, out = openpyxl.load_workbook(BytesIO(content)), Reading()
    for sheet in book.worksheets:
        out.add(_sheet(sheet, file))
    for name, defined in book.defined_names.items():
        out.texts += [Place(file, f"defined name {name}", str(defined.attr_text or "").strip('="'), "label")]
        out.texts += [Place(file, f"defined name {name}", str(defined.comment or ""))]
    told = [str(getattr(book.properties, name) or "") for name in sorted(PROPERTIES)]
    out.texts += [Place(file, "properties", text) for text in told]
    return out


def _sheet(sheet, file: str) -> Reading:
    where = f'sheet "{sheet.title}"' if sheet.sheet_state == "visible" else f'hidden sheet "{sheet.title}"'
    out = Reading()
    lines = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    head = next((at for at, row in enumerate(lines) if sum(map(bool, row)) > 1), 0)
    body = tuple(map(tuple, lines[head + 1 :]))
    above = [cell for row in lines[:head] for cell in row if cell]
    base = next((line for line in above if line.startswith("Base: ")), "")
    headings = tuple(lines[head]) if lines else ()
    out.tables.append(Table(file, where, headings, body, " ".join(above), base, first_row=head + 2))
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment:
                out.texts.append(
                    Place(file, f"{where}, comment on cell {cell.coordinate}", cell.comment.text, "note")
                )
    if sheet._images or sheet._charts:
        out.texts.append(Place(file, f"{where}, picture or chart", "", "unread"))
    for end in (sheet.oddHeader, sheet.oddFooter):
        told = " ".join(filter(None, (end.left.text, end.center.text, end.right.text)))
        out.texts.append(Place(file, f"{where}, page header or footer", told))
    return out
