"""Where in the authors' files is a finding that a run shows?"""

from collections.abc import Mapping

from ncsresearch.ingest.findings_file import AREAS, FindingsFile, Paragraph


def file_of(files: Mapping[str, FindingsFile], chapter: str, area_id: str) -> FindingsFile | None:
    """Return the file of a chapter, of a page that opens the study, or of an area; None where they have not written one."""
    names = (f"{AREAS}/{area_id}", chapter, chapter[3:])
    return next((files[name] for name in names if name in files), None)


def paragraphs_of(file: FindingsFile) -> dict[str, list[Paragraph]]:
    """Return the paragraphs of a file by the name of each as a finding; before the first below a heading, the heading."""
    found = []
    for section in file.sections:
        first, *others = [block for block in section.blocks if isinstance(block, Paragraph)] or [None]
        headed = [first] if section.heading is None else [section.heading, first]
        found += [headed, *([other] for other in others)] if first else []
    return {f"written_{number}": own for number, own in enumerate(found, start=1)}
