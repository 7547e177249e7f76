"""What stays on one page with what in a Word document: a chapter's opening, and words with the figure they lead to."""

from collections.abc import Iterator, Sequence

from docx.text.paragraph import Paragraph

LEADING = ("Normal", "Evidence", "Finding")  # what may stand between a heading and its figure or table
FEW = 3
OPENING = 9


def keep_together(document) -> list[Paragraph]:
    """Return the paragraphs now kept with the next one.

    A chapter opens where a page has room for all that stands above its first finding, and otherwise on a new page.
    """
    blocks = [_paragraph(block, document) for block in document.element.body]
    kept = [*_openings(blocks), *_leading(blocks)]
    for paragraph in kept:
        paragraph.paragraph_format.keep_with_next = True
    return kept


def _paragraph(block, document) -> Paragraph | None:
    return Paragraph(block, document._body) if block.tag.endswith("}p") else None


def _style(block: Paragraph | None) -> str:
    return (block._p.style or "Normal") if block is not None else ""


def _openings(blocks: Sequence[Paragraph | None]) -> Iterator[Paragraph]:
    for at, block in enumerate(blocks):
        if _style(block) == "Heading1":
            yield from _until_finding(blocks[at : at + OPENING])


def _until_finding(blocks: Sequence[Paragraph | None]) -> Sequence[Paragraph]:
    """Return what stands above the last heading's first finding; nothing but the title where none is near."""
    styles = list(map(_style, blocks))
    headed = styles.index("Heading2") if "Heading2" in styles else 0
    until = styles.index("Finding", headed) if "Finding" in styles[headed:] else 1
    return blocks[:until] if all(styles[:until]) else blocks[:1]


def _leading(blocks: Sequence[Paragraph | None]) -> Iterator[Paragraph]:
    """Return the few paragraphs between a heading and a caption, which has its figure or table below it."""
    for at, block in enumerate(blocks):
        if _style(block) == "Caption":
            above = blocks[max(0, at - FEW - 1) : at]
            styles = list(map(_style, above))
            headed = max(
                (n for n, style in enumerate(styles) if style.startswith("Heading")), default=len(above)
            )
            if all(style in LEADING for style in styles[headed + 1 :]):
                yield from above[headed:]
