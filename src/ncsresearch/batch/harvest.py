"""Take the sentences and tables out of executed chapters: what a notebook shows is what the files hold."""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from ncsresearch.batch.plan import Task
from ncsresearch.present.media import FINDING, TABLE, WITHHELD


def _shown(task: Task, target: Path, media_type: str) -> Iterator[dict]:
    notebook = json.loads((target / f"{task.stem}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if media_type in output.get("data", {}):
                yield output["data"][media_type]


def write_findings(tasks: list[Task], target: Path, status: str = "") -> None:
    """Write findings.json: every generated sentence with its numbers, the units it rests on and the study's status."""
    head = {"status": status} if status else {}
    findings = [
        head | {"chapter": task.chapter.stem, "area_id": task.area_id} | finding
        for task in tasks
        for finding in _shown(task, target, FINDING)
    ]
    partial = target / ".findings.json.partial"
    partial.write_text(json.dumps(findings, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(target / "findings.json")


def write_tables(tasks: list[Task], target: Path, status: str = "") -> None:
    """Write every table as tidy CSV: tables/CHAPTER/TABLE.csv, and below the area's name for an area report.

    status   said in a last column of every row, so that a file passed on by itself still says it
    """
    fresh, old = target / ".tables.partial", target / "tables"
    shutil.rmtree(fresh, ignore_errors=True)
    for task in tasks:
        folder = fresh / task.chapter.stem / task.area_id
        folder.mkdir(parents=True, exist_ok=True)
        for table in _shown(task, target, TABLE):
            _write_csv(table["columns"], folder / f"{table['name']}.csv", status)
    shutil.rmtree(old, ignore_errors=True)
    if fresh.exists():
        fresh.replace(old)


def write_disclosure(tasks: list[Task], target: Path, threshold: int) -> None:
    """Write disclosure.json: how many cells of which tables are withheld, by which rule, and never what they hold."""
    withheld = [
        {"chapter": task.chapter.stem, "area_id": task.area_id, "table": table["name"], "cells": n}
        for task in tasks
        for table in _shown(task, target, TABLE)
        if (n := _withheld_cells(table))
    ]
    rule = f"counts of people above 0 and under {threshold}, or so near to their base, and what would give them back"
    log = {"rule": rule, "threshold": threshold, "withheld": withheld}
    (target / "disclosure.json").write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")


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
