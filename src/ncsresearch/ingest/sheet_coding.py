"""Sheets of codings: a codebook, coded segments, a column a theme."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from ncsresearch.ingest.fields import area_type_of, plain, stance_of
from ncsresearch.ingest.guessed_fields import hint_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, few, same_words, slug
from ncsresearch.ingest.known_exports import theme_of
from ncsresearch.ingest.sheet import Sheet, add_area, place_of, refuse_several_people
from ncsresearch.ingest.survey_layout import choices, parts_met_again, parts_of
from ncsresearch.schema import StudyError

TICKED = {"1", "x", "✓", "✔", "yes", "true", "y"}
NO = {"0", "no", "false", "n", ""}
TICKS = TICKED | NO | {"n/a", "na", "-", "–", "—", "."}  # the last are no ticks, and a report names them
SIGNS = {"+", "-", "+1", "-1"}
# what parts a code from the one above it; of a code that is no path, no ">" before an amount at its end, as in "Waiting > 18 weeks"
STEPS = re.compile(r"\s*(?:::|>| / |\\+)\s*")
AMOUNT = r"(?!\s*(?:19|20)\d\d\s*$)\s*[\d.,]+\s*(?:%|(?:min|minute|hour|day|week|month|year|mile|km)s?)?\s*$"
LEVELS = re.compile(rf"\s*(?:::|>(?!{AMOUNT})| / |\\+)\s*")
ROOT = re.compile(r"(Nodes|Codes)\\\\(?=.)")  # of a path in NVivo
LISTED = re.compile(r"(['\"])(.*?)\1(?=\s*[,\]])")
# headings of codes by themselves or with whose or which they are: "Code (NF)", "Code by Ana", "Main category"; no "Age category" or "Area code"
OF_CODES = re.compile(
    r"(?i:((main|sub|first|second|third|primary|secondary|initial|final|agreed|broad|key|coded|my|our)[ _-]?)*"
    r"(codes?|themes?|category|categories|issues?|keywords?|tags?|topics?)|subject code|about what|coded (as|to)\b.*)"
    r"(\s*[(\[].*|[\s_:-]*(\d+|[A-Z]{1,3})|\s+(?i:by|of coder|from)\s.*|\s*[-:–]\s.*)?"
)
CALLED_CODES = re.compile(
    "code|theme|tag", re.IGNORECASE
)  # and no category, issue, topic or keyword beside codes
OF_CODERS = re.compile(r"(coder|rater|coding by|coded by)\b")
POSITION = re.compile("[0-9]{1,9}")
LONGEST_WORD = 20
COMMAS = "a comma, a slash, or a > before a number within a code, as a semicolon or a new line divides several codes of a cell"
CODEBOOK = ("definition", "include", "exclude", "facet", "colour", "code", "code id", "parent", "note")
CODES, JUDGED = {"code", "code path", "category"}, {"code", "code path", "category", "stance", "note"}
# what a row of codes alone leaves empty or says again
WHOSE = {"text", "participant", "document", "interview", "segment", "start"}
# fields of a passage, and what it is that has none
GIVEN = {"code": "in no count of a code", "document": "of no file that is named", "participant": "nobody's"}
PLURAL = {"codes", "themes", "tags", "labels", "kodes"}


def codebook_sheet(sheet: Sheet) -> ImportedFile:
    """Codes, one a row; the code above may be told by its id or its label."""
    told = [row if row.get("code") else row | {"code": row.pop("parent", "")} for _, row in sheet.rows()]
    told = [row for row in told if row["code"]]
    ids, records = {row["code"]: row.get("code id") or row["code"] for row in told}, Records()
    for row in told:
        above = ids.get(row.get("parent"), row.get("parent"))
        if above and row["parent"] not in ids and not row["parent"].isdigit():
            records.once("codebook", code_id=above, label=above)
        kept = {name: row.get(name) for name in CODEBOOK[:5]}
        label, note = row["code"], row.get("note")
        records.add("codebook", code_id=ids[label], label=label, parent_id=above, notes=note, **kept)
    preferred = {"codebook": {row["code id"]: row["code id"] for row in told if row.get("code id")}}
    unused = [column for column, meant in sheet.fields.items() if meant not in (*CODEBOOK, "leave out")]
    left = Line("column", len(unused), 0, f"no place in a codebook: {', '.join(unused)}")
    account = (Line("code", len(sheet.frame), len(told)), *[left][: len(unused)])
    return sheet.imported(records, account, preferred_ids=preferred)


def segments_sheet(sheet: Sheet) -> ImportedFile:
    """Long form: one row per coded segment, several codes divided by semicolons."""
    _refuse_unread_codes(sheet)
    cells, sheet = sheet.frame, _as_meant(sheet)
    coded, above, below = CodedRows(sheet), {}, []
    for number, (row, told) in zip(sheet.frame.index, sheet.rows(), strict=True):
        same = all(told[field] == above.get(field) for field in WHOSE & told.keys())
        if same and told.keys() & CODES and above.keys() & CODES:
            told = {field: cell for field, cell in above.items() if field not in JUDGED} | told
            below.append(number)
        above = told if told.get("text") else {}
        coded.add(number, row, told)
    more = all_kept("row of codes alone", len(below), f"row {few(map(str, below))}: of the passage above")
    return coded.imported([*[more][: len(below)], *_parted_at_slashes(cells, sheet)])


class CodedRows:
    """Gathers coded segments row by row; a class, because a segment may fill several rows."""

    def __init__(self, sheet: Sheet, kind: str = ""):
        refuse_several_people(sheet)
        self.sheet, self.kind, self.records = sheet, kind, Records()
        self.between, self.known = _between_codes(sheet)
        self.skipped, self.at_row, self.commas = [], {}, {}
        self.without: dict[str, list[str]] = defaultdict(list)
        self.spelled: dict[tuple[str, str], str] = {}
        self.of_passages = _of_passages(sheet)
        self.judged: Counter[str] = Counter()
        self.strange: Counter[str] = Counter()

    def add(self, number: int, row: dict, told: dict[str, str]) -> None:
        """Take one row by its number: its segment, its codes, and what it says of who spoke."""
        if not told.get("text"):
            self.skipped.append(str(number))
            return
        held = {*told, "code"} if told.keys() & CODES else {*told}
        for field in GIVEN.keys() & self.sheet.column_of.keys() - held:
            self.without[field].append(str(number))
        document = told.get("document") or told.get("interview") or told.get("participant") or self.sheet.stem
        document = self._as_met("document", document)
        place = {name: told[name] for name in ("start", "end") if POSITION.fullmatch(told.get(name, ""))}
        who = told.get("participant")
        key = told.get("segment") or "/".join([document, *place.values(), told["text"], who or ""])
        key = f"{document}/{key}" if told.get("segment") and told.get("document") else key
        if self.records.has("segments", key):
            met = self.records.of("segments", key)
            if met["text"] != told["text"] or who not in (None, met["participant_id"]):
                key = f"{key}/{told['text']}/{who}"
        self._who(document, told)
        kind = self.kind or ("passage" if told.keys() & {"document", "interview"} else "response")
        if not self.records.has("segments", key):
            said = {"section": told.get("item"), "text": told["text"], **place}
            self.records.passage(key, document, kind=kind, participant_id=who, **said)
            self.at_row[key] = str(number)
        for code in self._codes(told):
            self._judge(key, code, told)
            label = self.records.of("codebook", code)["label"]
            if re.search("[,/>]", label):
                self.commas.setdefault(label, number)
        if "participant" in told:
            owner = "participants", told["participant"]
        else:
            held = self.records.has("interviews", document)
            owner = ("interviews", document) if held else ("segments", key)
        about = [*self.sheet.attributes(row)]
        self.records.describe(*owner, (pair for pair in about if pair[0] not in self.of_passages))
        self.records.describe("segments", key, (pair for pair in about if pair[0] in self.of_passages))

    def _as_met(self, kind: str, name: str) -> str:
        """Return a name as the sheet first spelled it, whatever its capitals and spaces here."""
        return self.spelled.setdefault((kind, same_words(name)), name)

    def _codes(self, told: dict[str, str]) -> Iterator[str]:
        """Yield the path of each code, after the codes on it are in the codebook."""
        cells = parts_of(told.get("code", ""), self.between, self.known)
        cells = [told["code path"]] if "code path" in told else cells
        codes = [part for cell in cells for part in parts_of(cell, ";")]
        above = told.get("category", "")
        paths = [f"{above} :: {each}" if above else each for each in codes if each]
        for code in paths or [above][: bool(above)]:
            path = ""
            for label in _levels(code, is_path="code path" in told):
                above, path = path, f"{path} > {label}" if path else label
                path = self._as_met("code", path)
                self.records.once("codebook", code_id=path, label=label, parent_id=above or None)
            yield path

    def _judge(self, segment: str, code: str, told: dict[str, str]) -> None:
        stance = stance_of(told.get("stance", ""))
        unread = told.get("stance", "") if not stance else ""
        if unread:
            self.strange[unread if len(unread) <= LONGEST_WORD else "longer words"] += 1
        key = f"{segment}/{code}/{told.get('coder', '')}/{told.get('about client group', '')}"
        repeat = self.judged[key]
        self.judged[key] += 1
        self.records.judge(
            *(f"{key}#{repeat}" if repeat else key, segment, code),
            stance=stance,
            coder=told.get("coder"),
            notes="; ".join(filter(None, [told.get("note"), unread and f"told as: {unread}"])),
            about_client_group=told.get("about client group"),
            about_area_type=area_type_of(told.get("about area type", "")) or None,
        )

    def _who(self, document: str, told: dict[str, str]) -> None:
        place = place_of(told)
        self.records.once("documents", document_id=document, title=document)
        add_area(self.records, told)
        if told.get("participant"):
            self.records.add("participants", participant_id=told["participant"], **place)
        if told.get("interview"):
            self.records.add("interviews", interview_id=told["interview"], document_id=document, **place)

    def imported(self, more: Sequence[Line] = ()) -> ImportedFile:
        """Return all that was gathered, and more of an account."""
        self._attendances()
        n, strange = len(self.sheet.frame), self.strange.total()
        unread = f"not a stance, kept as a note: {', '.join(sorted(self.strange))}" if self.strange else ""
        skipped = len(self.skipped)
        without = f"{skipped} rows without text: row {few(self.skipped)}" if skipped else ""
        judged = len(self.records["codings"])
        commas = few(f"{each} (row {row})" for each, row in self.commas.items())
        account = (
            Line("row", n, n - skipped, without),
            all_kept("segment", len(self.records["segments"])),
            all_kept("code", len(self.records["codebook"]), f"{COMMAS}: {commas}" * bool(commas)),
            Line("coding", judged, judged - strange, unread, changed=strange),
            *self._without(),
            *more,
        )
        return self.sheet.imported(self.records, account, whole=("segments", "codings"), at_row=self.at_row)

    def _without(self) -> Iterator[Line]:
        """Yield what the passages of rows without a person, a document or a code lack; a cell above says nothing of them."""
        for field in sorted(self.without):
            rows = f"row {few(self.without[field])}: {GIVEN[field]}; where a cell above is meant, fill it in"
            n = len(self.without[field])
            yield Line(f"passage without a {field}", n, 0, rows, changed=n)

    def _attendances(self) -> None:
        """Who speaks in the document of an interview attended it."""
        spoke: dict[str, dict] = defaultdict(dict)
        for segment in self.records["segments"]:
            if segment["participant_id"]:
                spoke[segment["document_id"]][segment["participant_id"]] = True
        held = {each["interview_id"]: each["document_id"] for each in self.records["interviews"]}
        for interview, document in held.items():
            for person in spoke[document]:
                self.records.add("attendances", interview_id=interview, participant_id=person)


def _of_passages(sheet: Sheet) -> list[str]:
    """Return the columns that differ between passages of one person, such as a time, and say nothing of the person."""
    who = sheet.column_of.get("participant")
    unread = [
        name for name, meant in sheet.fields.items() if meant in ("", "attribute") and name in sheet.frame
    ]
    return [name for name in unread if who and sheet.frame.groupby(who)[name].nunique().gt(1).any()]


def _levels(code: str, *, is_path: bool) -> list[str]:
    """Return the labels in the path of a code, from the top; "1 Access > 1.2" is one too."""
    steps = STEPS if is_path or code[:1].isdigit() else LEVELS
    parts = re.split(steps, ROOT.sub("", code))
    return [part.strip() for part in parts if part.strip()] or [code]


def _as_meant(sheet: Sheet) -> Sheet:
    """Return a sheet in which semicolons part the codes of a cell, and 1 beside -1 is a stance with its sign."""
    of = {name: sheet.fields[name] for name in sheet.frame if sheet.fields[name] in ("code", "stance")}
    codes = {cell for name, field in of.items() if field == "code" for cell in sheet.frame[name].dropna()}
    told = {
        name: sheet.frame[name].map(lambda cell: _parted_codes(cell, codes), na_action="ignore")
        if field == "code"
        else _signed(sheet.frame[name])
        for name, field in of.items()
    }
    return replace(sheet, frame=sheet.frame.assign(**told))


def _parted_codes(cell: str, codes: set[str]) -> str:
    """Return a cell with semicolons between codes that are tags, a list in brackets, or parted by slashes and met alone elsewhere."""
    if all(each.startswith("#") for each in codes):
        return re.sub(r"(^|[\s,;]+)#", ";", cell).strip(";")
    if cell[:1] + cell[-1:] == "[]" and (listed := LISTED.findall(cell)):
        return ";".join(code for _, code in listed)
    parts = cell.split("/")
    return ";".join(parts) if codes.issuperset(parts) else cell


def _parted_at_slashes(before: pd.DataFrame, sheet: Sheet) -> Iterator[Line]:
    """Yield which cells were several codes because these are met alone elsewhere."""
    columns = [name for name, field in sheet.fields.items() if field == "code" and name in sheet.frame]
    cells = [(cell, row) for name in columns for row, cell in before[name].dropna().items() if "/" in cell]
    parted = [f"{cell} (row {row})" for cell, row in cells if cell not in {*sheet.frame.loc[row, columns]}]
    if parted:
        yield all_kept(
            "cell of several codes", len(parted), f"parted at a slash, as each is met alone: {few(parted)}"
        )


def _signed(cells: pd.Series) -> pd.Series:
    told = cells.str.replace("−", "-")
    is_signed = told.eq("-1").any() and told.dropna().isin({"-1", "0", "1", "+1"}).all()
    return told.replace("1", "+1") if is_signed else cells


def _between_codes(sheet: Sheet) -> tuple[str, set[str]]:
    """Return what parts several codes in one cell, and the codes between commas that come again; in a column of "codes" any may, where no semicolon or new line does."""
    columns = [name for name, field in sheet.fields.items() if field == "code" and name in sheet.frame]
    cells = list(dict.fromkeys(cell for name in columns for cell in sheet.frame[name].dropna()))
    if any(re.search(r"[;\n]", cell) for cell in cells):
        return "", set()
    parts = Counter(part for cell in cells for part in set(parts_of(cell, ",")))
    plural = bool(cells) and plain(columns[0]) in PLURAL and max(parts.values()) > 1
    by_commas = not plural and choices(cells) == ","
    return "," if plural or by_commas else "", parts_met_again(cells) if by_commas else set()


def tick_columns(sheet: Sheet) -> list[str]:
    """Return the columns that hold nothing but ticks, or signs of stances: themes."""
    cells = {
        name: set(sheet.frame[name].dropna().str.lower()) for name in sheet.frame if not sheet.fields[name]
    }
    ticked = [name for name, each in cells.items() if each and each <= TICKS | SIGNS]
    return [name for name in sheet.frame if sheet.fields[name] == "theme column" or name in ticked]


def with_themes(sheet: Sheet) -> Sheet:
    """Return a sheet whose columns of ticks are themes.

    Raises StudyError for a column that has ticks mostly, as those beside it, and cells that are none.
    """
    themes = tick_columns(sheet)
    if not themes:
        _refuse_unread_codes(sheet)
    for column in [name for name in sheet.frame if not sheet.fields[name] and name not in themes]:
        cells = sheet.frame[column].dropna()
        odd = cells[~cells.str.lower().isin(TICKS | SIGNS)]
        marks = cells.str.lower().isin({"x", "✓", "✔", "+"}).any()
        if marks or (themes and 2 * len(odd) <= len(cells)):
            told = few(f"row {row} has {cell!r}" for row, cell in odd.items())
            raise StudyError(
                f"{sheet.name}: the column {column!r} has ticks, and cells that are none: {told}. Put ticks or nothing there, or say what "
                f"the column is: --map {f'{column}=theme column'!r} (other cells are no ticks), or --map {column!r}=attribute."
            )
    return replace(sheet, fields={**sheet.fields, **dict.fromkeys(themes, "theme column")})


def _refuse_unread_codes(sheet: Sheet) -> None:
    """Refuse passages beside which a column may have codes, by its heading or that of who gave them, and is read as none."""
    unread = [name for name, meant in sheet.fields.items() if not meant and sheet.frame[name].notna().any()]
    may_be = [name for name in unread if hint_of(name) == "code" and OF_CODES.fullmatch(name.strip())]
    coders = [name for name in unread if OF_CODERS.match(plain(name))]
    codes = [name for name, meant in sheet.fields.items() if meant == "code"]
    may_be = [name for name in may_be if not codes or CALLED_CODES.search(name)]
    if may_be or (coders and not codes):
        more = may_be or coders[:1]
        beside = (
            f"beside {codes[0]!r}, {{}} may have codes too"
            if codes
            else "no column is read as codes, and {} may have them"
        )
        rows = " Codes of several coders need a row each, with a column 'Coder'." * (len(may_be + coders) > 1)
        raise StudyError(
            f"{sheet.name}: {beside.format(few(map(repr, may_be + coders)))}: {' '.join(f'--map {name!r}=code' for name in more)}. "
            f"If that is none: {' '.join(f'--map {name!r}=attribute' for name in more)}.{rows}"
        )


def responses_sheet(sheet: Sheet) -> ImportedFile:
    """One row per response, one column per theme: a tick is a judgement, and a sign one with a stance."""
    themes = [column for column, meant in sheet.fields.items() if meant == "theme column"]
    ticks = {theme: _ticks(sheet.frame[theme].dropna()) for theme in themes}
    coded = CodedRows(sheet, kind="" if "document" in sheet.fields.values() else "response")
    for number, (at_row, (row, told)) in enumerate(zip(sheet.frame.index, sheet.rows(), strict=True), 1):
        told.pop("theme column", None)
        if "document" in told:  # a passage of a document that the row names
            told["segment"] = told.get("segment") or str(number)
        else:
            told["document"] = sheet.stem
            told["participant"] = told.get("participant") or f"{slug(sheet.stem)}_{number}"
            told["segment"] = told.get("segment") or f"{told['participant']}/{told.get('item', '')}"
        cells = {theme: str(row[theme]).lower() for theme in themes}
        stances = {theme: ticks[theme][cell] for theme, cell in cells.items() if cell in ticks[theme]}
        for stance in dict.fromkeys(["", *stances.values()] if "text" in told else [""]):
            ticked = [theme for theme in stances if stances[theme] == stance]
            told["code"] = ";".join(theme_of(theme).replace(";", ",") for theme in ticked)
            coded.add(at_row, row, told | ({"stance": stance} if stance else {}))
    for theme in themes:
        coded.records.once("codebook", code_id=theme_of(theme), label=theme_of(theme))
    n = 0 if themes else len(coded.records["segments"])
    none = Line(
        "passage in no code", n, 0, "no column has codes; for one that has them: --map COLUMN=code", changed=n
    )
    return coded.imported([*_no_ticks(sheet, ticks), *[none][: min(n, 1)]])


def _ticks(cells: pd.Series) -> dict[str, str]:
    """Return what is a tick in a column, with the sign of its stance: plus and minus where there is a plus."""
    signs = SIGNS if cells.str.startswith("+").any() else ()
    return dict.fromkeys(TICKED, "") | {sign: sign for sign in signs}


def _no_ticks(sheet: Sheet, ticks: dict[str, dict[str, str]]) -> list[Line]:
    """Return the line that names filled cells that are neither a tick nor a plain no."""
    found = [
        f"{theme}, row {row}: {cell}"
        for theme, known in ticks.items()
        for row, cell in sheet.frame[theme].dropna().items()
        if cell.lower() not in {*known, *NO}
    ]
    return [Line("cell that is no tick", len(found), 0, f"no coding: {few(found)}")] if found else []
