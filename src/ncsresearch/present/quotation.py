"""Quotations as they may be printed: the words, the group and the running number, never an area."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from ncsresearch.present.outputs import QUOTATIONS


@dataclass(frozen=True)
class Quotations:
    """Quotations with their words and attribution, in the order of the document."""

    rows: pd.DataFrame

    def to_html(self) -> str:
        """The quotations in the order of the document, each under the heading it stands under."""
        return "".join(
            f"<h3>{escape(name)}</h3>" + "".join(map(_quoted, rows.itertuples()))
            for name, rows in self.rows.groupby("section", sort=False)
        )

    def _repr_mimebundle_(self, **_) -> dict:
        kept = [
            {"under": row.section, "words": row.text, "said_by": _said_by(row), "mark": row.segment_id}
            for row in self.rows.itertuples()
            if row.text
        ]
        quoted = {"heading": "Quotations", "rule": "", "quotations": kept}
        return {
            "text/plain": f"{len(self.rows)} quotations.",
            "text/html": self.to_html(),
            QUOTATIONS: quoted,
        }


def say_quotations(quotations: pd.DataFrame) -> Quotations | None:
    """Return the words of quotations, where they were read from their sources."""
    return Quotations(quotations) if "text" in quotations and len(quotations) else None


def _quoted(row) -> str:
    words = escape(row.text).replace("\n", "<br>")
    said = f"{escape(_said_by(row))} <small>({row.segment_id})</small>"
    return f"<blockquote><p>“{words}”</p><footer>{said}</footer></blockquote>"


def _said_by(row) -> str:
    return f"{row.participant_group}, interview {row.number}"
