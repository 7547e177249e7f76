"""What a chapter of a research report says: its key points, partners, factors, suggestions and quotations."""

import pandas as pd

from ncsresearch.analysis.passages import quotations_by_group
from ncsresearch.present.outputs import Finding, Table
from ncsresearch.present.passages_raised import say_kind_told
from ncsresearch.present.sentence_themes import TOLD
from ncsresearch.present.table import STANCE_HEADINGS, source_of, titles, wide
from ncsresearch.present.table_research import table_area_points
from ncsresearch.present.wording import frame_sentence, phrases, worded_table
from ncsresearch.study.frames import framed, study_of


def say_key_points(points: pd.DataFrame) -> Finding:
    """Say how many key points a chapter has and how they are told."""
    own, ways = points.drop_duplicates("segment_id"), points.drop_duplicates(["segment_id", "stance"])
    stances = ways["stance"].value_counts()
    rows = [{"n": n, "how": TOLD[str(stance)]} for stance, n in stances.items() if n]
    told = phrases("key_points", "told", rows)
    places = {"n": len(own), "told": told, "twice": stances.sum() > len(own)}
    return frame_sentence("key_points", points, {"key_points": len(own)}, evidence=_units(own), **places)


def _units(points: pd.DataFrame) -> pd.DataFrame:
    """Return points as the units that a sentence opens to."""
    return points.drop(columns="unit_id", errors="ignore").rename(columns={"segment_id": "unit_id"})


def table_points(points: pd.DataFrame) -> Table | None:
    """Points with their themes and how they were told, one row a point, in the words for their kind."""
    if points.empty:
        return None
    labels = study_of(points).codebook.set_index("code_id")["label"]
    theme = points["code_id"].astype("object").map(labels)
    told = points.assign(theme=theme, stance=points["stance"].astype("object"))
    one = told.groupby("segment_id", sort=False)
    rows = one[["label", "document_id", "section"]].first().join(one[["theme", "stance"]].agg(_each))
    entry = points.attrs["kind"].partition(",")[0].replace(" ", "_")
    return worded_table(entry, rows.reset_index(), source=source_of(points))


def _each(values: pd.Series) -> str:
    return ", ".join(dict.fromkeys(values.dropna()))


def say_partners(partners: pd.DataFrame) -> Finding:
    """Say how many partners are named, how many were discussed, and how."""
    discussed = partners[partners["discussed in interviews"].eq("yes")]
    hard = list(discussed.loc[discussed["stance"].eq("challenge"), "partner"])
    numbers = {"named": len(partners), "discussed": len(discussed), "challenge": len(hard)}
    return frame_sentence("partners", partners, numbers, evidence=_units(discussed), hard=hard, **numbers)


def say_factors(factors: pd.DataFrame) -> Finding:
    """Say what helps, what hinders, what does both and what is only suggested."""
    helps, hinders = (factors[name].eq("yes") for name in ("helps", "hinders"))
    kinds = {
        "only helping": helps & ~hinders,
        "only hindering": hinders & ~helps,
        "both": helps & hinders,
        "suggested": factors["helps"].eq("suggested"),
    }
    named = factors.sort_values("segment_id")["label"]
    rows = [{"name": name, "found": list(named[found])} for name, found in kinds.items() if found.any()]
    numbers, parts = (
        {name: int(found.sum()) for name, found in kinds.items()},
        phrases("factors", "part", rows),
    )
    return frame_sentence("factors", factors, numbers, evidence=_units(factors), parts=parts)


def say_suggestions(suggestions: pd.DataFrame) -> Finding:
    """Say how many suggestions there are and whose they are."""
    whose = suggestions["said_by"].fillna("people not named").value_counts(sort=False)
    told = phrases("suggestions", "whose", [{"n": n, "who": who} for who, n in whose.items()])
    by_reader = int(suggestions["read_by"].eq("reader").sum())
    places = {"n": len(suggestions), "whose": told, "by_reader": by_reader}
    return frame_sentence("suggestions", suggestions, whose.to_dict(), evidence=_units(suggestions), **places)


def table_suggestions(suggestions: pd.DataFrame) -> Table:
    """Suggestions by who made them."""
    rows = suggestions.assign(document=titles(study_of(suggestions), suggestions["document_id"]))
    return worded_table("suggestions", rows)


def say_rural(points: pd.DataFrame) -> Finding | None:
    """Say how the passages about rural areas are told."""
    return say_kind_told(points, study_of(points), kind="rural")


def table_between_areas(points: pd.DataFrame) -> Table:
    """Every point about differences between areas or all areas."""
    return table_area_points(points, study_of(points), kind="not in the comparison")


def table_sections(sections: pd.DataFrame) -> Table:
    """Passages of each section by kind."""
    rows = wide(sections, index="section", columns="kind", values="n_passages").fillna(0)
    kinds = {name: name.capitalize() for name in rows if name != "section"}
    rows = rows.astype(dict.fromkeys(kinds, "Int64"))
    return worded_table("sections", rows, source=source_of(sections), more=kinds)


def table_quotations(index: pd.DataFrame) -> Table:
    """Quotations of each group, from how many interviews."""
    return table_quoted(framed(quotations_by_group(index), "quotations by group", study_of(index)))


def table_quoted(groups: pd.DataFrame) -> Table:
    """Quotations of each group, from how many interviews."""
    stances = {name: heading for name, heading in STANCE_HEADINGS.items() if name in groups}
    return worded_table("quotations", groups, more=stances)


def table_quotation_index(quotations: pd.DataFrame) -> Table:
    """Every quotation: who is quoted, what it says in our words, and how it was judged."""
    return worded_table("quotation_index", quotations.drop(columns="text", errors="ignore"))
