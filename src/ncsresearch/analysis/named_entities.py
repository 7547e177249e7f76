"""What a named-entity model takes for a name, place, organisation or date, where a study asks for one."""

from functools import cache

from ncsresearch.schema import StudyError

IDENTIFIERS = {
    "PERSON": "name",
    "PER": "name",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "ORG": "organisation",
}


def named_entities(words: str, *, model: str) -> list[tuple[int, int, str]]:
    """Return first character, one past the last, and kind of what the model finds; nothing without a model."""
    if not model:
        return []
    found = _model(model)(words).ents
    return [
        (one.start_char, one.end_char, IDENTIFIERS[one.label_]) for one in found if one.label_ in IDENTIFIERS
    ]


@cache
def _model(name: str):
    """Load a model that is installed on this machine; nothing is ever fetched."""
    try:
        import spacy

        return spacy.load(name)
    except (ImportError, OSError):
        raise StudyError(
            f"quotations.toml: named_entity_model: {name!r} is not installed here, expected an installed spaCy "
            "model or no such line."
        ) from None
