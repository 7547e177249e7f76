"""Read a page or a drawing: every text, table, tooltip, alternative text, comment and data attribute."""

import re
from collections import Counter
from urllib.parse import unquote

from lxml import html

from ncsresearch.vet.people_words import figure_of_people, listed, names_people
from ncsresearch.vet.place import Number, Place, Reading, Table, headed

INLINE = listed(
    "a abbr b bdi br cite code del dfn em i ins kbd mark q s samp small span strong sub sup time tspan u var wbr"
)
TOLD = {"title": "tooltip", "alt": "alternative text", "aria-label": "label", "aria-description": "label"}
TOLD |= {"content": "page property", "summary": "label", "value": "value", "placeholder": "value"}
NAMES = {"p": "paragraph", "li": "list item", "pre": "text output", "text": "text in a figure"}
NAMES |= {"desc": "description of a figure", "script": "script", "style": "style", "summary": "summary"}
NAMES |= {f"h{level}": "heading" for level in range(1, 7)}
CODE = {"script", "style"}
ASSIGNED = re.compile(r"(\w+)[\"']?\s*[:=]\s*[\"']?(\d+)\b")
TICK = re.compile(r"[xy]tick_\d+")


def read_html(source: str | bytes, file: str, within: str = "") -> Reading:
    """Return what a page, a part of a page or a drawing holds; within leads to it where it stands in another file."""
    if not source.strip():
        return Reading()
    parsed = html.fromstring(source.encode() if isinstance(source, str) else source, parser=_parser())
    return _Page(parsed, file, within).read()


def _parser() -> html.HTMLParser:
    return html.HTMLParser(encoding="utf-8")


class _Page:
    """One page on its way to a reading; a class, since numbering and headings run through all of it."""

    def __init__(self, root, file: str, within: str):
        self.root, self.file, self.within = root.getroottree().getroot(), file, within
        self.numbers, self.heading, self.out = Counter(), "", Reading()

    def read(self) -> Reading:
        blocks = {}
        for node in self.root.iter():
            self._collect(node, blocks)
        for node in self.root.iter():
            if callable(node.tag):
                self._text("comment", node.text or "")
            else:
                self._attributes(node)
                self._block(node, " ".join("".join(blocks.get(node, [])).split()))
        for number, table in enumerate(self.root.iter("table"), 1):
            self.out.tables.append(_table(table, self.file, self._below(f"table {number}")))
        return self.out

    def _collect(self, node, blocks: dict) -> None:
        """Give the text before and after an element to the block it stands in."""
        parent = node.getparent()
        if not callable(node.tag):
            self._put(_block_of(node), node.text, blocks)
        if parent is not None:
            self._put(_block_of(parent), node.tail, blocks)

    def _put(self, block, text: str | None, blocks: dict) -> None:
        blocks.setdefault(block, []).append(text or " ")

    def _block(self, block, text: str) -> None:
        if block.tag in ("h1", "h2", "h3") and text:
            self.heading, self.numbers = text, Counter(table=self.numbers["table"])
        above = {node.tag for node in block.iterancestors()}
        self._pair(block)
        if block.tag == "blockquote":
            self._quote(block)
        elif not above & {"blockquote", "table"} and block.tag != "table":
            self._text(_name(block, above), text, _kind(block, above))

    def _pair(self, block) -> None:
        """Take a value under a name as a number: of a list of definitions, or of data within a script."""
        before = block.getprevious()
        pairs = [(_flat(before), _flat(block))] if block.tag == "dd" and before is not None else []
        if block.tag == "script":
            pairs = [
                pair for pair in ASSIGNED.findall(block.text or "") if names_people(pair[0].replace("_", " "))
            ]
        for name, value in pairs:
            self.out.numbers.append(Number(self.file, self._below(f"value in <{block.tag}>"), name, value))

    def _quote(self, block) -> None:
        said = [
            node.text_content()
            for node in block
            if not callable(node.tag) and node.tag not in ("footer", "cite")
        ]
        whole = " ".join(block.text_content().split())
        self._text("quotation", whole, "quote", " ".join(" ".join([block.text or "", *said]).split()))

    def _attributes(self, node) -> None:
        if node.tag in ("meter", "progress", "input", "data", "output", "param") and node.get("value"):
            name = node.get("aria-label") or node.get("title") or node.get("name") or _flat(node)
            where = self._below(f"value of <{node.tag}>")
            told = [node.get(side) for side in ("value", "max", "min") if node.get(side)]
            self.out.numbers += [Number(self.file, where, name, value) for value in told]
        for name, value in node.attrib.items():
            if name.startswith("data-"):
                where = self._below(f"data attribute of <{node.tag}>")
                self.out.numbers.append(Number(self.file, where, name[5:], value))
                self._text("data attribute", value)
            elif value.startswith("data:") and name != "style":
                if value.startswith(("data:text", "data:application/json")):
                    self._text("data in a link", unquote(value.partition(",")[2]))
                    continue
                self.out.texts.append(Place(self.file, self._below(f"picture in <{node.tag}>"), "", "unread"))
            elif name in TOLD:
                figure = name == "alt" or node.tag in ("svg", "img", "figure")
                self._text(TOLD[name], value, "figure" if figure else "text")

    def _text(self, name: str, text: str, kind: str = "text", quoted: str = "") -> None:
        if text.strip():
            self.numbers[name] += 1
            under = f'"{self.heading}", ' if self.heading else ""
            where = self._below(f"{under}{name} {self.numbers[name]}")
            self.out.texts.append(Place(self.file, where, text, kind, quoted))

    def _below(self, where: str) -> str:
        return f"{self.within}, {where}" if self.within else where


