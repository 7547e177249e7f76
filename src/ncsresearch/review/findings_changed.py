"""Which findings differ between two runs, and how: new, gone, reworded, moved, turned round, withheld or no longer?"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations, groupby, product
from operator import itemgetter

from ncsresearch.disclosure.span_texts import BETWEEN, LARGER, NUMBER
from ncsresearch.disclosure.spans import EVERYBODY, NOBODY
from ncsresearch.present.outputs import INSTEAD, WITHHELD

Finding = Mapping
IN_WORDS = "|".join(sorted({*LARGER, "one", *NOBODY, *EVERYBODY, *BETWEEN, *INSTEAD}, key=len, reverse=True))
ONE = rf"(?:{NUMBER}%?|\[c\]|\b(?:{IN_WORDS})\b)"
QUANTITY = re.compile(rf"{ONE}(?: of {ONE})?", re.IGNORECASE)
# the name of a finding that says its place, which moves with what is before it
NUMBERED = re.compile(r"_\d+$")
ALIKE = 0.6  # share of their words in common from which two paragraphs are one that was edited
OPPOSITES = [
    *(("more", "fewer"), ("larger", "smaller"), ("higher", "lower"), ("above", "below")),
    *(("most", "least"), ("better", "less well"), ("strength", "challenge"), ("rose", "fell")),
]
MOVED, OTHER_EVIDENCE = "moved in number", "with other evidence"
ORDER = (
    *("new", "gone", "reworded", "turned round", MOVED),
    *("now withheld", "no longer withheld", OTHER_EVIDENCE),
)


@dataclass(frozen=True)
class Moved:
    """A number that is another one now: what it counts, what it was and what it is."""

    name: str
    was: object
    now: object


@dataclass(frozen=True)
class Changed:
    """A finding that differs between two runs.

    how       in which ways, of ORDER
    was, now  its entries in the findings.json of both; None where it is new or gone
    moved     its numbers that are others now
    """

    how: tuple[str, ...]
    was: Finding | None
    now: Finding | None
    moved: tuple[Moved, ...] = ()

    @property
    def either(self) -> Finding:
        """The finding as it is now, or as it was."""
        return self.now or self.was


def findings_changed(before: list[Finding], after: list[Finding]) -> list[Changed]:
    """Return every finding that differs, in the order in which a reader meets them; none where two runs say the same."""
    pairs = [pair for was, now in _by_place(before, after) for pair in _paired(was, now)]
    found = (Changed(_how(was, now), was, now, tuple(_moved(was, now))) for was, now in pairs)
    return [each for each in found if each.how]


def _by_place(before: list[Finding], after: list[Finding]) -> Iterator[tuple[list, list]]:
    """Yield the findings of each chapter or area report, as they were and as they are."""
    was, now = (
        {key: [*own] for key, own in groupby(found, itemgetter("chapter", "area_id"))}
        for found in (before, after)
    )
    for key in dict.fromkeys([*now, *was]):
        yield was.get(key, []), now.get(key, [])


def _paired(was: list[Finding], now: list[Finding]) -> list[tuple[Finding | None, Finding | None]]:
    """Return findings of one chapter with what became of each: by their words, their names, their headings, then by likeness."""
    left, right, pairs = [*was], [*now], []
    for key in (
        lambda each: (each.get("heading"), each["sentence"]),
        _name,
        lambda each: each.get("heading"),
    ):
        for one in [one for one in left if key(one)]:
            if other := next((other for other in right if key(other) == key(one)), None):
                pairs.append((one, other))
                left.remove(one)
                right.remove(other)
    while left and right:
        places = product(range(len(left)), range(len(right)))
        alike, (one, other) = max((_alike(left[i], right[j]), (-i, -j)) for i, j in places)
        if alike < ALIKE:
            break
        pairs.append((left.pop(-one), right.pop(-other)))
    pairs += [(None, other) for other in right] + [(one, None) for one in left]
    order = {id(each): place for place, each in enumerate([*now, *was])}
    return sorted(pairs, key=lambda pair: order[id(pair[1] or pair[0])])


def _name(finding: Finding) -> str:
    """Return a name that says what a finding is about; none for one that says its place alone."""
    return "" if NUMBERED.search(finding["name"]) else finding["name"]


def _alike(one: Finding, other: Finding) -> float:
    if bool(one.get("written")) != bool(other.get("written")):
        return 0
    return SequenceMatcher(None, *(unquantified(each["sentence"]).split() for each in (one, other))).ratio()


def unquantified(words: str) -> str:
    """Return words with … for each quantity."""
    return QUANTITY.sub("…", words)


def _said(finding: Finding) -> str:
    return f"{finding.get('heading', '')}\n{finding['sentence']}"


def _how(was: Finding | None, now: Finding | None) -> tuple[str, ...]:
    """Return in which ways a finding differs; none where it says and shows the same."""
    if was is None or now is None:
        return ("new" if was is None else "gone",)
    found = {*_words_differ(was, now), *_numbers_differ(was, now)}
    found |= {OTHER_EVIDENCE} if not found and _opened(was) != _opened(now) else set()
    return tuple(each for each in ORDER if each in found)


def _opened(finding: Finding) -> list:
    """Return what a reader opens beneath a finding; marks of quotations, which each run makes anew, are no part of it."""
    passages = [
        {name: said for name, said in each.items() if name != "mark"}
        for each in finding.get("passages") or ()
    ]
    return [finding.get(name) for name in ("behind", "evidence", "source")] + passages


def _words_differ(was: Finding, now: Finding) -> Iterator[str]:
    words, other = (unquantified(_said(each)) for each in (was, now))
    if words != other:
        yield "turned round" if _reversed(words, other) else "reworded"


def _quantities(was: Finding, now: Finding) -> list[tuple[str, str]]:
    """Return each quantity of the words that is another one, where that is all that differs in them."""
    if unquantified(_said(was)) != unquantified(_said(now)):
        return []
    pairs = zip(*(QUANTITY.findall(_said(each)) for each in (was, now)), strict=True)
    return list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))


def _step(was: str, now: str) -> str:
    """Return how a quantity moved: a number gave way to a word or came back, or is another one."""
    withheld = [each.lower() in (*INSTEAD, WITHHELD) for each in (was, now)]
    steps = {(False, True): "now withheld", (True, False): "no longer withheld"}
    return steps.get(tuple(withheld), MOVED)


def _reversed(words: str, other: str) -> bool:
    """Whether words say the opposite: two things in each other's place, or each word of direction its opposite."""
    one, two = (re.findall(r"\w+", each) for each in (words, other))
    swapped = one != two and sorted(one) == sorted(two)
    return swapped or any(_swapped(words, *pair) == other for pair in OPPOSITES)


