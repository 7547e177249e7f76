"""The key points of a published chapter held against its own evidence, in words and tables."""

import pandas as pd

from ncsresearch.analysis.key_points import (
    OTHER_WAY,
    beyond_key_points,
    key_point_passages,
    key_point_support,
)
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.present.media import Finding, Table
from ncsresearch.present.sentence import capital, counted, listed, no_evidence, small
from ncsresearch.present.sentence_themes import TOLD
from ncsresearch.present.table import cited
from ncsresearch.study import Study

BODY = "passages of the chapter with a theme, its key points left out; a passage can stand behind several key points"
CAUTION = (
    "A passage stands behind a key point if both have a theme in common and it is not told the other way: "
    "a strength where the key point tells only a challenge, or the reverse. A mixed key point tells both, and has "
    "no other way. To share a theme is less than to say the same. Passages judged by something other than a theme, "
    "such as points on partners or on how well client groups are served, are not counted. Only a quotation names "
    "its interview, so interviews are at least so many."
)
SUMMARY = "A summary is meant to say less than its chapter: nothing here is a fault of it."
NONE = "no coded passage"


def say_key_point_support(study: Study, *, document_id: str) -> Finding:
    """Say how many key points have passages behind them, how many at least, and which have none."""
    support = key_point_support(study, document_id=document_id)
    if support.empty:
        return no_evidence("key_point_support", "key points")
    pairs = key_point_passages(study, document_id=document_id)
    behind = pairs[pairs["relation"].ne(OTHER_WAY)]
    borne, bare = support[support["n_supporting"].gt(0)], support[support["n_supporting"].eq(0)]
    numbers = {
        "key_points": len(support),
        "with_passages": len(borne),
        "without": len(bare),
        "passages": behind["unit_id"].nunique(),
    }
    sentence = f"{_how_many(len(borne), len(support))} {_span(borne)}{_unsupported(bare)}{_unquoted(borne)}"
    return Finding("key_point_support", sentence, numbers, behind, cited(study, [document_id]))


def _how_many(n: int, n_all: int) -> str:
    if n == n_all:
        return (
            f"Each of the {n} key points has passages of the chapter behind it,"
            if n > 1
            else ("The key point has passages of the chapter behind it,")
        )
    have = "has" if n == 1 else "have"
    return f"Of {counted(n_all, 'key point')} {n or 'none'} {have} passages of the chapter behind {'it' if n == 1 else 'them'},"


def _span(borne: pd.DataFrame) -> str:
    if borne.empty:
        return "as far as the chapter was coded."
    fewest, most = int(borne["n_supporting"].min()), int(borne["n_supporting"].max())
    if fewest == most:
        return f"{counted(most, 'passage')} each."
    most_told = borne[borne["n_supporting"].eq(most)]
    return f"from {fewest} to {most}; most stand behind {_named(most_told)}."


def _unsupported(bare: pd.DataFrame) -> str:
    if bare.empty:
        return ""
    return (
        f" No coded passage stands behind {_named(bare)}: the coding shows nothing for "
        f"{'it' if len(bare) == 1 else 'them'}, which is not to say that the chapter does not."
    )


def _named(support: pd.DataFrame, n: str = "") -> str:
    """Return key points by number and in our words, each with a number of its passages where asked for."""
    passages = [f", by {counted(k, 'passage')}" for k in support[n]] if n else [""] * len(support)
    points = zip(support["n_key_point"], support["key_point"], passages, strict=True)
    return "; ".join(f"key point {place} ({label}){told}" for place, label, told in points)


def _unquoted(borne: pd.DataFrame) -> str:
    n = int(borne["n_interviews"].eq(0).sum())
    return f" For {n} of them no interview is quoted." if n else ""


