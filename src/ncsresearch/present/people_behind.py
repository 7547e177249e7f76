"""Who is behind a sentence on a theme: what sentences open to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from ncsresearch.disclosure.mask import publishable_bases, publishable_counts
from ncsresearch.evidence.groups import grouped_people, n_heard, n_in_groups
from ncsresearch.evidence.people import raised_by_people
from ncsresearch.present.outputs import WITHHELD
from ncsresearch.present.printable import OPPOSITE, passages_behind
from ncsresearch.present.table import SMALLEST_BASE
from ncsresearch.present.wording import phrase
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names

Told = int | str | None  # a number of people, the word in its place, or nothing where neither may be printed


@dataclass(frozen=True)
class Behind:
    """A theme, or one way of telling it, and whom a sentence on it is about: everybody heard, or one group.

    by, group   as publishable_counts has them
    """

    study: Study
    code_id: str
    stance: str = ""
    by: str = ""
    group: str = "everybody"

    @property
    def theme(self) -> str:
        """The label of the theme."""
        return code_names(self.study.codebook)[self.code_id]

    @property
    def base(self) -> int:
        """How many people it is about, heard on anything."""
        return n_in_groups(self.study, by=self.by).get(self.group, 0) if self.by else n_heard(self.study)[0]

    @property
    def opposite(self) -> str:
        """The other side of a strength or a challenge; empty for any other way of telling it."""
        return OPPOSITE.get(self.stance, "")

    @property
    def n(self) -> Told:
        """How many people described it so."""
        return self._told(self.stance)

    @property
    def n_against(self) -> Told:
        """How many described it as the opposite; raising nothing is not among them."""
        return self._told(self.opposite) if self.opposite else 0

    @property
    def people(self) -> pd.Series:
        """The ids of the people it is about."""
        rows = grouped_people(self.study, by=self.by)
        return rows.loc[rows["group"].eq(self.group), "participant_id"]

    def who_told(self, stance: str) -> set[str]:
        """The ids of those of them who described it so: true, for a public study."""
        rows = raised_by_people(self.study, stance)
        return set(rows.loc[rows["code_id"].eq(self.code_id), "participant_id"]) & set(self.people)

    def _told(self, stance: str) -> Told:
        return _cells(self.study, self.by, stance).get((self.group, self.code_id))


@lru_cache(maxsize=32)
def _cells(study: Study, by: str, stance: str) -> dict[tuple[str, str], Told]:
    """Return every number of people who described a theme so, by group and code, as it may be printed."""
    rows = publishable_counts(study, by=by, stance=stance)
    n = [word or None if pd.isna(n) else int(n) for n, word in zip(rows["n"], rows["words"], strict=True)]
    return dict(zip(zip(rows["group"].astype("str"), rows["code_id"], strict=True), n, strict=True))


def evidence_for(study: Study, codes: Iterable[str], *, who: str = "", stance: str = "") -> dict[str, tuple]:
    """Return what a sentence on several themes opens to: a line on each, and the passages that may be shown.

    who   a participant group; empty for everybody

    The report on an area shows no passages.
    """
    codes = list(codes)
    if study.slice and study.slice.by:
        return {"behind": (), "passages": ()}
    if study.whole:
        return {"behind": tuple(study.whole.opened[code] for code in codes), "passages": ()}
    lines = lines_behind(study, codes, who=who, stance=stance)
    return {"behind": lines, "passages": passages_behind(study, codes, who=who, stance=stance)}


def lines_behind(study: Study, codes: Iterable[str], *, who: str = "", stance: str = "") -> tuple[str, ...]:
    """Return a line on who is behind each of several themes; who and stance as for evidence_for."""
    group = ("participant_group", who) if who else ()
    each = (Behind(study, code, stance, *group) for code in codes)
    lines = ((behind.theme, " ".join(_lines(behind))) for behind in each)
    return tuple(f"{theme}. {line}" for theme, line in lines if line)


def bases_told(study: Study, by: str) -> dict[str, int]:
    """Return how many people were heard in each group of a grouping, without those that are withheld."""
    bases = publishable_bases(study, by=by).dropna(subset="base")
    return dict(zip(bases["called"], bases["base"], strict=True))


def _lines(behind: Behind) -> Iterator[str]:
    """Yield what is behind a sentence, line by line: areas, groups, the other side, the interval."""
    study, n = behind.study, behind.n
    areas = _areas_behind(behind) if isinstance(n, int) else []
    if len(areas) > 1:
        yield phrase("behind", "areas", n=sum(areas), areas=len(areas))
    if not behind.by:
        yield from _by_group(behind)
    if behind.opposite and not study.settings.threshold:
        both = behind.who_told(behind.stance) & behind.who_told(behind.opposite)
        if both:
            yield phrase("behind", "both", stance=behind.stance, opposite=behind.opposite, n=len(both))
    if isinstance(n, int) and behind.base >= SMALLEST_BASE:
        # here, since an area's report has no intervals and would wait for what works them out
        from ncsresearch.disclosure.area_shares import share_intervals

        told = share_intervals(study, by=behind.by, group=behind.group, stance=behind.stance)
        of = {"group": behind.group, "n": n, "base": behind.base, "level": study.settings.interval_level}
        yield phrase("behind", "interval", **of, **told.loc[behind.code_id])


def _areas_behind(behind: Behind) -> list[bool]:
    """Return of each area whether anybody there is behind it; nothing where that may not be printed of each."""
    study = behind.study
    if behind.by and study.settings.threshold:
        return []
    if behind.by:
        people = study.participants
        study = study.holding(participants=people[people["participant_id"].isin(behind.people)])
    rows = publishable_counts(study, by="area_id", stance=behind.stance)
    rows = rows[rows["code_id"].eq(behind.code_id)]
    unknown = rows["n"].isna() & rows["words"].eq("")
    return [] if unknown.any() else list(rows["least"].gt(0))


def _by_group(behind: Behind) -> Iterator[str]:
    by = "participant_group"
    for group, base in bases_told(behind.study, by).items():
        n = Behind(behind.study, behind.code_id, behind.stance, by, group).n
        yield phrase("behind", "group", n=WITHHELD if n is None else n, group=group, base=base)
