"""What is said at the head of a transcript: its fields, who asks, and who is behind a label."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import pandas as pd

from ncsresearch.ingest.fields import NOT_KNOWN, area_type_of, field_of, given_fields, plain
from ncsresearch.ingest.speaker_label import TITLES, Beginning, is_unsaid
from ncsresearch.ingest.speaker_role import ANYBODY, INTERVIEWER, NOBODY, ROLE, is_role

PSEUDONYM = re.compile(r"(?<![A-Za-z0-9])(?!int\d)[A-Za-z]{1,4}-?\d{1,4}(?![A-Za-z0-9])", re.IGNORECASE)
MODES = "one-to-one|paired|group"
CLOCK_IN_KEY = re.compile(r"[^:]*\d:\d\d")
HEAD_FIELDS = {"interview", "area", "group", "mode", "number", "document", "area type"}
PERSON = "interview with, name of (?:the )?(?:participant|interviewee|respondent), (?:participant|interviewee|respondent) name"
NAMES_PERSON = re.compile(PERSON.replace(", ", "|"))
ASKED_BY = re.compile(
    r"(?:\w+ )?(?:interviewed|facilitated|moderated|conducted|led) by|names? of (?:the )?(.+)"
)
NUMBERED = re.compile(r"(?:interview|transcript)(?: (?:number|num|no|nr))? (\d{1,15})")
COUNTED = re.compile(r"(?:interview|transcript) (?:number|num|no|nr)")
BETWEEN_NAMES = re.compile(r"\s*[,;/&]\s*(?![^(\[]*[)\]])|\s+and\s+|\n")
BETWEEN_FORMS = re.compile(r"\s*[()\[\]=:,]\s*|\s+[-–—]\s+")
BEHIND_NAME = re.compile(r"\s*[,;(\[]\s*|\s+[-–—]\s+")
SENTENCES = re.compile(r"(?<=[.;|])\s+(?=[^\W\d_][\w' ]{1,30}[:：]\s)")
ENDED = re.compile(r"[?!…？！。؟۔।\u037e]|\w{4,}\.\s|[.:;][\"'”’)\]]*$")
LONGEST_VALUE = 400  # letters of a key's value
SHORT = re.compile(r"(.+?)\s*\((\w{1,4})\)")
NO_NAME = re.compile(rf"(?i:(an?|the) .*|({ROLE}|(.* )?anonymous)( \d+)?)|[a-z]\D*")
TITLE = re.compile(r"^(dr|prof|professor|mrs?|ms|miss)\.?\s+(?=\w+\s)", re.IGNORECASE)
SAID_FIRST = re.compile(
    r"(hello|hi|hiya|hey|good|morning|afternoon|welcome|thanks?|ok(ay)?|yes|yeah|aye|no|right|so|well|sure|oh|mm+|um|er)\b",
    re.IGNORECASE,
)
PRESENT = re.compile(
    "(?:(?:people|those|also) )?(?:present|attending|in attendance)|attendees|(?:group )?members|speakers"
)
SPEAKER, ELSEWHERE = "speaker", "asks elsewhere"  # what is known of a label by other files
OF_LABELS = ("=interviewer", f"={SPEAKER}", f"={ELSEWHERE}")
LONGEST_NAME, LONGEST_LABEL = 8, 4  # in words, and of initials in letters


@dataclass(frozen=True)
class Head:
    """The head of a transcript.

    fields   what it says, by field (interview, area, group, mode, ...) or else by the key that it is said under
    keys     under which key each field is said
    people   who is behind a label, such as "Respondent 1"
    n_lines  how many lines say something
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    n_lines: int = 0

    def askers(self, labels: Collection[str]) -> set[str]:
        """Return the labels of those whom the head names as asking: by name, by a part of it, or by initials."""
        told = [
            (_names_asker(key), name)
            for key, value in self.fields.items()
            for name in BETWEEN_NAMES.split(value)
        ]
        named = [name for asks, name in told if asks or any(map(_is_asker, BETWEEN_FORMS.split(name)))]
        if len(named) <= sum(bool(INTERVIEWER.fullmatch(label)) for label in labels):
            return set()
        others = {name_and_words(value)[0] for value in self.people.values()} | {self.person(labels)}
        return {label for label in labels if label not in others and any(is_called(label, n) for n in named)}

    def names(self) -> set[str]:
        """Return the names of those who speak or ask, as the head says."""
        told = [value for key, value in self.fields.items() if key == "participant" or _names_people(key)]
        listed = [name for value in [*told, *self.people.values()] for name in BETWEEN_NAMES.split(value)]
        return {BEHIND_NAME.split(name)[0] for name in listed}

    def person(self, labels: Collection[str]) -> str:
        """Return the person whom the head names, as a label of the turns has the name; an empty string for nobody, or a role alone."""
        name = name_and_words(self.fields.get("participant", ""), labels)[0]
        is_label = name in labels and not is_role(name)
        return name if is_label or not (NO_NAME.fullmatch(name) or plain(name) in NOT_KNOWN) else ""

    def described(self, labels: Collection[str]) -> dict[str, tuple[str, str]]:
        """Return what the head says of people behind their names, with the key that it is said under."""
        told = [(self.keys.get("participant", ""), self.fields.get("participant", "")), *self.people.items()]
        parted = [(key, *name_and_words(value, labels)) for key, value in told]
        return {name: (key, words) for key, name, words in parted if words}


