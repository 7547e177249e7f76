"""The authors' findings of a whole study: every line that fails, and spans rewritten to what holds now."""

from collections.abc import Iterator

from ncsresearch.disclosure.span_texts import texts_now
from ncsresearch.ingest.findings_file import FOLDER, FindingsFile, Span
from ncsresearch.ingest.table_file import Fault
from ncsresearch.ingest.whole_file import write_whole
from ncsresearch.present.area_extracts import AreaExtracts
from ncsresearch.present.findings_checked import findings_faults
from ncsresearch.study import Study


def faults_of_findings(study: Study) -> list[Fault]:
    """Return everything that is wrong with the findings of a study, file by file and line by line, for its owner alone."""
    return [fault for part, file in _with_study(study) for fault in findings_faults(part, file, private=True)]


def update_findings(study: Study) -> dict[str, list[tuple[Span, str]]]:
    """Rewrite the spans of a study's findings to what holds now, and nothing else; a file is written whole or not at all.

    Returns the spans rewritten with what they read now, by file.
    """
    rewritten = {}
    for part, file in _with_study(study):
        now = texts_now(part, file)
        read = [(span, now.get(span.start, span.text)) for span in file.spans]
        changed = [(span, text) for span, text in read if text != span.text]
        if changed:
            name = f"{FOLDER}/{file.name}.md"
            write_whole(file.with_texts(now).encode(), study.folder / name)
            rewritten[name] = changed
    return rewritten


def _with_study(study: Study) -> Iterator[tuple[Study, FindingsFile]]:
    """Yield each file with what its notebook reads of the study: the report on an area reads its part."""
    extracts = AreaExtracts(study) if any(file.area_id for file in study.findings.values()) else {}
    for file in study.findings.values():
        yield (extracts[file.area_id] if file.area_id else study), file
