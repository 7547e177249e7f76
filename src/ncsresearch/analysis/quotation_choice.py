"""Which passages of interviews are quoted, by rule: the same for every chapter of a study."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from ncsresearch.analysis.themes import documents_by_theme
from ncsresearch.evidence.counts import shares
from ncsresearch.evidence.judgements import people_codings
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.study import Study
from ncsresearch.study.codebook import leaf_themes

SIDES = ("strength", "challenge")
SPREAD = ("participant_group", "area_id", "participant_id")  # quotations are spread over groups first
OF_EACH_THEME, THEMES = 2, 5
SHORTEST, LONGEST, BEST = 8, 39, 25
CHOICE = ["segment_id", "code_id", "stance", "participant_group", "number"]


def quotation_choice(
    study: Study,
    words: pd.Series,
    *,
    left_out: Collection[str] = (),
    people_left_out: Collection[str] = (),
    taken_out: Mapping[str, int] | None = None,
    cited: Collection[str] = (),
) -> pd.DataFrame:
    """Passages to quote, chosen once for a whole study: spread over themes, sides, groups, areas and people.

    For each of the most specific themes, the most raised first, one passage that describes it as a strength and one as
    a challenge, or two where no passage is known to describe a theme so; then one more for each participant group that is not
    yet quoted under them. Taken is the passage whose group, area and person were quoted least so far, then the one with fewest words taken out,
    then the one nearest to 25 words. Nobody is quoted more often than the study's quotations_per_person. Where this leaves out a
    passage that the authors cite and that may be quoted, those that they cite are taken first.

    words             the words of passages by segment_id
    left_out          passages, and people_left_out people, that are never quoted
    taken_out         number of identifying words in a passage, by segment_id
    cited             passages that the authors cite

    Returns one row per quotation in the order of choice, with segment_id, code_id, stance, participant_group and
    number (running number of the interview within the group). No passage overlaps another. attrs["first"] has the cited passages
    where they are taken first.
    """
    rows = quotable(study, words, left_out=left_out, people_left_out=people_left_out)
    rows = rows[rows.pop("why").eq("")]
    rows = rows.assign(taken_out=rows["segment_id"].map(taken_out or {}).fillna(0))
    how = (_themes(study), sides(study), study.settings.quotations_per_person)
    chosen = _chosen(rows, *how)
    left = {*rows["segment_id"]} & {*cited} - {row.segment_id for row in chosen}
    first = sorted(cited) if left else []
    chosen = _chosen(rows, *how, first=first) if first else chosen
    found = pd.DataFrame(chosen, columns=rows.columns)[CHOICE]
    found.attrs["first"] = first
    return found


def passage_choice(study: Study, words: pd.Series) -> pd.DataFrame:
    """Passages of documents to show: two under each of the themes that most documents raise, of two documents.

    words   the words of passages by segment_id

    Returns one row per passage with theme, segment_id, document_id and words, the theme that most documents raise first;
    of each theme those nearest to 25 words.
    """
    most = documents_by_theme(study)["theme"].head(THEMES).tolist()
    rows = passage_evidence(study).rename(columns={"unit_id": "segment_id"})
    rows = rows[rows["unit"].eq("segments") & rows["theme"].isin(most)].astype({"theme": "str"})
    rows = rows.assign(words=rows["segment_id"].map(words).astype("str")).dropna(subset="words")
    away = rows["words"].str.split().str.len().sub(BEST).abs()
    rows = rows.assign(place=rows["theme"].map(most.index), away=away).query("away <= @BEST - @SHORTEST")
    rows = rows.sort_values(["place", "away", "segment_id"]).drop_duplicates(["theme", "document_id"])
    return rows.groupby("theme").head(OF_EACH_THEME)[["theme", "segment_id", "document_id", "words"]]


def printable_quotations(
    choice: pd.DataFrame, study: Study, *, whole: Study, known: pd.Series | None = None
) -> pd.DataFrame:
    """The chosen quotations that a chapter on part of a study may print without telling who, where or how many.

    In a confidential study nothing is printed of a part that holds one area alone (an area, or an area type
    with one area), nor of groups of which fewer people than the study's threshold are left in the part, nor
    under a theme that fewer of its people described so; of a group, under one that as many are known to have described so.

    study   the part that the chapter is about; whole is the study it was taken from
    known   how many people of the part, where it is a group, a reader knows to have described a theme so, at the least, by
            code_id and stance: that somebody is quoted tells that they are as many as the threshold

    Returns the rows of quotation_choice whose passage, person and judgement belong to the part.
    """
    said = _with_sides(people_codings(study))
    told = said.groupby(["code_id", "stance"])["participant_id"].transform("nunique")
    judged = said.assign(segment_id=said["unit_id"], n_told=told)
    judged = judged[["segment_id", "code_id", "stance", "n_told"]].drop_duplicates()
    own = choice.merge(judged, on=["segment_id", "code_id", "stance"])
    left = own["participant_group"].map(study.participants["participant_group"].value_counts()).fillna(0)
    fewest = np.minimum(left, own.pop("n_told"))
    if known is not None:
        least = own[["code_id", "stance"]].join(known.rename("least"), on=["code_id", "stance"])["least"]
        fewest = np.minimum(fewest, least.fillna(0))
    enough = fewest.ge(study.settings.threshold)
    one_area = study.participants["area_id"].nunique() < 2 <= whole.participants["area_id"].nunique()
    return own[enough & ~(one_area and study.settings.threshold > 0)].reset_index(drop=True)


def quotable(
    study: Study, words: pd.Series, *, left_out: Collection[str] = (), people_left_out: Collection[str] = ()
) -> pd.DataFrame:
    """Passages of known people, with who says them, where, how long they are, and why they are not quoted.

    Returns one row per passage, code and stance; why is the name of the rule that keeps it out, empty where it may be
    quoted.
    """
    said = people_codings(study)
    said = said[said["unit"].eq("segments")]
    ways = said.groupby(["unit_id", "code_id"])["stance"].transform("nunique")
    said = _with_sides(said.assign(twice=ways.gt(1)))
    in_group = study.participants.groupby("participant_group")["participant_id"].transform("nunique")
    people = study.participants.assign(few=in_group.lt(study.settings.threshold))
    rows = (
        said[["unit_id", "code_id", "stance", "participant_id", "interview_id", "twice"]]
        .drop_duplicates()
        .rename(columns={"unit_id": "segment_id"})
        .merge(study.segments[["segment_id", "document_id", "start", "end"]], on="segment_id")
        .merge(people[["participant_id", "area_id", "participant_group", "few"]], on="participant_id")
        .merge(study.interviews[["interview_id", "participant_group", "number"]])
    )
    rows["words"] = rows["segment_id"].map(words).astype("str")
    rows["n_words"] = rows["words"].str.count(r"\S+")
    parts = rows["words"].str.replace(r"['’‘]", "", regex=True).str.count(r"[^\W_]+")
    barred = {
        "left_out": rows["segment_id"].isin(list(left_out))
        | rows["participant_id"].isin(list(people_left_out)),
        "few": rows.pop("few"),
        "no_words": rows["words"].isna() | rows["words"].str.contains("\n", na=False),
        "short": rows["n_words"].lt(SHORTEST),
        "long": parts.gt(LONGEST),
        "both": rows.pop("twice"),
        "neither": ~rows["stance"].isin(sides(study)),
    }
    return rows.assign(why=np.select([*barred.values()], [*barred], ""))


def sides(study: Study) -> tuple[str, ...]:
    """Return the stances that are quoted; the empty one alone where no passage is known to have one of them."""
    return SIDES if people_codings(study)["stance"].isin(SIDES).any() else ("",)


def _with_sides(said: pd.DataFrame) -> pd.DataFrame:
    return said.assign(stance=said["stance"].astype("str").fillna(""))


def _themes(study: Study) -> list[str]:
    """Themes with none below them, the most raised first."""
    rows = shares(study)
    rows = rows[rows["code_id"].isin(leaf_themes(study.codebook))]
    return list(rows.sort_values("n", ascending=False, kind="stable")["code_id"])


def _chosen(
    rows: pd.DataFrame,
    themes: list[str],
    told: tuple[str, ...],
    per_person: int,
    *,
    first: Collection[str] = (),
) -> list[tuple]:
    each = OF_EACH_THEME // len(told)
    cells = {name: list(cell.itertuples(index=False)) for name, cell in rows.groupby(["code_id", "stance"])}
    order = [(theme, side) for theme in themes for side in told if (theme, side) in cells]
    quoted: list = []
    for name in first:
        passages = [row for cell in order for row in cells[cell] if row.segment_id == name]
        quoted += _next(passages, quoted, per_person)
    for group in (*[""] * each, *sorted(rows["participant_group"].unique())):
        for cell in order:
            passages = [row for row in cells[cell] if group in ("", row.participant_group)]
            if len({*passages} & {*quoted}) < (1 if group else each):
                quoted += _next(passages, quoted, per_person)
    return quoted


def _next(passages: list, quoted: list, per_person: int) -> list:
    """Return the passage that spreads quotations most; none where none is free."""
    used = {name: Counter(getattr(row, name) for row in quoted) for name in SPREAD}
    beside = defaultdict(list)
    for row in quoted:
        beside[str(row.document_id)].append(row)
    free = [
        row
        for row in passages
        if used["participant_id"][row.participant_id] < per_person
        and not any(_overlap(row, other) for other in beside[str(row.document_id)])
    ]
    spread = {row: [used[name][getattr(row, name)] for name in SPREAD] for row in free}
    return sorted(
        free, key=lambda row: (spread[row], row.taken_out, abs(row.n_words - BEST), row.segment_id)
    )[:1]


def _overlap(row, other) -> bool:
    """Return whether two passages of one document have words in common."""
    if row.segment_id == other.segment_id:
        return True
    placed = not any(map(pd.isna, (row.start, row.end, other.start, other.end)))
    return bool(placed and row.start < other.end and other.start < row.end)