def _swapped(words: str, one: str, other: str) -> str:
    each = {one: other, other: one}
    return re.sub(rf"\b({one}|{other})\b", lambda found: each[found[1]], words)


def _numbers_differ(was: Finding, now: Finding) -> Iterator[str]:
    for moved in _moved(was, now):
        yield _step(*(WITHHELD if value is None else str(value) for value in (moved.was, moved.now)))
    if _turned(was["numbers"], now["numbers"]):
        yield "turned round"


def _moved(was: Finding | None, now: Finding | None) -> list[Moved]:
    """Return the numbers that are others, by name; and of the words the quantities that were or are withheld, or that have no name."""
    if not was or not now:
        return []
    names = [name for name in was["numbers"] if name in now["numbers"]]
    named = [Moved(name.replace("_", " "), was["numbers"][name], now["numbers"][name]) for name in names]
    named = [moved for moved in named if moved.was != moved.now]
    told = (pair for pair in _quantities(was, now) if not named or _step(*pair) != MOVED)
    return [*named, *(Moved("", *pair) for pair in told)]


def _turned(was: Mapping, now: Mapping) -> bool:
    """Whether of two shares that are compared the other one is the larger now."""
    shares = [_shares(numbers) for numbers in (was, now)]
    compared = combinations([name for name in shares[0] if name in shares[1]], 2)
    return any(
        (shares[0][one] - shares[0][other]) * (shares[1][one] - shares[1][other]) < 0
        for one, other in compared
        if _compared(one, other)
    )


def _shares(numbers: Mapping) -> dict[str, float]:
    """Return the share of each quantity that has its base beside it."""
    of = {name: numbers.get(f"{name}, of") for name in numbers}
    return {name: numbers[name] / base for name, base in of.items() if base}


def _compared(one: str, other: str) -> bool:
    """Whether two quantities count the same but for the group, or but for the stance."""
    parts, others = one.split(", "), other.split(", ")
    return parts[0] == others[0] and len({*parts} ^ {*others}) == 2


def kinds_of_change(changed: Iterable[Changed]) -> dict[str, int]:
    """Return how many findings changed in each way, by the first of its ways, in their order."""
    counted = Counter(each.how[0] for each in changed)
    return {kind: counted[kind] for kind in ORDER if counted[kind]}
