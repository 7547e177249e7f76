"""What people raised in a selection: a sentence, a table and a figure, people counted."""

from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from ncsresearch.disclosure.counts import stance_counts
from ncsresearch.disclosure.mask import publishable_counts, publishable_served
from ncsresearch.evidence.groups import grouped_people, hears_people, n_in_groups
from ncsresearch.explorer.one_theme import say_behind
from ncsresearch.explorer.selection import Selection, asked_for
from ncsresearch.present.certain import surely_most
from ncsresearch.present.figure import plot_stances
from ncsresearch.present.outputs import WITHHELD, Figure, Finding, Table
from ncsresearch.present.people_behind import Behind
from ncsresearch.present.people_heard import heard_by, people_sentence, people_table
from ncsresearch.present.people_raised import specific, table_people_stances, tells_nothing, told_by_theme
from ncsresearch.present.sentence import capital, listed, lower_first
from ncsresearch.present.table import STANCE_HEADINGS, told, wide
from ncsresearch.present.wording import page_words, phrase, phrases, sentence
from ncsresearch.schema import STANCES
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names

GROUPED_BY = ("", "area_type", "participant_group")  # and groupings that the study adds
Counted = tuple[Finding, Table | None, Figure | None]


@dataclass(frozen=True)
class People:
    """The people whom a selection asks about: a study, a group of it as publishable_counts has it, and how a sentence calls them.

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
        return _raised(People(narrowed(study, selection), "", "everybody", called, about), selection)
    if selection.area_type and selection.heard_from:
        return sentence("not_counted", "one_at_a_time"), None, None
    if selection.client_group and (selection.theme or selection.stance):
        return sentence("not_counted", "seen_only"), None, None
    group = selection.area_type or selection.heard_from
    by = "area_type" if selection.area_type else "participant_group" if group else ""
    people = People(study, by, group or "everybody", called)
    return _seen(people, selection.client_group) if selection.client_group else _raised(people, selection)


def _called(study: Study, selection: Selection) -> str:
    """Return whom a selection asks about as a sentence calls them."""
    where = f"{selection.area_type} areas" if selection.area_type else ""
    where = study.area(selection.area)["name"] if selection.area else where
    who = lower_first(selection.heard_from) if selection.heard_from else "people"
    return f"{who} in {where}" if where else who if selection.heard_from else "people heard"


def narrowed(study: Study, selection: Selection) -> Study:
    """Return the study with the people and the judgements of a selection alone, and no count withheld."""
    return _narrowed(study, replace(selection, theme="", stance="", words=""))


@lru_cache(maxsize=8)
def _narrowed(study: Study, selection: Selection) -> Study:
    people = asked_for(study.participants, area_id=selection.area)
    for by, group in (("area_type", selection.area_type), ("participant_group", selection.heard_from)):
        own = asked_for(grouped_people(study, by=by), group=group)
        people = people[people["participant_id"].isin(own["participant_id"])] if group else people
    units = asked_for(study.codings, about_client_group=selection.client_group)["unit_id"]
    tables = {"participants": people, "codings": study.codings[study.codings["unit_id"].isin(units)]}
    settings = replace(study.settings, access="public", status=_status(study))
    return replace(study, settings=settings).holding(**tables)


def _status(study: Study) -> str:
    line = study.settings.status_line
    return page_words("explorer", "off", status=line) if study.settings.threshold else line


def _raised(people: People, selection: Selection) -> Counted:
    """Return what the people raised: all themes, or one of them group by group."""
    if not hears_people(people.study):
        return sentence("selected", "none"), None, None
    return _one_theme(people, selection) if selection.theme else _all_themes(people, selection)


def _all_themes(people: People, selection: Selection) -> Counted:
    study, stance = people.study, selection.stance
    counts = stance_counts(study, by=people.by, group=people.group)
    table = table_people_stances(counts[counts["stance"].isin(["", stance])] if stance else counts)
    table = replace(table, name="selected_themes", caption=f"Themes raised by {people.called}{people.about}")
    figure = draw(told_by_theme(counts), selection, by="theme", study=study)
    return _most_raised(people, counts[counts["stance"].eq(stance)], stance), table, figure


def _most_raised(people: People, rows: pd.DataFrame, stance: str) -> Finding:
    """Name the themes that most of the people raised, described as the selection asks."""
    study = people.study
    top = surely_most(specific(rows, study))
    who = f"{people.called}{people.about}"
    if top.empty and tells_nothing(rows) == "few":
        return sentence("base", "few", who=who.removesuffix(" heard"))
    if top.empty:
        return sentence("selected", "unranked" if rows["n"].isna().any() else "none")
    n, top = int(top["base"].iloc[0]), top.assign(n=told(top))
    themes = phrases("selected", "theme", top[["theme", "n"]].to_dict("records"))
    described = phrase("ways", stance or "raised", theme=listed(themes))
    numbers = dict(zip(top["theme"], top["n"], strict=True)) | {"heard": n}
    return people_sentence("selected", study, numbers, form="raised", n=n, who=who, described=described)


def draw(rows: pd.DataFrame, selection: Selection, *, by: str, study: Study) -> Figure | None:
    """Draw what was described as a strength and as a challenge, or the one of them that the selection asks for."""
    rows = asked_for(rows, stance=selection.stance)
    rows = rows[rows["stance"].isin(["strength", "challenge"])]
    if rows.empty:
        return None
    missing = {"strength", "challenge"} - set(rows["stance"])
    empty = [rows.assign(stance=stance, n=0) for stance in sorted(missing)]
    figure = plot_stances(pd.concat([rows, *empty]), by=by, source=heard_by(study), what="people")
    return figure and replace(figure, name="selected")


def _one_theme(people: People, selection: Selection) -> Counted:
    study, theme = people.study, selection.theme
    coded = [stance for stance in STANCES if study.codings["stance"].eq(stance).any()]
    stances = ["", *([selection.stance] if selection.stance else coded)]
    counts = [
        publishable_counts(study, by=by, stance=way).assign(by=by)
        for by in _groupings(study)
        for way in stances
    ]
    rows = _of_groups(people, asked_for(pd.concat(counts), code_id=theme))
    cells = rows.assign(n=told(rows)).replace({"stance": {"": "n"}})
    table = wide(cells, index=["group", "base"], columns="stance", values="n")
    headings = {name: heading for name, heading in STANCE_HEADINGS.items() if name in table}
    places = {"theme": code_names(study.codebook)[theme], "about": people.about}
    behind = Behind(study, theme, selection.stance, people.by, people.group)
    return (
        say_behind(behind, people.called + people.about),
        people_table("selected_groups", table, study, more=headings, **places),
        draw(rows, selection, by="group", study=study),
    )


def _of_groups(people: People, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of everybody and of the groups that are shown, in their order and as a reader calls them.

    Of a grouping that the selection asks for the group alone; without one, each grouping that divides the people.
    """
    rows = rows.astype({"group": "str"})
    divides = rows.groupby("by")["group"].transform("nunique").gt(1)
    own = rows["by"].eq(people.by) & rows["group"].eq(people.group) if people.by else divides
    rows = rows[rows["by"].eq("") | own]
    called = [_group_called(people, by, group) for by, group in zip(rows["by"], rows["group"], strict=True)]
    known = [(by, group) for by in _groupings(people.study) for group in n_in_groups(people.study, by=by)]
    order = dict.fromkeys(_group_called(people, *each) for each in known)
    return rows.assign(group=pd.Categorical(called, list(order)))


