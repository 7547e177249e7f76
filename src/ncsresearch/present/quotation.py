"""Quotations as they may be printed: the words, who said them and a mark, below what they are about, never an area."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import pandas as pd

from ncsresearch.analysis.quotation_choice import OF_EACH_THEME, THEMES, passage_choice, sides
from ncsresearch.analysis.sources import of_group
from ncsresearch.evidence.groups import hears_people, n_in_groups
from ncsresearch.ingest.spoken_words import read_words
from ncsresearch.present.outputs import QUOTATIONS
from ncsresearch.present.printable import cited_passages, known_to_have_told, printable_passages
from ncsresearch.present.table import titles
from ncsresearch.present.wording import phrase
from ncsresearch.study import Study

AROUND = 9  # words shown before and after what was searched
COLUMNS = ["under", "words", "said_by", "mark"]


@dataclass(frozen=True)
class Quotations:
    """Passages with their words, in the order they are shown.

    rows     under (the theme or heading that each is under), words, said_by and mark, a short name that tells nothing
    heading  what is shown, and how it may be read
    rule     how they were chosen; without one neither heading nor rule is shown above them
    plain    what is shown for them where only text is
    apart    whether each names what it is under and its mark, for a researcher, and not a heading above several
    quoted   whether the words are somebody's own, and not a reader's
    found    words that were searched, and are marked with what stands around them
    """

    rows: pd.DataFrame
    heading: str
    rule: str = ""
    plain: str = ""
    apart: bool = False
    quoted: bool = True
    found: str = ""

    def __str__(self) -> str:
        return self.plain or f"{self.heading}. {self.rule}"

    def to_html(self) -> str:
        """The passages below heading and rule, in their order."""
        told = f'<h3>{escape(self.heading)}</h3><p class="base">{escape(self.rule)}</p>' if self.rule else ""
        parts = [("", self.rows)] if self.apart else self.rows.groupby("under", sort=False)
        return f"<section>{told}{''.join(self._part(*part) for part in parts)}</section>"

    def _part(self, under: str, rows: pd.DataFrame) -> str:
        heading = f"<h4>{escape(under)}</h4>" if under else ""
        return heading + "".join(self._quoted(row) for row in rows.itertuples())

    def _quoted(self, row) -> str:
        by = escape(f"{row.under}; {row.said_by}" if self.apart else row.said_by)
        by += f" <small>({escape(row.mark)})</small>" if self.apart else ""
        opening, closing = ("“", "”") if self.quoted else ("", "")
        words = in_context(row.words, self.found) if self.found else [(row.words, "", "")]
        said = "".join(f"<p>{opening}{_marked(*each)}{closing}</p>" for each in words)
        return f"<blockquote>{said}<footer>{by}</footer></blockquote>"

    def _repr_mimebundle_(self, **_) -> dict:
        shown = {"text/plain": str(self), "text/html": self.to_html()}
        if self.rows.empty or not self.quoted:
            return shown
        kept = self.rows[COLUMNS].to_dict("records")
        return shown | {QUOTATIONS: {"heading": self.heading, "rule": self.rule, "quotations": kept}}


def _marked(*said: str) -> str:
    """Return words before, of and after what was found in HTML, the second of them marked."""
    before, found, after = (escape(words).replace("\n", "<br>") for words in said)
    return f"{before}<mark>{found}</mark>{after}" if found else before + after


def in_context(words: str, searched: str) -> Iterator[tuple[str, str, str]]:
    """Yield each place where the words searched stand: what is before it, what was found, and what is after it."""
    for match in pattern(searched).finditer(words):
        before, after = words[: match.start()], words[match.end() :]
        first, last = re.split(r"(?<=\s)(?=\S)", before), re.split(r"(?<=\S)(?=\s)", after)
        cut = "… " * (len(first) > AROUND), " …" * (len(last) > AROUND)
        yield cut[0] + "".join(first[-AROUND:]), match[0], "".join(last[:AROUND]) + cut[1]


def pattern(searched: str) -> re.Pattern:
    """Return the pattern of words that are searched, each from its beginning."""
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, searched.split())) + r"\w*", re.IGNORECASE)


def say_quotations(quotations: pd.DataFrame) -> Quotations | None:
    """Return the words of published quotations by section, where they were read from their sources."""
    if "text" not in quotations or (quotations := quotations.dropna(subset="text")).empty:
        return None
    who = quotations["participant_group"] + ", interview " + quotations["number"].astype("str")
    names = {"section": "under", "text": "words", "segment_id": "mark"}
    rows = quotations[list(names)].rename(columns=names).assign(said_by=who)
    return Quotations(rows, "Quotations", plain=f"{len(rows)} quotations.")


def interview_quotations(study: Study, *, heard_from: str = "") -> Quotations | None:
    """Return at most two quotations that no finding shows, a strength and a challenge, under each of the themes most raised.

    heard_from   the participant group that the section is about, where it is not about everybody in the chapter

    For a selection of areas of a confidential study none is shown: it would show where one of a few people was heard. Where
    nobody was heard, passages of documents whose words a public study holds.
    """
    if not hears_people(study):
        return None if heard_from else _of_documents(study)
    unknown = heard_from and heard_from not in n_in_groups(study, by="participant_group")
    if unknown or study.codings.empty:
        return None
    part, settings, cited = of_group(study, heard_from), study.settings, cited_passages(study)
    rows = printable_passages(part, study, heard_from=heard_from).query("segment_id not in @cited")
    if len(rows):
        rows = _most_raised(rows, part, known_to_have_told(study, heard_from=heard_from))
    rows = rows.iloc[:0] if study.slice and study.slice.by.startswith("area") else rows
    heading = phrase("quoted", "heading", status=settings.status)
    if rows.empty:
        return None
    limits = {"times": settings.quotations_per_person, "threshold": settings.threshold, "cited": cited}
    told = ("quoted", "rule") if len(sides(study)) > 1 else ("passages_shown", "of_people")
    rule = phrase(*told, **limits)
    places = {"n": len(rows), "themes": rows["under"].nunique(), "heading": heading, "rule": rule}
    return Quotations(rows, heading, rule, phrase("quoted", "says", **places))


def _of_documents(study: Study) -> Quotations | None:
    """Return passages of documents under the themes that most of them raise; none where a study does not hold their words."""
    words = pd.Series() if study.settings.threshold else read_words(study.folder, study.segments)
    rows = passage_choice(study, words)
    if rows.empty:
        return None
    rows = rows.rename(columns={"theme": "under", "segment_id": "mark"})
    rows = rows.assign(said_by=titles(study, rows["document_id"]))
    heading = phrase("passages_shown", "heading")
    rule = phrase("passages_shown", "of_documents")
    return Quotations(rows[COLUMNS].reset_index(drop=True), heading, rule, f"{heading}. {rule}")


def _most_raised(rows: pd.DataFrame, study: Study, known: pd.Series) -> pd.DataFrame:
    """The first quotation of each side of the themes most raised, by what a reader knows of their numbers.

    They stand in the order of the codebook: one by number would tell numbers that tables withhold.
    """
    raised = known.xs("", level="stance")
    raised = raised[raised.index.isin(rows["code_id"])]
    most = raised.sort_values(ascending=False, kind="stable").index[:THEMES]
    each = OF_EACH_THEME // len(sides(study))
    rows = rows[rows["code_id"].isin(most)].groupby(["code_id", "stance"], sort=False).head(each)
    place = rows["code_id"].map({code: place for place, code in enumerate(raised.index)})
    rows = rows.assign(place=place).sort_values(["place", "stance"], ascending=[True, False])
    return rows.drop(columns=["place", "segment_id", "code_id"]).reset_index(drop=True)
