"""Speaker turns out of a transcript."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pandas as pd

from ncsresearch.ingest.document import read_document
from ncsresearch.ingest.fields import area_type_of, field_of
from ncsresearch.ingest.imported_file import ImportedFile, Line, Records, all_kept, imported_file

TIME = r"[\[(]?(?P<time>(?:\d{1,2}:)?\d{1,2}:\d{2})(?:[.,]\d+)?[\])]?"
LABEL = r"(?P<label>[^\W\d_][^:：\t\n\[\]]{0,40}?)\s*(?:\((?!\d{1,2}:\d\d)[^)]{1,60}\))?"
TURN = re.compile(
    rf"^(?:{TIME}\s*)?{LABEL}\s*(?:{TIME.replace('time', 'after')})?\s*[:：\t]\s*(?P<words>.*)$"
)
BOXED = re.compile(rf"^(?:{TIME}\s*)?[\[【](?P<boxed>[^\W\d_][^\]】\n]{{0,40}})[\]】]:?\s*(?P<words>\S.*)$")
INTERVIEWER = re.compile(
    r"(interviewer|int|iv|i|researcher|moderator|facilitator|interviewer's? question|q)\s*\d*", re.IGNORECASE
)
NOBODY = re.compile(
    r"(unidentified|unknown|several|all|various|speaker \?|\?+|inaudible)( (speakers?|voices?|people))?",
    re.IGNORECASE,
)
ANYBODY = re.compile(
    r"(respondent|participant|interviewee|r|p|a|speaker|person)\s*\d*|[mf]\d*|speaker [a-z]", re.IGNORECASE
)
PSEUDONYM = re.compile(r"(?<![A-Za-z0-9])(?!int\d)[A-Za-z]{1,4}-?\d{1,4}(?![A-Za-z0-9])", re.IGNORECASE)
MODES = "one-to-one|paired|group"
MODE_OF = ("", *MODES.split("|"))  # by how many people take part
MARK = re.compile(r"\[([^\]\n]{1,60})\]")
SOUNDS = re.compile(
    r"laugh|pause|inaudible|cross ?talk|sigh|cough|unclear|overlap|interrupt|silence|\d\d:\d\d|^[.…]+$",
    re.IGNORECASE,
)
REMOVED = re.compile(r"\b(removed|redacted|withheld|deleted|anonymi[sz]ed)\b", re.IGNORECASE)
ONCE = "taken for words of the turn before; a speaker met once is known by a pseudonym, such as P2"
HEAD_FIELDS = {"interview", "area", "group", "mode", "number", "document", "area type"}


@dataclass(frozen=True)
class Transcript:
    """A transcript: its text, what is at its head, and its turns.

    head    fields named above the first turn (interview, area, group, mode, ...), and who is behind a label
    turns   one row per turn: ordinal, speaker, role, start, end, time
    once    numbers of the lines that begin as a speaker's would, with a name that begins no other: part of the turn before
    """

    text: str
    head: dict[str, str]
    people: dict[str, str]
    turns: pd.DataFrame
    once: tuple[int, ...] = ()


def read_transcript(path: Path) -> Transcript:
    """Read a transcript (.docx, .txt, .vtt, .srt, .html, .pdf) and part it into turns.

    A line that begins with a speaker's label begins a turn; other lines go on with the turn before. A label counts as
    one if it is an interviewer's, a pseudonym such as P2, "Respondent 2" or the like, or begins at least two lines. A name
    that begins one line only is part of the turn before, and the account of the import says so.
    """
    return parted(read_document(path).text)


def parted(text: str) -> Transcript:
    """Return a document's normal text as a transcript; without labels it has no turns."""
    texts = text.split("\n")
    found = [_turn(line) for line in texts]
    top = _length_of_head(found, texts)
    found = [("", "", 0)] * top + _without_head_tables(found[top:], texts[top:])
    labels = _labels([label for label, _, _ in found if label])
    first = next((index for index, (label, _, _) in enumerate(found) if label in labels), len(texts))
    head, people = _head(texts[:first]) if first < len(texts) else ({}, {})
    turns = _turns(texts, found, labels)
    once = [
        number
        for number, (label, _, _) in enumerate(found[first:], first + 1)
        if label not in labels and _like_a_name(label)
    ]
    return Transcript(text, head, people, turns, tuple(once))


