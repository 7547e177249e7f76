"""What has left of a confidential study, and whom would another release tell of by subtraction?

Two releases subtract to the people who came or went between them. The study's own folder keeps, under releases/, what
each release printed and a keyed digest of everybody in it; that folder is private, like the study.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from ncsresearch.batch.digests import inputs
from ncsresearch.batch.manifest import DRAFT, read_manifest
from ncsresearch.batch.selection import known_selections
from ncsresearch.disclosure.mask import printed_groups, withheld_counts
from ncsresearch.disclosure.plan import groupings_of
from ncsresearch.evidence.groups import grouped_people, hears_people
from ncsresearch.exchange.withdrawn import digest_of, key_of
from ncsresearch.ingest.whole_file import write_json
from ncsresearch.schema import CallError, StudyError
from ncsresearch.study import Study, load_study
from ncsresearch.study.releases import FOLDER, PRINTED, releases


@dataclass(frozen=True)
class Change:
    """A group that a reader could tell people of, by subtracting a release from what would leave now."""

    released: str
    group: str
    came: int
    went: int

    def __str__(self) -> str:
        told = [f"{n} {way}" for n, way in ((self.came, "came"), (self.went, "went")) if n]
        return f"since the release {self.released}, of {self.group}: {' and '.join(told)}"


def changes(study: Study) -> list[Change]:
    """Return every group that changed by too few people since any earlier release; none where that was decided on.

    A group has changed by too few where the people who came, or who went, are from 1 to under the study's threshold.
    """
    if not study.settings.threshold or not hears_people(study):
        return []
    if not (earlier := dict(releases(study.folder))):
        return []
    now = _members(study)
    if any(kept["decided_by"] and kept["groups"] == now for kept in earlier.values()):
        return []
    few = range(1, study.settings.threshold)
    found = [each for name, kept in earlier.items() for each in _changes(name, kept["groups"], now)]
    return [each for each in found if each.came in few or each.went in few]


def _changes(released: str, before: dict, now: dict) -> Iterator[Change]:
    for group in dict.fromkeys([*now, *before]):
        own, earlier = (set(members.get(group, [])) for members in (now, before))
        yield Change(released, group.partition("/")[2], len(own - earlier), len(earlier - own))


def note_release(outputs: Path, study_dir: Path, *, decided_by: str = "", because: str = "") -> str:
    """Note that outputs leave: what they print of people, and keyed digests of the people; returns the release's name.

    decided_by, because   who decided that they leave although people could be told of by subtraction, and why

    Raises StudyError for outputs of another state of the study, for a study that is public, for a decision without a
    name or a reason, and, without a decision, for outputs that vet names a leak in or by which people could be told of.
    """
    study = load_study(study_dir)
    if not study.settings.threshold:
        raise CallError(
            f"{study.name}: a public study has no releases to note; whatever it prints may leave."
        )
    if bool(decided_by) != bool(because):
        raise CallError("A decision has a name and a reason: give both --decided-by and --because.")
    if read_manifest(outputs).get("inputs") is None:
        raise CallError(
            f"{outputs}: there are no outputs of a study here: name the folder with its manifest.json."
        )
    for folder in (outputs, *known_selections(outputs)):  # these print the counts of the same plan
        refuse_other_state(folder, study, "release what that leaves")
    if not decided_by and (why := _kept_from_leaving(outputs, study)):
        raise StudyError(f"{why}, or record a decision: --decided-by NAME --because REASON.")
    for folder in (outputs, *known_selections(outputs)):
        (folder / DRAFT).unlink(missing_ok=True)
    return _note(study, decided_by, because)


def _kept_from_leaving(outputs: Path, study: Study) -> str:
    """Return what keeps outputs from leaving and what to do about it; nothing where nothing does."""
    told = read_manifest(outputs)
    if leaks := told.get("leaks"):
        listed = f"vet names {leaks} leak{'s' * (leaks != 1)} in them, listed in {DRAFT}"
        return f"{outputs}: {listed}. Mend those and run again"
    if stops := told.get("signoff", {}).get("stops"):
        return f"{outputs}: {'; '.join(stops)}. Have them signed and run again"
    if few := "\n".join(f"  {each}" for each in changes(study)):
        draft = "these outputs are a private draft, since subtracting an earlier release tells of few people"
        return f"{study.name}: {draft}:\n{few}\nWait until more have come or gone"
    return ""


def _note(study: Study, decided_by: str, because: str) -> str:
    last = max((int(name.rpartition("-")[2]) for name, _ in releases(study.folder)), default=0)
    name = f"{date.today().isoformat()}-{last + 1}"
    release = {"decided_by": decided_by, "because": because}
    release |= {"groups": _members(study), "printed": _printed(study)}
    write_json(release, study.folder / FOLDER / f"{name}.json")
    return name


def refuse_other_state(outputs: Path, study: Study, then: str, *, but: str = "") -> None:
    """Refuse outputs of another state of the study. Raises StudyError.

    then   what to do when the study is run again
    but    a file that may have changed
    """
    told = read_manifest(outputs)
    made_of, now = ({**files, but: ""} for files in (told.get("inputs") or {}, inputs(study.folder).files))
    if made_of != now or told.get("of_another_state"):
        raise StudyError(f"{outputs}: made of another state of {study.name}. Run the study, and {then}.")


def _members(study: Study) -> dict[str, list[str]]:
    """Return the keyed digests of the people of every group that the study tells of, by grouping/group."""
    key = key_of(study.folder)
    every = [grouped_people(study, by=by).assign(by=by) for by in groupings_of(study)]
    people = pd.concat(rows.astype({"group": "str"}) for rows in every)
    people = people.merge(printed_groups(study), on=["by", "group"])
    return {
        f"{by}/{group}": sorted(digest_of(key, person) for person in own["participant_id"])
        for (by, group), own in people.groupby(["by", "group"], sort=False)
    }


def _printed(study: Study) -> list[list]:
    rows = withheld_counts(study)
    rows = rows[rows["form"].ne("") & (~rows["hidden"] | rows["words"].ne(""))]
    told = rows["words"].where(rows["words"].ne(""), rows["n"].astype("str"))
    return rows[PRINTED].assign(told=told).to_numpy().tolist()
