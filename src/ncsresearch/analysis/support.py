"""Who stands behind a claim, and who speaks against it?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ncsresearch.evidence.codebook import code_names, codes_under, themes
from ncsresearch.evidence.groups import all_groups, hears_people
from ncsresearch.evidence.interval import share_interval
from ncsresearch.evidence.judgements import people_codings
from ncsresearch.evidence.people import people
from ncsresearch.schema import STANCES, StudyError, one_of
from ncsresearch.study import Study

OPPOSITE = {"strength": "challenge", "challenge": "strength"}
EVERYBODY = "everybody"


@dataclass(frozen=True)
class Support:
    """The people behind a claim on a theme, those who told the opposite, and those who said neither.

    code_id    the theme's code; by and group are the group asked about as withheld_counts has it
    people     one row per person of those asked about: participant_id, area_id, interview_id,
               participant_group, side (for, against, both, silent)
    passages   one row per passage behind or against it: segment_id, participant_id, side (for, against)
    low, high  Wilson interval of the share for it, as if people were independent draws
    """

    code_id: str
    theme: str
    by: str
    group: str
    stance: str
    people: pd.DataFrame
    passages: pd.DataFrame
    low: float
    high: float

    def n(self, *sides: str) -> int:
        """People on these sides."""
        return int(self.people["side"].isin(sides).sum())

    @property
    def n_for(self) -> int:
        """People who raised it, told as the claim tells it; those who told the opposite too are among them."""
        return self.n("for", "both")

    @property
    def n_against(self) -> int:
        """People who told the opposite; raising nothing is not among them."""
        return self.n("against", "both")

    @property
    def base(self) -> int:
        """People the claim is about, heard on anything."""
        return len(self.people)

    def by_group(self, key: str) -> pd.DataFrame:
        """People for it and the base in each area, interview or participant group; those without one left out.

        Returns one row per group in the order met, with group, n_for and base.
        """
        rows = self.people.assign(behind=self.people["side"].isin(["for", "both"]))
        counted = rows.groupby(key, sort=False, observed=True)["behind"].agg(n_for="sum", base="size")
        return counted.astype("int64").rename_axis("group").reset_index()


def support(study: Study, *, theme: str, who: str = "", stance: str = "") -> Support:
    """Count who raised a theme, who told the opposite of it, and who neither, each person once.

    theme    a code of the facet theme; codes below it count for it
    who      everybody where empty; or rural, urban, an area_id, a participant group or a client group
    stance   strength, challenge, mixed, suggestion or neutral; empty for anything said under the theme.
             The opposite of a strength is a challenge; other stances have none, and neither has empty

    Returns the people on each side, their passages and the interval of the share for it. Raises StudyError for a
    study in which nobody was heard, and for a theme, group or stance it does not have.
    """
    if not hears_people(study):
        raise StudyError(
            f"{study.name}: nobody was heard in this study, so no claim on people can be made of it."
        )
    one_of("theme", theme, themes(study.codebook))
    one_of("stance", stance, ["", *STANCES])
    asked = _people(study, who)
    passages = _passages(study, theme, stance, set(asked["participant_id"]))
    asked = asked.assign(side=_sides(asked["participant_id"], passages))
    n = int(asked["side"].isin(["for", "both"]).sum())
    low, high = share_interval(n, len(asked), level=study.settings.interval_level)
    name, (by, group) = code_names(study.codebook)[theme], _place(study, who)
    return Support(theme, name, by, group, stance, asked, passages, float(low), float(high))


def _place(study: Study, who: str) -> tuple[str, str]:
    """Return the grouping and the group that a name such as rural, area_a or Clients stands for."""
    groups = all_groups(study).drop_duplicates("name").set_index("name")
    by = groups["by"].get(who, "")
    area = study.areas.set_index("area_id")["name"].get(who, who)
    return by, area if by == "area_id" else who or EVERYBODY


def _sides(people: pd.Series, passages: pd.DataFrame) -> np.ndarray:
    """Return the side of each person, by the sides of their passages."""
    told = passages.groupby("side")["participant_id"].unique()
    behind, against = (people.isin(told.get(side, ())).to_numpy() for side in ("for", "against"))
    return np.select([behind & against, behind, against], ["both", "for", "against"], "silent")


def _passages(study: Study, theme: str, stance: str, people: set[str]) -> pd.DataFrame:
    """Return the passages of these people under the theme, on the one side or the other."""
    said = people_codings(study)
    said = said[said["code_id"].isin(codes_under(study.codebook, theme))]
    said = said.loc[said["participant_id"].isin(people), ["unit_id", "participant_id", "stance"]]
    told = said["stance"].astype("str")
    sides = {stance: "for", OPPOSITE.get(stance, ""): "against"} if stance else {}
    side = told.map(sides) if stance else pd.Series("for", index=said.index)
    rows = said.assign(side=side, segment_id=said["unit_id"]).dropna(subset="side")
    return rows[["segment_id", "participant_id", "side"]].drop_duplicates(ignore_index=True)


def _people(study: Study, who: str) -> pd.DataFrame:
    """Return the people a claim is about, with where they were heard."""
    heard = people(study)
    if not who:
        return heard
    members = all_groups(study)
    one_of("group of people", who, list(dict.fromkeys(members["name"])))
    return heard[heard["participant_id"].isin(members.loc[members["name"].eq(who), "participant_id"])]
