"""What differs between the outputs of two runs, and which rows of the study are behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ncsresearch.review.basis import within
from ncsresearch.review.findings_changed import MOVED, Changed, findings_changed
from ncsresearch.review.left import Left, outputs_in, read_left
from ncsresearch.review.records import Record, read_record
from ncsresearch.review.tables_changed import Cell, tables_changed
from ncsresearch.schema import StudyError, did_you_mean

OF_NUMBERS = (MOVED, "now withheld", "no longer withheld")
OF_WORDS = ("new", "gone", "reworded", "turned round")
NAMED = ["kind", "row_id"]
ROW = [*NAMED, "digest"]


class Row(NamedTuple):
    """A row of the study that was added, is gone or changed: what kind it is, how it was and is called, and which of these it is."""

    kind: str
    was: str
    now: str
    how: str


@dataclass(frozen=True)
class Difference:
    """What differs between the outputs of a study.

    was, now         what two runs left
    before, after    what they were made of, where the study keeps that
    asked            whether it was looked for in a study's folder
    """

    was: Left
    now: Left
    before: Record | None = None
    after: Record | None = None
    asked: bool = False

    @property
    def not_made(self) -> list[str]:
        """What chapters and area reports are called that one of both could not make, so that they are not compared."""
        return [self.now.place(*place) for place in self._not_made]

    @cached_property
    def _not_made(self) -> list[tuple[str, str]]:
        return [*dict.fromkeys([*self.was.not_made, *self.now.not_made])]

    @cached_property
    def _compared(self) -> list[Left]:
        return [left.but(self._not_made) for left in (self.was, self.now)]

    @property
    def n_compared(self) -> int:
        """How many findings there are now and were, each once."""
        gone = sum(each.how == ("gone",) for each in self.findings)
        return len(self._compared[1].findings) + gone

    @cached_property
    def findings(self) -> list[Changed]:
        """The findings that differ."""
        return findings_changed(*(left.findings for left in self._compared))

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells of tables that differ."""
        return tables_changed(*(left.tables for left in self._compared))

    @property
    def knows_rows(self) -> bool:
        """Whether it is known what both were made of."""
        return bool(self.before and self.after)

    @cached_property
    def moved(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The rows of the study that were, and that are, but for those that say the same in both; none where that is not known."""
        if not self.knows_rows:
            return pd.DataFrame(), pd.DataFrame()
        was, now = self.before.rows, self.after.rows
        if self.before.told_by != self.after.told_by:  # digests of two versions cannot be compared
            was, now = was.assign(digest=was["label"]), now.assign(digest=now["label"])
        was, now = (rows.set_index(ROW, drop=False) for rows in (was, now))
        was, now = was[~was.index.isin(now.index)], now[~now.index.isin(was.index)]
        return _without_renamed(was, now), _without_renamed(now, was)

    @cached_property
    def rows(self) -> list[Row]:
        """Every row of the study that differs."""
        return _rows(*self.moved) if self.knows_rows else []

    def behind(self, changed: Changed) -> list[Row]:
        """Return the rows that differ of those that a finding rests on, or rested on."""
        if not self.rows:
            return []
        sides = ((self.before, changed.was), (self.after, changed.now))
        scopes = [scope for record, finding in sides if finding for scope in record.basis(finding)]
        own = pd.concat([within(rows, scopes)[NAMED] for rows in self.moved]).astype("str")
        names = pd.MultiIndex.from_frame(own)
        return _rows(*(rows[pd.MultiIndex.from_frame(rows[NAMED]).isin(names)] for rows in self.moved))

    @cached_property
    def resting_on_others(self) -> list[Changed]:
        """The findings that say what they said, though rows that they rest on differ."""
        differ = {id(each.now) for each in self.findings}
        same = (Changed((), each, each) for each in self.now.findings if id(each) not in differ)
        return [each for each in same if self.behind(each)]

    def why_else(self, changed: Changed) -> list[str]:
        """Return what else differs that a finding may have changed by, where no row that it rests on does: the names of reasons."""
        was, now = self.was.manifest, self.now.manifest
        chapter, area = changed.either["chapter"], changed.either["area_id"]
        own = [f"findings/{name}.md" for name in (chapter, chapter[3:], f"areas/{area}")]
        files = [told.get("inputs", {}) for told in (was, now)]
        notebooks = [told.get("chapters", {}).get(chapter) for told in (was, now)]
        edited = any(files[0].get(name) != files[1].get(name) for name in own)
        found = {
            "written": edited and bool(changed.either.get("written")),
            "withdrawn": self.before.withdrawn > self.after.withdrawn,
            "package": was.get("package") != now.get("package"),
            "notebook": notebooks[0] != notebooks[1],
            "others": bool(self.rows),
        }
        last = "written" if changed.how[0] in OF_NUMBERS else ""
        return sorted((reason for reason, holds in found.items() if holds), key=lambda reason: reason == last)


def _without_renamed(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return rows but for those that say the same under another id."""
    named, said = (
        pd.MultiIndex.from_frame(rows[columns]).isin(pd.MultiIndex.from_frame(others[columns]))
        for columns in (NAMED, ["kind", "digest"])
    )
    return rows[named | ~said]


def _rows(was: pd.DataFrame, now: pd.DataFrame) -> list[Row]:
    """Return rows that differ, each with what it was and what it is called."""
    sides = (rows[[*NAMED, "label"]].reset_index(drop=True).astype("str") for rows in (was, now))
    both = pd.merge(*sides, on=NAMED, how="outer", suffixes=("", "_now")).fillna("")
    both = both.sort_values(["kind", "label", "label_now", "row_id"])
    how = np.select([both["label"].eq(""), both["label_now"].eq("")], ["added", "gone"], "changed")
    return [*map(Row, both["kind"], both["label"], both["label_now"], how.tolist())]


def differences(old: Path, new: Path, studies: list[Path]) -> Iterator[Difference]:
    """Yield what differs of each study that two folders of outputs have.

    studies   folders of studies, by whose names it is known what outputs were made of

    Raises StudyError for a folder that has no outputs, for a study that only one of them has, and for a folder of another study.
    """
    was, now = outputs_in(old), outputs_in(new)
    if len(was) == len(now) == 1:
        was = dict(zip(now, was.values(), strict=True))
    if unpaired := sorted({*was} ^ {*now}):
        raise StudyError(
            f"{old} and {new}: outputs of {unpaired[0]} are in one of them alone, expected the same studies in both."
        )
    lefts = {name: (read_left(was[name]), read_left(now[name])) for name in now}
    known = {pair[1].study: pair for pair in lefts.values()}
    for folder in studies:
        if (name := folder.resolve().name) not in known:
            near = did_you_mean(name, known)
            raise StudyError(
                f"{new} has no outputs of the study {name}, but of {', '.join(sorted(known))}.{near}"
            )
    folders = {folder.resolve().name: folder for folder in studies}
    for was, now in lefts.values():
        folder = folders.get(now.study)
        records = (read_record(folder, left) if folder else None for left in (was, now))
        yield Difference(was, now, *records, asked=bool(folder))
