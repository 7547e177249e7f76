"""Codes under the codes above them."""

import pandas as pd


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
