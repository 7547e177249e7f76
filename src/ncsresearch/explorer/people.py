"""What people raised in a selection: a sentence, a table and a figure, people counted."""

from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from ncsresearch.analysis.support import support
from ncsresearch.disclosure.counts import stance_counts
from ncsresearch.disclosure.mask import publishable_counts, withheld_counts
from ncsresearch.evidence.codebook import code_names
from ncsresearch.evidence.groups import grouped_people, hears_people
from ncsresearch.explorer.selection import Selection
from ncsresearch.present.claims import said
from ncsresearch.present.figure import plot_stances
from ncsresearch.present.media import WITHHELD, Figure, Finding, Table
from ncsresearch.present.people_heard import PEOPLE, heard_by
from ncsresearch.present.people_raised import specific, table_people_stances
from ncsresearch.present.quantity import caveat_suppression
from ncsresearch.present.sentence import capital, counted, listed, lower_first, no_evidence
from ncsresearch.present.sentence_themes import TOLD
from ncsresearch.present.table import STANCE_HEADINGS
from ncsresearch.schema import STANCES
from ncsresearch.study import Study

GROUPED_BY = ("", "area_type", "participant_group")
ONE_AT_A_TIME = (
    "Not counted: under the disclosure rules people are counted for one kind of area or for one participant group at "
    "a time, as in the chapters. A count of both together, taken from those that are told, could give back one that is "
    "withheld."
)
SEEN_ONLY = (
    "Not counted: under the disclosure rules people are counted by the client group they speak about only where they "
    "see it as better or less well served, as in the chapters. Choose all themes and all ways of telling to see it."
)
Counted = tuple[Finding, Table | None, Figure | None]


@dataclass(frozen=True)
class People:
    """The people whom a selection asks about: a study, a group of it as withheld_counts has it, and how a sentence calls them.

    about   which client group they speak about, as the sentence goes on
    """

    study: Study
    by: str
    group: str
    called: str
    about: str = ""


def count_people(study: Study, selection: Selection, *, rules: bool) -> Counted:
    """Return a sentence, a table and a figure on the people of a selection.

    Under the disclosure rules counts that may not be told are withheld, and those that the rules do not know are
    not made: the sentence says so, and there is no table and no figure.
    """
    called = _called(study, selection)
    if not rules:
        about = f", speaking about {selection.client_group}" if selection.client_group else ""
        return _themes(People(narrowed(study, selection), "", "everybody", called, about), selection)
    if selection.area_type and selection.group:
        return Finding("not_counted", ONE_AT_A_TIME), None, None
    if selection.client_group and (selection.theme or selection.stance):
        return Finding("not_counted", SEEN_ONLY), None, None
    group = selection.area_type or selection.group
    by = "area_type" if selection.area_type else "participant_group" if group else ""
    people = People(study, by, group or "everybody", called)
    return _seen(people, selection) if selection.client_group else _themes(people, selection)


def _called(study: Study, selection: Selection) -> str:
    """Return whom a selection asks about as a sentence calls them."""
    where = f"{selection.area_type} areas" if selection.area_type else ""
    where = study.area(selection.area)["name"] if selection.area else where
    who = lower_first(selection.group) if selection.group else "people"
    return f"{who} in {where}" if where else who if selection.group else "people heard"


def narrowed(study: Study, selection: Selection) -> Study:
    """Return the study with the people and the judgements of a selection alone, and no count withheld."""
    return _narrowed(study, replace(selection, theme="", stance="", words=""))


@lru_cache(maxsize=8)
def _narrowed(study: Study, selection: Selection) -> Study:
    people = study.participants
    for by, group in (("area_type", selection.area_type), ("participant_group", selection.group)):
        own = grouped_people(study, by=by)
        kept = people["participant_id"].isin(own.loc[own["group"].eq(group), "participant_id"])
        people = people[kept | (not group)]
    people = people[people["area_id"].eq(selection.area) | (not selection.area)]
    codings, about = study.codings, selection.client_group
    units = codings.loc[codings["about_client_group"].eq(about), "unit_id"]
    tables = {"participants": people, "codings": codings[codings["unit_id"].isin(units) | (not about)]}
    settings = replace(study.settings, access="public", status=_status(study))
    return replace(study, settings=settings).holding(**tables)


