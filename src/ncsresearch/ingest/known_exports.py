"""Tables that other tools export, known by their whole headings: what each column means there, whatever it is called elsewhere.

To add one, add a row: the tool's own headings in order, each with its field, and those that make it certain.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ncsresearch.ingest.fields import plain

APPLIED = re.compile(r"^code: (?P<code>.+) applied$", re.IGNORECASE)
WEIGHT = re.compile(r"^code: .+ (weight|range)( applied)?$", re.IGNORECASE)


@dataclass(frozen=True)
class KnownExport:
    """A table of another tool.

    fields   the field of each heading of it, in plain words; "" keeps a column as an attribute
    certain  the headings that no other table has together
    """

    tool: str
    fields: dict[str, str]
    certain: frozenset[str]


def _known(tool: str, listed: str, certain: str) -> KnownExport:
    pairs = [pair.partition("=") for pair in listed.split(", ")]
    return KnownExport(tool, {name: field for name, _, field in pairs}, frozenset(certain.split(", ")))


EXPORTS = (
    _known("Taguette", "id=segment, document=document, tag=code, content=text", "id, document, tag, content"),
    _known(
        "QualCoder",
        "file=document, filename=document, coder=coder, coded=text, id=segment, ctid=segment, codename=code, coded memo=note, "
        "category=category, coded by=coder, fileid=leave out, pos0=start, pos1=end",
        "coded, codename",
    ),
    _known(
        "MAXQDA",
        "color=, comment=note, document group=, document name=document, code=code, code path=code path, weight score=, "
        "weight=, segment=text, created by=coder, created=, author=coder, creation date=, modified by=, modified=, "
        "area=leave out, coverage=leave out, beginning=leave out, end=leave out",
        "document name, code, segment",
    ),
    _known(
        "MAXQDA",
        "farbe=, kommentar=note, dokumentgruppe=, dokumentname=document, code=code, codierung=code, gewicht=, segment=text, "
        "codiertes segment=text, erstellt von=coder, autor=coder, erstellt=, erstellt am=, fläche=leave out, "
        "abdeckungsgrad=leave out, anfang=leave out, ende=leave out",
        "dokumentname, segment",
    ),
    _known(
        "ATLAS.ti",
        "id=segment, quotation name=leave out, name=leave out, document=document, quotation content=text, text content=text, "
        "content=text, codes=code, reference=, comment=note, density=leave out, codes count=leave out, created by=coder, "
        "modified by=, creation date=, modification date=, created=, modified=",
        "document, codes, reference",
    ),
    _known(
        "ATLAS.ti",
        "id=segment, zitatname=leave out, name=leave out, dokument=document, zitatinhalt=text, textinhalt=text, kodes=code, "
        "codes=code, referenz=, kommentar=note, dichte=leave out, erstellt von=coder, bearbeitet von=, erstellt=, bearbeitet=",
        "dokument, referenz",
    ),
    _known(
        "NVivo",
        "name=code, description=definition, files=leave out, references=leave out, sources=leave out, created on=leave out, "
        "created by=leave out, modified on=leave out, modified by=leave out, color=colour",
        "name, files, references",
    ),
    _known(
        "Dedoose",
        "media title=document, excerpt range=leave out, excerpt creator=coder, excerpt date=, excerpt copy=text, "
        "resource creator=, resource date=, codes applied combined=leave out",
        "media title, excerpt copy",
    ),
)


def known_export(headings: Iterable[str]) -> dict[str, str]:
    """Return the field of each heading that a known export has, by the heading as it is; empty for a table of nobody's.

    Of a known export, what no row of EXPORTS names is left to the reader of headings.
    """
    own = {heading: plain(heading) for heading in headings}
    codes = {heading: field for heading in own if (field := _of_a_code(heading))}
    export = next((each for each in EXPORTS if each.certain <= set(own.values())), None)
    fields = export.fields if export else {}
    return {heading: fields[name] or "attribute" for heading, name in own.items() if name in fields} | codes


def _of_a_code(heading: str) -> str:
    if APPLIED.match(heading):
        return "theme column"
    return "leave out" if WEIGHT.match(heading) else ""


def theme_of(column: str) -> str:
    """Return the theme that a column of ticks is for: Dedoose writes "Code: X Applied"."""
    match = APPLIED.match(column)
    return match["code"] if match else column
