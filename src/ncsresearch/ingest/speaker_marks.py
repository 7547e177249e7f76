"""Labels that come round and are no speakers: words before a colon in somebody's turn, such as "Home care: nobody came"."""

import re
from collections import Counter
from collections.abc import Sequence

from ncsresearch.ingest.speaker_label import Beginning
from ncsresearch.ingest.speaker_role import ANYBODY, INTERVIEWER, NOBODY, is_role

WITHIN_NAMES = re.compile(
    r"d[aeiou]|d[ao]s|de[lnr]|della|l[ae]|v[ao]n|te[nr]|zu[mr]?|a[fplv]|el|bin|bint|ibn|y|e|i|of|and|und|et|[dlo]['’].*"
)


def within_turns(found: Sequence[Beginning], labels: set[str]) -> set[str]:
    """Return the labels that are words of somebody's turn.

    Where the others are marked by a time, or by a line of their own above the words, they are those that never are;
    elsewhere phrases in small letters that never part two turns of one speaker.
    """
    spoken = [begun for begun in found if begun.label in labels]
    phrases = {label for label in labels if _is_phrase(label)}
    return _never_marked(spoken, phrases) | _never_parting([begun.label for begun in spoken], phrases)


def _never_marked(spoken: list[Beginning], phrases: set[str]) -> set[str]:
    """Return labels that are never marked, where those that are always are; on lines of their own, if met half as often at most."""
    often = Counter(begun.label for begun in spoken)
    above = Counter(begun.label for begun in spoken if begun.start == begun.end)
    marked = above + Counter(begun.label for begun in spoken if begun.time and begun.start < begun.end)
    n_marked, n_named = marked.total(), sum(n for label, n in often.items() if label not in phrases)
    come_round = sum(n > 1 for n in marked.values()) > 1
    always = come_round and 10 * n_marked >= 9 * sum(often[label] for label in marked)
    most = 3 * n_marked if 3 * n_marked > 2 * n_named else above.total() / 2
    never = (label for label, n in often.items() if label not in marked and n <= most)
    return {label for label in never if not _names_role(label)} if always else set()


def _never_parting(spoken: list[str], phrases: set[str]) -> set[str]:
    others = Counter(label for label in spoken if label not in phrases)
    if sum(n > 1 for n in others.values()) < 2:
        return set()
    before, between, parting = "", set(), set()
    for label in spoken:
        if label in phrases:
            between.add(label)
            continue
        parting |= between if before in ("", label) else set()
        before, between = label, set()
    return phrases - parting


def _is_phrase(label: str) -> bool:
    later = [word for word in label.split()[1:] if not WITHIN_NAMES.fullmatch(word)]
    has_small = any(word[0] != word[0].title() for word in later)
    return has_small and not (_names_role(label) or is_role(re.sub("['’]", "", label)))


def _names_role(label: str) -> bool:
    known = any(each.fullmatch(label) for each in (INTERVIEWER, ANYBODY, NOBODY))
    return len(label) > 1 and (known or label[-1].isdigit())
