"""How what people raised differs between kinds of area, and between areas: in words, figures and tables."""

import pandas as pd

from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.evidence.groups import n_areas_of_kind, n_in_groups, n_placed
from ncsresearch.evidence.kinds import kind_of_area
from ncsresearch.present.claims import opens_to
from ncsresearch.present.figure import plot_shares, plot_tiles
from ncsresearch.present.media import WITHHELD, Figure, Finding, Table
from ncsresearch.present.people_heard import PEOPLE, heard_by
from ncsresearch.present.people_raised import in_order, people_table, specific
from ncsresearch.present.quantity import among_told
from ncsresearch.present.sentence import capital, counted, listed, no_evidence, small
from ncsresearch.present.table import SMALLEST_BASE, kind_words, wide
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

BESIDE = [*("theme", "n_here", "of_here", "n_there", "of_there", "share_here", "share_there", "difference")]
TOO_FEW = f"No shares are drawn: a percentage needs {SMALLEST_BASE} people, and fewer were heard."
MOST_AREAS = 30  # more side by side cannot be read
KINDS = [
    *(
        "code_id",
        "theme",
        "n_rural",
        "of_rural",
        "n_urban",
        "of_urban",
        "share_rural",
        "share_urban",
        "difference",
    ),
]


def say_kinds_differ(study: Study) -> Finding:
    """Name the theme whose share differs most between rural and urban areas, each way."""
    rows = _kinds(study).dropna(subset="difference")
    if rows.empty:
        return no_evidence("kinds_differ", "both rural and urban areas")
    more, led = rows.iloc[0], _led(rows)
    told = [_difference(row, kind) for row, kind in led]
    sentence = (
        f"{capital('; '.join(told))}."
        if told
        else "No theme was raised by a larger share in one kind of area."
    )
    return Finding(
        "kinds_differ",
        sentence,
        {"rural": int(more["n_rural"]), "urban": int(more["n_urban"])},
        source=heard_by(study),
        **opens_to(study, [row["code_id"] for row, _ in led]),
    )


def themes_that_kinds_lead(study: Study) -> list[str]:
    """Return the themes that say_kinds_differ names."""
    return [row["code_id"] for row, _ in _led(_kinds(study).dropna(subset="difference"))]


def _led(rows: pd.DataFrame) -> list[tuple[pd.Series, str]]:
    """The theme that each kind of area leads by most, with the kind; a kind that leads by none is left out."""
    ends = [(rows.iloc[0], "rural"), (rows.iloc[-1], "urban")] if len(rows) else []
    return [(row, kind) for row, kind in ends if _leads(row, kind)]


def _leads(row: pd.Series, kind: str) -> bool:
    return row["difference"] > 0 if kind == "rural" else row["difference"] < 0


def _difference(row: pd.Series, kind: str) -> str:
    return (
        f"{small(row['theme'])} was raised by relatively more people in {kind} areas ({row['n_rural']} of {row['of_rural']} people "
        f"in rural areas, {row['n_urban']} of {row['of_urban']} in urban areas)"
    )


def say_kinds_alike(study: Study) -> Finding:
    """Name the often raised themes that rural and urban areas share alike."""
    rows = _kinds(study).dropna(subset="difference")
    if rows.empty:
        return no_evidence("kinds_alike", "themes that rural and urban areas share")
    rows = rows if _carries(rows, "of_rural", "of_urban") else rows.iloc[:0]
    alike = rows[
        rows["difference"].abs().lt(0.05)
        & (rows["n_rural"] + rows["n_urban"]).ge(0.2 * (rows["of_rural"] + rows["of_urban"]))
    ]
    if alike.empty:
        return Finding(
            "kinds_alike",
            "No theme that a fifth of the people raised is shared alike by rural and urban areas.",
        )
    told = listed(small(name) for name in alike["theme"])
    sentence = f"Of the themes that a fifth of the people or more raised, these were raised by much the same share in both, within five points: {told}."
    opened = opens_to(study, alike["code_id"])
    return Finding("kinds_alike", sentence, {"themes": len(alike)}, source=heard_by(study), **opened)


