"""The report on an area in which people were heard: in words and tables, of its own people and of what is published of the others."""

import pandas as pd

from ncsresearch.disclosure.counts import RAISED
from ncsresearch.disclosure.mask import publishable_bases, publishable_counts
from ncsresearch.disclosure.plan import word
from ncsresearch.evidence.groups import n_areas_of_kind, n_in_groups, n_placed
from ncsresearch.evidence.kinds import kind_of_area
from ncsresearch.present.certain import surely_most
from ncsresearch.present.outputs import WITHHELD, Finding, Table
from ncsresearch.present.people_behind import evidence_for
from ncsresearch.present.people_compared import carries, side_by_side, told_in
from ncsresearch.present.people_heard import n_interviews_told, people_sentence, people_table
from ncsresearch.present.people_raised import BOTH_WAYS, specific, telling, told_by_theme
from ncsresearch.present.sentence import lower_first
from ncsresearch.present.table import nested, told
from ncsresearch.present.wording import phrases, sentence
from ncsresearch.present.written import is_written
from ncsresearch.schema import kind_words
from ncsresearch.study import Study
from ncsresearch.study.frames import area_of, study_of

LARGE = ("most", "about half")  # words for withheld numbers that are worth a sentence
MOST_NAMED, MOST_WITH_TIES = 3, 5
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
    numbers = {"of_kind": of_kind.get(kind, 0), "areas": sum(of_kind.values())}
    places = {"area": area["name"], "classed": kind_words(str(area["area_type"])), "kind": kind}
    return people_sentence("area_kind", study, numbers if numbers["areas"] > 1 else {}, **places, **numbers)


def say_area_heard(counts: pd.DataFrame) -> Finding:
    """Say how many people and interviews were heard in the area."""
    study, area = study_of(counts), area_of(counts)
    here, n = study.where(area_id=area["area_id"]), counts["base"].max() if len(counts) else 0
    if pd.isna(n) or not n:
        return people_sentence("area_heard", study, form="few" if pd.isna(n) else "none", area=area["name"])
    held = n_interviews_told(study, len(here.interviews))
    numbers = {"people": int(n), "interviews": held}
    return people_sentence("area_heard", here, numbers, area=area["name"], **numbers)


def say_area_described(counts: pd.DataFrame) -> Finding | None:
    """Say how people of an area, or of one group, described the themes of which the largest numbers are printed: in both ways.

    No order is claimed: a number that is withheld may be as large. Each theme has both ways, and the larger is the first.
    """
    study, rows = study_of(counts), told_by_theme(counts)
    rows = rows[rows["stance"].isin(BOTH_WAYS)].assign(told=told)
    rows = rows.sort_values(["least", "most"], ascending=False, kind="stable")
    known = rows["n"].gt(0).fillna(False) | rows["words"].isin(LARGE)
    named = rows.loc[known, "code_id"].drop_duplicates().head(MOST_NAMED)
    if named.empty:
        return None
    ways = [rows[rows["code_id"].eq(code)].to_dict("records") for code in named]
    who = counts.attrs.get("heard_from", "")
    called = lower_first(who or "people")
    each = [{"way": own[0], "other": own[1], "first": own is ways[0], "who": called} for own in ways]
    numbers = {
        f"{row['theme']}, {row['stance']}": int(row["n"]) for row in sum(ways, []) if pd.notna(row["n"])
    }
    return people_sentence(
        "area_described",
        study,
        numbers,
        {} if study.part_of else _opened(study, ways, who),
        themes=phrases("area_described", "theme", each),
    )


def _opened(study: Study, ways: list[list[dict]], who: str) -> dict[str, tuple]:
    """Return what lies behind themes, each in the way that more people described it."""
    each = [evidence_for(study, [own[0]["code_id"]], who=who, stance=own[0]["stance"]) for own in ways]
    return {part: sum((opened[part] for opened in each), ()) for part in ("behind", "passages")}


def _with_base(rows: pd.DataFrame, *, said: bool = False) -> list[dict]:
    """Return the rows of themes, the first with the base of all unless it has been said."""
    return [row | {"first": not (n or said)} for n, row in enumerate(rows.to_dict("records"))]


