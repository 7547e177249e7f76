"""The report on an area in which people were heard: in words and tables, of its own people and of what is published of the others."""

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from ncsresearch.disclosure.area_ways import ways_of_themes
from ncsresearch.disclosure.client_views import CLIENTS
from ncsresearch.disclosure.mask import publishable_bases, publishable_counts
from ncsresearch.disclosure.plan import word
from ncsresearch.evidence.groups import n_areas_of_kind, n_in_groups, n_placed
from ncsresearch.evidence.kinds import kind_of_area
from ncsresearch.present.area_ways import in_words
from ncsresearch.present.certain import with_ties
from ncsresearch.present.outputs import INSTEAD, WITHHELD, Finding, Table
from ncsresearch.present.people_compared import APART, carries, side_by_side, told_in
from ncsresearch.present.people_heard import n_interviews_told, people_sentence, people_table
from ncsresearch.present.people_raised import BOTH_WAYS, specific, telling, told_by_theme
from ncsresearch.present.table import nested, told
from ncsresearch.present.wording import phrase, phrases, sentence
from ncsresearch.present.written import is_written
from ncsresearch.schema import kind_words
from ncsresearch.study import Study
from ncsresearch.study.frames import area_of, study_of

LARGE = ("most", "about half")  # words for withheld numbers that are worth a sentence
MOST_NAMED, MOST_BELOW, MOST_WITH_TIES, MOST_APART = 3, 2, 6, 2
FEWEST_APART = 2  # people, so that one alone sets no area apart
BESIDE = [
    *(
        "code_id",
        "theme",
        "n_here",
        "of_here",
        "n_there",
        "of_there",
        "share_here",
        "share_there",
        "difference",
    ),
    *("told_here", "told_there", "least_here", "most_here"),
]


def say_area_of_kind(kinds: pd.DataFrame) -> Finding:
    """Say what kind of area it is, and how many of the kind are in the study."""
    study, area = study_of(kinds), area_of(kinds)
    of_kind, kind = n_areas_of_kind(study), kind_of_area(str(area["area_type"]))
    if not kind:
        return sentence("area_kind", "none", area=area["name"])
    of_kind, areas = of_kind.get(kind, 0), sum(of_kind.values())
    numbers = {"areas of the kind": of_kind, "areas": areas} if areas > 1 else {}
    places = {"area": area["name"], "classed": kind_words(str(area["area_type"])), "kind": kind}
    return people_sentence("area_kind", study, numbers, **places, of_kind=of_kind, areas=areas)


def say_area_heard(counts: pd.DataFrame) -> Finding:
    """Say how many people and interviews were heard in the area."""
    study, area = study_of(counts), area_of(counts)
    n = _n_in(area, study)
    if pd.isna(n) or not n:
        return people_sentence("area_heard", study, form="few" if pd.isna(n) else "none", area=area["name"])
    held = n_interviews_told(study, len(study.interviews))
    numbers = {"people": int(n), "interviews": held}
    return people_sentence(
        "area_heard", study, numbers, **numbers, area=area["name"], coded=len(study.codings)
    )


def _n_in(area: pd.Series, study: Study) -> object:
    """Return how many people were heard in an area, missing where it is withheld."""
    return publishable_bases(study, by="area_id").set_index("group")["base"].get(area["name"], 0)


def say_area_described(counts: pd.DataFrame) -> Finding | None:
    """Say how people of an area described the themes of which the largest numbers are printed: as a challenge and as a strength.

    No order is claimed: a number that is withheld may be as large. Of each theme the larger way is the first.
    """
    study, rows = study_of(counts), told_by_theme(counts)
    rows = rows[rows["stance"].isin(BOTH_WAYS)].assign(told=told)
    rows = rows.sort_values(["least", "most"], ascending=False, kind="stable")
    known = rows[_known(rows)].drop_duplicates("code_id")
    named = with_ties(known, "least", MOST_NAMED, MOST_WITH_TIES)["code_id"]
    if named.empty or (study.part_of and in_words(study)):
        return None
    ways = [rows[rows["code_id"].eq(code)].to_dict("records") for code in named]
    alike: dict[tuple, dict] = {}
    for one, other in ways:
        both = _overlap(study, one, other)
        key = (one["told"], one["stance"], other["told"], *both.values())
        said = {"way": one, "other": other, "who": "people", "named": []}
        alike.setdefault(key, said | both)["named"].append(one["theme"])
    numbers = {
        f"{row['theme']}, {row['stance']}": int(row["n"]) for row in sum(ways, []) if pd.notna(row["n"])
    }
    places = {"themes": phrases("area_described", "theme", alike.values()), "n": len(ways)}
    places["hidden"] = any(row["told"] == WITHHELD for row in sum(ways, []))
    return people_sentence("area_described", study, numbers, **places)


