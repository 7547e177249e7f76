"""Does the evidence still support what the authors say?"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

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
        than = claim.than
        beside = support(study, theme=claim.theme, who=than, stance=claim.stance) if than else None
    except StudyError as error:
        raise StudyError(f"{claim.where}: {error}") from None
    return ClaimCheck(claim, bool(CONDITIONS[claim.holds](claim, behind, beside)), behind, beside)


CONDITIONS: dict[str, Callable[[Claim, Support, Support | None], bool]] = {
    "most": lambda claim, behind, beside: 2 * behind.n_for > behind.base,
    "at least": lambda claim, behind, beside: behind.n_for >= claim.number,
    "more than": lambda claim, behind, beside: behind.n_for * beside.base > beside.n_for * behind.base,
    "in every area": lambda claim, behind, beside: _every(behind.by_group("area_id")["n_for"].gt(0)),
    "nobody": lambda claim, behind, beside: behind.base > 0 and behind.n_for == 0,
}


def _every(met: pd.Series) -> bool:
    return len(met) > 0 and met.all()
