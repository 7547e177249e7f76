"""What is wrong with an author's findings: a quantity that no longer holds, evidence that is unknown or may not be shown, a number that is bound to nothing."""

import inspect
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import pandas as pd

import ncsresearch
from ncsresearch.disclosure.span_texts import numbers_in, read_now
from ncsresearch.disclosure.spans import SpanFault, worth
from ncsresearch.ingest.findings_file import FindingsFile, Paragraph, Placed, Section, Span
from ncsresearch.ingest.table_file import Fault
from ncsresearch.present.evidence_cited import cited_faults
from ncsresearch.present.grammar import plot, table
from ncsresearch.schema import StudyError, nearest
from ncsresearch.study import Study

PLACES = (
    "Who raised what",
    "What the documents say",
    "Services, surveys and figures",
    "What the study holds",
    "One area",
)
# what a report on an area of a confidential study shows beside PLACES[-1]: no other frame is protected area by area
OF_AN_AREA = ("counts", "served", "suggestions")
A_FRAME = "a function of ncsresearch that gives a frame"
VERBS = {"figure": plot, "table": table}
# what a number may count in a confidential study without a span: time, distance, money
NOT_PEOPLE = (
    "second seconds minute minutes hour hours day days week weeks weekend weekends month months year years am pm o'clock "
    "pound pounds bus buses train trains mile miles kilometre kilometres km metre metres"
)
NO_NUMBER = re.compile(r"\]\([^)]*\)|\b[Cc]hapters? \d+(?: and \d+)?")  # an address, the number of a chapter
YEAR = re.compile(r"(?:19|20)\d\d")
UNBOUND = "a span, or a number that a point cited in the paragraph has"
UNBOUND_PEOPLE = "each number of people in one, so that it is checked"


def findings_faults(study: Study, file: FindingsFile, *, private: bool = False) -> list[Fault]:
    """Return everything that is wrong with a file of findings of a whole study, in the order of its lines.

    private   names passages of a confidential study too: for its owner alone
    """
    return list(_faults(study, file, private))


@lru_cache(maxsize=32)
def _faults(study: Study, file: FindingsFile, private: bool) -> tuple[Fault, ...]:
    wrong = [told for section in file.sections for told in _of_section(study, file, section, private)]
    found = [*file.faults, *(file.fault(*told) for told in wrong)]
    lines = {fault: int(re.search(r"line (\d+)$", fault.file)[1]) for fault in found}
    return tuple(sorted(lines, key=lines.get))


def _of_section(study: Study, file: FindingsFile, section: Section, private: bool) -> Iterator[tuple]:
    if section.heading and not any(isinstance(block, Paragraph) for block in section.blocks):
        yield section.heading.line, "a heading alone", "a paragraph below it"
    for block in section.blocks if section.heading else ():
        if isinstance(block, Paragraph) and not block.cited and not block.of(Span):
            yield block.line, "a paragraph without evidence", "a citation or a span in it"
    for span in section.spans:
        yield from _of_span(study, span)
    yield from cited_faults(study, file, section, private=private)
    for paragraph in section.paragraphs:
        yield from _unbound(study, paragraph, section)
    for block in section.blocks:
        if isinstance(block, Placed):
            yield from _of_place(study, block)


def _of_span(study: Study, span: Span) -> Iterator[tuple]:
    """Yield why a span does not hold."""
    try:
        found = worth(study, span)
        now = read_now(span.text, found, study)
    except SpanFault as fault:
        yield span.line, *fault.told
        return
    if now != span.text:
        was, reads = (" ".join(text.split()) for text in (span.text, now))
        yield span.line, "a number that is withheld" if found.withheld else repr(was), repr(reads)


def _unbound(study: Study, paragraph: Paragraph, section: Section) -> Iterator[tuple]:
    """Yield the numbers of a paragraph that neither a span, with the period and series that it names, nor a cited point holds."""
    whose = section.paragraphs if paragraph is section.heading else [paragraph]
    cited = {unit for each in whose for kind, unit in each.cited if kind == "point"}
    statements = study.points.loc[study.points["point_id"].isin(cited), "statement"]
    named = [value for each in whose for span in each.of(Span) for value in span.keys.values()]
    held = {value for text in (*statements, *named) for _, value, _ in numbers_in(text)}
    line = paragraph.line
    for part in paragraph.parts:
        if not isinstance(part, str):
            line = part.line
            continue
        words = NO_NUMBER.sub("", part)
        for written, value, end in numbers_in(words):
            here = line + words.count("\n", 0, end)
            if study.settings.threshold and not YEAR.fullmatch(value) and not _of_things(words[end:]):
                yield here, "a number outside a span", UNBOUND_PEOPLE
            elif not study.settings.threshold and value not in held:
                yield here, repr(written), UNBOUND


def _of_things(after: str) -> bool:
    """Whether a number counts time, distance or money, by the two words after it."""
    return bool(
        {*NOT_PEOPLE.split()} & {word.lower() for word in re.findall(r"o'clock|[^\W\d_]+", after)[:2]}
    )


def _of_place(study: Study, block: Placed) -> Iterator[tuple]:
    try:
        made = placed(study, block)
    except SpanFault as fault:
        yield block.line, *fault.told
    except (StudyError, ValueError) as error:
        yield (
            block.line,
            repr(f"{block.function} {dict(block.keys)}"),
            f"what it can be asked: {str(error).rstrip('.')}",
        )
    else:
        if not made:
            yield block.line, f"no {block.verb} of {block.function}", "one that the study has"


def _gives_frame(function: Callable) -> bool:
    told = inspect.signature(function)
    return told.return_annotation is pd.DataFrame and next(iter(told.parameters)) == "study"


def placed(study: Study, block: Placed) -> list:
    """Return the figures or tables of the frame that an author has placed. Raises StudyError or ValueError where there is no such."""
    alone = study.part_of and study.settings.threshold
    groups = PLACES[-1:] if alone else PLACES
    known = [
        *OF_AN_AREA,
        *(name for group in groups for names in ncsresearch.GROUPS[group].values() for name in names.split()),
    ]
    function = getattr(ncsresearch, block.function) if block.function in known else None
    if not function or not _gives_frame(function):
        expected = "a frame that the report on an area shows" if alone else A_FRAME
        raise SpanFault(repr(block.function), expected, nearest(block.function, {*known} - {block.function}))
    asked = [name for name in inspect.signature(function).parameters if name not in ("study", "private")]
    for key in block.keys:
        if key not in asked:
            raise SpanFault(repr(key), f"one of {', '.join(asked)}", nearest(key, asked))
    return VERBS[block.verb](function(study, **block.keys))