def say_kinds(counts: pd.DataFrame) -> list[Finding]:
    """Say how rural and urban areas differ, and where they do not, as far as it may be counted."""
    study = study_of(counts)
    return among_told(study, say_kinds_differ(study), say_kinds_alike(study))


def plot_kinds_counted(counts: pd.DataFrame) -> Figure:
    """Draw the share of people in rural and in urban areas who raised each theme, most rural first."""
    return plot_kinds(study_of(counts))


def tables_of_kinds(counts: pd.DataFrame) -> list[Table]:
    """Return people in rural and urban areas who raised each theme, and who described it as a challenge or strength."""
    study, asked = study_of(counts), counts["stance"].unique().tolist()
    return [
        table_kinds(study, stance) for stance in (["", "challenge", "strength"] if asked == [""] else asked)
    ]


def say_six_areas(areas: pd.DataFrame) -> Finding:
    """Say how many areas of each kind there are, and what their number cannot show."""
    study = study_of(areas)
    kinds = n_areas_of_kind(study)
    if not {"rural", "urban"} <= set(kinds):
        words = "The study has no rural and urban areas to compare; areas.csv says what kind each area is."
        return Finding("areas_compared", words)
    told = listed(counted(kinds[kind], f"{kind} area") for kind in ("rural", "urban"))
    sentence = (
        f"The comparison rests on {told}. People of one area share its service, so it is areas that are compared; "
        "so few of them can suggest a difference and cannot show one."
    )
    return Finding(
        "areas_compared", sentence, {str(kind): int(n) for kind, n in kinds.items()}, source=heard_by(study)
    )


def _kinds(study: Study, stance: str = "") -> pd.DataFrame:
    """Return one row per theme with people and bases of both kinds of area, the most rural first."""
    rural, urban = (_told_in(study, "area_type", kind, stance) for kind in ("rural", "urban"))
    if not (rural["base"].any() and urban["base"].any()):
        return pd.DataFrame(columns=KINDS)
    rows = _side_by_side(rural, urban, "rural", "urban").sort_values(["code_id", "theme"], kind="stable")
    rows = rows[[*KINDS]]
    return rows.sort_values("difference", ascending=False, kind="stable", ignore_index=True)


def _told_in(study: Study, by: str, group: str, stance: str = "") -> pd.DataFrame:
    return specific(publishable_counts(study, by=by, group=group, stance=stance), study)


def _side_by_side(one: pd.DataFrame, other: pd.DataFrame, here: str, there: str) -> pd.DataFrame:
    """Return one row per theme that somebody raised with people, bases and shares of both sides."""
    rows = one[["code_id", "theme"]].assign(
        **{f"n_{here}": one["n"], f"n_{there}": other["n"]},
        **{f"of_{here}": one["base"], f"of_{there}": other["base"]},
    )
    for side in (here, there):
        rows[f"share_{side}"] = (rows[f"n_{side}"] / rows[f"of_{side}"]).astype("float64")
    rows["difference"] = rows[f"share_{here}"] - rows[f"share_{there}"]
    return rows[~(rows[f"n_{here}"].eq(0) & rows[f"n_{there}"].eq(0)).fillna(False)]


def _carries(rows: pd.DataFrame, *bases: str) -> bool:
    """Whether every base is large enough for a percentage."""
    return bool(len(rows)) and all(rows[base].min() >= SMALLEST_BASE for base in bases)


def plot_kinds(study: Study) -> Figure:
    """Draw the share of people in rural and in urban areas who raised each theme, most rural first."""
    rows = _kinds(study)
    if len(rows) and not _carries(rows, "of_rural", "of_urban"):
        return Figure("kinds", None, TOO_FEW)
    what = "Share of the people heard who raised the theme"
    return plot_shares(rows, "kinds", what, base=_of_both(rows), source=heard_by(study))


