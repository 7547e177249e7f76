"""How the line that begins a speaker's turn looks: a label, a time and words, in the order that each tool writes them."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d+)?"
SECONDS = r"\d{1,2}:(?:\d{2}:\d{2}(?:[.,]\d+)?|\d{2}[.,]\d+)"
# of #00:00:04-5#, (00:04 - 00:09) and 00:00:04 - 00:00:09; "09:00 - 09:30 Ward round" is of a timetable
UNTIL = rf"(?:-\d#|\s*(?:[-–—]|-->)\s*(?:{SECONDS}|{CLOCK}[\])]))?"
BEFORE, AFTER = (rf"[\[(#]?(?P<{name}>{CLOCK}){UNTIL}[\])]?" for name in ("before", "after"))
BEHIND = rf"[\[(]?(?P<behind>{CLOCK})[\])]?"
NUMBER = r"(?:• |\d{1,4}(?:\.\d{1,3})*[.)]?\s+(?=[^\W\d_]))?"
NAME = r"(?P<label>[^\W\d_][^:：\t\n\[\]]{0,40}?)"
ROLE = r"\s*(?:\((?!\d{1,2}:\d\d)[^)]{1,60}\))?"
BOLD = r"(?:\*\*|__)?"
COLON = r"(?:[:：](?!\d\d(?:\D|$)|//)|\t)"
WORDS = rf"\s*(?:{BEHIND}(?=\s|$)\s*)?(?P<words>.*)$"
CUE = re.compile(r"^\[(?P<before>\d\d:\d\d:\d\d)\] (?P<label>[^:\t\n]{1,100}): (?P<words>.*)$")
ABOVE = re.compile(
    rf"^{BOLD}{NUMBER}(?:{BEFORE}\s+(?:[-–]\s+)?)?{NAME}{ROLE}(?:\s+(?:[-–|]\s*)?{AFTER})?:?{BOLD}:?(?P<words>)$"
)
BOXED = re.compile(rf"^{NUMBER}(?:{BEFORE}\s*)?[\[【](?P<label>[^\W\d_][^\]】\n]{{0,40}})[\]】][:：]?{WORDS}")
WITH_COLON = re.compile(rf"^{NUMBER}(?:{BEFORE}\s*(?:[-–]\s*)?)?{NAME}{ROLE}\s*(?:{AFTER})?\s*{COLON}{WORDS}")
IN_LINE = re.compile(
    rf"^(?:{NAME}{ROLE}\s+{AFTER}|{BEFORE}\s+(?P<numbered>(?:speaker|participant|respondent|interviewer)\s?\d{{0,2}}))"
    r"\s+(?P<words>\S.*)$",
    re.IGNORECASE,
)
COUNTED = re.compile(r"^(?P<label>\d{1,2}):\s+(?P<words>\S.*)$")  # the people of a group by number
WITHIN = re.compile(
    r" (?:(?<=[.?!…”\"؟] )|(?<=[\u0370-\u03ff\u1f00-\u1fff]; ))(?=(?P<label>[^\W\d_][^:：\n\t.?!…\[\]]{0,40}): \S)"
)
DASHED = re.compile(rf"^{NAME}{ROLE}\s+[–—-]\s+(?P<words>\S.*)$")
ASKS = {"Q", "I", "IV", "INT"}
CHOICE = re.compile(r"B[.)]\s")  # of a form: "A. Yes", "B. No"
DOTTED = re.compile(r"^(?P<label>Q|A|I|R|P|IV|INT)[.)]\s+(?P<words>\S.*)$")
DAY = rf"^\u200e?\[?\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}},?\s+{CLOCK}(?:\s?[ap]\.?\s?m\.?)?\]?(?:\s+[-–])?\s+"
CHAT = re.compile(
    DAY.replace(CLOCK, rf"(?P<before>{CLOCK})") + r"(?P<label>[^:\n]{1,60}): (?P<words>.*)$", re.IGNORECASE
)
SPOKEN = r"(?:(?:spoken )?(?:text|words|dialogue|transcript(?:ion)?|speech|utterances?|content|said|what was said|responses?|answers?|verbatim))"
TITLES = re.compile(
    r"(?:(?:#|no\.?|line|turn|time(?: ?(?:code|stamp))?|start|end|speakers?|name|who(?: speaks)?|person|participant|role)\t)+"
    rf"{SPOKEN}(?:\t.*)?",
    re.IGNORECASE,
)
TALK = r"((focus )?group( discussion)?|recording|interview|discussion|session|meeting|conversation|call|tape)"
UNSAID = re.compile(
    r"transcribed by:? .{1,80}|(this )?(editable )?transcript (was )?((computer|automatically|machine)[ -])?(generated|created|produced)\b.*|"
    r".{1,60} (started|stopped) (the )?(transcription|recording)|(the )?meeting ended\b.{0,40}|"
    r"\W*(end of (the )?(transcript(ion)?|recording|interview|audio|tape)|(the )?(recording|transcript(ion)?|audio) (ends?|ended|stop(s|ped))( here)?)\W*|"
    rf"[(\[]\W*(end of (the )?{TALK}|(the )?{TALK} (ends?|ended|stops?|stopped|finishe[sd]|conclude[sd]))( here)?\W*[)\]]",
    re.IGNORECASE,
)
NO_WORDS = re.compile(
    r"\u200e?(<media omitted>|(image|video|audio|sticker|gif|document|contact card) omitted|(this message was|you) deleted.{0,20})",
    re.IGNORECASE,
)
SOUNDS = re.compile(
    r"laugh|pause|inaudible|cross ?talk|sigh|cough|unclear|overlap|interrupt|silence|\d\d:\d\d|^[.…]+$|agree(s|ment|ing)?$|\bnod|"
    r"applau|murmur|noise|shrug|smil|gestur|whisper|^(cries|crying)|tearful|shakes head|^sic$",
    re.IGNORECASE,
)
REMOVED = re.compile(r"\b(removed|redacted|withheld|deleted|anonymi[sz]ed)\b|^(x{2,}|name)$", re.IGNORECASE)


@dataclass(frozen=True)
class Beginning:
    """What a line begins with: a speaker's label (none: no turn begins here), a time, and where its words start and end."""

    label: str = ""
    time: str = ""
    start: int = 0
    end: int = 0


