"""What is each code called, and what stands above it?"""

import pandas as pd


def code_names(codebook: pd.DataFrame) -> pd.Series:
    """Give each code a name that no other has: its label, with the label above it where two share one.

    Returns the names by code_id, in the codebook's order.
    """
    book = codebook.set_index("code_id")
    above = book["parent_id"].map(book["label"])
    names = book["label"].mask(
        book["label"].duplicated(keep=False) & above.notna(), book["label"] + " (" + above + ")"
    )
    return names.mask(names.duplicated(keep=False), names + " [" + names.index + "]")


def codes_above(codebook: pd.DataFrame) -> pd.DataFrame:
    """Each code with itself and every code above it.

    Returns one row per pair, with code_id and counts_for.
    """
    pairs = codebook[["code_id"]].assign(counts_for=codebook["code_id"])
    above = codebook.set_index("code_id")["parent_id"]
    found, last = [pairs], pairs
    for _ in range(len(codebook)):
        last = last.assign(counts_for=last["counts_for"].map(above)).dropna(subset="counts_for")
        if last.empty:
            break
        found.append(last)
    return pd.concat(found, ignore_index=True).drop_duplicates()


def code_paths(codebook: pd.DataFrame) -> pd.Series:
    """Return each code's label under the labels of the codes above it, such as "Resources > Staffing", by code_id."""
    labels = codebook.set_index("code_id")["label"]
    above = codebook.set_index("code_id")["parent_id"]
    paths, higher = labels.copy(), above.copy()
    for _ in range(len(codebook)):
        known = higher.isin(labels.index)
        if not known.any():
            break
        paths = paths.mask(known, higher.map(labels) + " > " + paths)
        higher = higher.map(above)
    return paths


def codes_under(codebook: pd.DataFrame, *codes: str) -> set[str]:
    """Return the ids of some codes and of every code below them."""
    above = codes_above(codebook)
    return set(above.loc[above["counts_for"].isin(codes), "code_id"])


def themes(codebook: pd.DataFrame) -> list[str]:
    """Return the ids of the codes that are themes, in the codebook's order."""
    return codebook.loc[codebook["facet"].eq("theme"), "code_id"].tolist()


def leaf_themes(codebook: pd.DataFrame) -> list[str]:
    """Return the ids of the themes that have none below them: what a sentence names and a figure draws."""
    above = set(codebook["parent_id"].dropna())
    return [code for code in themes(codebook) if code not in above]
