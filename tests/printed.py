"""What a run prints of people, read from its files as a stranger reads them: each number, word and base, and what it counts.

A cell is what was raised, in which way it was told ("" for any) and by which group; names alone join one file to another.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product, zip_longest
from pathlib import Path

import docx
import lxml.html
import numpy as np
import openpyxl
import pandas as pd

STANCES = ("strength", "challenge", "mixed", "suggestion", "neutral")
# of a group these are withheld whatever they are: the mark says nothing, not even that it is not 0
STAFF = ("senior managers / team leaders", "social workers", "paraprofessionals")
UNCOUNTED = ("mixed", "neutral")
EVERYBODY = "everybody"
CELL = tuple[str, str, str]
QUANTITY = r"(?P<n>\d[\d,]*|some|about half|most|none|all)"
OF = rf"{QUANTITY}(?: of (?P<base>\d+))?"
FEW = re.compile(
    r"(some|about half|most): a number that is withheld, (?:under (\d+)%|(\d+)% to under (\d+)%|(\d+)% of its base or more)"
)
MOST = (  # how sentences name the themes that more people raised, or told so, than any other theme
    (r"More people in (?P<group>Area [A-Z]) raised (?P<named>[^(]+) \(.+?\) than any other single theme", ""),
    (r"More (?:of the \d+ )?people(?: heard)? raised (?P<named>.+) than any other single theme", ""),
    (
        r"people(?: heard)? described (?P<named>.+) as a (?P<way>strength|challenge) than any other single theme",
        "",
    ),
    (r"most widely described (?P<way>strength|challenge)s? (?:was|were) (?P<named>[^(]+) \(", ""),
    (r"(?P<group>clients) most often raised (?:is|are) (?P<named>.+)\.", ""),
    (r"More people suggested changes on (?P<named>.+) than on any other single theme\.", "suggestion"),
)
ONE_THEME_BOTH = re.compile(
    r"^(.+) (was|were) the most widely described challenges? (\(.+?\)) and strengths? (\(.+?\))\.$"
)
BOTH_IN_TURN = r"The most widely described challenge \2 \1 \3; the most widely described strength \2 \1 \4."
ALIKE = r"within five points: (.+)\."
COUNTED = {"n": "", "raised it": "", "of all": "", "share": ""} | {stance: stance for stance in STANCES}


@dataclass
class Printed:
    """What was read.

    ends    between what each cell lies by what is printed of it
    rules   what is printed of several cells together: their weights, and between what the sum lies
    places  the files in which each cell is printed
    bases   people heard in each group; kinds, the kind of each area; above, the theme above each; themes, all of them
    words   the shares of a base that a word stands for, as the notes below tables say
    """

    ends: dict[CELL, tuple[float, float]] = field(default_factory=dict)
    rules: list[tuple[dict[CELL, float], float, float]] = field(default_factory=list)
    places: dict[CELL, set[str]] = field(default_factory=dict)
    bases: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    above: dict[str, str] = field(default_factory=dict)
    words: dict[str, tuple[float, float]] = field(default_factory=dict)
    parts: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def themes(self) -> list[str]:
        """All themes, in the codebook's order."""
        return list(self.above)

    def base(self, cell: CELL) -> int:
        """People of the group that a cell counts."""
        return self.bases[EVERYBODY] if cell[2].startswith("about ") else self.bases[cell[2]]

    def between(self, cell: CELL, text: object, *, share: bool = False) -> tuple[float, float] | None:
        """Return between what a number of people lies that is printed so, or as a share; none where it says nothing."""
        words, base = str(text).strip().replace("\N{NO-BREAK SPACE}", " "), self.base(cell)
        if printed := re.fullmatch(r"(\d+(?:\.(\d+))?)(%?)", words) if share or "%" in words else None:
            n, give = float(printed[1]), 0.5 / 10 ** len(printed[2] or "")
            ends = [round((n + way * give) * base / (100 if printed[3] else 1), 6) for way in (-1, 1)]
            return max(0.0, np.ceil(ends[0])), min(base, np.floor(ends[1]))
        if number := re.fullmatch(r"(\d[\d,]*)(?: of \d+)?", words):
            return (float(number[1].replace(",", "")),) * 2
        word = re.sub(r" of \d+$", "", words)
        if word in self.words:
            low, high = (np.ceil(round(limit * base, 9)) for limit in self.words[word])
            return max(1.0, low), high - 1
        if word != "[c]":
            return None
        any_ = cell[2].startswith("about ") or (cell[1] in UNCOUNTED and cell[2] != EVERYBODY)
        return (0.0, base) if any_ else (1.0, base - 1.0)

    def note(self, cell: CELL, text: object, place: str, *, share: bool = False) -> None:
        """Keep what is printed of one cell."""
        if ends := self.between(cell, text, share=share):
            before = self.ends.get(cell, (0.0, float(self.base(cell))))
            self.ends[cell] = (max(before[0], ends[0]), min(before[1], ends[1]))
            self.places.setdefault(cell, set()).add(place)

    def note_rest(self, cell: CELL, text: object, place: str, *, share: bool = False) -> None:
        """Keep what is printed of all others than a cell's group: what it leaves of everybody."""
        whole = (*cell[:2], EVERYBODY)
        self.bases["others"] = self.bases[EVERYBODY] - self.base(cell)
        if ends := self.between((*cell[:2], "others"), text, share=share):
            self.rules.append(({whole: 1.0, cell: -1.0}, *ends))
            self.places.setdefault(cell, set()).add(place)

    def note_difference(self, one: CELL, other: CELL | None, difference: float, give: float) -> None:
        """Keep a difference of the shares of two groups, or of one and all others; give is what rounding leaves open."""
        rule = {one: 1 / self.base(one)}
        if other:
            rule[other] = -1 / self.base(other)
        else:
            whole = (*one[:2], EVERYBODY)
            others = self.base(whole) - self.base(one)
            rule = {one: rule[one] + 1 / others, whole: -1 / others}
        self.rules.append((rule, difference - give, difference + give))


