"""What the sentences of all chapters share: lists, counts, capitals and dates."""

from collections.abc import Iterable
from datetime import datetime

NINE = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def listed(names: Iterable, last: str = "and") -> str:
    """Return names as a reader lists them: a, b and c; with semicolons where more than two have an "and" of their own, or any a comma."""
    *first, end = [str(name) for name in names] or ["none"]
    every = " / ".join([*first, end])
    comma, joined = ", " in every, f" {last} " in every
    between = "; " if comma or (joined and len(first) > 1) else ", "
    before = between if comma or joined else " "
    return f"{between.join(first)}{before}{last} {end}" if first else end


def lower_first(name: str) -> str:
    """Return a name as it stands inside a sentence: its first letter small, abbreviations left alone."""
    return name[:1].lower() + name[1:]


def counted(n: int, one: str, many: str = "") -> str:
    """Return a number with its noun: 1 passage, 2 passages."""
    return f"{n:,} {one if n == 1 else many or f'{one}s'}"


def spelled(n: int) -> str:
    """Return a number from one to nine as a word, any other in figures."""
    return NINE[n - 1] if 0 < n < 10 else f"{n:,}"


def capital(words: str) -> str:
    """Return a sentence with its first letter a capital."""
    return words[:1].upper() + words[1:]


def day(date: str) -> str:
    """Return a date such as 2019-11-01 as 1 November 2019, and a month such as 2019-10 as October 2019."""
    written = datetime.strptime(f"{date}-01"[:10], "%Y-%m-%d")
    return f"{written:%B %Y}" if len(date) < 10 else f"{written.day} {written:%B %Y}"
