"""What a study has decided about quoting people: its quotations.toml."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path

from ncsresearch.ingest.file_format import read_toml
from ncsresearch.schema import StudyError, did_you_mean

FILE = "quotations.toml"
SHAPES = {
    "accepted": "a list of words for each segment_id",
    "named_entity_model": "the name of a model in quotation marks",
}
LISTS = ("names", "places", "organisations", "left_out", "people_left_out")


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
    passage, person = "segment_id of segments.csv", "participant_id of participants.csv"
    known_by = {
        "left_out": (segments, passage),
        "accepted": (segments, passage),
        "people_left_out": (people, person),
    }
    for key, (known, expected) in known_by.items():
        if unknown := [name for name in found.get(key, ()) if name not in known]:
            hint = did_you_mean(unknown[0], known)
            raise StudyError(f"{FILE}: {key}: {unknown[0]!r} is not known, expected a {expected}.{hint}")
    given = {name: tuple(found[name]) if name in LISTS else found[name] for name in found}
    accepted = tuple((name, tuple(words)) for name, words in found.get("accepted", {}).items())
    return QuotationRules(**given | {"accepted": accepted})


def _check_key(name: str, value) -> None:
    known = [one.name for one in fields(QuotationRules)]
    if name not in known:
        hint = did_you_mean(name, known)
        raise StudyError(f"{FILE}: there is no key {name!r}; known: {', '.join(known)}.{hint}")
    if name in LISTS and not _is_list(value):
        raise StudyError(f"{FILE}: {name}: expected a list of words in quotation marks.")
    if name == "accepted" and not (isinstance(value, dict) and all(map(_is_list, value.values()))):
        raise StudyError(f"{FILE}: accepted: expected a list of words for each segment_id.")


def _is_list(value) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)
