"""What a study has decided about quoting people: its quotations.toml."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ncsresearch.ingest.file_format import read_toml
from ncsresearch.schema import StudyError, did_you_mean

FILE = "quotations.toml"
WORDS = "a list of words in quotation marks"
SHAPES = dict.fromkeys(("names", "places", "organisations", "left_out", "people_left_out"), WORDS)
SHAPES["accepted"] = "a list of words for each segment_id"


@dataclass(frozen=True)
class QuotationRules:
    """Words that identify, passages and people never to be quoted, and words a person has accepted.

    names, places, organisations   words taken out of every quotation
    left_out, people_left_out      passages and people that are never quoted
    accepted                       segment_ids, each with the words that may stand in the quotation
    """

    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    people_left_out: tuple[str, ...] = ()
    accepted: tuple[tuple[str, tuple[str, ...]], ...] = ()


def read_quotation_rules(
    folder: str | Path, *, segments: Collection[str], people: Collection[str]
) -> QuotationRules:
    """Read quotations.toml of a study folder; a study without one takes out what is found and accepts nothing.

    Raises StudyError for a broken file, an unknown key, a value of another kind, and a passage or person that
    the study does not have.
    """
    path = Path(folder) / FILE
    if not path.is_file():
        return QuotationRules()
    found = read_toml(path)
    for name, value in found.items():
        _check_key(name, value)
    passage = segments, "segment_id of segments.csv"
    person = people, "participant_id of participants.csv"
    kinds = {"left_out": passage, "accepted": passage, "people_left_out": person}
    for key, (known, expected) in kinds.items():
        if unknown := [name for name in found.get(key, ()) if name not in known]:
            hint = did_you_mean(unknown[0], known)
            raise StudyError(f"{FILE}: {key}: {unknown[0]!r} is not known, expected a {expected}.{hint}")
    accepted = tuple((name, tuple(words)) for name, words in found.pop("accepted", {}).items())
    return QuotationRules(**{name: tuple(words) for name, words in found.items()}, accepted=accepted)


def _check_key(name: str, value) -> None:
    if name not in SHAPES:
        hint = did_you_mean(name, SHAPES)
        raise StudyError(f"{FILE}: there is no key {name!r}; known: {', '.join(SHAPES)}.{hint}")
    of_each = name == "accepted"
    lists = value.values() if of_each and isinstance(value, dict) else [None if of_each else value]
    if not all(
        isinstance(words, list) and all(isinstance(each, str) and each.strip() for each in words)
        for words in lists
    ):
        raise StudyError(f"{FILE}: {name}: expected {SHAPES[name]}.")
