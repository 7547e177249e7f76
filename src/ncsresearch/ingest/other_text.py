"""Are two texts of one name versions of one document, or two documents? By the words of who answers: questions are those of a guide."""

from functools import lru_cache

from ncsresearch.ingest.relocation import squeezed
from ncsresearch.ingest.speaker_label import beginning
from ncsresearch.ingest.speaker_role import role_of

PIECE = 12  # letters in a row that two texts of different people seldom share


def is_another(old: str, new: str, least: float = 0.1) -> bool:
    """Whether less than the least share of the pieces of the shorter text are in the other."""
    one, other = _pieces(old), _pieces(new)
    return len(one & other) < least * min(len(one), len(other))


@lru_cache(maxsize=4)
def _pieces(text: str) -> frozenset[str]:
    words = squeezed("\n".join(_without_questions(text)))
    return frozenset(words[at : at + PIECE] for at in range(max(len(words) - PIECE, 0) + 1))


def _without_questions(text: str) -> list[str]:
    """Return what each line says, without those that begin with an interviewer's label."""
    begun = [(line, beginning(line)) for line in text.split("\n")]
    return [
        line[each.start :] for line, each in begun if not each.label or role_of(each.label) != "interviewer"
    ]
