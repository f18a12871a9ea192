"""Laws of booths: what may become of a hold, how long it lasts, who may take which booth."""

from datetime import datetime, timedelta
from typing import Any

from fairapp.exhibitors.models import BoothState as B

BOOTH_MOVES: dict[tuple[str, str], B] = {
    (B.HELD, "confirm"): B.ASSIGNED,
    (B.HELD, "decline"): B.RELEASED,
    (B.HELD, "expire"): B.RELEASED,
    (B.HELD, "release"): B.RELEASED,
    (B.ASSIGNED, "release"): B.RELEASED,
}
LIVE_STATES = (B.HELD, B.ASSIGNED)


def may_settle(state: str, verb: str) -> bool:
    """Return whether a hold or assignment in this state can be subject to the verb."""
    return (state, verb) in BOOTH_MOVES


def hold_ends_at(moment: datetime, days: int) -> datetime:
    """Return when a hold of `days` days that begins at `moment` runs out."""
    return moment + timedelta(days=days)


def zone_fits(exhibitor_zone: Any, booth_zone: Any) -> bool:
    """Return whether an exhibitor may choose this booth itself: of its own zone, or where one of both has no zone."""
    return exhibitor_zone is None or booth_zone is None or exhibitor_zone == booth_zone
