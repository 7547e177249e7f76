"""What a cell shows by itself, a plain frame or a figure: in a run a table or figure like any other, on the page, in Word and Excel."""

import sys
from itertools import count

import pandas as pd
from pandas.api.types import is_integer_dtype

from ncsresearch.present.outputs import FIGURE, TABLE, Figure, Table
from ncsresearch.present.wording import page_words

MOST = 1000  # rows shown
DECIMALS = 3
PLAIN = "plain"  # in the data of a table or figure: nobody has said what of it may be told


def load_ipython_extension(ipython) -> None:
    """Have this shell show frames, series and figures of any kind so; a run loads this module into the shells of its notebooks."""
    number = count(1)
    bundles = ipython.display_formatter.mimebundle_formatter
    bundles.for_type(pd.DataFrame, lambda frame: frame_shown(frame, next(number)))
    bundles.for_type(pd.Series, lambda series: frame_shown(series.to_frame(), next(number)))
    styled, drawn = ("pandas.io.formats.style", "Styler"), ("matplotlib.figure", "Figure")
    bundles.for_type_by_name(*styled, lambda styler: frame_shown(styler.data, next(number)))
    bundles.for_type_by_name(*drawn, lambda canvas: figure_shown(canvas, next(number)))
    if "matplotlib.pyplot" in sys.modules:  # loaded before there was a shell, and so not yet joined to it
        ipython.enable_matplotlib("inline")


def frame_shown(frame: pd.DataFrame, number: int) -> dict:
    """Return what a notebook keeps of a frame: the table of its first rows, by its number among what is shown so."""
    rows = _rows(frame)
    named = ", ".join(name.replace("_", " ") for name in rows)
    note = (
        page_words("shown", "first_rows", shown=f"{MOST:,}", n=f"{len(frame):,}") if len(frame) > MOST else ""
    )
    shown = {name: name for name in rows}
    table = Table(f"frame_{number}", f"Rows by {named}", rows, shown, "", "", note, decimals=DECIMALS)
    return _marked(table._repr_mimebundle_(), TABLE)


def figure_shown(canvas, number: int) -> dict:
    """Return what a notebook keeps of a drawn figure: its drawing, and its titles and axes as the words that stand for it."""
    axes = [ax for ax in canvas.axes if ax.get_title(loc="left") or ax.get_title() or ax.get_xlabel()]
    told = [
        ax.get_title() or ax.get_title(loc="left") or f"{ax.get_ylabel()} by {ax.get_xlabel()}" for ax in axes
    ]
    alt = "; ".join(told) or page_words("shown", "undescribed")
    return _marked(Figure(f"figure_{number}", canvas, f"{alt}.")._repr_mimebundle_(), FIGURE)


def _marked(bundle: dict, media: str) -> dict:
    return bundle | {media: bundle[media] | {PLAIN: True}}


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the first rows under headings that are words and differ; an index that is more than row numbers stands first."""
    told = frame.head(MOST)
    if told.index.nlevels > 1 or told.index.name is not None or not is_integer_dtype(told.index):
        names = ["row" if name is None else name for name in told.index.names]
        told = told.reset_index(names=names, allow_duplicates=True)
    headings: dict[str, pd.Series] = {}
    for at, name in enumerate(told.columns):
        words = " ".join(map(str, name)).strip() if isinstance(name, tuple) else str(name)
        headings[words if words not in headings else f"{words} ({at + 1})"] = _words(told.iloc[:, at])
    return pd.DataFrame(headings).reset_index(drop=True)


def _words(column: pd.Series) -> pd.Series:
    """Return numbers as they are, and anything else as words."""
    words = column.astype("object")
    return column if column.dtype.kind in "iufb" else words.map(str).where(words.notna(), None)
