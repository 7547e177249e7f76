"""Claims bound to their evidence: sentences made by rule, and the authors' own, which fail when they no longer hold."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ncsresearch.analysis.claims import ClaimCheck, check_claim
from ncsresearch.analysis.support import OPPOSITE, Support, support
from ncsresearch.disclosure.mask import is_withheld
from ncsresearch.evidence.groups import all_groups
from ncsresearch.ingest.claims_file import HOLDS
from ncsresearch.present.outputs import WITHHELD, Finding
from ncsresearch.present.people_heard import heard_by
from ncsresearch.present.printable import passages_behind
from ncsresearch.present.quantity import quantity, withheld
from ncsresearch.present.sentence import capital, counted, listed, lower_first
from ncsresearch.present.sentence_themes import TOLD
from ncsresearch.present.table import SMALLEST_BASE
from ncsresearch.schema import StudyError
from ncsresearch.study import Study


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
    if study.whole:
        return {"behind": tuple(study.whole.opened[code] for code in codes), "passages": ()}
    lines = lines_behind(study, codes, who=who, stance=stance)
    return {"behind": lines, "passages": passages_behind(study, codes, who=who, stance=stance)}


def lines_behind(study: Study, codes: Iterable[str], *, who: str = "", stance: str = "") -> tuple[str, ...]:
    """Return a line on who stands behind each of several themes."""
    found = (support(study, theme=code, who=who, stance=stance) for code in codes)
    return tuple(f"{behind.theme}. {' '.join(_behind(behind, study))}" for behind in found)


def said(behind: Support, people: str, study: Study) -> Finding:
    """Return the sentence on who stands behind a claim and its numbers, without what it opens to.

    people   whom the claim is about as a sentence calls them, in the plural
    """
    numbers = _numbers(behind, study)
    return Finding("said", _sentence(behind, people, study), numbers, source=heard_by(study))


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
    }.get(by, "people heard")


def _hides(study: Study, behind: Support, stance: str, n: int) -> bool:
    """Whether the people of a claim who told it so may not be counted in public."""
    where = {"by": behind.by, "group": behind.group}
    return withheld(n, behind.base, study.settings) or is_withheld(
        study, code_id=behind.code_id, stance=stance, **where
    )


def _sentence(behind: Support, people: str, study: Study) -> str:
    theme, told = lower_first(behind.theme), f" {TOLD[behind.stance]}" if behind.stance else ""
    n, other, against = behind.n_for, behind.n_against, _against(behind, study)
    hides = _hides(study, behind, behind.stance, n)
    if not behind.base:
        return f"Nobody was heard among {people}."
    if n == 0 and not hides and not against:
        return f"{capital(quantity(0, behind.base, people, study.settings))} raised {theme}{told}."
    if n == 1 and not hides:
        return f"One view, of one of {behind.base} {people}, was of {theme}{told}{against}."
    if n == other and not hides and not _hides(study, behind, OPPOSITE[behind.stance], other):
        opposite = OPPOSITE[behind.stance]
        return f"{capital(people)} stand evenly on {theme}: {n} of {behind.base} told it as a {behind.stance} and as many as a {opposite}."
    many = quantity(n, behind.base, people, study.settings, hides=hides)
    return f"{capital(many)} {'told of' if behind.stance else 'raised'} {theme}{told}{against}."


def _against(behind: Support, study: Study) -> str:
    n, opposite = behind.n_against, OPPOSITE.get(behind.stance, "")
    hides = bool(opposite) and _hides(study, behind, opposite, n)
    if not n and not hides:
        return ""
    told = "a number (withheld)" if hides else f"{n}"
    return f"; {told} told it as a {opposite}"


def _numbers(behind: Support, study: Study) -> dict:
    """Return the numbers of a finding; those that may not be told are left out, and the base stays."""
    told = [("people", behind.stance, behind.n_for)]
    if behind.stance in OPPOSITE:
        told.append(("told the opposite", OPPOSITE[behind.stance], behind.n_against))
    return {name: n for name, stance, n in told if not _hides(study, behind, stance, n)} | {"of": behind.base}


def _behind(behind: Support, study: Study) -> Iterator[str]:
    """Yield what stands behind a finding, line by line: areas, groups, the other side, the interval."""
    hides = _hides(study, behind, behind.stance, behind.n_for)
    if behind.people["area_id"].notna().any() and not hides:
        areas = behind.by_group("area_id")
        yield f"In {int(areas['n_for'].gt(0).sum())} of {counted(len(areas), 'area')}."
    if not behind.by:
        yield from _by_group(behind, study)
    both = behind.n("both")
    if behind.stance in OPPOSITE and not withheld(both, behind.base, study.settings):
        yield f"Told it both as a {behind.stance} and as a {OPPOSITE[behind.stance]}: {both}."
    if not hides and behind.base >= SMALLEST_BASE:
        level = f"{100 * study.settings.interval_level:.0f}%"
        span = f"{100 * behind.low:.0f}% to {100 * behind.high:.0f}%"
        yield f"{level} interval of the share: {span}, as if people were independent draws."


def _by_group(behind: Support, study: Study) -> Iterator[str]:
    for row in behind.by_group("participant_group").itertuples():
        place = {"by": "participant_group", "group": row.group}
        hides = is_withheld(study, code_id=behind.code_id, stance=behind.stance, **place)
        yield f"{row.group}: {WITHHELD if hides else row.n_for} of {row.base}."


def claims_of(study: Study, chapter: str) -> list[Finding]:
    """Return the authors' own sentences for a chapter, each held against the evidence of the whole study.

    None where the chapter is narrowed: the sentences are about the study. Raises StudyError that names every
    sentence of the chapter which no longer holds, with what was expected and what was found.
    """
    if study.selection:
        return []
    checks = [check_claim(study, claim) for claim in study.claims if claim.chapter == chapter]
    if fallen := [_fallen(each, study) for each in checks if not each.stands]:
        raise StudyError("\n".join(fallen))
    return [_claim_finding(each, study) for each in checks]


def _claim_finding(check: ClaimCheck, study: Study) -> Finding:
    claim = check.claim
    lines = [f"Stands because {_found(check, study)}.", *_behind(check.behind, study)]
    return Finding(
        f"claim_{claim.place}",
        claim.says,
        _numbers(check.behind, study),
        source=heard_by(study),
        behind=tuple(lines),
        passages=passages_behind(study, [claim.theme], who=claim.who, stance=claim.stance),
    )


def _fallen(check: ClaimCheck, study: Study) -> str:
    claim = check.claim
    expected = HOLDS[claim.holds].replace("number", str(claim.number)).replace("of than", f"of {claim.than}")
    return f'{claim.where}: "{claim.says}" no longer holds: expected that {expected}, found {_found(check, study)}.'


def _found(check: ClaimCheck, study: Study) -> str:
    behind = check.behind
    if check.claim.holds == "in every area":
        areas = behind.by_group("area_id")
        without = list(
            study.areas.set_index("area_id")["name"].reindex(areas.loc[areas["n_for"].eq(0), "group"])
        )
        return f"somebody in {len(areas) - len(without)} of {counted(len(areas), 'area')}" + (
            f", nobody in {listed(without)}" if without else ""
        )
    sides = (
        [(behind, check.claim.who), (check.beside, check.claim.than)]
        if check.beside
        else [(behind, check.claim.who)]
    )
    return " and ".join(f"{_count_of_base(side, study)} {people_called(study, who)}" for side, who in sides)


def _count_of_base(side: Support, study: Study) -> str:
    hides = _hides(study, side, side.stance, side.n_for)
    return f"{WITHHELD if hides else side.n_for} of {side.base}"