def _known(rows: pd.DataFrame) -> pd.Series:
    """Which numbers are printed, and of somebody, or have a word that is no small one."""
    return rows["n"].gt(0).fillna(False) | rows["words"].isin(LARGE)


def _overlap(study: Study, one: dict, other: dict) -> dict:
    """Return how many people described a theme both ways, of a public study, and whether all did; else whether some did, by what is printed."""
    if study.settings.threshold or not study.part_of:
        overlap = pd.isna(one["n"]) and one["least"] + other["least"] > one["base"]
        return {"both": 0, "same": False, "overlap": overlap}
    both = int(ways_of_themes(study).set_index("code_id")["both"][one["code_id"]])
    same = both > 0 and both == one["n"] == other["n"]
    return {"both": both, "same": same, "overlap": False}


def say_area_suggested(counts: pd.DataFrame) -> Finding | None:
    """Say on which themes people of an area suggested changes, where their numbers are printed."""
    study, rows = study_of(counts), specific(counts, study_of(counts))
    made = rows[rows["stance"].eq("suggestion") & rows["most"].gt(0)].assign(n_said=told)
    made = made.sort_values("least", ascending=False, kind="stable")
    named = with_ties(made[_known(made)], "least", MOST_NAMED, MOST_WITH_TIES)
    if named.empty or in_words(study):
        return None
    numbers = {row.theme: int(row.n) for row in named.itertuples() if pd.notna(row.n)}
    themes = phrases("area_suggested", "theme", named.to_dict("records"))
    rest = made.drop(named.index)
    places = {"hidden": rest["n"].isna().any(), "rest": len(rest), "largest": rest["n"].max()}
    places["fewer"] = bool(rest["most"].lt(named["least"].min()).all())
    return people_sentence("area_suggested", study, numbers, themes=themes, **places)


def say_area_raised(counts: pd.DataFrame) -> list[Finding | None]:
    """Say what people of an area raised, as far as numbers are printed, and what sets it apart from the other areas."""
    study, area = study_of(counts), area_of(counts)
    rows = area_beside_others(study, area)
    if rows.empty:
        return []
    if in_words(study):
        return [_apart_by_share(rows, study, counted=False)]
    here = rows.rename(columns={"least_here": "least", "most_here": "most", "told_here": "told"})
    both = specific(here, study).dropna(subset=["n_here", "n_there"])
    apart, of = _one(_beyond_kind(_apart(both, study), study)), int(rows["of_here"].iloc[0])
    raised = phrases("area_raised", "theme", _raised_with_narrower(here, study, apart))
    form = "says" if raised else "few"
    said = people_sentence(
        "area_raised", study, {"of": of}, form=form, area=area["name"], raised=raised, n=of
    )
    if apart:
        return [people_sentence("area_apart", study, apart=apart), said if raised else None]
    return [said, _apart_by_share(rows.loc[both.index], study, counted=True)]


def _apart_by_share(rows: pd.DataFrame, study: Study, *, counted: bool) -> Finding | None:
    """Name the themes that a surely larger, or smaller, share raised here than elsewhere and in areas of this kind, by what is printed.

    counted   whether numbers of both are printed, so that the other areas are meant; else the whole study is
    """
    rows = specific(rows if counted else _beside_everybody(rows, study), study)
    rows = rows.dropna(subset="n_there").astype({"n_there": "int64", "of_there": "int64"})
    share, of = rows["n_there"] / rows["of_there"], rows["of_here"].astype("float64")
    of_kind = _share_in_kind(rows, study)
    gaps = {
        "more": rows["least_here"] / of - np.fmax(share, of_kind),
        "less": np.fmin(share, of_kind) - rows["most_here"] / of,
    }
    rows = rows.assign(counted=counted, **{side: gap.round(2) for side, gap in gaps.items()})
    least = (FEWEST_APART / of).clip(lower=APART)
    apart = {side: with_ties(rows[rows[side].ge(least)], side, MOST_APART, MOST_WITH_TIES) for side in gaps}
    places = {side: phrases("area_apart", "theme", own.to_dict("records")) for side, own in apart.items()}
    if not any(places.values()):
        return None
    places["where"] = phrase("area_apart", "counted" if counted else "in_words")
    by_chance = counted or _apart(_nearest(pd.concat(apart.values())), study).empty
    return people_sentence(
        "area_apart", study, form="by_share", n=int(of.iloc[0]), by_chance=by_chance, **places
    )