def read_outputs(*folders: Path) -> Printed:
    """Read everything that runs have left in their folders."""
    told = Printed()
    for folder in folders:
        learn_names(told, folder)
    for folder in folders:
        for place, subject, finding in findings_of(folder):
            if not finding.get(
                "written"
            ):  # read by read_written, where each of its quantities says what it counts
                read_finding(told, finding["sentence"], finding["behind"], subject, place)
        for place, subject, caption, heads, rows in tables_of(folder):
            read_table(told, caption, heads, rows, subject, place)
        for place, subject, text in drawings_of(folder):
            read_drawing(told, text, subject, place)
    return told


def learn_names(told: Printed, folder: Path) -> None:
    """Learn who was heard, which areas are of which kind, which themes are below which, and what words stand for."""
    findings = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    sentences = " ".join(row["sentence"] for row in findings)
    heard = csv.DictReader((folder / "tables/01_who_was_heard/heard.csv").open(encoding="utf-8"))
    learn_groups(told, sentences, [(row["area"].lower(), int(row["n_people"])) for row in heard])
    catalogue = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))
    told.kinds |= {area.lower(): kinds[0] for area, kinds in catalogue["area_types"].items()}
    for name, share in words_of(" ".join(table["below"] for table in catalogue["tables"])):
        told.words[name] = share
    for path in folder.glob("tables/*/codebook.csv"):
        rows = list(csv.DictReader(path.open(encoding="utf-8")))
        called = {row["code_id"]: row["label"].lower() for row in rows}
        told.above |= {row["label"].lower(): called.get(row["parent_id"], "") for row in rows}


def learn_groups(told: Printed, sentences: str, areas: list[tuple[str, int]]) -> None:
    """Learn from the sentences on who was heard, and from the table of areas, how many people every group has."""
    whole = re.search(r"(\d+) people took part in \d+ interviews in \d+ areas: ([^.]+)\.", sentences)
    told.bases[EVERYBODY] = int(whole[1])
    speaking = re.findall(r"(\d+) ([a-z /]+?)(?=,| and \d|$)", whole[2])
    kinds = [
        (kind, int(n))
        for n, kind in re.findall(r"(\d+)(?: people were heard)? in \w+ (rural|urban) areas? \(", sentences)
    ]
    told.parts = []
    for groups in ([(group.strip(), int(n)) for n, group in speaking], kinds, areas):
        assert sum(n for _, n in groups) == told.bases[EVERYBODY], groups
        told.bases |= dict(groups)
        told.parts.append(tuple(name for name, _ in groups))


