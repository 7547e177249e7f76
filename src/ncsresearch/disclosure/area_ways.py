"""How did the people of the area of a report describe each theme, as it may be printed?"""

import pandas as pd

from ncsresearch.disclosure.counts import RAISED, counts
from ncsresearch.evidence.people import raised_by_people
from ncsresearch.study import Study

WAYS = ("challenge", "strength", "suggestion")


def ways_of_themes(study: Study) -> pd.DataFrame:
    """The people of an area who raised each theme, described it as a challenge or a strength, or suggested changes on it.

    Returns one row per theme, in the order of the codebook, with code_id, theme and base, both (who described it as a challenge
    and as a strength; missing in a confidential study), overlap (whether by what is printed there somebody did both) and, for raised and each of WAYS, what is printed (a number, the word
    in its place, or nothing where it is withheld), and least and most, between which a reader knows it to lie.
    """
    told = counts(study, by="stance")
    rows = told.drop_duplicates("code_id")[["code_id", "theme", "base"]].set_index("code_id")
    for way in (RAISED, *WAYS):
        own = told[told["group"].eq(way)].set_index("code_id")
        printed = own["n"].astype("object").where(own["n"].notna(), own["words"])
        rows = rows.assign(**{way: printed, f"least_{way}": own["least"], f"most_{way}": own["most"]})
    both, ends = _both(study, rows.index), rows[["least_challenge", "least_strength"]].sum(axis=1)
    return rows.assign(both=both, overlap=both.isna() & ends.gt(rows["base"]).fillna(False)).reset_index()


def printed_alike(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Return what is printed in some columns of ways_of_themes: the same for rows that are printed alike."""
    return pd.Series(
        ["/".join(map(str, row)) for row in rows[columns].itertuples(index=False)], rows.index, "str"
    )


def _both(study: Study, codes: pd.Index) -> pd.Series:
    if study.settings.threshold:
        return pd.Series(pd.NA, codes, "Int64")
    sides = (raised_by_people(study, way) for way in WAYS[:2])
    return pd.merge(*sides)["code_id"].value_counts().reindex(codes, fill_value=0).astype("Int64")