def _share_in_kind(rows: pd.DataFrame, study: Study) -> pd.Series:
    """Return the share that raised each theme in areas of this kind; missing where it is withheld, or no other area is of the kind."""
    kind = kind_of_area(str(study.area(study.part_of)["area_type"]))
    if not kind:
        return pd.Series(np.nan, rows.index)
    there = told_in(study, "area_type", kind).set_index("code_id")
    n, of = (rows["code_id"].map(there[name]).astype("float64") for name in ("n", "base"))
    return (n / of).where(of.gt(rows["of_here"]))


def _beside_everybody(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return rows of area_beside_others with the people of the whole study in place of the other areas."""
    told = publishable_counts(study).set_index("code_id")
    n, of = (rows["code_id"].map(told[name]) for name in ("n", "base"))
    return rows.assign(n_there=n, of_there=of)


def _nearest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows apart from everybody with the number here that is nearest to the others, and with these others alone."""
    here = rows["least_here"].where(rows["more"].gt(0), rows["most_here"])
    return rows.assign(
        n_here=here, n_there=rows["n_there"] - here, of_there=rows["of_there"] - rows["of_here"]
    )


def _raised_with_narrower(here: pd.DataFrame, study: Study, apart: dict) -> list[dict]:
    """Return the themes whose numbers are printed, the largest first, each with those below it; none twice.

    A wider theme that nobody raised but by one narrower theme is left out for that one, and the theme that sets the area apart has
    a sentence of its own.
    """
    parents = study.codebook.set_index("code_id")["parent_id"]
    known = here[here["n_here"].astype("Int64").gt(0).fillna(False)]
    known = known.assign(parent=known["code_id"].map(parents).fillna(""))
    alike = known.merge(
        known[["parent", "n_here"]], left_on=["code_id", "n_here"], right_on=["parent", "n_here"]
    )
    known = known[~known["code_id"].isin(alike["code_id"])]
    known = known[known["code_id"].ne(apart.get("code_id"))]
    first = known[~known["parent"].isin(known["code_id"])]
    rows = with_ties(first, "n_here", MOST_NAMED, MOST_WITH_TIES).to_dict("records")
    below = [
        with_ties(known[known["parent"].eq(row["code_id"])], "n_here", MOST_BELOW, MOST_WITH_TIES)
        for row in rows
    ]
    below = [own.to_dict("records") for own in below]
    return [row | {"below": own} for row, own in zip(rows, below, strict=True)]


def _apart(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the themes raised more, or less, here than in the other areas by more than chance is likely to make, the surest first.

    rows   themes of which both numbers are printed
    """
    sides = rows[["n_here", "of_here", "n_there", "of_there"]].astype("int64").itertuples(index=False)
    p = [fisher_exact([[n, of - n], [m, of_m - m]]).pvalue for n, of, m, of_m in sides]
    rows = rows.assign(p=p).sort_values("p", kind="stable")
    return rows[rows["p"].mul(len(rows)).le(1 - study.settings.interval_level)]


def _beyond_kind(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the themes on which an area is on the same side of the areas of its kind as of all others."""
    here, of_kind = rows["share_here"], _share_in_kind(rows, study)
    alike = np.sign(here - rows["share_there"]).eq(np.sign(here - of_kind))
    return rows[alike | of_kind.isna()]


def _words(rows: pd.DataFrame) -> list[str]:
    """Return the word for each number that is known only between two ends, where both have the same."""
    ends = zip(rows["least"].clip(lower=0), rows["most"].clip(upper=rows["base"]), rows["base"], strict=True)
    pairs = [(word(least, base), word(most, base)) for least, most, base in ends]
    return [one if one == other else "" for one, other in pairs]


def _one(rows: pd.DataFrame) -> dict:
    return rows.iloc[0].to_dict() if len(rows) else {}


def area_beside_others(study: Study, area: pd.Series) -> pd.DataFrame:
    """Return one row per theme with people who raised it here and in the other areas, and both bases."""
    here, everywhere = publishable_counts(study, by="area_id", group=area["name"]), publishable_counts(study)
    heard = n_in_groups(study, by="area_id").get(area["name"], 0)
    n_others = n_placed(study) - heard
    if not heard or not n_others or here["base"].isna().any() or not here["most"].sum():
        return pd.DataFrame(columns=BESIDE)
    ends = {"least": everywhere["least"] - here["most"], "most": everywhere["most"] - here["least"]}
    others = everywhere.assign(n=everywhere["n"] - here["n"], base=n_others, **ends)
    others = others.assign(words=_words(others))
    table = side_by_side(here, others, "here", "there")[BESIDE]
    return table.sort_values(["least_here", "most_here"], ascending=False, kind="stable", ignore_index=True)


def table_area_raised(counts: pd.DataFrame) -> Table | None:
    """Return the themes of one area beside the other areas together, narrower ones under the wider; none of which no number is printed."""
    study, area = study_of(counts), area_of(counts)["name"]
    rows = area_beside_others(study, area_of(counts))
    if rows["told_there"].isin([WITHHELD, 0]).all() or not _any_told(rows):
        return None
    without = () if carries(rows, "of_here", "of_there") else ("share_here", "share_there")
    bases = rows[["of_here", "of_there"]].iloc[0]
    kept, left_out = telling(rows, study, raised="told_here", others=["told_there"])
    kept = kept.assign(n_here=kept["told_here"], n_there=kept["told_there"])[BESIDE[:9]]
    view = nested(kept, study)
    kept = kept.drop(columns="code_id")
    return people_table(
        "area_raised", kept, study, without=without, view=view, area=area, **left_out, **bases
    )


def _any_told(rows: pd.DataFrame) -> bool:
    """Whether a number of the area is printed."""
    return bool(rows["n_here"].astype("Int64").gt(0).fillna(False).any())


def say_area_unknown(gaps: pd.DataFrame) -> Finding:
    """Say plainly what the interviews of one area leave open: the numbers that are withheld, and who was not heard."""
    study, area = study_of(gaps), area_of(gaps)
    confidential = bool(study.settings.threshold)  # people of one group in one area are in no plan
    clients = "" if confidential else _n_clients(study)
    answers = study.survey_answers["respondent_id"].nunique()
    numbers = {} if confidential else {"survey": answers}
    silent = area_tells_nothing(study)
    places = {"area": area["name"], "clients": clients, "answers": answers, "counted": not confidential}
    written, worded = is_written(study), not is_written(study) and in_words(study)
    n = _n_in(area, study)
    known = pd.notna(n) and n > 0
    told = _not_explained(gaps) if confidential and (written or (known and not silent and not worded)) else []
    places |= {"silent": silent, "written": written, "n": int(n) if known else 0}
    places["words"] = [phrase("area_unknown", word) for word in told]
    hidden = [] if is_written(study) or not known else _withheld_here(study, area["name"])
    return people_sentence("area_unknown", study, numbers, **places, hidden=hidden, most=MOST_WITH_TIES)


def _not_explained(gaps: pd.DataFrame) -> list[str]:
    """Return the words for withheld numbers that no table explains which the page of an area shows open."""
    made = None if is_written(study_of(gaps)) else table_area_raised(gaps)
    return [word for word in INSTEAD if made is None or not made.cells().isin([word]).any(axis=None)]


def _n_clients(study: Study) -> int | str:
    """Return how many clients were heard here; nothing where no group of the study is called so."""
    groups = study.participants["participant_group"]
    return int(groups.eq(CLIENTS).sum()) if CLIENTS in set(groups) else ""


def area_tells_nothing(study: Study) -> bool:
    """Whether people were heard in the area of a report, and neither a number of them nor a word is printed."""
    rows = publishable_counts(study, by="area_id", group=study.area(study.part_of)["name"])
    return bool(rows["most"].gt(0).any() and not rows["least"].gt(0).any())


def _withheld_here(study: Study, area: str) -> list[str]:
    """Return the themes that somebody raised, of which no number of people of an area is printed, nor a word where all are words."""
    rows = publishable_counts(study, by="area_id", group=area)
    if not rows["least"].gt(0).any():
        return []
    raised = publishable_counts(study)["most"].gt(0).to_numpy()
    untold = rows["n"].isna() & (rows["words"].eq("") | (not in_words(study)))
    return rows.loc[untold & raised, "theme"].tolist()
