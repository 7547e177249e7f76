"""What is there to ask in an area, from what its own people or documents say?"""

from collections.abc import Iterator

import pandas as pd

from ncsresearch.analysis.questions import OF_POINT, themes_to_ask
from ncsresearch.disclosure.area_ways import printed_alike, ways_of_themes
from ncsresearch.disclosure.mask import publishable_counts
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.kinds import kind_of_area, kinds_alike
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.study import Study
from ncsresearch.study.codebook import leaf_themes
from ncsresearch.study.frames import framed

MOST_QUESTIONS, FEWEST_QUESTIONS, MOST_THEMES = 5, 3, 3
# what is asked of themes that some people of the area surely described in some ways, those with the largest numbers first, and
# what the themes of one question have in common
OF_OWN_PEOPLE = (
    *[("improve", ["challenge"], ["challenge", "suggestion"])] * 2,
    ("works", ["strength", "challenge"], ["challenge", "strength", "both"]),
    ("suggested", ["suggestion"], ["suggestion"]),
)
OFTEN = (
    0.1  # share of people elsewhere who call a theme a challenge, from which it is asked why nobody here does
)
OF_OTHERS = ("withheld", "elsewhere")  # asked where little else can be


def questions(study: Study) -> pd.DataFrame:
    """Questions to ask in the area: on themes that are described as a challenge, or on which changes are suggested.

    Described by people of the area, or by its own documents and those about no one area; first what its findings cite. The
    questions that study.toml words for the area alone come first, by point (of whose themes no more is asked) or of people by theme.

    Returns one row per theme or such a point (which has no theme) of at most five questions, with code_id, theme, challenge and
    suggestion (whether it is known to be described so), question (as study.toml words it, and only themes that it words; missing
    where it words none), and of documents the columns of the point that the question arises from. Of people, raised, challenge,
    strength and suggestion are what is printed (a number, the word in its place, or nothing where it is withheld), each between its
    least_ and most_; both is who said challenge and strength, of a public study. Where study.toml words none: number and asks of the
    question, the same for all its themes (improve, works, suggested; never: nobody here calls it a challenge; withheld; elsewhere:
    nothing was said here), and n_elsewhere, of_elsewhere, of_kind: how many of how many people, of that kind of area or all, call
    it a challenge.
    Caution: a question is no finding on the area.
    """
    asked, own = study.settings.questions, study.settings.area_questions.get(study.part_of, {})
    people = hears_people(study)
    if people and not asked and not own:
        return framed(_by_rule(study), "questions to ask", study)
    rows = _called_for(study) if people else themes_to_ask(study, kinds=_kinds(study))
    rows = rows.assign(question=rows["code_id"].astype("str").map(asked))
    if own:
        rows = _own_themes_first(rows, own) if people else _with_own(study, rows, own)
    rows = rows[rows["question"].notna() | (not asked and not people)]
    return framed(rows.head(MOST_QUESTIONS).reset_index(drop=True), "questions to ask", study)


def _kinds(study: Study) -> list[str]:
    return kinds_alike(study.area(study.part_of)["area_type"])


def _with_own(study: Study, rows: pd.DataFrame, own: dict[str, str]) -> pd.DataFrame:
    """Return the questions of the area alone, by the point that each arises from, and then those on other themes."""
    points = study.points.set_index("point_id", drop=False).reindex(own)[[*OF_POINT, "document_id"]]
    evidence = passage_evidence(study)
    asked = evidence.loc[evidence["unit_id"].isin(own), "code_id"].unique()
    first = points.assign(challenge=True, suggestion=False, question=list(own.values()))
    return pd.concat([first, rows[~rows["code_id"].isin(asked)]], ignore_index=True)


def _own_themes_first(rows: pd.DataFrame, own: dict[str, str]) -> pd.DataFrame:
    """Return the questions with those of the area alone first, in their order and their words: by the theme of which each is."""
    order = rows["code_id"].map({code: n for n, code in enumerate(own)})
    rows = rows.assign(question=rows["code_id"].map(own).fillna(rows["question"]))
    return rows.iloc[order.argsort(kind="stable")]


