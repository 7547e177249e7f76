"""What a Word report leaves to the workbook and the pages, and what the report on an area says in few pages."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate, chain, groupby, zip_longest

from ncsresearch.present.wording import phrase
from ncsresearch.report.content import FOLDED, Piece

MAP = "tile_map"
LINK = re.compile(r"\]\(\d\d_\w+\.ipynb")
TALLEST = 16.5  # cm, of a figure, so that the report on an area has few pages
HERE = re.compile(r", people heard in (?!\w+ areas)[^:]+(?=: )")  # of whom counts are, unless they say
MEASURED = re.compile(r"^(.+), [^,:]+: .+ \(([^()]+)\)$")  # measure, period: number (document)
PLACE = re.compile(r"\((?:[^()]*; )?([^();]+), paragraphs? (\d+)(?: to (\d+))?\)\.?$")


def without_folded(told: Iterable[Piece]) -> Iterator[Piece]:
    """Return the pieces with one line in place of folded tables that come one after the other."""
    for folded, run in groupby(told, lambda piece: piece.data.get("listed") == FOLDED):
        if folded:
            captions = "; ".join(piece.text for piece in run)
            yield Piece("words", "", phrase("points", "in_workbook", caption=captions))
        else:
            yield from run


def brief(told: Iterable[Piece]) -> Iterator[Piece]:
    """Return what an area report says in few pages: where its evidence is, without its folded tables, which are in the workbook.

    Its front has the status; figures by rule come last, so that they leave no page half empty; the map of areas, which
    chapter 03 has in full, and what only leads to another chapter are left out.
    """
    told = list(told)
    status = next((at for at, piece in enumerate(told) if piece.data.get("name") == "status"), -1)
    told = [piece for piece in told[status + 1 :] if piece.data.get("name") != MAP and not _leads_away(piece)]
    told = _counted_once([piece for piece in told if piece.data.get("listed") != FOLDED])
    kept = _figures_last(map(_cited, told))
    for piece, then in zip_longest(kept, kept[1:]):
        if piece.kind != "heading" or (then and (then.kind != "heading" or then.level > piece.level)):
            yield piece


def _leads_away(piece: Piece) -> bool:
    return piece.kind == "prose" and bool(LINK.search(piece.text))


def _counted_once(told: list[Piece]) -> list[Piece]:
    """Return the pieces, the first finding without the counts of later ones: it says in short what they say."""
    first = next((piece for piece in told if piece.data.get("behind")), Piece("words", "", ""))
    later = {line for piece in told if piece is not first for line in piece.data.get("behind", ())}
    own = [line for line in first.data.get("behind", ()) if PLACE.search(line) or line not in later]
    return [replace(piece, data={**piece.data, "behind": own}) if piece is first else piece for piece in told]


def _figures_last(told: Iterable[Piece]) -> list[Piece]:
    told = list(told)
    numbers = accumulate(piece.kind == "heading" and piece.level == 2 for piece in told)
    sections = groupby(zip(numbers, told, strict=True), lambda at: at[0])
    return list(chain(*sorted(([piece for _, piece in own] for _, own in sections), key=_is_of_figures)))


def _is_of_figures(section: Iterable[Piece]) -> bool:
    return any(p.kind == "figure" for p in section) and not any(p.data.get("written") for p in section)


def _cited(piece: Piece) -> Piece:
    """Return a finding with the paragraphs of its evidence instead of what these say, and counts of the area's people without its name."""
    behind = piece.data.get("behind", ())
    places = defaultdict(set)
    for found in filter(None, map(PLACE.search, behind)):
        places[found[1]].update(range(int(found[2]), int(found[3] or found[2]) + 1))
    lines = [f"{document}, {_paragraphs(at)}" for document, at in places.items()]
    lines += _measures_once(HERE.sub("", line) for line in behind if not PLACE.search(line))
    return replace(piece, data={**piece.data, "behind": lines, "tallest": TALLEST})


def _measures_once(lines: Iterable[str]) -> list[str]:
    """Return numbers of one measure and document as one line without them: the finding has each with its period."""
    measures = {line: MEASURED.sub(r"\1 (\2)", line) for line in lines}
    n = Counter(measures.values())
    return list(dict.fromkeys(name if n[name] > 1 else line for line, name in measures.items()))


def _paragraphs(cited: Iterable[int]) -> str:
    """Return paragraphs in their order, each once: paragraphs 25, 49 to 68."""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(sorted(cited)), lambda at: at[1] - at[0])]
    said = ", ".join(f"{run[0]} to {run[-1]}" if run[1:] else f"{run[0]}" for run in runs)
    return f"paragraph {said}" if said.isdecimal() else f"paragraphs {said}"
