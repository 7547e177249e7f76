"""What a run has left of a study: its findings, its tables and its manifest, as they are compared with those of another run."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ncsresearch.batch.digests import CHANGES, digest
from ncsresearch.batch.manifest import read_manifest
from ncsresearch.review.signable import signables
from ncsresearch.schema import StudyError, did_you_mean
from ncsresearch.study import history

FINDINGS, MANIFEST, CATALOGUE = "findings.json", "manifest.json", "catalogue.json"
OF_ROWS = (
    "{record}: keeps the rows of a study for its next run, and no findings or tables. diff compares two folders of outputs; what "
    "changed last is in {page}, and an outputs folder that is copied before a run can be compared with it."
)


@dataclass(frozen=True)
class Left:
    """The outputs of one study, or of a selection of it.

    tables   the text of each CSV file, by its path below tables/
    """

    manifest: Mapping
    findings: list[dict]
    tables: Mapping[str, str]
    catalogue: Mapping

    @property
    def study(self) -> str:
        """The name of the study's folder."""
        return self.manifest["study"]

    @property
    def state(self) -> str:
        """A digest of all that it was made of: the study, its sources and the package."""
        made_of = {name: self.manifest.get(name) for name in ("package", "inputs", "sources")}
        return digest(json.dumps(made_of, sort_keys=True).encode())

    @property
    def threshold(self) -> int:
        """The smallest count of people that it may show; 0 of a public study."""
        return self.manifest.get("threshold") or 0

    @cached_property
    def notebooks(self) -> Mapping[tuple[str, str], Mapping]:
        """What is told of each chapter and area report, by the chapter's name and the area's id."""
        return {(each["name"].split()[0], each["area_id"]): each for each in self.manifest["notebooks"]}

    @cached_property
    def signed_as(self) -> Mapping[tuple[str, str], str]:
        """What each finding is signed as, by its place and name: the heading it is under, or its words."""
        return {
            (each.place, entry["name"]): each.heading or each.entries[0]["sentence"]
            for each in signables(self.findings)
            for entry in each.entries
        }

    @property
    def not_made(self) -> list[tuple[str, str]]:
        """The chapters and area reports that the run could not make."""
        return [place for place, told in self.notebooks.items() if told["status"] == "failed"]

    def but(self, places: Collection[tuple[str, str]]) -> "Left":
        """Return the outputs but for some chapters and area reports."""
        findings = [each for each in self.findings if (each["chapter"], each["area_id"]) not in places]
        tables = {name: text for name, text in self.tables.items() if place_of(name) not in places}
        notebooks = [told for place, told in self.notebooks.items() if place not in places]
        manifest = {**self.manifest, "notebooks": notebooks}
        return replace(self, manifest=manifest, findings=findings, tables=tables)

    def only(self, places: Collection[tuple[str, str]]) -> "Left":
        """Return the outputs of some chapters and area reports alone."""
        return self.but([place for place in self.notebooks if place not in places])

    def caption(self, table: str) -> str:
        """Return the caption of a table by its path below tables/, or its name where there is none."""
        (chapter, area), name = place_of(table), Path(table).stem
        listed = self.catalogue.get("tables", [])
        key = {"chapter": chapter, "area_id": area, "name": name}
        found = (each["caption"] for each in listed if key.items() <= each.items())
        return next(found, name.replace("_", " "))

    def place(self, chapter: str, area_id: str) -> str:
        """Return what a chapter or area report is called."""
        return self.notebooks.get((chapter, area_id), {}).get("title", chapter)

    def link(self, finding: Mapping) -> str:
        """Return where a finding is on its page, from the folder of the outputs; nothing where its notebook has no page."""
        page = self.notebooks.get((finding["chapter"], finding["area_id"]), {}).get("page", "")
        return f"{page}#finding-{finding['name']}" if page else ""


def place_of(table: str) -> tuple[str, str]:
    """Return the chapter and the area of a table by its path below tables/."""
    chapter, _, area = table.rpartition("/")[0].partition("/")
    return chapter, area


def read_left(folder: Path) -> Left:
    """Read the outputs of one study."""
    tables = {
        path.relative_to(folder / "tables").as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((folder / "tables").rglob("*.csv"))
    }
    findings, catalogue = (_json(folder / name) for name in (FINDINGS, CATALOGUE))
    return Left(read_manifest(folder), findings or [], tables, catalogue or {})


def _json(path: Path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def is_left(folder: Path) -> bool:
    """Whether a folder has the outputs of a study."""
    return (folder / MANIFEST).is_file() and (folder / FINDINGS).is_file()


def outputs_in(folder: Path) -> dict[str, Path]:
    """Return the outputs of each study in a folder by the study's name: it holds those of one, or a folder for each of several.

    Raises StudyError for a folder that has none, with the nearest that has.
    """
    if is_left(folder):
        return {folder.resolve().name: folder}
    found = {path.name: path for path in sorted(folder.glob("*")) if is_left(path)}
    if not found:
        if folder.suffix == history.ENDING and folder.parent.name == history.FOLDER:
            raise StudyError(OF_ROWS.format(record=folder, page=folder.with_name(CHANGES)))
        beside = [*folder.parent.glob("*")]
        known = [str(path) for path in beside if any(map(is_left, (path, *path.glob("*"))))]
        near = did_you_mean(str(folder), known)
        raise StudyError(
            f"{folder}: there are no outputs of a study here, expected a folder with {MANIFEST} and {FINDINGS}, or with such "
            f"a folder for each study.{near}"
        )
    return found