def say_told_the_other_way(study: Study, *, document_id: str) -> Finding:
    """Say which key points have passages under their themes that are told the other way."""
    support = key_point_support(study, document_id=document_id)
    if support.empty:
        return no_evidence("told_the_other_way", "key points")
    pairs = key_point_passages(study, document_id=document_id)
    against = pairs[pairs["relation"].eq(OTHER_WAY)]
    crossed = support[support["n_against"].gt(0)]
    numbers = {"key_points": len(crossed), "passages": against["unit_id"].nunique()}
    if crossed.empty:
        sentence = "No passage of the chapter is told the other way under the themes of a key point."
        return Finding("told_the_other_way", sentence, numbers, source=cited(study, [document_id]))
    named = _named(crossed, "n_against")
    sentence = f"Passages told the other way stand under the themes of {counted(len(crossed), 'key point')}: {named}."
    return Finding("told_the_other_way", sentence, numbers, against, cited(study, [document_id]))


def say_beyond_key_points(study: Study, *, document_id: str) -> Finding:
    """Say which themes the chapter tells that no key point names, and which it tells in another way."""
    rows = beyond_key_points(study, document_id=document_id)
    if key_point_support(study, document_id=document_id).empty:
        return no_evidence("beyond_key_points", "key points")
    if rows.empty:
        sentence = "The chapter tells no theme in a way that its key points do not."
        return Finding("beyond_key_points", sentence, {"themes": 0}, source=cited(study, [document_id]))
    new, other = (rows[rows["in_key_points"].eq(found)] for found in (False, True))
    parts = [_not_named(new), _told_otherwise(other)]
    numbers = {"themes_not_named": new["theme"].nunique(), "themes_told_otherwise": other["theme"].nunique()}
    behind = _behind(study, rows)
    return Finding(
        "beyond_key_points", " ".join(filter(None, parts)), numbers, behind, cited(study, [document_id])
    )


def _not_named(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    themes = rows.groupby("theme", sort=False)["n_passages"].sum().sort_values(ascending=False, kind="stable")
    named = listed(f"{small(str(theme))} ({n})" for theme, n in themes.items())
    return f"The body of the chapter has {counted(len(themes), 'theme')} that no key point names, with passages: {named}."


def _told_otherwise(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    ways = {stance: rows.loc[rows["stance"].eq(stance), "theme"] for stance in TOLD}
    told = [f"{TOLD[stance]}: {listed(map(small, themes))}" for stance, themes in ways.items() if len(themes)]
    return f"Themes of the key points are also told in ways that no key point has. {'. '.join(map(capital, told))}."


def _behind(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    wanted = {name for ids in rows["passages"] for name in ids.split("; ")}
    evidence = passage_evidence(study)
    return evidence[evidence["unit"].eq("segments") & evidence["unit_id"].isin(wanted)]


def table_key_point_support(study: Study, *, document_id: str) -> Table:
    """Each key point with the passages behind it, where they stand, interviews quoted, and what is told the other way."""
    rows = key_point_support(study, document_id=document_id)
    shown = {
        "key_point": "Key point, in our words",
        "n_supporting": "Passages behind it",
        "n_alike": "Of them told the same way",
        "sections": "In sections",
        "n_interviews": "Interviews quoted, at least",
        "n_against": "Passages told the other way",
    }
    label = rows["n_key_point"].astype("str") + ". " + rows["key_point"]
    view = rows.assign(sections=rows["sections"].replace("", NONE), key_point=label)
    caption = "What stands behind each key point"
    source = cited(study, [document_id])
    return Table("key_point_support", caption, rows, shown, BODY, source, note=CAUTION, view=view)


def table_beyond_key_points(study: Study, *, document_id: str) -> Table:
    """Themes that the chapter tells in a way none of its key points does."""
    rows = beyond_key_points(study, document_id=document_id)
    words = rows["in_key_points"].map({True: "yes, told otherwise", False: "no"})
    view = rows.assign(named=words, told=rows["stance"].map(lambda stance: stance.capitalize()))
    shown = {
        "theme": "Theme",
        "told": "Told as",
        "n_passages": "Passages",
        "sections": "In sections",
        "named": "In the key points",
    }
    caption, source = "What the chapter says beyond its key points", cited(study, [document_id])
    base = "passages of the chapter with a theme, its key points left out"
    return Table("beyond_key_points", caption, rows, shown, base, source, note=SUMMARY, view=view)
