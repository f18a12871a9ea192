"""Laws of exhibiting: what may become of an application and of an exhibitor."""

from fairapp.exhibitors.models import ExhibitorStatus as S

EXHIBITOR_MOVES: dict[tuple[str, str], S] = {
    (S.APPLIED, "approve"): S.APPROVED,
    (S.APPLIED, "refuse"): S.REFUSED,
    (S.APPLIED, "withdraw"): S.WITHDRAWN,
    (S.APPLIED, "change"): S.APPLIED,
    (S.APPROVED, "withdraw"): S.WITHDRAWN,
    (S.APPROVED, "change"): S.APPROVED,
    (S.APPROVED, "book"): S.APPROVED,
    (S.REFUSED, "approve"): S.APPROVED,
    (S.WITHDRAWN, "approve"): S.APPROVED,
}


def may(status: str, verb: str) -> bool:
    """Return whether an exhibitor of this status can be subject to the verb."""
    return (status, verb) in EXHIBITOR_MOVES
