"""Take the sentences and tables out of executed chapters: what a notebook shows is what the files hold."""

import csv
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from ncsresearch.analysis.codes import code_names
from ncsresearch.analysis.evidence import units
from ncsresearch.batch.facets import Facets, facets_of
from ncsresearch.batch.plan import Task
from ncsresearch.exchange.whole_file import write_json
from ncsresearch.present.media import WITHHELD
from ncsresearch.report.content import Piece, pieces
from ncsresearch.report.site import MEANT
from ncsresearch.study import Study


def _pieces(task: Task, target: Path) -> Iterator[tuple[dict, Piece]]:
    """Yield each piece of an executed chapter with its place: chapter, area, section and cell."""
    notebook = json.loads((target / f"{task.stem}.ipynb").read_text(encoding="utf-8"))
    section = ""
    for piece in pieces(notebook):
        section = piece.text if piece.kind == "heading" and piece.level > 1 else section
        place = {"chapter": task.chapter.stem, "area_id": task.area_id, "section": section}
        yield place | {"cell": piece.cell}, piece


def _tables(task: Task, target: Path) -> Iterator[dict]:
    return (piece.data for _, piece in _pieces(task, target) if piece.kind == "table")


def write_findings(tasks: list[Task], target: Path, study: Study) -> None:
    """Write findings.json: every generated sentence, its place, numbers, units, study's status and what it is about."""
    facets = facets_of(study)
    findings = [
        {"status": study.settings.status_line} | place | piece.data | {"about": _about(piece.data, facets)}
        for task in tasks
        for place, piece in _pieces(task, target)
        if piece.kind == "finding"
    ]
    write_json(findings, target / "findings.json")


def _about(finding: Mapping, facets: Facets) -> dict[str, list[str]]:
    counted = (name.replace("_", " ") for name in finding["numbers"])
    return facets.about("; ".join([finding["sentence"], *counted]), finding["evidence"])


def write_catalogue(tasks: list[Task], target: Path, study: Study) -> None:
    """Write catalogue.json: what else index.html searches and opens, and no more than the pages show.

    It holds the study's licence, the kinds of its areas, the themes that a chapter explains, the captions of its
    tables, the quotations that its chapters show and, of a public study, the units of evidence behind its findings.
    """
    facets = facets_of(study)
    shown = [found for task in tasks for found in _pieces(task, target)]
    catalogue = {
        "licence": study.settings.licence,
        "area_types": {name: facets.about(name)["area_types"] for name in study.areas["name"]},
        "themes": [
            theme
            for place, piece in shown
            if piece.kind == "table" and piece.data["name"] == "codebook"
            for theme in _themes(place, piece.data, study, facets)
        ],
        "tables": [_table(place, piece, facets) for place, piece in shown if piece.kind == "table"],
        "quotations": [
            _quotation(place, quotation, facets)
            for place, piece in shown
            if piece.kind == "quotations"
            for quotation in piece.data["quotations"]
        ],
        "units": _units(study, [piece.data for _, piece in shown if piece.kind == "finding"]),
    }
    write_json(catalogue, target / "catalogue.json")


def _table(place: dict, piece: Piece, facets: Facets) -> dict:
    kept = {name: piece.data[name] for name in ("name", "caption", "below")}
    return place | kept | {"about": facets.about("; ".join([piece.text, *_words(piece.data)]))}


def _themes(place: dict, table: Mapping, study: Study, facets: Facets) -> Iterator[dict]:
    """Each theme of the table of the codebook by the name it is searched by, with what it means."""
    names, columns = code_names(study.codebook), table["columns"]
    for code, *told in zip(*(columns[name] for name in ("code_id", *MEANT)), strict=True):
        if names[code] in facets.words["themes"].values():
            meant = {name: words for name, words in zip(MEANT, told, strict=True) if words}
            yield place | {"name": table["name"], "theme": names[code]} | meant


def _words(table: Mapping) -> Iterator[str]:
    """The cells of a table that are words, such as what its rows are called."""
    for cells, numeric in zip(table["cells"].values(), table["numbers"], strict=True):
        yield from cells if not numeric else ()


def _quotation(place: dict, quotation: Mapping, facets: Facets) -> dict:
    return place | dict(quotation) | {"about": facets.about(f"{quotation['under']}; {quotation['said_by']}")}


def _units(study: Study, findings: list[Mapping]) -> dict[str, str]:
    """Return the units of evidence behind the findings, each in a line; none where people are to stay unknown."""
    if study.settings.access != "public":
        return {}
    behind = {unit for finding in findings for unit in finding["evidence"]}
    titles = study.documents.set_index("document_id")["title"]
    rows = units(study).drop_duplicates("unit_id")
    rows = rows[rows["unit_id"].isin(behind)].assign(document=lambda rows: rows["document_id"].map(titles))
    return {row["unit_id"]: _unit(row) for row in rows.to_dict("records")}


def _unit(row: Mapping) -> str:
    told = [row[name] for name in ("kind", "section", "document") if isinstance(row[name], str)]
    label = row["label"] if isinstance(row["label"], str) else row["unit_id"]
    return f"{label} ({', '.join(told)})"


def write_tables(tasks: list[Task], target: Path, status: str = "") -> None:
    """Write every table as tidy CSV: tables/CHAPTER/TABLE.csv, and below the area's name for an area report.

    status   said in a last column of every row, so that a file passed on by itself still says it
    """
    fresh, old = target / ".tables.partial", target / "tables"
    try:
        for task in tasks:
            folder = fresh / task.chapter.stem / task.area_id
            folder.mkdir(parents=True, exist_ok=True)
            for table in _tables(task, target):
                _write_csv(table["columns"], folder / f"{table['name']}.csv", status)
        shutil.rmtree(old, ignore_errors=True)
        if fresh.exists():
            fresh.replace(old)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def write_disclosure(tasks: list[Task], target: Path, threshold: int) -> None:
    """Write disclosure.json: how many cells of which tables are withheld, by which rule, and never what they hold."""
    withheld = [
        {"chapter": task.chapter.stem, "area_id": task.area_id, "table": table["name"], "cells": n}
        for task in tasks
        for table in _tables(task, target)
        if (n := _withheld_cells(table))
    ]
    rule = f"counts of people above 0 and under {threshold}, or so near to their base, and what would give them back"
    log = {"rule": rule, "threshold": threshold, "withheld": withheld}
    write_json(log, target / "disclosure.json")


def _withheld_cells(table: dict) -> int:
    return sum(str(cell).startswith(WITHHELD) for column in table["columns"].values() for cell in column)


def _write_csv(columns: dict[str, list], path: Path, status: str) -> None:
    told = [status] if status else []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*columns, *["study_status"] * len(told)])
        writer.writerows(
            ["" if cell is None else cell for cell in row] + told
            for row in zip(*columns.values(), strict=True)
        )
