"""Quotations as they may be printed: the words, the group and the running number, never an area."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from ncsresearch.present.media import QUOTATIONS


@dataclass(frozen=True)
class Quotations:
    """Quotations of one document with their attribution, or a line that says why they are not shown."""

    index: pd.DataFrame
    words: pd.Series

    def to_html(self) -> str:
        """The quotations in the order of the document, each under the heading it stands under."""
        if self.words.empty:
            return f'<p class="no-evidence">{escape(str(self))}</p>'
        sections = self.index.groupby("section", sort=False)
        return "".join(
            f"<h3>{escape(name)}</h3>" + "".join(map(self._quoted, rows.itertuples()))
            for name, rows in sections
        )

    def _quoted(self, row) -> str:
        words = escape(self.words[row.segment_id]).replace("\n", "<br>")
        said = f"{escape(_said_by(row))} <small>({row.segment_id})</small>"
        return f"<blockquote><p>“{words}”</p><footer>{said}</footer></blockquote>"

    def __str__(self) -> str:
        if self.words.empty:
            return "The words of quotations are shown when the chapter is run with the source documents (--sources)."
        return f"{len(self.words)} quotations."

    def _repr_mimebundle_(self, **_) -> dict:
        plain = {"text/plain": str(self), "text/html": self.to_html()}
        if self.words.empty:
            return plain
        kept = [
            {"under": row.section, "words": words, "said_by": _said_by(row), "mark": row.segment_id}
            for row in self.index.itertuples()
            if (words := self.words[row.segment_id])
        ]
        return plain | {QUOTATIONS: {"heading": "Quotations", "rule": "", "quotations": kept}}


def _said_by(row) -> str:
    return f"{row.participant_group}, interview {row.number}"