def _called_for(study: Study) -> pd.DataFrame:
    """Return the themes that people of the area surely call a challenge, or else suggest changes on, in the order of their numbers."""
    rows = _leaves(study)
    called, suggested = rows["least_challenge"].gt(0), rows["least_suggestion"].gt(0)
    way = {
        end: rows[f"{end}_challenge"].where(called, rows[f"{end}_suggestion"]) for end in ("least", "most")
    }
    order = [called, way["least"], rows["least_raised"], way["most"]]
    rows = rows.assign(**{f"order_{n}": key for n, key in enumerate(order)})[called | suggested]
    rows = rows.sort_values([f"order_{n}" for n in range(4)], ascending=False, kind="stable")
    return rows.reindex(columns=[*rows, "document_id", *OF_POINT])


def _leaves(study: Study) -> pd.DataFrame:
    """Return the rows of ways_of_themes of themes with none below them, with who called the wider theme a challenge (least_above)."""
    rows, above = ways_of_themes(study), study.codebook.set_index("code_id")["parent_id"]
    least = rows.set_index("code_id")["least_challenge"]
    rows = rows.assign(least_above=rows["code_id"].map(above).map(least).fillna(0))
    return rows[rows["code_id"].isin(leaf_themes(study.codebook))]


def _by_rule(study: Study) -> pd.DataFrame:
    """Return what is asked of the area's own themes, each theme once; where that is little, what others call a challenge."""
    rows = _leaves(study).merge(_called_a_challenge(study), on="code_id", how="left")
    rows = rows.assign(share=rows["n_elsewhere"].fillna(0) / rows["of_elsewhere"].fillna(1))
    found = [rows.iloc[:0].assign(asks="")]
    for asks, chosen, order, alike in _asked_in_turn(study, rows):
        asked = pd.concat(found)["code_id"]
        own = rows[chosen & ~rows["code_id"].isin(asked)].sort_values(order, ascending=False, kind="stable")
        if len(own) and len(found) <= (FEWEST_QUESTIONS if asks in OF_OTHERS else MOST_QUESTIONS):
            same = printed_alike(own, alike)
            found.append(own[same.eq(same.iloc[0])].head(MOST_THEMES).assign(asks=asks))
    each = pd.concat([one.assign(number=n) for n, one in enumerate(found)], ignore_index=True)
    return each.assign(question=pd.NA).reindex(columns=[*each, "question", "document_id", *OF_POINT])


def _asked_in_turn(study: Study, rows: pd.DataFrame) -> Iterator[tuple]:
    """Yield what may be asked, of which of the themes, in which order of them, and what those of one question have in common."""
    others = rows["share"].gt(0)
    if study.codings.empty or rows["base"].eq(0).fillna(False).any():
        yield from [("elsewhere", others, ["share"], ["code_id"])] * FEWEST_QUESTIONS
        return
    for asks, ways, alike in OF_OWN_PEOPLE:
        least = [f"least_{way}" for way in ways]
        yield asks, rows[least].gt(0).all(axis=1), [*least, "least_above", "least_suggestion", "share"], alike
    yield "never", rows["challenge"].eq(0) & rows["share"].ge(OFTEN), ["share"], ["code_id"]
    yield from [("withheld", rows["challenge"].eq("") & others, ["share"], ["code_id"])] * FEWEST_QUESTIONS


def _called_a_challenge(study: Study) -> pd.DataFrame:
    """Return how many people of the area's kind, or of all areas, called a theme a challenge, where that is printed."""
    kind = kind_of_area(str(study.area(study.part_of)["area_type"]))
    told = (
        [publishable_counts(study, by="area_type", group=kind, stance="challenge").assign(of_kind=kind)]
        if kind
        else []
    )
    told = pd.concat([*told, publishable_counts(study, stance="challenge").assign(of_kind="all")])
    told = told[told["n"].gt(0).fillna(False)].drop_duplicates("code_id")
    return told.rename(columns={"n": "n_elsewhere", "base": "of_elsewhere"})[
        ["code_id", "n_elsewhere", "of_elsewhere", "of_kind"]
    ]
