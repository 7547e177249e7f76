"""What does the report on one area read? Its own rows, and of the others the figures it prints beside them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ncsresearch.disclosure.joint import joint
from ncsresearch.disclosure.mask import tells_ways, withheld_counts
from ncsresearch.evidence.groups import hears_people, n_areas_of_kind, n_heard, n_in_groups, n_placed
from ncsresearch.ingest.findings_file import AREAS
from ncsresearch.present.cautions import doubts
from ncsresearch.present.people_behind import lines_behind
from ncsresearch.present.people_compared import themes_that_kinds_lead
from ncsresearch.schema import StudyError
from ncsresearch.study import Study, load_study
from ncsresearch.study.area_index import NO_AREA, area_index
from ncsresearch.study.staged import read_staged
from ncsresearch.study.totals import StudyTotals

ORDER = ["code_id", "stance", "by", "group"]  # and not that of the rows of a table, which tells nothing
OF_PEOPLE = ("", "area_type")
CHAPTER = "20_case_study_area"
CITING = ("interviews", "segments", "survey_items")


def load_area(
    folder: str | Path,
    area_id: str = "",
    *,
    area_type: str = "",
    client_group: str = "",
    heard_from: str = "",
    theme: str = "",
) -> tuple[Study, Study]:
    """Read a study folder as the report on one area reads it; without an area, on the first that is reported on.

    area_type, client_group, heard_from, theme   narrow the whole study first, as Study.where does

    Returns what the report reads of the study, and of that what documents about the area alone hold, nothing
    where people were heard. Raises StudyError as load_study does, and for an area, type, group or theme that the study
    does not have.
    """
    study = read_staged(Path(folder)) or load_study(folder)
    if not study.part_of:
        study = study.where(
            area_type=area_type, client_group=client_group, heard_from=heard_from, theme=theme
        )
        if study.slice and study.slice.by:
            study.where(area_id=area_id or _first_reported(study))  # refuses two groups at once, by name
        study = AreaExtracts(study)[study.area(area_id or _first_reported(study))["area_id"]]
    own = study.where(area_id=study.part_of)
    nothing = {name: rows.iloc[:0] for name, rows in own.tables.items()}
    return study, own.holding(**nothing) if hears_people(study) else own


def _first_reported(study: Study) -> str:
    reported = study.areas.loc[study.areas["report"].eq("yes"), "area_id"]
    if reported.empty:
        raise StudyError(f"{study.name}: no area is reported on; areas.csv says which are (report: yes).")
    return reported.iloc[0]


class AreaExtracts:
    """The parts of a study that reports on areas read, by area.

    A part holds the rows of its area. Where people were heard, it knows of the others what StudyTotals holds; of published
    evidence, which belongs to nobody, it holds besides what is about no area or about the country.
    """

    def __init__(self, study: Study):
        limits = {CHAPTER: study.limits(CHAPTER)} if study.limits(CHAPTER) else {}
        settings = replace(study.settings, limits=limits)
        self.study = replace(study, settings=settings, printed=None, doubted=_unframed(doubts(study)))
        self.index = area_index(study.tables)
        self.names = study.areas.set_index("area_id")["name"]
        if hears_people(study):
            counts = withheld_counts(study).drop(columns="bound")
            counts = counts.sort_values(ORDER, kind="stable", ignore_index=True)
            asks = (
                [] if settings.questions else ["challenge"]
            )  # of the kind of area, where the study words no questions
            told = counts["by"].isin(OF_PEOPLE) & counts["stance"].isin(["", *asks])
            self.shared = counts[told & ~counts["code_id"].str.contains("/")]
            tell_nothing = counts["n"].eq(0) & ~counts["hidden"] & ~counts["code_id"].str.contains("/")
            of_areas = counts[counts["by"].eq("area_id") & ~tell_nothing]
            self.counts: Mapping = dict(list(of_areas.groupby("group", sort=False)))
            self.n_here = n_in_groups(study, by="area_id")
            self.figures = _figures(study)

    def __getitem__(self, area_id: str) -> Study:
        """Return the part that the report on an area reads."""
        name = f"{AREAS}/{area_id}"
        own = {name: self.study.findings[name]} if name in self.study.findings else {}
        study = replace(self.study, findings=own)
        if not hears_people(study):
            own = self.index.of(study.tables, area_id, NO_AREA, study.settings.national_area)
            return replace(study, tables=own, part_of=area_id)
        own = self.index.of(study.tables, area_id)
        areas, documents = study.areas, study.documents
        cited = pd.concat([own[name]["document_id"] for name in CITING])
        own |= {
            "areas": areas[areas["area_id"].eq(area_id)],
            "documents": documents[documents["document_id"].isin(cited)],
            "origins": study.origins.iloc[:0],
            "sets": study.sets.iloc[:0],
            "signatures": study.signatures.iloc[:0],
        }
        return replace(study, tables=own, part_of=area_id, whole=self._whole(self.names[area_id]))

    def _whole(self, area: str) -> StudyTotals:
        rows = [self.shared, self.counts[area]] if area in self.counts else [self.shared]
        bases = self.figures.bases | {("area_id", area): self.n_here.get(area, 0)}
        return replace(self.figures, counts=pd.concat(rows), bases=bases)


def _figures(study: Study) -> StudyTotals:
    """Return the figures of a study that are the same in every part."""
    people, interviews = n_heard(study)
    led = themes_that_kinds_lead(study)
    return StudyTotals(
        n_people=people,
        n_interviews=interviews,
        n_placed=n_placed(study),
        tells_ways=tells_ways(study),
        n_areas=n_areas_of_kind(study),
        bases={(by, group): n for by in OF_PEOPLE for group, n in n_in_groups(study, by=by).items()},
        counts=pd.DataFrame(),
        opened=dict(zip(led, lines_behind(study, led), strict=True)),
        joint=_unframed(joint(study)),
    )


def _unframed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows that do not remember the study, of which a part holds nobody's but its own."""
    rows.attrs = {}
    return rows
