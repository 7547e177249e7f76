"""Speaker turns out of a transcript."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

import pandas as pd

from ncsresearch.ingest import open_document, word_text
from ncsresearch.ingest.codebook_table import codebook_of
from ncsresearch.ingest.conversation_table import TIME, turns_in_tables
from ncsresearch.ingest.document import notes_of_rtf, read_document
from ncsresearch.ingest.fields import area_and_type, area_type_of, field_of, parted_pairs, plain, unnumbered
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, imported_file, same_words
from ncsresearch.ingest.speaker_label import (
    ASKS,
    CHOICE,
    CUE,
    REMOVED,
    SOUNDS,
    TALK,
    Beginning,
    alone,
    before_dash,
    before_dot,
    beginning,
    each_apart,
    in_line,
    is_unsaid,
    second_speakers,
)
from ncsresearch.ingest.speaker_marks import within_turns
from ncsresearch.ingest.speaker_role import (
    ANYBODY,
    INTERVIEWER,
    MINUTES,
    NO_SPEAKER,
    NOBODY,
    QUESTION,
    is_conversation,
    is_joint,
    is_role,
    role_of,
    tells_apart,
    who_asks,
)
from ncsresearch.ingest.transcript_head import (
    ELSEWHERE,
    HEAD_FIELDS,
    MODES,
    NUMBERED,
    PSEUDONYM,
    SAID_FIRST,
    SPEAKER,
    Head,
    given_of,
    length_of_head,
    name_and_words,
    read_head,
)
from ncsresearch.ingest.word_comments import is_word_report, read_comments

MODE_OF = ("", *MODES.split("|"))  # by how many people take part
MARK = re.compile(r"\[([^\]\n]{1,60})\]")
NO_TURNS = "no speaker labels found: kept as a document without turns"
NOT_READ = {
    ".docx": word_text.notes_not_read,
    ".odt": open_document.notes_not_read,
    ".rtf": notes_of_rtf,
}
MET_ONCE, MET_AGAIN = "name before a colon, met once", "words before a colon, met again"
ONCE = "taken for words of the turn before; a speaker met once is known by a pseudonym, such as P2, by the head, or by a list of people"
AGAIN = "no speaker's: taken for words of the turn before; a speaker is marked as the others are, or has capitals (Ward Sister)"
NO_INTERVIEWER, ASKED = "transcript without an interviewer", "turn of an interviewer"
NOBODY_ASKS = "{} is a person heard; whoever asks: --interviewer NAME, by the label in the file"
DESCRIBED = "behind the name: kept as an attribute of the person"
ASKER = "who asks most of the questions: taken for the interviewer; if another is, say so with --interviewer"
ASKS_ELSEWHERE = "asks in other interviews: taken for the interviewer of this one too; if another is, say so with --interviewer"
LONGEST_STAMP = 40  # letters of a stamp and the white space around it
STAMP = re.compile(r"\s*#\d\d:\d\d:\d\d-\d#\s*$")  # f4's, behind the words
PLACED = HEAD_FIELDS | {"participant"}


@dataclass(frozen=True)
class Transcript:
    """A transcript: its text, what is at its head, and its turns.

    head    what is said above the first turn
    turns   one row per turn: ordinal, speaker, role, start, end, time
    once    numbers of the lines that begin as a speaker's would, with a name that begins no other: part of the turn before
    again   those that begin with words before a colon which come round, and are no speaker's
    above   how many lines above the first turn name no field
    asker   the label of who asks, where that was seen from the questions and not from the label
    unsaid  how many lines from the first turn on are nobody's words, such as "Transcribed by ..."
    within  how many turns begin within a line, behind the words of another
    """

    text: str
    head: Head
    turns: pd.DataFrame
    once: tuple[int, ...] = ()
    again: tuple[int, ...] = ()
    above: int = 0
    asker: str = ""
    unsaid: int = 0
    within: int = 0


def read_transcript(path: Path) -> Transcript:
    """Read a transcript (.docx, .odt, .rtf, .txt, .vtt, .srt, .json, .html, .pdf) and part it into turns.

    A line that begins with a speaker's label begins a turn; other lines go on with the turn before. A label counts as
    one if it is an interviewer's, a pseudonym such as P2, "Respondent 2" or the like, or begins at least two lines. A name
    that begins one line only is part of the turn before, and the account of the import says so. Labels that could be
    anything, as in a letter, make turns only where somebody asks a question.
    """
    return parted(read_document(path).text)


def parted(
    text: str, interviewers: Collection[str] = (), maps: Sequence[str] = (), people: Collection[str] = ()
) -> Transcript:
    """Return a document's normal text as a transcript; without labels it has no turns.

    interviewers  labels of those who ask, where their own words do not say it
    maps          what --map says of keys of the head
    people        who is known from elsewhere: a speaker even where the name begins one line alone, as is whom the head names
    """
    lines = text.split("\n")
    found, labels = _read(lines)
    if len(apart := _one_a_line(lines, found, labels)) > len(lines):
        lines = apart
        found, labels = _read(lines)
    named = {*people, *read_head(_above(lines, found, labels)).names()}
    labels = labels | (_labels_of(known_names(named), found) if labels else set())
    above = _above(lines, found, labels)
    first, head = (len(above) if labels else len(lines)), read_head(above, given_of(maps, above))
    turns = _turns(lines, found, labels)
    asking = {*interviewers, *head.askers({*turns["speaker"]})}
    turns, asker = _with_roles(turns, text, {name.casefold() for name in asking})
    once, again = _within_turns(found, labels, first)
    unsaid = sum(map(is_unsaid, lines[first:]))
    above, within = len(turns) and first - head.n_lines, len(lines) - text.count("\n") - 1
    return Transcript(text, head, turns, once, again, above, asker, unsaid, within)


def _one_a_line(lines: list[str], found: list[Beginning], labels: set[str]) -> list[str]:
    """Return lines that end where another speaks behind a sentence: who begins lines too, or where one alone begins lines, in half of them."""
    parted = [
        (begun.label * (begun.label in labels), line[begun.start :])
        for line, begun in zip(lines, found, strict=True)
    ]
    if not any(": " in words for _, words in parted):
        return lines
    others = second_speakers(parted) - labels
    speak = labels | {label for label in others if _like_a_name(label) or ANYBODY.fullmatch(label)}
    heads = [line[: begun.start] for line, begun in zip(lines, found, strict=True)]
    ends = [each_apart(words, speak) for _, words in parted]
    return [
        f"{head * (not n)}{part}"
        for head, parts in zip(heads, ends, strict=True)
        for n, part in enumerate(parts)
    ]


def _above(lines: list[str], found: list[Beginning], labels: set[str]) -> list[str]:
    """Return the lines above the first turn; none of a document without turns."""
    first = next((number for number, begun in enumerate(found) if begun.label in labels), 0)
    return lines[:first]


def known_names(people: Collection[str]) -> set[str]:
    """Return what people who are known may be called: their names, or the first or last word of these where none is a role, a number or a kind of talk."""
    names = {same_words(name) for name in people}
    of_words = {name for name in names if not re.search(rf"\d|\b{TALK}\b", name) and not is_role(name)}
    return names | {
        end for name in of_words for end in (name.split()[:1] + name.split()[-1:]) if len(end) > 1
    }


def _labels_of(names: Collection[str], found: list[Beginning]) -> set[str]:
    labels = {begun.label for begun in found}
    return {label for label in labels if same_words(label) in names and not NO_SPEAKER.fullmatch(label)}


def _within_turns(found: list[Beginning], labels: set[str], first: int) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of lines that begin as a speaker's would and are part of a turn: by a name met once, and again."""
    often = Counter(begun.label for begun in found)
    others = [
        (n, begun.label) for n, begun in enumerate(found[first:], first + 1) if begun.label not in labels
    ]
    once = (n for n, label in others if often[label] == 1 and _like_a_name(label))
    again = (n for n, label in others if label and often[label] > 1 and not NO_SPEAKER.fullmatch(label))
    return tuple(once), tuple(again)


