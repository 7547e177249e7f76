"""How exact are the numbers of one group of people: their table, with an interval beside each number that is printed?"""

from dataclasses import replace

import pandas as pd

from ncsresearch.analysis.contrasts import effect_of_interviews
from ncsresearch.evidence.interval import share_interval
from ncsresearch.evidence.rounded import percent, rounded
from ncsresearch.present.outputs import Table
from ncsresearch.present.people_raised import table_people_stances
from ncsresearch.present.wording import phrase
from ncsresearch.study.frames import study_of


def table_people_exactly(counts: pd.DataFrame) -> Table | None:
    """Return the table of people by theme and how they described it, each number with the interval of its share.

    As table_people_stances where people are too few for a percentage, and in the part of one area.
    """
    made, study = table_people_stances(counts), study_of(counts)
    if made is None or "share" not in made.shown or study.part_of:
        return made
    base, level = int(counts["base"].max()), study.settings.interval_level
    effect = effect_of_interviews(study.taken_from or study)  # of all interviews, as other chapters print it
    shown = {name: heading for name, heading in made.shown.items() if name != "share"}
    rows, view = made.rows.copy(), made.rows.copy()
    for name in [*shown][1:]:
        n = pd.to_numeric(made.rows[name], errors="coerce").astype("float64")
        ends = zip(*share_interval(n / effect, base / effect, level=level), strict=True)
        exact = ["" if pd.isna(low) else f"{rounded(100 * low)} to {percent(high)}" for low, high in ends]
        each = zip(n / base, exact, strict=True)
        beside = [own and f" ({percent(share)}{f', {own}' * (share > 0)})" for share, own in each]
        view[name] = view[name].astype("str") + beside
        rows[f"{name}_interval"] = exact
    _, most = share_interval(0, base / effect, level=level)
    places = {"n": base, "effect": effect, "level": percent(level), "most": percent(float(most))}
    said = phrase("people_exactly", "note", **places)
    return replace(made, rows=rows, view=view, shown=shown, note=f"{made.note} {said}")
