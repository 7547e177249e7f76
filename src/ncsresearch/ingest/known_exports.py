"""Tables that other tools export, known by headings that no other table has together: what each of their columns means there.

To add one, add a row: the tool's own headings in order, each with its field, and those that make it certain.
"""

import re
from collections.abc import Iterable

from ncsresearch.ingest.fields import plain

APPLIED = re.compile(r"^code: (?P<code>.+) applied$", re.IGNORECASE)
WEIGHT = re.compile(r"^code: .+ (weight|range)( applied)?$", re.IGNORECASE)


# the tool; the field of each heading of its table ("" keeps a column as an attribute); the headings that no other table has together
EXPORTS = (
    ("Taguette", "id=segment, document=document, tag=code, content=text", "id, document, tag, content"),
    (
        "QualCoder",
        "file=document, filename=document, coder=coder, coded=text, id=segment, ctid=segment, codename=code, coded memo=note, "
        "category=category, coded by=coder, fileid=leave out, pos0=start, pos1=end",
        "coded, codename",
    ),
    (
        "MAXQDA",
        "color=, comment=note, document group=, document name=document, code=code, code path=code path, weight score=, "
        "weight=, segment=text, created by=coder, created=, author=coder, creation date=, modified by=, modified=, "
        "area=leave out, coverage=leave out, beginning=leave out, end=leave out",
        "document name, code, segment",
    ),
    (
        "MAXQDA",
        "farbe=, kommentar=note, dokumentgruppe=, dokumentname=document, code=code, codierung=code, gewicht=, segment=text, "
        "codiertes segment=text, erstellt von=coder, autor=coder, erstellt=, erstellt am=, fläche=leave out, "
        "abdeckungsgrad=leave out, anfang=leave out, ende=leave out",
        "dokumentname, segment",
    ),
    (
        "ATLAS.ti",
        "id=segment, quotation name=leave out, name=leave out, document=document, quotation content=text, text content=text, "
        "content=text, codes=code, reference=, comment=note, density=leave out, codes count=leave out, created by=coder, "
        "modified by=, creation date=, modification date=, created=, modified=",
        "document, codes, reference",
    ),
    (
        "ATLAS.ti",
        "id=segment, zitatname=leave out, name=leave out, dokument=document, zitatinhalt=text, textinhalt=text, kodes=code, "
        "codes=code, referenz=, kommentar=note, dichte=leave out, erstellt von=coder, bearbeitet von=, erstellt=, bearbeitet=",
        "dokument, referenz",
    ),
    (
        "NVivo",
        "name=code, description=definition, files=leave out, references=leave out, sources=leave out, created on=leave out, "
        "created by=leave out, modified on=leave out, modified by=leave out, color=colour",
        "name, files, references",
    ),
    (
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
    there = set(own.values())
    listed = next((listed for _, listed, certain in EXPORTS if there.issuperset(certain.split(", "))), "")
    fields = dict(pair.split("=") for pair in listed.split(", ") if pair)
    return {heading: fields[name] or "attribute" for heading, name in own.items() if name in fields} | codes


def _of_a_code(heading: str) -> str:
    if APPLIED.match(heading):
        return "theme column"
    return "leave out" if WEIGHT.match(heading) else ""


def theme_of(column: str) -> str:
    """Return the theme that a column of ticks is for: Dedoose writes "Code: X Applied"."""
    match = APPLIED.match(column)
    return match["code"] if match else column
