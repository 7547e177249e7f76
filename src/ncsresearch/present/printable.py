"""Passages of interviews that may be printed: chosen once for a study, with what could identify somebody taken out."""

from collections.abc import Collection
from functools import lru_cache
from hashlib import sha256

import pandas as pd

from ncsresearch.analysis.identifying import identifying_words, redacted, words_in_small_letters
from ncsresearch.analysis.quotation_choice import (
    CHOICE,
    printable_quotations,
    quotable,
    quotation_choice,
    sides,
)
from ncsresearch.disclosure.counts import RAISED, counts
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.judgements import people_codings
from ncsresearch.ingest.quotation_rules import QuotationRules, read_quotation_rules
from ncsresearch.ingest.spoken_words import read_words
from ncsresearch.present.wording import phrase
from ncsresearch.study import Study, load_study
from ncsresearch.study.codebook import code_names, codes_under

OPPOSITE = {"strength": "challenge", "challenge": "strength"}


def printable_passages(part: Study, study: Study, *, heard_from: str = "") -> pd.DataFrame:
    """Return the passages that may be printed of part of a study, with their words.

    heard_from   the participant group that the part is of, where it is of one

    Rows as quotation_choice has them, in the order of the codebook, with
        under    the theme
        words    the passage as transcribed, what could tell who speaks or where replaced by its kind in brackets
        said_by  the group, the interview's number and the stance it is coded with
        mark     a short name that stays the same and cannot be traced without the study's words
    """
    whole, book = whole_of(study), study.codebook
    chosen = _chosen_passages(whole, _rules(whole))
    if len(chosen):
        of_a_group = heard_from or (study.slice and study.slice.by)
        known = known_to_have_told(study, heard_from=heard_from) if of_a_group else None
        chosen = printable_quotations(chosen, part, whole=whole, known=known)
    place = {code: place for place, code in enumerate(book["code_id"])}
    rows = chosen.sort_values("code_id", key=lambda own: own.map(place), kind="stable")
    return rows.assign(
        under=rows["code_id"].map(code_names(book)), said_by=[_said_by(row) for row in rows.itertuples()]
    )


def known_to_have_told(study: Study, *, heard_from: str = "") -> pd.Series:
    """Return how many people a reader knows to have raised each theme (stance "") or described it so, at the least."""
    told = counts(study, by="stance", heard_from=heard_from)
    stances = told["group"].astype("str").replace(RAISED, "")
    return told.set_index([told["code_id"].astype("str"), stances])["least"].rename_axis(
        ["code_id", "stance"]
    )


def _said_by(row) -> str:
    named = row.participant_group != "not stated"
    group = row.participant_group if named else phrase("passages_shown", "unnamed")
    number = "" if pd.isna(row.number) else f", interview {row.number}"
    return f"{group}{number}" + (f"; described as a {row.stance}" if row.stance else "")


def passages_behind(
    study: Study, codes: Collection[str], *, who: str = "", stance: str = ""
) -> tuple[dict[str, str], ...]:
    """Return the passages that a sentence about themes may open to: of each theme one a side, the other side included.

    who   a participant group; empty for everybody

    Returns under (the theme), words, said_by and mark of each, in the order of the codebook.
    """
    if not hears_people(study):
        return ()
    rows = printable_passages(study, study)
    rows = rows[rows["code_id"].isin(codes_under(study.codebook, *codes))]
    if stance:
        rows = rows[rows["stance"].isin([stance, OPPOSITE.get(stance, stance)])]
    if who:
        rows = rows[rows["participant_group"].eq(who)]
    shown = rows.drop_duplicates(["code_id", "stance"])[["under", "words", "said_by", "mark"]]
    return tuple(shown.to_dict("records"))


@lru_cache(maxsize=4)
def whole_of(study: Study) -> Study:
    """Return the study that a chapter has narrowed, as a whole."""
    if study.slice:
        return study.slice.whole
    return load_study(study.folder) if study.selection else study


def cited_passages(study: Study) -> list[str]:
    """Return the passages that the authors' findings cite, or that a point which they cite rests on."""
    files = study.findings.values()
    paragraphs = (each for file in files for section in file.sections for each in section.paragraphs)
    units = {unit for paragraph in paragraphs for _, unit in paragraph.cited}
    behind = study.points.loc[study.points["point_id"].isin(units), "segment_id"].dropna()
    return sorted(units | {*behind})


def cited_first(study: Study) -> list[str]:
    """Return the passages that authors cite where these are chosen before others, since the rule alone would leave one out."""
    if not (cited_passages(study) and hears_people(study)):
        return []
    return _chosen_passages(study, _rules(study)).attrs.get("first", [])


def why_not_printed(study: Study, segment_id: str) -> tuple[str, list[str]]:
    """Return the name of the rule by which a passage may not be printed, and passages of its themes and stances that may.

    For the owner of the study alone: the ids are those of its tables.
    """
    rules = _rules(study)
    barred = {"left_out": rules.left_out, "people_left_out": rules.people_left_out}
    rows = quotable(study, _coded_words(study), **barred)
    own, may = rows[rows["segment_id"].eq(segment_id)], printable_passages(study, study)
    if own.empty:
        return "nobody", []
    chosen = segment_id in set(_chosen_passages(study, rules)["segment_id"])
    why = "few_said" if chosen else own["why"].iloc[0] or "others"
    alike = may.merge(own[["code_id", "stance"]].drop_duplicates(), on=["code_id", "stance"])
    if own["stance"].isin(sides(study)).sum() == 0:
        alike = may[may["code_id"].isin(own["code_id"])]
    return why, alike["segment_id"].tolist()


def _coded_words(study: Study) -> pd.Series:
    coded = study.segments["segment_id"].isin(people_codings(study)["unit_id"])
    return read_words(study.folder, study.segments[coded])


@lru_cache(maxsize=4)
def _chosen_passages(study: Study, rules: QuotationRules) -> pd.DataFrame:
    words = _coded_words(study)
    if words.empty:
        return pd.DataFrame(columns=[*CHOICE, "words", "mark"])
    found = _identifying(words, study, rules)
    rows = quotation_choice(
        study,
        words,
        left_out=rules.left_out,
        people_left_out=rules.people_left_out,
        taken_out={name: len(spans) for name, spans in found.items()},
        cited=cited_passages(study),
    )
    printed = [redacted(words[name], found[name]) for name in rows["segment_id"]]
    salt = sha256("\n".join(words.sort_index()).encode()).hexdigest()
    return rows.assign(words=printed, mark=[_mark(name, salt) for name in rows["segment_id"]])


def _rules(study: Study) -> QuotationRules:
    people = [*study.participants["participant_id"], *study.listed]
    return read_quotation_rules(study.folder, segments=study.segments["segment_id"].tolist(), people=people)


def _identifying(words: pd.Series, study: Study, rules: QuotationRules) -> dict[str, list]:
    """What could tell who speaks or where in each passage, but for words that a person has accepted."""
    listed = {
        "place": [*rules.places, *study.areas["name"].dropna()],
        "organisation": rules.organisations,
        "name": [*rules.names, *study.participants["participant_id"], *study.listed],
    }
    usual, accepted = words_in_small_letters(" ".join(words)), dict(rules.accepted)
    return {
        name: identifying_words(said, listed=listed, usual=usual, accepted=accepted.get(name, ()))
        for name, said in words.items()
    }


def _mark(segment_id: str, salt: str) -> str:
    return "q" + sha256(f"{salt} {segment_id}".encode()).hexdigest()[:8]
