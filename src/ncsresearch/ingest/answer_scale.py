"""In which order do the answers to a question follow each other? As scales of usual English wording have them; the words are in answer_scales.toml."""

import re
from functools import cache
from pathlib import Path

from ncsresearch.ingest.fields import plain
from ncsresearch.ingest.file_format import read_toml

WORDS = Path(__file__).parent / "answer_scales.toml"
NUMBER = re.compile(
    r"^\W*(?P<side>(?:under|less than|fewer than|up to|below|over|more than|above|at least|aged?|between|about|around)\s+)?\W*"
    r"(?P<number>\d[\d,]*(?:\.\d+)?)(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
OR_MORE = re.compile(r"^\+| or more| and over")
CODE = re.compile(
    r"^\d+\s*[-–.:)=]\s*(?=[^\W\d])|(?<=[^\W\d])\s*[(\[]\d+[)\]]$"
)  # the number of an answer beside its words
BELOW = ("under", "less", "fewer", "up", "below")
DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30.4, "year": 365}


def in_order(answers: list[str]) -> list[str] | None:
    """Return the different answers to a question in the order of their scale; None where no scale has them all.

    Agreement and ratings go from the most positive to the least, numbers up, and how often from never to always; answers
    that are none, such as "don't know", come last.
    """
    last = [answer for answer in answers if plain(answer) in _words()["no_answer"]]
    given = [answer for answer in answers if answer not in last]
    orders = [lambda answer, order=order: order.get(plain(answer)) for order in _words()["orders"]]
    for place in (*orders, _degree, _number):
        told = {answer: answer if place is _number else CODE.sub("", answer) for answer in given}
        places = {answer: place(words) for answer, words in told.items()}
        if len(given) > 1 and None not in places.values() and len(set(places.values())) > 1:
            return sorted(given, key=places.get) + last
    return None


@cache
def _words() -> dict:
    words = read_toml(WORDS)
    found = {name: set(words[name].split("|")) for name in ("no_answer", "middle")}
    found["degrees"] = {
        each: float(n) for n, listed in words["degrees"].items() for each in listed.split("|")
    }
    found["poles"] = {
        each: way for way, name in ((1, "towards"), (-1, "away")) for each in words["poles"][name].split("|")
    }
    found["orders"] = [
        {each: n for n, place in enumerate(order.split(", ")) for each in place.split("|")}
        for order in words["orders"]
    ]
    return found


def _degree(answer: str) -> float | None:
    """Return how far an answer is from the positive end: by its pole ("agree") and its degree ("strongly"), before or behind it."""
    words = plain(answer)
    if words in _words()["middle"] or words.startswith("neither "):
        return 0.0
    poles, degrees = _words()["poles"], _words()["degrees"]
    parts = words.split()
    for n, pole in enumerate(parts):
        degree = degrees.get(" ".join(parts[:n] + parts[n + 1 :]))
        if pole in poles and degree is not None:
            return -poles[pole] * degree
    return None


def _number(answer: str) -> tuple[float, int] | None:
    """Return the first number of an answer, of a length of time in days, and on which side of it the answer lies."""
    match = NUMBER.match(answer)
    if not match:
        return None
    rest, side = match["rest"].lower(), (match["side"] or "").lower().split()
    unit = next((days for name, days in DAYS.items() if re.search(rf"\b{name}s?\b", rest)), 1)
    above = side[:1] in (["over"], ["more"], ["above"]) or bool(OR_MORE.search(rest))
    return number_of(match["number"]) * unit, -1 if side[:1] and side[0] in BELOW else int(above)


def number_of(words: str) -> float:
    """Return a number as it is written: "3,5" with a decimal comma, "1,000" with a comma of thousands."""
    decimal = re.fullmatch(r"\d+,\d{1,2}", words)
    return float(words.replace(",", "." if decimal else ""))
