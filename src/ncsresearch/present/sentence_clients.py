"""Sentences on client groups, and on what clients say."""

import pandas as pd

from ncsresearch.analysis.passages import quotations, quotations_by_group
from ncsresearch.disclosure.client_views import CLIENTS
from ncsresearch.present.outputs import Finding
from ncsresearch.present.passages_raised import passage_sentence, passages_on_groups
from ncsresearch.present.sentence import most
from ncsresearch.present.table import cited
from ncsresearch.present.wording import sentence
from ncsresearch.study.codebook import code_names
from ncsresearch.study.frames import study_of


def say_served(served: pd.DataFrame) -> Finding | None:
    """Say which groups are seen as better served, how many as less well, and which as both."""
    if served.empty:
        return None
    better, less = (
        list(served.loc[served["level"].eq(f"Seen as {level} served"), "client_group"].unique())
        for level in ("better", "less well")
    )
    both = [group for group in better if group in less]
    behind = served.assign(label=served["client_group"] + ": " + served["condition"].fillna(""))
    numbers = {"better": len(better), "less_well": len(less)}
    places = {"groups": better, "n_less": len(less), "both": both}
    return passage_sentence("served", study_of(served), behind, numbers, **places)


def say_left_out(served: pd.DataFrame) -> Finding | None:
    """Say which groups the report's key points leave out."""
    less = served[served["level"].eq("Seen as less well served")].drop_duplicates("client_group")
    if less.empty:
        return None
    out = less[less["in_key_points"].eq("no")]
    out = out.assign(label=out["client_group"])
    numbers = {"named": len(less) - len(out), "left_out": len(out)}
    places = {"documents": served["document_id"], "groups": list(out["label"]), "n": len(less)}
    return passage_sentence("left_out", study_of(served), out, numbers, **places)


def say_group_told(served: pd.DataFrame) -> Finding | None:
    """Say which named client group most passages are about, clients in general aside."""
    evidence = passages_on_groups(study_of(served))
    named = evidence[evidence["client_group"].ne("clients in general")]
    if named.empty:
        return None
    each = named.drop_duplicates(["client_group", "stance", "unit_id"])
    names, n_most = most(each["client_group"].value_counts())
    behind = evidence[evidence["client_group"].isin(names)]
    numbers = {"groups": named["client_group"].nunique(), "most": n_most}
    return passage_sentence("group_told", study_of(served), behind, numbers, names=names, **numbers)


def say_client_views(views: pd.DataFrame) -> Finding | None:
    """Say what clients value and what they do not, by theme."""
    if views.empty:
        return None
    told = _with_theme(views)
    liked, disliked = (told.loc[told["stance"].eq(stance), "theme"] for stance in ("strength", "challenge"))
    numbers = {"valued": len(liked), "not_valued": len(disliked)}
    places = {"liked": most(liked.value_counts()), "disliked": most(disliked.value_counts())}
    return passage_sentence(
        "client_views_told", study_of(views), told, numbers, name="client_views", **places, **numbers
    )


def _with_theme(views: pd.DataFrame) -> pd.DataFrame:
    themes = views["code_id"].astype("str").map(code_names(study_of(views).codebook))
    return views.assign(theme=themes).drop(columns="kind")


def say_both_ways(views: pd.DataFrame) -> Finding:
    """Name the themes that clients tell both as a strength and as a challenge."""
    told = _with_theme(views)
    stances = told.groupby("theme")["stance"].agg(lambda values: set(values.astype("str")))
    both = [theme for theme, found in stances.items() if {"strength", "challenge"} <= found]
    if not both:
        return sentence("client_both_ways", "none", name="both_ways")
    behind = told[told["theme"].isin(both)]
    about = {"name": "both_ways", "themes": both}
    return passage_sentence("client_both_ways", study_of(views), behind, {"themes": len(both)}, **about)


def say_few_interviews(views: pd.DataFrame) -> Finding | None:
    """Say from how few interviews the quotations of clients come."""
    study = study_of(views)
    quoted = quotations(study)
    quoted = quoted[quoted["participant_group"].eq(CLIENTS)]
    if quoted.empty:
        return None
    row = quotations_by_group(quoted).iloc[0]
    numbers = {"quotations": int(row["n_quotations"]), "interviews": int(row["n_interviews"])}
    of = {"numbers": numbers, "source": cited(study, quoted["document_id"].unique())}
    return sentence("few_interviews", of=of, group=CLIENTS.lower(), places=row["interviews"], **numbers)
