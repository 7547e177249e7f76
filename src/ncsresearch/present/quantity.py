"""How many, in words: by a written rule, on a base that bears a word, and never giving a withheld count away."""

from ncsresearch.disclosure.plan import SCALE, WORDS, word
from ncsresearch.present.table import SMALLEST_BASE
from ncsresearch.study import Settings


def quantity(n: int, base: int, people: str, settings: Settings, *, instead: str | None = None) -> str:
    """Return how many of a base of people, as the study words quantities.

    people   whom the base is made of, in the plural: people in rural areas
    instead  the word in place of a number that is withheld, empty where it has none; None for a number that is told

    With counts: 36 of 47 people. With words: a few under 15%, some under 40%, about half under 60%, most under
    90%, almost all; all and none as they are, a base under 20 in counts whatever the study wants. In a confidential study
    some, about half and most alone, which mean the same for a number that is withheld.
    """
    if instead is not None:
        return f"{instead} of the {people}" if instead else f"a number of the {people} (withheld)"
    if n == 0:
        return f"none of the {base} {people}" if base else f"no {people}"
    if settings.quantity_words == "none" or base < SMALLEST_BASE:
        return f"{n} of {base} {people}"
    told = word(n, base, WORDS if settings.threshold else SCALE)
    words = f"{told} of the {people}"
    return words if settings.quantity_words == "words" else f"{words} ({n} of {base})"
