"""Where coders differ and how they cut passages, in words and tables; passages by their ids alone."""

import pandas as pd

from ncsresearch.analysis.disagreement import NOTHING, boundary_agreement, confusion_table
from ncsresearch.present.media import Finding, Table
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.sentence import capital, counted, listed, no_evidence, small
from ncsresearch.study import Study

SHOWN_ROWS, SHOWN_IDS = 12, 4


def say_confusions(study: Study) -> Finding:
    """Say whether coders differ in giving a theme at all or in which they give, and in which most."""
    rows = _differences(study)
    if rows.empty:
        return no_evidence("confusions", "judgements that coders differ in")
    missing = rows["code_id"].eq(NOTHING) | rows["other_code_id"].eq(NOTHING)
    alone, taken = int(rows.loc[missing, "n_turns"].sum()), int(rows.loc[~missing, "n_turns"].sum())
    sentence = (
        f"In {counted(alone, 'judgement')} one coder gave a turn a theme where the other gave nothing further; in {taken} "
        f"one took it for one theme and the other for another{_most_taken(rows[~missing])}."
    )
    return Finding(
        "confusions", sentence, {"alone": alone, "taken_for_another": taken}, source=heard_by(study)
    )


def _most_taken(rows: pd.DataFrame) -> str:
    top = rows[rows["n_turns"].eq(rows["n_turns"].max()) & rows["n_turns"].gt(1)].head(3)
    if top.empty:
        return ", no two of them alike" if len(rows) > 1 else ""
    told = listed(f"{small(row.theme)} for {small(row.other_theme)}" for row in top.itertuples())
    turns = counted(int(top["n_turns"].iloc[0]), "turn")
    return f", most often {told} ({turns}{' each' * (len(top) > 1)})"


def table_confusions(study: Study) -> Table:
    """Return which theme one coder gave where the other gave another or nothing, with the ids of the passages."""
    rows = _differences(study)
    view = rows.head(SHOWN_ROWS).assign(
        own=lambda top: top["theme"].map(capital),
        others=lambda top: top["other_theme"].map(capital),
        passages=lambda top: [
            _few_ids(*ids) for ids in zip(top["segment_ids"], top["other_segment_ids"], strict=True)
        ],
    )
    who = {"other": "Other coder"} if rows["other"].nunique() > 1 else {}
    shown = who | {
        "own": "The reporting coder gave",
        "others": "The other gave",
        "n_turns": "Turns",
    }
    shown |= {} if study.settings.threshold else {"passages": "Passages"}
    bases = listed(dict.fromkeys(rows["n_turns_coded"].map("{:,}".format))) if len(rows) else ""
    base = f"{bases} turns that at least one of the two gave a theme".strip()
    more = len(rows) - len(view)
    note = (
        f"{counted(more, 'rarer disagreement is', 'rarer disagreements are')} in the table's file."
        if more > 0
        else ""
    )
    if study.settings.threshold:
        rows = rows.drop(columns=["segment_ids", "other_segment_ids"])
        note += " Which passages they are stays in the study: ncs.confusion_table(study) names them."
    return Table("confusions", "Where coders differ", rows, shown, base, heard_by(study), note, view)


def say_boundaries(study: Study) -> Finding:
    """Say how far two coders cut the same passages."""
    rows = boundary_agreement(study, by="")
    if rows.empty or not rows["n_overlaps"].sum():
        return no_evidence("boundaries", "passages that two coders cut")
    told = " ".join(_one_pair(row, several=len(rows) > 1) for row in rows.itertuples())
    row = rows.iloc[0]
    numbers = {name: int(row[name]) for name in ("n_passages", "n_other_passages", "n_overlaps", "n_alike")}
    return Finding("boundaries", told, numbers, source=heard_by(study))


def _one_pair(row, *, several: bool) -> str:
    who = f" of {row.coder} and {row.other}" if several else " of the two coders"
    total, matched = row.n_passages + row.n_other_passages, row.n_matched + row.n_other_matched
    told = (
        f"Of {total:,} passages{who}, {counted(matched, 'overlaps', 'overlap')} one that the other gave the same theme "
        f"({100 * row.share_matched:.0f}%)."
    )
    if not row.n_overlaps:
        return told
    return (
        f"{told} Of {counted(row.n_overlaps, 'overlapping pair')} {counted(row.n_alike, 'is', 'are')} cut at the same places; in the "
        f"middle pair {100 * row.median_overlap:.0f}% of the characters in either passage are in both."
    )


def table_boundaries(study: Study) -> Table:
    """Return how far coders cut the same passages, theme by theme."""
    rows = boundary_agreement(study)
    shown = {"other": "Other coder"} if rows["other"].nunique() > 1 else {}
    shown |= {
        "theme": "Theme",
        "n_passages": "Passages, reporting coder",
        "n_other_passages": "Passages, the other",
    }
    shown |= {
        "share_matched": "Overlapping the other's %",
        "n_overlaps": "Overlapping pairs",
        "n_alike": "Cut alike",
    }
    shown |= {"median_overlap": "Characters in common %"}
    note = (
        "Characters in common: those in both passages, of those in either, for the middle overlapping pair."
    )
    return Table(
        "boundaries",
        "How coders cut passages, theme by theme",
        rows,
        shown,
        "passages with a theme, in the documents both coders coded",
        heard_by(study),
        note,
    )


def _differences(study: Study) -> pd.DataFrame:
    rows = confusion_table(study)
    rows = rows[rows["agree"].eq("no")]
    return rows.sort_values("n_turns", ascending=False, kind="stable", ignore_index=True)


def _few_ids(*joined: str) -> str:
    names = [name for ids in joined for name in ids.split("; ") if name]
    more = f" and {len(names) - SHOWN_IDS} more" if len(names) > SHOWN_IDS else ""
    return ", ".join(names[:SHOWN_IDS]) + more
