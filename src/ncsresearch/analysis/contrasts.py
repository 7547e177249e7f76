"""Which groups of people are compared, and what did each person in them raise?"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from ncsresearch.analysis.partial_pooling import Side, alike_within
from ncsresearch.analysis.permutation import label_level
from ncsresearch.evidence.groups import grouped_people, hears_people
from ncsresearch.evidence.people import people, people_by_codes, raised_by_people, service_views
from ncsresearch.schema import COMPARED, StudyError
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, leaf_themes

ONE_AGAINST_THE_OTHER = {"area_type": COMPARED}
COUNTS = ["n_raised", "n_participants", "n_raised_others", "n_participants_others"]
OTHERS = "all others"
NEVER_COMPARED = (
    "{study}: nobody was heard in this study, and groups in published evidence are never compared by a test; "
    "expected participants."
)


@dataclass(frozen=True)
class Contrast:
    """One group of people against others: who is compared, and what each of them raised.

    people   participant_id, area_id, interview_id, here (whether in the group)
    raised   the same people by codes, true where raised
    """

    group: str
    others: str
    people: pd.DataFrame
    raised: pd.DataFrame
    level: float

    @cached_property
    def varies(self) -> str:
        """Where membership of the group varies: area, interview or participant."""
        return label_level(self.people)

    def counts(self, code: str) -> tuple[int, int, int, int]:
        """People of the group who raised a code, people of the group, and both of the others."""
        here, raised = self.people["here"].to_numpy(), self.raised[code].to_numpy()
        return int(raised[here].sum()), int(here.sum()), int(raised[~here].sum()), int((~here).sum())

    @cached_property
    def clusters(self) -> np.ndarray:
        """Number of the area, or else the interview, that each of the people was heard in."""
        return pd.factorize(self.people["area_id" if self.varies == "area" else "interview_id"])[0]

    @cached_property
    def sides(self) -> tuple[Side, Side]:
        """The people of the group and the others, in the areas, or else interviews, that they were heard in."""
        here = self.people["here"].to_numpy()
        return tuple(_side(self.raised[own], self.clusters[own]) for own in (here, ~here))

    @cached_property
    def dependent(self) -> str:
        """Say why people here are no independent draws; an empty string where they are."""
        if self.varies == "area":
            n = self.people["area_id"].nunique()
            return f"all people of an area are in one group, so {n} areas are compared and not {len(self.people)} people"
        size = self.people["interview_id"].value_counts()
        together = int(size.gt(1).sum())
        return f"several people spoke together in {together} of {len(size)} interviews" if together else ""


def _side(raised: pd.DataFrame, clusters: np.ndarray) -> Side:
    each = raised.astype("int64").groupby(clusters)
    n, heard = each.sum().to_numpy(), each.size().to_numpy()
    return Side(np.broadcast_to(heard[:, None], n.shape), n, n, n.sum(axis=0))


@lru_cache(maxsize=4)
def effect_of_interviews(study: Study) -> float:
    """Return how many times wider the variance of an area's share is because people of one interview say alike things.

    It is the design effect of a typical theme, to one decimal; 1.0 where everybody was heard alone.
    """
    heard = _heard(people(study))
    sizes, raised = heard["interview_id"].value_counts(), _raised(study, heard["participant_id"], "", "theme")
    if sizes.max() == 1 or raised.empty:
        return 1.0
    areas = heard.groupby("area_id").indices.values()
    sides = [_side(raised.iloc[own], heard["interview_id"].iloc[own].to_numpy()) for own in areas]
    return round(float(1 + ((sizes**2).sum() / sizes.sum() - 1) * alike_within(sides)), 1)


def _heard(rows: pd.DataFrame) -> pd.DataFrame:
    """Return people with the area and interview they were heard in; an interview of their own where it is not known."""
    alone = rows["interview_id"].astype("object").fillna(rows["participant_id"])
    return rows.assign(area_id=rows["area_id"].fillna(""), interview_id=alone)


@lru_cache(maxsize=4)
def contrasts_of(study: Study, *, by: str, stance: str = "", of: str = "theme") -> list[Contrast]:
    """Return each group of people against the others, with what everybody raised; none where there is one group, or nothing to raise.

    Two groups that have everybody between them are compared once. Raises StudyError for a study in which nobody was heard.
    """
    if not hears_people(study):
        raise StudyError(NEVER_COMPARED.format(study=study.name))
    grouped = grouped_people(study, by=by)
    names = [
        name
        for name in ONE_AGAINST_THE_OTHER.get(by, grouped["group"].cat.categories)
        if name in set(grouped["group"])
    ]
    grouped = grouped[grouped["group"].isin(names)]
    everybody = _heard(
        grouped[["participant_id"]].drop_duplicates().merge(people(study), on="participant_id")
    )
    raised = _raised(study, everybody["participant_id"], stance, of)
    of_groups = grouped.groupby("group", observed=True)["participant_id"]
    members = {name: everybody["participant_id"].isin(of_groups.get_group(name)) for name in names}
    pairs = ((name, _rest(members, name)) for name in names)
    level = study.settings.interval_level
    return [
        Contrast(name, rest, everybody.assign(here=members[name]), raised, level)
        for at, (name, rest) in enumerate(pairs)
        if len(names) > 1 and len(raised.columns) and rest not in names[:at]
    ]


def _rest(members: dict[str, pd.Series], name: str) -> str:
    """Return the group that has all others and nobody else, so that both are compared once; or all others."""
    return next((other for other, own in members.items() if own.ne(members[name]).all()), OTHERS)


def _raised(study: Study, heard: pd.Series, stance: str, of: str) -> pd.DataFrame:
    """Return people by what is compared, true where they raised it."""
    if of == "service level":
        pairs = service_views(study)
        return people_by_codes(pairs, heard, sorted(set(pairs["code_id"])))
    return people_by_codes(raised_by_people(study, stance), heard, leaf_themes(study.codebook))


def names_compared(study: Study, codes: pd.Series) -> list[str]:
    """Return what is compared in words: the name of a theme, or of a service level with the client group."""
    names, parts = code_names(study.codebook), (code.partition("/") for code in codes)
    return [f"{names[code]}: {about}" if about else names[code] for code, _, about in parts]
