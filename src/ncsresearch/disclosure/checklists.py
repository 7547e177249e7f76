"""Which items of a reporting checklist can the study's own data answer, and which must a person write?

Numbers and domains are those of the checklists; what an item asks is told in our own words, in short.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from ncsresearch.disclosure.checklist_answers import ANSWERS
from ncsresearch.schema import StudyError, nearest, one_of
from ncsresearch.study import Study

FILE = "checklist.toml"
YES, IN_PART, TO_WRITE, BY_AUTHOR = "yes", "in part", "a person must write it", "by the author"
COLUMNS = ["item", "domain", "asks", "answered", "answer", "where"]
HEARD, THEMES, TRUST, ABOUT = "01_who_was_heard", "02_themes", "11_trust_in_the_coding", "00_about_the_study"


@dataclass(frozen=True)
class Item:
    """One item: what it asks in our words, what of the data answers it, how far, and the chapter that shows it.

    answers   a name of ANSWERS; empty where no data can answer
    """

    asks: str
    answers: str = ""
    how_far: str = TO_WRITE
    chapter: str = ""


@dataclass(frozen=True)
class Checklist:
    """A published checklist: its source, and its items by domain, numbered through from 1."""

    source: str
    domains: Mapping[str, tuple[Item, ...]]


TEAM = (
    Item("Who held the interviews"),
    Item("Qualifications of the researchers"),
    Item("Their work at the time"),
    Item("Their gender"),
    Item("Their training and practice in research"),
    Item("Whether interviewer and participants knew each other"),
    Item("What participants were told about the interviewer"),
    Item("Interests and leanings of the interviewer"),
)
DESIGN = (
    Item("Approach or theory behind the method"),
    Item("How participants were chosen"),
    Item("How they were approached"),
    Item("How many took part", "sample", YES, HEARD),
    Item("How many declined or left, and why"),
    Item("Where interviews were held", "areas", IN_PART, HEARD),
    Item("Whether anybody else was there"),
    Item("Who the participants are", "people", IN_PART, HEARD),
    Item("Questions or guide used, and whether tried out"),
    Item("Whether anybody was interviewed again", "repeats", IN_PART),
    Item("Whether interviews were recorded", "transcripts", IN_PART),
    Item("Whether field notes were made"),
    Item("How long interviews were"),
    Item("Whether new themes had ceased", "saturation", IN_PART, TRUST),
    Item("Whether participants saw their transcripts"),
)
FINDINGS = (
    Item("How many coded the data", "coders", YES, TRUST),
    Item("The codebook and how it is built", "codebook", YES, ABOUT),
    Item("Whether themes were planned or found in the data"),
    Item("Software used", "software", IN_PART, ABOUT),
    Item("Whether participants commented on the findings"),
    Item("Whether words of participants are shown, and whose", "quotations", IN_PART),
    Item("Whether findings follow from the data", "consistency", YES, THEMES),
    Item("Whether the main themes are plain", "main_themes", YES, THEMES),
    Item("Whether smaller themes and cases that differ are told", "smaller_themes", IN_PART, THEMES),
)
METHODS = (
    Item("Approach, and the view of knowledge behind it"),
    Item("Who the researchers are, and how that may matter"),
    Item("Setting of the study", "areas", IN_PART, HEARD),
    Item("How participants were chosen, and when that ended", "saturation", IN_PART, TRUST),
    Item("Ethical approval, consent and protection of data"),
    Item("How and when data were collected", "modes", IN_PART, HEARD),
    Item("Guides and equipment used", "transcripts", IN_PART),
    Item("How many people, interviews and documents, and what they are like", "people", IN_PART, HEARD),
    Item("How data were prepared for analysis", "preparation", IN_PART, ABOUT),
    Item("How themes were made, and who made them", "coders", IN_PART, TRUST),
    Item("What was done to make the analysis trustworthy", "agreement", IN_PART, TRUST),
)
CHECKLISTS = {
    "COREQ": Checklist(
        "Tong, Sainsbury and Craig 2007, https://doi.org/10.1093/intqhc/mzm042",
        {
            "Research team and reflexivity": TEAM,
            "Study design": DESIGN,
            "Analysis and findings": FINDINGS,
        },
    ),
    "SRQR": Checklist(
        "O'Brien and others 2014, https://doi.org/10.1097/ACM.0000000000000388",
        {
            "Title and abstract": (
                Item("A title that names subject and approach", "title", IN_PART, ABOUT),
                Item("A summary of the study"),
            ),
            "Introduction": (
                Item("The problem, and what is known about it"),
                Item("The purpose or question"),
            ),
            "Methods": METHODS,
            "Results": (
                Item("Main findings, and what is made of them", "main_themes", IN_PART, THEMES),
                Item("Evidence shown for each finding", "consistency", YES, THEMES),
            ),
            "Discussion": (
                Item("What the findings add, and how far they reach"),
                Item("Limitations", "limits", YES, ABOUT),
            ),
            "Other": (
                Item("Conflicts of interest"),
                Item("Who paid, and with what influence"),
            ),
        },
    ),
    "Spencer": Checklist(
        "Spencer, Ritchie, Lewis and Dillon 2003, Quality in Qualitative Evaluation, Cabinet Office",
        {
            "Findings": (
                Item("Can the findings be believed?", "consistency", IN_PART, THEMES),
                Item("What is known now that was not before?"),
                Item("Does the study do what it set out to do?"),
                Item("How far do the findings reach beyond it?", "limits", IN_PART, ABOUT),
                Item("On what ground is anything judged good or poor?"),
            ),
            "Design": (Item("Why this design?"),),
            "Sample": (
                Item("Why these people, places and documents?"),
                Item("Who and what was covered in the end?", "people", IN_PART, HEARD),
            ),
            "Data collection": (Item("How well were data collected?", "modes", IN_PART, HEARD),),
            "Analysis": (
                Item("Is it told how the analysis was done?", "coders", IN_PART, TRUST),
                Item("Is the setting of what was said kept in view?", "areas", IN_PART, HEARD),
                Item("Is the range of views explored?", "smaller_themes", IN_PART, THEMES),
                Item("Is the depth of what was said passed on?", "quotations", IN_PART),
            ),
            "Reporting": (
                Item("Can conclusions be followed back to data?", "consistency", YES, THEMES),
                Item("Is the report plain and in order?"),
            ),
            "Reflexivity and neutrality": (Item("Which assumptions and values shaped the study?"),),
            "Ethics": (Item("What was done about ethics?"),),
            "Auditability": (Item("Could another follow every step?", "record", IN_PART),),
        },
    ),
}


def checklist(
    study: Study, name: str = "COREQ", *, by_author: Mapping[str, Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """A reporting checklist with what the study's own data answer of it.

    name        COREQ, SRQR or Spencer
    by_author   sentences of the author by checklist and item number, as read_checklist_answers reads them

    Returns one row per item, in order, with
        item, domain   its number from 1 and the part it belongs to
        asks           what it asks, in our own words
        answered       yes, in part, a person must write it, or by the author where the author has written
        answer         what the data say, then what the author wrote; empty where somebody must write it
        where          the chapter of the study that shows it; empty where none does

    Counts of people and interviews under the study's threshold, and those that would give one back, are [c].
    What data cannot answer is left open and never made up. Caution: an item answered is an item reported, which
    is not to say that the research was done well.

    Raises StudyError for an unknown checklist, and for an item of by_author that it does not have.
    """
    one_of("checklist", name, list(CHECKLISTS))
    written = checked_answers(by_author or {}).get(name, {})
    domains = CHECKLISTS[name].domains.items()
    items = [(domain, item) for domain, own in domains for item in own]
    rows = [
        [number, domain, item.asks, *_answered(study, item, written.get(str(number), ""))]
        for number, (domain, item) in enumerate(items, 1)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def checklist_counts(
    study: Study, *, by_author: Mapping[str, Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """How many items of each checklist are answered, and by whom.

    Returns one row per checklist, with checklist, n_items and, as they are answered, n_yes, n_in_part,
    n_by_author and n_to_write, which add up to n_items.
    """
    columns = {YES: "n_yes", IN_PART: "n_in_part", BY_AUTHOR: "n_by_author", TO_WRITE: "n_to_write"}
    found = {name: checklist(study, name, by_author=by_author)["answered"] for name in CHECKLISTS}
    counts = pd.DataFrame({name: answered.value_counts() for name, answered in found.items()}).T
    counts = counts.reindex(columns=list(columns)).fillna(0).astype("int64").rename(columns=columns)
    counts.insert(0, "n_items", counts.sum(axis=1))
    return counts.rename_axis(index="checklist", columns=None).reset_index()


def checked_answers(by_author: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """Return an author's answers unchanged; raises StudyError for a checklist, item or answer that cannot be."""
    for name, answers in by_author.items():
        if name not in CHECKLISTS:
            raise _fault(name, f"one of {', '.join(CHECKLISTS)}", nearest(name, CHECKLISTS))
        if not isinstance(answers, Mapping):
            raise _fault(name, f"a table of its own, [{name}]")
        last = n_items(name)
        for number, words in answers.items():
            if number not in map(str, range(1, last + 1)):
                near = str(min(max(1, int(number)), last)) if number.isdecimal() else ""
                raise _fault(f"{name}, {number}", f"an item number from 1 to {last}", near)
            if not isinstance(words, str):
                raise _fault(f"{name}, {number}", "words in quotation marks")
    return by_author


def n_items(name: str) -> int:
    """Return how many items a checklist has."""
    return sum(len(items) for items in CHECKLISTS[name].domains.values())


def _fault(key: str, expected: str, near: str = "") -> StudyError:
    return StudyError(f"{FILE}: {key}: expected {expected}.{near and f' Did you mean {near!r}?'}")


@lru_cache(maxsize=64)
def _told_by_data(study: Study, name: str) -> str:
    """Return one answer; several checklists ask for the same."""
    return ANSWERS[name](study)


def _answered(study: Study, item: Item, written: str) -> tuple[str, str, str]:
    found = _told_by_data(study, item.answers) if item.answers else ""
    answer = " ".join(filter(None, (found, written.strip())))
    where = item.chapter if found and item.chapter in study.settings.chapters else ""
    if written.strip():
        return BY_AUTHOR, answer, where
    return item.how_far if found else TO_WRITE, answer, where
