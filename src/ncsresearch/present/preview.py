"""A file of findings while it is written: as it would be shown, and every line that fails."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from ncsresearch.disclosure.span_texts import texts_now
from ncsresearch.ingest.findings_file import FOLDER, FindingsFile, parse_findings, read_findings
from ncsresearch.ingest.table_file import Fault
from ncsresearch.present.area_extracts import AreaExtracts
from ncsresearch.present.findings import shown
from ncsresearch.present.findings_checked import findings_faults
from ncsresearch.present.printable import whole_of
from ncsresearch.schema import StudyError, one_of
from ncsresearch.study import Study, load_study


@dataclass(frozen=True)
class Preview:
    """A file of findings as it would be shown, and what fails in it."""

    faults: list[Fault]
    shown: list

    def _repr_mimebundle_(self, **_) -> dict:
        lines = "".join(f"<li>{escape(str(fault))}</li>" for fault in self.faults)
        html = [f"<ul>{lines}</ul>" if lines else "<p>Everything holds.</p>"]
        html += [each._repr_mimebundle_().get("text/html") or each.to_svg() for each in self.shown]
        said = [*map(str, self.faults), *(each._repr_mimebundle_()["text/plain"] for each in self.shown)]
        return {"text/plain": "\n".join(said), "text/html": "".join(html)}


def preview(study: Study, chapter: str) -> Preview:
    """Return a file of findings as it reads now, with its quantities filled in, and every line that fails.

    chapter   the name of the file below findings/, without .md; areas/AREA_ID for that of an area, checked as its report is

    Reads the file again, so that it can be written beside it. Raises StudyError for a file that is not there.
    """
    whole = load_study(study.folder) if study.part_of else whole_of(study)
    files = read_findings(whole.folder, whole.settings.chapters, whole.areas)
    file = files[one_of(f"file in {FOLDER}/", chapter, list(files))]
    whole = AreaExtracts(whole)[file.area_id] if file.area_id else whole
    filled = parse_findings(chapter, file.with_texts(texts_now(whole, file)))
    found: list = []
    for each in _sections(filled):
        try:
            found += shown(whole, whole, each)
        except (StudyError, ValueError):
            continue
    return Preview(findings_faults(whole, file), found)


def _sections(file: FindingsFile) -> Iterator[FindingsFile]:
    """Yield a file a section, so that what fails in one hides no other."""
    return (replace(file, sections=(section,)) for section in file.sections)
