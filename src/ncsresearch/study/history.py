"""What earlier runs were made of: records in the study's own folder, private like it, out of which people are taken who withdraw."""

import gzip
import json
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from ncsresearch.ingest.whole_file import write_whole

FOLDER, ENDING = "history", ".gz"
MOST = 10  # records that are kept
NOT_MADE = f"not_made{ENDING}"
PERSONAL = ("person", "row_id", "unit")  # columns that may name a person, or what went with one


def records(folder: Path) -> Iterator[tuple[Path, dict]]:
    """Yield the records of a study with their files, the last one first; a broken one is passed over.

    A record has state (a digest of what a run was made of), told_by (of how its rows were told), basis (what each finding rests on), columns,
    rows (a list of their cells each) and withdrawn (how many people were taken out of it).
    """
    for path in reversed(_files(folder)):
        try:
            first, *rows = map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines())
            yield path, first | {"rows": rows}
        except (OSError, ValueError, EOFError):
            continue


def _files(folder: Path) -> list[Path]:
    found = [path for path in (folder / FOLDER).glob(f"*{ENDING}") if path.stem.isdigit()]
    return sorted(found, key=lambda path: int(path.stem))


def keep(folder: Path, record: dict) -> None:
    """Keep a record, in the place of one of the same state, and of all records the last ones. Raises OSError where it cannot."""
    for path, earlier in records(folder):
        if earlier["state"] == record["state"]:
            path.unlink()
    last = int(files[-1].stem) if (files := _files(folder)) else 0
    _make_private(folder)
    _write(folder / FOLDER / f"{last + 1}{ENDING}", record)
    for old in _files(folder)[:-MOST]:
        old.unlink()


def _make_private(folder: Path) -> None:
    (folder / FOLDER).mkdir(exist_ok=True)
    write_whole(b"*\n", folder / FOLDER / ".gitignore")


def _write(path: Path, record: dict, clean: Callable[[str], str] = str) -> None:
    first = {name: told for name, told in record.items() if name != "rows"}
    lines = (json.dumps(each, ensure_ascii=False) for each in (first, *record["rows"]))
    write_whole(gzip.compress(clean("\n".join(lines)).encode(), mtime=0), path)


def keep_not_made(folder: Path, lefts: list[dict]) -> None:
    """Keep what chapters that could not be made showed before, as runs left it. Raises OSError where it cannot."""
    path = folder / FOLDER / NOT_MADE
    if lefts:
        _make_private(folder)
        write_whole(gzip.compress(json.dumps(lefts, ensure_ascii=False).encode(), mtime=0), path)
    else:
        path.unlink(missing_ok=True)


def not_made(folder: Path) -> list[dict]:
    """Return what chapters that could not be made showed before; nothing of a broken file."""
    try:
        return json.loads(gzip.decompress((folder / FOLDER / NOT_MADE).read_bytes()))
    except (OSError, ValueError, EOFError):
        return []


def take_out(folder: Path, ids: Collection[str], clean: Callable[[str], str]) -> None:
    """Take people out of all records, and all pages on what changed and what chapters showed before away.

    ids     their own, and those of the passages, interviews and documents that went with them
    clean   takes their names out of a text
    """
    for path, record in [*records(folder)]:
        places = [record["columns"].index(name) for name in PERSONAL]
        rows = [row for row in record["rows"] if not any(row[place] in ids for place in places)]
        gone = len(rows) < len(record["rows"])
        told = {"rows": rows, "withdrawn": record["withdrawn"] + gone}
        _write(path, record | told, clean)
    for path in [*(folder / FOLDER).glob("*.html"), folder / FOLDER / NOT_MADE]:
        path.unlink(missing_ok=True)