def say_area_suggested(counts: pd.DataFrame) -> Finding | None:
    """Say on which themes people of an area suggested changes: the largest of the numbers that are printed, or what most raised."""
    study, rows = study_of(counts), specific(counts, study_of(counts))
    raised = rows[rows["group"].eq(RAISED)].set_index("code_id")["least"]
    made = rows[rows["stance"].eq("suggestion") & rows["least"].gt(0)]
    made = made.assign(raised=made["code_id"].map(raised), n_said=told(made)).sort_values(
        ["least", "raised"], ascending=False, kind="stable"
    )
    if made.empty:
        return None
    counted = made[made["n"].notna() | made["words"].isin(LARGE)].head(MOST_NAMED)
    named = made.head(MOST_NAMED) if counted.empty else counted
    numbers = {row.theme: int(row.n) for row in counted.itertuples() if pd.notna(row.n)}
    themes = phrases("area_suggested", "theme", _with_base(named))
    places = {"counted": len(counted) > 0, "n": int(made["base"].max()), "others": len(made) > len(named)}
    return people_sentence("area_suggested", study, numbers, themes=themes, **places)


def say_area_raised(counts: pd.DataFrame) -> Finding | None:
    """Say what people of an area raised, each theme once, and of those whose numbers are printed the one that is furthest from elsewhere."""
    study, area = study_of(counts), area_of(counts)
    rows = specific(area_beside_others(study, area), study)
    here = rows.rename(columns={"least_here": "least", "most_here": "most"})
    top, aside = _one(surely_most(here, 1)), _aside(rows)
    others = here[here["least"].gt(0) & ~here["theme"].isin([each.get("theme") for each in (top, aside)])]
    if not top and not aside and others.empty:
        return None
    also = phrases("area_raised", "theme", _with_base(_first_with_ties(others), said=bool(top)))
    places = {"top": top, "aside": aside, "also": also}
    places["same"] = bool(top) and top["theme"] == aside.get("theme")
    return people_sentence(
        "area_raised", study, {"of": int(rows["of_here"].iloc[0])}, area=area["name"], **places
    )


def _first_with_ties(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the first themes, and those after them whose number is the same, as far as they are few."""
    last = rows["least"].iloc[:MOST_NAMED].min()
    tied = rows[rows["least"].ge(last)]
    return tied if len(tied) <= MOST_WITH_TIES else rows.head(MOST_NAMED)


def _aside(rows: pd.DataFrame) -> dict:
    """Return the theme whose two printed shares are furthest apart; another may be further."""
    known = rows.dropna(subset=["n_here", "n_there", "difference"])
    return _one(known.sort_values("difference", key=abs, ascending=False, kind="stable"))


def _words(rows: pd.DataFrame) -> list[str]:
    """Return the word for each number that is known only between two ends, where both have the same."""
    ends = zip(rows["least"].clip(lower=0), rows["most"].clip(upper=rows["base"]), rows["base"], strict=True)
    pairs = [(word(least, base), word(most, base)) for least, most, base in ends]
    return [one if one == other else "" for one, other in pairs]


def _one(rows: pd.DataFrame) -> dict:
    return rows.iloc[0].to_dict() if len(rows) else {}


def area_beside_others(study: Study, area: pd.Series) -> pd.DataFrame:
    """Return one row per theme with people who raised it here and in the other areas, and both bases."""
    here = publishable_counts(study, by="area_id", group=area["name"])
    everywhere = publishable_counts(study)
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
    if rows["told_there"].isin([WITHHELD, 0]).all():
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


def say_area_unknown(gaps: pd.DataFrame) -> Finding:
    """Say plainly what the interviews of one area leave open: the numbers that are withheld, and who was not heard."""
    study, area = study_of(gaps), area_of(gaps)
    here = study.where(area_id=area["area_id"])
    confidential = bool(study.settings.threshold)  # people of one group in one area are in no plan
    clients = "" if confidential else int(here.participants["participant_group"].eq("Clients").sum())
    answers = here.survey_answers["respondent_id"].nunique()
    numbers = {} if confidential else {"survey": answers}
    places = {"area": area["name"], "clients": clients, "answers": answers, "counted": not confidential}
    bases = publishable_bases(study, by="area_id").set_index("group")["base"]
    known = pd.notna(bases.get(area["name"], pd.NA))
    hidden = [] if is_written(study) or not known else _withheld_here(study, area["name"])
    return people_sentence(
        "area_unknown", here if known else study, numbers, hidden=hidden, most=MOST_WITH_TIES, **places
    )


def _withheld_here(study: Study, area: str) -> list[str]:
    """Return the themes of which it is not printed how many people of an area raised them."""
    rows = told_in(study, "area_id", area)
    return rows.loc[rows["n"].isna(), "theme"].tolist()
