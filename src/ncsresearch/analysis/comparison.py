"""Do groups of people differ in what they raise, and how far can that be trusted?"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from ncsresearch.analysis.cluster_model import cluster_difference, why_no_cluster_model
from ncsresearch.analysis.codes import code_names
from ncsresearch.analysis.exact_tests import PARTS, fisher, separated_odds, within_strata
from ncsresearch.analysis.interval import difference_interval
from ncsresearch.analysis.permutation import DRAWS, label_level, permutations_p
from ncsresearch.analysis.prevalence import people_codings, raised_by_people
from ncsresearch.evidence.groups import grouped_people, hears_people
from ncsresearch.schema import StudyError
from ncsresearch.study import Study
from ncsresearch.study.kept import kept

COMPARED = {"area_type": ("rural", "urban")}
UNITS = {"area": "areas", "interview": "interviews", "participant": "interviews"}
DESCRIBED = "a description, and no test"
LADDER = [
    *("code_id", "theme", "group", "others", "level"),
    *("n_raised", "n_participants", "n_raised_others", "n_participants_others"),
    *("method", "measure", "estimate", "low", "high", "p", "smallest_p"),
    *("family_size", "p_adjusted", "not_tested_because"),
]


@dataclass(frozen=True)
class Contrast:
    """One group of people against others: who is compared, and what each of them raised.

    people   participant_id, area_id, interview_id, here (whether in the group)
    raised   the same people by codes, true where raised
    """

    group: str
    others: str
    people: pd.DataFrame
    raised: pd.DataFrame
    level: float

    @cached_property
    def varies(self) -> str:
        """Where membership of the group varies: area, interview or participant."""
        return label_level(self.people)

    def counts(self, code: str) -> tuple[int, int, int, int]:
        """People of the group who raised a code, people of the group, and both of the others."""
        here, raised = self.people["here"].to_numpy(), self.raised[code].to_numpy()
        return int(raised[here].sum()), int(here.sum()), int(raised[~here].sum()), int((~here).sum())

    @cached_property
    def clusters(self) -> np.ndarray:
        """Number of the area, or else the interview, that each of the people was heard in."""
        return pd.factorize(self.people["area_id" if self.varies == "area" else "interview_id"])[0]

    @cached_property
    def dependent(self) -> str:
        """Say why people here are no independent draws; an empty string where they are."""
        if self.varies == "area":
            n = self.people["area_id"].nunique()
            return f"all people of an area are in one group, so {n} areas are compared and not {len(self.people)} people"
        size = self.people["interview_id"].value_counts()
        together = int(size.gt(1).sum())
        return f"{together} of {len(size)} interviews heard several people together" if together else ""


@kept(8)
def theme_comparison(
    study: Study, *, by: str, stance: str = "", of: str = "theme", draws: int = DRAWS
) -> pd.DataFrame:
    """The whole ladder of comparisons of groups, theme by theme: what was tested, what was refused, and why.

    by       area_type (rural against urban), area_id, participant_group or client_group; where there are more
             than two groups, or people are in several, each is held against all others
    stance   only what was told so; empty for anything said under a theme
    of       theme, or service level: who says of each client group that it is better or less well served
    draws    deals of the permutation test where there are more than can be gone through

    Only themes that have none below them are compared. Returns one row per theme, group and method, with
        code_id, theme, group, others   what is compared; a service level and client group as code_id/client group
        level                  where membership varies: area, interview or participant
        n_raised, n_participants, n_raised_others, n_participants_others   the counts and their bases
        method, measure        counts (difference of shares, Newcombe's interval), exact (Fisher), stratified
                               (odds ratio within areas, Cochran, Mantel and Haenszel), separated (odds ratio,
                               Firth), permutation (difference of shares), clusters (difference of shares,
                               generalised estimating equation)
        estimate, low, high    the measure and its interval at the study's level
        p, smallest_p          two-sided; smallest_p is the least that the test could give whatever the evidence
        family_size, p_adjusted   tests of this method in this call, and p after Benjamini and Hochberg
        not_tested_because     why there is no p

    It is kept for the study it was made of. Raises StudyError for a study in which nobody was heard: published
    evidence is never tested. Caution: people were chosen; a small p says that chance in who was put together would
    rarely do this, not that it holds of people who were not heard.
    """
    _refuse_unheard(study)
    contrasts = contrasts_of(study, by=by, stance=stance, of=of)
    people = [contrast.people for contrast in contrasts]
    dealt = permutations_p(people, contrasts[0].raised.to_numpy(), draws=draws) if contrasts else []
    pairs = zip(contrasts, dealt, strict=True)
    rows = [row for contrast, own in pairs for row in _ladder(contrast, own)]
    ladder = pd.DataFrame(
        rows, columns=[name for name in LADDER if name not in ("family_size", "p_adjusted")]
    )
    ladder["theme"] = ladder["code_id"].map(_name_of(study))
    ladder["method"] = pd.Categorical(ladder["method"], categories=list(RUNGS), ordered=True)
    return _with_families(ladder)[LADDER]


def _refuse_unheard(study: Study) -> None:
    if not hears_people(study):
        raise StudyError(
            f"{study.name}: nobody was heard in this study, and groups in published evidence are never compared by a test; "
            "expected participants."
        )


def _name_of(study: Study) -> Callable[[str], str]:
    names = code_names(study.codebook)

    def name(code: str) -> str:
        level, _, client_group = code.partition("/")
        return f"{names[level]}: {client_group}" if client_group else names[level]

    return name


@lru_cache(maxsize=4)
def contrasts_of(study: Study, *, by: str, stance: str = "", of: str = "theme") -> list[Contrast]:
    """Each group of people against the others, with what everybody raised; none where there is one group only."""
    people = _placed(study, grouped_people(study, by=by))
    names = [
        name for name in COMPARED.get(by, people["group"].cat.categories) if name in set(people["group"])
    ]
    people = people[people["group"].isin(names)]
    two = len(names) == 2 and people["participant_id"].is_unique  # who is in both is in the first alone
    pairs = [(names[0], names[1])] if two else [(name, "all others") for name in names]
    everybody = people.drop_duplicates("participant_id").reset_index(drop=True)
    raised = _raised(study, everybody["participant_id"], stance, of)
    return [
        Contrast(group, others, _here(everybody, people, group), raised, study.settings.interval_level)
        for group, others in pairs
        if len(names) > 1
    ]


def _placed(study: Study, people: pd.DataFrame) -> pd.DataFrame:
    """Return people with their area and the first interview they were heard in."""
    areas = study.participants.set_index("participant_id")["area_id"]
    first = study.attendances.drop_duplicates("participant_id").set_index("participant_id")["interview_id"]
    interview = people["participant_id"].map(first).astype("object").fillna(people["participant_id"])
    return people.assign(area_id=people["participant_id"].map(areas).fillna(""), interview_id=interview)


def _here(everybody: pd.DataFrame, people: pd.DataFrame, group: str) -> pd.DataFrame:
    members = people.loc[people["group"].eq(group), "participant_id"]
    return everybody.assign(here=everybody["participant_id"].isin(members)).drop(columns="group")


def _raised(study: Study, people: pd.Series, stance: str, of: str) -> pd.DataFrame:
    """Return people by what is compared, true where they raised it."""
    if of == "service level":
        pairs = _seen_as(study)
        codes = sorted(set(pairs["code_id"]))
    else:
        pairs = raised_by_people(study, stance)
        codes = _specific(study)
    return people_by_codes(pairs, people, codes)


def people_by_codes(pairs: pd.DataFrame, people: pd.Series, codes: Iterable[str]) -> pd.DataFrame:
    """Return people, in their order and each there once, by codes, true where the person and the code are a pair.

    pairs   participant_id, code_id
    """
    columns = pd.Index(codes, name="code_id")
    person = pd.Index(people).get_indexer(pairs["participant_id"])
    code = columns.get_indexer(pairs["code_id"])
    asked = (person >= 0) & (code >= 0)
    table = np.zeros((len(people), len(columns)), dtype=bool)
    table[person[asked], code[asked]] = True
    return pd.DataFrame(table, columns=columns)


def _specific(study: Study) -> list[str]:
    themes = study.codebook[study.codebook["facet"].eq("theme")]
    return themes.loc[~themes["code_id"].isin(themes["parent_id"]), "code_id"].tolist()


def _seen_as(study: Study) -> pd.DataFrame:
    """Return each person with each level and client group they spoke of so."""
    levels = study.codebook.loc[study.codebook["facet"].eq("service level"), "code_id"]
    said = people_codings(study)
    said = said[said["code_id"].isin(levels) & said["about_client_group"].notna()]
    seen = said["code_id"] + "/" + said["about_client_group"].astype("str")
    return said[["participant_id"]].assign(code_id=seen).drop_duplicates()


def _ladder(contrast: Contrast, dealt: pd.DataFrame) -> Iterator[dict]:
    """Yield every rung for every theme of one contrast; the deals are the same for all themes."""
    dealt = dealt.set_axis(contrast.raised.columns)
    for code in contrast.raised:
        n, base, other_n, other_base = contrast.counts(code)
        head = {"code_id": code, "group": contrast.group, "others": contrast.others, "level": contrast.varies}
        head |= {"n_raised": n, "n_participants": base}
        head |= {"n_raised_others": other_n, "n_participants_others": other_base}
        for method, rung in RUNGS.items():
            refused = _why_never(contrast, code) if method != "counts" else ""
            told = {"not_tested_because": refused} if refused else rung(contrast, code, dealt.loc[code])
            yield head | {"method": method, "not_tested_because": ""} | told


def _why_never(contrast: Contrast, code: str) -> str:
    """Say why no test of a theme says anything: all raised it, or nobody, or a group is empty."""
    n, base, other_n, other_base = contrast.counts(code)
    if not min(base, other_base):
        return "nobody was heard in one of the groups"
    return {0: "nobody raised it", base + other_base: "everybody raised it"}.get(n + other_n, "")


def _counts(contrast: Contrast, code: str, dealt: pd.Series) -> dict:
    n, base, other_n, other_base = contrast.counts(code)
    low, high = difference_interval(n, base, other_n, other_base, level=contrast.level)
    estimate = n / base - other_n / other_base if min(base, other_base) else np.nan
    told = {"measure": "difference of shares", "estimate": estimate, "low": low, "high": high}
    return told | {"not_tested_because": DESCRIBED}


def _exact(contrast: Contrast, code: str, dealt: pd.Series) -> dict:
    if why := contrast.dependent:
        return {"not_tested_because": why}
    return {"p": fisher(*contrast.counts(code))}


def _stratified(contrast: Contrast, code: str, dealt: pd.Series) -> dict:
    if why := contrast.dependent:
        return {"not_tested_because": why}
    rows = contrast.people.assign(raised=contrast.raised[code].to_numpy())
    sides = [
        rows[rows["here"].eq(side)].groupby("area_id")["raised"].agg(["sum", "size"])
        for side in (True, False)
    ]
    strata = pd.concat(sides, axis=1, join="outer").fillna(0).set_axis(PARTS, axis=1)
    told = within_strata(strata, level=contrast.level)
    if told["n_strata"] < 2:
        return {
            "not_tested_because": f"{told['n_strata']} areas have people of both groups who differ; 2 are needed"
        }
    return _odds(told)


def _separated(contrast: Contrast, code: str, dealt: pd.Series) -> dict:
    n, base, other_n, other_base = contrast.counts(code)
    if 0 < n < base and 0 < other_n < other_base:
        return {"not_tested_because": "no share is 0% or 100%, so there is no need of it"}
    if why := contrast.dependent:
        return {"not_tested_because": why}
    return _odds(separated_odds(n, base, other_n, other_base, level=contrast.level))


def _odds(told: dict) -> dict:
    return {"measure": "odds ratio", "estimate": told["odds_ratio"]} | {
        name: told[name] for name in ("low", "high", "p")
    }


def _permutation(contrast: Contrast, code: str, dealt: pd.Series) -> dict:
    if pd.isna(dealt["p"]):
        return {"not_tested_because": "the groups cannot be dealt in another way"}
    told = {name: dealt[name] for name in ("p", "smallest_p")}
    return told | {"measure": "difference of shares", "estimate": dealt["difference"]}


def _clusters(contrast: Contrast, code: str, dealt: pd.Series) -> dict:
    here, raised = contrast.people["here"].to_numpy(), contrast.raised[code].to_numpy()
    if why := why_no_cluster_model(raised, here, contrast.clusters, unit=UNITS[contrast.varies]):
        return {"not_tested_because": why}
    told = cluster_difference(raised, here, contrast.clusters, level=contrast.level)
    numbers = {name: told[name] for name in ("low", "high", "p")}
    return {"measure": "difference of shares", "estimate": told["difference"]} | numbers


RUNGS: dict[str, Callable] = {
    "counts": _counts,
    "exact": _exact,
    "stratified": _stratified,
    "separated": _separated,
    "permutation": _permutation,
    "clusters": _clusters,
}


def _with_families(ladder: pd.DataFrame) -> pd.DataFrame:
    tested = ladder["p"].notna()
    size = tested.groupby(ladder["method"], observed=False).transform("sum")
    adjusted = ladder.groupby("method", observed=False)["p"].transform(adjusted_p)
    return ladder.assign(family_size=size.where(tested).astype("Int64"), p_adjusted=adjusted)


def adjusted_p(p: pd.Series) -> pd.Series:
    """P-values after Benjamini and Hochberg, over those of a family that are not missing.

    Returns them in their places; below 0.05 they make 5% false findings among all findings at most. Source:
    Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57:289-300.
    """
    known = p.dropna().astype("float64")
    if known.empty:
        return p.astype("float64")
    return pd.Series(multipletests(known, method="fdr_bh")[1], index=known.index).reindex(p.index)
