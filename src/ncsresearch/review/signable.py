"""What of a run's outputs can be signed: its findings, each by its place and its heading or name, and the rows of the study behind it."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ncsresearch.batch.digests import digest
from ncsresearch.report.content import SAID_EVERYWHERE
from ncsresearch.review.basis import basis, within
from ncsresearch.review.study_rows import COLUMNS, study_rows
from ncsresearch.schema import StudyError, did_you_mean
from ncsresearch.study import Study

PARTS = ("words", "numbers", "evidence")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, eq=False)
class Signable:
    """A finding as it is signed: what an author wrote under one heading, or a sentence by rule.

    place    its chapter; of an area report chapter/area
    entries  its entries of findings.json, a paragraph each
    """

    place: str
    entries: tuple[Mapping, ...]

    @property
    def name(self) -> str:
        """Its place and the name of its first paragraph."""
        return f"{self.place}/{self.entries[0]['name']}"

    @property
    def heading(self) -> str:
        """Its heading, empty for a sentence by rule."""
        return self.entries[0].get("heading", "")

    @property
    def called(self) -> str:
        """Its name, and its heading where it has one."""
        return ", ".join(filter(None, [self.name, self.heading]))

    def digests(self, study: Study) -> dict[str, str]:
        """Return the digests of its words without numbers, of its numbers and of the rows of the study behind it."""
        words = "\n".join([self.heading, *(entry["sentence"] for entry in self.entries)])
        numbers = sorted(str(n) for entry in self.entries for n in entry["numbers"].values())
        told = {
            "words": NUMBER.sub("#", words),
            "numbers": "\n".join([*NUMBER.findall(words), *numbers]),
            "evidence": "".join(evidence_digest(study, entry) for entry in self.entries),
        }
        return {part: digest(content.encode()) for part, content in told.items()}


def rows_behind(study: Study, finding: Mapping) -> pd.DataFrame:
    """Return the rows of a study that a finding rests on.

    finding   an entry of the findings.json of a run on this study

    What counts people rests on the judgements of the reporting coder under its theme and those below it, of its stance, about the people
    of its groups and areas; on these people with their groups and areas; and on what the theme means. What cites passages,
    points, figures or questions rests on these. A judgement under another theme is not behind it.

    Returns one row per row of the study, with kind (coding, theme, person, interview, area, passage, point, survey question,
    survey answer, figure, action or setting), row_id (unique in its kind), label (words to read) and digest (of what the row says,
    and not of its id).

    Caution: true rows on single people, for the owner of the study.
    """
    return within(study_rows(study), basis(study, finding))[COLUMNS].astype("str").reset_index(drop=True)


def evidence_digest(study: Study, finding: Mapping) -> str:
    """Return one digest of all that a finding rests on: another one where a row was added, went or says something else."""
    rows = rows_behind(study, finding)
    return digest("\n".join(sorted(rows["kind"] + " " + rows["digest"])).encode())


def signables(findings: Iterable[Mapping]) -> list[Signable]:
    """Return what can be signed of the entries of findings.json, in their order; what every chapter says of the study is no finding."""
    found: list[list[Mapping]] = []
    for entry in findings:
        if found and _goes_on(found[-1][0], entry):
            found[-1].append(entry)
        elif entry["name"] not in SAID_EVERYWHERE:
            found.append([entry])
    return [Signable(place_of_entry(own[0]), tuple(own)) for own in found]


def _goes_on(first: Mapping, entry: Mapping) -> bool:
    """Whether an entry is a further paragraph under the heading of another one."""
    under = first.get("heading") and entry.get("written") and not entry["heading"]
    return bool(under) and place_of_entry(first) == place_of_entry(entry)


def place_of_entry(entry: Mapping) -> str:
    """Return where an entry of findings.json is: its chapter; of an area report chapter/area."""
    return "/".join(filter(None, [entry["chapter"], entry["area_id"]]))


def read_signables(outputs: Path) -> list[Signable]:
    """Return what can be signed of a study's outputs. Raises StudyError where no run has left findings."""
    path = outputs / "findings.json"
    if not path.is_file():
        raise StudyError(
            f"{outputs}: there are no findings of a run here. Run the study first, or name the folder with --output."
        )
    return signables(json.loads(path.read_text(encoding="utf-8")))


def asked_for(name: str, found: list[Signable], study: str) -> tuple[str, list[Signable]]:
    """Return what a name is of, as it is kept, and the findings of it.

    name   of a finding (its heading, or place/name of any of its paragraphs), a chapter, an area report (chapter/area or the area's
           id) or the study

    Raises StudyError for a name of nothing, with the nearest, and for a heading of several findings.
    """
    known = defaultdict(list)
    for each in found:
        for called in _names(each, study):
            known[called].append(each)
    if name not in known:
        raise StudyError(
            f"{study} has no finding, chapter or area report {name!r}.{did_you_mean(name, known)}"
        )
    own = known[name]
    chapter, _, area = own[0].place.partition("/")
    if name in (study, chapter, own[0].place):
        return name, own
    if name == area:
        return own[0].place, own
    if len(own) > 1:
        names = ", ".join(each.name for each in own)
        raise StudyError(f"{name!r} is the heading of {len(own)} findings; name one of them: {names}.")
    return own[0].name, own


def _names(each: Signable, study: str) -> Iterator[str]:
    chapter, _, area = each.place.partition("/")
    names = (f"{each.place}/{entry['name']}" for entry in each.entries)
    yield from dict.fromkeys(filter(None, [*names, each.heading, each.place, chapter, area, study]))