def _like_a_name(label: str) -> bool:
    words = label.split()
    return 0 < len(words) <= 3 and not any(word[0].islower() for word in words) and not field_of(label)


def _length_of_head(found: list[tuple[str, str, int]], lines: list[str]) -> int:
    """How many lines the head has: up to its last field or pseudonym, before a label comes round or a question ends.

    Without this "Interviewer: AB" and "Respondent 1: S03" above the fields would be turns.
    """
    seen, length = set(), 0
    for index, ((label, _, words), line) in enumerate(zip(found, lines, strict=True)):
        if label in seen or line.endswith("?"):
            break
        seen |= {label} - {""}
        names_person = ANYBODY.fullmatch(label) and PSEUDONYM.fullmatch(line[words:].strip())
        if field_of(label) in HEAD_FIELDS or names_person:
            length = index + 1
    return length


def _without_head_tables(found: list[tuple[str, str, int]], lines: list[str]) -> list[tuple[str, str, int]]:
    """Rows of a table begin turns only from where first cells repeat, as speakers do and a head's rows do not."""
    tabbed = [label if "\t" in line else "" for (label, _, _), line in zip(found, lines, strict=True)]
    often = {label for label, n in Counter(tabbed).items() if label and n > 1}
    first = next((index for index, label in enumerate(tabbed) if label in often), len(lines))
    return [
        ("", "", 0) if label and index < first else turn
        for index, (label, turn) in enumerate(zip(tabbed, found, strict=True))
    ]


def _turn(text: str) -> tuple[str, str, int]:
    """Return the label a line begins with, its time stamp and where its words begin; no label, no turn."""
    match = BOXED.match(text) or TURN.match(text)
    parts = match.groupdict() if match else {}
    boxed = parts.get("boxed") or ""
    is_sound_or_redaction = REMOVED.search(boxed) or (SOUNDS.match(boxed) and len(boxed.split()) <= 2)
    if not match or is_sound_or_redaction:
        return "", "", 0
    label, time = boxed or parts.get("label") or "", parts.get("time") or parts.get("after") or ""
    return label.strip(), time, match.start("words")


def _labels(labels: list[str]) -> set[str]:
    often = {label for label, n in Counter(labels).items() if n > 1 and len(label.split()) <= 5}
    askers = {label for label in labels if INTERVIEWER.fullmatch(label) or NOBODY.fullmatch(label)}
    answering = {label for label in labels if ANYBODY.fullmatch(label) or PSEUDONYM.fullmatch(label)}
    asked = next((index for index, label in enumerate(labels) if label in askers), len(labels))
    return often | askers | {label for label in answering if not field_of(label) or label in labels[asked:]}


