"""The evidence that an author's finding cites: what each citation opens to, and which may be shown where."""

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from ncsresearch.analysis.quotation_choice import LONGEST, SHORTEST
from ncsresearch.disclosure.spans import Worth
from ncsresearch.evidence.groups import n_areas_of_kind
from ncsresearch.evidence.rounded import rounded
from ncsresearch.ingest.findings_file import FindingsFile, Paragraph, Placed, Section, Span
from ncsresearch.present.outputs import printed
from ncsresearch.present.points import place_of, with_places
from ncsresearch.present.printable import printable_passages, why_not_printed
from ncsresearch.present.table import titles
from ncsresearch.present.wording import phrase
from ncsresearch.present.written import Note, plain
from ncsresearch.schema import nearest
from ncsresearch.study import Study

TABLE_OF = {
    "point": ("points", "point_id"),
    "quote": ("segments", "segment_id"),
    "passage": ("segments", "segment_id"),
}
NOT_SHOWN = "a passage whose words may be printed, or a point that rests on one"
LENGTHS = {"shortest": SHORTEST, "longest": LONGEST}
ONE_PLACE = "no words or point of one person where one area, or one kind of area, is named"


def cited_faults(
    study: Study, file: FindingsFile, section: Section, *, private: bool = False
) -> Iterator[tuple]:
    """Yield what is wrong with the citations of a section: line, what was found, what was expected and the nearest.

    private   names passages of a confidential study, with the rule by which one may not be printed: for its owner alone
    """
    for paragraph in section.paragraphs:
        alone = study.settings.threshold and paragraph.cited and of_one_place(study, file, section, paragraph)
        for place, (kind, unit) in enumerate(paragraph.cited, start=1):
            table, column = TABLE_OF.get(kind, ("", ""))
            if not table:
                continue
            known, said, near = study.tables[table][column], repr(f"@{kind}:{unit}"), nearest
            if study.settings.threshold and not private:  # ids are the study's own
                said, near = f"@{kind}, citation {place}", lambda *_: ""
            if unit not in set(known):
                yield paragraph.line, said, f"a {column} of {table}.csv", near(unit, known)
            elif alone:
                yield paragraph.line, said, ONE_PLACE, ""
            elif study.settings.threshold and _segment(study, kind, unit) not in _printable(study):
                yield paragraph.line, said, _why_not(study, kind, unit) if private else NOT_SHOWN, ""


def _why_not(study: Study, kind: str, unit: str) -> str:
    """Return what is expected in place of a citation, the rule that its passage breaks, and what may be cited instead."""
    segment = _segment(study, kind, unit)
    why, others = why_not_printed(study, segment)
    instead = [f"@quote:{name}" for name in others if name in _printable(study)]
    limits = {"times": study.settings.quotations_per_person, "threshold": study.settings.threshold}
    said = phrase("not_printed", why, passage=segment or unit, **limits, **LENGTHS)
    return f"{NOT_SHOWN}: {said}" + (phrase("not_printed", "instead", listed=instead) if instead else "")


def of_one_place(study: Study, file: FindingsFile, section: Section, paragraph: Paragraph) -> bool:
    """Whether a reader knows where what a paragraph cites was said.

    It is known of an area's own file, and where a paragraph with its heading names or counts one area or one kind of area and no
    other, or a kind that has one area alone.
    """
    read = [part for part in (section.heading, paragraph) if part]
    words = " ".join(plain(part) for part in read).lower()
    keys = [span.keys for part in read for span in part.of(Span)]
    keys += [block.keys for block in section.blocks if isinstance(block, Placed)]
    n_areas = n_areas_of_kind(study)
    kinds = {kind for kind in n_areas if kind and re.search(rf"\b{re.escape(kind)}\b", words)}
    kinds |= {own["area_type"] for own in keys if own.get("area_type")}
    names = study.areas.set_index("area_id")["name"]
    areas = {area for area, name in names.items() if re.search(rf"\b{re.escape(name.lower())}\b", words)}
    areas |= {own["area_id"] for own in keys if own.get("area_id")}
    return bool(file.area_id) or len(kinds | areas) == 1 or any(n_areas.get(kind) == 1 for kind in kinds)


def _segment(study: Study, kind: str, unit: str) -> str:
    """Return the passage behind a citation; empty for a point without one."""
    if kind != "point":
        return unit
    segment = study.points.set_index("point_id")["segment_id"][unit]
    return "" if pd.isna(segment) else segment


def _printable(study: Study) -> Mapping[str, Mapping[str, str]]:
    """Return the passages that may be printed, by id, as they are printed."""
    rows = printable_passages(study, study)
    short = rows["words"].str.count(r"\w+").le(LONGEST)  # as words are counted where they leave
    rows = rows[short].drop_duplicates("segment_id").set_index("segment_id")
    return rows[["under", "words", "said_by", "mark"]].to_dict("index")


def note_on(study: Study, kind: str, unit: str) -> Note | None:
    """Return what a citation opens to; nothing for a unit that the study does not have or may not show."""
    table, column = TABLE_OF[kind]
    rows = study.tables[table]
    rows = rows[rows[column].eq(unit)]
    if rows.empty:
        return None
    if kind == "point":
        return Note(_point(study, rows))
    if study.settings.threshold:
        quotation = _printable(study).get(unit)
        return quotation and Note(quotation["said_by"], quotation if kind == "quote" else None)
    return Note(_passage(study, rows))


def _point(study: Study, rows: pd.DataFrame) -> str:
    row = next(with_places(rows, study).itertuples())
    return f"{row.statement} ({place_of(row, several=True)})"


def _passage(study: Study, rows: pd.DataFrame) -> str:
    row, document = rows.iloc[0], titles(study, rows["document_id"]).iloc[0]
    label = row["label"] if isinstance(row["label"], str) else phrase("written", "unlabelled")
    section = row["section"] if isinstance(row["section"], str) else ""
    return f"{label} ({', '.join(filter(None, [document, section]))})"


def note_on_span(study: Study, now: Worth) -> Note:
    """Return what a quantity opens to: what is counted, the number, its base and its document."""
    percent = "" if now.percent is None else printed(now.percent / 100, "%")
    if now.percent is not None and now.n is None and now.percent == float(rounded(now.percent, 1)):
        percent = f"{now.percent:g}%"
    of = "" if now.base is None else phrase("written", "base", base=printed(now.base))
    number = now.word if now.withheld else "" if now.n is None else printed(now.n)
    said = f"{number}{of}" if number else ""
    said = "; ".join(filter(None, [said, percent])) + (of if not number else "")
    document = titles(study, pd.Series([now.document])).iloc[0] if now.document else ""
    return Note(phrase("written", "span", called=now.called, number=said, document=document))


def numbers_of(now: Worth) -> dict[str, float]:
    """Return the numbers of a quantity by what they count; nothing that is withheld."""
    value = now.percent if now.n is None else now.n
    if value is None:
        return {}
    value = int(value) if float(value).is_integer() else float(rounded(value, 2))
    of = {} if now.base is None or now.n is None else {f"{now.called}, of": int(now.base)}
    return {now.called: value} | of
