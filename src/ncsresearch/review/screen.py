"""What differs between two runs, on the screen and as a page; both say what told returns, in the words of pages.toml."""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from ncsresearch.batch.outputs import UNSIGNED
from ncsresearch.present.outputs import WITHHELD
from ncsresearch.present.sentence import counted, day, listed
from ncsresearch.present.wording import page_words
from ncsresearch.report.html import filled_page
from ncsresearch.review.difference import OF_WORDS
from ncsresearch.review.findings_changed import OTHER_EVIDENCE
from ncsresearch.review.tables_changed import FREED, LOST, OTHERWISE
from ncsresearch.review.told import RELEASE

MOST_CELLS, MOST_ROWS = 3, 4  # of a table, and behind a finding, on the screen
WIDEST, MOST_IN_SHORT = 110, 20
ESTIMATE = re.compile(r"-?\d*\.\d+(e-?\d+)?")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\sa-z])")
BOUND = re.compile(r"(^| )(low|high)$")


def _words(form: str, **places) -> str:
    return page_words("difference", form, **places)


def says_nothing(told: Mapping) -> bool:
    """Whether two runs say the same, as far as it may be told."""
    return not (told["findings"] or told["tables"] or told["few"] or told["not_made"])


def in_short(told: Mapping) -> str:
    """Return what differs in one line: how many findings and cells, and how many rows of the study."""
    if says_nothing(told):
        return _words("same")
    kinds = listed(f"{n} {kind}" for kind, n in told["kinds"].items())
    found = {"total": sum(told["kinds"].values()), "kinds": kinds}
    counted = [n for table in told["tables"] if (n := len(_not_protection(table)))]
    cells = {"n": sum(counted), "tables": len(counted)}
    protected = {"n": sum(len(table["cells"]) for table in told["tables"]) - cells["n"]}
    parts = [_words("found", **found)] * bool(told["kinds"]) + [_words("cells", **cells)] * bool(cells["n"])
    parts += [_words("protected_cells", **protected)] * bool(protected["n"])
    return f"{', '.join(parts)}." if parts else _words("no_words")


def notes(told: Mapping) -> list[str]:
    """Return what is said before all that differs: what is not in it and why, and which versions made the runs."""
    rows = _counted_rows(told["rows"])
    (was, now), release = told["package"], told["form"] == "release"
    said = {
        _words("few", threshold=told["threshold"]): told["few"],
        _words("package", was=was, now=now): was != now,
        _words("no_rows" if told["asked"] else "no_study"): not told["rows_known"] and not release,
        _words("withdrawn"): told["withdrawn"],
        _words("not_made", listed=listed(told["not_made"]), later=told.get("later")): bool(told["not_made"]),
        _words("rows", kinds=listed(rows)): bool(rows),
    }
    return [words for words, holds in said.items() if holds]


def _counted_rows(rows: list[Mapping]) -> list[str]:
    """Return how many rows there are of each kind and way of change, such as 2 codings changed."""
    found = Counter((row["kind"], row["how"]) for row in rows)
    return [f"{counted(n, kind, 'people' * (kind == 'person'))} {how}" for (kind, how), n in found.items()]


def on_screen(told: Mapping) -> Iterator[str]:
    """Yield what differs of a study line by line; of many cells or rows the first, and how many more there are."""
    yield f"{told['study']}: {in_short(told)}"
    yield from [_words(told["form"]), *notes(told)]
    for place, findings in by_place(told["findings"]):
        yield f"\n{place}"
        for finding in findings:
            yield from (f"  {line}" for line in _finding(finding))
    for table in told["tables"]:
        yield f"\n{table['place']}, {_words('tables').lower()}: {table['caption']}"
        lines = (f"{row}: {said}" for row, said in rows_changed(table))
        yield from _first(lines, MOST_CELLS)
        yield from (f"  {line}" for line in filter(None, [protection_moved(table)]))
    for each in told["lapsed"]:
        yield f"\n{_words('lapsed')}: {each['place']}: {_shortened(each['called'])} {each['why']}"
    if told["resting"]:
        yield f"\n{_words('resting')}: {counted(len(told['resting']), 'finding')}"
        resting = (f"{each['place']}: {_shortened(each['called'])}" for each in told["resting"])
        yield from _first(resting, MOST_CELLS)


def _not_protection(table: Mapping) -> list[Mapping]:
    return [cell for cell in table["cells"] if cell["how"] not in (LOST, FREED, OTHERWISE)]


def protection_moved(table: Mapping) -> str:
    """Return how many numbers of a table are withheld now, or shown again; nothing where none is."""
    found = [cell["how"] for cell in table["cells"]]
    freed = found.count(FREED)
    withheld = found.count(LOST) + found.count(OTHERWISE)
    return _words("protection", withheld=withheld, freed=freed) if withheld or freed else ""