def _of_both(rows: pd.DataFrame) -> str:
    """Return how many people of both kinds of area the rows count."""
    if rows.empty:
        return PEOPLE
    return f"{rows['of_rural'].iloc[0]} people in rural areas, {rows['of_urban'].iloc[0]} in urban areas"


def table_kinds(study: Study, stance: str = "") -> Table:
    """Return people in rural and urban areas who raised each theme, or told it in one way."""
    rows = _kinds(study, stance)
    told = {"challenge": ", told as a challenge", "strength": ", told as a strength"}.get(stance, "")
    shares = (
        {"share_rural": "Rural, %", "share_urban": "Urban, %"}
        if _carries(rows, "of_rural", "of_urban")
        else {}
    )
    shown = {"theme": "Theme", "n_rural": "Rural", "n_urban": "Urban"} | shares
    return Table(
        f"kinds{'_' + stance if stance else ''}",
        f"Themes raised in rural and urban areas{told}",
        rows,
        shown,
        _of_both(rows),
        heard_by(study),
        missing=WITHHELD,
    )


def plot_areas(counts: pd.DataFrame) -> Figure:
    """Draw the share of the people of each area who raised each theme, as tiles with the share written in."""
    study = study_of(counts)
    rows = specific(counts, study)
    rows = rows[rows["base"].ge(SMALLEST_BASE)]
    if (n := rows["group"].nunique()) > MOST_AREAS:
        words = f"No tiles are drawn: of {n:,} areas beside each other none could be read. The table's file has all of them."
        return Figure("areas_themes", None, words)
    hidden = rows.loc[rows["withheld"], "theme"].unique()
    raised = rows.groupby("theme", sort=False)["n"].sum()
    raised = raised[raised.gt(0) | raised.index.isin(hidden)]
    rows = rows[rows["theme"].isin(raised.index)]
    table = rows.pivot(index="theme", columns="group", values="share") if len(rows) else pd.DataFrame()
    order = raised.sort_values(ascending=False, kind="stable").index
    what = "Share of the people heard in the area who raised the theme"
    about = {"base": "people heard in each area", "source": heard_by(study)}
    return plot_tiles(table.reindex(order), "areas_themes", what, **about)


def table_areas(counts: pd.DataFrame) -> Table:
    """Return the people of each area who raised each theme."""
    heard = counts.drop_duplicates("group").set_index("group")["base"]
    rows = in_order(wide(counts, index="theme", columns="group", values="n"), counts["theme"])
    shown = heard.head(MOST_AREAS)
    areas = {str(area): f"{area} (of {n})" for area, n in shown.items()}
    cut = (len(shown), len(heard)) if len(heard) > len(shown) else ()
    return people_table("areas_themes", rows, study_of(counts), more=areas, cut=cut)


def say_areas_differ(counts: pd.DataFrame) -> Finding:
    """Name the theme whose share differs most between areas, and the areas at its ends."""
    study = study_of(counts)
    rows = specific(counts, study).dropna(subset="share")
    if rows["group"].nunique() < 2:
        return no_evidence("areas_differ", "several areas")
    spans = rows.groupby("theme", sort=False)["share"].agg(lambda shares: shares.max() - shares.min())
    own = rows[rows["theme"].eq(spans.idxmax())]
    high, low = own.loc[own["share"].idxmax()], own.loc[own["share"].idxmin()]
    sentence = (
        f"The areas differ most in {small(str(spans.idxmax()))}: {high['n']} of {high['base']} people raised it in "
        f"{high['group']}, {low['n']} of {low['base']} in {low['group']}."
    )
    made = Finding(
        "areas_differ",
        sentence,
        {"high": int(high["n"]), "low": int(low["n"])},
        source=heard_by(study),
    )
    return among_told(study, made)[0]