def name_and_words(value: str, labels: Collection[str] = ()) -> tuple[str, str]:
    """Return a person, by a label where the value begins with one, and what is said of them: P3, and "adviser, 40s"."""
    begun = (each for each in labels if len(each) > 1 and re.match(rf"{re.escape(each)}(?!\w)", value))
    name, *rest = BEHIND_NAME.split(value, maxsplit=1)
    name = max(begun, key=len, default=name)
    surname_first = rest and rest[0].istitle() and name not in labels
    return (value, "") if surname_first else (name, "".join(rest).rstrip(")]"))


def read_head(lines: Sequence[str], given: Mapping[str, str] | None = None) -> Head:
    """Return what the lines above the first turn, and above its table's headings, say; given has fields by key."""
    fields, keys, people, n_lines = {}, {}, {}, 0
    for line in takewhile(lambda line: not TITLES.fullmatch(line), lines):
        pairs = list(_pairs(line))
        n_lines += bool(pairs)
        for key, value in pairs:
            meant = _meant(key, value, given)
            if ANYBODY.fullmatch(key) and not meant and key not in (given or {}):
                people[key] = value
                continue
            if numbered := NUMBERED.fullmatch(plain(key)):
                fields.setdefault("number", numbered[1])
            if meant != "leave out":
                again = key in fields and not meant
                fields[meant or key] = f"{fields[key]}; {value}" if again else value
                keys[meant or key] = key
    return Head(fields, keys, people, n_lines)


def keys_of(lines: Sequence[str]) -> set[str]:
    """Return the keys under which lines may say something, which --map may explain."""
    return {key for line in lines for key, _ in _pairs(line)}


def _pairs(line: str) -> Iterator[tuple[str, str]]:
    """Yield key and value of a line; of several sentences such as "By telephone. Area: North. Interviewer: Jo." those of each."""
    if CLOCK_IN_KEY.match(line) or is_unsaid(line):
        return
    sentences = [line] if "\t" in line else SENTENCES.split(line)
    pairs = [pair for pair in map(_pair, sentences) if pair]
    known = [pair for pair in pairs if _is_known(pair)]
    if len(sentences) > 1 and (known or not _pair(sentences[0])):
        yield from ((key, value.rstrip(".;| ")) for key, value in (pairs if len(pairs) > 1 else known))
    else:
        yield from filter(None, [_pair(line)])


def _pair(line: str) -> tuple[str, str] | None:
    key, _, value = line.partition("\t") if "\t" in line else line.replace("：", ":", 1).partition(":")
    key, value = key.strip().rstrip(":：").strip(), value.strip()
    if (short := SHORT.fullmatch(key)) and (_names_asker(short[1]) or ANYBODY.fullmatch(short[1])):
        of_asker = _names_asker(short[1])  # "Interviewer (JB): Jo Bell", "Respondent (R): Sam"
        key, value = (short[1], f"{value} ({short[2]})") if of_asker else (_answering(*short.groups()), value)
    return (key, value) if key and value and "\t" not in value else None


def _answering(role: str, label: str) -> str:
    return label if ANYBODY.fullmatch(label) else role


def _is_known(pair: tuple[str, str]) -> bool:
    key, value = pair
    return bool(_meant(key, value) or _names_asker(key) or ANYBODY.fullmatch(key))


def _meant(key: str, value: str, given: Mapping[str, str] | None = None) -> str:
    """Return the field that a key of a head means; none where a study has no place for the value, which is kept as an attribute."""
    if key in (given or {}):
        return given[key] if _fits(given[key], value) and given[key] != "attribute" else ""
    name = plain(key)
    meant = "participant" if NAMES_PERSON.fullmatch(name) else field_of(key)
    if meant == "interview" and COUNTED.fullmatch(name) and value.isdigit():
        meant = "number"
    is_case = meant == "participant" and name in ("case", "id")
    return meant if not is_case and _fits(meant, value) else ""


def _fits(meant: str, value: str) -> bool:
    """Whether a study has a place for a value of a field."""
    fitting = {"mode": MODES, "number": r"\d{1,15}"}.get(meant, ".*")
    return bool(re.fullmatch(fitting, value)) and (meant != "area type" or bool(area_type_of(value)))


def _is_asker(form: str) -> bool:
    return len(form) > LONGEST_LABEL and bool(INTERVIEWER.fullmatch(form))


