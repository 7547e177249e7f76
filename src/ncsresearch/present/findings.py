"""The authors' findings of a chapter, filled in, checked and opened to their evidence."""

from collections.abc import Iterator
from dataclasses import replace

from ncsresearch.disclosure.spans import SpanFault, Worth, worth
from ncsresearch.evidence.kinds import kinds_of
from ncsresearch.ingest.findings_file import AREAS, FindingsFile, Paragraph, Placed, Section, Span
from ncsresearch.present.cautions import caution
from ncsresearch.present.evidence_cited import note_on, note_on_span, numbers_of
from ncsresearch.present.findings_checked import findings_faults, placed
from ncsresearch.present.printable import printable_passages, whole_of
from ncsresearch.present.table import cited
from ncsresearch.present.written import Written, keys_of, plain
from ncsresearch.schema import StudyError
from ncsresearch.study import Study
from ncsresearch.study.codebook import codes_under


def findings(study: Study, chapter: str = "") -> list:
    """Return the authors' findings of a chapter, or of the report on one area: what findings/CHAPTER.md says, to be shown.

    chapter   the name of the file, without .md; of the part of one area it is always the area's own

    Returns the paragraphs in their order, each with the heading above it, its quantities filled in and its citations opened, and
    the figures and tables where the author has placed them; none where there is no such file. In a chapter that is
    narrowed a finding is shown where all that it counts and cites is inside the selection.
    Raises StudyError that names every line which does not hold, with what was expected and what was found.
    """
    file = study.findings.get(f"{AREAS}/{study.part_of}" if study.part_of else chapter)
    if file is None or (study.part_of and study.selection):
        return []
    whole = whole_of(study)
    if faults := findings_faults(whole, file):
        raise StudyError("\n".join(map(str, faults)))
    return list(shown(study, whole, file))


def shown(study: Study, whole: Study, file: FindingsFile) -> Iterator:
    """Yield the paragraphs of a file, and the figures and tables placed between them, as a chapter on a study shows them."""
    n = 0
    for section in file.sections:
        if not _inside(section, study):
            continue
        heading = plain(section.heading) if section.heading else ""
        last = next((block for block in reversed(section.blocks) if isinstance(block, Paragraph)), None)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                n += 1
                own = [section.heading, block] if heading else [block]
                made = _written(study, whole, f"written_{n}", own, heading)
                counted = _themes_of(section) if block is last else ()
                yield replace(made, caution=caution(whole, counted))
                heading = ""
            else:
                yield from _placed_here(study, block)


def _themes_of(section: Section) -> set[str]:
    """Return the codes that the quantities of a finding count people, areas or points of."""
    return {span.keys[span.kind] for span in section.spans if span.kind in ("people", "areas", "points")}


def _placed_here(study: Study, block: Placed) -> list:
    """Return the figures or tables that an author has placed; none in a narrowed chapter that cannot have them."""
    try:
        return placed(study, block)
    except (StudyError, ValueError):
        if study.selection:
            return []
        raise


def _written(study: Study, whole: Study, name: str, own: list[Paragraph], heading: str) -> Written:
    """Return a paragraph with what its spans and citations, and those of the heading above it, open to."""
    spans = [span for paragraph in own for span in paragraph.of(Span)]
    values = {span.start: now for span in spans if (now := _worth(whole, span))}
    units = [unit for paragraph in own for unit in paragraph.cited if _may_show(study, *unit)]
    notes = {start: note_on_span(whole, now) for start, now in values.items()}
    notes |= {unit: note for unit in units if (note := note_on(whole, *unit))}
    order = [key for paragraph in own for part in paragraph.parts for key in keys_of(part)]
    order.sort(
        key=lambda key: isinstance(key, int)
    )  # a quantity leads to its note without a number: these come last
    notes = {key: notes[key] for key in order if key in notes}
    numbers = {name: n for now in values.values() for name, n in numbers_of(now).items()}
    public = not study.settings.threshold
    evidence = [unit for _, unit in units] + [now.unit_id for now in values.values() if now.unit_id]
    source = cited(whole, sorted({now.document for now in values.values() if now.document}))
    opened, whole = list(dict.fromkeys(evidence)) if public else (), not (study.selection or study.part_of)
    return Written(name, own[-1], heading, notes, numbers, opened, source, whole)


def _worth(study: Study, span: Span) -> Worth | None:
    try:
        return worth(study, span)
    except SpanFault:
        return None


def _may_show(study: Study, kind: str, unit: str) -> bool:
    """Whether the words of a passage may be shown in a chapter that is narrowed."""
    if kind == "point" or not study.settings.threshold or not study.selection:
        return True
    if study.slice and study.slice.by.startswith("area"):
        return False
    return unit in set(printable_passages(study, whole_of(study))["segment_id"])


def _inside(section: Section, study: Study) -> bool:
    """Whether all that a finding counts and cites is inside what a chapter is narrowed to."""
    if not study.selection:
        return True
    units = {unit for paragraph in section.paragraphs for _, unit in paragraph.cited}
    if not section.heading or not (units or section.spans):
        return False
    return units <= set(study.codings["unit_id"]) and all(
        _counts_inside(each, study) for each in section.spans
    )


def _counts_inside(span: Span, study: Study) -> bool:
    keys = dict(span.keys)
    if area := keys.get("area_id"):
        keys.setdefault("area_type", kinds_of(study.areas.set_index("area_id")["area_type"]).get(area))
    for name, value in study.selection.items():
        if name == "theme":
            inside = keys.get(span.kind) in codes_under(study.codebook, value)
        else:
            inside = keys.get(name) == value
        if not inside:
            return False
    return True
