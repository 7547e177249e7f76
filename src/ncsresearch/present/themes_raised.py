"""Which themes documents raise, where nothing says how they describe them, and which themes go together: in words, a figure, tables."""

import pandas as pd

from ncsresearch.analysis.themes import coded_units, says_how
from ncsresearch.analysis.together import FEWEST
from ncsresearch.present.figure import plot_raised
from ncsresearch.present.outputs import Figure, Finding, Table
from ncsresearch.present.people_heard import rests_on
from ncsresearch.present.table_research import table_coded_units
from ncsresearch.present.wording import phrases, sentence, worded_table
from ncsresearch.study import Study
from ncsresearch.study.frames import study_of

NAMED, SHOWN = 3, 15  # in a sentence, in a table


def say_documents(documents: pd.DataFrame) -> Finding:
    """Name the themes that most documents raise, with their number: three of them, and those of the same number."""
    top = documents[documents["n"].ge(documents["n"].nlargest(NAMED).min())]
    n, named = int(documents["base"].iloc[0]), top.to_dict("records")
    numbers = dict(zip(top["theme"], top["n"].tolist(), strict=True)) | {"documents": n}
    of = {"numbers": numbers, "source": _source(study_of(documents))}
    return sentence("documents_raised", of=of, n=n, themes=phrases("documents_raised", "theme", named))


def plot_documents(documents: pd.DataFrame) -> Figure | None:
    """Draw how many documents raise each theme."""
    what = f"documents, of {int(documents['base'].iloc[0])}"
    return plot_raised(documents, source=_source(study_of(documents)), what=what)


def table_documents(documents: pd.DataFrame) -> list[Table]:
    """Return how many documents raise each theme, and in how many passages; and passages by how they describe it, where any says."""
    study = study_of(documents)
    n, source = int(documents["base"].iloc[0]), _source(study)
    by_stance = table_coded_units(coded_units(study)) if says_how(study) else []
    return [worded_table("documents_raised", documents, source=source, n=n), *by_stance]


def say_together(pairs: pd.DataFrame) -> Finding:
    """Name the pairs of themes that are raised together most often beyond what two unrelated ones would be."""
    if pairs.empty:
        return sentence("themes_together", "none", fewest=FEWEST)
    first = pairs.head(NAMED).to_dict("records")
    numbers = {f"{pair['theme']} with {pair['other']}": int(pair["n"]) for pair in first}
    of = {"numbers": numbers, "source": _source(study_of(pairs))}
    return sentence("themes_together", of=of, pairs=phrases("themes_together", "pair", first))


def table_together(pairs: pd.DataFrame) -> Table | None:
    """Return the pairs of themes that are raised together, the first of them where there are many."""
    if pairs.empty:
        return None
    view, study = pairs.head(SHOWN), study_of(pairs)
    about = {"base": pairs["base"].iloc[0], "counted": pairs["counted"].iloc[0], "n": len(pairs)}
    return worded_table("themes_together", pairs, source=_source(study), view=view, shown=len(view), **about)


def _source(study: Study) -> str:
    return rests_on(study, study.segments["document_id"].unique())
