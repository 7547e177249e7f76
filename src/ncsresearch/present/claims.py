"""Who is behind a sentence on a theme: the sentence made by rule, and what it opens to."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ncsresearch.analysis.support import OPPOSITE, Support, support
from ncsresearch.disclosure.mask import publishable_bases, publishable_counts, told_count
from ncsresearch.disclosure.plan import groupings_of
from ncsresearch.disclosure.suppression import below_threshold
from ncsresearch.evidence.groups import all_groups
from ncsresearch.present.outputs import WITHHELD, Finding
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.printable import passages_behind
from ncsresearch.present.quantity import quantity
from ncsresearch.present.sentence import lower_first
from ncsresearch.present.sentence_themes import TOLD
from ncsresearch.present.table import SMALLEST_BASE
from ncsresearch.present.wording import phrase, sentence
from ncsresearch.study import Study

CLIENT_GROUP = "client_group"  # people who belong to it: few in every study, and in no plan


def finding(study: Study, *, theme: str, who: str = "", stance: str = "") -> Finding:
    """Say how many people raised a theme, and how many told the opposite, in the study's words for quantities.

    theme, who, stance   as for support

    Returns a finding that opens to its evidence: people, interviews and areas behind it with their bases, each
    group, those who told the opposite, and the interval. Raises StudyError as support does.
    """
    behind = support(study, theme=theme, who=who, stance=stance)
    name = "_".join(filter(None, ["finding", theme, who, stance])).lower().replace(" ", "_")
    return replace(
        said(behind, people_called(study, who), study),
        name=name,
        behind=tuple(_behind(behind, study)),
        passages=passages_behind(study, [theme], who=who, stance=stance),
    )


def evidence_for(study: Study, codes: Iterable[str], *, who: str = "", stance: str = "") -> dict[str, tuple]:
    """Return what a sentence on several themes opens to: a line on each, and the passages that may be shown.

    The report on an area shows no passages.
    """
    codes = list(codes)
    if study.slice and study.slice.by:
        return {"behind": (), "passages": ()}
    if study.whole:
        return {"behind": tuple(study.whole.opened[code] for code in codes), "passages": ()}
    lines = lines_behind(study, codes, who=who, stance=stance)
    return {"behind": lines, "passages": passages_behind(study, codes, who=who, stance=stance)}


def lines_behind(study: Study, codes: Iterable[str], *, who: str = "", stance: str = "") -> tuple[str, ...]:
    """Return a line on who stands behind each of several themes."""
    found = (support(study, theme=code, who=who, stance=stance) for code in codes)
    lines = ((behind.theme, " ".join(_behind(behind, study))) for behind in found)
    return tuple(f"{theme}. {line}" for theme, line in lines if line)


def said(behind: Support, people: str, study: Study) -> Finding:
    """Return the sentence on who stands behind a claim and its numbers, without what it opens to.

    people   whom the claim is about as a sentence calls them, in the plural
    """
    n, other, opposite = *_told(behind, study), OPPOSITE.get(behind.stance, "")
    against = (
        phrase("said", "against", n="a number (withheld)" if other is None else other, opposite=opposite)
        if other != 0
        else ""
    )
    of = {"numbers": _numbers(behind, study), "source": heard_by(study)}
    many = quantity(behind.n_for, behind.base, people, study.settings, instead=_instead(n))
    places = {"many": many}
    places |= {"theme": behind.theme, "people": people, "base": behind.base, "n": n, "against": against}
    stance = {"stance": behind.stance, "opposite": opposite, "told": TOLD.get(behind.stance, "")}
    return sentence("said", _form(behind.base, n, other), of=of, **places, **stance)


def _form(base: int, n: int | str | None, other: int | str | None) -> str:
    """Return the form of the sentence on n people of a base and on others who told the opposite."""
    if not base:
        return "nobody"
    if n == other == 0:
        return "none"
    return "one" if n == 1 else "even" if isinstance(n, int) and n == other else "says"


def _instead(n: int | str | None) -> str | None:
    """Return what stands in place of a number that is withheld: its word, nothing where it has none; None for a number."""
    return None if isinstance(n, int) else n or ""


def _told(behind: Support, study: Study) -> list[int | str | None]:
    """Return how many people told a claim so, and how many the opposite: the number, its word, or None for neither."""
    counts = {behind.stance: behind.n_for, OPPOSITE.get(behind.stance): behind.n_against}
    if not study.settings.threshold:
        return list(counts.values())
    where = {"code_id": behind.code_id, "by": behind.by, "group": behind.group}
    if behind.by == CLIENT_GROUP:
        return [None, None]
    return [0 if stance is None else told_count(study, stance=stance, **where) for stance in counts]


def people_called(study: Study, who: str) -> str:
    """Return whom a claim is about as a sentence calls them, in the plural."""
    groups = all_groups(study)
    by = dict(zip(groups["name"], groups["by"], strict=True)).get(who, "")
    areas = study.areas.set_index("area_id")["name"]
    return {
        "area_type": f"people in {who} areas",
        "area_id": f"people in {areas.get(who, who)}",
        "participant_group": lower_first(who),
        "client_group": f"clients ({who})",
    }.get(by, f"people heard ({by}: {who})" if by else "people heard")


def _numbers(behind: Support, study: Study) -> dict:
    """Return the numbers of a finding; those that may not be told are left out, and the base stays."""
    n, other = _told(behind, study)
    numbers = {"people": n, "told the opposite": other if behind.stance in OPPOSITE else None}
    numbers["of"] = _base_told(behind, study)
    return {name: n for name, n in numbers.items() if isinstance(n, int)}


def _base_told(behind: Support, study: Study) -> int | None:
    """Return how many people a claim is about; None where they are too few to be told."""
    few = bool(below_threshold(behind.base, study.settings.threshold))
    if behind.by in groupings_of(study) and study.settings.threshold:
        few |= behind.group not in _bases_told(study, behind.by)
    return None if few else behind.base


def _bases_told(study: Study, by: str) -> dict[str, int]:
    """Return how many people were heard in each group of a grouping, without those that are withheld."""
    bases = publishable_bases(study, by=by).dropna(subset="base")
    return dict(zip(bases["called"], bases["base"], strict=True))


def _behind(behind: Support, study: Study) -> Iterator[str]:
    """Yield what stands behind a finding, line by line: areas, groups, the other side, the interval."""
    hides = not isinstance(_told(behind, study)[0], int)
    areas = [] if hides else _areas_behind(behind, study)
    if len(areas) > 1:
        yield phrase("behind", "areas", n=sum(areas), areas=len(areas))
    if not behind.by:
        yield from _by_group(behind, study)
    both = behind.n("both")
    if behind.stance in OPPOSITE and not study.settings.threshold:
        yield phrase("behind", "both", stance=behind.stance, opposite=OPPOSITE[behind.stance], n=both)
    if not hides and behind.base >= SMALLEST_BASE:
        level = study.settings.interval_level
        yield phrase("behind", "interval", level=level, low=behind.low, high=behind.high)


def _areas_behind(behind: Support, study: Study) -> list[bool]:
    """Return of each area whether anybody there is behind a claim; nothing where that may not be told of each."""
    if not study.settings.threshold:
        return list(behind.by_group("area_id")["n_for"].gt(0))
    rows = publishable_counts(study, by="area_id", stance=behind.stance)
    rows = rows[rows["code_id"].eq(behind.code_id)]
    unknown = rows["n"].isna() & rows["words"].eq("")
    return [] if behind.by or unknown.any() else list(rows["least"].gt(0))


def _by_group(behind: Support, study: Study) -> Iterator[str]:
    told = _bases_told(study, "participant_group")
    rows = behind.by_group("participant_group")
    for row in rows[rows["group"].isin(told)].to_dict("records"):
        place = {"by": "participant_group", "group": row["group"]}
        n = told_count(study, code_id=behind.code_id, stance=behind.stance, **place)
        yield phrase("behind", "group", n=WITHHELD if n is None else n, **row)