def words_of(text: str) -> Iterator[tuple[str, tuple[float, float]]]:
    """Return the shares that words stand for, as notes say."""
    for name, under, low, high, least in FEW.findall(text):
        yield name, (int(low or least or 0) / 100, int(under or high or 100) / 100)


def subject_of(place: str) -> str:
    """Return the group that a file is about, by its folder or title: an area, a selection, clients; everybody else."""
    if area := re.search(r"(area)_([a-z])\b", place):
        return f"{area[1]} {area[2]}"
    return "clients" if "client_views" in place else EVERYBODY


def findings_of(folder: Path) -> Iterator[tuple[str, str, dict]]:
    """Return the findings of findings.json and of the pages, with their place and subject."""
    for row in json.loads((folder / "findings.json").read_text(encoding="utf-8")):
        yield "findings.json", subject_of(f"{row['area_id']} {row['chapter']}"), row
    for path in pages(folder):
        for found in page(path).xpath("//div[@class='finding']"):
            lines = [line.text_content() for line in found.iter("li")]
            yield (
                path.name,
                subject_of(str(path)),
                {"sentence": found.findtext("p") or "", "behind": lines},
            )


def pages(folder: Path) -> list[Path]:
    """Return the pages of a run."""
    return sorted(
        path for path in folder.rglob("*.html") if "chapters" in path.parts or "areas" in path.parts
    )


def page(path: Path) -> lxml.html.HtmlElement:
    """Return a page as elements."""
    return lxml.html.fromstring(path.read_bytes())


def tables_of(folder: Path) -> Iterator[tuple[str, str, str, list[str], list[list[str]]]]:
    """Return every table of CSV files, pages, workbook and document: place, subject, caption, headings and rows."""
    catalogue = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))["tables"]
    captions = {(row["chapter"], row["area_id"], row["name"]): row["caption"] for row in catalogue}
    for path in sorted(folder.glob("tables/**/*.csv")):
        chapter, *area = path.relative_to(folder / "tables").parts[:-1]
        caption = captions.get((chapter, area[0] if area else "", path.stem), path.stem)
        heads, *rows = csv.reader(path.open(encoding="utf-8"))
        yield str(path.relative_to(folder)), subject_of(str(path)), caption, heads, rows
    for path in pages(folder):
        for table in page(path).iter("table"):
            heads, *rows = ([cell.text_content().strip() for cell in row] for row in table.iter("tr"))
            yield path.name, subject_of(str(path)), table.findtext("caption") or "", heads, rows
    yield from _sheets(folder)


def _sheets(folder: Path) -> Iterator[tuple[str, str, str, list[str], list[list[str]]]]:
    for path in folder.glob("*.xlsx"):
        book = openpyxl.load_workbook(path, read_only=True)
        chapter_of = {row[0]: row[2] for row in book["Contents"].values if len(row) > 2}
        for sheet in book:
            (caption, *_), *lines = ([str(cell) for cell in row if cell is not None] for row in sheet.values)
            at = next((n for n, line in enumerate(lines) if line[0] in ("Theme", "Area report")), None)
            if at is not None:
                yield (
                    f"{path.name} {sheet.title}",
                    "clients" if chapter_of.get(sheet.title) == "Client views on what works" else EVERYBODY,
                    caption,
                    lines[at],
                    lines[at + 1 :],
                )


