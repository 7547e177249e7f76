"""Who stands behind a claim, and who speaks against it?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ncsresearch.evidence.groups import all_groups, hears_people
from ncsresearch.evidence.interval import share_interval
from ncsresearch.evidence.people import people, said_by_people
from ncsresearch.schema import STANCES, StudyError, one_of
from ncsresearch.study import Study
from ncsresearch.study.codebook import code_names, themes

OPPOSITE = {"strength": "challenge", "challenge": "strength"}
EVERYBODY = "everybody"


@dataclass(frozen=True)
class Support:
    """The people behind a claim on a theme, those who told the opposite, and those who said neither.

    code_id    the theme's code; by and group are the group asked about as withheld_counts has it
    people     one row per person of those asked about: participant_id, area_id, interview_id,
               participant_group, side (for, against, both, silent)
    low, high  Wilson interval of the share for it, as if people were independent draws
    """

    code_id: str
    theme: str
    by: str
    group: str
    stance: str
    people: pd.DataFrame
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

    Returns the people on each side and the interval of the share for it. Raises StudyError for a
    study in which nobody was heard, and for a theme, group or stance it does not have.
    """
    if not hears_people(study):
        raise StudyError(
            f"{study.name}: nobody was heard in this study, so no claim on people can be made of it."
        )
    one_of("theme", theme, themes(study.codebook))
    one_of("stance", stance, ["", *STANCES])
    by, group, asked = _asked(study, who)
    asked = asked.assign(side=_sides(study, asked["participant_id"], theme, stance))
    n = int(asked["side"].isin(["for", "both"]).sum())
    low, high = share_interval(n, len(asked), level=study.settings.interval_level)
    return Support(
        theme, code_names(study.codebook)[theme], by, group, stance, asked, float(low), float(high)
    )


def _asked(study: Study, who: str) -> tuple[str, str, pd.DataFrame]:
    """Return the grouping, the group and the people that a name such as rural, area_a or Clients stands for."""
    heard = people(study)
    if not who:
        return "", EVERYBODY, heard
    groups = all_groups(study)
    one_of("group of people", who, list(dict.fromkeys(groups["name"])))
    members = groups[groups["name"].eq(who)]
    by, names = members["by"].iloc[0], study.areas.set_index("area_id")["name"]
    return (
        by,
        names[who] if by == "area_id" else who,
        heard[heard["participant_id"].isin(members["participant_id"])],
    )


def _sides(study: Study, asked: pd.Series, theme: str, stance: str) -> np.ndarray:
    """Return the side of each person, by how they told the theme."""
    said = said_by_people(study)
    said = said[said["code_id"].eq(theme)]
    ways = (said["stance"].eq(stance) | (stance == ""), said["stance"].isin([OPPOSITE.get(stance)]))
    behind, against = (asked.isin(said.loc[told, "participant_id"]) for told in ways)
    return np.select([behind & against, behind, against], ["both", "for", "against"], "silent")