def rows_changed(table: Mapping) -> list[tuple[str, str]]:
    """Return what differs in a table, a row in a line, but for what is withheld now or shown again.

    The bounds of an interval are left out where what they are of changed; where counts or words changed, rows of which only estimates
    did are named in the last line.
    """
    cells = _not_protection(table)
    rows = {row: [cell for cell in cells if cell["row"] == row] for row in (cell["row"] for cell in cells)}
    counted = {row: own for row, own in rows.items() if not all(map(_is_estimate, own))}
    lines = [(row, "; ".join(map(_cell, _without_bounds(own)))) for row, own in (counted or rows).items()]
    others = [row for row in rows if counted and row not in counted]
    return lines + [(_words("estimates"), "; ".join(others))] * bool(others)


def _is_estimate(cell: Mapping) -> bool:
    return bool(cell["column"]) and any(ESTIMATE.fullmatch(cell[side]) for side in ("was", "now"))


def _without_bounds(cells: list[Mapping]) -> list[Mapping]:
    """Return the cells of a row, counts before estimates, without bounds of what is among them."""
    others = {cell["column"] for cell in cells if not BOUND.search(cell["column"])}
    kept = [cell for cell in cells if not _is_bound(cell["column"], others)]
    return sorted(kept, key=_is_estimate)


def _is_bound(column: str, others: Collection[str]) -> bool:
    """Whether a column is a bound of what is among others; one of no name bounds whatever is there."""
    of = BOUND.sub("", column)
    return bool(BOUND.search(column)) and (of in others if of else bool(others))


def by_place(findings: list[Mapping]) -> list[tuple[str, list[Mapping]]]:
    """Return findings by the chapter or area report that they are in, in their order."""
    return [(place, [*own]) for place, own in groupby(findings, key=lambda each: each["place"])]


def apart(findings: list[Mapping]) -> tuple[list[Mapping], list[Mapping]]:
    """Return the findings that say something else, or rest on rows that changed, and those that open to other passages alone."""
    alone = [[*each["how"]] == [OTHER_EVIDENCE] and not each["rows"] for each in findings]
    return (
        [each for each, only in zip(findings, alone, strict=True) if not only],
        [each for each, only in zip(findings, alone, strict=True) if only],
    )


def reworded(finding: Mapping) -> bool:
    """Whether both wordings of a finding are worth reading: more than a number differs."""
    return not {*finding["how"]}.isdisjoint(OF_WORDS)


def sentences_changed(finding: Mapping) -> list[tuple[str, str]]:
    """Return the sentences that a finding had and has no longer, and those that it has and had not, each side with its name."""
    was, now = (SENTENCE.split(finding[side] or "") for side in ("was", "now"))
    sides = {"was": (was, now), "now": (now, was)}
    found = {side: " ".join(one for one in own if one not in other) for side, (own, other) in sides.items()}
    alone = {"was": "taken_out", "now": "added"} if finding["was"] and finding["now"] else {}
    one = not all(found.values())
    return [(alone.get(side, side) if one else side, words) for side, words in found.items() if words]


def lapsed_of(told: Mapping, finding: Mapping) -> list[Mapping]:
    """Return the signature of a finding that has lapsed, if it has."""
    return [each for each in told["lapsed"] if _signed_as(each) == _signed_as(finding)]


def lapsed_alone(told: Mapping) -> list[Mapping]:
    """Return the signatures that have lapsed whose findings are not listed: those that are gone, or changed by other means."""
    shown = {_signed_as(each) for each in (*apart(told["findings"])[0], *told["resting"])}
    return [each for each in told["lapsed"] if _signed_as(each) not in shown]


def to_do(told: Mapping, findings: list[Mapping]) -> list[tuple[str, list[Mapping]]]:
    """Return findings by what there is to do: to sign again, for the first time, or nothing; each group with its heading.

    Of paragraphs that are signed together the first is listed for all.
    """
    once = {_signed_as(each): each for each in reversed(findings)}
    if len(once) < 2:
        return []
    groups = {"again": [], "first": [], "rest": []}
    for finding in reversed(once.values()):
        groups[_to_sign(told, finding)].append(finding)
    return [(_words(name, n=len(own), signed=told["signed"]), own) for name, own in groups.items() if own]


def _to_sign(told: Mapping, finding: Mapping) -> str:
    """Return whether a finding is to be signed again, for the first time or not at all (rest)."""
    if any(each["at"] for each in lapsed_of(told, finding)):
        return "again"
    return "first" if told["signed"] and "new" in finding.get("how", ()) else "rest"


def unsigned_before(told: Mapping) -> str:
    """Return where other findings than new ones are not signed, and how many; nothing where there are none."""
    new = {_signed_as(each) for each in told["findings"] if _to_sign(told, each) == "first"}
    left = Counter(told["not_signed"]) - Counter(place for place, _ in new)
    places = [f"{place} ({n})" for place, n in left.items()]
    places = [*places[:MOST_ROWS], *[_words("more", n=len(places) - MOST_ROWS)] * (len(places) > MOST_ROWS)]
    return _words("unsigned_before", n=left.total(), places=places) if left else ""