def beginning(line: str) -> Beginning:
    """Return what a line begins with: "Label: words", "[Label] words", "Label 00:10" alone above its words, or a message of a chat."""
    if is_unsaid(line):
        return Beginning()
    return _begun(
        CHAT.match(line)
        or _timed_above(line)
        or CUE.match(line)
        or _boxed(line)
        or WITH_COLON.match(line)
        or COUNTED.match(line)
    )


def _begun(match: re.Match | None) -> Beginning:
    found = match.groupdict() if match else {}
    time = found.get("before") or found.get("after") or found.get("behind") or ""
    start, end = (match.start("words"), len(match.string)) if match else (0, 0)
    return Beginning(found.get("label", "").strip(), re.sub(r"[.,].*", "", time), start, end)


def is_unsaid(line: str) -> bool:
    """Whether a line is nobody's words: what the tool that wrote a transcript adds, headings of columns, and notices of a chat."""
    if UNSAID.fullmatch(line) or TITLES.fullmatch(line):
        return True
    if not re.match(DAY, line, re.IGNORECASE):
        return False
    message = CHAT.match(line)
    return not message or bool(NO_WORDS.fullmatch(message["words"]))


def second_speakers(begun: Sequence[tuple[str, str]]) -> set[str]:
    """Return who speaks behind the end of a sentence of another's words: who begins some too, or, where one alone does, comes round so in half of them.

    begun  the label and the words of lines; without a label for those that nobody begins
    """
    often = Counter(match["label"] for _, words in begun for match in WITHIN.finditer(words))
    first = Counter(label for label, _ in begun if label)
    again = (label for label, n in often.items() if n > 1 and 2 * n >= first.total() and len(first) == 1)
    return {*first, *again}


def each_apart(words: str, speakers: Collection[str]) -> list[str]:
    """Return words parted where one of these speakers begins."""
    return WITHIN.sub(lambda match: " \n"[match["label"] in speakers], words).split("\n")


def in_line(line: str) -> Beginning:
    """Return what a line begins with that has a label and a time, in this order or the other, before its words, and no colon."""
    match = IN_LINE.match(line)
    if not match:
        return Beginning()
    label = (match["label"] or match["numbered"]).strip()
    return Beginning(label, match["after"] or match["before"], match.start("words"), len(line))


def before_dash(line: str) -> Beginning:
    """Return what a line begins with that has a dash between its label and its words, and no colon."""
    return _begun(DASHED.match(line))


def before_dot(line: str) -> Beginning:
    """Return what a line begins with that has a dot behind a letter for who asks or answers: "Q. How long?"."""
    return _begun(DOTTED.match(line))


def _timed_above(line: str) -> re.Match | None:
    match = ABOVE.match(line)
    return match if match and (match["before"] or match["after"]) else None


def _boxed(line: str) -> re.Match | None:
    """Match "[Label] words", where the brackets hold no sound, no redaction, and no remark that fills its line."""
    match = BOXED.match(line)
    if not match or not (match["words"] or match["behind"]):
        return None
    label = match["label"]
    is_named = line[match.end("label") + 1 :][:1] in tuple(":：")
    is_mark = (REMOVED.search(label) and not is_named) or (SOUNDS.match(label) and len(label.split()) <= 2)
    return None if is_mark else match


def alone(line: str) -> str:
    """Return the label that a line may be, with its words in the lines below it; empty where it is no label."""
    match = ABOVE.match(line)
    named = match and len(match["label"].split()) <= 4 and not re.search(r"[.?!,;…]$", match["label"])
    return match["label"].strip() if named else ""


def begin_turns(lines: list[str]) -> bool:
    """Whether the lines of a paragraph, broken by hand, are turns: a speaker and a time above words, or two beginnings."""
    above_words = len(lines) > 1 and _timed_above(lines[0].strip()) is not None
    return above_words or sum(1 for line in lines if beginning(line.strip()).label) > 1
