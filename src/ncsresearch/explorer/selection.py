"""What of a study's evidence is asked for, and what there is to ask for."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache

import pandas as pd

from ncsresearch.disclosure.mask import publishable_served
from ncsresearch.evidence.groups import grouped_people, hears_people
from ncsresearch.evidence.judgements import spoken_codings
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.schema import COMPARED, STANCES, kind_words
from ncsresearch.study import Study
from ncsresearch.study.codebook import codes_above, themes

Options = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Selection:
    """A choice of evidence; what is empty is not narrowed.

    area_type     kind of area: where people were heard, or what published passages are about
    area          id of an area
    heard_from    participant group that speaks
    client_group  client group spoken about
    theme         code of a theme; codes below it count for it
    stance        strength, challenge, mixed, suggestion or neutral
    words         words to search in the passages, each from its beginning
    """

    area_type: str = ""
    area: str = ""
    heard_from: str = ""
    client_group: str = ""
    theme: str = ""
    stance: str = ""
    words: str = ""

    @property
    def narrows(self) -> list[str]:
        """What is asked for of the people or places, by name."""
        return [name for name in ("area_type", "area", "heard_from", "client_group") if getattr(self, name)]


def asked_for(rows: pd.DataFrame, **asked: str) -> pd.DataFrame:
    """Return the rows whose columns hold what is asked for; what is empty is not narrowed."""
    for column, value in asked.items():
        rows = rows[rows[column].eq(value)] if value else rows
    return rows


def line_of(selection: Selection, *, sources: bool = False) -> str:
    """Return the line of code that shows the selection in a chapter."""
    asked = {name: value for name, value in asdict(selection).items() if value}
    told = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in asked.items()]
    return f"ncs.show(*ncs.selected({', '.join(['study', *told, *['sources_dir=sources_dir'] * sources])}))"


def under_rules(study: Study, disclosure: bool | None = None) -> bool:
    """Whether what is shown keeps the disclosure rules: in every confidential study, unless they are switched off."""
    return bool(study.settings.threshold) and disclosure is not False


@lru_cache(maxsize=4)
def options(study: Study, *, rules: bool) -> Options:
    """Return what there is to ask for by each name of a selection but words: each value with what a reader calls it.

    Only what the study's tables hold, in their order; areas are not to be asked for under the disclosure rules.
    """
    found = _of_people(study, rules) if hears_people(study) else _of_passages(study)
    stances = [stance for stance in STANCES if study.codings["stance"].eq(stance).any()]
    return found | {"theme": _themes(study), "stance": _as_called(stances)}


def _as_called(names: Iterable[str]) -> dict[str, str]:
    """Return each name once with itself: a reader calls it so."""
    return {name: name for name in names}


def _of_people(study: Study, rules: bool) -> Options:
    kinds, areas, groups = (
        grouped_people(study, by=by)["group"].cat.categories
        for by in ("area_type", "area_id", "participant_group")
    )
    ids = study.areas.set_index("name")["area_id"]
    spoken = publishable_served(study, by="") if rules else spoken_codings(study)
    about = spoken["client_group" if rules else "about_client_group"].dropna()
    return {
        "area_type": _as_called(kinds),
        "area": {} if rules else {ids[name]: name for name in areas},
        "heard_from": _as_called(groups),
        "client_group": _as_called(about),
    }


def _of_passages(study: Study) -> Options:
    evidence = passage_evidence(study, facet="all")
    kinds = [kind for kind in COMPARED if evidence["area_kind"].eq(kind).any()]
    types = [name for name in evidence["area_type"].cat.categories if evidence["area_type"].eq(name).any()]
    areas = study.areas[study.areas["area_id"].isin(evidence["area_id"])]
    groups = study.interviews["participant_group"].dropna()
    return {
        "area_type": {name: kind_words(name) for name in (*kinds, *types)},
        "area": dict(zip(areas["area_id"], areas["name"], strict=True)),
        "heard_from": _as_called(groups[groups.isin(evidence["said_by"])]),
        "client_group": _as_called(evidence["client_group"].dropna()),
    }


def _themes(study: Study) -> dict[str, str]:
    """Return the themes that were raised, those under another set in."""
    above, labels = codes_above(study.codebook), study.codebook.set_index("code_id")["label"]
    raised = set(above.loc[above["code_id"].isin(study.codings["code_id"].astype("str")), "counts_for"])
    deep = above["code_id"].value_counts()
    shown = [code for code in themes(study.codebook) if code in raised]
    return {code: "\u2003" * (int(deep[code]) - 1) + labels[code] for code in shown}
