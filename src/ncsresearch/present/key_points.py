"""The key points of a published chapter held against its own evidence, in words and tables."""

import pandas as pd

from ncsresearch.analysis.key_points import OTHER_WAY, key_point_passages
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.present.outputs import Finding, Table
from ncsresearch.present.sentence_themes import TOLD
from ncsresearch.present.wording import frame_sentence, phrases, worded_table
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

NONE = "no coded passage"


def say_key_point_support(support: pd.DataFrame) -> Finding:
    """Say how many key points have passages behind them, how many at least, and which have none."""
    pairs = key_point_passages(study_of(support))
    behind = pairs[pairs["relation"].ne(OTHER_WAY)]
    borne, bare = support[support["n_supporting"].gt(0)], support[support["n_supporting"].eq(0)]
    n = {"key_points": len(support), "with_passages": len(borne), "without": len(bare)}
    most = borne["n_supporting"].max()
    return frame_sentence(
        "key_point_support",
        support,
        n | {"passages": behind["unit_id"].nunique()},
        evidence=behind,
        **n,
        fewest=borne["n_supporting"].min(),
        most=most,
        most_borne=_named(borne[borne["n_supporting"].eq(most)]),
        bare=_named(bare),
        unquoted=int(borne["n_interviews"].eq(0).sum()),
    )


def _named(support: pd.DataFrame, form: str = "point") -> list[str]:
    """Return key points by number and in our words."""
    return phrases("key_point_support", form, support.to_dict("records"))


def say_told_the_other_way(support: pd.DataFrame) -> Finding:
    """Say which key points have passages under their themes that are told the other way."""
    pairs = key_point_passages(study_of(support))
    against, crossed = pairs[pairs["relation"].eq(OTHER_WAY)], support[support["n_against"].gt(0)]
    numbers = {"key_points": len(crossed), "passages": against["unit_id"].nunique()}
    named = _named(crossed, "point_against")
    about = {"form": "says" if named else "none", "evidence": against}
    return frame_sentence("told_the_other_way", support, numbers, n=len(crossed), named=named, **about)


def say_beyond_key_points(beyond: pd.DataFrame) -> Finding | None:
    """Say which themes the chapter tells that no key point names, and which it tells in another way."""
    study = study_of(beyond)
    if not study.segments["kind"].eq("key point").any():
        return None
    if beyond.empty:
        return frame_sentence("beyond_key_points", beyond, {"themes": 0}, form="none")
    new, other = (beyond[beyond["in_key_points"].eq(found)] for found in (False, True))
    numbers = {"themes_not_named": new["theme"].nunique(), "themes_told_otherwise": other["theme"].nunique()}
    told = {"new": _not_named(new), "ways": _told_otherwise(other)}
    return frame_sentence("beyond_key_points", beyond, numbers, evidence=_behind(study, beyond), **told)


def _not_named(rows: pd.DataFrame) -> list[str]:
    themes = rows.groupby("theme", sort=False)["n_passages"].sum().sort_values(ascending=False, kind="stable")
    named = [{"theme": str(theme), "n": n} for theme, n in themes.items()]
    return phrases("beyond_key_points", "theme", named)


def _told_otherwise(rows: pd.DataFrame) -> list[str]:
    ways = {how: list(rows.loc[rows["stance"].eq(stance), "theme"]) for stance, how in TOLD.items()}
    told = [{"how": how, "themes": themes} for how, themes in ways.items() if themes]
    return phrases("beyond_key_points", "way", told)


def _behind(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    wanted = {name for ids in rows["passages"] for name in ids.split("; ")}
    evidence = passage_evidence(study)
    return evidence[evidence["unit"].eq("segments") & evidence["unit_id"].isin(wanted)]


def table_key_point_support(support: pd.DataFrame) -> Table:
    """Each key point with the passages behind it, where they stand, interviews quoted, and what is told the other way."""
    label = support["n_key_point"].astype("str") + ". " + support["key_point"]
    view = support.assign(sections=support["sections"].replace("", NONE), key_point=label)
    return worded_table("key_point_support", support, view=view)


def table_beyond_key_points(beyond: pd.DataFrame) -> Table:
    """Themes that the chapter tells in a way none of its key points does."""
    words = beyond["in_key_points"].map({True: "yes, told otherwise", False: "no"})
    view = beyond.assign(named=words, told=beyond["stance"].str.capitalize())
    return worded_table("beyond_key_points", beyond, view=view)
