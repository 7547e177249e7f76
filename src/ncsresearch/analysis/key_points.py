"""What stands behind each key point of a published chapter, and what does the chapter say beyond them?

The chapter is what the study's documents hold: study.of_chapter and study.of_documents narrow a study to some of them.
A key point and a passage meet where they have a theme in common: the same code, or a passage under a code
below it. How each is told decides whether the passage bears the key point out or is told the other way.

Caution: this is one reader's coding of a published text. It describes how a chapter is built and tests
nothing; passages are counted, and never people.
"""

import pandas as pd

from ncsresearch.analysis.passages import KEY_POINT
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.study import Study
from ncsresearch.study.codebook import codes_above
from ncsresearch.study.frames import framed

OPPOSITE = {"strength": "challenge", "challenge": "strength"}
ALIKE, NOT_AGAINST, OTHER_WAY = "told the same way", "not against it", "told the other way"
RELATIONS = (ALIKE, NOT_AGAINST, OTHER_WAY)
BEYOND = ["theme", "stance", "in_key_points", "n_passages", "n_sections", "sections", "passages"]
PASSAGE = ["unit_id", "label", "kind", "stance", "section", "document_id"]


def key_point_passages(study: Study) -> pd.DataFrame:
    """Passages of a chapter's body that share a theme with each of its key points.

    Returns one row per key point, passage, code of the key point and stance of the passage, in the order of
    the key points, with
        key_point_id, key_point, n_key_point   the key point, in our words, and its place among them from 1
        theme                                  the code they have in common
        relation   told the same way: the key point is told so under this theme (a mixed one tells a strength
                   and a challenge); told the other way: a strength where the key point tells only a challenge,
                   or the reverse; not against it: neither, such as a suggestion
        unit_id, label, kind, stance, section, document_id   the passage

    A key point told as mixed, or both ways, has no other way. Base: passages with a theme in the same chapter,
    key points left out. Caution: to share a theme is less than to say the same.
    """
    points, body = _points_and_body(study)
    codes = points.astype({"theme": "str"}).groupby(["unit_id", "code_id"], sort=False)
    told = codes.agg(key_point=("label", "first"), theme=("theme", "first"), told=("stance", set))
    told = told.rename_axis(["key_point_id", "code_id"]).reset_index()
    below = body.merge(codes_above(study.codebook), on="code_id")[[*PASSAGE, "counts_for"]].drop_duplicates()
    pairs = told.merge(below, left_on="code_id", right_on="counts_for")
    places = {name: place for place, name in enumerate(_key_points(study), 1)}
    relations = [_relation(way, stance) for way, stance in zip(pairs["told"], pairs["stance"], strict=True)]
    pairs = pairs.assign(
        n_key_point=pairs["key_point_id"].map(places),
        relation=pd.Categorical(relations, RELATIONS, ordered=True),
    )
    columns = ["key_point_id", "key_point", "n_key_point", "theme", "relation", *PASSAGE]
    return pairs.sort_values("n_key_point", kind="stable", ignore_index=True)[columns]


def key_point_support(study: Study) -> pd.DataFrame:
    """How many passages of a chapter's body bear each key point out, and how many are told the other way.

    Returns one row per key point of the chapter, in its order, those with nothing behind them included, with
        n_key_point                  its place among them, from 1
        key_point_id, key_point      the key point, in our words
        n_supporting                 passages that share a theme with it and are not told the other way
        n_alike                      those of them told the same way
        n_sections, sections         where they stand
        n_interviews, interviews     interviews quoted among them: at least so many, as only a quotation names
                                     its interview; the groups with the running numbers within each
        n_against                    passages under its themes told the other way
        supporting, against          ids of the passages, divided by semicolons

    Base and caution as for key_point_passages. A passage under two themes may do both.
    """
    pairs = key_point_passages(study)
    own = study.segments[study.segments["segment_id"].isin(_key_points(study))]
    rows = own[["segment_id", "label"]].rename(columns={"segment_id": "key_point_id", "label": "key_point"})
    found = [_support_of(study, pairs[pairs["key_point_id"].eq(name)]) for name in rows["key_point_id"]]
    columns = list(_support_of(study, pairs.iloc[:0]))
    rows.insert(0, "n_key_point", range(1, len(rows) + 1))
    rows = rows.reset_index(drop=True).join(pd.DataFrame(found, columns=columns))
    return framed(rows, "key point support", study)