def _read(lines: list[str]) -> tuple[list[Beginning], set[str]]:
    """Return what each line begins with, and the labels that are speakers, in the layout in which they begin most lines."""
    found, labels = _found(lines)
    if any(begun.time for begun in found if begun.label in labels):
        return found, labels
    dashed = _if_spoken(lines, *_between(lines, before_dash))
    others = [_above_their_words(lines), _between(lines, in_line), dashed]
    if _n_begun((found, labels)) < 2:  # one may be of the head
        others.append(_taking_turns(lines))
    return max([(found, labels), *others], key=_n_begun)


def _taking_turns(lines: list[str]) -> tuple[list[Beginning], set[str]]:
    """Letters with a dot, one that asks and one that answers: by turns, and most turns of the first have a question mark."""
    found, labels = _between(lines, before_dot)
    order = [begun.label for begun in found if begun.label]
    apart = sum(one != other for one, other in zip(order, order[1:], strict=False))
    by_turns = len({*order}) == 2 and len(ASKS & {*order}) == 1 and 4 * apart >= 3 * (len(order) - 1)
    if not labels or not by_turns or any(map(CHOICE.match, lines)):
        return found, set()
    turns = _turns(lines, found, labels)
    asked = _spoken(turns[turns["speaker"].isin(ASKS)], "\n".join(lines))
    return found, labels if asked.str.contains(QUESTION).mean() > 0.5 else set()


