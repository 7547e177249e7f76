"""What people raised: in words, a figure and tables, people counted."""

import pandas as pd

from ncsresearch.analysis.people_told import (
    groups_served_by_people,
    people_stances,
    suggestions_of_people,
)
from ncsresearch.analysis.prevalence import theme_prevalence
from ncsresearch.present.figure import plot_stances
from ncsresearch.present.media import Figure, Finding, Table
from ncsresearch.present.people_heard import PEOPLE, heard_by
from ncsresearch.present.sentence import counted, listed, most, no_evidence, small
from ncsresearch.present.table import SMALLEST_BASE, STANCE_HEADINGS, wide
from ncsresearch.study import Study

LEVELS = {"Seen as better served": "better", "Seen as less well served": "less_well"}


def specific(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the rows of themes that have none below them: what a sentence names and a figure draws."""
    return rows[~rows["code_id"].isin(study.codebook["parent_id"])]


def say_most_raised(study: Study) -> Finding:
    """Name the themes that most people raised, with their count and base."""
    rows = specific(theme_prevalence(study), study)
    raised = rows[rows["n_raised"].gt(0)].sort_values("n_raised", ascending=False, kind="stable")
    if raised.empty:
        return no_evidence("most_raised", "themes that people raised")
    top, n = raised.head(3), int(rows["n_participants"].iloc[0])
    told = listed(f"{small(row.theme)} ({row.n_raised})" for row in top.itertuples())
    sentence = (
        f"Of {counted(n, 'person', 'people')} heard, most raised {told}, counting the most specific themes."
    )
    if top["n_raised"].iloc[0] * 2 <= n:
        sentence = f"No one specific theme was raised by more than half of the {n} people heard; raised most were {told}."
    return Finding(
        "most_raised",
        sentence,
        dict(zip(top["theme"], top["n_raised"], strict=True)) | {"heard": n},
        source=heard_by(study),
    )


def say_told_by_people(study: Study) -> Finding:
    """Name the themes that most people told as a strength and as a challenge."""
    counts = specific(people_stances(study), study)
    parts, numbers = [], {}
    for stance in ("challenge", "strength"):
        own = counts[counts["stance"].eq(stance)].set_index("theme")["n_people"]
        if own.max() > 0:
            names, n = most(own)
            parts.append(f"as a {stance} by most people: {listed(small(name) for name in names)} ({n})")
            numbers[stance] = n
    if not parts:
        return no_evidence("told", "strengths and challenges")
    return Finding("told", f"Told {'; '.join(parts)}.", numbers, source=heard_by(study))


def say_told_both_ways(study: Study) -> Finding:
    """Name the themes on which many people stand on each side."""
    table = specific(people_stances(study), study).pivot(index="theme", columns="stance", values="n_people")
    both = table[table["strength"].ge(5) & table["challenge"].ge(5)]
    both = both.loc[
        both[["strength", "challenge"]].min(axis=1).sort_values(ascending=False, kind="stable").index[:3]
    ]
    if not table[["strength", "challenge"]].to_numpy().any():
        return no_evidence("both_ways", "how themes were told")
    if both.empty:
        return Finding(
            "both_ways", "No theme was told as a strength by five people and as a challenge by five others."
        )
    told = listed(
        f"{small(str(row.Index))} ({row.strength} and {row.challenge})" for row in both.itertuples()
    )
    sentence = f"People stand most on both sides, a strength for some and a challenge for others, of {told}."
    return Finding("both_ways", sentence, {"themes": len(both)}, source=heard_by(study))


def plot_people_stances(study: Study) -> Figure:
    """Draw how many people told each theme as a strength and as a challenge."""
    counts = specific(people_stances(study), study).rename(columns={"n_people": "n_passages"})
    return plot_stances(counts, by="theme", what=f"people, of {len(study.participants)} heard")


def table_people_stances(study: Study) -> Table:
    """Return people by theme and how they told it, with all who raised it."""
    rows = wide(people_stances(study), index="theme", columns="stance", values="n_people")
    raised = theme_prevalence(study).set_index("theme")
    rows = rows.assign(
        n_raised=rows["theme"].astype("str").map(raised["n_raised"]),
        share=rows["theme"].astype("str").map(raised["share"]),
    )
    rows = rows.sort_values("n_raised", ascending=False, kind="stable", ignore_index=True)
    told = study.codings["stance"].notna().any()
    headings = {name: heading for name, heading in STANCE_HEADINGS.items() if name in rows and told}
    share = {"share": "Of all, %"} if len(study.participants) >= SMALLEST_BASE else {}
    shown = {"theme": "Theme", "n_raised": "Raised it"} | share | headings
    note = "Raising a theme that stands under another counts for both; figures draw the most specific themes."
    return Table(
        "people_stances",
        "People who raised each theme, and how they told it",
        rows,
        shown,
        f"{len(study.participants)} {PEOPLE}",
        heard_by(study),
        note,
    )


def table_groups_raised(study: Study) -> Table:
    """Return, for each theme, how many people of each participant group raised it."""
    rows = theme_prevalence(study, by="participant_group")
    heard = rows.drop_duplicates("group").set_index("group")["n_participants"]
    table = wide(rows, index="theme", columns="group", values="n_raised")
    table = in_order(table, rows["theme"])
    shown = {"theme": "Theme"} | {group: f"{group} (of {n})" for group, n in heard.items()}
    return Table("groups_raised", "Who raised which theme", table, shown, PEOPLE, heard_by(study))


def in_order(table: pd.DataFrame, themes: pd.Series) -> pd.DataFrame:
    """Return rows in the order of the codebook's themes."""
    order = {theme: place for place, theme in enumerate(themes.drop_duplicates())}
    return table.sort_values("theme", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def table_people_suggest(study: Study) -> Table:
    """Return the themes under which people suggest a change, by who suggests it."""
    rows = suggestions_of_people(study)
    table = (
        wide(rows, index="theme", columns="group", values="n_people")
        if len(rows)
        else pd.DataFrame({"theme": []})
    )
    groups = [column for column in table if column != "theme"]
    table = table.fillna(0).astype({group: "int64" for group in groups})
    table = in_order(table, rows["theme"]) if len(rows) else table
    return Table(
        "people_suggest",
        "Themes under which people suggest a change",
        table,
        {"theme": "Theme"} | {group: group for group in groups},
        PEOPLE,
        heard_by(study),
    )


def say_people_on_served(study: Study) -> Finding:
    """Say which client groups most people see as better and as less well served."""
    rows = groups_served_by_people(study)
    if rows.empty:
        return no_evidence("served", "who is better or less well served")
    parts, numbers = [], {}
    for level, word in (
        ("Seen as less well served", "less well served"),
        ("Seen as better served", "better served"),
    ):
        own = rows[rows["level"].eq(level)].groupby("client_group")["n_people"].sum()
        if len(own):
            names, n = most(own)
            parts.append(f"{listed(names)} as {word}, by {n}")
            numbers[word] = n
    sentence = f"Named most often, of {len(study.participants)} people heard: {'; '.join(parts)}."
    return Finding("served", sentence, numbers, source=heard_by(study))


def table_people_on_served(study: Study) -> Table:
    """Return how many people see each client group as better and as less well served, by kind of area."""
    rows = groups_served_by_people(study)
    rows = rows.assign(key=rows["level"].map(LEVELS).fillna("other") + "_" + rows["group"].astype("str"))
    table = (
        wide(rows, index="client_group", columns="key", values="n_people")
        if len(rows)
        else pd.DataFrame({"client_group": []})
    )
    kinds = [kind for kind in ("rural", "urban") if kind in set(rows["group"].astype("str"))]
    keys = [f"{level}_{kind}" for level in ("better", "less_well") for kind in kinds]
    table = (
        table.reindex(columns=["client_group", *keys])
        .fillna({key: 0 for key in keys})
        .astype({key: "int64" for key in keys})
    )
    heard = rows.drop_duplicates("group").set_index("group")["n_participants"] if len(rows) else {}
    words = {"better": "Better", "less_well": "Less well"}
    shown = {"client_group": "Client group"} | {
        f"{level}_{kind}": f"{words[level]}, {kind} (of {heard.get(kind, 0)})"
        for level in words
        for kind in kinds
    }
    return Table(
        "served_people",
        "Who is seen as better and as less well served, in rural and urban areas",
        table,
        shown,
        PEOPLE,
        heard_by(study),
    )


def say_clients(study: Study, clients: Study) -> Finding:
    """Say what most clients raised, beside the other people heard."""
    n, others = len(clients.participants), len(study.participants) - len(clients.participants)
    rows = specific(theme_prevalence(clients), study)
    if not n or rows["n_raised"].max() == 0:
        return no_evidence("clients", "what clients say")
    everyone = theme_prevalence(study).set_index("code_id")
    rows = rows.assign(elsewhere=rows["code_id"].map(everyone["n_raised"]) - rows["n_raised"])
    top = rows.sort_values("n_raised", ascending=False, kind="stable").head(3)
    told = listed(
        f"{small(row.theme)} ({row.n_raised} of {n} clients, {row.elsewhere} of {others} others)"
        for row in top.itertuples()
    )
    return Finding(
        "clients",
        f"Of the specific themes clients raised most: {told}.",
        {"clients": n, "others": others},
        source=heard_by(study),
    )
