"""Read a page or a drawing: every text, table, tooltip, alternative text, comment and data attribute."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import html

from ncsresearch.vet.people_words import figure_of_people, listed, names_people
from ncsresearch.vet.place import Number, Piece, Place, Table, below, headed

INLINE = listed(
    "a abbr b bdi br cite code del dfn em i ins kbd mark q s samp small span strong sub sup time tspan u var wbr"
)
TOLD = {"title": "tooltip", "alt": "alternative text", "aria-label": "label", "aria-description": "label"}
TOLD |= {"content": "page property", "summary": "label", "value": "value", "placeholder": "value"}
NAMES = {"p": "paragraph", "li": "list item", "pre": "text output", "text": "text in a figure"}
NAMES |= {"desc": "description of a figure", "script": "script", "style": "style", "summary": "summary"}
NAMES |= {f"h{level}": "heading" for level in range(1, 7)}
VALUED = {"meter", "progress", "input", "data", "output", "param"}
ASSIGNED = re.compile(r"(\w+)[\"']?\s*[:=]\s*[\"']?(\d+)\b")
TICK = re.compile(r"[xy]tick_\d+")


def html_pieces(source: str, within: str = "") -> Iterator[Piece]:
    """Yield what a page, a part of a page or a drawing holds; within leads to it where it stands in a file."""
    if source.strip():
        parser = html.HTMLParser(encoding="utf-8")
        yield from _Page(html.fromstring(source.encode(), parser=parser), within).pieces()


class _Page:
    """One page on its way to its pieces; a class, since numbering and headings run through all of it."""

    def __init__(self, root, within: str):
        self.root, self.within = root.getroottree().getroot(), within
        self.numbers, self.heading = Counter(), ""

    def pieces(self) -> Iterator[Piece]:
        blocks = self._blocks()
        for node in self.root.iter():
            if callable(node.tag):
                yield from self._text("comment", node.text or "")
            else:
                yield from self._attributes(node)
                yield from self._block(node, _spaced("".join(blocks[node])))
        for number, table in enumerate(self.root.iter("table"), 1):
            yield _table(table, below(self.within, f"table {number}"))

    def _blocks(self) -> dict:
        """The texts of each block: those before and after an element belong to the block it stands in."""
        blocks = defaultdict(list)
        for node in self.root.iter():
            if not callable(node.tag):
                blocks[_block_of(node)].append(node.text or " ")
            if (parent := node.getparent()) is not None:
                blocks[_block_of(parent)].append(node.tail or " ")
        return blocks

    def _block(self, block, text: str) -> Iterator[Piece]:
        if block.tag in ("h1", "h2", "h3") and text:
            self.heading, self.numbers = text, Counter(table=self.numbers["table"])
        above = {node.tag for node in block.iterancestors()}
        for name, value in _pairs(block):
            yield Number(below(self.within, f"value in <{block.tag}>"), name, value)
        if block.tag == "blockquote":
            said = [node.text_content() for node in block.xpath("*[not(self::footer or self::cite)]")]
            quoted = _spaced(" ".join([block.text or "", *said]))
            yield from self._text("quotation", _flat(block), "quote", quoted)
        elif not above & {"blockquote", "table"} and block.tag != "table":
            yield from self._text(_name(block, above), text, _kind(block, above))

    def _attributes(self, node) -> Iterator[Piece]:
        if node.tag in VALUED and node.get("value"):
            name = node.get("aria-label") or node.get("title") or node.get("name") or _flat(node)
            for value in filter(None, map(node.get, ("value", "max", "min"))):
                yield Number(below(self.within, f"value of <{node.tag}>"), name, value)
        for name, value in node.attrib.items():
            if name.startswith("data-"):
                yield Number(below(self.within, f"data attribute of <{node.tag}>"), name[5:], value)
                yield from self._text("data attribute", value)
            elif value.startswith(("data:text", "data:application/json")) and name != "style":
                yield from self._text("data in a link", unquote(value.partition(",")[2]))
            elif value.startswith("data:") and name != "style":
                yield Place(below(self.within, f"picture in <{node.tag}>"), "", "unread")
            elif name in TOLD:
                figure = name == "alt" or node.tag in ("svg", "img", "figure")
                yield from self._text(TOLD[name], value, "figure" if figure else "text")

    def _text(self, name: str, text: str, kind: str = "text", quoted: str = "") -> Iterator[Place]:
        if text.strip():
            self.numbers[name] += 1
            under = f'"{self.heading}"' if self.heading else ""
            yield Place(below(self.within, under, f"{name} {self.numbers[name]}"), text, kind, quoted)


def _pairs(block) -> list[tuple[str, str]]:
    """Values under a name: of a list of definitions, or of data within a script."""
    if block.tag == "script":
        found = ASSIGNED.findall(block.text or "")
        return [(name, value) for name, value in found if names_people(name.replace("_", " "))]
    before = block.getprevious()
    return [(_flat(before), _flat(block))] if block.tag == "dd" and before is not None else []


def _block_of(node):
    while node.tag in INLINE and node.getparent() is not None:
        node = node.getparent()
    return node


def _name(block, above: set) -> str:
    if block.tag == "title":
        return "title of a figure" if "svg" in above else "page title"
    return NAMES.get(block.tag, "text")


def _kind(block, above: set) -> str:
    folded = block.xpath("ancestor::details/@class") if block.tag == "pre" else []
    if block.tag in ("script", "style") or any("code" in each.split() for each in folded):
        return "code"
    if block.tag == "text":
        return "label" if _tells_people(block) else "text"
    return "figure" if block.tag == "desc" or (block.tag == "title" and "svg" in above) else "text"


def _tells_people(text) -> bool:
    """Whether a number in a drawing counts people: it is no mark of an axis and the drawing is of people."""
    titles = [title.text_content() for title in text.xpath("ancestor::svg/title")]
    return not any(map(TICK.match, text.xpath("ancestor::*/@id"))) and all(map(figure_of_people, titles))


def _table(table, numbered: str) -> Table:
    lines = [[text for cell in row.iter("td", "th") for text in _spread(cell)] for row in table.iter("tr")]
    caption = _spaced(" ".join(node.text_content() for node in table.iter("caption")))
    where = numbered.rsplit("table", 1)[0] + f'table "{caption}"' if caption else numbered
    return Table(where, *headed(lines), caption=caption, base=_base(table))


def _spread(cell) -> list[str]:
    """The text of a cell, once for each column it stands over."""
    over = cell.get("colspan", "1")
    return [_flat(cell)] * (int(over) if over.isdigit() and int(over) < 100 else 1)


def _flat(node) -> str:
    return _spaced(node.text_content())


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _base(table) -> str:
    """What is said right below a table of the base of its numbers, up to its first full stop."""
    around = table if table.getnext() is not None else table.getparent()
    below = around.getnext() if around is not None else None
    if below is None or callable(below.tag) or below.get("class") != "base":
        return ""
    return below.text_content().removeprefix("Base:").split(". ")[0].strip()
