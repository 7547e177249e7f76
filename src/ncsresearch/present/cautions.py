"""On which themes is a number to be read with caution, since coders agreed little on them?"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from ncsresearch.analysis.reliability import poor_agreement
from ncsresearch.present.outputs import Figure, Finding, Table
from ncsresearch.present.printable import whole_of
from ncsresearch.present.wording import phrase, phrases
from ncsresearch.study import Study


def with_caution(made: Table | Figure | Finding, study: Study) -> Table | Figure | Finding:
    """Return what a chapter shows with a caution where it has a number of a theme on which coders agreed little."""
    if isinstance(made, Finding):
        said = caution(study, made.sentence) if made.numbers else ""
        return replace(made, sentence=f"{made.sentence} {said}") if said else made
    if isinstance(made, Table):
        said = _below(study, made)
        return replace(made, note=" ".join(filter(None, [made.note, said]))) if said else made
    return (
        replace(made, data=with_caution(made.data, study)) if isinstance(made, Figure) and made.data else made
    )


def caution(study: Study, words: str) -> str:
    """Return a sentence that names the themes of some words on which coders agreed little; empty for none."""
    words = words.lower()
    named = (
        name for name in _doubtful(study) if re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", words)
    )
    return _caution(study, named)


def _below(study: Study, table: Table) -> str:
    """Return the caution on a table: on themes that are a cell or a heading of it, where it has a number."""
    read = table.read()
    if not any(read["numbers"]):
        return ""
    cells = {*read["headings"], *(cell for column in read["cells"].values() for cell in column)}
    return _caution(study, (name for name in _doubtful(study) if name in cells))


def _caution(study: Study, names: Iterable[str]) -> str:
    alphas = _doubtful(study)
    themes = phrases("caution", "theme", [{"theme": name, "alpha": alphas[name]} for name in names])
    return phrase("caution", "says", themes=themes) if themes else ""


def _doubtful(study: Study) -> Mapping[str, float]:
    if study.part_of:
        return study.whole.doubtful if study.whole else {}
    return _of_study(study)


@lru_cache(maxsize=4)
def _of_study(study: Study) -> Mapping[str, float]:
    return poor_agreement(whole_of(study))
