"""The passages of a selection, and words found in them with what stands before and after."""

from functools import lru_cache

import pandas as pd

from ncsresearch.disclosure.mask import withheld_counts
from ncsresearch.evidence.groups import hears_people
from ncsresearch.evidence.judgements import people_codings
from ncsresearch.explorer.people import narrowed
from ncsresearch.explorer.published import evidence_of
from ncsresearch.explorer.selection import Selection, asked_for
from ncsresearch.ingest.quoted import words_of_quotations
from ncsresearch.ingest.spoken_words import read_words
from ncsresearch.present.points import as_described
from ncsresearch.present.printable import printable_passages
from ncsresearch.present.quotation import COLUMNS, Quotations, pattern
from ncsresearch.present.table import titles
from ncsresearch.present.wording import phrase
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, codes_under, themes

MOST = 40  # passages shown at once
Found = tuple[pd.DataFrame, str]  # passages, and the form of the words that say what may be shown
NONE: Found = (pd.DataFrame(columns=COLUMNS, dtype="str"), "where")


def passages(study: Study, selection: Selection, *, rules: bool, sources_dir: str = "") -> Quotations:
    """Return the passages of a selection, those with its words where it has any.

    Of published evidence a reader's words for each passage, and its own where the source documents are given. Of
    interviews under the disclosure rules only the quotations that may be printed; without the rules every passage,
    with who says it and where.
    """
    if not hears_people(study):
        rows, form = _labels(study, selection, rules, sources_dir)
    elif rules:
        rows, form = _printable(study, selection)
    else:
        rows, form = _spoken(study, narrowed(study, selection), selection)
    found = " ".join(selection.words.split())
    rows = rows[rows["words"].astype("str").str.contains(pattern(found))] if found else rows
    places = {"n": len(rows), "most": MOST, "found": found, "status": study.settings.status}
    heading, rule = phrase("passages_found", "heading", **places), phrase("passages_found", form)
    shown = rows[COLUMNS].head(MOST).reset_index(drop=True)
    return Quotations(shown, heading, rule, apart=True, quoted=not form.startswith("readers"), found=found)


def _under(rows: pd.DataFrame, study: Study, theme: str) -> pd.DataFrame:
    """Return the rows under a theme, or under all, with what each is under."""
    under = codes_under(study.codebook, theme) if theme else themes(study.codebook)
    rows = rows[rows["code_id"].isin(under)]
    return rows.assign(under=rows["code_id"].map(code_names(study.codebook)))


def _printable(study: Study, selection: Selection) -> Found:
    """Return the quotations that may be printed, under themes whose number of people may be told."""
    if selection.area_type or selection.area or selection.client_group:
        return NONE
    hidden = withheld_counts(study).query("hidden and by == ''")
    rows = printable_passages(study, study).astype({"code_id": "str", "stance": "str"})
    few = pd.MultiIndex.from_frame(rows[["code_id", "stance"]]).isin(
        pd.MultiIndex.from_frame(hidden[["code_id", "stance"]])
    )
    rows = _under(rows[~few], study, selection.theme)
    rows = asked_for(rows, stance=selection.stance, participant_group=selection.heard_from)
    place = rows.groupby("code_id", sort=False).ngroup()
    return rows.assign(place=place).sort_values(["place", "stance"], ascending=[True, False]), "printable"


def _spoken(study: Study, part: Study, selection: Selection) -> Found:
    """Return every coded passage of the people of a part of a study, with who says it and where."""
    said = people_codings(part)
    rows = asked_for(_under(said, study, selection.theme), unit="segments", stance=selection.stance)
    people = study.participants.set_index("participant_id")
    areas = study.areas.set_index("area_id")["name"]
    who = rows["participant_id"].map(people["participant_group"]).fillna("group not stated")
    where = rows["participant_id"].map(people["area_id"].map(areas)).fillna("area not stated")
    said_by = who + ", " + where + ", " + rows["participant_id"] + _described(rows)
    rows = rows.assign(words=rows["unit_id"].map(_words(study)), said_by=said_by, mark=rows["unit_id"])
    return rows.dropna(subset="words").drop_duplicates(COLUMNS), "spoken"


def _described(rows: pd.DataFrame) -> pd.Series:
    return "; " + rows["stance"].astype("str").map(as_described)


@lru_cache(maxsize=2)
def _words(study: Study) -> pd.Series:
    return read_words(study.folder, study.segments)


def _labels(study: Study, selection: Selection, rules: bool, sources_dir: str) -> Found:
    """Return the passages of published sources, in a reader's words or, where there are the sources, in their own."""
    if rules and selection.narrows:
        return NONE
    rows = evidence_of(study, selection)
    rows = rows[rows["unit"].isin(["points", "segments"])].astype({"theme": "str", "stance": "str"})
    by = rows["said_by"].map(lambda name: f", {name}", na_action="ignore").fillna("")
    rows = rows.assign(
        under=rows.groupby("unit_id")["theme"].transform(lambda themes: ", ".join(dict.fromkeys(themes))),
        words=rows["label"],
        said_by=titles(study, rows["document_id"]) + by + _described(rows),
        mark=rows["unit_id"],
    ).drop_duplicates("unit_id")
    if not sources_dir:
        return rows, "readers"
    rows["words"] = rows["unit_id"].map(_quoted(study, sources_dir)).fillna(rows["label"])
    return rows, "readers_and_sources"


@lru_cache(maxsize=2)
def _quoted(study: Study, sources_dir: str) -> pd.Series:
    return words_of_quotations(study.segments, sources_dir)
