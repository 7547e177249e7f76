"""The evidence that an author's finding cites: what each citation opens to, and which may be shown where."""

from collections.abc import Iterator, Mapping

import pandas as pd

from ncsresearch.disclosure.spans import Worth
from ncsresearch.evidence.groups import n_areas_of_kind
from ncsresearch.ingest.findings_file import FindingsFile, Placed, Section
from ncsresearch.present.outputs import printed
from ncsresearch.present.points import paragraphs_of, place_of
from ncsresearch.present.printable import printable_passages
from ncsresearch.present.table import titles
from ncsresearch.present.wording import phrase
from ncsresearch.present.written import Note
from ncsresearch.schema import nearest
from ncsresearch.study import Study

TABLE_OF = {
    "point": ("points", "point_id"),
    "quote": ("segments", "segment_id"),
    "passage": ("segments", "segment_id"),
}
NOT_SHOWN = "a passage whose words may be printed, or a point that rests on one"
ONE_AREA = "no words or point of one person: it is about one area alone"
NOT_CITED = "words of one person"


def cited_faults(study: Study, file: FindingsFile, section: Section) -> Iterator[tuple]:
    """Yield what is wrong with the citations of a section: line, what was found, what was expected and the nearest."""
    alone = study.settings.threshold and of_one_area(study, file, section)
    for paragraph in section.paragraphs:
        for kind, unit in paragraph.cited:
            table, column = TABLE_OF.get(kind, ("", ""))
            if not table:
                continue
            known = study.tables[table][column]
            said = repr(f"@{kind}:{unit}")
            if unit not in set(known):
                yield paragraph.line, said, f"a {column} of {table}.csv", nearest(unit, known)
            elif alone:
                yield paragraph.line, said, ONE_AREA, ""
            elif study.settings.threshold and _segment(study, kind, unit) not in _printable(study):
                yield paragraph.line, said, NOT_SHOWN, ""


def of_one_area(study: Study, file: FindingsFile, section: Section) -> bool:
    """Whether a finding is about one area: its file's, one that it names, or the only one of a kind that it is narrowed to."""
    asked = [span.keys for span in section.spans]
    asked += [block.keys for block in section.blocks if isinstance(block, Placed)]
    kinds, n_areas = {keys.get("area_type") for keys in asked}, n_areas_of_kind(study)
    named = any("area_id" in keys for keys in asked)
    return bool(file.area_id) or named or any(n_areas.get(kind) == 1 for kind in kinds)


def _segment(study: Study, kind: str, unit: str) -> str:
    """Return the passage behind a citation; empty for a point without one."""
    if kind != "point":
        return unit
    segment = study.points.set_index("point_id")["segment_id"][unit]
    return "" if pd.isna(segment) else segment


def _printable(study: Study) -> Mapping[str, Mapping[str, str]]:
    """Return the passages that may be printed, by id, as they are printed."""
    rows = printable_passages(study, study)
    rows = rows.drop_duplicates("segment_id").set_index("segment_id")
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
    row = rows.assign(
        document=titles(study, rows["document_id"]),
        paragraphs=list(map(paragraphs_of, rows["first_paragraph"], rows["last_paragraph"])),
    )
    row = next(row.itertuples())
    return f"{row.statement} ({place_of(row, several=True)})"


def _passage(study: Study, rows: pd.DataFrame) -> str:
    row, document = rows.iloc[0], titles(study, rows["document_id"]).iloc[0]
    label = row["label"] if isinstance(row["label"], str) else phrase("written", "unlabelled")
    section = row["section"] if isinstance(row["section"], str) else ""
    return f"{label} ({', '.join(filter(None, [document, section]))})"


def note_on_span(study: Study, now: Worth) -> Note:
    """Return what a quantity opens to: what is counted, the number, its base and its document."""
    percent = "" if now.percent is None else printed(now.percent / 100, "%")
    of = "" if now.base is None else phrase("written", "base", base=printed(now.base))
    number = now.word if now.withheld else "" if now.n is None else printed(now.n)
    told = f"{number}{of}" if number else ""
    told = "; ".join(filter(None, [told, percent])) + (of if not number else "")
    document = titles(study, pd.Series([now.document])).iloc[0] if now.document else ""
    return Note(phrase("written", "span", called=now.called, told=told, document=document))


def numbers_of(now: Worth) -> dict[str, float]:
    """Return the numbers of a quantity by what they count; nothing that is withheld."""
    value = now.percent if now.n is None else now.n
    if value is None:
        return {}
    value = int(value) if float(value).is_integer() else round(float(value), 2)
    of = {} if now.base is None or now.n is None else {f"{now.called}, of": int(now.base)}
    return {now.called: value} | of
