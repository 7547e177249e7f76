"""A survey of which only percentages are published: whose it is, and what rounding leaves open."""

from collections.abc import Iterable

import pandas as pd
import seaborn as sns

from ncsresearch.analysis.rounding import published_differences
from ncsresearch.evidence.rounded import rounded
from ncsresearch.present.figure import BLUE, drawn, percent_axis, rows_drawn, write_number
from ncsresearch.present.outputs import Figure, Finding, Table
from ncsresearch.present.table import cited, of_kind
from ncsresearch.present.wording import frame_sentence, page_words, phrases, sentence, worded_table
from ncsresearch.study.frames import study_of


def say_whose_survey(shares: pd.DataFrame) -> Finding | None:
    """Warn that survey results cited to another report cannot be read as the area's own; nothing where none is cited."""
    study, found = study_of(shares), _from_elsewhere(shares)
    if found.empty:
        return None
    row, notes = found.iloc[0], list(study.survey_items["notes"].dropna().unique())
    source = cited(study, [row["document_id"], *of_kind(study, "action research")])
    of = {"numbers": {"respondents": int(row["published"])}, "source": source}
    half = (50 * (shares["high"] - shares["low"])).dropna().map(rounded)
    places = {"published": row["published"], "report": row["inputs"], "notes": notes}
    return sentence(
        "whose_survey", of=of, exact=sorted({*half.agg(["min", "max"])} if len(half) else ()), **places
    )


def _from_elsewhere(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the published values that are cited to another report."""
    values = study_of(shares).published_values
    return values[values["rule"].eq("cited from elsewhere") & values["inputs"].fillna("").ne("")]


def say_survey(shares: pd.DataFrame) -> Finding:
    """Say between what shares the items lie, and which are highest and lowest."""
    percent, base = shares["percent"], int(shares["base"].iloc[0])
    numbers = {"items": len(shares), "base": base}
    behind = shares.rename(columns={"item_id": "unit_id"})[["unit_id", "label", "document_id"]]
    ends = {name: _named(shares.loc[percent.eq(percent.agg(name)), "label"]) for name in ("max", "min")}
    low, high = rounded(percent.min()), rounded(percent.max())
    places = {"n": len(shares), "base": base, "low": low, "high": high, **ends}
    return frame_sentence("survey", shares, numbers, evidence=behind, **places)


def _named(labels: Iterable[str]) -> list[str]:
    return phrases("survey", "label", [{"label": label} for label in labels])


def say_furthest_apart(shares: pd.DataFrame) -> Finding | None:
    """Say by how many people the two items furthest apart differ, and how many pairs may be level."""
    known = published_differences(study_of(shares).survey_items)
    if known.empty:
        return None
    widest = known[known["difference_low"].eq(known["difference_low"].max())]
    level, row = int(known["more_low"].le(0).sum()), widest.iloc[0]
    numbers = {"pairs": len(known), "may be level": level, "at least": int(row["more_low"])}
    ends = {"first": _named(widest["label"].unique()), "other": _named(widest["other_label"].unique())}
    places = row[["base", "more_low", "more_high"]].astype("int64").to_dict()
    return frame_sentence("furthest_apart", shares, numbers, pairs=len(known), level=level, **places, **ends)


def plot_survey(shares: pd.DataFrame) -> Figure | None:
    """Draw each published share as a dot; without an interval, since nothing says that who answered was drawn at random."""
    places, elsewhere = range(len(shares)), len(_from_elsewhere(shares))
    whose = page_words("axes", "respondents", n=shares["base"].iloc[0], elsewhere=elsewhere)
    with rows_drawn(shares["label"], page_words("axes", "survey", whose=whose)) as (canvas, ax):
        sns.scatterplot(x=shares["percent"], y=places, color=BLUE, s=80, ax=ax, zorder=3)
        for place, row in enumerate(shares.itertuples()):
            write_number(ax, row.percent, place, f"{rounded(row.percent)}%")
        ax.set_xlim(0, 104)
        ax.set_xticks(range(0, 101, 20))
        percent_axis(ax)
    rows = shares.assign(share=shares["percent"] / 100)
    return drawn("survey_drawn", canvas, rows, rows.to_dict("records"), name="survey", whose=whose)


def table_survey(shares: pd.DataFrame) -> Table:
    """Survey shares with the counts and intervals that rounding allows."""
    return worded_table("survey", shares.assign(share=shares["percent"] / 100))
