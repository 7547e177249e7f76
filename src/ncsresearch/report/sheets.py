"""Which tables the workbook of a study holds: one a sheet, and those of all area reports in one."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten

import pandas as pd

from ncsresearch.present.sentence import capital, lower_first
from ncsresearch.present.word_files import words
from ncsresearch.present.wording import filled, page_words
from ncsresearch.report.content import Chapter, Piece, figure_caption, pieces

LABEL = 31  # Excel takes no longer name of a sheet
# sheets of every workbook, and a name that Excel keeps for itself
TAKEN = ("summary", "contents", "notes", "history")
SMALL_WORDS = r"(,?\s(a|and|at|by|each|for|from|how|in|of|on|or|than|that|the|to|which|who|with))+$"
NAMES = words("pages")["workbook"]
HEADING = 255  # nor a longer heading of a column
NOT_APPLICABLE = "[z]"
NOTHING = ("", "–")
ABOUT = {name: page_words("workbook", name) for name in ("base", "source", "note")}
AREA, ITS_OWN = "Area report", "The area"
AREA_REPORTS = "Area reports"
OWN_SOURCE = "Source"  # heading of a column in which each row names its source


@dataclass(frozen=True)
class Sheet:
    """One table as a reader of the chapters sees it.

    label    name of the sheet, unique in the workbook
    chapter  title of the chapter that shows it
    cells    words under their headings, [c], [x] and [z] among them
    numbers  headings of the columns that hold numbers
    base, source, note  what is said above the table; where areas differ in it, it is a column instead
    """

    label: str
    title: str
    chapter: str
    cells: pd.DataFrame
    numbers: Collection[str]
    base: str = ""
    source: str = ""
    note: str = ""


def sheets(chapters: Sequence[Chapter]) -> list[Sheet]:
    """Return the sheets of a study's workbook in the order of its chapters; a table without rows has none."""
    shown: dict[tuple[str, str], list] = {}
    for chapter in chapters:
        for name, data in _with_rows(chapter):
            shown.setdefault((chapter.name, name), []).append((chapter, data))
    taken, first = set(TAKEN), {}
    labelled = [(unlike(_label(copies, first), taken, LABEL), copies) for copies in shown.values()]
    return [(_of_areas if copies[0][0].area_id else _of_chapter)(label, copies) for label, copies in labelled]


