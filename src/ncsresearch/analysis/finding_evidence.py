"""What does each finding of the authors rest on: which themes and groups?"""

from collections.abc import Iterator

import pandas as pd

from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.ingest.findings_file import OWN_PAGES, FindingsFile, Paragraph, Section
from ncsresearch.study import Study

FINDING = ["chapter", "paragraph", "heading"]
GROUPS = ("area_type", "heard_from", "client_group")


def finding_evidence(study: Study) -> pd.DataFrame:
    """The evidence that each finding of a chapter cites or counts, in the order of the chapters; of one area alone nothing.

    Returns one row per finding and unit of evidence under a theme, or quantity of one, with
        chapter, paragraph, heading   where the finding is: its file, the number of its first paragraph there, and its words
        unit_id                       the unit; missing for a quantity of people
        code_id                       the theme; missing where it has none
        area_type, heard_from, client_group   the group that it is of; missing where it is of none

    Caution: authors choose what they cite. The number of rows says nothing about how much a finding matters.
    """
    rows = [row for file in _in_order(study) for row in _of_file(file)]
    cited = pd.DataFrame(rows, columns=[*FINDING, "unit_id", *GROUPS])
    judged = passage_evidence(study)[["unit_id", "code_id", "area_kind", "client_group"]].astype("object")
    judged = judged.rename(columns={"area_kind": "area_type"}).drop_duplicates()
    known = cited["unit_id"].isin(judged["unit_id"])
    units = cited[known].drop(columns=["area_type", "client_group"]).merge(judged, on="unit_id")
    codes = cited["unit_id"].where(cited["unit_id"].isin(study.codebook["code_id"]))
    counted = cited[~known].assign(code_id=codes, unit_id=cited["unit_id"].where(codes.isna()))
    found = pd.concat([units, counted]).reset_index(drop=True)
    return found[[*FINDING, "unit_id", "code_id", *GROUPS]]


def _in_order(study: Study) -> Iterator[FindingsFile]:
    return (study.findings[name] for name in (*OWN_PAGES, *study.settings.chapters) if name in study.findings)


def _of_file(file: FindingsFile) -> Iterator[tuple]:
    paragraph = 1
    for section in file.sections:
        if section.heading:
            words = [part if isinstance(part, str) else part.text for part in section.heading.parts]
            yield from ((file.name, paragraph, "".join(words), *unit) for unit in _units(section))
        paragraph += sum(isinstance(block, Paragraph) for block in section.blocks)


def _units(section: Section) -> Iterator[tuple]:
    """Yield the id of each unit that a finding cites, and of what each quantity counts with the groups that it is of."""
    for paragraph in section.paragraphs:
        yield from ((unit, *[None] * len(GROUPS)) for _, unit in paragraph.cited)
    for span in section.spans:
        if "area_id" not in span.keys:
            yield span.keys[span.kind], *map(span.keys.get, GROUPS)