def _n_begun(read: tuple[list[Beginning], set[str]]) -> int:
    found, labels = read
    return sum(begun.label in labels for begun in found)


def _found(lines: list[str]) -> tuple[list[Beginning], set[str]]:
    """Return what each line begins with, and the labels that are speakers."""
    in_tables = turns_in_tables(lines)
    found = _one_spelling([in_tables.get(number) or beginning(line) for number, line in enumerate(lines)])
    found = _without_lists(found)
    top = length_of_head(found, lines)
    found = [Beginning()] * top + _without_head_tables(found[top:], lines[top:])
    labels = _labels([begun.label for begun in found if begun.label]) | _timed(found, lines)
    return _if_spoken(lines, found, labels - within_turns(found, labels))


def _one_spelling(found: list[Beginning]) -> list[Beginning]:
    """Labels that differ by capitals alone are one speaker, spelled as it is most often."""
    often = Counter(begun.label for begun in found).most_common()
    first = {label.casefold(): label for label, _ in reversed(often)}
    return [replace(begun, label=first[begun.label.casefold()]) for begun in found]


def _without_lists(found: list[Beginning]) -> list[Beginning]:
    """Numbers before a colon are people of a group where two of them and somebody else come round; else they are of a list."""
    again = {label for label, n in Counter(begun.label for begun in found).items() if n > 1 and label}
    numbers = {label for label in again if label.isdigit()}
    speak = len(numbers) > 1 and again > numbers
    of_list = [begun.label.isdigit() and not (speak or begun.time) for begun in found]
    return [Beginning() if listed else begun for listed, begun in zip(of_list, found, strict=True)]


def _timed(found: list[Beginning], lines: list[str]) -> set[str]:
    """Names with a time, which are speakers even once: where each line has one, as in subtitles, or one comes round."""
    timed = Counter(begun.label for begun in found if begun.time and begun.label)
    named = {label: n for label, n in timed.items() if _like_a_name(label)}
    if all(CUE.match(line) for line in lines):
        return {label for label, n in timed.items() if n > 1 or label in named}
    return set(named) if any(n > 1 for n in named.values()) else set()


def _above_their_words(lines: list[str]) -> tuple[list[Beginning], set[str]]:
    """Labels alone on their lines, with the words below: at least two of them, coming round."""
    found = [Beginning(alone(line), "", len(line), len(line)) for line in lines]
    often = Counter(begun.label for begun in found if begun.label and not _is_said(begun.label))
    again = {label for label, n in often.items() if n > 1}
    followed = Counter(begun.label for begun in _followed(found, again))
    labels = {label for label in again if followed[label] > 1}
    return _if_spoken(lines, _followed(found, labels), labels) if len(labels) > 1 else (found, set())


def _followed(found: list[Beginning], labels: set[str]) -> list[Beginning]:
    """Return the beginnings that have one of these labels, and none in the line below."""
    return [
        begun if begun.label in labels and after.label not in labels else Beginning()
        for begun, after in zip(found, [*found[1:], Beginning()], strict=True)
    ]


