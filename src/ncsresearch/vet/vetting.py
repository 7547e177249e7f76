"""Vet the outputs of a run: every leak by file and place, and never in its own words."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ncsresearch.schema import CallError, StudyError
from ncsresearch.vet.identifiers import identifiers
from ncsresearch.vet.known import Known, what_is_known
from ncsresearch.vet.place import Leak, Reading
from ncsresearch.vet.printed_counts import Names, counts_of_table, printed_counts, rows_of_passages
from ncsresearch.vet.quotations import quotations, raw_transcripts
from ncsresearch.vet.reading import DRAFT, read_runs
from ncsresearch.vet.since import changed_counts
from ncsresearch.vet.small_counts import small_counts
from ncsresearch.vet.solving import counts_given_back
from ncsresearch.vet.subtraction import recovered_counts

TOLD = 20
PRIVATE = "these outputs are not fit to leave; read why in it, and run again when that is mended or decided"
PLACEHOLDER = "a placeholder where words should stand; put right the sentence that made it"
SIGNS = re.compile(
    r"\bnan\b|\bNaN\b|(?<=\w )None\b(?! of\b)|^\s*None\s*$|\{[a-z_][\w.]*\}|\bTODO\b|\[x\] of\b|\b[Ll]orem\b"
    r"|\w {2,}\.(?:\s|$)|(?<![\d.,])1 (?:people|persons|clients|partners|participants|respondents|workers|managers)\b"
)


@dataclass(frozen=True)
class Vetted:
    """What the check of a run found: one line a leak, and a last line that counts them."""

    lines: tuple[str, ...]
    n_leaks: int


def vet_outputs(
    *outputs: Path,
    study: Path | None = None,
    sources: Path | None = None,
    since: Path | None = None,
    marked: bool = True,
) -> Vetted:
    """Vet what runs of one study wrote, held together, as an outsider reads them.

    outputs   folders of a run, or single files such as a notebook that papermill made
    study     the study's folder, which is counted again, and against which quotations, ids and transcripts are held
    sources   folder of source documents, whose words may be quoted
    since     earlier outputs, which a reader may subtract from these
    marked    whether a mark that outputs are not fit to leave is a leak; not so for the run that marks them

    Raises StudyError for a folder that is not the outputs of one study, and for a faulty study.
    """
    manifests = [read_manifest(output) for output in outputs]
    if sources and not sources.is_dir():
        raise CallError(f"{sources}: there is no such folder of source documents.")
    known = what_is_known(manifests, study, sources)
    reading, leaks = read_runs(*outputs)
    names = Names(reading, known)
    leaks += _leaks(reading, known, names)
    named = [place for place in reading.texts if place.where == "its name" and place.text.endswith(DRAFT)]
    leaks += [Leak(place.file, "", PRIVATE) for place in named if marked]
    if since and known.counts_people:
        read_manifest(since)
        leaks += changed_counts(reading, read_runs(since)[0], known, names)
    told: dict[str, list[str]] = {}
    for file, line in _lines(leaks, [*known.people]):
        told.setdefault(file, []).append(line)
    runs = zip(manifests, outputs, strict=True)
    studies = [manifest.get("study") or output.resolve().name for manifest, output in runs]
    return _vetted(", ".join(dict.fromkeys(map(str, studies))), told)


def read_manifest(output: Path) -> dict:
    """Return the manifest of a run; raises StudyError for a folder that has none or one that is no manifest."""
    if output.is_file():
        return {}
    if not output.is_dir():
        raise CallError(f"{output}: there is no such folder of outputs.")
    path = output / "manifest.json"
    if not path.is_file():
        runs = sorted(found.parent.name for found in output.glob("*/manifest.json"))
        near = f" Vet one of {', '.join(runs)} in it." if runs else ""
        raise CallError(f"{output} does not hold the outputs of a run: it has no manifest.json.{near}")
    manifest = None
    with suppress(ValueError):
        manifest = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(manifest, dict) or not isinstance(manifest.get("notebooks"), list):
        raise StudyError(f"{path} is not the manifest of a run.")
    return manifest


def _leaks(reading: Reading, known: Known, names: Names) -> Iterator[Leak]:
    if known.counts_people:
        of_tables = [told for table in reading.tables for told in counts_of_table(table, names)]
        passages = rows_of_passages(of_tables, known)
        yield from (leak for leak in small_counts(reading, known) if (leak.file, leak.where) not in passages)
        yield from recovered_counts(reading, known)
        yield from counts_given_back(printed_counts(of_tables, reading, known, names), known, names)
        for own in (replace(known, recount=recount) for recount in known.regrouped):
            called = Names(reading, own)
            of_tables = [told for table in reading.tables for told in counts_of_table(table, called)]
            yield from counts_given_back(printed_counts(of_tables, reading, own, called), own, called)
    for check in (quotations, identifiers, raw_transcripts):
        yield from check(reading, known)
    yield from placeholders(reading, known)


def placeholders(reading: Reading, known: Known) -> Iterator[Leak]:
    """Yield every text, code left aside, that holds what a program leaves where a value was missing, and the study's own words do not."""
    search = cache(SIGNS.findall)
    own = cache(lambda: {sign.strip() for words in known.own for sign in search(words)})
    for place in reading.places():
        for found in search(place.text) if place.kind != "code" else ():
            if found.strip() not in own():
                yield Leak(place.file, place.where, PLACEHOLDER, found.strip())
                break


def _lines(leaks: list[Leak], people: list[str]) -> Iterator[tuple[str, str]]:
    """One line a leak in a fixed order; the names in it are cut where they hold words of any leak."""
    secret = {leak.fragment.strip() for leak in leaks if len(leak.fragment.strip()) > 2} | set(people)
    kept = {}
    for leak in leaks:
        place = f"{leak.file}, {_unsaid(leak.where, leak.fragment, secret)}" if leak.where else leak.file
        kept.setdefault((leak.file, f"{_unsaid(place, '', secret)}: {leak.what}"))
    yield from sorted(kept, key=lambda line: (line[0], _in_order(line[1])))


def _unsaid(told: str, own: str, secret: set[str]) -> str:
    """Words without those of a leak; a number is cut out of names alone, the numbers of places stay."""
    for words in sorted({*secret, *re.findall(r"^\s*(\d+)\s*$", own)}, key=len, reverse=True):
        if words in told:
            within = r'"[^"]*"' if words.isdigit() else r"(?s).+"
            cut = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
            told = re.sub(within, lambda name, cut=cut: cut.sub("…", name[0]), told)
    return told


def _in_order(line: str) -> list:
    """Sort numbers within a line as numbers: row 3 before row 12."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", line) if part]


def _vetted(name: str, told: dict[str, list[str]]) -> Vetted:
    if not told:
        return Vetted((f"{name}: no leak found.",), 0)
    lines = []
    for file, found in told.items():
        lines += found if len(found) <= TOLD else [*found[:TOLD], f"{file}: and {len(found) - TOLD} more."]
    leaks, files = sum(map(len, told.values())), len(told)
    last = f"{name}: {leaks} leak{'s' * (leaks > 1)} in {files} file{'s' * (files > 1)}."
    return Vetted((*lines, last), leaks)
