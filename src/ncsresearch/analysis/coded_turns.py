"""Which turns did each coder have before them, and what did they give them?

Where a study has no transcripts, the points of its documents that several coders judged take the place of turns.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ncsresearch.evidence.judgements import first_coder, judges
from ncsresearch.study import Study
from ncsresearch.study.codebook import codes_under, themes

PAIR = ["coder", "other"]
TURN = ["document_id", "ordinal"]


@dataclass(frozen=True)
class CodedTurns:
    """Turns of respondents with what each coder gave them.

    turns    one row per turn: document_id, ordinal
    seen     seen[turn, coder]: the coder coded something in the turn's document
    given    given[turn, coder, code]: a passage that begins in the turn has the code from the coder
    """

    turns: pd.DataFrame
    coders: list[str]
    code_ids: list[str]
    seen: np.ndarray
    given: np.ndarray

    def of(self, *coders: str) -> "CodedTurns":
        """The turns that two or more of these coders had before them."""
        places = [self.coders.index(coder) for coder in coders]
        own = replace(self, coders=list(coders), seen=self.seen[:, places], given=self.given[:, places])
        return own._where(own.seen.sum(axis=1) >= 2)

    def only_coded(self) -> "CodedTurns":
        """The turns that at least one coder gave a code, so that text without a code cannot flatter."""
        return self._where(self.given.any(axis=(1, 2)))

    def _where(self, rows: np.ndarray) -> "CodedTurns":
        turns = self.turns[rows].reset_index(drop=True)
        return replace(self, turns=turns, seen=self.seen[rows], given=self.given[rows])

    def judgements(self) -> np.ndarray:
        """Whether each coder gave a turn each code or did not: [turn, code, coder, no or yes], neither where it was not seen."""
        seen = self.seen[:, :, None]
        return np.stack([seen & ~self.given, seen & self.given], axis=-1).swapaxes(1, 2)

    def as_sets(self) -> pd.DataFrame:
        """The set of codes each coder gave each turn.

        Returns one row per turn and one column per coder; missing where the coder did not have the turn.
        """
        names = np.array(self.code_ids, dtype=object)
        sets = {
            coder: [
                frozenset(names[given]) if seen else None
                for given, seen in zip(self.given[:, place], self.seen[:, place], strict=True)
            ]
            for place, coder in enumerate(self.coders)
        }
        return pd.DataFrame(sets, index=self.turns.index, dtype=object)


def coded_turns(study: Study) -> CodedTurns:
    """Turns of respondents with the themes each coder gave them.

    Returns CodedTurns; coders and codes in the order of the study.
    """
    turns = _turns(study)
    places, names, codes = coded_places(study), judges(study), themes(study.codebook)
    coded = pd.crosstab(places["document_id"], places["coder"]) > 0
    seen = coded.reindex(index=turns["document_id"], columns=names, fill_value=False).to_numpy()
    given = np.zeros((*seen.shape, len(codes)), dtype=bool)
    own = places[places["code_id"].isin(codes)].merge(turns.reset_index(names="turn"), on=TURN)
    coder, code = pd.Index(names).get_indexer(own["coder"]), pd.Index(codes).get_indexer(own["code_id"])
    given[own["turn"], coder, code] = True
    return CodedTurns(turns, names, codes, seen, given)


def by_person(study: Study, turns: CodedTurns) -> CodedTurns:
    """Return what each coder gave everything that a person said in an interview, with the themes below each, as counts of people have it.

    One row per person and interview in place of the turns; none of turns whose speaker is not known, and of points.
    """
    who = study.turns[[*TURN, "participant_id"]].astype({"ordinal": "int64"})
    who = turns.turns.merge(who, on=TURN, how="left")[["document_id", "participant_id"]]
    known = who["participant_id"].notna().to_numpy()
    people, own = who[known].reset_index(drop=True), turns._where(known)
    numbers = people.groupby(["document_id", "participant_id"], sort=False).ngroup().to_numpy()
    first = np.unique(numbers, return_index=True)[1]
    below = [np.isin(own.code_ids, [*codes_under(study.codebook, code)]) for code in own.code_ids]
    wider = np.stack([own.given[:, :, each].any(axis=2) for each in below], axis=2)
    given = np.zeros((len(first), *wider.shape[1:]), dtype=bool)
    np.logical_or.at(given, numbers, wider)
    return replace(own, turns=people.loc[first, ["document_id"]], seen=own.seen[first], given=given)


def of_points(study: Study) -> bool:
    """Whether coders are compared on points of documents, and not on turns of interviews."""
    return study.turns.empty and not study.points.empty


def _turns(study: Study) -> pd.DataFrame:
    """Return the turns of respondents, or the points that more than one coder judged: document_id and ordinal."""
    if of_points(study):
        n_coders = coded_places(study).groupby(TURN)["coder"].nunique()
        return n_coders[n_coders > 1].index.to_frame(index=False)
    turns = study.turns.loc[study.turns["role"].ne("interviewer"), TURN]
    return turns.astype({"ordinal": "int64"}).reset_index(drop=True)


def _judged(study: Study, unit: str, places: pd.DataFrame) -> pd.DataFrame:
    """Return each judgement about units of one kind whose place is known; places has a row per unit, by its id."""
    own = study.codings["unit"].eq(unit) & study.codings["coder"].isin(judges(study))
    codings = study.codings.loc[own, ["unit_id", "coder", "code_id"]]
    return codings.astype({"code_id": "str"}).merge(places, left_on="unit_id", right_index=True)


def coded_passages(study: Study) -> pd.DataFrame:
    """Each judgement about a passage whose place in its document is known.

    Returns one row per judgement: unit_id, coder, code_id, document_id, start, end.
    """
    placed = study.segments.dropna(subset="start").astype({"start": "int64"}).set_index("segment_id")
    return _judged(study, "segments", placed[["document_id", "start", "end"]])


def coded_places(study: Study) -> pd.DataFrame:
    """Each coded passage of a transcript with the turn it begins in; or each coded point, which is its own turn.

    Returns one row per judgement: unit_id, coder, code_id, document_id, ordinal.
    """
    if of_points(study):
        places = study.points.set_index("point_id")[TURN].astype({"ordinal": "int64"})
        return _judged(study, "points", places)
    turns = study.turns[["document_id", "ordinal", "start"]].rename(columns={"start": "turn_start"})
    turns = turns.astype({"turn_start": "int64"}).sort_values("turn_start")
    begun = {"left_on": "start", "right_on": "turn_start", "by": "document_id"}
    found = pd.merge_asof(coded_passages(study).sort_values("start"), turns, **begun)
    return found.dropna(subset="ordinal").astype({"ordinal": "int64"}).drop(columns="turn_start")


def coder_pairs(study: Study) -> list[tuple[str, str]]:
    """The reporting coder with each other coder.

    Returns pairs of names; none where the study has one coder alone.
    """
    first, names = first_coder(study), judges(study)
    return [(first, other) for other in names if other != first and first in names]


def of_both_coders(study: Study, given: pd.DataFrame) -> list[pd.DataFrame]:
    """What the reporting coder gave, and what each other coder did, in the documents that both coded.

    given   judgements, with coder, code_id, unit_id and document_id

    Returns those under a theme in two frames, of the one side and of the other, once for each pair of coders: with coder and
    other (the pair), and the passage or point as unit_id in the first, as other_unit_id in the second.
    """
    pairs = pd.DataFrame(coder_pairs(study), columns=PAIR)
    own = pairs.merge(given, on="coder")
    others = pairs.merge(given.rename(columns={"coder": "other", "unit_id": "other_unit_id"}), on="other")
    place = [*PAIR, "document_id"]
    shared = own[place].drop_duplicates().merge(others[place].drop_duplicates())
    codes = themes(study.codebook)
    return [side[side["code_id"].isin(codes)].merge(shared, on=place) for side in (own, others)]
