"""What stands behind each key point of a published chapter, and what does the chapter say beyond them?

The chapter is what the study's documents hold: study.of_chapter and study.of_documents narrow a study to some of them.
A key point and a passage meet where they have a theme in common: the same code, or a passage under a code
below it. How each is told decides whether the passage bears the key point out or is told the other way.

Caution: this is one reader's coding of a published text. It describes how a chapter is built and tests
nothing; passages are counted, and never people.
"""

import pandas as pd

from ncsresearch.analysis.passages import KEY_POINT
from ncsresearch.evidence.codebook import codes_above
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.study import Study
from ncsresearch.study.frames import framed

OPPOSITE = {"strength": "challenge", "challenge": "strength"}
ALIKE, NOT_AGAINST, OTHER_WAY = "told the same way", "not against it", "told the other way"
RELATIONS = (ALIKE, NOT_AGAINST, OTHER_WAY)
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
    own = points[["unit_id", "label", "code_id", "theme", "stance"]].drop_duplicates()
    told = own.groupby(["unit_id", "code_id"], observed=True)["stance"].agg(set)
    points = own.drop_duplicates(["unit_id", "code_id"]).rename(
        columns={"unit_id": "key_point_id", "label": "key_point"}
    )
    points = points.astype({"code_id": "str", "theme": "str"}).drop(columns="stance")
    places = {name: place for place, name in enumerate(dict.fromkeys(_key_points(study)), 1)}
    points["n_key_point"] = points["key_point_id"].map(places)
    below = _with_codes_above(study, body)[[*PASSAGE, "counts_for"]].drop_duplicates()
    pairs = points.merge(below, left_on="code_id", right_on="counts_for")
    ways = [told[point, code] for point, code in zip(pairs["key_point_id"], pairs["code_id"], strict=True)]
    pairs["relation"] = [_relation(way, stance) for way, stance in zip(ways, pairs["stance"], strict=True)]
    pairs["relation"] = pd.Categorical(pairs["relation"], RELATIONS, ordered=True)
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
    named = _with_codes_above(study, body)
    ways = points.groupby("code_id")["stance"].agg(set)
    told = {(code, stance) for code, way in ways.items() for stance in _fully(way)}
    covered = [
        (code, stance) in told for code, stance in zip(named["counts_for"], named["stance"], strict=True)
    ]
    beyond = body[~body["unit_and_code"].isin(named.loc[covered, "unit_and_code"])]
    in_points = set(named.loc[named["counts_for"].isin(ways.index), "code_id"])
    groups = beyond.groupby(["theme", "stance"], observed=True, sort=False)
    columns = ["theme", "stance", "in_key_points", "n_passages", "n_sections", "sections", "passages"]
    rows = [
        [str(theme), stance, own["code_id"].iloc[0] in in_points, *_places(own)]
        for (theme, stance), own in groups
    ]
    order = {"by": ["in_key_points", "n_passages"], "ascending": [True, False], "kind": "stable"}
    rows = pd.DataFrame(rows, columns=columns).sort_values(**order, ignore_index=True)
    return framed(rows, "beyond key points", study)


def _points_and_body(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the judgements of a chapter's key points, and those of its other passages."""
    evidence = passage_evidence(study)
    own = evidence[evidence["unit"].eq("segments")]
    own = own.assign(code_id=own["code_id"].astype("str"), stance=own["stance"].astype("str"))
    own["unit_and_code"] = own["unit_id"] + " " + own["code_id"] + " " + own["stance"]
    points = own["kind"].eq(KEY_POINT)
    return own[points], own[~points]


def _key_points(study: Study) -> pd.Series:
    return study.segments.loc[study.segments["kind"].eq(KEY_POINT), "segment_id"]


def _with_codes_above(study: Study, judged: pd.DataFrame) -> pd.DataFrame:
    return judged.merge(codes_above(study.codebook), on="code_id")


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
