"""What a sentence is about: the themes, client groups, kinds of area, areas and stances it names or rests on."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ncsresearch.evidence.kinds import AREA_KINDS
from ncsresearch.evidence.passages import passage_evidence
from ncsresearch.schema import AREA_TYPES, STANCES
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names

LEFT_OVER = {"other"}  # the label of a residual theme is an everyday word, and names no theme in a sentence
COLUMNS = {"themes": "theme", "client_groups": "client_group", "area_types": "area_kind", "stances": "stance"}


@dataclass(frozen=True)
class Facets:
    """The words by which a study names what its evidence is about.

    words   by facet, the words in small letters and what they name
    coded   by facet, what each unit of evidence is coded with; empty where people are to stay unknown
    """

    words: Mapping[str, Mapping[str, str]]
    coded: Mapping[str, Mapping[str, set[str]]]

    def about(self, said: str, units: Iterable[str] = ()) -> dict[str, list[str]]:
        """Return, by facet, what a text names in whole words and what the units behind it are coded with."""
        units = list(units)
        return {facet: self._of(facet, said, units) for facet in self.words}

    def _of(self, facet: str, said: str, units: list[str]) -> list[str]:
        found = _named(said, self.words[facet])
        found |= set().union(*(self.coded.get(facet, {}).get(unit, set()) for unit in units))
        return [value for value in dict.fromkeys(self.words[facet].values()) if value in found]


def facets_of(study: Study) -> Facets:
    """Return the facets of a study: its own labels of themes, groups and areas, and the schema's kinds and stances.

    Only of a public study is it told what the units of evidence are coded with.
    """
    areas = study.areas[study.areas["area_id"].ne(study.settings.national_area)]
    words = {
        "themes": [*_labels(study, "theme")],
        "client_groups": [*_labels(study, "client group"), *study.codings["about_client_group"].dropna()],
        "area_types": [*AREA_KINDS[:3]],
        "stances": [*STANCES],
        "areas": [*areas["name"]],
    }
    named = {facet: {word.lower(): word for word in known} for facet, known in words.items()}
    named["area_types"] |= _kinds_by_name(areas)
    return Facets(named, _coded(study) if study.settings.access == "public" else {})


def _labels(study: Study, facet: str) -> list[str]:
    """The codes of a facet by label, without its heading and what is left over."""
    codes = study.codebook[study.codebook["facet"].eq(facet)]
    headings = [] if facet == "theme" else codes["parent_id"]
    own = codes.loc[~codes["code_id"].isin(headings), "code_id"]
    return [label for label in code_names(study.codebook)[own] if label.lower() not in LEFT_OVER]


def _kinds_by_name(areas) -> dict[str, str]:
    """Kinds of area by every name they go by: of the type, of the official class, and of each area."""
    types = areas["area_type"].astype("str")
    names = {name.replace("_", " "): name for name in AREA_TYPES}
    for column in ("classification", "name"):
        given = areas[column].notna()
        names |= dict(zip(areas.loc[given, column].str.lower(), types[given], strict=True))
    return {name: AREA_TYPES[kind] for name, kind in names.items() if AREA_TYPES.get(kind) in AREA_KINDS[:3]}


def _named(said: str, words: Mapping[str, str]) -> set[str]:
    longest = sorted(map(re.escape, words), key=len, reverse=True)
    pattern = rf"(?<![\w-])({'|'.join(longest)})s?(?![\w-])"
    return {words[found] for found in re.findall(pattern, said.lower())} if words else set()


def _coded(study: Study) -> dict[str, dict[str, set[str]]]:
    judged = passage_evidence(study)
    return {
        facet: {
            unit: set(rows[column].dropna().astype("str"))
            for unit, rows in judged.groupby("unit_id", observed=True)
        }
        for facet, column in COLUMNS.items()
    }
