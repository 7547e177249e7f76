"""Compare the outputs of two runs: tables as files and as shown, sentences, and the data and drawing of figures.

    python tests/same_outputs.py BEFORE AFTER

BEFORE and AFTER are output folders, as `ncsresearch run --output` writes them. Prints each table, sentence or figure that
is missing, new or different, with the first difference; ends with exit status 1 where there is any. A column of a file may
get a better name or another place; its cells are compared, numbers to ten places.
"""

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SHOWN = {
    kind: f"application/vnd.ncsresearch.{kind}+json" for kind in ("table", "figure", "finding", "quotations")
}


def files(folder: Path) -> Iterator[tuple[str, object]]:
    """Yield the rows of every table that a run left as CSV, by its place."""
    for path in sorted(folder.glob("*/tables/**/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = [sorted(_number(cell) for cell in row) for row in list(csv.reader(file))[1:]]
        yield path.relative_to(folder).as_posix(), rows


def _number(cell: str) -> str:
    """Return a cell as it is compared: numbers to ten places, since sums in another order end otherwise."""
    try:
        return f"{float(cell):.10g}"
    except ValueError:
        return cell


def sentences(folder: Path) -> Iterator[tuple[str, object]]:
    """Yield every sentence of a run with its numbers and evidence, by study, chapter, area and name."""
    for path in sorted(folder.glob("*/findings.json")):
        for each in json.loads(path.read_text(encoding="utf-8")):
            place = f"{path.parent.name} {each['chapter']} {each['area_id']} {each['name']}"
            yield place, {key: value for key, value in each.items() if key != "cell"}


def shown(folder: Path) -> Iterator[tuple[str, object]]:
    """Yield what every executed notebook shows, as its reader sees it: tables, figures with their drawing, quotations."""
    for path in sorted(folder.glob("*/*/**/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                yield from _of_output(path.relative_to(folder).as_posix(), output.get("data", {}))


def _of_output(place: str, data: dict) -> Iterator[tuple[str, object]]:
    for kind, media_type in SHOWN.items():
        if media_type in data:
            kept = {key: value for key, value in data[media_type].items() if key not in ("columns", "shown")}
            drawn = re.sub(r"\s+", " ", "".join(data.get("image/svg+xml", "")))
            yield f"{place} {kind} {kept.get('name', '')}", kept | {"svg": drawn}


def numbered(found: Iterator[tuple[str, object]]) -> dict[str, object]:
    """Return what was found by its name, the second of one name apart from the first."""
    met, kept = Counter(), {}
    for name, value in found:
        met[name] += 1
        kept[f"{name} #{met[name]}" if met[name] > 1 else name] = value
    return kept


def differences(before: dict, after: dict) -> Iterator[str]:
    """Yield one line for each thing that is missing, new or different."""
    for name in sorted({*before, *after}):
        if name not in after or name not in before:
            yield f"{'missing' if name in before else 'new'}: {name}"
        elif before[name] != after[name]:
            yield f"different: {name}{_first(before[name], after[name])}"


def _first(before, after) -> str:
    pairs = zip(before, after, strict=False) if isinstance(before, list) else [(before, after)]
    one, other = next(((a, b) for a, b in pairs if a != b), (len(before), len(after)))
    if isinstance(one, dict):
        keys = [key for key in {*one, *other} if one.get(key) != other.get(key)]
        one, other = ({key: each.get(key) for key in keys} for each in (one, other))
    return "".join(f"\n    {str(each)[:400]}" for each in (one, other))


def main(before: str, after: str) -> int:
    """Print what differs and return the exit status."""
    found, counts = [], []
    for read in (files, sentences, shown):
        one, other = numbered(read(Path(before))), numbered(read(Path(after)))
        found += differences(one, other)
        counts.append(f"{len(one)} {read.__name__}")
    sys.stdout.write("\n".join([*found, f"{', '.join(counts)} compared: {len(found)} differences."]) + "\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