def _names_asker(key: str) -> bool:
    """Whether a key of a head names who asks: Interviewer, Facilitators, Interviewed by, Name of interviewer."""
    by = ASKED_BY.fullmatch(plain(key))
    named = by[1] if by and by[1] else re.sub(r"\(s\)$|s$", "", key)
    return bool(by and not by[1]) or bool(INTERVIEWER.fullmatch(named))


def _names_people(key: str) -> bool:
    """Whether a key of a head names several who speak, or who asks."""
    name = plain(key)
    return bool(_names_asker(key) or PRESENT.fullmatch(name) or ANYBODY.fullmatch(name.removesuffix("s")))


def askers_in(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield the names of those who ask in interviews, as their turns and the heads of transcripts have them; no labels such as PH."""
    named = []
    if "turns" in tables:
        named += [*tables["turns"].loc[tables["turns"]["role"].eq("interviewer"), "speaker"].unique()]
    if "attributes" in tables:
        told = tables["attributes"].query("owner == 'interviews'")[["name", "value"]].drop_duplicates()
        said = [value for key, value in told.itertuples(index=False, name=None) if _names_asker(key)]
        named += [BEHIND_NAME.split(name)[0] for value in said for name in BETWEEN_NAMES.split(value)]
    yield from (name for name in named if " " in name and not INTERVIEWER.fullmatch(name))


def is_called(label: str, name: str) -> bool:
    """Whether a label is that of somebody named "Dr Jean Ross (JR)": a part of the name at either end, or initials."""
    label, forms = label.casefold(), [TITLE.sub("", form) for form in BETWEEN_FORMS.split(name) if form]
    ends = any(
        f"{form} ".casefold().startswith(f"{label} ") or f" {form}".casefold().endswith(f" {label}")
        for form in forms
    )
    return ends or label.replace(".", "") in {initials(form).casefold() for form in forms}


def initials(name: str) -> str:
    """Return the first letters of the words of a name that has two at least."""
    words = re.findall(r"[^\W\d_][\w'’.]*", name)
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def length_of_head(found: Sequence[Beginning], lines: Sequence[str]) -> int:
    """How many lines the head has: up to its last field or name, before a label comes round or a question ends.

    Without this "Interviewer: AB", "Participant: Ana" and "Respondent 1: S03" above the fields would be turns.
    """
    seen, length, is_spoken = set(), 0, False
    for index, (begun, line) in enumerate(zip(found, lines, strict=True)):
        value, is_role = line[begun.start :].strip(), _is_role(begun.label)
        later = list(zip(found[index + 1 :], lines[index + 1 :], strict=True)) if is_role else []
        names = is_role and not is_spoken and _names_somebody(begun.label, value, later)
        if (begun.label in seen and not names) or line.endswith("?"):
            break
        seen |= {begun.label} - {""}
        names_person = ANYBODY.fullmatch(begun.label) and PSEUDONYM.fullmatch(value)
        is_said = _is_sentence(value)
        asks = _names_asker(begun.label) and not is_said
        names_asker = asks and any(is_called(other.label, value) for other, _ in later if other.label)
        if field_of(begun.label) in HEAD_FIELDS or names_person or names_asker or names:
            length = index + 1
        is_spoken |= is_role and is_said
    return length


def _names_somebody(label: str, value: str, later: Sequence[tuple[Beginning, str]]) -> bool:
    """Whether "Interviewer: Jo Bell" names who asks, and is not said: a name without the full stop that other turns end with."""
    if _is_sentence(value) or not _is_name(label, value):
        return False
    said = [(begun.label == label, line) for begun, line in later if begun.label and begun.start < len(line)]
    said = [line for own, line in said if own] or [line for _, line in said]
    return bool(said) and 2 * sum(bool(ENDED.search(line)) for line in said) > len(said)


def _is_sentence(value: str) -> bool:
    """Whether what follows a label is said, and no value of a head: it is long, ends as a sentence does, or begins as an answer does."""
    return bool(len(value) > LONGEST_VALUE or ENDED.search(value) or SAID_FIRST.match(value))


def _is_role(label: str) -> bool:
    return bool(_names_asker(label) or ANYBODY.fullmatch(label) or NOBODY.fullmatch(label))


def _is_name(label: str, value: str) -> bool:
    """Whether a value is a name, or describes a participant in words between commas."""
    name, *rest = BEHIND_NAME.split(value)
    is_short = 0 < len(value.split()) <= LONGEST_NAME
    in_capitals = bool(name) and not any(word[0].islower() for word in name.split() if len(word) > 3)
    return is_short and (in_capitals or (bool(rest) and len(label) > 3 and not _names_asker(label)))


def given_of(maps: Sequence[str], lines: Sequence[str]) -> dict[str, str]:
    """Return what --map says of the keys of a head."""
    return given_fields([pair for pair in maps if not pair.endswith(OF_LABELS)], [*keys_of(lines)])
