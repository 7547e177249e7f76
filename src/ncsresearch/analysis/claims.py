"""Does the evidence still support what the authors say?"""

from collections.abc import Callable
from dataclasses import dataclass

from ncsresearch.analysis.support import Support, support
from ncsresearch.ingest.claims_file import Claim
from ncsresearch.schema import StudyError
from ncsresearch.study import Study


@dataclass(frozen=True)
class ClaimCheck:
    """A claim held against the evidence: whether it stands, who is behind it, and those it is compared with."""

    claim: Claim
    stands: bool
    behind: Support
    beside: Support | None = None


def check_claim(study: Study, claim: Claim) -> ClaimCheck:
    """Check one claim against the evidence of a study.

    Raises StudyError, with the claim's place, for a theme, group or stance that the study does not have.
    """
    try:
        behind = support(study, theme=claim.theme, who=claim.who, stance=claim.stance)
        beside = (
            support(study, theme=claim.theme, who=claim.than, stance=claim.stance) if claim.than else None
        )
    except StudyError as error:
        raise StudyError(f"{claim.where}: {error}") from None
    return ClaimCheck(claim, bool(CONDITIONS[claim.holds](claim, behind, beside)), behind, beside)


def _most(claim: Claim, behind: Support, beside: Support | None) -> bool:
    return 2 * behind.n_for > behind.base


def _at_least(claim: Claim, behind: Support, beside: Support | None) -> bool:
    return behind.n_for >= claim.number


def _more_than(claim: Claim, behind: Support, beside: Support | None) -> bool:
    return behind.n_for * beside.base > beside.n_for * behind.base


def _in_every_area(claim: Claim, behind: Support, beside: Support | None) -> bool:
    areas = behind.by_group("area_id")
    return len(areas) > 0 and areas["n_for"].gt(0).all()


def _nobody(claim: Claim, behind: Support, beside: Support | None) -> bool:
    return behind.base > 0 and behind.n_for == 0


CONDITIONS: dict[str, Callable] = {
    "most": _most,
    "at least": _at_least,
    "more than": _more_than,
    "in every area": _in_every_area,
    "nobody": _nobody,
}
