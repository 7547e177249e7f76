"""The passages of a selection, and words found in them with what stands before and after."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import pandas as pd

from ncsresearch.disclosure.mask import withheld_counts
from ncsresearch.evidence.codebook import code_names, codes_under, themes
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.judgements import people_codings
from ncsresearch.explorer.people import narrowed
from ncsresearch.explorer.published import evidence_of
from ncsresearch.explorer.selection import Selection, asked_for
from ncsresearch.ingest.quoted import DOCUMENTS, read_quotations
from ncsresearch.ingest.spoken_words import read_words
from ncsresearch.present.outputs import QUOTATIONS
from ncsresearch.present.printable import printable_passages, said_by
from ncsresearch.present.sentence import counted
from ncsresearch.present.sentence_themes import TOLD
from ncsresearch.present.table import titles
from ncsresearch.study import Study

AROUND = 9  # words shown before and after what was found
MOST = 40  # passages shown at once
COLUMNS = ["under", "words", "said_by", "mark"]
READERS_WORDS = "What each passage says, in a reader's words: the words of the sources are shown where sources_dir is given."
WHERE_IS_NOT_TOLD = "No passages are shown by kind of area or by client group: they would tell where somebody speaks, or of whom."


@dataclass(frozen=True)
class Passages:
    """Passages of a selection, or the places in them where words were found.

    rows    under (theme), words, said_by and mark of each
    rule    what may be shown here, and what it is
    quoted  whether the words are somebody's own, and not a reader's
    found   the words that were searched
    status  how the evidence may be read, where the study says so
    """

    rows: pd.DataFrame
    rule: str
    quoted: bool = True
    found: str = ""
    status: str = ""

    @property
    def heading(self) -> str:
        """What is shown, and how many of it."""
        n = counted(len(self.rows), "passage") if len(self.rows) else "No passages"
        told = f"{n} with “{self.found}”" if self.found else n
        few = f", the first {MOST} of them shown" if len(self.rows) > MOST else ""
        return told + few + (f" ({self.status})" if self.status else "")

    def to_html(self) -> str:
        """The passages under their heading and rule; where words were searched, what was found is marked."""
        lines = "".join(self._line(row) for row in self.rows.head(MOST).itertuples())
        return f'<section><h3>{escape(self.heading)}</h3><p class="base">{escape(self.rule)}</p>{lines}</section>'

    def _line(self, row) -> str:
        told = f"{escape(row.under)}; {escape(row.said_by)} <small>({escape(row.mark)})</small>"
        opening, closing = ("“", "”") if self.quoted else ("", "")
        words = in_context(row.words, self.found) if self.found else [(row.words, "", "")]
        said = "".join(
            f"<p>{opening}{escape(before)}{f'<mark>{escape(found)}</mark>' if found else ''}{escape(after)}{closing}</p>"
            for before, found, after in words
        )
        return f"<blockquote>{said}<footer>{told}</footer></blockquote>"

    def _repr_mimebundle_(self, **_) -> dict:
        plain = {"text/plain": f"{self.heading}. {self.rule}", "text/html": self.to_html()}
        if self.rows.empty or not self.quoted:
            return plain
        kept = self.rows.head(MOST)[COLUMNS].to_dict("records")
        return plain | {QUOTATIONS: {"heading": self.heading, "rule": self.rule, "quotations": kept}}


def in_context(words: str, searched: str) -> Iterator[tuple[str, str, str]]:
    """Yield each place where the words searched stand: what is before it, what was found, and what is after it."""
    for match in _pattern(searched).finditer(words):
        before, after = words[: match.start()], words[match.end() :]
        first, last = re.split(r"(?<=\s)(?=\S)", before), re.split(r"(?<=\S)(?=\s)", after)
        cut = "… " * (len(first) > AROUND), " …" * (len(last) > AROUND)
        yield cut[0] + "".join(first[-AROUND:]), match[0], "".join(last[:AROUND]) + cut[1]


def _pattern(searched: str) -> re.Pattern:
    return re.compile(r"(?<!\w)" + r"\s+".join(map(re.escape, searched.split())) + r"\w*", re.IGNORECASE)


def passages(study: Study, selection: Selection, *, rules: bool, sources_dir: str = "") -> Passages:
    """Return the passages of a selection, those with its words where it has any.

    Of published evidence a reader's words for each passage, and its own where the source documents are given. Of
    interviews under the disclosure rules only the quotations that may be printed; without the rules every passage,
    with who says it and where.
    """
    if not hears_people(study):
        found = _labels(study, selection, rules, sources_dir)
    else:
        found = (
            _printable(study, selection) if rules else _spoken(study, narrowed(study, selection), selection)
        )
    rows, rule, quoted = found
    searched = " ".join(selection.words.split())
    rows = rows[rows["words"].astype("str").str.contains(_pattern(searched))] if searched else rows
    return Passages(rows.reset_index(drop=True)[COLUMNS], rule, quoted, searched, study.settings.status)


def _none(rule: str) -> tuple[pd.DataFrame, str, bool]:
    return pd.DataFrame(columns=COLUMNS, dtype="str"), rule, True


def _under(rows: pd.DataFrame, study: Study, theme: str) -> pd.DataFrame:
    """Return the rows under a theme, or under all, with what each is under."""
    under = codes_under(study.codebook, theme) if theme else themes(study.codebook)
    rows = rows[rows["code_id"].isin(under)]
    return rows.assign(under=rows["code_id"].map(code_names(study.codebook)))


def _printable(study: Study, selection: Selection) -> tuple[pd.DataFrame, str, bool]:
    """Return the quotations that may be printed, under themes whose number of people may be told."""
    if selection.area_type or selection.area or selection.client_group:
        return _none(WHERE_IS_NOT_TOLD)
    hidden = withheld_counts(study).query("hidden and by == ''")
    rows = printable_passages(study, study).astype({"code_id": "str", "stance": "str"})
    few = pd.MultiIndex.from_frame(rows[["code_id", "stance"]]).isin(
        pd.MultiIndex.from_frame(hidden[["code_id", "stance"]])
    )
    rows = _under(rows[~few], study, selection.theme)
    rows = asked_for(rows, stance=selection.stance, participant_group=selection.heard_from)
    order = {code: place for place, code in enumerate(study.codebook["code_id"])}
    rows = rows.sort_values(["code_id", "stance"], key=lambda own: own.map(order).fillna(0), kind="stable")
    rows = rows.assign(said_by=[said_by(row) for row in rows.itertuples()])
    rule = (
        "Under the disclosure rules only quotations that may be printed are shown and searched: chosen by rule, with what "
        "could tell who speaks or where replaced by its kind in brackets. They illustrate and do not count."
    )
    return rows, rule, True


def _spoken(study: Study, part: Study, selection: Selection) -> tuple[pd.DataFrame, str, bool]:
    """Return every coded passage of the people of a part of a study, with who says it and where."""
    said = people_codings(part)
    rows = asked_for(_under(said, study, selection.theme), unit="segments", stance=selection.stance)
    people = study.participants.set_index("participant_id")
    areas = study.areas.set_index("area_id")["name"]
    told = rows["stance"].astype("str").map(TOLD).fillna("without a stance")
    who = rows["participant_id"].map(people["participant_group"]).fillna("group not stated")
    where = rows["participant_id"].map(people["area_id"].map(areas)).fillna("area not stated")
    rows = rows.assign(
        words=rows["unit_id"].map(_words(study)),
        said_by=who + ", " + where + ", " + rows["participant_id"] + "; told " + told,
        mark=rows["unit_id"],
    )
    return rows.dropna(subset="words").drop_duplicates(COLUMNS), "Passages as transcribed.", True


@lru_cache(maxsize=2)
def _words(study: Study) -> pd.Series:
    return read_words(study.folder, study.segments)


def _labels(
    study: Study, selection: Selection, rules: bool, sources_dir: str
) -> tuple[pd.DataFrame, str, bool]:
    """Return the passages of published sources, in a reader's words or, where there are the sources, in their own."""
    if rules and selection.narrows:
        return _none(WHERE_IS_NOT_TOLD)
    rows = evidence_of(study, selection)
    rows = rows[rows["unit"].eq("segments")].astype({"theme": "str", "stance": "str"})
    told = rows["stance"].map(TOLD).fillna("without a stance")
    by = rows["said_by"].map(lambda name: f", {name}", na_action="ignore").fillna("")
    rows = rows.assign(
        under=rows.groupby("unit_id")["theme"].transform(lambda themes: ", ".join(dict.fromkeys(themes))),
        words=rows["label"],
        said_by=titles(study, rows["document_id"]) + by + "; told " + told,
        mark=rows["unit_id"],
    ).drop_duplicates("unit_id")
    if not sources_dir:
        return rows, READERS_WORDS, False
    rows["words"] = rows["unit_id"].map(_quoted(study, sources_dir)).fillna(rows["label"])
    return rows, "Quotations stand in the words of the source, other passages in a reader's own words.", False


@lru_cache(maxsize=2)
def _quoted(study: Study, sources_dir: str) -> pd.Series:
    quoted = study.segments.loc[study.segments["kind"].eq("quotation"), "document_id"]
    found = [
        read_quotations(study.segments, document_id=name, sources_dir=sources_dir)
        for name in dict.fromkeys(quoted)
        if name in DOCUMENTS
    ]
    return pd.concat(found or [pd.Series(dtype="str")])
