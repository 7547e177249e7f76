"""The numbers and bullets before the paragraphs of a Word document, which Word counts and does not write into the words."""

import re
from collections.abc import Iterator

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BULLET, DEEPEST = "• ", 9


class Lists:
    """Counts the items of a document's lists; a class, because a number follows from the paragraphs before it."""

    def __init__(self, document):
        self.styles = {style.style_id: style for style in document.styles}
        self.levels = dict(_levels(document))
        self.counts: dict[tuple[str, int], int] = {}

    def mark(self, paragraph) -> str:
        """Return the number of a paragraph as its reader sees it, such as "3. ", a bullet, or nothing where it is no item."""
        own = paragraph.find(f"{W}pPr/{W}pStyle")
        style = self.styles.get(_value(own))
        name = (style.name or "") if style is not None else ""
        if name.startswith("Heading"):
            return ""
        number, depth = self._list_of(paragraph, style)
        if number == "0":  # the list of the style is taken away
            return ""
        return self._counted(number, depth) or BULLET * bool(number or name.startswith("List"))

    def _list_of(self, paragraph, style) -> tuple[str, int]:
        """Return the list that a paragraph is in, by itself or by its style, and how deep."""
        elements = [paragraph]
        while style is not None:
            elements.append(style.element)
            style = style.base_style
        for element in elements:
            number = _value(element.find(f"{W}pPr/{W}numPr/{W}numId"))
            if number:
                return number, int(_value(element.find(f"{W}pPr/{W}numPr/{W}ilvl")) or 0)
        return "", 0

    def _counted(self, number: str, depth: int) -> str:
        """Return the number of the next item of a list; empty for a list of bullets, letters or Roman numbers."""
        counter, shape, first = self.levels.get((number, depth), ("", "", 1))
        for deeper in range(depth + 1, DEEPEST):
            self.counts.pop((counter, deeper), None)
        self.counts[counter, depth] = self.counts.get((counter, depth), first - 1) + 1
        said = re.sub(r"%(\d)", lambda level: str(self.counts.get((counter, int(level[1]) - 1), 1)), shape)
        return f"{said} " if said else ""


def _levels(document) -> Iterator[tuple[tuple[str, int], tuple[str, str, int]]]:
    """Yield for each list and depth that has numbers what counts it, how its number is written, and the first.

    Lists of one definition go on counting, unless a list says that it begins anew.
    """
    parts = (each.target_part for each in document.part.rels.values() if each.reltype.endswith("/numbering"))
    root = next((part.element for part in parts), ())
    defined = {each.get(f"{W}abstractNumId"): each for each in root if each.tag == f"{W}abstractNum"}
    for each in (each for each in root if each.tag == f"{W}num"):
        number, of = each.get(f"{W}numId"), _value(each.find(f"{W}abstractNumId"))
        anew = each.find(f"{W}lvlOverride/{W}startOverride") is not None
        levels = [*defined[of].iterchildren(f"{W}lvl")] if of in defined else []
        decimal = [level for level in levels if _value(level.find(f"{W}numFmt")) == "decimal"]
        counted = {str(int(level.get(f"{W}ilvl")) + 1) for level in decimal}
        for level in decimal:
            shape, first = _value(level.find(f"{W}lvlText")), _value(level.find(f"{W}start"))
            if counted.issuperset(re.findall(r"%(\d)", shape)):
                yield (number, int(level.get(f"{W}ilvl"))), (number if anew else of, shape, int(first or 1))


def _value(element) -> str:
    return "" if element is None else element.get(f"{W}val") or ""
