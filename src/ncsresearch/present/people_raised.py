"""What people raised: in words, a figure and tables, people counted."""

import pandas as pd

from ncsresearch.disclosure.area_ways import ways_of_themes
from ncsresearch.disclosure.counts import RAISED
from ncsresearch.disclosure.mask import publishable_counts, publishable_served, tells_ways
from ncsresearch.disclosure.suggestions import EVERYBODY
from ncsresearch.evidence.groups import hears_people
from ncsresearch.present.certain import surely_most, with_ties
from ncsresearch.present.figure import plot_raised, plot_stances
from ncsresearch.present.outputs import UNKNOWN, WITHHELD, Figure, Finding, Table
from ncsresearch.present.people_behind import evidence_for
from ncsresearch.present.people_heard import heard_by, n_told, people_sentence, people_table, rests_on
from ncsresearch.present.sentence import listed, lower_first
from ncsresearch.present.table import SMALLEST_BASE, STANCE_HEADINGS, nested, told, wide
from ncsresearch.present.wording import phrase, phrases, sentence, worded_table
from ncsresearch.present.written import is_written
from ncsresearch.schema import COMPARED, STANCES
from ncsresearch.study import Study
from ncsresearch.study.codebook import leaf_themes
from ncsresearch.study.frames import study_of

LEVELS = {"Seen as less well served": "less_well", "Seen as better served": "better"}
BOTH_WAYS = ["strength", "challenge"]
BOTH_SIDES = 5  # people on each side of a theme, from which a sentence speaks of both
MOST_GROUPS = 30  # more side by side cannot be read


