"""The outputs folder of one study, or of one selection of it: what stands in it, what a notebook leaves there, and what is published of all of them."""

import contextlib
import shutil
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat

from ncsresearch.batch.digests import digest, of_files
from ncsresearch.batch.formats import FORMATS, write_formats
from ncsresearch.batch.harvest import shown, write_catalogue, write_disclosure, write_findings, write_tables
from ncsresearch.batch.make import Executed, page_of
from ncsresearch.batch.manifest import DRAFT, SILENT, manifest, read_manifest
from ncsresearch.batch.plan import Task, plan
from ncsresearch.batch.selection import file_name, folder_of
from ncsresearch.ingest.whole_file import write_json, write_whole
from ncsresearch.present.chapters import supported_chapters
from ncsresearch.present.selections import selection_called
from ncsresearch.present.word_files import words
from ncsresearch.present.wording import page_words
from ncsresearch.report.html import filled_page
from ncsresearch.study import Study

NOT_FIT, LEAKS, UNVETTED = (words("pages")["not_fit"][name] for name in ("draft", "leaks", "unvetted"))
UNSIGNED = "unsigned.html"
OFTEN = 5  # seconds between two notes of what is made while a run goes on


@dataclass(frozen=True)
class SignOff:
    """How the findings of a study's outputs are signed.

    pages   what each page says, by its place and there by the anchor of a finding, or head
    said    what the first page says
    lines   a line on each finding that is not signed, or no longer
    held    why outputs of a confidential study are not to leave
    unsigned   what is not signed, or no longer: place, anchor, words, state and why of each
    """

    pages: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    unsigned: list[Mapping[str, str]] = field(default_factory=list)


