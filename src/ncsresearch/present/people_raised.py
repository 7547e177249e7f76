"""What people raised: in words, a figure and tables, people counted."""

import pandas as pd

from ncsresearch.disclosure.counts import RAISED
from ncsresearch.disclosure.mask import (
    publishable_counts,
    publishable_served,
    tells_ways,
)
from ncsresearch.evidence.codebook import leaf_themes
from ncsresearch.evidence.groups import hears_people
from ncsresearch.present.claims import opens_to
from ncsresearch.present.figure import plot_stances
from ncsresearch.present.media import WITHHELD, Figure, Finding, Table
from ncsresearch.present.people_heard import PEOPLE, heard_by
from ncsresearch.present.quantity import among_told
from ncsresearch.present.sentence import counted, listed, most, no_evidence, small
from ncsresearch.present.table import SMALLEST_BASE, STANCE_HEADINGS, wide
from ncsresearch.present.wording import sentence, worded_table
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

LEVELS = {"Seen as better served": "better", "Seen as less well served": "less_well"}


def specific(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the rows of themes that have none below them: what a sentence names and a figure draws."""
    return rows[rows["code_id"].isin(leaf_themes(study.codebook))]


def say_base(counts: pd.DataFrame) -> Finding:
    """Say what the numbers of the chapter count."""
    study = study_of(counts)
    if not hears_people(study):
        return sentence("base", "passages")
    n = len(study.participants)
    where = " in interviews" if len(study.interviews) else ""
    return sentence("base", "people", of={"numbers": {"people": n}}, n=n, where=where)


def say_raised(counts: pd.DataFrame) -> list[Finding]:
    """Say which themes were raised, and how they were described, in a few sentences."""
    made = say_most_raised(counts), say_told_by_people(counts), say_told_both_ways(counts)
    return among_told(study_of(counts), *made)


def say_most_raised(counts: pd.DataFrame) -> Finding:
    """Name the themes that most people raised, with their count and base."""
    study = study_of(counts)
    rows = specific(counts[counts["group"].eq(RAISED)], study).dropna(subset="n")
    raised = rows[rows["n"].gt(0)].sort_values("n", ascending=False, kind="stable")
    if raised.empty:
        return no_evidence("most_raised", "themes that people raised")
    top, n = raised.head(3), int(rows["base"].iloc[0])
    told = listed(f"{small(row.theme)} ({row.n})" for row in top.itertuples())
    sentence = (
        f"Of {counted(n, 'person', 'people')} heard, most raised {told}, counting the most specific themes."
    )
    if top["n"].iloc[0] * 2 <= n:
        sentence = f"No one specific theme was raised by more than half of the {n} people heard; raised most were {told}."
    return Finding(
        "most_raised",
        sentence,
        dict(zip(top["theme"], top["n"], strict=True)) | {"heard": n},
        source=heard_by(study),
        **opens_to(study, top["code_id"]),
    )


def say_told_by_people(counts: pd.DataFrame) -> Finding:
    """Name the themes that most people told as a strength and as a challenge."""
    study = study_of(counts)
    counts = told_by_theme(counts).dropna(subset="n")
    parts, numbers, behind, passages = [], {}, (), ()
    code_of = dict(zip(counts["theme"].astype("str"), counts["code_id"], strict=True))
    for stance in ("challenge", "strength"):
        own = counts[counts["stance"].eq(stance)].set_index("theme")["n"]
        if own.max() > 0:
            names, n = most(own)
            parts.append(f"as a {stance} by most people: {listed(small(name) for name in names)} ({n})")
            numbers[stance] = n
            opened = opens_to(study, [code_of[name] for name in names], stance=stance)
            behind, passages = behind + opened["behind"], passages + opened["passages"]
    if not parts:
        return no_evidence("told", "strengths and challenges")
    words = f"Told {'; '.join(parts)}."
    return Finding("told", words, numbers, source=heard_by(study), behind=behind, passages=passages)


def say_told_both_ways(counts: pd.DataFrame) -> Finding:
    """Name the themes on which many people stand on each side."""
    study = study_of(counts)
    rows = told_by_theme(counts)
    table = rows.pivot(index=["code_id", "theme"], columns="stance", values="n").fillna(0)
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
    told = listed(f"{small(row.Index[1])} ({row.strength} and {row.challenge})" for row in both.itertuples())
    sentence = f"People stand most on both sides, a strength for some and a challenge for others, of {told}."
    opened = opens_to(study, both.index.get_level_values("code_id"))
    return Finding("both_ways", sentence, {"themes": len(both)}, source=heard_by(study), **opened)


def told_by_theme(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of the most specific themes in each way of describing them; themes in the codebook's order."""
    rows = counts[counts["stance"].ne("")]
    order = pd.CategoricalDtype(rows["theme"].drop_duplicates(), ordered=True)
    return specific(rows.astype({"theme": order}), study_of(counts))


def plot_people_stances(counts: pd.DataFrame) -> Figure:
    """Draw how many people told each theme as a strength and as a challenge."""
    n = int(counts["base"].max())
    return plot_stances(
        told_by_theme(counts), by="theme", source=heard_by(study_of(counts)), what=f"people, of {n} heard"
    )


def table_people_stances(counts: pd.DataFrame) -> Table:
    """Return people by theme and how they told it, with all who raised it."""
    study, n = study_of(counts), int(counts["base"].max())
    told = counts[counts["stance"].ne("")]
    told = told.astype({"theme": pd.CategoricalDtype(told["theme"].drop_duplicates(), ordered=True)})
    rows = wide(told, index="theme", columns="stance", values="n")
    own = counts[counts["group"].eq(RAISED)].set_index("theme")[["n", "share"]]
    rows = rows.join(own, on=rows["theme"].astype("str"))
    rows = rows.sort_values("n", ascending=False, kind="stable", ignore_index=True, na_position="last")
    stances = {
        name: heading for name, heading in STANCE_HEADINGS.items() if name in rows and tells_ways(study)
    }
    without = ["share"] if n < SMALLEST_BASE else []
    return people_table("people_stances", rows, study, more=stances, without=without, n=n)


def people_table(entry: str, rows: pd.DataFrame, study: Study, **words) -> Table:
    """Return a table of people heard; a number that is missing is withheld."""
    return worded_table(entry, rows, source=heard_by(study), missing=WITHHELD, people=PEOPLE, **words)


def table_groups_raised(counts: pd.DataFrame) -> Table:
    """Return, for each theme, how many people of each participant group raised it."""
    heard = counts.drop_duplicates("group").set_index("group")["base"]
    rows = in_order(wide(counts, index="theme", columns="group", values="n"), counts["theme"])
    groups = {group: f"{group} (of {n})" for group, n in heard.items()}
    return people_table("groups_raised", rows, study_of(counts), more=groups)


def in_order(table: pd.DataFrame, themes: pd.Series) -> pd.DataFrame:
    """Return rows in the order of the codebook's themes."""
    order = {theme: place for place, theme in enumerate(themes.drop_duplicates())}
    return table.sort_values("theme", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def table_people_suggest(suggestions: pd.DataFrame) -> Table:
    """Return the themes under which people suggest a change, by participant group."""
    rows = specific(suggestions, study_of(suggestions))
    rows = rows[rows["theme"].isin(rows.loc[rows["n"].isna() | rows["n"].gt(0), "theme"])]
    table = in_order(wide(rows, index="theme", columns="group", values="n"), rows["theme"])
    groups = {column: column for column in table if column != "theme"}
    return people_table("people_suggest", table, study_of(suggestions), more=groups)


def say_served_by_people(served: pd.DataFrame) -> list[Finding]:
    """Say which client groups most people see as better and as less well served, as far as it may be counted."""
    study = study_of(served)
    return among_told(study, say_people_on_served(study))


def say_groups_not_counted(counts: pd.DataFrame) -> Finding:
    """Say that passages about client groups are not counted in a confidential study."""
    return sentence("groups_told")


def say_people_on_served(study: Study) -> Finding:
    """Say which client groups most people see as better and as less well served."""
    rows = publishable_served(study, by="").dropna(subset="n")
    parts, numbers = [], {}
    for level, word in (
        ("Seen as less well served", "less well served"),
        ("Seen as better served", "better served"),
    ):
        own = rows[rows["level"].eq(level)].set_index("client_group")["n"]
        if len(own):
            names, n = most(own)
            parts.append(f"{listed(names)} as {word}, by {n}")
            numbers[word] = n
    if not parts:
        return no_evidence("served", "who is better or less well served")
    sentence = f"Named most often, of {len(study.participants)} people heard: {'; '.join(parts)}."
    return Finding("served", sentence, numbers, source=heard_by(study))


def tables_on_served(served: pd.DataFrame) -> Table:
    """Return how many people see each client group as better and as less well served, by kind of area."""
    return table_people_on_served(study_of(served))


def table_people_on_served(study: Study, *, area: str = "") -> Table:
    """Return how many people see each client group as better and as less well served, by kind of area or in one."""
    rows = publishable_served(study, by="area_id" if area else "area_type")
    rows = rows[rows["group"].eq(area)] if area else rows[rows["group"].isin(["rural", "urban"])]
    rows = rows.assign(key=rows["level"].map(LEVELS).fillna("other") + "_" + rows["group"])
    table = wide(rows, index="client_group", columns="key", values="n") if len(rows) else pd.DataFrame()
    groups = [area] if area else [kind for kind in ("rural", "urban") if kind in set(rows["group"])]
    keys = [f"{level}_{group}" for level in ("better", "less_well") for group in groups]
    absent = {key: pd.Series(0, index=table.index, dtype="Int64") for key in keys if key not in table}
    table = table.assign(**absent).reindex(columns=["client_group", *keys])
    heard = rows.drop_duplicates("group").set_index("group")["base"] if len(rows) else {}
    words = {"better": "Better", "less_well": "Less well"}
    shown = {"client_group": "Client group"} | {
        f"{level}_{group}": f"{words[level]}, {group} (of {heard.get(group, 0)})"
        for level in words
        for group in groups
    }
    caption = f"Who is seen as better and as less well served, in {area or 'rural and urban areas'}"
    return Table("served_people", caption, table, shown, PEOPLE, heard_by(study), missing=WITHHELD)


def say_clients_raised(counts: pd.DataFrame) -> list[Finding]:
    """Say what most clients raised, beside the other people heard."""
    study = study_of(counts)
    return among_told(study, say_clients(study, counts.attrs["heard_from"]))


def say_clients(study: Study, group: str) -> Finding:
    """Say what most people of the clients' group raised, beside the other people heard."""
    rows = specific(publishable_counts(study, by="participant_group", group=group), study)
    everyone = publishable_counts(study).set_index("code_id")
    n = int(rows["base"].max()) if len(rows) else 0
    others = len(study.participants) - n
    rows = rows.assign(elsewhere=rows["code_id"].map(everyone["n"]) - rows["n"])
    rows = rows.dropna(subset=["n", "elsewhere"])
    if not n or rows.empty or rows["n"].max() == 0:
        return no_evidence("clients", "what clients say")
    top = rows.sort_values("n", ascending=False, kind="stable").head(3)
    told = listed(
        f"{small(row.theme)} ({row.n} of {n} clients, {row.elsewhere} of {others} others)"
        for row in top.itertuples()
    )
    sentence = f"Of the specific themes clients raised most: {told}."
    opened = opens_to(study, top["code_id"], who=group)
    numbers = {"clients": n, "others": others}
    return Finding("clients", sentence, numbers, source=heard_by(study), **opened)