def specific(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the rows of themes that have none below them: what a sentence names and a figure draws."""
    return rows[rows["code_id"].isin(leaf_themes(study.codebook))]


def say_base(counts: pd.DataFrame) -> Finding:
    """Say what the numbers of the chapter count, or why there are none."""
    study = study_of(counts)
    group = counts.attrs.get("heard_from")
    who = lower_first(group or "people")
    if why := tells_nothing(counts):
        return sentence("base", why, who=who)
    if not hears_people(study):
        return sentence("base", "passages")
    n = counts["base"].max() if group else n_told(study)
    if n is None or pd.isna(n):
        return sentence("base", "few", who=who)
    where = " in interviews" if len(study.interviews) else ""
    return sentence("base", "people", of={"numbers": {"people": int(n)}}, n=int(n), who=who, where=where)


def tells_nothing(counts: pd.DataFrame) -> str:
    """Return why a frame tells of nothing that was said, as the form of a sentence; empty for one that does.

    few where all of it is withheld, and uncoded where nothing was coded.
    """
    if counts.empty:
        return "uncoded"
    if "most" not in counts:
        return ""
    if (counts["n"].gt(0).fillna(False) | counts["words"].ne("")).any():
        return ""
    return "few" if counts["n"].isna().any() else "uncoded"


def table_counts(counts: pd.DataFrame) -> Table | None:
    """Return people, or passages, under each theme in each group, with base and share where there are any."""
    if counts.empty:
        return None
    study = study_of(counts)
    people = hears_people(study)
    source = rests_on(study, study.segments["document_id"].unique())
    without = [] if people else ["base", "share"]
    missing = WITHHELD if study.settings.threshold else UNKNOWN
    what = "people" if people else "passages"
    counts = counts.assign(n=told(counts))
    return worded_table("counts", counts, source=source, without=without, missing=missing, what=what)


def say_most_raised(counts: pd.DataFrame) -> Finding | None:
    """Name the themes that most people raised, with their count and base."""
    study = study_of(counts)
    every = counts[counts["group"].eq(RAISED)]
    rows = specific(every, study)
    top = surely_most(rows)
    if top.empty:
        return None
    n = int(rows["base"].iloc[0])
    opened = evidence_for(study, top["code_id"])
    places = {"every": rows["most"].gt(0).sum() == len(top), "minority": every["most"].max() * 2 <= n}
    above = every.drop(rows.index)
    shown = {"themes": top, "wider": surely_most(above) if len(above) > 1 else above.head(0)}
    places |= {name: phrases("most_raised", "theme", _each(own)) for name, own in shown.items()}
    named = pd.concat(shown.values())
    numbers = dict(zip(named["theme"], told(named), strict=True)) | {"heard": n}
    return people_sentence("most_raised", study, numbers, opened, **places)


def _each(rows: pd.DataFrame) -> list[dict]:
    """Return the rows of themes with what is printed of each number, and of the first the people it is of."""
    of = [phrase("most_raised", "of", n=n) for n in rows["base"].head(1)] + [""] * (len(rows) - 1)
    return rows.assign(n_said=told(rows), of=of).to_dict("records")


def say_told_by_people(counts: pd.DataFrame) -> Finding | None:
    """Name the themes that most people described as a strength and as a challenge."""
    study, rows = study_of(counts), told_by_theme(counts)
    rows = rows[rows["stance"].isin(BOTH_WAYS)]
    first = [surely_most(own, 1) for _, own in rows.groupby("stance")]
    largest = pd.concat([*first, rows.iloc[:0]]).set_index("stance")["n"].dropna()
    rows = rows[rows["n"].eq(rows["stance"].map(largest[largest.gt(1)])).fillna(False).astype(bool)]
    if rows.empty:
        return None
    ways, numbers, opened = [], {}, {"behind": (), "passages": ()}
    for stance, own in rows.groupby("stance"):
        numbers[stance] = int(own["n"].iloc[0])
        ways.append({"stance": stance, "themes": own["theme"].tolist(), "n": numbers[stance]})
        codes = [] if study.part_of else own["code_id"]  # what lies behind is of everybody
        for part, lines in evidence_for(study, codes, stance=stance).items():
            opened[part] += lines
    first, last = ways[0]["themes"], ways[-1]["themes"]
    form = "alike" if len(ways) == len(BOTH_WAYS) and first == last else "says"
    places = {"ways": phrases("told_by_people", "way", ways), "themes": first, **numbers}
    return people_sentence("told_by_people", study, numbers, opened, form=form, name="told", **places)


def say_told_both_ways(counts: pd.DataFrame) -> Finding | None:
    """Name the themes that many people describe as a strength and many as a challenge: others, where that is known."""
    study = study_of(counts)
    rows = told_by_theme(counts)
    rows = rows[rows["stance"].isin(BOTH_WAYS)].astype({"stance": "str"})
    each = rows.groupby(["code_id", "theme"], observed=True, as_index=False)[["least", "most"]].min()
    both = surely_most(each[each["most"].ge(BOTH_SIDES)])
    if both.empty or both["least"].min() < BOTH_SIDES:
        return None
    ways = rows.assign(n_said=told(rows)).pivot(index="code_id", columns="stance", values="n_said")
    told_both = both["code_id"].map(ways_of_themes(study).set_index("code_id")["both"])
    apart = both["least"].sub(told_both).ge(BOTH_SIDES).fillna(False).astype(bool)  # different people
    both = both.join(ways, on="code_id").assign(n=int(rows["base"].max()), both=told_both.fillna(0))
    both["first"] = ~apart.duplicated()
    places = {
        name: phrases("both_ways", "theme", both[own].to_dict("records"))
        for name, own in (("divide", apart), ("mixed", ~apart))
    }
    opened = evidence_for(study, both["code_id"])
    return people_sentence("both_ways", study, {"themes": len(both)}, opened, **places)


def told_by_theme(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of the most specific themes in each way of describing them; themes in the codebook's order."""
    return specific(_told(counts), study_of(counts))


def _told(counts: pd.DataFrame) -> pd.DataFrame:
    rows = counts[counts["stance"].ne("")]
    return rows.astype({"theme": pd.CategoricalDtype(rows["theme"].drop_duplicates(), ordered=True)})


def plot_people_stances(counts: pd.DataFrame) -> Figure | None:
    """Draw how many people described each theme as a strength and as a challenge."""
    if counts.empty or counts["base"].isna().any():
        return None
    about = {
        "source": heard_by(study_of(counts)),
        "what": f"people, of {int(counts['base'].max())} heard",
    }
    if tells_ways(study_of(counts)):
        return plot_stances(told_by_theme(counts), by="theme", **about)
    rows = specific(counts[counts["group"].eq(RAISED)], study_of(counts))
    return plot_raised(rows.sort_values("least", ascending=False, kind="stable"), **about)


def table_people_stances(counts: pd.DataFrame) -> Table | None:
    """Return people by theme and how they described it, with all who raised it; nothing where nobody was heard."""
    if counts.empty:
        return None
    study, n = study_of(counts), WITHHELD if counts["base"].isna().any() else int(counts["base"].max())
    counts = counts.assign(cell=told(counts))
    rows = wide(_told(counts), index="theme", columns="stance", values="cell").astype("object")
    own = counts[counts["group"].eq(RAISED)].set_index("theme")
    rows = rows.join(own[["code_id", "cell", "share", "least"]], on=rows["theme"].astype("str"))
    rows = rows.sort_values("least", ascending=False, kind="stable", ignore_index=True).drop(columns="least")
    rows = rows.rename(columns={"cell": "n"})
    nobody, ways = rows["n"].isin([0]), [name for name in STANCES if name in rows]
    rows = rows.assign(**{name: rows[name].mask(nobody, 0) for name in ways})
    stances = {
        name: heading for name, heading in STANCE_HEADINGS.items() if name in rows and tells_ways(study)
    }
    stances = {name: heading for name, heading in stances.items() if not rows[name].isin([0, WITHHELD]).all()}
    without = ["share"] if n == WITHHELD or n < SMALLEST_BASE else []
    places = {"n": n, "ways": bool(stances), "mixed": "mixed" in stances}
    places, view = places | {"nobody": [], "some": 0, "hidden": []}, None
    if study.part_of:
        rows, left_out = telling(rows, study, raised="n", others=[*stances])
        places, view = places | left_out, nested(rows, study)
    rows = rows.drop(columns="code_id")
    return people_table("people_stances", rows, study, more=stances, without=without, view=view, **places)


def telling(rows: pd.DataFrame, study: Study, *, raised: str, others: list[str]) -> tuple[pd.DataFrame, dict]:
    """Return the rows of themes that say something, and what a note says of the others: of those that nobody raised their names.

    raised   column of people who raised a theme, as it is printed; others are the columns beside it

    The report on an area that its authors have written keeps all of them: it has the table for reference.
    """
    nobody = rows[raised].isin([0]) & (not is_written(study))
    few = rows[[raised, *others]].isin([WITHHELD, "some"]).all(axis=1) & (not is_written(study))
    leaves = rows["code_id"].isin(leaf_themes(study.codebook))
    named = leaves & rows["theme"].str.lower().ne("other")  # what is left over is no theme to miss
    some, hidden = few & rows[raised].eq("some"), few & rows[raised].eq(WITHHELD)
    left_out = {"some": int(some.sum()), "hidden": rows.loc[hidden, "theme"].tolist()}
    left_out["nobody"] = rows.loc[nobody & named, "theme"].tolist()
    return rows[~nobody & ~few], left_out


def table_by_group(counts: pd.DataFrame) -> Table | None:
    """Return, for each theme, how many people of each participant group, or of each area, raised it; none of one group.

    Of one stance the themes of which a number is printed, other than 0.
    """
    if counts["group"].nunique() < 2:
        return None
    said = counts["n"].notna() | counts["words"].ne("")
    silent = [str(group) for group in counts["group"].unique() if not said[counts["group"].eq(group)].any()]
    study, counts = study_of(counts), counts[~counts["group"].isin(silent)]
    groups, n_groups = _headings(counts), counts["group"].nunique()
    cut = (len(groups), n_groups) if n_groups > len(groups) else ()
    entry = "areas_themes" if counts.attrs["by"] == "area_id" else "groups_raised"
    rows, stance = _by_group(counts), counts.attrs.get("stance", "")
    if stance:
        rows = rows[rows["theme"].isin(counts.loc[counts["n"].gt(0).fillna(False), "theme"])]
    name = "_".join(filter(None, (entry, stance)))
    about = {"cut": cut, "silent": silent, "stance": stance}
    return people_table(entry, rows, study, name=name, more=groups, **about)


def _headings(counts: pd.DataFrame) -> dict[str, str]:
    """Return the headings of groups side by side, each with its base."""
    heard = counts.drop_duplicates("group").set_index("group")["base"].head(MOST_GROUPS)
    return {str(group): f"{group} (of {WITHHELD if pd.isna(n) else n})" for group, n in heard.items()}


def _by_group(counts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per theme, in the order of the codebook, with the people of each group in a column."""
    rows = wide(counts.assign(n=told(counts)), index="theme", columns="group", values="n").set_index("theme")
    return rows.loc[counts["theme"].drop_duplicates()].reset_index()


def say_people_suggest(suggestions: pd.DataFrame) -> Finding | None:
    """Say on which themes more people suggest a change than on any other; where no number is printed, on which some do."""
    rows, whose = _suggested(suggestions), suggestions.attrs["whose"]
    rows = rows[rows["group"].eq(EVERYBODY)]
    if rows["base"].isna().any():
        return None
    study, n = study_of(suggestions), int(rows["base"].max()) if len(rows) else 0
    top, some = surely_most(rows), rows[rows["words"].eq("some")]
    form, named = ("some", some) if _nothing_counted(rows) else ("most", top)
    if named.empty:
        return None
    themes = phrases("people_suggest", "theme", _each(named))
    numbers = {"people": n, "themes": len(named)}
    return people_sentence("people_suggest", study, numbers, form=form, n=n, whose=whose, themes=themes)


def _suggested(suggestions: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of specific themes under which anybody suggests a change, or may."""
    rows = specific(suggestions, study_of(suggestions))
    together = rows[rows["group"].eq(EVERYBODY)]
    return rows[rows["theme"].isin(together.loc[together["n"].isna() | together["n"].gt(0), "theme"])]


def table_people_suggest(suggestions: pd.DataFrame) -> Table | None:
    """Return the themes under which people suggest a change, in all and by participant group, where a number may be printed."""
    suggested = _suggested(suggestions)
    rows = suggested[suggested["theme"].isin(suggested.loc[suggested["n"].gt(0).fillna(False), "theme"])]
    if rows.empty:
        return None
    table, hidden = _by_group(rows), len(rows) < len(suggested)
    together = rows[rows["group"].eq(EVERYBODY)].sort_values("least", ascending=False, kind="stable")
    table = table.set_index("theme").loc[together["theme"]].reset_index()
    return people_table("people_suggest", table, study_of(suggestions), more=_headings(rows), hidden=hidden)


def table_spoken_of(counts: pd.DataFrame) -> Table | None:
    """Return, for each client group, the themes under which people spoke of it, and how many did, where that is printed."""
    rows = specific(counts, study_of(counts))
    raised = rows[rows["least"].gt(0)]
    rows = raised.dropna(subset="n").sort_values("n", ascending=False, kind="stable")
    if rows.empty:
        return None
    named = rows["theme"].astype("str") + " (" + rows["n"].astype("str") + ")"
    themes = named.groupby(rows["group"].astype("str")).agg(", ".join)
    places = {"hidden": len(raised) > len(rows)}
    return people_table("groups_spoken_of", themes.rename("themes").reset_index(), study_of(counts), **places)


def say_seen(served: pd.DataFrame) -> Finding | None:
    """Say how many people see client groups as better and as less well served: the largest printed numbers of each."""
    study = study_of(served)
    rows = publishable_served(study, by="")
    known = rows[rows["n"].gt(0).fillna(False)].sort_values("n", ascending=False, kind="stable")
    if known.empty:
        return None
    parts, numbers, of = [], {}, phrase("most_raised", "of", n=int(rows["base"].iloc[0])) + " people"
    for level in LEVELS:
        own, seen = with_ties(known[known["level"].eq(level)], "n", 3, 6), level.removeprefix("Seen as ")
        alike = own.groupby("n", sort=False)["client_group"].agg(list).rename("groups").reset_index()
        each = alike.assign(seen=seen, of="" if parts else of).to_dict("records")
        groups = phrases("seen_by_people", "first", each[:1]) + phrases("seen_by_people", "group", each[1:])
        parts += [listed(groups)] * bool(groups)
        numbers |= {f"{row.client_group}, {seen}": int(row.n) for row in own.itertuples()}
    untold = rows[rows["n"].isna() & ~rows["level"].isin(known["level"])]
    hidden = list(untold["level"].str.removeprefix("Seen as ").unique())
    return people_sentence("seen_by_people", study, numbers, name="served", seen=parts, hidden=hidden)


def _nothing_counted(rows: pd.DataFrame) -> bool:
    """Return whether the only numbers that may be printed are zeros."""
    return bool(rows["n"].fillna(0).eq(0).all())


def table_seen(served: pd.DataFrame) -> Table | None:
    """Return how many people see each client group as better and as less well served; none where no number is printed."""
    study = study_of(served)
    groups = [group for group in COMPARED if group in set(served["group"])] or list(served["group"].unique())
    rows = served[served["group"].isin(groups)]
    if _nothing_counted(rows):
        return None
    rows = rows.assign(key=rows["level"].map(LEVELS).fillna("other") + "_" + rows["group"])
    table = wide(rows.assign(n=told(rows)), index="client_group", columns="key", values="n")
    heard = rows.drop_duplicates("group").set_index("group")["base"]
    shown = {
        f"{level}_{group}": f"{heading}{_in(group)} (of {heard[group]})"
        for level, heading in (("better", "Better"), ("less_well", "Less well"))
        for group in groups
        if group in heard
    }
    table = table.reindex(columns=["client_group", *shown], fill_value=0)
    table = table.where(table.notna(), 0)  # what nobody of a group said is in no plan
    whole = study.part_of or groups == ["everybody"]
    where = "" if whole else f"{listed(group for group in groups if group in heard)} areas"
    return people_table("served_people", table, study, more=shown, where=where)


def _in(group: str) -> str:
    return "" if group == "everybody" else f", {group}"


def say_no_clients(views: pd.DataFrame) -> Finding:
    """Say that no clients were heard."""
    return sentence("clients", "none")


def say_clients(counts: pd.DataFrame) -> Finding | None:
    """Say what most people of the clients' group raised, beside the other people heard."""
    study, group = study_of(counts), counts.attrs["heard_from"]
    rows = specific(publishable_counts(study, by="participant_group", group=group), study)
    top, everyone = surely_most(rows), publishable_counts(study).set_index("code_id")
    if top.empty:
        return None
    n = int(rows["base"].max())
    numbers = {"clients": n, "others": int(everyone["base"].iloc[0]) - n}
    top = top.assign(elsewhere=top["code_id"].map(everyone["n"]) - top["n"], **numbers)
    top["elsewhere"] = top["elsewhere"].astype("object").where(top["elsewhere"].notna(), "")
    opened = evidence_for(study, top["code_id"], who=group)
    every, themes = rows["most"].gt(0).sum() == len(top), phrases("clients", "theme", _each(top))
    return people_sentence("clients", study, numbers, opened, every=every, themes=themes)
