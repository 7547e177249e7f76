"""A survey of which only percentages are published: whose it is, and what rounding leaves open."""

import pandas as pd

from ncsresearch.analysis.recompute import DIFFERS
from ncsresearch.present.media import Finding, Table
from ncsresearch.present.sentence import counted, listed, no_evidence
from ncsresearch.present.table import cited, of_kind
from ncsresearch.study import Study


def say_survey(shares: pd.DataFrame, study: Study) -> Finding:
    """Say between what shares the items lie, and which are highest and lowest."""
    if shares.empty:
        return no_evidence("survey", "survey shares")
    high, low = (
        shares[shares["percent"].eq(end)] for end in (shares["percent"].max(), shares["percent"].min())
    )
    sentence = (
        f"{shares['base'].iloc[0]} people responded; between {low['percent'].iloc[0]:.0f}% and {high['percent'].iloc[0]:.0f}% "
        f"agreed with each of {counted(len(shares), 'statement')}. Most agreed with: {listed(high['label'])}; fewest with: "
        f"{listed(low['label'])}."
    )
    behind = shares.rename(columns={"item_id": "unit_id"})[["unit_id", "label", "document_id"]]
    numbers = {"items": len(shares), "base": int(shares["base"].iloc[0])}
    return Finding("survey", sentence, numbers, behind, cited(study, shares["document_id"].unique()))


def say_whose_survey(checked: pd.DataFrame, study: Study) -> Finding:
    """Warn that survey results cited to another report cannot be read as the area's own."""
    if study.survey_items.empty:
        return no_evidence("whose_survey", "a survey")
    found = checked[checked["rule"].eq("cited from elsewhere") & checked["result"].eq(DIFFERS)]
    if found.empty:
        return Finding(
            "whose_survey", "Nothing says that the survey's results are of other people than its own."
        )
    row = found.iloc[0]
    notes = "".join(f" {note}." for note in study.survey_items["notes"].dropna().unique())
    sentence = (
        f"These answers cannot be read as one area's: for its {row['published']} responses the paper cites another report, "
        f"the {row['recomputed'].removeprefix('cited to: ')}.{notes} How many of the people lived in the area is not known."
    )
    source = cited(study, [row["document_id"], *of_kind(study, "action research")])
    return Finding("whose_survey", sentence, {"respondents": int(row["published"])}, source=source)


def say_rounding(shares: pd.DataFrame, study: Study) -> Finding:
    """Say how many counts each rounded percentage leaves open."""
    if shares.empty:
        return no_evidence("rounding", "survey shares")
    widths = (shares["count_high"] - shares["count_low"] + 1).value_counts().sort_index()
    told = listed(f"{width} counts for {counted(int(n), 'item')}" for width, n in widths.items())
    sentence = (
        f"If everybody answered every item, the whole percentages leave open {told}. People who left an item out would "
        "widen that, so a difference of a point or two between items says nothing."
    )
    return Finding("rounding", sentence, source=cited(study, shares["document_id"].unique()))


def say_furthest_apart(differences: pd.DataFrame, study: Study) -> Finding:
    """Say by how many people the two items furthest apart differ, and how many pairs may be level."""
    known = differences.dropna(subset=["more_low"])
    if known.empty:
        return no_evidence("furthest_apart", "differences between survey shares")
    row = known.loc[known["difference_low"].idxmax()]
    span = (
        f"{row['more_low']} to {row['more_high']}" if row["more_low"] != row["more_high"] else row["more_low"]
    )
    level = int(known["more_low"].le(0).sum())
    sentence = (
        f'Whatever rounding hid, {span} more of {row["base"]:.0f} people agreed with "{row["label"]}" than with '
        f'"{row["other_label"]}", the widest gap. {level} of {counted(len(known), "pair")} of statements may be level. '
        "Who gave which two answers is not known, so no difference is tested."
    )
    numbers = {"pairs": len(known), "may be level": level, "at least": int(row["more_low"])}
    return Finding(
        "furthest_apart", sentence, numbers, source=cited(study, study.survey_items["document_id"].unique())
    )


def table_survey(shares: pd.DataFrame, study: Study) -> Table:
    """Survey shares with the counts and intervals that rounding allows."""
    rows = shares.assign(share=shares["percent"] / 100)
    shown = {
        "label": "Statement",
        "share": "Agree or strongly agree %",
        "count_low": "People, at least",
        "count_high": "At most",
        "base": "Of",
        "low": "Lower %",
        "high": "Upper %",
    }
    note = "Lower and upper: widest Wilson interval over the counts that the rounded percentage allows."
    return Table(
        "survey",
        "Survey shares and what rounding leaves open",
        rows,
        shown,
        "people who responded to the survey; those who left an item out are not known",
        cited(study, shares["document_id"].unique()),
        note,
    )