def _groupings(study: Study) -> tuple[str, ...]:
    return (*GROUPED_BY, *study.settings.groupings)


def _group_called(people: People, by: str, group: str) -> str:
    whole = "everybody" if people.by or people.called == "people heard" else people.called
    return capital({"": whole, "area_type": f"{group} areas"}.get(by, group))


def _seen(people: People, about: str) -> Counted:
    """Return how many see a client group as better and as less well served."""
    study = people.study
    levels = study.codebook[study.codebook["facet"].eq("service level")].set_index("label")["code_id"]
    counts = pd.concat(publishable_served(study, by=by).assign(by=by) for by in _groupings(study))
    rows = _of_groups(people, asked_for(counts, client_group=about)).replace({"level": levels.to_dict()})
    table = wide(rows.assign(n=told(rows)), index=["group", "base"], columns="level", values="n")
    table = table.reindex(columns=["group", "base", *levels], fill_value=0)
    table = table.where(table.notna(), 0)
    own = table.iloc[-1 if people.by else 0]
    if pd.isna(own["base"]):
        return sentence("base", "few", who=people.called.removesuffix(" heard")), None, None
    parts = [
        {"level": label, "n": own[code], "hides": own[code] == WITHHELD} for label, code in levels.items()
    ]
    parts = phrases("selected", "level", parts)
    said = people_sentence("selected", study, form="seen", n=int(own["base"]), about=about, parts=parts)
    headings = {code: label for label, code in levels.items()}
    return said, people_table("selected_seen", table, study, more=headings, about=about), None
