"""Claims bound to their evidence: sentences made by rule, and the authors' own, which fail when they no longer hold."""

from collections.abc import Iterator

from ncsresearch.analysis.claims import Held, hold
from ncsresearch.analysis.disclosure import hidden_among
from ncsresearch.analysis.support import EVERYBODY, OPPOSITE, Support, groups_of, support
from ncsresearch.ingest.claims_file import HOLDS
from ncsresearch.present.media import Finding
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.quantity import quantity, withheld
from ncsresearch.present.sentence import capital, counted, listed, small
from ncsresearch.schema import StudyError
from ncsresearch.study import Settings, Study


def finding(study: Study, *, theme: str, who: str = "", stance: str = "") -> Finding:
    """Say how many people raised a theme, and how many told the opposite, in the study's words for quantities.

    theme, who, stance   as for support

    Returns a finding that opens to its evidence: people, interviews and areas behind it with their bases, each
    group, those who told the opposite, and the interval. Raises StudyError as support does.
    """
    behind = support(study, theme=theme, who=who, stance=stance)
    people, settings = people_called(study, who), study.settings
    name = "_".join(filter(None, ["finding", theme, who, stance])).lower().replace(" ", "_")
    return Finding(
        name,
        _sentence(behind, people, settings),
        _numbers(behind, settings),
        source=heard_by(study),
        behind=tuple(_behind(behind, study)),
    )


def people_called(study: Study, who: str) -> str:
    """Return whom a claim is about as a sentence calls them, in the plural."""
    groups = groups_of(study)
    by = dict(zip(groups["name"], groups["by"], strict=True)).get(who, "")
    areas = study.areas.set_index("area_id")["name"]
    return {
        "area_type": f"people in {who} areas",
        "area_id": f"people in {areas.get(who, who)}",
        "participant_group": small(who),
        "client_group": f"clients ({who})",
    }.get(by, "people heard")


def _sentence(behind: Support, people: str, settings: Settings) -> str:
    theme, told = small(behind.theme), f" as a {behind.stance}" if behind.stance else ""
    n, other = behind.n_for, behind.n_against
    if not behind.base:
        return f"Nobody was heard among {people}."
    if n == 0 and other == 0:
        return f"{capital(quantity(0, behind.base, people, settings))} raised {theme}{told}."
    if n == 1 and not withheld(1, behind.base, settings):
        return (
            f"One view, of one of {behind.base} {people}, was of {theme}{told}{_against(behind, settings)}."
        )
    if n == other and not withheld(n, behind.base, settings):
        opposite = OPPOSITE[behind.stance]
        return f"{capital(people)} stand evenly on {theme}: {n} of {behind.base} told it as a {behind.stance} and as many as a {opposite}."
    verb = "told of" if behind.stance else "raised"
    return f"{capital(quantity(n, behind.base, people, settings))} {verb} {theme}{told}{_against(behind, settings)}."


def _against(behind: Support, settings: Settings) -> str:
    n = behind.n_against
    if not n:
        return ""
    told = "a small number" if withheld(n, behind.base, settings) and 2 * n <= behind.base else f"{n}"
    told = "nearly all" if withheld(n, behind.base, settings) and 2 * n > behind.base else told
    return f"; {told} told it as a {OPPOSITE[behind.stance]}"


def _numbers(behind: Support, settings: Settings) -> dict:
    """Return the numbers of a finding; those that may not be told are left out, and the base stays."""
    told = {"people": behind.n_for, "told the opposite": behind.n_against}
    known = {name: n for name, n in told.items() if not withheld(n, behind.base, settings)}
    return known | {"of": behind.base}


def _behind(behind: Support, study: Study) -> Iterator[str]:
    """Yield what stands behind a finding, line by line: areas, interviews, groups, the other side, the interval."""
    settings = study.settings
    hidden = withheld(behind.n_for, behind.base, settings)
    if behind.people["area_id"].notna().any() and not hidden:
        areas = behind.by("area_id")
        yield f"In {int(areas['n_for'].gt(0).sum())} of {counted(len(areas), 'area')}."
    if behind.who == EVERYBODY:
        groups = behind.by("participant_group")
        hide = hidden_among(groups["n_for"], groups["base"], settings.threshold)
        hide = groups["base"].gt(0) if hide is None else hide
        for row, hides in zip(groups.itertuples(), hide, strict=True):
            yield f"{row.group}: {'[c]' if hides else row.n_for} of {row.base}."
    if behind.stance in OPPOSITE:
        both = behind.n("both")
        told = "[c]" if withheld(both, behind.base, settings) else both
        yield f"Told it both as a {behind.stance} and as a {OPPOSITE[behind.stance]}: {told}."
    if not hidden and behind.base >= 20:
        yield (
            f"{100 * settings.interval_level:.0f}% interval of the share: {100 * behind.low:.0f}% to {100 * behind.high:.0f}%, as if "
            "people were independent draws."
        )


def told_count(n: int, base: int, settings: Settings) -> str:
    """Return a count with its base, [c] where it may not be told."""
    return f"[c] of {base}" if withheld(n, base, settings) else f"{n} of {base}"


def claims_of(study: Study, chapter: str) -> list[Finding]:
    """Return the authors' own sentences for a chapter, each held against the evidence of the whole study.

    None where the chapter is narrowed: the sentences are about the study. Raises StudyError that names every
    sentence of the chapter which no longer holds, with what was expected and what was found.
    """
    if study.selection:
        return []
    held = [hold(study, claim) for claim in study.claims if claim.chapter == chapter]
    if fallen := [_fallen(each, study) for each in held if not each.stands]:
        raise StudyError("\n".join(fallen))
    return [_said(each, study) for each in held]


def _said(held: Held, study: Study) -> Finding:
    claim, settings = held.claim, study.settings
    lines = [f"Stands because {_found(held, study)}.", *_behind(held.behind, study)]
    return Finding(
        f"claim_{claim.place}",
        claim.says,
        _numbers(held.behind, settings),
        source=heard_by(study),
        behind=tuple(lines),
    )


def _fallen(held: Held, study: Study) -> str:
    claim = held.claim
    expected = HOLDS[claim.holds].replace("number", str(claim.number)).replace("of than", f"of {claim.than}")
    return f'{claim.where}: "{claim.says}" no longer holds: expected that {expected}, found {_found(held, study)}.'


def _found(held: Held, study: Study) -> str:
    settings, behind = study.settings, held.behind
    if held.claim.holds == "in every area":
        areas = behind.by("area_id")
        without = list(
            study.areas.set_index("area_id")["name"].reindex(areas.loc[areas["n_for"].eq(0), "group"])
        )
        return f"somebody in {len(areas) - len(without)} of {counted(len(areas), 'area')}" + (
            f", nobody in {listed(without)}" if without else ""
        )
    sides = (
        [(behind, held.claim.who), (held.beside, held.claim.than)]
        if held.beside
        else [(behind, held.claim.who)]
    )
    return " and ".join(
        f"{told_count(side.n_for, side.base, settings)} {people_called(study, who)}" for side, who in sides
    )
