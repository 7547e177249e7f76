"""Take the sentences and tables out of executed chapters: what a notebook shows is what the files hold."""

import csv
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from ncsresearch.batch.facets import Facets, facets_of
from ncsresearch.batch.plan import Task
from ncsresearch.disclosure.loss import losses
from ncsresearch.evidence.passages import units
from ncsresearch.ingest.whole_file import write_json
from ncsresearch.present.outputs import INSTEAD, WITHHELD
from ncsresearch.present.wording import page_words
from ncsresearch.report.content import Piece, pieces
from ncsresearch.report.site import MEANT
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names

Shown = list[tuple[dict, Piece]]


def shown(tasks: list[Task], target: Path) -> Shown:
    """Return the findings, tables and quotations of executed chapters, each with its place: chapter, area, section, cell."""
    return [found for task in tasks for found in _of_chapter(task, target)]


def _of_chapter(task: Task, target: Path) -> Iterator[tuple[dict, Piece]]:
    notebook = json.loads((target / f"{task.stem}.ipynb").read_text(encoding="utf-8"))
    section = ""
    for piece in pieces(notebook):
        section = piece.text if piece.kind == "heading" and piece.level > 1 else section
        if piece.kind in ("finding", "table", "quotations"):
            place = {"chapter": task.chapter.stem, "area_id": task.area_id, "section": section}
            yield place | {"cell": piece.cell}, piece


def _of_kind(found: Shown, kind: str) -> Iterator[tuple[dict, Mapping]]:
    return ((place, piece.data) for place, piece in found if piece.kind == kind)


def write_findings(found: Shown, target: Path, study: Study) -> None:
    """Write findings.json: every generated sentence, its place, numbers, units, study's status and what it is about."""
    facets, status = facets_of(study), {"status": study.settings.status_line}
    findings = [status | place | _finding(data, facets) for place, data in _of_kind(found, "finding")]
    write_json(findings, target / "findings.json")


def _finding(finding: Mapping, facets: Facets) -> dict:
    counted = (name.replace("_", " ") for name in finding["numbers"])
    about = facets.about("; ".join([finding["sentence"], *counted]), finding["evidence"])
    return {**finding, "about": about}


def write_catalogue(found: Shown, target: Path, study: Study) -> None:
    """Write catalogue.json: what else index.html searches and opens, and no more than the pages show.

    It holds the study's licence, the kinds of its areas, the themes that a chapter explains, the captions of its
    tables, the points that its chapters list, the quotations that they show and, of a public study, the units of evidence behind its findings.
    """
    facets, tables = facets_of(study), list(_of_kind(found, "table"))
    catalogue = {
        "licence": study.settings.licence,
        "area_types": {name: facets.about(name)["area_types"] for name in study.areas["name"]},
        "themes": [theme for each in tables for theme in _themes(*each, study, facets)],
        "tables": [_table(place, table, facets) for place, table in tables],
        "points": _points(tables, facets),
        "quotations": [
            place | quotation | {"about": facets.about(f"{quotation['under']}; {quotation['said_by']}")}
            for place, quoted in _of_kind(found, "quotations")
            for quotation in quoted["quotations"]
        ],
        "units": _units(study, [finding for _, finding in _of_kind(found, "finding")]),
    }
    write_json(catalogue, target / "catalogue.json")


def _table(place: dict, table: Mapping, facets: Facets) -> dict:
    kept = {name: table[name] for name in ("name", "caption", "below")}
    return place | kept | {"about": facets.about("; ".join([table["caption"], *_words(table)]))}


def _points(tables: list[tuple[dict, Mapping]], facets: Facets) -> list[dict]:
    """Return each point that a chapter lists, once: where the points of its section are listed, if they are."""
    named, found = ("point_id", "statement", "place"), {}
    lists = [each for each in tables if {*named} <= {*each[1]["columns"]} and not each[0]["area_id"]]
    for place, table in sorted(lists, key=lambda each: each[1]["name"] != "points_by_section"):
        for unit, words, told in zip(*(table["columns"][name] for name in named), strict=True):
            if unit not in found:
                own = {"name": table["name"], "words": words, "said_by": told}
                found[unit] = place | own | {"about": facets.about(words, [unit])}
    return list(found.values())


def _themes(place: dict, table: Mapping, study: Study, facets: Facets) -> Iterator[dict]:
    """Each theme of the table of the codebook by the name it is searched by, with what it means."""
    if table["name"] != "codebook":
        return
    names, columns = code_names(study.codebook), table["columns"]
    for code, *told in zip(*(columns[name] for name in ("code_id", *MEANT)), strict=True):
        if names[code] in facets.words["themes"].values():
            meant = {name: words for name, words in zip(MEANT, told, strict=True) if words}
            yield place | {"name": table["name"], "theme": names[code]} | meant


def _words(table: Mapping) -> Iterator[str]:
    """The cells of a table that are words, such as what its rows are called."""
    for cells, numeric in zip(table["cells"].values(), table["numbers"], strict=True):
        yield from cells if not numeric else ()


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


def write_tables(found: Shown, target: Path, status: str = "") -> None:
    """Write every table as tidy CSV: tables/CHAPTER/TABLE.csv, and below the area's name for an area report.

    status   said in a last column of every row, so that a file passed on by itself still says it
    """
    fresh, old = target / ".tables.partial", target / "tables"
    try:
        for place, table in _of_kind(found, "table"):
            folder = fresh / place["chapter"] / place["area_id"]
            folder.mkdir(parents=True, exist_ok=True)
            _write_csv(table["columns"], folder / f"{table['name']}.csv", status)
        shutil.rmtree(old, ignore_errors=True)
        if fresh.exists():
            fresh.replace(old)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_csv(columns: dict[str, list], path: Path, status: str) -> None:
    told = [status] if status else []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*columns, *["study_status"] * len(told)])
        writer.writerows([*row, *told] for row in zip(*columns.values(), strict=True))


def write_disclosure(found: Shown, target: Path, study: Study) -> None:
    """Write disclosure.json: how many numbers of which tables are withheld, by which rule, and never what they are.

    Of the cells without their number some have a word in its place: words says how many. families counts all that the
    study may print, as losses does.
    """
    threshold = study.settings.threshold
    withheld = [
        {"chapter": place["chapter"], "area_id": place["area_id"], "table": table["name"]} | lost
        for place, table in _of_kind(found, "table")
        if (lost := _withheld_cells(table))["cells"]
    ]
    rule = page_words("shown", "withheld_by", threshold=threshold, values=threshold - 1)
    told = {"rule": rule, "threshold": threshold, "withheld": withheld, "families": losses(study)}
    write_json(told, target / "disclosure.json")


def _withheld_cells(table: Mapping) -> dict[str, int]:
    cells = [str(cell) for column in table["columns"].values() for cell in column]
    words = sum(cell in INSTEAD for cell in cells)
    return {"cells": words + sum(cell.startswith(WITHHELD) for cell in cells), "words": words}
