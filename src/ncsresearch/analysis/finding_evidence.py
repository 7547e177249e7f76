"""What does each finding of the authors rest on: which themes and groups, and whose views?"""

from collections.abc import Iterator

import pandas as pd

from ncsresearch.analysis.theme_grades import doubted_themes
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.ingest.findings_file import OWN_PAGES, FindingsFile, Paragraph, Section
from ncsresearch.schema import one_of
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

FINDING = ["chapter", "paragraph", "heading"]
GROUPS = ("area_type", "heard_from", "client_group")
MOST_HOLDERS = 8  # side by side


def finding_evidence(study: Study) -> pd.DataFrame:
    """The evidence that each finding of a chapter cites or counts, in the order of the chapters; of one area alone nothing.

    Returns one row per finding and unit of evidence under a theme, or quantity of one, with
        chapter, paragraph, heading   where the finding is: its file, the number of its first paragraph there, and its words
        unit_id                       the unit; missing for a quantity of people
        code_id                       the theme; missing where it has none
        area_type, heard_from, client_group   the group that it is of; missing where it is of none

    Caution: authors choose what they cite. The number of rows says nothing about how much a finding matters.
    """
    written = [name for name in (*OWN_PAGES, *study.settings.chapters) if name in study.findings]
    rows = [row for name in written for row in _of_file(study.findings[name])]
    cited = pd.DataFrame(rows, columns=[*FINDING, "unit_id", *GROUPS])
    judged = passage_evidence(study)[["unit_id", "code_id", "area_kind", "client_group"]].astype("object")
    judged = judged.rename(columns={"area_kind": "area_type"}).drop_duplicates()
    known = cited["unit_id"].isin(judged["unit_id"])
    units = cited[known].drop(columns=["area_type", "client_group"]).merge(judged, on="unit_id")
    codes = cited["unit_id"].where(cited["unit_id"].isin(study.codebook["code_id"]))
    counted = cited[~known].assign(code_id=codes, unit_id=cited["unit_id"].where(codes.isna()))
    found = pd.concat([units, counted]).reset_index(drop=True)
    return found[[*FINDING, "unit_id", "code_id", *GROUPS]]


def findings_doubted(study: Study) -> pd.DataFrame:
    """The findings that rest mostly on themes on which coders agree too little, as doubted_themes has them.

    Returns one row per finding of which at least half of what it cites or counts is under such a theme, with chapter, paragraph, heading
    and themes (which these are). None of a part of a study.
    """
    if study.selection or study.part_of:
        return framed(pd.DataFrame(columns=[*FINDING, "themes"]), "findings doubted", study)
    evidence = finding_evidence(study)
    themes = doubted_themes(study).set_index("code_id")["theme"]
    unit = evidence["unit_id"].fillna(evidence["code_id"]).rename("unit")
    rows = evidence.assign(theme=evidence["code_id"].map(themes)).groupby([*FINDING, unit], sort=False)[
        "theme"
    ]
    doubted = rows.first().groupby(FINDING, sort=False)
    found = pd.DataFrame({"themes": doubted.unique(), "share": doubted.count() / doubted.size()})
    found = found[found["share"].ge(1 / 2)].reset_index().astype({"paragraph": "int64"})
    found["themes"] = [[theme for theme in each if pd.notna(theme)] for each in found["themes"]]
    return framed(found[[*FINDING, "themes"]], "findings doubted", study)


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


def findings_held(study: Study) -> pd.DataFrame:
    """Who holds the points that the main findings cite: those of the summary and the synthesis.

    Returns one row per finding and group that holds a point of it, in the order of study.toml's holders, with chapter, paragraph,
    heading and holder; one with holder missing for a finding that cites nothing of any group. Without holders in study.toml each
    name that the documents use is a group. None of a confidential study, of a part of one, or of more than MOST_HOLDERS groups.
    Raises StudyError for a holder of study.toml that holds no point.
    """
    if study.selection or study.part_of or study.settings.threshold:
        return framed(pd.DataFrame(columns=[*FINDING, "holder"]), "findings held", study)
    held = study.points[["point_id", "held_by"]].set_axis(["unit_id", "name"], axis=1)
    held = held.assign(name=held["name"].str.split("; ")).explode("name").dropna()
    names = held["name"].unique().tolist()
    holders = study.settings.holders or {name: [name] for name in names}
    groups = [
        (group, one_of("holder of points", name, names, of=study.name))
        for group, own in holders.items()
        for name in own
    ]
    held = held.merge(pd.DataFrame(groups, columns=["holder", "name"])).drop(columns="name")
    rows = finding_evidence(study).merge(held, "left")
    rows = rows.loc[rows["chapter"].isin(OWN_PAGES), [*FINDING, "holder"]].drop_duplicates()
    of_nobody = rows.groupby(FINDING)["holder"].transform("count").eq(0)
    rows = rows.iloc[:0] if len(holders) > MOST_HOLDERS else rows[of_nobody | rows["holder"].notna()]
    order = pd.CategoricalDtype(list(holders), ordered=True)
    return framed(rows.astype({"holder": order}).reset_index(drop=True), "findings held", study)
