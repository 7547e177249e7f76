"""Which people does a selection of a confidential study tell of? One group of the closed list whose counts are protected."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncsresearch.schema import COMPARED, StudyError, one_of
from ncsresearch.study.narrowing import types_met

if TYPE_CHECKING:
    from ncsresearch.study import Study

# parameters of a chapter that are called otherwise among the groupings
BY = {"heard_from": "participant_group"}
CALLED = {
    "area_id": "area",
    "area_type": "kind of area",
    "participant_group": "those who speak",
    "client_group": "client group",
}


@dataclass(frozen=True)
class Slice:
    """A selection of a confidential study.

    whole      the study whose counts it prints a part of
    by, group  the group of people; empty for everybody, where only a theme was chosen
    theme      the code that is looked at alone; empty for all
    """

    whole: "Study"
    by: str
    group: str
    theme: str = ""


def slice_of(whole: "Study", chosen: Mapping[str, str]) -> Slice:
    """Return the people that a selection tells of, by grouping.

    Raises StudyError for two groupings at once, for a class of areas narrower than rural or urban, and for client groups
    that speak.
    """
    if len(chosen) > 1:
        asked = " and ".join(f"{CALLED[by]} {group!r}" for by, group in chosen.items())
        raise StudyError(
            f"{whole.name}: {asked} were asked for together. A confidential study is told by one of "
            f"{', '.join(CALLED.values())} at a time: counts by two of them are not protected."
        )
    by, group = next(iter(chosen.items()), ("", ""))
    if by == "area_type":
        kinds = [*COMPARED, "small_town"]
        if group not in kinds:
            met = types_met(whole.areas["area_type"])
            one_of("kind of area", group, [kind for kind in kinds if kind in met], of=whole.name)
        group = group.replace("_", " ")
    groups = sorted(whole.participants["participant_group"].dropna().unique())
    if by == "participant_group" and group not in groups:
        raise StudyError(
            f"{whole.name}: {group!r} is a client group of those who speak, and counts of so few are not protected. A "
            f"confidential study is told by participant group: {', '.join(groups)}."
        )
    return Slice(whole, by, whole.area(group)["name"] if by == "area_id" else group)
