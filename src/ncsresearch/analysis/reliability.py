"""How far do two coders agree?"""

import pandas as pd
from statsmodels.stats.inter_rater import cohens_kappa

from ncsresearch.analysis.codes import code_names
from ncsresearch.study import Study


def coded_twice(study: Study) -> list[str]:
    """Find the documents that more than one coder has coded.

    Returns their ids, in the study's order.
    """
    coded = _places(study).groupby("document_id")["coder"].nunique()
    return [name for name in study.documents["document_id"] if coded.get(name, 0) > 1]


def coder_agreement(study: Study) -> pd.DataFrame:
    """Agreement of the reporting coder with each other coder, theme by theme, on turns of respondents.

    A turn counts as coded under a theme if a passage that begins in it is. Turns of documents that only one
    of the two has coded are left out.

    Returns one row per pair of coders and code of the facet theme that either used, with
        coder, other      the two
        code_id, theme    the code
        n_turns           turns that both had before them
        n_both, n_coder, n_other   turns coded so by both, by the first alone, by the second alone
        agreement         share of the turns on which they agree, that it was not coded included
        kappa             Cohen's kappa; missing where one of them never or always used the code

    Caution: where a code is rare, agreement is high and kappa low whatever coders do; read both with n_both.
    """
    places, turns = _places(study), study.turns[study.turns["role"].ne("interviewer")]
    first = study.settings.reporting_coder or (places["coder"].mode().iloc[0] if len(places) else "")
    others = [coder for coder in places["coder"].unique() if coder != first]
    rows = [row for other in others for row in _pair(study, places, turns, first, other)]
    columns = [
        "coder",
        "other",
        "code_id",
        "theme",
        "n_turns",
        "n_both",
        "n_coder",
        "n_other",
        "agreement",
        "kappa",
    ]
    return pd.DataFrame(rows, columns=columns)


def _places(study: Study) -> pd.DataFrame:
    """Return each coded passage of a transcript with the turn it begins in."""
    segments = study.segments.dropna(subset="start")[["segment_id", "document_id", "start"]]
    codings = study.codings[study.codings["unit"].eq("segments")].astype({"code_id": "str"})
    places = codings.merge(segments, left_on="unit_id", right_on="segment_id")[
        ["coder", "code_id", "document_id", "start"]
    ]
    turns = study.turns[["document_id", "ordinal", "start"]].rename(columns={"start": "turn_start"})
    places, turns = (
        frame.astype({name: "int64"}) for frame, name in ((places, "start"), (turns, "turn_start"))
    )
    return pd.merge_asof(
        places.sort_values("start"),
        turns.sort_values("turn_start"),
        left_on="start",
        right_on="turn_start",
        by="document_id",
    ).dropna(subset="ordinal")


def _pair(study: Study, places: pd.DataFrame, turns: pd.DataFrame, first: str, other: str):
    both = set(places.loc[places["coder"].eq(first), "document_id"]) & set(
        places.loc[places["coder"].eq(other), "document_id"]
    )
    shared = turns[turns["document_id"].isin(both)]
    n, inside = (
        len(shared),
        pd.MultiIndex.from_frame(shared[["document_id", "ordinal"]].astype({"ordinal": "int64"})),
    )
    themes = code_names(study.codebook)[study.codebook["facet"].eq("theme").to_numpy()]
    own = places[places["document_id"].isin(both)].astype({"ordinal": "int64"})
    for code_id, theme in themes.items():
        marked = [_marked(own, coder, code_id).intersection(inside) for coder in (first, other)]
        together = len(marked[0].intersection(marked[1]))
        one, two = len(marked[0]) - together, len(marked[1]) - together
        if n and together + one + two:
            yield (
                first,
                other,
                code_id,
                theme,
                n,
                together,
                one,
                two,
                (n - one - two) / n,
                _kappa(together, one, two, n),
            )


def _marked(places: pd.DataFrame, coder: str, code_id: str) -> pd.MultiIndex:
    own = places[places["coder"].eq(coder) & places["code_id"].eq(code_id)]
    return pd.MultiIndex.from_frame(own[["document_id", "ordinal"]].drop_duplicates())


def _kappa(both: int, one: int, two: int, n: int) -> float | None:
    if min(both + one, both + two) == 0 or max(both + one, both + two) == n:
        return None
    return float(cohens_kappa([[both, one], [two, n - both - one - two]], return_results=False))
