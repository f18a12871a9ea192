"""Which of two records of one person counts."""

from datetime import datetime

from fairapp.fairs.models import BadgeKind

_RANKS = {
    BadgeKind.ORGANISER: 0,
    BadgeKind.SERVICE: 1,
    BadgeKind.EXHIBITOR: 2,
    BadgeKind.PRESS: 3,
    BadgeKind.SPEAKER: 4,
}


def role_rank(kind: str) -> int:
    """Return the rank of a role: the lowest counts, and staff comes before visitor (counting.md)."""
    return _RANKS.get(BadgeKind(kind), 5 if kind == BadgeKind.GUEST else 6)


def counts_before(first: tuple[str, datetime], second: tuple[str, datetime]) -> bool:
    """Return whether of two records of one person, (kind, registered at), the first is the one that counts."""
    return (role_rank(first[0]), first[1]) <= (role_rank(second[0]), second[1])
