"""Is a transcript that comes in an interview that the study has under another name? Both would be counted."""

from collections.abc import Mapping

import pandas as pd

from ncsresearch.ingest.relocation import squeezed
from ncsresearch.schema import StudyError
from ncsresearch.study.references import Tables

LONG = 20  # letters of an answer that somebody else would not give
FEWEST = 3  # such answers that make two interviews the same
MOST = 20  # transcripts that share an answer, from which it is a set phrase


def refuse_same_interview(tables: Tables, texts: Mapping[str, str], new: pd.Series) -> None:
    """Raise StudyError for a new document in which most of the longer answers are those of another document."""
    answers = _answers(tables["turns"], texts) if len(new) else pd.DataFrame()
    if answers.empty:
        return
    n_answers = answers.groupby("document_id").size()
    met = answers.groupby("words")["document_id"].transform("size")
    shared = answers[met.between(2, MOST)]
    pairs = shared[shared["document_id"].isin(new)].merge(shared, on="words", suffixes=("", "_there"))
    pairs = pairs[pairs["document_id"].ne(pairs["document_id_there"])]
    documents = tables["documents"]
    titles = documents["title"].fillna(documents["document_id"]).set_axis(documents["document_id"])
    for (one, other), n in pairs.groupby(["document_id", "document_id_there"], sort=False).size().items():
        if n >= FEWEST and 2 * n > n_answers[one]:
            raise StudyError(
                f"{titles[one]}: {n} of its {n_answers[one]} longer answers are those of {titles[other]}, expected another "
                f"interview. If it is a newer version of that, give it the same name."
            )


def _answers(turns: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    """Return document_id and words of what respondents said at some length, each once."""
    own = turns[turns["role"].ne("interviewer") & turns["document_id"].isin(list(texts))]
    places = zip(own["document_id"], own["start"].astype("int64"), own["end"].astype("int64"), strict=True)
    words = [squeezed(texts[document][start:end]) for document, start, end in places]
    answers = pd.DataFrame({"document_id": own["document_id"].to_numpy(), "words": words}, dtype="str")
    return answers[answers["words"].str.len().ge(LONG)].drop_duplicates()