def _is_said(label: str) -> bool:
    return bool(NO_SPEAKER.fullmatch(label) or SAID_FIRST.fullmatch(label))


def _between(lines: list[str], look: Callable[[str], Beginning]) -> tuple[list[Beginning], set[str]]:
    """Names with a time, or a dash, and words behind it, without a colon: at least two of them, in most lines."""
    found = [look(line) for line in lines]
    labels = {begun.label for begun in found if _like_a_name(begun.label)}
    begun = sum(each.label in labels for each in found)
    come_round = len(labels) > 1 and 2 * begun > len(lines) and begun > len(labels)
    return (found, labels) if come_round else (found, set())


def _if_spoken(
    lines: list[str], found: list[Beginning], labels: set[str]
) -> tuple[list[Beginning], set[str]]:
    """Return the labels of a conversation; none where all could be anything, none has a time, and what follows is no speech."""
    minutes = any(MINUTES.fullmatch(begun.label) for begun in found)
    if not labels or (minutes and not any(map(INTERVIEWER.fullmatch, labels))):
        return found, set()
    timed = any(begun.time for begun in found if begun.label in labels)
    who = (INTERVIEWER, NOBODY, ANYBODY, PSEUDONYM)
    if timed or any(known.fullmatch(label) for label in labels for known in who):
        return found, labels
    turns = _turns(lines, found, labels)
    is_speech = len(turns) and is_conversation(_spoken(turns, "\n".join(lines)))
    return found, labels if is_speech else set()


def _spoken(turns: pd.DataFrame, text: str) -> pd.Series:
    words = [text[start:end] for start, end in zip(turns["start"], turns["end"], strict=True)]
    return pd.Series(words, index=turns["speaker"], dtype="str")


def _with_roles(turns: pd.DataFrame, text: str, interviewers: set[str]) -> tuple[pd.DataFrame, str]:
    """Return turns with roles by their labels, by who is named as interviewer, else by who asks; and the label of the last."""
    labels = set(turns["speaker"])
    roles = {label: _role(label, labels, interviewers) for label in labels}
    asker = "" if "interviewer" in roles.values() or turns.empty else who_asks(_spoken(turns, text))
    roles |= {asker: "interviewer"} if asker else {}
    return turns.assign(role=pd.Series([roles[label] for label in turns["speaker"]], dtype="str")), asker


def _role(label: str, labels: set[str], interviewers: set[str]) -> str:
    if label.casefold() in interviewers:
        return "interviewer"
    return "unknown" if is_joint(label, labels - {label}) else role_of(label)


def _like_a_name(label: str) -> bool:
    words = label.split()
    named = 0 < len(words) <= 3 and not any(word[0].islower() for word in words)
    return named and not field_of(label) and not NO_SPEAKER.fullmatch(label)


def _without_head_tables(found: list[Beginning], lines: list[str]) -> list[Beginning]:
    """Rows of a table begin turns only from where first cells repeat, as speakers do and a head's rows do not."""
    tabbed = [
        begun.label * _is_row(line[: begun.start], line[begun.start :])
        for begun, line in zip(found, lines, strict=True)
    ]
    times, rows = Counter(filter(None, tabbed)), list(zip(tabbed, found, strict=True))
    spoken = (times[label] > 1 or (not label and begun.label in times) for label, begun in rows)
    first = next((index for index, speaks in enumerate(spoken) if speaks), len(rows))
    in_head = [Beginning() if label else begun for label, begun in rows[:first]]
    return in_head + found[first:]


def _is_row(label: str, words: str) -> bool:
    """Whether a tab divides a label from its words, as in a table; "Facilitator:", a tab and a sentence are a turn."""
    divided = "\t" in label
    return divided and not (":" in label and (re.search(r"[.?!…]\W*$", words) or len(words.split()) > 4))