def in_a_line(finding: Mapping) -> str:
    """Return what became of a finding in a few words: how it differs, and the first of what differs."""
    how = finding.get("how") or [_words("says_the_same")]
    numbers = [arrow(number) for number in finding.get("numbers", ())[:1]]
    sides = [side for side, _ in sentences_changed(finding)] if finding.get("was") else []
    edited = [_words(f"words_{side}") for side in sides if side in ("taken_out", "added")]
    rows = [f"{row['kind']} {row['how']}" for row in finding.get("rows", ())[:1]]
    return ", ".join([*how, *(numbers or edited or rows)])


def _signed_as(finding: Mapping) -> tuple[str, str]:
    return finding["place"], finding["signed_as"]


def _first(lines: Iterator[str], most: int) -> Iterator[str]:
    every = list(lines)
    yield from (f"  {line}" for line in every[:most])
    if len(every) > most:
        yield f"  {_words('more', n=len(every) - most)}"


def _finding(finding: Mapping) -> Iterator[str]:
    yield f"{_shortened(finding['called'])} ({', '.join(finding['how'])})"
    for side, words in sentences_changed(finding) if reworded(finding) else ():
        yield f"  {_words(side)}: {words}"
    yield from (f"  {number_words(number)}" for number in finding["numbers"])
    yield from _first((row_words(row) for row in finding["rows"]), MOST_ROWS)
    yield from (f"  {_words(reason)}" for reason in reasons(finding))


def reasons(finding: Mapping) -> list[str]:
    """Return the names of the words that say why a finding changed of which no row did: the first reason that there is."""
    how = finding["how"][0]
    named = {"package": "package_changed"} | ({"written": f"written_{how}"} if how in ("new", "gone") else {})
    return [named.get(reason, reason) for reason in finding["else"][:1]]


def number_words(number: Mapping) -> str:
    """Return a number that is another one: what it counts, what it was and what it is."""
    return f"{number['of']}: {arrow(number)}" if number["of"] else arrow(number)


def arrow(side: Mapping) -> str:
    """Return what was and what is."""
    return " → ".join(map(_read, (side["was"], side["now"])))


def _read(value: object) -> str:
    """Return a number as the pages print it; one that is withheld is none."""
    return WITHHELD if value is None else f"{value:,}" if isinstance(value, int | float) else str(value)


def row_words(row: Mapping) -> str:
    """Return a row of the study that changed: what kind it is, what became of it, and how it was and is called."""
    renamed = row["was"] and row["now"] and row["was"] != row["now"]
    called = arrow(row) if renamed else row["now"] or row["was"]
    return f"{row['kind']} {row['how']}: {called}"


def _cell(cell: Mapping) -> str:
    """Return a cell that differs; of a row or table that is new or gone, that it is."""
    return f"{cell['column']} {arrow(cell)}" if cell["column"] else cell["how"]


def _shortened(words: str, widest: int = WIDEST) -> str:
    return words if len(words) <= widest else f"{words[:widest].rsplit(' ', 1)[0]} …"


def _moment(ended: str) -> str:
    return ", ".join(filter(None, [ended and day(ended[:10]), ended[11:16]]))


def changed_page(studies: list[Mapping], outputs: list[Path], page: Path, on="", before="") -> str:
    """Return what differs between two runs as a page that needs nothing else, and leads to the findings in the report.

    What two releases may show leads nowhere: it is read elsewhere.

    outputs   the later outputs of each study
    page      where the page is to be
    on, before   when the later run ended, and the earlier one
    """
    ways = [quote(Path(os.path.relpath(each, page.parent)).as_posix()) for each in outputs]
    studies = [
        told | {"way": way * (told["form"] != RELEASE), "unsigned_page": UNSIGNED * (of / UNSIGNED).is_file()}
        for told, way, of in zip(studies, ways, outputs, strict=True)
    ]
    shown = (in_short, notes, by_place, number_words, row_words, reasons, rows_changed, protection_moved)
    shown = (*shown, apart, sentences_changed, lapsed_of, lapsed_alone, in_a_line, to_do, unsigned_before)
    shown = {each.__name__: each for each in shown} | {"words": _words, "shortened": _shortened}
    home = f"{ways[0]}/../index.html" if len(ways) == 1 and studies[0]["way"] else ""
    places = {"title": _words("title", title=listed(told["study"] for told in studies)), "home": home}
    places |= {"day": on[:10], "on": _moment(on), "before": _moment(before), "most": MOST_IN_SHORT}
    return filled_page("changed", studies=studies, **places, **shown) + "\n"
