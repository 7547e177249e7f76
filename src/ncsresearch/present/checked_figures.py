"""What the checks of published figures found, in words and tables."""

import re

import pandas as pd

from ncsresearch.analysis.consistency import POINTS, check_summary
from ncsresearch.analysis.recompute import AGREES, DIFFERS, NOTE, UNKNOWN
from ncsresearch.present.outputs import Finding, Table
from ncsresearch.present.sentence import day
from ncsresearch.present.table import titles, wide
from ncsresearch.present.wording import phrases, sentence, worded_table
from ncsresearch.study.frames import study_of

DATE = re.compile(r"\b(?:19|20)\d\d-[01]\d(?:-\d\d)?\b")
OF_PERCENT = ("percent", "counts fit", "counts behind a percentage", "base needed", "year of quarters")
ENTRIES = {DIFFERS: "differ", UNKNOWN: "unknown", NOTE: "to_note", AGREES: "agree"}


def say_checked(checked: pd.DataFrame) -> list[Finding]:
    """Say how many published figures agree with what they rest on, and each difference that affects how results may be read."""
    results = {str(name): int(n) for name, n in checked["result"].value_counts().items()}
    major = _as_printed(checked[checked["weight"].eq("major")]).to_dict("records")
    rest = {"noted": results.get(NOTE, 0), "unknown": results.get(UNKNOWN, 0)}
    rest = [words for form, n in rest.items() if n for words in phrases("checked", form, [{"n": n}])]
    said = phrases("checked", "major", major)
    places = {"agree": results.get(AGREES, 0), "differ": results.get(DIFFERS, 0), "rest": rest, "major": said}
    whole = sentence("checked", of={"numbers": results}, n=len(checked), **places)
    return [whole, *(Finding(f"checked_{n}", text) for n, text in enumerate(said, start=1))]


def table_check_summary(checked: pd.DataFrame) -> Table:
    """Checks of each source by result."""
    rows = wide(check_summary(checked), index="document_id", columns="result", values="n_checks")
    rows["document"] = titles(study_of(checked), rows["document_id"].astype("str"))
    return worded_table("checks_by_source", rows)


def table_checked(checked: pd.DataFrame) -> Table:
    """Checks with one of some results, first those that matter most: what was printed and what the rule found."""
    about = ENTRIES[checked.attrs["results"][0]]
    checked = checked.sort_values("weight", key=lambda weights: weights.ne("major"), kind="stable")
    view = _as_printed(checked)
    rows = checked.assign(document=view["document"])
    quarters = checked["rule"].eq("year of quarters").any()
    places = {"about": about, "quarters": quarters, "major": int(checked["weight"].eq("major").sum())}
    return worded_table("checked", rows, name=about, view=view, **places)


def _as_printed(checked: pd.DataFrame) -> pd.DataFrame:
    """Return checks with their document's title, percent signs and dates as a reader writes them."""
    published = checked["published"].str.replace(";", ", ").map(_thousands)
    published += checked["rule"].map(lambda rule: "%" if rule in OF_PERCENT else "")
    places = {"published": published.map(_dated), "recomputed": checked["recomputed"].map(_dated)}
    return checked.assign(document=titles(study_of(checked), checked["document_id"]), **places)


def _thousands(words: str) -> str:
    return f"{int(words):,}" if words.isdecimal() else words


def _dated(words: str) -> str:
    """Return words with each date, or period between two, as a reader writes it."""
    return DATE.sub(
        lambda date: day(date[0]), re.sub(rf"({DATE.pattern})/(?={DATE.pattern})", r"\1 to ", words)
    )


def table_remarks(remarks: pd.DataFrame) -> Table:
    """Remarks that only a reader can make, or how the points were checked."""
    about = remarks.attrs["about"]
    rows = remarks.assign(document=titles(study_of(remarks), remarks["unit_id"]))
    return worded_table("remarks", rows, name=about, about=about, without=["title"] * (about == POINTS))