def _status(study: Study) -> str:
    line = study.settings.status_line
    return f"{line}; disclosure rules off, not to leave" if study.settings.threshold else line


def _themes(people: People, selection: Selection) -> Counted:
    """Return what the people raised: all themes, or one of them group by group."""
    if not hears_people(people.study):
        return no_evidence("selected", f"what {people.called} say: nobody was heard"), None, None
    if not selection.theme:
        table = _by_theme(people, selection)
        return _most_raised(people, selection), table, _draw_themes(people, table, selection)
    rows = _of_groups(people, _columns(people.study, selection))
    who = people.group if people.by else ""
    behind = support(people.study, theme=selection.theme, who=who, stance=selection.stance)
    sentence = said(behind, people.called + people.about, people.study)
    figure = _draw_told(rows, people.study, selection, by="group")
    return sentence, _by_group(people, selection, rows), figure


def _most_raised(people: People, selection: Selection) -> Finding:
    """Name the themes that most of the people raised, told as the selection asks."""
    rows = publishable_counts(people.study, by=people.by, group=people.group, stance=selection.stance)
    n = int(rows["base"].max())
    rows = specific(rows, people.study).dropna(subset="n")
    top = rows[rows["n"].gt(0)].sort_values("n", ascending=False, kind="stable").head(3)
    told = f"told {TOLD[selection.stance]}" if selection.stance else "raised"
    if top.empty:
        return no_evidence("selected", f"themes {told} by {people.called}{people.about}")
    named = listed(f"{lower_first(row.theme)} ({row.n})" for row in top.itertuples())
    who = f"{n} {people.called}{people.about}"
    words = capital(
        f"{caveat_suppression(people.study)}{told} most often by {who}, counting the most specific themes: {named}."
    )
    numbers = dict(zip(top["theme"], top["n"], strict=True)) | {"heard": n}
    return Finding("selected", words, numbers, source=heard_by(people.study))


def _by_theme(people: People, selection: Selection) -> Table:
    """Return the people by theme and how they told it."""
    table = table_people_stances(stance_counts(people.study, by=people.by, group=people.group))
    other = set(STANCES) - {selection.stance} if selection.stance else set()
    shown = {name: heading for name, heading in table.shown.items() if name not in other}
    rows = table.rows.drop(columns=list(other), errors="ignore")
    caption = f"Themes raised by {people.called}{people.about}"
    return replace(table, name="selected_themes", caption=caption, rows=rows, shown=shown)


def _draw_themes(people: People, table: Table, selection: Selection) -> Figure | None:
    """Draw the most specific themes of a table of people by theme."""
    codes = {name: code for code, name in code_names(people.study.codebook).items()}
    rows = table.rows.assign(code_id=table.rows["theme"].astype("str").map(codes))
    return _draw_told(specific(rows, people.study), people.study, selection, by="theme")


def _draw_told(rows: pd.DataFrame, study: Study, selection: Selection, *, by: str) -> Figure | None:
    told = rows.reindex(columns=[by, *(name for name in ("strength", "challenge") if name in rows)])
    told = told.melt(by, var_name="stance", value_name="n")
    return draw(told, selection, by=by, source=heard_by(study), what="people")


def draw(rows: pd.DataFrame, selection: Selection, *, by: str, source: str, what: str) -> Figure | None:
    """Draw what was told as a strength and as a challenge, or the one of them that the selection asks for."""
    if selection.stance:
        rows = rows[rows["stance"].eq(selection.stance)]
    if not rows["stance"].isin(["strength", "challenge"]).any():
        return Figure("selected", None, "A figure is drawn of what is told as a strength or as a challenge.")
    missing = {"strength", "challenge"} - set(rows["stance"])
    empty = [rows.assign(stance=stance, n=0) for stance in sorted(missing)]
    figure = plot_stances(pd.concat([rows, *empty]), by=by, source=source, what=what)
    return replace(figure, name="selected") if figure else None


