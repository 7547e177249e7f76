"""What stays on one page with what in a Word document: a chapter's opening, and words with the figure they lead to."""

from collections.abc import Iterator, Sequence

from docx.text.paragraph import Paragraph

FEW = 3  # paragraphs that may stand between a heading and its figure or table
OPENING = 9  # paragraphs at most down to the first finding of a chapter


def keep_together(document) -> list[Paragraph]:
    """Return the paragraphs now kept with the next one.

    A chapter opens where a page has room for all that stands above its first finding, and otherwise on a new page.
    """
    body = document.element.body
    blocks = [Paragraph(each, document._body) if each.tag.endswith("}p") else None for each in body]
    kept = [*_openings(blocks), *_leading(blocks)]
    for paragraph in kept:
        paragraph.paragraph_format.keep_with_next = True
    return kept


def _style(block: Paragraph | None) -> str:
    return (block._p.style or "Normal") if block is not None else ""


def _openings(blocks: Sequence[Paragraph | None]) -> Iterator[Paragraph]:
    for at, block in enumerate(blocks):
        if _style(block) == "Heading1":
            yield from _until_finding(blocks[at : at + OPENING])


def _until_finding(blocks: Sequence[Paragraph | None]) -> Sequence[Paragraph]:
    """Return what stands above the first finding below a heading, or down to that heading; else nothing but the title."""
    styles = list(map(_style, blocks))
    headed = styles.index("Heading2") if "Heading2" in styles else 0
    until = styles.index("Finding", headed) if "Finding" in styles[headed:] else headed + 1
    return blocks[:until] if all(styles[:until]) else blocks[:1]


def _leading(blocks: Sequence[Paragraph | None]) -> Iterator[Paragraph]:
    """Return the few paragraphs between a heading and a caption, which has its figure or table below it."""
    for at, block in enumerate(blocks):
        if _style(block) == "Caption":
            yield from _below_heading(blocks[max(0, at - FEW - 1) : at])


def _below_heading(above: Sequence[Paragraph | None]) -> Sequence[Paragraph]:
    """Return the plain paragraphs that come last, if a heading stands right above them."""
    styles = list(map(_style, above))
    plain = next((n for n, style in enumerate(reversed(styles)) if style != "Normal"), len(styles))
    headed = plain < len(styles) and styles[-plain - 1].startswith("Heading")
    return above[len(above) - plain :] if headed else []