def drawings_of(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Return the words that stand for each figure."""
    for path in pages(folder):
        for title in page(path).xpath("//*[local-name()='svg']/*[local-name()='title']"):
            yield path.name, subject_of(str(path)), title.text_content()


def rows_of_document(path: Path) -> Iterator[tuple[str, ...]]:
    """Return the rows of every table of a Word document."""
    for table in docx.Document(str(path)).tables:
        for row in table.rows:
            yield tuple(cell.text.strip() for cell in row.cells)


def read_answers(folder: Path) -> pd.DataFrame:
    """Return what both tables of each survey print: item, group (everybody, rural, urban), base, positive and neutral."""
    found = []
    for path in sorted(folder.glob("tables/10_survey/answers_*.csv")):
        rows = pd.read_csv(path, dtype="str")
        for group in ("rural", "urban") if "base_rural" in rows else ("",):
            of = f"_{group}" * bool(group)
            names = {f"base{of}": "base", f"n_positive{of}": "positive", f"n_neutral{of}": "neutral"}
            own = (
                rows.reindex(columns=list(names)).rename(columns=names).apply(pd.to_numeric, errors="coerce")
            )
            item = rows["theme" if group else "label"]
            found.append(own.assign(item=item, group=group or EVERYBODY))
    return pd.concat(found, ignore_index=True)


def read_table(
    told: Printed,
    caption: str,
    heads: list[str],
    rows: list[list[str]],
    subject: str,
    place: str,
) -> None:
    """Note every number of people of one table; a theme that is not in it may be nobody's, or withheld."""
    heads, about = [head.lower() for head in heads], caption.lower()
    if about.startswith("interviews beside"):
        for row in rows:
            _read_joint(told, about, dict(zip(heads, row, strict=True)), place)
        return
    way = next(
        (stance for stance in STANCES if f"as a {stance}" in about),
        "suggestion" if "suggest" in about else "",
    )
    for row in rows:
        told_of = dict(zip(heads, row, strict=False))
        what = told_of.get("theme", "").lower()
        own = _area_in(told, told_of) or subject
        if "at a glance" in about and what in told.above:
            _read_glance(told, what, told_of, place)
            continue
        for head, text in told_of.items():
            if what in told.above:
                _read_cell(told, (what, way), head, text, own, told_of, place)
            elif served := told_of.get("client group", told_of.get("client_group")):
                _read_served(told, served, head, text, own, place)


def _read_glance(told: Printed, what: str, row: dict[str, str], place: str) -> None:
    """Note a row of the overview: its file has a number a column, a page or sheet all numbers of a group in one; without one of several it is 0."""
    if "group" in row:
        for name in ("n", "strength", "challenge", "suggestion"):
            told.note((what, COUNTED[name], row["group"]), row[name], place)
        return
    for head, text in row.items():
        if (group := re.sub(r"(?: areas)? \(of \d+\)$", "", head)) in told.bases:
            found = re.findall(
                r"(?:^|, |: )(?:(strength|challenge|suggestion) )?(\d+|some|about half|most|\[c\])", text
            )
            none = {"strength": "0", "challenge": "0", "suggestion": "0"} if ":" in text else {}
            for way, n in (none | dict(found)).items():
                told.note((what, way, group), n, place)


def _read_joint(told: Printed, about: str, row: dict[str, str], place: str) -> None:
    """Note the people interviewed in a row of the joint display: of a kind of area, or of the groups beside a survey."""
    if row.get("strand", row.get("evidence")).lower() != "interviews":
        return
    what, way = row["theme"].lower(), row.get("stance", row.get("described as", ""))
    groups = ("clients",) if "client survey" in about else STAFF
    for head, text in row.items():
        if (name := head.removeprefix("n_")) in ("rural", "urban"):
            told.note((what, "" if way == "raised" else way, name), text, place)
        elif name in ("challenge", "strength") and len(groups) == 1:
            told.note((what, name, groups[0]), text, place)
        elif name in ("challenge", "strength") and (number := re.match(r"\d+", text)):
            told.rules.append(({(what, name, group): 1.0 for group in groups}, *(float(number[0]),) * 2))
    if "n_rural" in row and re.fullmatch(r"-?\d\.\d+(e-\d+)?", row["difference"]):
        one, other = ((what, way, kind) for kind in ("rural", "urban"))
        told.note_difference(one, other, float(row["difference"]), 1e-9)


def _area_in(told: Printed, row: dict[str, str]) -> str:
    return next((name for name in (text.lower() for text in row.values()) if name in told.kinds), "")


def _leaves(told: Printed) -> list[str]:
    return [what for what in told.themes if what not in told.above.values()]


def _read_cell(
    told: Printed, what: tuple[str, str], head: str, text: str, subject: str, row: dict, place: str
) -> None:
    """Note one number of a row on a theme, by the heading of its column."""
    name = re.sub(r",? %$| \(of \d+\)$|^n_|^share_", "", head)
    group = row.get("group", "").lower()
    printed = {"place": place, "share": "%" in head or head.startswith("share")}
    if head.startswith(("of_", "n_raised", "n_participants")):
        return
    if name in told.bases:
        told.note((*what, name), text, **printed)
    elif name in COUNTED:
        told.note((what[0], COUNTED[name] or what[1], subject), text, **printed)
    elif name == "people" and what[1] or name == "here" and not group:
        told.note((*what, subject), text, **printed)
    elif name in ("other areas", "there") and not group:
        told.note_rest((*what, subject), text, **printed)
    elif name in ("here", "of the group") and group in told.bases:
        told.note((*what, group), text, **printed)
    elif name in ("there", "of the others") and group in told.bases:
        told.note_rest((*what, group), text, **printed)
    elif name == "difference" and re.fullmatch(r"-?\d\.\d+(e-\d+)?", text):
        one, other = (group, None) if group else (("rural", "urban") if "n_rural" in row else (subject, None))
        told.note_difference((*what, one), other and (*what, other), float(text), 1e-9)
    elif name == "points" and group in told.bases and (points := re.match(r"[+−-]?\d+(?= \(|$)", text)):
        told.note_difference((*what, group), None, int(points[0].replace("−", "-")) / 100, 0.00501)
    elif name in ("area", "without one area") and text == "under 5 points":
        for area in told.kinds:
            whole, n, base = (*what, EVERYBODY), told.bases[EVERYBODY], told.bases[area]
            rule = {whole: 1 / n - 1 / (n - base), (*what, area): 1 / (n - base)}
            told.rules.append((rule, -0.05, 0.05))


def read_shown(told: Printed, shown: Iterable, subject: str, place: str) -> None:
    """Note what a chapter shows of a selection about one group: its sentences, and its tables as page and file have them."""
    for item in shown:
        if hasattr(item, "sentence"):
            read_finding(told, item.sentence, item.behind, subject, place)
        elif hasattr(item, "cells"):
            for rows in (item.cells(), item.rows):
                read_table(
                    told,
                    item.caption,
                    list(rows),
                    rows.astype("object").fillna("").map(str).to_numpy().tolist(),
                    subject,
                    place,
                )


def _read_served(told: Printed, group: str, head: str, text: str, subject: str, place: str) -> None:
    """Note how many see a client group as better or as less well served."""
    level = re.match(r"(better|less[ _]well)[,_ ]+(.+?)(?: \(of \d+\))?$", head)
    if level and level[2] in told.bases:
        of = subject if level[2] == EVERYBODY else level[2]
        told.note((f"{level[1].replace('_', ' ')} {group.lower()}", "", of), text, place)


def read_drawing(told: Printed, text: str, subject: str, place: str) -> None:
    """Note every number of the words that stand for a figure."""
    for line in text.rstrip(".").partition(". ")[2].split("; "):
        theme, _, rest = line.partition(": ")
        for n, name in re.findall(rf"{QUANTITY} (strength|challenge)".replace("?P<n>", ""), rest):
            if theme.lower() in told.above:
                told.note((theme.lower(), name, subject), n, place)
        for area, share in re.findall(r"(Area [A-Z]) (\d+%|some|about half|most|\[c\])", rest):
            told.note((theme.lower(), "", area.lower()), share, place)
        for share, kind in re.findall(r"(\d+%) (rural|urban)", rest):
            if theme.lower() in told.above:
                told.note((theme.lower(), "", kind), share, place)


def read_finding(told: Printed, sentence: str, behind: Iterable[str], subject: str, place: str) -> None:
    """Note every number of people of a sentence and of the lines of evidence under it."""
    sentence = ONE_THEME_BOTH.sub(BOTH_IN_TURN, sentence)
    way = "" if sentence.startswith(("Views divide on", "Views go both ways on")) else _way(sentence)
    for line in behind:
        theme, _, rest = line.partition(". In ")
        for group, n in re.findall(
            rf"(?:^|\. )([A-Z][\w /]+): ({QUANTITY} of \d+)".replace("?P<n>", "?:"), rest
        ):
            if theme.lower() in told.above and group.lower() in told.bases:
                told.note((theme.lower(), way, group.lower()), n, place)
    for clause in re.split(r"(?<=\)); (?=the most widely described )", sentence):
        for what, group, rest, n in _counted_in(told, clause, subject):
            (told.note_rest if rest else told.note)((what, _way(clause), group), n, place)
    _read_some(told, sentence, subject, place)
    _read_order(told, sentence, way, subject)


def _way(said: str) -> str:
    """Return the way in which a sentence or a part of it says that themes were described."""
    ways = (way for way in STANCES if re.search(rf"as a {way}|widely described {way}", said))
    return next(ways, "suggestion" if "suggested changes on" in said else "")


WRITTEN = re.compile(
    r"(?P<what>.+?)(?:, as a (?P<way>\w+))?(?:, for (?P<about>[^:]+))?, (?:people heard in (?P<place>\w+) areas|people heard in (?P<area>Area [A-Z])"
    r"|(?P<all>people heard)|(?P<group>[^:,]+)): (?P<n>[^;(]+)"
)


def read_written(told: Printed, behind: Iterable[str], place: str) -> None:
    """Note every number of people in the lines that the quantities of an author's paragraph open to."""
    for line in behind:
        found = WRITTEN.match(line)
        if (
            found
            and found["group"] != "areas where anybody raised it"
            and found["what"].lower() in told.above
        ):
            named = found["place"] or found["area"] or found["group"] or EVERYBODY
            group = f"about {found['about']}" if found["about"] else named.lower()
            told.note((found["what"].lower(), found["way"] or "", group), found["n"].strip(), place)


def _read_some(told: Printed, sentence: str, subject: str, place: str) -> None:
    """Note the themes on which some of a group suggest a change."""
    if found := re.match(r"Some of the \d+ (?:people in )?(.+?) suggested changes on (.+)\.", sentence):
        group = subject if found[1] == "people" else found[1].lower()
        for what in (name for name in told.themes if re.search(rf"\b{re.escape(name)}\b", found[2].lower())):
            told.note((what, "suggestion", group), "some", place)


def _counted_in(told: Printed, sentence: str, subject: str) -> Iterator[tuple[str, str, bool, str]]:
    """Return each theme that a sentence names with the group, whether all others are meant, and the number after it."""
    names = "|".join(re.escape(name) for name in sorted(told.above, key=len, reverse=True))
    groups = "|".join(re.escape(name) for name in sorted(told.bases, key=len, reverse=True))
    found = list(re.finditer(rf"\b({names})\b", sentence.lower()))
    for theme, after in zip_longest(found, found[1:]):
        text = sentence.lower()[theme.end() : after.start() if after else None]
        last = subject
        for said in re.finditer(rf"\(?\b{OF}\b(?=\)|,|;| of| people| clients| others| (?:{groups}))", text):
            own = re.match(
                rf"(?: people)?(?: raised it)?(?: in)? (?:the )?({groups}|other(?: area)?s)\b",
                text[said.end() :],
            )
            if not said["base"] and not said[0].startswith("("):
                continue
            rest = bool(own and own[1].startswith("other"))
            last = last if rest or not own else own[1]
            base = told.base(("", "", last))
            if said["base"] and int(said["base"]) != (told.bases[EVERYBODY] - base if rest else base):
                continue
            yield theme[1], last, rest, said["n"]


def _read_order(told: Printed, sentence: str, way: str, subject: str) -> None:
    """Note what a sentence says of an order: themes raised most, kinds that are alike, areas above all others."""
    names = rf"\b({'|'.join(re.escape(name) for name in sorted(told.above, key=len, reverse=True))})\b"
    for pattern, of_way in MOST:
        for found in re.finditer(pattern, sentence):
            group = found.groupdict().get("group", subject).lower()
            first = re.findall(names, found["named"].lower())
            for one, other in product(first, set(_leaves(told)) - set(first)):
                key = of_way or found.groupdict().get("way", "")
                told.rules.append(({(one, key, group): 1.0, (other, key, group): -1.0}, 0, np.inf))
    if alike := re.search(ALIKE, sentence):
        for what in re.findall(names, alike[1].lower()):
            told.note_difference((what, "", "rural"), (what, "", "urban"), 0.0, 0.05)
    for high, themes, low in re.findall(
        r"In every (rural|urban) area a larger share of people raised (.+?) than in any (rural|urban)",
        sentence,
    ):
        for what in re.findall(names, themes.lower()):
            _above(told, what, high, low)


def _above(told: Printed, what: str, high: str, low: str) -> None:
    for one in (area for area, kind in told.kinds.items() if kind == high):
        for other in (area for area, kind in told.kinds.items() if kind == low):
            rule = {(what, "", one): 1 / told.bases[one], (what, "", other): -1 / told.bases[other]}
            told.rules.append((rule, 0, np.inf))