def _head(lines: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    head, people = {}, {}
    for line in lines:
        key, mark, value = line.partition("\t") if "\t" in line else line.replace("：", ":", 1).partition(":")
        key, value = key.strip(), value.strip()
        if not (mark and value):
            continue
        if ANYBODY.fullmatch(key) and not field_of(key):
            people[key] = value
        else:
            field = field_of(key) if _fits(field_of(key), value) else ""
            head[key if field == "participant" and key.lower() in ("case", "id") else field or key] = value
    return head, people


def _fits(field: str, value: str) -> bool:
    """Whether a study has a place for a value of a field; one it has none for is kept as an attribute."""
    fitting = {"mode": MODES, "number": r"\d{1,15}"}.get(field, ".*")
    return bool(re.fullmatch(fitting, value)) and (field != "area type" or bool(area_type_of(value)))


def _turns(lines: list[str], found: list[tuple[str, str, int]], labels: set[str]) -> pd.DataFrame:
    turns: list[dict] = []
    ends = accumulate((len(line) + 1 for line in lines), initial=-1)
    for before, line, (label, time, words) in zip(ends, lines, found, strict=False):
        start = before + 1
        if label in labels:
            turns.append({"speaker": label, "role": _role(label), "start": start + words, "time": time})
        if turns:
            turns[-1]["end"] = start + len(line)
    kept = [turn for turn in turns if turn["end"] > turn["start"]]
    columns = ["ordinal", "speaker", "role", "start", "end", "time"]
    return pd.DataFrame([turn | {"ordinal": n} for n, turn in enumerate(kept, 1)], columns=columns)


def _role(label: str) -> str:
    if INTERVIEWER.fullmatch(label):
        return "interviewer"
    return "unknown" if NOBODY.fullmatch(label) else "respondent"


def speakers(transcript: Transcript, name: str) -> dict[str, str]:
    """Return the person behind each respondent's label, as far as the transcript says.

    A label that the head explains is that person; a pseudonym or a name is itself; the only respondent of a
    transcript is the person its file is named after. Others stay unassigned.
    """
    turns = transcript.turns
    labels = list(dict.fromkeys(turns.loc[turns["role"].eq("respondent"), "speaker"]))
    known = {label: transcript.people[label] for label in labels if label in transcript.people}
    known |= {label: label for label in labels if label not in known and not _is_anybody(label)}
    if len(labels) == 1 and not known:
        known[labels[0]] = transcript.head.get("participant") or person_of(name)
    return known


def _is_anybody(label: str) -> bool:
    generic = ANYBODY.fullmatch(label)
    return bool(generic) and not re.fullmatch(r"[A-Za-z]\d{2,}", label)


def person_of(name: str) -> str:
    """Return the pseudonym in a file's name, or the name where it holds none or several."""
    found = PSEUDONYM.findall(re.sub(r"[_\s]", " ", name))
    return found[0] if len(found) == 1 else name


def read_transcript_file(path: Path) -> ImportedFile:
    """Read a transcript as what it brings to a study: its document, interview, people, turns and text."""
    document, name = read_document(path), path.stem
    transcript, records = parted(document.text), Records()
    hashes = {"file_sha256": document.file_sha256, "text_sha256": document.text_sha256}
    records.add("documents", document_id=name, title=path.name, **hashes)
    records.update(spoken_records(transcript, name, name))
    account = _account(transcript, name)
    return imported_file(path.name, records, account, texts={name: document.text})


def spoken_records(transcript: Transcript, document_id: str, name: str, interview: str = "") -> Records:
    """Return the area, interview, people and turns of a transcript, as rows by table; of one without turns the area alone.

    name        the name of its file, without the ending
    interview   the interview's name; without it what the head says, else the name of the file
    """
    head, people, records = transcript.head, speakers(transcript, name), Records()
    interview, area = interview or head.get("interview", name), head.get("area", "")
    group = {"area_id": area, "participant_group": head.get("group", "")}
    if area:
        records.add("areas", area_id=area, name=area, area_type=area_type_of(head.get("area type", "")))
    if len(transcript.turns):
        mode = head.get("mode") or MODE_OF[min(len(people), 3)]
        number = head.get("number", "")
        held = {"document_id": document_id, "mode": mode, "number": number}
        records.add("interviews", interview_id=interview, **held, **group)
        others = [(key, value) for key, value in head.items() if key not in PLACED]
        records.describe("interviews", interview, others)
    for person in dict.fromkeys(people.values()):
        records.add("participants", participant_id=person, **group)
        records.add("attendances", interview_id=interview, participant_id=person)
    for turn in transcript.turns.to_dict("records"):
        records.add("turns", document_id=document_id, participant_id=people.get(turn["speaker"]), **turn)
    return records


PLACED = {"interview", "area", "group", "mode", "number", "participant", "document", "area type"}


def _account(transcript: Transcript, name: str) -> tuple[Line, ...]:
    turns, people = transcript.turns, speakers(transcript, name)
    respondents = turns[turns["role"].ne("interviewer")]
    lost = respondents.loc[~respondents["speaker"].isin(people), "ordinal"].astype("str")
    labels, n_head = set(turns["speaker"]), len(transcript.head) + len(transcript.people)
    marks = MARK.findall(transcript.text)
    redactions = [mark for mark in marks if mark not in labels and not SOUNDS.search(mark)]
    where = f"turns {', '.join(lost[:8])}{' ...' if len(lost) > 8 else ''}" if len(lost) else ""
    no_turns = "" if len(turns) else "no speaker labels found: kept as a document without turns"
    unknown = f"{len(lost)} without a person" if len(lost) else ""
    n_once, lines = len(transcript.once), ", ".join(map(str, transcript.once[:8]))
    once = Line(
        "name before a colon, met once", n_once, 0, ONCE, f"lines {lines} of those with words", n_once
    )
    return (
        all_kept("document", 1, no_turns),
        all_kept("head line", n_head),
        all_kept("turn of an interviewer", int(turns["role"].eq("interviewer").sum())),
        all_kept("turn of a respondent", len(respondents), unknown, where),
        all_kept("redaction mark", len(redactions), "kept in the text"),
        *([once] if n_once else []),
    )