def _labels(labels: list[str]) -> set[str]:
    often = {label for label, n in Counter(labels).items() if n > 1 and len(label.split()) <= 5}
    often = {label for label in often if not NO_SPEAKER.fullmatch(label)}
    askers = {label for label in labels if INTERVIEWER.fullmatch(label) or NOBODY.fullmatch(label)}
    answering = {label for label in labels if ANYBODY.fullmatch(label) or PSEUDONYM.fullmatch(label)}
    asked = next((index for index, label in enumerate(labels) if label in askers), len(labels))
    kin = {unnumbered(label) for label in often if label[-1].isdigit()}
    answering |= {label for label in labels if label[-1].isdigit() and unnumbered(label) in kin}
    speaking = often | askers | {each for each in answering if not field_of(each) or each in labels[asked:]}
    return speaking | {label for label in labels if is_joint(label, speaking)}


def _turns(lines: list[str], found: list[Beginning], labels: set[str]) -> pd.DataFrame:
    turns: list[dict] = []
    ends = accumulate((len(line) + 1 for line in lines), initial=-1)
    above, is_open = "", False
    for before, line, begun in zip(ends, lines, found, strict=False):
        start = before + 1
        is_open = begun.label in labels or (is_open and not is_unsaid(line))
        if begun.label not in labels and TIME.fullmatch(line):  # the time of the turn below it
            above = line
            continue
        if begun.label in labels:
            words = start + begun.start + (begun.start == len(line))
            turns.append({"speaker": begun.label, "start": words, "time": begun.time or above})
            above = ""
        if is_open:
            end = begun.end if begun.label in labels else len(line)
            turns[-1]["end"] = start + _words_end(line[:end])
    kept = [turn for turn in turns if turn["end"] > turn["start"]]
    columns = ["ordinal", "speaker", "role", "start", "end", "time"]
    return pd.DataFrame([turn | {"ordinal": n} for n, turn in enumerate(kept, 1)], columns=columns)


def _words_end(line: str) -> int:
    """Return where the words of a line end, before a time stamp behind them."""
    stamp = STAMP.search(line, max(0, len(line) - LONGEST_STAMP))
    return stamp.start() if stamp else len(line)


def speakers(transcript: Transcript, name: str) -> dict[str, str]:
    """Return the person behind each respondent's label, as far as the transcript says.

    A label that the head explains is that person; a pseudonym or a name is itself; the only respondent of a
    transcript is the person its file is named after; roles, and numbered labels that come round beside an interviewer's, are
    people of this transcript, called after its file. Others stay unassigned.
    """
    turns = transcript.turns
    roles = zip(turns["speaker"], turns["role"], strict=True)
    labels = list(dict.fromkeys(label for label, role in roles if role == "respondent"))
    named = transcript.head.people
    known = {label: name_and_words(named[label])[0] for label in labels if label in named}
    known |= {label: label for label in labels if label not in known and not _is_anybody(label)}
    if len(labels) == 1 and not known:
        known[labels[0]] = transcript.head.person(labels) or person_of(name)
    return known | {label: f"{name} {label}" for label in _of_interview(turns, labels) if label not in known}


def _of_interview(turns: pd.DataFrame, labels: Sequence[str]) -> list[str]:
    """Return the labels of people of one interview: roles, and numbers where several come round, and somebody asks: not Q1, A1, Q2, A2."""
    apart = [label for label in labels if tells_apart(label) or label.isdigit()]
    comes_round = 1 < len(apart) < turns["speaker"].isin(apart).sum()
    all_apart = comes_round and turns["role"].eq("interviewer").any()
    return apart if all_apart else [label for label in apart if not ANYBODY.fullmatch(label)]


def _is_anybody(label: str) -> bool:
    generic = ANYBODY.fullmatch(label) or is_role(label) or label.isdigit() or REMOVED.search(label)
    return bool(generic) and not re.fullmatch(r"[A-Za-z]\d{2,}", label)


def person_of(name: str) -> str:
    """Return the pseudonym in a file's name, or the name where it holds none or several."""
    found = PSEUDONYM.findall(re.sub(r"[_\s]", " ", name))
    return found[0] if len(found) == 1 else name


