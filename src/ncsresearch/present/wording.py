"""The words of tables and sentences: kept in words/*.toml, one entry a name, and filled in here.

A pattern has its places in braces, {n} or {themes|listed}; what stands behind the bar is a filter of FILTERS.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cache

import pandas as pd
from jinja2 import Environment, StrictUndefined, Template, TemplateError

from ncsresearch.evidence.rounded import measured, percent, rounded
from ncsresearch.present.outputs import UNKNOWN, Finding, Nothing, Table
from ncsresearch.present.sentence import capital, counted, day, listed, lower_first, spelled
from ncsresearch.present.table import source_of
from ncsresearch.present.word_files import words
from ncsresearch.schema import StudyError

FILTERS = {
    each.__name__: each
    for each in (listed, lower_first, capital, counted, day, spelled, percent, rounded, measured)
}
ENVIRONMENT = Environment(undefined=StrictUndefined, variable_start_string="{", variable_end_string="}")
ENVIRONMENT.filters |= FILTERS


@cache
def _pattern(text: str) -> Template:
    return ENVIRONMENT.from_string(text)


def filled(text: str, **places) -> str:
    """Return a pattern with its places filled in; raises StudyError for one that cannot be, with the places that it may have."""
    try:
        return _pattern(text).render(places) if "{" in text else text
    except TemplateError as error:
        known = ", ".join(sorted(places))
        raise StudyError(
            f"In the files of words: {error.message}. Places that are filled here: {known}. Pattern: {text}"
        ) from None


def worded_table(
    entry: str,
    rows: pd.DataFrame,
    *,
    source: str | None = None,
    name: str = "",
    without: Collection[str] = (),
    more: Mapping[str, str] | None = None,
    view: pd.DataFrame | None = None,
    missing: str = UNKNOWN,
    **places,
) -> Table:
    """Return a table in the words of its entry in words/tables.toml: caption, columns with their headings, base, note.

    source    what it rests on, where its entry has none and it is not the documents of the rows, a frame of a chapter
    name      the table's name where it is not the entry's
    without   columns of the entry that are not shown here
    more      further columns with their headings, shown after those of the entry
    places    what fills the places of its patterns
    """
    said = words("tables")[entry]
    shown = {
        column: filled(heading, **places)
        for column, heading in said.get("columns", {}).items()
        if column not in without
    }
    caption, base, note = (filled(said.get(part, ""), **places) for part in ("caption", "base", "note"))
    if source is None:
        source = said.get("source") or source_of(rows)
    return Table(
        name or entry, caption, rows, shown | dict(more or {}), base, source, note, view, missing=missing
    )


def sentence(
    entry: str, form: str = "says", *, name: str = "", of: Mapping | None = None, **places
) -> Finding:
    """Return a finding in the words of one form of its entry in words/sentences.toml.

    One that says that there is none, as no_evidence lists them there, is a grey line in a notebook and on no page.

    of   numbers, evidence, source, behind and passages of the finding
    """
    kind = Nothing if form in words("sentences")["no_evidence"].get(entry, ()) else Finding
    return kind(name or entry, filled(words("sentences")[entry][form], **places), **(of or {}))


def frame_sentence(
    entry: str,
    frame: pd.DataFrame,
    numbers: Mapping | None = None,
    *,
    form: str = "says",
    evidence: pd.DataFrame | None = None,
    **places,
) -> Finding:
    """Return a finding on a frame, with its numbers and evidence, cited from the documents that the frame rests on."""
    of = {"numbers": numbers or {}, "source": source_of(frame)}
    opened = {} if evidence is None else {"evidence": evidence}
    return sentence(entry, form, of=of | opened, **places)


def phrase(entry: str, form: str, **places) -> str:
    """Return one form of an entry filled in, as a part of something else."""
    return filled(words("sentences")[entry][form], **places)


def page_words(entry: str, form: str, **places) -> str:
    """Return words of a page or a file, from words/pages.toml, filled in."""
    return filled(words("pages")[entry][form], **places)


def phrases(entry: str, form: str, rows: Iterable[Mapping]) -> list[str]:
    """Return one form of an entry filled in for each of several things, to be listed in another form; {first} tells the first."""
    return [phrase(entry, form, **{"first": not n, **row}) for n, row in enumerate(rows)]
