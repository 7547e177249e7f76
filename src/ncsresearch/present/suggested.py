"""Suggestions of documents as a table: what is suggested, by whom, how widely, and what supports it."""

from dataclasses import dataclass
from html import escape

import pandas as pd

from ncsresearch.analysis.suggested import support
from ncsresearch.present.outputs import TABLE, Table, table_html
from ncsresearch.present.points import place_of, with_places
from ncsresearch.present.table import cited
from ncsresearch.present.wording import phrase, worded_table
from ncsresearch.study.frames import framed, study_of

FEW = 8  # suggestions; more are folded by theme, and any of which authors have written
OF_THEME = ("challenge", "strength")


@dataclass(frozen=True)
class FoldedByTheme(Table):
    """A table that a page shows as one for each theme, folded, and that Word leaves to the workbook.

    Its rows have theme, support (a suggestion's own) and reported: in lines what is reported on the theme, a list below its table.
    """

    def to_html(self) -> str:
        """The tables of all themes as HTML, and below them the words of the whole."""
        parts = "".join(self._of_theme(theme) for theme in dict.fromkeys(self.rows["theme"]))
        above = f"<p>{escape(self.caption)}</p>" if "support" in self.shown else ""
        return f'<div class="points">{above}{parts}<p class="base">{escape(self.below())}</p></div>'

    def _of_theme(self, theme: str) -> str:
        own = self.rows["theme"].eq(theme)
        cells = self.cells()[own].iloc[:, 1:]
        if "support" in self.shown:
            cells[self.shown["support"]] = self.rows.loc[own, "support"].replace("", "–")
        cells = cells.loc[:, cells.ne("–").any()]
        caption = phrase("suggested", "on", theme=theme)
        table = table_html(caption, cells, [False] * cells.shape[1])
        reported = dict.fromkeys(self.rows.loc[own, "reported"].str.split("\n").explode())
        items = "".join(f"<li>{escape(words)}</li>" for words in reported if words)
        below = items and f"<p>{escape(phrase('suggested', 'reported'))}</p><ul>{items}</ul>"
        return f"<details><summary>{escape(theme)}</summary>{table}{below}</details>"

    def _repr_mimebundle_(self, **_) -> dict:
        made = super()._repr_mimebundle_()
        return made | {TABLE: made[TABLE] | {"listed": "folded"}}


def table_suggested(suggestions: pd.DataFrame) -> Table | None:
    """Return suggestions by theme, with who makes each, how widely and what supports it; without the last in an area's report."""
    if suggestions.empty:
        return None
    study = study_of(suggestions)
    several = study.points["document_id"].nunique() > 1
    rows = _placed(suggestions, several=several).join(_supported(suggestions, several=several), on="point_id")
    rows = rows.astype({"theme": "object"}).fillna({"theme": phrase("suggested", "no_theme")})
    brief = bool(study.part_of)
    many = len(rows) > FEW or (bool(study.findings) and not brief)
    folded = many and rows["theme"].nunique() > 1
    for name in ("support", "reported"):
        rows[name] = "" if brief else rows[name].fillna("")
    view = rows.assign(statement=rows["statement"] + " (" + rows["where"] + ")")
    again = rows["reported"].eq(rows["reported"].shift()) & rows["reported"].ne("") & (not folded)
    shared = [words and phrase("suggested", "shared", reported=words) for words in rows["reported"]]
    reported = pd.Series(shared, rows.index).mask(again, phrase("suggested", "again")).str.replace("\n", " ")
    view["support"] = rows["support"].where(rows["support"].ne(""), reported)
    about = {"source": cited(study, rows["document_id"]), "view": view, "brief": brief}
    made = worded_table("suggested", rows, **about)
    return FoldedByTheme(**vars(made)) if folded else made


def _placed(points: pd.DataFrame, *, several: bool) -> pd.DataFrame:
    """Return points with the words for who says each, how widely, and where."""
    rows = with_places(points, study_of(points))
    rows["place"] = [place_of(row, several=several) for row in rows.itertuples()]
    rows["where"] = rows["document"] + ", " + rows["paragraphs"] if several else rows["paragraphs"]
    rows["who"] = [
        place.removesuffix(where).rstrip("; ")
        for place, where in zip(rows["place"], rows["where"], strict=True)
    ]
    return rows


def _supported(suggestions: pd.DataFrame, *, several: bool) -> pd.DataFrame:
    """Return in words what supports each suggestion of its own, and what is reported on its theme, by the suggestion's id."""
    study = study_of(suggestions)
    found = _placed(framed(support(suggestions, study), "support", study), several=several)
    of_theme = found["how"].isin(OF_THEME)
    found["words"] = [
        phrase("suggested", row["how"].replace(" ", "_"), **row) for row in found.to_dict("records")
    ]
    words = {"support": (" ", found[~of_theme]), "reported": ("\n", found[of_theme])}
    said = {
        name: rows.groupby("suggestion")["words"].agg(between.join) for name, (between, rows) in words.items()
    }
    return pd.DataFrame(said)
