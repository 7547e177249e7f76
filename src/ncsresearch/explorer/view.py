"""What the explorer shows of a selection, without the controls that make it."""

from dataclasses import dataclass, replace
from functools import lru_cache

from ncsresearch.evidence.groups import hears_people
from ncsresearch.explorer.passages import passages
from ncsresearch.explorer.people import Counted, count_people
from ncsresearch.explorer.published import count_passages
from ncsresearch.explorer.selection import Selection, line_of, options, under_rules
from ncsresearch.present.cautions import cautioned
from ncsresearch.present.outputs import Figure, Finding, Table
from ncsresearch.present.quotation import Quotations
from ncsresearch.present.wording import page_words
from ncsresearch.schema import one_of
from ncsresearch.study import Study


@dataclass(frozen=True)
class View:
    """What a selection shows: a sentence, a table and a figure where it may be counted, its passages, and its line of code."""

    sentence: Finding
    table: Table | None
    figure: Figure | None
    passages: Quotations
    line: str


def view(
    study: Study, selection: Selection, disclosure: bool | None = None, *, sources_dir: str = ""
) -> View:
    """Return what a selection shows of a study.

    disclosure   whether the disclosure rules are kept; None keeps them in a confidential study. Without them there
                 is no line of code, since a chapter keeps them always.

    Raises StudyError for something asked for that the study does not have.
    """
    rules = under_rules(study, disclosure)
    for name, offered in options(study, rules=rules).items():
        if asked := getattr(selection, name):
            one_of(name.replace("_", " "), asked, list(offered), of=study.name)
    sentence, table, figure = _counted(study, replace(selection, words=""), rules)
    found = passages(study, selection, rules=rules, sources_dir=sources_dir)
    kept = not study.settings.threshold or rules
    line = line_of(selection, sources=bool(sources_dir)) if kept else page_words("explorer", "no_line")
    return View(sentence, table, figure, found, line)


@lru_cache(maxsize=64)
def _counted(study: Study, selection: Selection, rules: bool) -> Counted:
    count = count_people if hears_people(study) else count_passages
    made = count(study, selection, rules=rules)
    said, table, figure = (each and cautioned(each, study, selection.theme) for each in made)
    return said, table and (None if table.says_nothing else table), figure


def selected(
    study: Study,
    *,
    area_type: str = "",
    area: str = "",
    heard_from: str = "",
    client_group: str = "",
    theme: str = "",
    stance: str = "",
    words: str = "",
    sources_dir: str = "",
) -> list[Finding | Table | Figure | Quotations]:
    """Return a selection of the evidence as the explorer shows it: a sentence, a table, a figure and passages.

    The names are those of a selection; in a confidential study the disclosure rules are kept. Where they allow no
    count the sentence says why, and table and figure are left out. Raises StudyError as view does.
    """
    asked = Selection(area_type, area, heard_from, client_group, theme, stance, words)
    shown = view(study, asked, sources_dir=sources_dir)
    made = (shown.sentence, shown.table, shown.figure, shown.passages)
    return [each for each in made if each is not None]
