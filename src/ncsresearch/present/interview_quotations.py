"""Quotations from interviews under the themes most raised: chosen by rule, checked, and with nobody named."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from ncsresearch.analysis.sources import of_group
from ncsresearch.evidence.counts import shares
from ncsresearch.evidence.groups import hears_people
from ncsresearch.present.outputs import QUOTATIONS, quoted_html
from ncsresearch.present.printable import printable_passages, said_by
from ncsresearch.present.sentence import counted
from ncsresearch.study import Study

THEMES = 5
HEADING = "In people's own words"
TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True)
class InterviewQuotations:
    """Quotations by theme, with participant group and interview number, and the rule they were chosen by.

    rows     theme, stance, words, participant_group, number and mark, a short name that tells nothing
    status   how the evidence may be read, where the study says so
    """

    rows: pd.DataFrame
    rule: str
    status: str = ""

    def to_html(self) -> str:
        """The quotations under their themes, below the rule."""
        if self.rows.empty:
            return f'<p class="no-evidence">{escape(str(self))}</p>'
        themes = "".join(
            f"<h4>{escape(theme)}</h4>" + "".join(quoted_html(_kept(row)) for row in rows.itertuples())
            for theme, rows in self.rows.groupby("theme", sort=False)
        )
        return f'<section><h3>{escape(self.heading)}</h3><p class="base">{escape(self.rule)}</p>{themes}</section>'

    @property
    def heading(self) -> str:
        """The heading, with how the evidence may be read."""
        return f"{HEADING} ({self.status})" if self.status else HEADING

    def __str__(self) -> str:
        if self.rows.empty:
            return "No quotations are shown here: none is held that could be printed without telling who speaks or where."
        told = counted(len(self.rows), "quotation"), counted(self.rows["theme"].nunique(), "theme")
        return f"{self.heading}: {told[0]} under {told[1]}. {self.rule}"

    def _repr_mimebundle_(self, **_) -> dict:
        plain = {"text/plain": str(self), "text/html": self.to_html()}
        if self.rows.empty:
            return plain
        kept = [_kept(row) for row in self.rows.itertuples()]
        return plain | {QUOTATIONS: {"heading": self.heading, "rule": self.rule, "quotations": kept}}


def _kept(row) -> dict[str, str]:
    return {"under": row.theme, "words": row.words, "said_by": said_by(row), "mark": row.mark}


def interview_quotations(study: Study, *, heard_from: str = "") -> InterviewQuotations | None:
    """Return at most two quotations, a strength and a challenge, under each of the themes most raised.

    heard_from   the participant group that the section is about, where it is not about everybody in the chapter

    None where nobody was heard: published quotations belong to their sources.
    """
    if not hears_people(study):
        return None
    part = of_group(study, heard_from)
    rows = _most_raised(printable_passages(part, study), part).drop(columns=["segment_id", "code_id"])
    return InterviewQuotations(rows, _say_rule(study), study.settings.status)


def _most_raised(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The first quotation of each side of the themes most raised.

    They stand in the order of the codebook: one by number would tell numbers that tables withhold.
    """
    raised = shares(study).set_index("code_id")
    rows = rows.drop_duplicates(["code_id", "stance"])
    rows = rows.assign(
        theme=rows["code_id"].map(raised["theme"]).astype("str"),
        n=rows["code_id"].map(raised["n"]),
        place=rows["code_id"].map({code: place for place, code in enumerate(raised.index)}),
    )
    rows = rows.sort_values(
        ["n", "place", "stance"], ascending=[False, True, False], kind="stable", ignore_index=True
    )
    kept = rows["code_id"].isin(rows["code_id"].drop_duplicates().head(THEMES))
    shown = rows[kept].sort_values(["place", "stance"], ascending=[True, False], ignore_index=True)
    return shown.drop(columns=["n", "place"])


def _say_rule(study: Study) -> str:
    settings = study.settings
    times = TIMES.get(settings.quotations_per_person, f"{settings.quotations_per_person} times")
    few = f", from groups of {settings.threshold} people or more and where as many told it so"
    few = few if settings.threshold else ""
    return (
        "Quotations were chosen by rule and not by hand: under each of the themes most raised, one told as a strength "
        f"and one as a challenge where there are both, spread over groups and areas{few}, nobody more than {times} in "
        "all chapters together. They are word for word as transcribed; what could tell who speaks or where is "
        "replaced by its kind in brackets. They illustrate and do not count."
    )
