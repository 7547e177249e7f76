"""How survey tools lay out an export: second and third rows of headings, a column an option, several choices in one cell."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import compress, pairwise

import pandas as pd

NUMBERED = re.compile(r"q\d+(_\d+)*(_text)?", re.IGNORECASE)
IMPORT_ID = re.compile(r'^\{"ImportId"')
ONE_ANSWER = {"response", "open-ended response", "open ended response", "réponse", "antwort", "respuesta"}
OPTION = re.compile(
    r"^(?P<question>.+?)\s*(?:\[(?P<bracketed>[^\]]+)\]|\(choice=(?P<choice>.+)\)|(?: - |: )(?P<dashed>[^-:]+))$"
)
CHOSEN = {"yes", "y", "1", "x", "true", "checked", "selected", "quoted", "ja", "oui", "✓", "✔"}
NOT_CHOSEN = {"no", "n", "0", "false", "unchecked", "not selected", "not quoted", "nein", "non", "-"}
OTHER = re.compile(r"\bother\b|specify|andere|sonstige|\bautre", re.IGNORECASE)
NONE_CHOSEN = "none of these"
HALVES = {"0", "00", "5", "50", "25", "75"}  # after the comma of a decimal
# LimeSurvey's "G1Q2[SQ001]. Which? [Books]"
CODED = re.compile(r"(?P<code>\w+)(\[\w+\])*\. (?P<words>\S.*)", re.DOTALL)
INITIALS = re.compile(r"([^\W\d_]\. ?)+")
FIRST = 100  # rows by which a form is known
TIME = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}[ T,]+\d{1,2}[:.]\d\d.*")
STATUS = re.compile(r"status|state|stage|comment|note", re.IGNORECASE)  # no columns of addresses
SHORT_OR_NUMBER = re.compile(r"\w{1,3}|[\d.,]+|complete|completed|partial|finished", re.IGNORECASE)
BETWEEN = {";": re.compile(r"\s*[;|\n]\s*"), ",": re.compile(r"\s*,\s*")}


@dataclass(frozen=True)
class Headings:
    """The heading of each column, and what a tool writes in further rows of headings.

    n_rows   how many rows the headings take
    labels   the wording of a question, by its column, where the heading is only its number
    options  the question of a column that stands for one option of it, and the option
    """

    names: list[str]
    n_rows: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def headings(rows: list[list[str]]) -> Headings:
    """Return the headings of rows of one width: those of Qualtrics take three rows, or two, those of SurveyMonkey two."""
    first, second, third = [_without_codes(rows[0]), *rows[1:3], [], []][:3]
    has_ids = any(IMPORT_ID.match(cell) for cell in third)
    if has_ids or _words_questions(first, second, rows[2:]):
        labels = dict(zip(first, second, strict=True))
        return Headings(first, 2 + has_ids, labels, _labelled_options(labels))
    return _with_options(first, second) if _names_options(first, second) else Headings(first)


def _without_codes(names: list[str]) -> list[str]:
    """Return LimeSurvey's headings, of which the first is that of the id, without the codes before their words, where these differ."""
    coded = [CODED.fullmatch(name) for name in names]
    if not (coded[0] and coded[0]["code"] == "id"):
        return names
    told = [
        "id",
        *(match["words"] if match else name for match, name in zip(coded[1:], names[1:], strict=True)),
    ]
    return [words if told.count(words) == 1 else name for words, name in zip(told, names, strict=True)]


def _words_questions(first: list[str], second: list[str], others: list[list[str]]) -> bool:
    """Whether the second row words the questions that the first numbers: each wording is met once, and one of them asks."""
    numbered = [index for index, name in enumerate(first) if NUMBERED.fullmatch(name)]
    words = [second[index] if second else "" for index in numbered]
    again = any(row[index] == second[index] for row in others for index in numbered)
    return len(numbered) > 1 and all(words) and not again and any("?" in each for each in words)