class Outputs:
    """The outputs of one study while a run goes on.

    Only whole files appear in them. The manifest says of every notebook what it was made of, so that a run that is
    ended from outside is taken up where it stood.

    study   with a title and status that name the selection, where they are of one
    about   what the manifest says of the selection
    stem    name of its Word report and workbook, without the ending
    """

    def __init__(self, study: Study, folder: Path, chosen: Mapping[str, str] = {}):
        called, settings = selection_called(replace(study, selection=chosen)), study.settings
        self.target, self.stem = folder / folder_of(study.name, chosen), file_name(study.name, chosen)
        whole = {"title": settings.title, "status_line": settings.status_line}
        about = {"selection": dict(chosen), "called": called, "file": self.stem, "whole": whole}
        self.study, self.about = _named(study, called), about if chosen else {}
        self.everything = plan(study, chosen=chosen)
        self.before = read_manifest(self.target)
        self.entries = {entry["name"]: entry for entry in self.before["notebooks"]}
        self.files = of_files(self.target) if self.target.is_dir() else {}
        self.fresh: set[str] = set()
        self.left: dict = {}
        self.marks: list[str] = []
        self.noted = time.monotonic()

    def as_left(self, task: Task) -> bool:
        """Whether the files of a notebook are as the last run left them."""
        left = self.entries.get(task.name, {}).get("files", {})
        if self._is_silent(task):
            return f"{task.stem}.ipynb" not in self.files
        return bool(left) and left.items() <= self.files.items()

    def _is_silent(self, task: Task) -> bool:
        """Whether a chapter says nothing of the selection, and so has no page."""
        return self.entries.get(task.name, {}).get("status") == SILENT

    def keep(self, task: Task, made: Executed, of: dict[str, str], why: list[str]) -> None:
        """Keep a notebook and its page, and note what they were made of.

        Where it failed, or said nothing of the selection, those of an earlier run are taken away.
        """
        files = {f"{task.stem}.html": made.page, f"{task.stem}.ipynb": made.notebook} if made.page else {}
        if not files:
            self._take_away(task)
        for name, content in files.items():
            _write(self.target / name, content)
        failed = self.target / "failed" / f"{task.name}.ipynb"
        if made.error:
            _write(failed, made.notebook)
        else:
            failed.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # others may still stand there
                failed.parent.rmdir()
        told = {name: digest(content) for name, content in files.items()}
        self.entries[task.name] = _entry(task, made) | {"why": why, "made_of": of, "files": told}
        self.fresh.add(task.name)
        if time.monotonic() - self.noted > OFTEN:
            self.note()

    def _paths(self, task: Task) -> list[Path]:
        """Return where the notebook and the page of a task are."""
        return [self.target / f"{task.stem}.{ending}" for ending in ("ipynb", "html")]

    def _take_away(self, task: Task) -> None:
        for path in self._paths(task):
            path.unlink(missing_ok=True)

    def stands(self, task: Task) -> None:
        """Note that there was no reason to make a notebook again."""
        self.entries[task.name] |= {"why": []}

    def note(self) -> None:
        """Write what is made so far, for the next run to go on from."""
        self.target.mkdir(parents=True, exist_ok=True)
        self._write_manifest()
        self.noted = time.monotonic()

    def publish(self, wanted: list[str], workers: int, of: dict, drafts: list[str]) -> None:
        """Write what is made of all notebooks together, in every form wanted, and the manifest.

        of       what the outputs are made of, as the manifest tells it
        drafts   why they are not fit to leave, a line each; none where they are
        """
        self.target.mkdir(parents=True, exist_ok=True)
        self.marks = [NOT_FIT, *drafts] if drafts else []
        self._mark(self.marks)
        self._take_away_strangers()
        self._take_away_changed()
        speaking = [task for task in self.everything if not self._is_silent(task)]
        made = [task for task in speaking if (self.target / f"{task.stem}.ipynb").exists()]
        found, settings = shown(made, self.target), self.study.settings
        write_findings(found, self.target, self.study)
        write_catalogue(found, self.target, self.study)
        write_tables(found, self.target, settings.status_line)
        if settings.threshold:
            write_disclosure(found, self.target, self.study)
        else:
            (self.target / "disclosure.json").unlink(missing_ok=True)
        if any(task.name in self.fresh for task in self.everything if task not in speaking):
            for each in FORMATS:  # what is no longer in it
                (self.target / f"{self.stem}.{each}").unlink(missing_ok=True)
        write_formats(self.study, self.stem, speaking, self.fresh, self.target, wanted, workers)
        not_made = [task.name for task in speaking if task not in made]
        self.left = of | {"draft": drafts, "not_made": not_made, "formats": wanted}
        self._write_manifest()

    def keep_signoff(self, off: SignOff, *, required: bool) -> None:
        """Say on the pages how their findings are signed; where all have to be and are not, mark the outputs as not fit to leave."""
        for task in self.everything:
            self._say_signed(task, off.pages.get(task.place, {}))
        lines = off.lines if required else []
        stops = [*off.held, *([page_words("not_fit", "unsigned", n=len(lines))] if lines else [])]
        self._list_unsigned(off)
        titles = {task.place: task.title or task.heading for task in self.everything}
        listed = [{"title": titles.get(each["place"], each["place"])} | each for each in off.unsigned]
        unsigned = Counter(each["title"] for each in listed if each["state"] == "not signed")
        told = {"said": off.said, "required": required, "stops": stops, "unsigned": unsigned}
        told["lapsed"] = [each for each in listed if each["state"] != "not signed"]
        self._keep_marks([*stops, *lines], stops, signoff=told)

    def _keep_marks(self, lines: Sequence[str], drafts: Sequence[str], **told) -> None:
        """Keep further lines of the mark, what the manifest says of them, and which of them say why outputs are not fit to leave."""
        self.marks += lines
        self._mark(self.marks)
        self.left |= told | {"draft": [*self.left["draft"], *drafts]}
        self._write_manifest()

    def _say_signed(self, task: Task, lines: Mapping[str, list[str]]) -> None:
        """Render a page again where what it says of signatures is not what is to be said; its notebook stays as it is."""
        entry, path = self.entries.get(task.name, {}), self.target / f"{task.stem}.ipynb"
        if entry.get("signoff", {}) == lines or not path.is_file():
            return
        settings = replace(self.study.settings, chapters=supported_chapters(self.study))
        page = page_of(task, nbformat.read(path, as_version=4), settings, lines).encode()
        _write(path.with_suffix(".html"), page)
        entry["files"] |= {f"{task.stem}.html": digest(page)}
        entry["signoff"] = lines

    def _list_unsigned(self, off: SignOff) -> None:
        """Write the page that lists what is not signed, by state and chapter; or take it away where everything is."""
        path, pages = self.target / UNSIGNED, {task.place: task for task in self.everything}
        if not off.unsigned:
            path.unlink(missing_ok=True)
            return
        page = filled_page(
            "unsigned", title=self.study.settings.title, said=off.said, listed=off.unsigned, pages=pages
        )
        write_whole(page.encode(), path)

    def mark_unvetted(self) -> None:
        """Mark what was published as not fit to leave until it is vetted."""
        self._mark([*self.marks, UNVETTED])

    def keep_verdict(self, n_leaks: int, lines: Sequence[str]) -> None:
        """Keep what vet found in what was published; what shows a leak is marked as not fit to leave, with these lines."""
        found = [LEAKS, *lines] if n_leaks else []
        self._keep_marks(found, found[-1:], leaks=n_leaks)

    def _write_manifest(self) -> None:
        left = self.left and self.left | {"files": of_files(self.target)}
        notebooks = [self.entries[task.name] for task in self.everything if task.name in self.entries]
        told = manifest(self.study, notebooks, left)
        write_json(told | self.about, self.target / "manifest.json")

    def _mark(self, why: list[str]) -> None:
        """Write beside the pages why they are not fit to leave, a line each; or take that away where they are."""
        path = self.target / DRAFT
        if why:
            write_whole("\n".join([*why, ""]).encode(), path)
        else:
            path.unlink(missing_ok=True)

    def _take_away_changed(self) -> None:
        """Remove notebooks and pages that are not as a run has left them, so that nothing is published of them."""
        for task in self.everything:
            found = (self.target / f"{task.stem}.ipynb").exists()
            if found and task.name not in self.fresh and not self.as_left(task):
                self._take_away(task)
                self.fresh.add(task.name)  # what was made of it is made anew

    def _take_away_strangers(self) -> None:
        """Remove pages of chapters and areas that the study no longer has, so that none is taken for current."""
        own = {path for task in self.everything for path in self._paths(task)}
        for each in FORMATS.values():
            own |= {self.target / path for path in each.paths(self.stem, self.everything)}
        for folder in ("chapters", "areas"):
            for path in {*filter(Path.is_file, (self.target / folder).rglob("*.*"))} - own:
                path.unlink()


def _named(study: Study, called: str) -> Study:
    """Return the study with a title and a status that name a selection of it."""
    if not called:
        return study
    settings = study.settings
    told = {"title": f"{settings.title} (only {called})", "status": f"{settings.status_line}; only {called}"}
    return replace(study, settings=replace(settings, **told))


def _entry(task: Task, made: Executed) -> dict:
    return {
        "name": task.name,
        "area_id": task.area_id,
        "title": task.title or task.heading,
        "about": task.about,
        "page": f"{task.stem}.html",
        "parameters": task.told,
        "status": "failed" if made.error else "done" if made.page else SILENT,
        "seconds": round(made.seconds, 1),
        "error": made.error,
    }


def _write(path: Path, content: bytes) -> None:
    if not content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(content, path)


def take_away_halves(output: Path) -> None:
    """Remove what a run that was ended from outside has left unfinished."""
    for path in output.rglob(".*.partial"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
