"""Every count of people that outputs print, in tables and sentences alike, keyed by the printed names it is under."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import NamedTuple

from ncsresearch.vet.known import Known
from ncsresearch.vet.people_words import base_of_people, counted, counts_people_under, listed, words
from ncsresearch.vet.place import Place, Reading, Table
from ncsresearch.vet.recount import Key, Recount, count, kind_of
from ncsresearch.vet.small_counts import NUMBER, OF, base_in, leading_count
from ncsresearch.vet.subtraction import as_share, is_hidden, is_share

STANCES = listed("strength challenge mixed suggestion neutral")
BESIDE = listed("n people it raised here of all everybody total in areas by who were heard % share")
NO_GROUP = BESIDE | STANCES | listed("other better less well here kind difference points")
OPINION = listed("raised raise said say agree agreed thought think described describe positive")
UNNAMED = "what a sentence says"
HEADED = re.compile(r"[;:.()\n]|,\s|\sand\s(?=\d)")
CELLS = re.compile(r"[^\W\d_][^|]*")
NAMELESS = ("study_status", "area_id", "place", "reason", "key_0", "code_id", "document_id")


class Printed(NamedTuple):
    """A count under its key and where it is printed, None where a table withholds it; share is a share and how near it is."""

    key: Key
    number: int | None
    file: str
    where: str
    share: tuple[float, float] = ()


Told = tuple[list[Key | None], Printed]  # a count, and the keys that it may be under, the likeliest first


class Names:
    """The names that a reader sees: of areas, their kinds, participant groups and themes."""

    def __init__(self, reading: Reading, known: Known):
        self.areas, self.kinds = known.areas, dict(known.recount.kinds)
        self.groups = {group for _, group in known.recount.people.get("", ()) if group}
        self.themes = {what for what in known.recount.people if what and "/" not in what}
        if not known.recount.people:
            self._learn(reading.tables)
        told = {name.lower(): Key(area=area) for name, area in self.areas.items()}
        told |= {theme: Key(what=theme) for theme in self.themes}
        told |= {group: Key(group=group) for group in self.groups}
        self.told = told | {kind: Key(kind=kind) for kind in ("rural", "urban")}
        self.within, self.whole = cache(self._within), cache(self._whole)
        longest = sorted((re.escape(name) for name in self.told if name != "other"), key=len, reverse=True)
        self.pattern = re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE)

    def _learn(self, tables: list[Table]) -> None:
        """Learn groups from headings of tables by area, and themes from the rows of those by group, kind or stance."""
        for table in tables:
            rows = [(self.areas[cell], row) for row in table.rows for cell in row if cell in self.areas]
            for area, row in rows if len({area for area, _ in rows}) > 1 else ():
                self.kinds[area] = next(filter(None, map(kind_of, row)), self.kinds.get(area, ""))
                cells = zip(table.headings, row, strict=False)
                counts = [name for name, cell in cells if is_hidden(cell) or leading_count(cell) is not None]
                groups = filter(counts_people_under, counts)
                self.groups |= {name.lower() for name in groups if NO_GROUP.isdisjoint(words(name))}
        for table in tables:
            if {heading.lower() for heading in table.headings} & (STANCES | self.groups | {"rural", "urban"}):
                self.themes |= {row[0].lower() for row in table.rows if row and CELLS.fullmatch(row[0])}
        other = (*(name.lower() for name in self.areas), "seen as")
        self.themes = {theme for theme in self.themes - self.groups if not theme.startswith(other)}

    def _within(self, text: str) -> Key | None:
        """All that a text names, or None where it names two of a kind."""
        found = {self.told[name.lower()] for name in self.pattern.findall(text)}
        found = {key for key in found if not (key.kind and any(each.area for each in found))}
        return joined(*found)

    def _whole(self, text: str) -> Key | None:
        """What a heading or a cell names and nothing beside it, or None."""
        stance = [word for word in words(text) if word in STANCES][:1]
        if text.lower() in self.told:
            return self.told[text.lower()]
        if (area := text.split(", ")[0].lower()) in self.told and self.told[area].area:
            return self.told[area]
        rest = self.pattern.sub(" ", re.sub(r"\(.*?\)|_", " ", text))
        if kind_of(text) or (set(words(rest)) - BESIDE - STANCES):
            return Key(kind=kind_of(text)) if kind_of(text) else None
        return joined(self.within(text) or Key(), Key(what=f"/{stance[0]}") if stance else Key())


@cache
def joined(*keys: Key | None) -> Key | None:
    """One key of several that do not contradict one another; a theme and a stance make one."""
    whats = {key.what for key in keys if key and key.what}
    stance = [what for what in whats if what.startswith("/")]
    theme = [what for what in whats if not what.startswith("/")]
    parts = [{part for key in keys if key and (part := key[at])} for at in (1, 2, 3)]
    if None in keys or len(stance) > 1 or len(theme) > 1 or any(len(part) > 1 for part in parts):
        return None
    return Key("".join([*theme, *stance]), *("".join(part) for part in parts))


def printed_counts(of_tables: list[Told], reading: Reading, known: Known, names: Names) -> list[Printed]:
    """Return every count under its key; one that could be under several is under that of which the recount is true."""
    texts = [place for place in reading.texts if place.kind != "code" and re.search(r"\d", place.text)]
    found = [*of_tables, *(one for place in texts for one in counts_in_text(place, names, known))]
    found += [one for place in texts for one in _shares_in_text(place, names)]
    return [one for told in found if (one := _settled(*told, known))]


def rows_of_passages(of_tables: list[Told], known: Known) -> set[tuple[str, str]]:
    """Return the rows of tables whose small numbers the recount knows as passages, and none as people, by file and place."""
    small: dict[tuple[str, str], list[bool]] = {}
    for keys, told in of_tables if known.recount.passages else ():
        if 0 < (told.number or 0) < known.threshold:
            alike = [key for key in keys if key and key.what]
            alike += [key._replace(what=f"{key.what}/{stance}") for key in alike for stance in STANCES]
            people = any(count(known.recount, key) == told.number for key in alike)
            passages = any(count(known.recount, key, passages=True) == told.number for key in alike)
            small.setdefault((told.file, told.where), []).append(passages and not people)
    return {row for row, found in small.items() if all(found)}


def _settled(keys: list[Key | None], told: Printed, known: Known) -> Printed | None:
    kept = [key for key in dict.fromkeys(keys) if key and not key.what.startswith("/")]
    kept = [key._replace(kind="") if key.area and key.kind else key for key in kept]
    if known.recount.people and (told.number is not None or told.share):
        kept = [key for key in kept if _true(key, told, known.recount)]
    return told._replace(key=kept[0]) if kept else None


def _true(key: Key, told: Printed, recount: Recount) -> bool:
    number, base = count(recount, key), count(recount, key._replace(what=""))
    if key.what == UNNAMED:
        return base > 0
    if told.share:
        return base > 0 and abs(number / base - told.share[0]) <= told.share[1] + 1e-9
    return number == told.number


def _page(file: str, where: str, names: Names) -> Key:
    """What the path of a file and the heading above a place name."""
    for part in PurePosixPath(file).parts:
        if part in names.areas:
            return Key(area=names.areas[part])
    return names.within(" ".join([re.sub(r"[\W_]+", " ", file), *re.findall('"(.*?)"', where)])) or Key()


def counts_of_table(table: Table, names: Names) -> Iterator[Told]:
    """Yield each base in a heading and each count, share or withheld count of people in a cell."""
    if not base_of_people(table.base, table.caption):
        return
    page, about = _page(table.file, "", names), names.within(f"{table.caption} {table.base}") or Key()
    stance = [word for word in words(table.caption) if word in STANCES]
    over = Key(what=f"/{stance[0]}") if len(stance) == 1 else Key()
    headings = [names.whole(heading) if _heads_counts(heading) else None for heading in table.headings]
    for heading, key in zip(table.headings, headings, strict=True):
        if key and (base := base_in(heading)) is not None:
            of = key._replace(what="")
            yield [of, joined(of, about)], Printed(key, base, table.file, "headings")
    for index, row in enumerate(table.rows):
        cells = list(zip(table.headings, headings, row, strict=False))
        named = [cell for heading, _, cell in cells if heading not in NAMELESS and not is_hidden(cell)]
        if (label := joined(*(names.whole(cell) for cell in named if CELLS.match(cell)))) is None:
            continue
        for heading, key, cell in cells:
            share, number = _share_or_count(heading, cell)
            if key is not None and (number is not None or share or (is_hidden(cell) and cell)):
                own = joined(label._replace(area="") if key.kind else label, key, over)
                keys = [own and own._replace(**_new(own, page)), own and joined(own, about), own]
                yield keys, Printed(Key(), number, table.file, table.row_where(index), share)


def _heads_counts(heading: str) -> bool:
    of_people = counts_people_under(heading) or is_share(heading)
    return of_people and words(heading)[:1] not in (("of",), ("base",))


def _share_or_count(heading: str, cell: str) -> tuple[tuple[float, float], int | None]:
    """A share with how near it is, or nothing, and a count, or None."""
    if not is_share(heading) and not cell.endswith("%"):
        return (), leading_count(cell)
    if not (share := as_share(cell, heading)):
        return (), None if is_share(heading) or share is not None else leading_count(cell)
    decimals = len(cell.partition(".")[2].rstrip("% ")) + 2 * ("%" in cell or share > 1)
    return (share, 0.5 / 10**decimals), None


def _new(own: Key, page: Key) -> dict[str, str]:
    """What a page is about, where a count says nothing of it."""
    area = {} if own.area or own.kind else {"area": page.area, "kind": page.kind}
    return area | ({} if own.group else {"group": page.group})


def counts_in_text(place: Place, names: Names, known: Known) -> Iterator[Told]:
    """Yield each number of people in a text."""
    page = Key() if "Source:" in place.text else _page(place.file, place.where, names)
    end, opinion = 0, bool(set(words(place.text)) & OPINION)
    for found in _numbers(place.text, names):
        base = OF.match(place.text, found.end())
        before, end = place.text[end : found.start()], base.end() if base else found.end()
        after = HEADED.split(re.split(r"\d", place.text[end:])[0])[0]
        if counted(after, one=found[0] == "1") == "other":
            continue
        above = re.search(rf"({names.pattern.pattern})(?:: | \(|, )$", before, re.IGNORECASE)
        near = names.within(after)
        if near == Key() and above:
            near = names.within(above[1])
        elif near == Key() and not set(words(after)[:2]) & {"people", "participants"}:
            continue
        named = names.pattern.findall(place.text[: found.start()])
        theme = ([name for name in named if name.lower() in names.themes] or [""])[-1]
        what = Key() if near and near.what else Key(what=theme.lower())
        sentence = names.within(re.split(r"[.!?]\s", before)[-1].replace(theme or "\0", ""))
        stance = Key(what="".join(f"/{word}" for word in words(after)[:1] if word in STANCES))
        own = joined(near, what, stance)
        wide = own and own._replace(**_new(own, sentence or Key()))
        here = page if known.recount.people or not what.what else Key()
        keys = [each and each._replace(**_new(each, here)) for each in (wide, own)] + [wide, own]
        if known.recount.people or what.what or not opinion:
            yield keys, Printed(Key(), int(found[0].replace(",", "")), place.file, place.where)
        if base and (known.recount.people or not page.area):
            of = [key and key._replace(what="") for key in keys]
            yield of, Printed(Key(), int(base[1].replace(",", "")), place.file, place.where)


def _numbers(text: str, names: Names) -> list[re.Match[str]]:
    """The numbers of a text, but for those that are part of a name, such as of Area 11."""
    named = [name.span() for name in names.pattern.finditer(text)]
    return [one for one in NUMBER.finditer(text) if not any(start < one.end() <= end for start, end in named)]


def _shares_in_text(place: Place, names: Names) -> Iterator[Told]:
    """Yield each share of a named group that a text tells, whatever it says of them."""
    of_group = rf"(\d+(?:\.(\d+))?)\s?% of (?:(?:the|all) )*({names.pattern.pattern})(?! in\b)"
    for found in re.finditer(of_group, place.text, re.IGNORECASE):
        key, near = joined(names.within(found[3]), Key(what=UNNAMED)), 0.005 / 10 ** len(found[2] or "")
        told = Printed(Key(), None, place.file, place.where, (float(found[1]) / 100, near))
        yield [joined(key, _page(place.file, place.where, names)), key], told


def agreed(printed: list[Printed]) -> dict[Key, Printed]:
    """Return one count a key: the one that most places print, and none where two are printed as often."""
    by_key: dict[Key, list[Printed]] = {}
    for one in printed:
        if one.number is not None:
            by_key.setdefault(one.key, []).append(one)
    kept = {}
    for key, ones in by_key.items():
        (number, most), *others = Counter(one.number for one in ones).most_common(2)
        if not others or most > others[0][1]:
            kept[key] = next(one for one in ones if one.number == number)
    return kept