def _label(copies: list, first: dict[str, str]) -> str:
    """Return a short name of what a sheet holds, with its chapter where the first sheet of that name is of another."""
    chapter, table = copies[0]
    caption = _title(copies) if chapter.area_id else table["caption"]
    label = _allowed(_short(table["name"], caption, {data.get("source", "") for _, data in copies}))
    if first.setdefault(label, chapter.name) != chapter.name:
        about = NAMES["chapters"].get(chapter.name) or _cut(_allowed(chapter.title), LABEL // 2)
        label = f"{_cut(label, LABEL - len(about) - 3)} ({about})"
    return label


def _short(name: str, caption: str, sources: Collection[str]) -> str:
    """Return the name that the words give a table, or else what its caption says first."""
    known = NAMES["sheets"]
    if name in known:
        one = "; ".join(sources).rpartition(" (")[0] if len(sources) == 1 else ""
        return filled(known[name], source="" if ";" in one else one.replace(", chapter ", " ch. "))
    begins = next((key for key in known if key.endswith("_") and name.startswith(key)), None)
    if begins:
        return f"{known[begins]}, {name.removeprefix(begins).replace('_', ' ')}"
    said = caption.removeprefix(page_words("workbook", "figure"))
    first = re.split(r"[,:;] ", said)[0]
    return capital(first if len(first) <= LABEL else _cut(said, LABEL))


def _allowed(words: str) -> str:
    """Return words without what no name of a sheet may hold."""
    return " ".join(re.sub(r"[\[\]:*?/\\']", " ", words).split()) or "Table"


def _cut(words: str, most: int) -> str:
    """Return as many whole words as fit, the last of them one that can end a name."""
    return re.sub(SMALL_WORDS, "", shorten(words, most, placeholder="")) or words[:most].rstrip()


def _with_rows(chapter: Chapter) -> Iterator[tuple[str, Mapping]]:
    """The tables of a chapter, and the data of its figures, each by a name of its own."""
    for piece in pieces(chapter.notebook) if chapter.notebook else ():
        if any(piece.data.get("cells", {}).values()):
            yield _named(piece)


def _named(piece: Piece) -> tuple[str, Mapping]:
    name = piece.data["name"]
    if piece.kind == "table":
        return name, piece.data
    caption = page_words("workbook", "figure") + lower_first(figure_caption(piece))
    return f"figure {name}", piece.data | {"name": f"figure {name}", "caption": caption}


def _of_chapter(label: str, copies: list) -> Sheet:
    (chapter, data), *_ = copies
    about = {name: data.get(name, "") for name in ABOUT}
    return Sheet(label, data["caption"], chapter.title, _cells(data), _numbers(data), **about)


def _of_areas(label: str, copies: list) -> Sheet:
    """Return the rows of all areas in one table, each with its area and with what is said of this area alone."""
    shared = _shared_source(copies)
    copies = [(chapter, data | {"source": _but(data.get("source", ""), shared)}) for chapter, data in copies]
    said = {name: {data.get(name, "") for _, data in copies} for name in ABOUT}
    differ = [name for name, words in said.items() if len(words) > 1]
    rows = pd.concat([_of_area(chapter, data, differ) for chapter, data in copies])
    last = [ABOUT[name] for name in differ]
    rows = rows[[*(column for column in rows if column not in last), *last]]
    about = {name: next(iter(words)) for name, words in said.items() if name not in differ}
    also = [page_words("workbook", "also")] if shared and "source" in differ else []
    about["source"] = "; ".join([*shared, *also])
    numbers = {heading for chapter, data in copies for heading in _numbers(data, _area(chapter))}
    return Sheet(label, _title(copies), AREA_REPORTS, rows.fillna(NOT_APPLICABLE), numbers, **about)


def _shared_source(copies: list) -> list[str]:
    """Return the sources of all areas, each once; where rows do not name their own, those that every area has."""
    told = [data.get("source", "").split("; ") for _, data in copies]
    every = dict.fromkeys(source for sources in told for source in sources if source)
    own = all(OWN_SOURCE in data["headings"] for _, data in copies)
    return [source for source in every if own or all(source in sources for sources in told)]


def _but(source: str, shared: Collection[str]) -> str:
    return "; ".join(part for part in source.split("; ") if part not in shared)


def _of_area(chapter: Chapter, data: Mapping, differ: Collection[str]) -> pd.DataFrame:
    rows = _cells(data, _area(chapter))
    rows.insert(0, AREA, _area(chapter))
    return rows.assign(**{ABOUT[name]: data.get(name, "") or NOT_APPLICABLE for name in differ})


def _area(chapter: Chapter) -> str:
    return chapter.title.removesuffix(": area report")


def _title(copies: list) -> str:
    """Return what the tables of all areas are called: their caption, with "each area" for an area's own name."""
    captions = {data["caption"].replace(_area(chapter), "each area") for chapter, data in copies}
    named = f"{copies[0][1]['name'].replace('_', ' ')}, area by area"
    return capital(captions.pop() if len(captions) == 1 else named)


def _cells(data: Mapping, area: str = "") -> pd.DataFrame:
    """Return the cells under headings that differ; one that is or has the area's own name is the same for each area."""
    taken: set[str] = set()
    its_own = re.compile(rf", {re.escape(area)} (?=\(of \d+\)$)")
    cells = {}
    for heading in data["headings"]:
        shown = ITS_OWN if heading == area else its_own.sub(" ", heading)
        cells[unlike(shown, taken, HEADING)] = _told(data["cells"][heading])
    return pd.DataFrame(cells)


def _told(cells: Sequence[str]) -> list[str]:
    return [NOT_APPLICABLE if cell.strip() in NOTHING else cell for cell in cells]


def _numbers(data: Mapping, area: str = "") -> set[str]:
    return {heading for heading, number in zip(_cells(data, area), data["numbers"], strict=True) if number}


def unlike(name: str, taken: set[str], most: int) -> str:
    """Return a name cut to a length and changed where a name already taken is like it but for capitals."""
    made, n = _cut(name, most) if len(name) > most else name, 1
    while made.lower() in taken:
        n += 1
        made = f"{_cut(name, most - len(str(n)) - 1)} {n}"
    taken.add(made.lower())
    return made