def _columns(study: Study, selection: Selection) -> dict[str, tuple[str, str]]:
    """Return the counts of a table on one theme: the code and the stance of each, by the name of its column."""
    told = [name for name in STANCES if study.codings["stance"].eq(name).any()]
    told = [selection.stance] if selection.stance else told
    return {"n": (selection.theme, "")} | {stance: (selection.theme, stance) for stance in told}


def _of_groups(people: People, columns: dict[str, tuple[str, str]]) -> pd.DataFrame:
    """Return one row per group: everybody, kinds of area and participant groups, or the one that is asked for.

    With by, group, base, and the people of each column, missing where their number is withheld.
    """
    rows = _bases(people)
    counts = withheld_counts(people.study).set_index(["code_id", "stance", "by", "group"])
    told = counts["n"].astype("Int64").mask(counts["hidden"])
    for name, key in columns.items():
        keys = [(*key, row.by, row.group) for row in rows.itertuples()]
        rows[name] = told.reindex(pd.MultiIndex.from_tuples(keys), fill_value=0).array
    return rows.assign(group=[_group_called(people, row.by, row.group) for row in rows.itertuples()])


def _bases(people: People) -> pd.DataFrame:
    """Return the groups that are shown, and how many were heard in each.

    Of a grouping that the selection asks for the group alone; without one, each grouping that divides the people.
    """
    own = {by: grouped_people(people.study, by=by)["group"].value_counts(sort=False) for by in GROUPED_BY}
    shown = [
        (by, str(group), int(n))
        for by, groups in own.items()
        if by in ("", people.by) or (not people.by and len(groups) > 1)
        for group, n in groups.items()
        if by != people.by or not by or str(group) == people.group
    ]
    return pd.DataFrame(shown, columns=["by", "group", "base"])


def _group_called(people: People, by: str, group: str) -> str:
    whole = "everybody" if people.by or people.called == "people heard" else people.called
    return capital({"": whole, "area_type": f"{group} areas"}.get(by, group))


def _by_group(people: People, selection: Selection, rows: pd.DataFrame) -> Table:
    theme = code_names(people.study.codebook)[selection.theme]
    stances = {name: heading for name, heading in STANCE_HEADINGS.items() if name in rows}
    shown = {"group": "Who", "base": "Heard", "n": "Raised it"} | stances
    caption = f"Who raised {lower_first(theme)}{people.about}"
    return _table("selected_groups", caption, rows, shown, people)


def _seen(people: People, selection: Selection) -> Counted:
    """Return how many see a client group as better and as less well served."""
    study, about = people.study, selection.client_group
    levels = study.codebook[study.codebook["facet"].eq("service level")]
    labels = dict(zip(levels["code_id"], levels["label"], strict=True))
    rows = _of_groups(people, {code: (f"{code}/{about}", "") for code in labels})
    told = rows.iloc[-1] if people.by else rows.iloc[0]
    parts = listed(f"{lower_first(label)} by {_number(told[code])}" for code, label in labels.items())
    heard = counted(int(told["base"]), "person", "people")
    sentence = Finding("selected", f"Of {heard} heard, {about} are {parts}.", source=heard_by(study))
    shown = {"group": "Who", "base": "Heard"} | labels
    return sentence, _table("selected_seen", f"How {about} are seen as served", rows, shown, people), None


def _number(n) -> str:
    return "a number (withheld)" if pd.isna(n) else f"{n}"


def _table(name: str, caption: str, rows: pd.DataFrame, shown: dict[str, str], people: People) -> Table:
    rows = rows.drop(columns="by").reset_index(drop=True)
    return Table(name, caption, rows, shown, PEOPLE, heard_by(people.study), missing=WITHHELD)