def known_roles(path: Path, read: ImportedFile, names: Collection[str], askers: Collection[str]) -> list[str]:
    """Return "LABEL=speaker" for people who are known and were read as words of others, and "LABEL=asks elsewhere" where nobody asks.

    names, askers  what those are called who speak, and who ask, elsewhere, as same_words has it
    """
    kinds, lines = {line.kind for line in read.account}, []
    if NO_INTERVIEWER in kinds:
        labels = {*read.tables["turns"]["speaker"]}
        asking = {label for label in labels if same_words(label) in askers}
        lines = [f"{label}={ELSEWHERE}" for label in sorted(asking) if asking < labels]
    if {MET_ONCE, MET_AGAIN} & kinds:
        found, labels = _read(read_document(path).text.split("\n"))
        lines += [f"{label}={SPEAKER}" for label in sorted(_labels_of(names, found) - labels)]
    return lines


def explained(path: Path) -> set[str]:
    """Return what a person may explain of a transcript: labels of its speakers (--interviewer), and keys of its head (--map)."""
    transcript = read_transcript(path)
    speakers = transcript.turns["speaker"]
    return {*speakers, *transcript.head.keys.values()} if len(speakers) else set()


def read_transcript_file(path: Path, maps: Collection[str] = ()) -> ImportedFile:
    """Read a transcript as what it brings to a study: its document, interview, people, turns and text.

    maps  "LABEL=interviewer" for a speaker who asks, where the label does not say so; "KEY=FIELD" for what its head says

    A Word report of a study is no transcript: its comments are read. So is a codebook that a tool wrote as a table.
    """
    if is_word_report(path):
        return read_comments(path)
    document, name = read_document(path), path.stem
    asking, elsewhere, speaking = (
        {label for label, _, said in parted_pairs(maps) if said == role}
        for role in ("interviewer", ELSEWHERE, SPEAKER)
    )
    transcript, records = parted(document.text, asking | elsewhere, maps, speaking), Records()
    if transcript.turns.empty and (codes := codebook_of(document.text, path)):
        return codes
    hashes = {"file_sha256": document.file_sha256, "text_sha256": document.text_sha256}
    records.add("documents", document_id=name, title=path.name, **hashes)
    records.update(spoken_records(transcript, name, name))
    how = ASKER if transcript.asker else ASKS_ELSEWHERE * bool(elsewhere)
    account = [*_account(transcript, name, how), *_not_read(path)]
    return imported_file(path.name, records, account, texts={name: document.text})


def spoken_records(transcript: Transcript, document_id: str, name: str, interview: str = "") -> Records:
    """Return the area, interview, people and turns of a transcript, as rows by table; of one without turns the area alone.

    name        the name of its file, without the ending
    interview   the interview's name; without it what the head says, else the name of the file
    """
    head, people, records = transcript.head.fields, speakers(transcript, name), Records()
    interview = interview or head.get("interview", name)
    area, kind = area_and_type(head.get("area", ""))
    group = {"area_id": area, "participant_group": head.get("group", "")}
    if area:
        records.add(
            "areas", area_id=area, name=area, area_type=area_type_of(head.get("area type", "")) or kind
        )
    if len(transcript.turns):
        mode = head.get("mode") or MODE_OF[min(len(people), 3)]
        number = head.get("number", "")
        held = {"document_id": document_id, "mode": mode, "number": number}
        records.add("interviews", interview_id=interview, **held, **group)
        records.describe("interviews", interview, _attributes(transcript.head, people))
    described = transcript.head.described([*people])
    for person in dict.fromkeys(people.values()):
        records.add("participants", participant_id=person, **group)
        records.add("attendances", interview_id=interview, participant_id=person)
        records.describe("participants", person, [described[person]] if person in described else [])
    turns = transcript.turns
    for cells in zip(*(turns[name].tolist() for name in turns), strict=True):
        turn = dict(zip(turns, cells, strict=True))
        records.add("turns", document_id=document_id, participant_id=people.get(turn["speaker"]), **turn)
    return records