def _labelled_options(labels: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return question and option of Qualtrics' columns Q3_1, Q3_2 ...: "Question - Selected Choice - Option"."""
    parted = {
        name: re.sub(r"\?-(?=\S)", "? - ", label.replace(" - Selected Choice", "")).rpartition(" - ")[::2]
        for name, label in labels.items()
        if re.search(r"_\d+$", name)
    }
    return {name: parts for name, parts in parted.items() if all(parts)}


def _names_options(first: list[str], second: list[str]) -> bool:
    """Whether the second row says what the columns of a question are for: SurveyMonkey leaves their headings empty."""
    under = [option for name, option in zip(first, second, strict=False) if not name]
    one_answer = any(cell.casefold() in ONE_ANSWER for cell in second)
    return bool(second) and not second[0] and (one_answer or (bool(under) and all(under)))


def _with_options(first: list[str], second: list[str]) -> Headings:
    asked, names, options = "", [], {}
    for name, option, after in zip(first, second, [*first[1:], "end"], strict=True):
        asked = name or asked
        if (name and (after or option.casefold() in ONE_ANSWER)) or not option:
            names.append(name)
        else:
            names.append(f"{asked} [{option}]")
            options[names[-1]] = (asked, option)
    return Headings(names, 2, {}, options)


def form_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns that Microsoft Forms writes before its questions, in any language: id, two times, e-mail, name, and a time of change.

    They are known by their places and cells: beside a running id two times, then an address in each row, or one word or nothing in
    all, then names or nothing.
    """
    own = list(frame)[:6]
    cells = [frame[name].head(FIRST).dropna() for name in own]
    timed = [len(each) > 0 and each.map(TIME.fullmatch).notna().all() for each in cells]
    form = len(own) > 5 and _run(cells[0]) and all(timed[1:3]) and not STATUS.search(own[3])
    addressed = form and len(cells[3]) > 0 and cells[3].str.contains("@").all()
    nobody = form and cells[3].nunique() < 2 and not cells[3].str.fullmatch(SHORT_OR_NUMBER).any()
    named = form and not cells[4].str.fullmatch(r"[\d.,]+").any() and (addressed or cells[4].is_unique)
    return own[: 5 + timed[5]] if (addressed or nobody) and named else []


def _run(ids: pd.Series) -> bool:
    """Whether ids are whole numbers that run on from the first, which is 0 or 1."""
    return [*ids] in ([str(n + first) for n in range(len(ids))] for first in (0, 1)) and len(ids) > 0


def options_joined(
    frame: pd.DataFrame, options: Mapping[str, tuple[str, str]], apart: Collection[str] = ()
) -> pd.DataFrame:
    """Return a frame in which columns that stand for the options of one question are one column, choices parted by semicolons.

    options  as a tool's own row of headings names them; other columns count as options where their headings are
             "Question [option]", "Question - option" or "Question: option" and their cells only say whether it was chosen
    apart    columns that are given as no part of a question
    """
    slashed = slashed_options(frame)
    frame = frame.drop(columns={question for question, _ in slashed.values()})
    headed = {name: parts for name in frame if name not in options and (parts := _option(name))}
    known = slashed | dict(options) | headed
    known = {name: parts for name, parts in known.items() if name not in apart}
    questions: dict[str, dict[str, str]] = {}
    for column, (question, option) in known.items():
        questions.setdefault(question, {})[column] = option
    for question, columns in questions.items():
        if question in frame:
            frame = frame.assign(**{question: _with_another(frame, question, columns)})
        ticks = {name: option for name, option in columns.items() if not _is_written(frame[name], option)}
        if len(ticks) > 1 and question not in frame and _says_chosen(frame[list(ticks)], ticks):
            first = list(frame).index(next(iter(columns)))
            cells = frame[list(columns)]
            chosen = _chosen(cells, columns, ticks)
            frame = frame.drop(columns=list(ticks))
            frame.insert(first, question, chosen)
    return frame


def slashed_options(frame: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Return question and option of columns "Question/Option" beside a column "Question", as KoboToolbox and ODK write choices twice."""
    found: dict[str, dict[str, str]] = {}
    for name in frame:
        question, _, option = name.rpartition("/")
        if question in frame:
            found.setdefault(question, {})[name] = option
    chosen = {
        question: options
        for question, options in found.items()
        if len(options) > 1 and _says_chosen(frame[list(options)], options)
    }
    return {name: (question, each) for question, options in chosen.items() for name, each in options.items()}


def _with_another(frame: pd.DataFrame, question: str, columns: Mapping[str, str]) -> pd.Series:
    """Return the answers to a question of one choice; who wrote another in a column beside it and ticked none has chosen that."""
    answers = frame[question]
    for name, option in columns.items():
        if OTHER.search(option) and _is_written(frame[name], option):
            answers = answers.mask(answers.isna() & frame[name].notna(), option)
    return answers


def _is_written(cells: pd.Series, option: str) -> bool:
    """Whether a column for another answer holds what people wrote, which counts as the option and stays a column too."""
    words = set(cells.dropna().str.casefold())
    return bool(OTHER.search(option)) and not words <= CHOSEN | NOT_CHOSEN | {option.casefold()}


def _option(heading: str) -> tuple[str, str] | None:
    match = OPTION.match(heading)
    return (match["question"], match["bracketed"] or match["choice"] or match["dashed"]) if match else None


def _says_chosen(cells: pd.DataFrame, options: Mapping[str, str]) -> bool:
    """Whether each column holds its option's own words, or yes and no with no row left half blank."""
    words = {column: set(cells[column].dropna().str.casefold()) for column in cells}
    if all(held <= {options[column].casefold()} for column, held in words.items()):
        return any(words.values())
    blank = cells.isna()
    whole = (blank.all(axis=1) | ~blank.any(axis=1)).all()
    only_chosen = all(held <= CHOSEN for held in words.values())
    return all(held <= CHOSEN | NOT_CHOSEN for held in words.values()) and bool(whole or only_chosen)


def _chosen(cells: pd.DataFrame, options: Mapping[str, str], ticks: Collection[str]) -> pd.Series:
    """Return the options that each row has chosen: by a tick, or by words where they are no column of ticks."""
    ticked = cells.notna()
    for column in ticks:
        ticked[column] = cells[column].str.casefold().isin(CHOSEN | {options[column].casefold()})
    said = [f"{options[column].replace(';', ',')};" for column in cells]
    chosen = ["".join(compress(said, row)) or NONE_CHOSEN for row in ticked.to_numpy()]
    return pd.Series(chosen, cells.index, dtype="str").where(cells.notna().any(axis=1))


def choices(cells: Iterable[str]) -> str:
    """Return what parts several choices in the cells of one column: a semicolon, a comma, or nothing.

    A semicolon at the end of a cell, as Microsoft Forms writes it, says so. Semicolons, upright lines and line breaks part
    choices wherever a part comes again. Commas of numbers and before initials do not; others only where half of the cells at least have parts that are whole cells elsewhere, or are
    met beside different others, so that "Yes, definitely" is one answer. Of a choice of two or more by everybody no part is a
    whole cell: there each part is met in several cells, and one at least first in one cell and behind another elsewhere.
    """
    distinct = list(dict.fromkeys(cells))
    if any(cell.endswith(";") for cell in distinct):
        return ";"
    for mark, pattern in BETWEEN.items():
        parted = [[part for part in pattern.split(cell) if part] for cell in distinct]
        alone = {parts[0] for parts in parted if len(parts) == 1}
        met = pd.Series([part for parts in parted for part in set(parts)], dtype="str").value_counts()
        several = [parts for parts in parted if len(parts) > 1]
        again = {part for parts in several for part in parts if part in alone or met[part] > 1}
        whole = [parts for parts in several if again.issuperset(parts)]
        sure = mark == ";" or (
            not _of_numbers(several)
            and not _of_names(several)
            and ((alone & again and 2 * len(whole) >= len(several)) or (not alone and _mix(parted, again)))
        )
        if again and sure:
            return mark
    return ""


def _mix(parted: list[list[str]], again: Collection[str]) -> bool:
    """Whether cells are several choices each: each part comes again, and one is first in a cell and behind another elsewhere."""
    moves = {parts[0] for parts in parted} & {part for parts in parted for part in parts[1:]}
    return bool(moves) and all(again.issuperset(parts) and len({*parts}) == len(parts) for parts in parted)


def _of_numbers(parted: list[list[str]]) -> bool:
    """Whether the commas are those of decimals or thousands: not of lists such as "1,3,4", whose numbers go up."""
    if not all(part.isdigit() for parts in parted for part in parts):
        return False
    thousands = all(len(part) == 3 for parts in parted for part in parts[1:])
    halves = all(parts[1] in HALVES for parts in parted)
    falling = any(int(one) >= int(other) for parts in parted for one, other in pairwise(parts))
    return thousands or (all(len(parts) == 2 for parts in parted) and (halves or falling))


def _of_names(parted: list[list[str]]) -> bool:
    """Whether commas are those between surnames and initials."""
    return 2 * sum(bool(INITIALS.fullmatch(parts[-1])) for parts in parted) > len(parted)


def parts_met_again(cells: Iterable[str]) -> set[str]:
    """Return the parts between commas that are choices: whole cells elsewhere, or met in several different cells.

    Parts that are only met one after the other, in three cells at least, or of which the second goes on in small letters, are
    one choice with a comma in it, and none of these.
    """
    parted = [parts_of(cell, ",") for cell in dict.fromkeys(cells)]
    met = Counter(part for parts in parted for part in set(parts))
    pairs = Counter(pair for parts in parted for pair in pairwise(parts))
    alone = {parts[0] for parts in parted if len(parts) == 1}
    together = {pair for pair, n in pairs.items() if n > 2 and met[pair[0]] == met[pair[1]] == n}
    goes_on = {(one, other) for one, other in pairs if one[0].isupper() and other[0].islower()}
    one = {pair for pair in together | goes_on if not alone & {*pair}}
    whole = {", ".join(parts) for parts in parted if len(parts) > 1 and one.issuperset(pairwise(parts))}
    apart = {part for part, n in met.items() if part in alone or n > 1}
    return whole | apart - {part for pair in one for part in pair}


def parts_of(cell: str, mark: str, known: Collection[str] = ()) -> list[str]:
    """Return the choices in a cell.

    known  of choices parted by commas those that are met again: what is between them is one choice, whatever its commas
    """
    parts = [part for part in BETWEEN[mark].split(cell) if part] if mark else [cell]
    if not known:
        return parts
    found: list[list[str]] = []
    start, is_known = 0, True
    while start < len(parts):
        ends = range(len(parts), start, -1)
        end = next((end for end in ends if ", ".join(parts[start:end]) in known), start)
        if end > start or is_known:
            found.append([])
        is_known, end = end > start, max(end, start + 1)
        found[-1] += parts[start:end]
        start = end
    return [", ".join(each) for each in found]
