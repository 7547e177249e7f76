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
EMBEDDED = "/word/embeddings/"
PROPERTIES = listed("title subject creator description keywords category lastModifiedBy identifier")


# what a format shows by words of its attributes: number formats, prompts of cells, tooltips
SHOWN = {"formatCode": "number format", "prompt": "prompt of a cell", "promptTitle": "prompt of a cell"}
SHOWN |= {"error": "prompt of a cell", "errorTitle": "prompt of a cell", "tooltip": "tooltip"}
READ = re.compile(
    r"xl/(worksheets/sheet|comments|workbook\.xml|theme)|docProps/|word/(document\.xml|styles|theme|media/)"
)


def read_office(content: bytes, file: str) -> Reading:
    """Return what a document or workbook shows, then what it holds beside: other parts and comments of the archive."""
    out = read_docx(content, file) if file.lower().endswith(".docx") else read_xlsx(content, file)
    shown = "\n".join(place.text for place in out.places())
    with ZipFile(BytesIO(content)) as archive:
        registered = _registered(archive)
        told = [(f"comment of part {each.filename}", each.comment) for each in archive.infolist()]
        for where, comment in [("comment of the archive", archive.comment), *told]:
            out.texts += [Place(file, where, comment.decode("utf-8", "replace"), "note")] if comment else []
        seen = set()
        for each in reversed(archive.infolist()):
            if each.filename in seen or each.filename not in registered:
                out.texts.append(_stray(each.filename, archive.read(each), file))
            elif each.filename.endswith(".xml"):
                out.texts += _beside(each.filename, etree.fromstring(archive.read(each)), file, shown)
            seen.add(each.filename)
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
    nodes = [node for node in root.iter() if not callable(node.tag)]
    texts = [] if READ.match(name) or _part_kind(name) else [node.text for node in nodes if node.text]
    out = [Place(file, f"part {name}", text) for text in texts if text not in shown]
    for node in nodes:
        for attribute in SHOWN.keys() & node.attrib.keys():
            said, where = node.get(attribute), SHOWN[attribute]
            if attribute == "formatCode":
                out.append(Place(file, where, " ".join(re.findall(r'"([^"]*)"', said)), "label"))
            else:
                out.append(Place(file, f"{where}, part {name}", said, "note"))
    return out


def read_docx(content: bytes, file: str) -> Reading:
    """Return the paragraphs, tables, comments, notes, headers, properties and hidden words of a document.

    Raises ValueError for a document that holds another file, which is not read.
    """
    import docx

    out = Reading()
    for part in docx.Document(BytesIO(content)).part.package.iter_parts():
        name = str(part.partname)
        if name.startswith(EMBEDDED):
            raise ValueError("a file within the document")
        if name.startswith("/word/media/"):
            drawn = sha256(part.blob).hexdigest()
            out.texts.append(Place(file, f"picture {PurePosixPath(name).stem}", "", "unread", drawn))
        elif name == "/word/document.xml":
            out.add(_body(etree.fromstring(part.blob), file))
        elif name.endswith(".xml") and (kind := _part_kind(name)):
            out.add(_part(etree.fromstring(part.blob), file, kind))
    return out


def _part_kind(name: str) -> str:
    return next((kind for start, kind in PARTS.items() if start in name), "")


def _body(root, file: str) -> Reading:
    out = Reading()
    paragraphs = [
        node for node in root.iter(f"{W}p") if not any(up.tag == f"{W}tbl" for up in node.iterancestors())
    ]
    for number, paragraph in enumerate(paragraphs, 1):
        out.texts += _paragraph(paragraph, file, f"paragraph {number}")
    for number, table in enumerate(root.iter(f"{W}tbl"), 1):
        out.tables.append(_docx_table(table, file, number))
        out.texts += [
            place for node in table.iter(f"{W}p") for place in _hidden(node, file, f"table {number}")
        ]
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


def _docx_table(table, file: str, number: int) -> Table:
    rows = [[_said(cell) for cell in row.iterchildren(f"{W}tc")] for row in table.iter(f"{W}tr")]
    headings, body = headed(rows)
    below = table.getnext()
    base = "" if below is None else _said(below)
    return Table(file, f"table {number}", headings, body, base=base if base.startswith("Base:") else "")


def _part(root, file: str, kind: str) -> Reading:
    said = [_said(node) for node in root.iter(f"{W}p")]
    said += [
        node.text
        for node in root.iter()
        if not callable(node.tag) and not node.tag.startswith(W) and node.text
    ]
    skipped = kind == "properties"
    kept = [text for text in said if text.strip() and not (skipped and text.strip().isdigit())]
    return Reading(texts=[Place(file, f"{kind} {number}", text) for number, text in enumerate(kept, 1)])


def read_xlsx(content: bytes, file: str) -> Reading:
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