def _attributes(head: Head, people: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what a head says that no column of a table has a place for, with the key it is said under."""
    used = PLACED - _types_kept(head.fields)
    used = used if head.person([*people]) in people.values() else used - {"participant"}
    named = {*people, *people.values()}
    for key, value in head.fields.items():
        is_title = NUMBERED.fullmatch(plain(key)) and value in named  # "Interview 3: Ana"
        if key not in used and not is_title:
            yield head.keys[key] if key == "participant" else key, value


def _types_kept(head: dict[str, str]) -> set[str]:
    """Return the fields of a head that name a type of area and say nothing of one: the words name none, or no area is named."""
    types = {key for key in head if field_of(key) == "area type"}
    return {key for key in types if not (head.get("area") and area_type_of(head[key]))}


def _types_not_read(head: dict[str, str]) -> str:
    kept = [head[key] for key in _types_kept(head)]
    why = "not an area type" if head.get("area") else "an area type, but of no area"
    return f"{why}, kept as an attribute: {', '.join(kept)}" if kept else ""


def _account(transcript: Transcript, name: str, how: str = "") -> Iterator[Line]:
    """Yield what a transcript held; how says by what the interviewer was known who is not called so."""
    turns, people, head = transcript.turns, speakers(transcript, name), transcript.head
    respondents = turns[turns["role"].ne("interviewer")]
    lost = respondents.loc[~respondents["speaker"].isin(people), "ordinal"].tolist()
    labels, asked = set(turns["speaker"]), turns[turns["role"].eq("interviewer")]
    marks = MARK.findall(transcript.text)
    marks = [mark for mark in marks if mark not in labels and not is_unsaid(f"[{mark}]")]
    redactions = [mark for mark in marks if not SOUNDS.search(mark)]
    yield all_kept("document", 1, "" if len(turns) else NO_TURNS)
    yield all_kept("head line", len(head.fields) + len(head.people), _types_not_read(head.fields))
    described = [key for person, (key, _) in head.described([*people]).items() if person in people.values()]
    if n := len(described):
        yield Line("description of a person at the head", n, 0, DESCRIBED, ", ".join(described), n)
    if transcript.above:
        yield Line("line above the first turn", transcript.above, 0, "in the text of the document only")
    if transcript.unsaid:
        yield Line("line that nobody said", transcript.unsaid, 0, "in the text of the document only")
    if transcript.within:
        yield all_kept(
            "turn that begins within a line", transcript.within, "a name and a colon after a sentence"
        )
    yield all_kept(ASKED, len(asked), how, _by_speaker(asked))
    if len(turns) and asked.empty:
        who = ("who has a name" if people else "nobody") if lost else "everybody who speaks in it"
        yield all_kept(NO_INTERVIEWER, 1, NOBODY_ASKS.format(who))
    numbered = ", ".join(label for label, person in people.items() if person == f"{name} {label}")
    notes = [f"{len(lost)} without a person"] * bool(lost)
    notes += [f"{numbered}: people of this interview, until a file names them"] * bool(numbered)
    spoken = "; ".join(filter(None, [_by_speaker(respondents), _at("turns", lost)]))
    yield all_kept("turn of a respondent", len(respondents), "; ".join(notes), spoken)
    yield all_kept("redaction mark", len(redactions), "kept in the text")
    if once := transcript.once:
        where = f"{_at('lines', once)} of those with words"
        yield Line(MET_ONCE, len(once), 0, ONCE, where, len(once))
    if again := transcript.again:
        where = f"{_at('lines', again)} of those with words"
        yield Line(MET_AGAIN, len(again), 0, AGAIN, where, len(again))


def _by_speaker(turns: pd.DataFrame) -> str:
    """Return speakers with their numbers of turns; of more than six those with the most and the fewest, as a wrong one has few."""
    said = [f"{speaker}: {n}" for speaker, n in turns["speaker"].value_counts().items()]
    return ", ".join(said if len(said) <= 6 else [*said[:3], "...", *said[-3:]])


def _at(kind: str, numbers: Sequence[int]) -> str:
    more = " ..." if len(numbers) > 8 else ""
    return f"{kind} {', '.join(map(str, numbers[:8]))}{more}" if numbers else ""


def _not_read(path: Path) -> Iterator[Line]:
    notes = NOT_READ[path.suffix.lower()](path) if path.suffix.lower() in NOT_READ else {}
    yield from (Line(kind, n, 0, "not read: no speaker's words") for kind, n in notes.items())