def say_area_raised(study: Study, area: pd.Series) -> Finding:
    """Say what most people of an area raised, and where it differs most from the other areas."""
    rows = area_beside_others(study, area).dropna(subset=["n_here", "difference"])
    if rows.empty:
        return no_evidence("area_raised", f"what people in {area['name']} raised")
    top = rows.sort_values("n_here", ascending=False, kind="stable").iloc[0]
    apart = rows.loc[rows["difference"].abs().idxmax()]
    way = "more" if apart["difference"] > 0 else "less"
    sentence = (
        f"People in {area['name']} raised {small(top['theme'])} most ({top['n_here']} of {top['of_here']}). What sets it apart is "
        f"{small(apart['theme'])}, raised {way} often here ({apart['n_here']} of {apart['of_here']}) than in the other areas "
        f"({apart['n_there']} of {apart['of_there']})."
    )
    return Finding(
        "area_raised",
        sentence,
        {"here": int(top["n_here"]), "of": int(top["of_here"])},
        source=heard_by(study),
    )


def area_beside_others(study: Study, area: pd.Series) -> pd.DataFrame:
    """Return one row per theme with people who raised it here and in the other areas, and both bases."""
    here, everywhere = _told_in(study, "area_id", area["name"]), _told_in(study, "", "everybody")
    heard = n_in_groups(study, by="area_id").get(area["name"], 0)
    n_others = n_placed(study) - heard
    if not heard or not n_others or (not here["withheld"].any() and not here["n"].sum()):
        return pd.DataFrame(columns=BESIDE)
    others = everywhere.assign(n=everywhere["n"] - here["n"], base=n_others)
    table = _side_by_side(here, others, "here", "there")[BESIDE]
    return table.sort_values("n_here", ascending=False, kind="stable", ignore_index=True, na_position="last")


def table_area_raised(study: Study, area: pd.Series) -> Table:
    """Return the themes of one area beside the other areas together."""
    rows = area_beside_others(study, area)
    shown = {"theme": "Theme"}
    for side, heading in (("here", "Here"), ("there", "Other areas")):
        shown |= {f"n_{side}": heading}
        shown |= {f"share_{side}": f"{heading}, %"} if _carries(rows, "of_here", "of_there") else {}
    base = (
        f"{rows['of_here'].iloc[0]} people in {area['name']}, {rows['of_there'].iloc[0]} in the other areas"
        if len(rows)
        else PEOPLE
    )
    return Table(
        "area_raised",
        f"Themes raised in {area['name']} and in the other areas",
        rows,
        shown,
        base,
        heard_by(study),
        missing=WITHHELD,
    )


def say_area_of_kind(study: Study, area: pd.Series) -> Finding:
    """Say what kind of area it is, and how many of the kind are in the study."""
    kinds, kind = n_areas_of_kind(study), kind_of_area(str(area["area_type"]))
    if not kind:
        return Finding(
            "area_kind",
            f"{area['name']} has no class in this study, so it is in no comparison of kinds of area.",
        )
    n, areas = kinds.get(kind, 0), sum(kinds.values())
    named, of_kind = kind_words(str(area["area_type"])), counted(n, f"{kind} area")
    sentence = f"{area['name']} is classed as {named}: one of {of_kind} among the study's {areas}."
    return Finding("area_kind", sentence, {"of_kind": n, "areas": areas}, source=heard_by(study))


def say_area_unknown(study: Study, area: pd.Series) -> Finding:
    """Say plainly what the interviews of one area leave open."""
    here = study.where(area_id=area["area_id"])
    clients = int(here.participants["participant_group"].eq("Clients").sum())
    answers = here.survey_answers["respondent_id"].nunique()
    surveyed = (
        f"{counted(answers, 'person', 'people')} of the area answered a survey"
        if answers
        else "no survey was answered here"
    )
    heard = (
        "few clients were"
        if below_threshold(clients, study.settings.threshold)
        else counted(clients, "client was", "clients were")
    )
    sentence = (
        f"Not known for {area['name']}: what those who were not heard would say ({heard} heard), and "
        f"any figure on the service in the area alone; {surveyed}."
    )
    return Finding("area_unknown", sentence, {"survey": answers}, source=heard_by(here))
