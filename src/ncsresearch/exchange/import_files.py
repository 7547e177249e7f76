"""Files of other tools into a study: read, laid into its tables, checked, and only then written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ncsresearch.exchange.changes import shortened
from ncsresearch.exchange.left_out import without_withdrawn
from ncsresearch.exchange.listed_people import with_listed
from ncsresearch.exchange.merge import merge
from ncsresearch.exchange.places import added_by_head, with_areas_of_codes, with_known_place
from ncsresearch.exchange.same_interview import refuse_same_interview
from ncsresearch.exchange.same_sheet import with_known_sheets
from ncsresearch.exchange.same_survey import refuse_moved_rows, same_measures, same_survey, with_known_scales
from ncsresearch.exchange.tied_words import tied_to_texts, without_emptied
from ncsresearch.exchange.withdrawn import read_withdrawn
from ncsresearch.exchange.write_study import choice_to_make, read_document_texts, read_reports, write_study
from ncsresearch.ingest.files import passed_over, read_files
from ncsresearch.ingest.given_columns import Given
from ncsresearch.ingest.imported_file import ImportedFile, Line, few
from ncsresearch.ingest.storable import refuse_knots
from ncsresearch.ingest.template import filled
from ncsresearch.ingest.transcript import ASKED, MET_ONCE, NO_INTERVIEWER
from ncsresearch.ingest.transcript_head import askers_in
from ncsresearch.study import read_texts

REPORT = Path(__file__).parent / "templates" / "import_report.txt"
FIRST = (NO_INTERVIEWER, ASKED, MET_ONCE)  # kinds of lines that say that people may be counted wrongly
FEW, MOST = 3, 15  # reports that are printed whole, and remarks on many files
LETTERS, NAME = 600, 40  # that are printed of a remark, and of a column in a long one
CUT = " ...; imports.json has the rest"
TURNS = re.compile(r": (\d+)(?=[,;]|$)")  # of a speaker
VERBS = ("changed", "removed")
REPORTED = ("kind", "in_file", "kept", "changed", "dropped", "note", "example")


@dataclass(frozen=True)
class Imported:
    """What became of one file: its account, what it changed in the study, and what a person should know of that."""

    file: ImportedFile
    changes: dict[str, dict]
    remarks: list[str]

    def report(self) -> dict:
        """Return the report as it is kept in the study: names and counts, no words of a participant."""
        return {
            "source": self.file.source,
            "file": [
                {name.replace("_", " "): getattr(line, name) for name in REPORTED}
                for line in self.file.account
            ],
            "study": self.changes,
            "remarks": self.remarks,
        } | ({"map": self.file.given} if self.file.given else {})


def import_files(
    paths: list[Path], study: Path, *, maps: list[str] | None = None, wave: str = ""
) -> list[Imported]:
    """Import files and folders into a study; returns what became of each.

    What they hold of people who have withdrawn is left out. maps are remembered for files of the same headings or names;
    wave names the wave of which the surveys among them are. All are read and merged into the tables before anything is
    written, so a file that is refused leaves the study as it was. Raises StudyError for the first file that cannot be read,
    and for tables that would not be sound.
    """
    tables, texts, reports = read_texts(study), read_document_texts(study), read_reports(study)
    imported, withdrawn, known = [], read_withdrawn(study), {*tables["documents"]["document_id"]}
    people = [*tables["participants"]["participant_id"], *tables["turns"]["speaker"].dropna().unique()]
    known_there = {"people": people, "askers": askers_in(tables)}
    files = read_files(paths, maps or [], _given_before(reports), **known_there, wave=wave)
    files, tables, renamed = with_known_sheets(files, tables, reports)
    for file in files:
        file = without_withdrawn(_keeping_people_of_others(file, reports), withdrawn, tables, texts)
        if twin := same_survey(file, tables):
            imported.append(Imported(file, {}, [f"has the respondents and answers of {twin}, and adds none"]))
            continue
        if twin := same_measures(file, tables):
            imported.append(Imported(file, {}, [f"has the measures and values of {twin}, and adds none"]))
            continue
        file = with_known_scales(file, tables)
        refuse_moved_rows(file, tables)
        file = with_known_place(with_areas_of_codes(file, tables), tables)
        file, tied, emptied = tied_to_texts(file, tables, texts)
        before = tables
        tables, texts, changes, remarks = merge(tables, texts, file)
        remarks += added_by_head(file, before, tables)
        tables = without_emptied(tables, file.source, emptied)
        refuse_knots(tables["codebook"], "codebook.csv")
        imported.append(Imported(file, changes, [*tied, *remarks]))
    held = tables["documents"][~tables["documents"]["document_id"].isin(list(known))]
    transcripts = held["title"].isin([each.file.source for each in imported])
    refuse_same_interview(tables, texts, held.loc[transcripts, "document_id"])
    if over := passed_over(paths):
        imported[-1].remarks.append(f"of no kind that is read, and not imported: {', '.join(over)}")
    tables, of_lists = with_listed(tables, texts) if imported else (tables, [])
    if imported:
        imported[-1].remarks.extend(of_lists)
        imported[-1].remarks.extend(choice_to_make(study, tables["codings"]))
    write_study(study, tables, texts, [each.report() for each in imported], former=renamed)
    return imported


def _keeping_people_of_others(file: ImportedFile, reports: Mapping[str, dict]) -> ImportedFile:
    """Return a file that takes back nobody whom it named as --map had it read before, where another file lists people too."""
    others = [
        line for source, report in reports.items() if source != file.source for line in report.get("file", ())
    ]
    if "participants" not in file.gone or not any(line.get("kind") == "person" for line in others):
        return file
    gone = {name: rows for name, rows in file.gone.items() if name != "participants"}
    why = "stays in the study, as another file lists people too"
    stay = Line("person named before", len(file.gone["participants"]), 0, why)
    return replace(file, gone=gone, account=(*file.account, stay))


def _given_before(reports: Mapping[str, dict]) -> list[Given]:
    """Return what --map said in the imports that the study remembers, nothing included, the newest last."""
    known = []
    for source, report in reports.items():
        kept = report.get("map")
        kept = kept if isinstance(kept, dict) and isinstance(kept.get("fields"), dict) else {}
        known.append(Given(kept.get("file", source), tuple(kept.get("columns", ())), kept.get("fields", {})))
    return known


def said_of_all(reports: list[dict]) -> str:
    """Return what an import prints, a screen at most: a few reports whole; of many their sums, and what was not kept as it is.

    imports.json has the report on each file.
    """
    if len(reports) <= FEW:
        return "\n".join(map(said, reports))
    lines = pd.DataFrame([line | {"source": each["source"]} for each in reports for line in each["file"]])
    numbers = ["in file", "kept", "changed", "dropped"]
    sums = lines.groupby("kind", sort=False)[numbers].sum().assign(note="", example="").reset_index()
    remarked = lines[lines["note"].ne("") & (lines["in file"].gt(0) | lines["dropped"].gt(0))]
    notes = remarked.groupby(["kind", "note"], sort=False)["source"].agg(list)
    notes = notes.sort_values(key=lambda files: files.map(len), ascending=False, kind="stable")
    first = notes.index.get_level_values("kind").isin(FIRST)
    worst, others = (_noted(each, len(reports)) for each in (notes[first], notes[~first]))
    of_one = [f"{report['source']}: {remark}" for report in reports for remark in report["remarks"]]
    in_several = int(notes[~first].map(len).gt(1).sum())
    remarks = [*worst, *others[:in_several], *of_one, *others[in_several:], *_speakers(reports)]
    more = [f"and {len(remarks) - MOST} more; imports.json has the report on each file"] * (
        len(remarks) > MOST
    )
    changes = [_changed(name, what) for name, what in _changed_by_all(reports).items()]
    whole = {"source": f"{len(reports)} files and sheets", "file": sums.to_dict("records")}
    return filled(
        REPORT, **whole, remarks=[*map(_short, remarks[:MOST]), *more], changes=changes
    ).removesuffix("\n")


def _noted(notes: pd.Series, n: int) -> list[str]:
    return [f"{kind}, in {_files(files, n)}: {note}" for (kind, note), files in notes.items()]


def _files(files: list[str], n: int) -> str:
    return ", ".join(files) if len(files) <= FEW else f"{len(files)} of {n} files"


def _speakers(reports: list[dict]) -> list[str]:
    """Return who speaks how often in each transcript, first those in which somebody has the fewest turns, as a wrong speaker has."""
    said = pd.DataFrame([line | {"source": each["source"]} for each in reports for line in each["file"]])
    said = said[said["kind"].str.startswith("turn of ") & said["example"].ne("")]
    of_file = said["example"].str.split("; turns ").str[0].groupby(said["source"], sort=False).agg("; ".join)
    spoken = of_file.to_dict()
    fewest = {source: min(map(int, TURNS.findall(said)), default=0) for source, said in spoken.items()}
    return [f"turns, in {source}: {spoken[source]}" for source in sorted(spoken, key=fewest.get)]


def _changed_by_all(reports: list[dict]) -> dict[str, dict]:
    """Return what all reports together changed in each table; a row that two changed is changed once."""
    told: dict[str, list[dict]] = {}
    for report in reports:
        for name, what in report["study"].items():
            told.setdefault(name, []).append(what)
    return {
        name: {"added": sum(what["added"] for what in each)}
        | {verb: list(dict.fromkeys(row for what in each for row in what[verb])) for verb in VERBS}
        for name, each in told.items()
    }


def said(report: dict) -> str:
    """Return a report as lines: what the file held and what became of it, then what changed in the study."""
    changes = [_changed(name, what) for name, what in report["study"].items()]
    lines = [line | {"note": _short(line["note"])} for line in report["file"]]
    cut = {"file": lines, "remarks": [*map(_short, report["remarks"])]}
    return filled(REPORT, **report | cut, changes=changes).removesuffix("\n")


def _short(note: str) -> str:
    """Return a remark of a few lines: of many columns the first of each field, the most of one field last; of others the beginning."""
    if len(note) <= LETTERS:
        return note
    read, _, columns = note.partition(": ")
    fields: dict[str, list[str]] = {}
    for column, equals, field in (each.rpartition(" = ") for each in columns.split("; ")):
        fields.setdefault(field * bool(equals), []).append(column[:NAME])
    if note.startswith("read as ") and "" not in fields:
        told = sorted(fields.items(), key=lambda each: len(each[1]))
        note = f"{read}: {'; '.join(f'{len(names)} {field}: {few(names)}' for field, names in told)}"
    return note if len(note) <= LETTERS else f"{note[:LETTERS].rsplit(' ', 1)[0]}{CUT}"


def _changed(name: str, what: dict) -> str:
    parts = [f"{what['added']} added"] * bool(what["added"])
    for verb in VERBS:
        if what[verb]:
            parts.append(f"{len(what[verb])} {verb}: {shortened(what[verb])}")
    return f"{name} {', '.join(parts)}"