def _block_of(node):
    while node.tag in INLINE and node.getparent() is not None:
        node = node.getparent()
    return node


def _name(block, above: set) -> str:
    if block.tag == "title":
        return "title of a figure" if "svg" in above else "page title"
    return NAMES.get(block.tag, "text")


def _kind(block, above: set) -> str:
    if block.tag in CODE or (block.tag == "pre" and any(_is_code(node) for node in block.iterancestors())):
        return "code"
    if block.tag == "text":
        return "label" if _tells_people(block) else "text"
    return "figure" if block.tag == "desc" or (block.tag == "title" and "svg" in above) else "text"


def _tells_people(text) -> bool:
    """Whether a number in a drawing counts people: it is no mark of an axis and the drawing is of people."""
    above = list(text.iterancestors())
    titles = [
        title.text_content() for node in above if node.tag == "svg" for title in node.iterchildren("title")
    ]
    return not any(TICK.match(node.get("id", "")) for node in above) and all(map(figure_of_people, titles))


def _is_code(node) -> bool:
    return node.tag == "details" and "code" in node.get("class", "").split()


def _table(table, file: str, numbered: str) -> Table:
    lines = [[text for cell in row.iter("td", "th") for text in _spread(cell)] for row in table.iter("tr")]
    caption = " ".join(" ".join(node.text_content() for node in table.iter("caption")).split())
    where = numbered.rsplit("table", 1)[0] + f'table "{caption}"' if caption else numbered
    headings, body = headed(lines)
    return Table(file, where, headings, body, caption=caption, base=_base(table))


def _spread(cell) -> list[str]:
    """The text of a cell, once for each column it stands over."""
    over = cell.get("colspan", "1")
    return [_flat(cell)] * (int(over) if over.isdigit() and int(over) < 100 else 1)


def _flat(node) -> str:
    return " ".join(node.text_content().split())


def _base(table) -> str:
    """What is said right below a table of the base of its numbers, up to its first full stop."""
    around = table if table.getnext() is not None else table.getparent()
    below = around.getnext() if around is not None else None
    if below is None or callable(below.tag) or below.get("class") != "base":
        return ""
    return below.text_content().removeprefix("Base:").split(". ")[0].strip()
