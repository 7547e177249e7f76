"""What a chapter of a research report says: its key points, partners, factors, suggestions and quotations."""

import pandas as pd

from ncsresearch.analysis.passages import quotations, quotations_by_group
from ncsresearch.present.outputs import Finding, Table
from ncsresearch.present.passages_raised import say_kind_told
from ncsresearch.present.sentence_themes import TOLD
from ncsresearch.present.table import STANCE_HEADINGS, cited, source_of, titles, wide
from ncsresearch.present.table_research import table_area_points
from ncsresearch.present.wording import phrases, sentence, worded_table
from ncsresearch.study.frames import framed, study_of


def say_key_points(points: pd.DataFrame) -> Finding | None:
    """Say how many key points a chapter has and how they are told."""
    if points.empty:
        return None
    own, ways = points.drop_duplicates("segment_id"), points.drop_duplicates(["segment_id", "stance"])
    stances = ways["stance"].value_counts()
    rows = [{"n": n, "how": TOLD[str(stance)]} for stance, n in stances.items() if n]
    told = phrases("key_points", "told", rows)
    of = _behind(own) | {"numbers": {"key_points": len(own)}}
    return sentence("key_points", of=of, n=len(own), told=told, twice=stances.sum() > len(own))


def _behind(points: pd.DataFrame) -> dict[str, object]:
    """Return the passages that a sentence opens to, and their sources."""
    evidence = points.drop(columns="unit_id", errors="ignore").rename(columns={"segment_id": "unit_id"})
    return {"evidence": evidence, "source": source_of(points)}


def table_points(points: pd.DataFrame) -> Table | None:
    """Points with their themes and how they were told, one row a point, in the words for their kind."""
    if points.empty:
        return None
    labels = study_of(points).codebook.set_index("code_id")["label"]
    theme = points["code_id"].astype("object").map(labels)
    told = points.assign(theme=theme, stance=points["stance"].astype("object"))
    one = told.groupby("segment_id", sort=False)
    rows = one[["label", "document_id", "section"]].first().join(one[["theme", "stance"]].agg(_each))
    return worded_table(
        points.attrs["kind"].partition(",")[0].replace(" ", "_"), rows.reset_index(), source=source_of(points)
    )


def _each(values: pd.Series) -> str:
    return ", ".join(dict.fromkeys(values.dropna()))


def say_partners(partners: pd.DataFrame) -> Finding | None:
    """Say how many partners are named, how many were discussed, and how."""
    if partners.empty:
        return None
    discussed = partners[partners["discussed in interviews"].eq("yes")]
    hard = list(discussed.loc[discussed["stance"].eq("challenge"), "partner"])
    numbers = {"named": len(partners), "discussed": len(discussed), "challenge": len(hard)}
    of = _behind(discussed) | {"numbers": numbers, "source": source_of(partners)}
    return sentence("partners", of=of, hard=hard, **numbers)


def table_partners(partners: pd.DataFrame) -> Table | None:
    """Partner organisations: where they are named and how working with them is told."""
    return worded_table("partners", partners, source=source_of(partners)) if len(partners) else None


def say_factors(factors: pd.DataFrame) -> Finding | None:
    """Say what helps, what hinders, what does both and what is only suggested."""
    if factors.empty:
        return None
    helps, hinders = (factors[name].eq("yes") for name in ("helps", "hinders"))
    kinds = {
        "only helping": helps & ~hinders,
        "only hindering": hinders & ~helps,
        "both": helps & hinders,
        "suggested": factors["helps"].eq("suggested"),
    }
    named = factors.sort_values("segment_id")["label"]
    rows = [{"name": name, "found": list(named[found])} for name, found in kinds.items() if found.any()]
    of = _behind(factors) | {"numbers": {name: int(found.sum()) for name, found in kinds.items()}}
    return sentence("factors", of=of, parts=phrases("factors", "part", rows))


def table_factors(factors: pd.DataFrame) -> Table | None:
    """What helps and what hinders partnership working, and what is only suggested."""
    return worded_table("factors", factors, source=source_of(factors)) if len(factors) else None


def say_suggestions(suggestions: pd.DataFrame) -> Finding | None:
    """Say how many suggestions there are and whose they are."""
    if suggestions.empty:
        return None
    whose = suggestions["said_by"].fillna("people not named").value_counts(sort=False)
    told = phrases("suggestions", "whose", [{"n": n, "who": who} for who, n in whose.items()])
    by_reader = int(suggestions["read_by"].eq("reader").sum())
    of = _behind(suggestions) | {"numbers": whose.to_dict()}
    return sentence("suggestions", of=of, n=len(suggestions), whose=told, by_reader=by_reader)


def table_suggestions(suggestions: pd.DataFrame) -> Table | None:
    """Suggestions by who made them."""
    if suggestions.empty:
        return None
    rows = suggestions.assign(document=titles(study_of(suggestions), suggestions["document_id"]))
    return worded_table("suggestions", rows, source=source_of(suggestions))


def say_rural(points: pd.DataFrame) -> Finding | None:
    """Say how the passages about rural areas are told."""
    return say_kind_told(points, study_of(points), kind="rural")


def table_between_areas(points: pd.DataFrame) -> Table:
    """Every point about differences between areas or all areas."""
    return table_area_points(points, study_of(points), kind="not in the comparison")


def table_sections(sections: pd.DataFrame) -> Table | None:
    """Passages of each section by kind."""
    if sections.empty:
        return None
    rows = wide(sections, index="section", columns="kind", values="n_passages").fillna(0)
    kinds = {name: name.capitalize() for name in rows if name != "section"}
    source = cited(study_of(sections), study_of(sections).segments["document_id"])
    return worded_table("sections", rows.astype(dict.fromkeys(kinds, "Int64")), source=source, more=kinds)


def table_quotations(index: pd.DataFrame) -> Table | None:
    """Quotations of each group, from how many interviews."""
    groups = framed(quotations_by_group(index), "quotations by group", study_of(index))
    return table_quoted(groups) if len(index) else None


def table_quoted(groups: pd.DataFrame) -> Table | None:
    """Quotations of each group, from how many interviews."""
    study = study_of(groups)
    stances = {name: heading for name, heading in STANCE_HEADINGS.items() if name in groups}
    source = cited(study, quotations(study)["document_id"])
    return worded_table("quotations", groups, source=source, more=stances) if len(groups) else None


def table_quotation_index(quotations: pd.DataFrame) -> Table | None:
    """Every quotation: who is quoted, what it says in our words, and how it was judged."""
    rows = quotations.drop(columns="text", errors="ignore")
    return worded_table("quotation_index", rows, source=source_of(rows)) if len(rows) else None