def beyond_key_points(study: Study) -> pd.DataFrame:
    """Themes told in a chapter's body in a way that none of its key points tells them.

    A key point told as mixed tells a strength and a challenge, and one told both ways is as good as mixed.

    Returns one row per theme and stance, themes that no key point names first, most passages first, with
        theme, stance          what the body tells and how
        in_key_points          whether some key point has the theme, told in another way
        n_passages, n_sections, sections, passages   where it is told, and the ids of the passages

    Base and caution as for key_point_passages; a summary is meant to say less than its chapter.
    """
    points, body = _points_and_body(study)
    above = codes_above(study.codebook)
    ways = points.groupby("code_id")["stance"].agg(set)
    above = above[above["counts_for"].isin(ways.index)]
    named = zip(above["code_id"], above["counts_for"], strict=True)
    covered = {(code, stance) for code, point in named for stance in _fully(ways[point])}
    in_points = set(above["code_id"])
    rows = [
        [str(own["theme"].iloc[0]), stance, code in in_points, *_places(own)]
        for (code, stance), own in body.groupby(["code_id", "stance"], sort=False)
        if (code, stance) not in covered
    ]
    order = {"by": ["in_key_points", "n_passages"], "ascending": [True, False], "kind": "stable"}
    rows = pd.DataFrame(rows, columns=BEYOND).sort_values(**order, ignore_index=True)
    return framed(rows, "beyond key points", study)


def _points_and_body(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the judgements of a chapter's key points, and those of its other passages."""
    evidence = passage_evidence(study)
    own = evidence[evidence["unit"].eq("segments")]
    own = own.assign(code_id=own["code_id"].astype("str"), stance=own["stance"].astype("str"))
    points = own["kind"].eq(KEY_POINT)
    return own[points], own[~points]


def _key_points(study: Study) -> pd.Series:
    return study.segments.loc[study.segments["kind"].eq(KEY_POINT), "segment_id"]


def _relation(told: set[str], stance: str) -> str:
    if stance in _fully(told):
        return ALIKE
    return OTHER_WAY if OPPOSITE.get(stance) in told else NOT_AGAINST


def _fully(told: set[str]) -> set[str]:
    """Return how a theme is told, where mixed tells a strength and a challenge, and both together are mixed."""
    both = {"strength", "challenge"}
    return told | both if "mixed" in told else told | {"mixed"} if both <= told else told


def _support_of(study: Study, pairs: pd.DataFrame) -> dict[str, object]:
    against = pairs["relation"].eq(OTHER_WAY)
    supporting = pairs[~against]
    n, n_sections, sections, ids = _places(supporting)
    n_interviews, interviews = _interviews(study, supporting["unit_id"])
    return {
        "n_supporting": n,
        "n_alike": supporting.loc[supporting["relation"].eq(ALIKE), "unit_id"].nunique(),
        "n_sections": n_sections,
        "sections": sections,
        "n_interviews": n_interviews,
        "interviews": interviews,
        "n_against": pairs.loc[against, "unit_id"].nunique(),
        "supporting": ids,
        "against": "; ".join(dict.fromkeys(pairs.loc[against, "unit_id"])),
    }


def _places(passages: pd.DataFrame) -> tuple[int, int, str, str]:
    ids = dict.fromkeys(passages["unit_id"])
    sections = dict.fromkeys(passages["section"].dropna())
    return len(ids), len(sections), "; ".join(sections), "; ".join(ids)


def _interviews(study: Study, passages: pd.Series) -> tuple[int, str]:
    """Return how many interviews these passages are quoted from, and their groups and running numbers."""
    quoted = study.segments.loc[study.segments["segment_id"].isin(passages), "interview_id"]
    held = study.interviews[study.interviews["interview_id"].isin(quoted)]
    groups = held.sort_values("number").groupby("participant_group")["number"]
    numbers = groups.agg(lambda found: ", ".join(str(number) for number in found.dropna()))
    return len(held), "; ".join(f"{group} {number}".strip() for group, number in numbers.items())
