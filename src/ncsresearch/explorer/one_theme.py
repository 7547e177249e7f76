"""How many of some people described one theme so, and how many as the opposite: the sentence, in the study's words for quantities."""

from ncsresearch.disclosure.plan import SCALE, WORDS, word
from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.present.outputs import Finding
from ncsresearch.present.people_behind import Behind, Told, bases_told
from ncsresearch.present.people_heard import people_sentence
from ncsresearch.present.sentence import lower_first
from ncsresearch.present.table import SMALLEST_BASE
from ncsresearch.present.wording import phrase
from ncsresearch.study import Settings


def say_behind(behind: Behind, people: str) -> Finding:
    """Say how many people described a theme so, and how many as the opposite, in the study's words for quantities.

    people   whom the sentence is about, as it calls them, in the plural
    """
    n, other, base, settings = behind.n, behind.n_against, behind.base, behind.study.settings
    told = "a number (withheld)" if other is None else other
    against = phrase("said", "against", n=told, opposite=behind.opposite) if other != 0 else ""
    known = n if isinstance(n, int) else 0
    many = quantity(known, base, people, settings, instead=None if isinstance(n, int) else n or "")
    places = {"many": many, "theme": behind.theme, "people": people, "base": base, "n": n, "against": against}
    described = phrase("ways", behind.stance or "raised", theme=lower_first(behind.theme))
    places |= {"stance": behind.stance, "opposite": behind.opposite, "described": described}
    numbers, form = _numbers(behind, n, other), _form(base, n, other)
    return people_sentence("said", behind.study, numbers, form=form, **places)


def _form(base: int, n: Told, other: Told) -> str:
    """Return the form of the sentence on n people of a base and on others who said the opposite."""
    if not base:
        return "nobody"
    if n == other == 0:
        return "none"
    return "one" if n == 1 else "even" if isinstance(n, int) and n == other else "says"


def _numbers(behind: Behind, n: Told, other: Told) -> dict:
    """Return the numbers of a finding; those that may not be printed are left out."""
    numbers = {
        "people": n,
        "described as the opposite": other if behind.opposite else None,
        "of": _base_told(behind),
    }
    return {name: n for name, n in numbers.items() if isinstance(n, int)}


def _base_told(behind: Behind) -> int | None:
    """Return how many people it is about, heard on anything, where that may be printed."""
    threshold, told = behind.study.settings.threshold, bases_told(behind.study, behind.by)
    few = below_threshold(behind.base, threshold)
    return None if few or (threshold and behind.group not in told) else behind.base


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
