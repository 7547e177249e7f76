"""By what is a person known in words: their name, what they said, and the ids of passages and interviews that went with them?"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import pandas as pd

from ncsresearch.exchange.withdrawn import TOKEN, same_name
from ncsresearch.ingest.document import normal_line
from ncsresearch.schema import TABLES
from ncsresearch.study.references import Tables

TAKEN = "[withdrawn]"
NOTHING = re.compile(r"(?!)")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
PART = re.compile(r"(?:[^\"“”„«»‘’\\\n<>]|’(?=\w))+")  # of a line, between quotation marks or tags
RUN, FEWEST = 6, 3  # words in a row that are a quotation anywhere, and between quotation marks
BETWEEN = r"[\s_.-]{1,3}"
# what may be beside a name: first a line within an id too, then such a line behind it alone, then none
EDGES = (
    (r"(?<![^\W_])", r"(?![^\W_])"),
    (r"(?<![\w-])", r"(?![^\W_])"),
    (r"(?<![\w-])", r"(?![\w-])"),
)
NUMBERED = re.compile(r"[pc]\d+", re.IGNORECASE)  # as the ids of passages and judgements end
NAMING = {"areas": ("area_id", "name"), "codebook": ("label",)}


def searchable(name: str, tables: Tables) -> bool:
    """Whether a name can be looked for in words: it is no bare number, and no group, area or code is called so."""
    codes = tables["codebook"]
    tables = tables | {"codebook": codes[codes["facet"].ne("case")]}
    cells = [tables[table][column] for table, columns in NAMING.items() for column in columns]
    cells += [tables[table]["participant_group"] for table in ("participants", "interviews")]
    others = {same_name(cell) for column in cells for cell in column.dropna().unique()}
    return not name.isdigit() and len(name) > 1 and same_name(name) not in others


def name_pattern(names: Iterable[str], others: Collection[str] = ()) -> re.Pattern:
    """Return what finds names however they are written; nothing where it would find them inside those of others."""
    found = [_spelling(name) for name in sorted(names, key=len, reverse=True)]
    if not found:
        return NOTHING
    others = {*others, *(f"_{name}" for name in names if NUMBERED.fullmatch(name))}
    for before, after in EDGES:
        pattern = re.compile(f"{before}(?:{'|'.join(found)}){after}")
        if not any(pattern.search(other) for other in others):
            return pattern
    return NOTHING


def _spelling(name: str) -> str:
    """A name of one word without digits counts as it is written: May is no may."""
    words = TOKEN.findall(name)
    spelled = BETWEEN.join(map(re.escape, words)) or re.escape(name)
    return f"(?i:{spelled})" if len(words) > 1 or re.search(r"\d", name) else spelled


def words_of(text: str) -> str:
    """Return the words of a text, without case and punctuation, between spaces."""
    return f" {' '.join(word.casefold().replace('’', chr(39)) for word in WORD.findall(text))} "


@dataclass(frozen=True)
class Trace:
    """By what a person is known in words.

    name    finds their name
    mark    gives what replaces a name in ids and names of files
    lines   the lines of transcripts in which they speak
    said    their turns and passages
    ids     of the passages, interviews and documents that went with them
    others  what everybody else said
    """

    name: re.Pattern
    mark: Callable[[str], str]
    lines: Collection[str] = ()
    said: Collection[str] = ()
    ids: Collection[str] = ()
    others: Collection[str] = ()

    def taken_from(self, line: str) -> str:
        """Return a line without the person: all of it goes where they speak it, else their words, their name and the ids."""
        if normal_line(line) in self.lines or self.speaks(line):
            return TAKEN
        for start, end in reversed(_joined(self._quoted(line))):
            line = line[:start] + TAKEN + line[end:]
        return self.name.sub(TAKEN, self._cited.sub(TAKEN, line))

    def id_of(self, name: str) -> str:
        """Return an id or the name of a file without the person's name."""
        return self.name.sub(lambda found: self.mark(found[0]), name)

    def taken_from_text(self, text: str) -> str:
        """Return a text of several lines without the person."""
        if normal_line(text) in self.lines:
            return TAKEN
        return "\n".join(map(self.taken_from, text.split("\n")))

    def names(self, text: str) -> bool:
        """Whether a text holds the name, or nothing but words of the person."""
        return bool(self.name.search(text)) or self._is_theirs(text)

    def speaks(self, line: str) -> bool:
        """Whether a line begins with the person's name as its speaker."""
        return bool(self._label.match(line))

    @cached_property
    def _label(self) -> re.Pattern:
        tags = r"(?:<(?!v\s)[^>]*>|[^\w<])*+(?:<v\s+)?"
        return re.compile(rf"{tags}(?:{self.name.pattern})\s*(?:</[^>]*>\s*)*[:：>\]\t]")

    @cached_property
    def _cited(self) -> re.Pattern:
        ids = [re.escape(each) for each in self.ids if re.search(r"[_\d]", each) and not each.isdigit()]
        if not ids:
            return NOTHING
        each = rf"(?<![\w-])(?:{'|'.join(sorted(ids, key=len, reverse=True))})(?![\w-])"
        return re.compile(rf"\[@\w+:{each}\]|{each}")

    @cached_property
    def _own(self) -> str:
        return "|".join(map(words_of, self.said))

    @cached_property
    def _runs(self) -> set[str]:
        return {run for text in self.said for run in _runs(words_of(text).split())}

    @cached_property
    def _of_others(self) -> str:
        return "|".join(map(words_of, self.others))

    def _quoted(self, line: str) -> Iterator[tuple[int, int]]:
        """Yield where a line quotes the person: six words of theirs in a row, or fewer between quotation marks."""
        words = list(WORD.finditer(line))
        for number, run in enumerate(_runs(words_of(line).split())):
            if run in self._runs and f" {run} " not in self._of_others:
                yield words[number].start(), words[number + RUN - 1].end()
        for part in PART.finditer(line) if len(words) >= FEWEST else ():
            if self._is_theirs(part[0]):
                yield part.start() + len(part[0]) - len(part[0].lstrip("-> ")), part.end()

    def _is_theirs(self, text: str) -> bool:
        words = words_of(text)
        return words.count(" ") > FEWEST and words in self._own and words not in self._of_others


def _runs(words: list[str]) -> list[str]:
    return [" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans that overlap or touch as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def unnamed(tables: Tables, trace: Trace) -> Tables:
    """Return tables whose cells neither name the person nor quote them: ids get another name, the same in each table."""
    return {name: _unnamed(name, rows, trace) for name, rows in tables.items()}


def _unnamed(name: str, rows: pd.DataFrame, trace: Trace) -> pd.DataFrame:
    for column in [each for each in TABLES[name].columns if each.name in rows]:
        if column.kind != "text" or column.allowed:
            continue
        cells = rows[column.name]
        if column.refers or column.name in TABLES[name].key or column.name == "row_id":
            without = trace.id_of
        elif (name, column.name) == ("segments", "text"):
            without = partial(trace.name.sub, TAKEN)
        else:
            without = trace.taken_from_text
        now = {cell: without(cell) for cell in cells.dropna().unique()}
        other = {cell: told for cell, told in now.items() if cell != told}
        if other:
            rows = rows.assign(**{column.name: cells.map(lambda cell, other=other: other.get(cell, cell))})
    return rows
