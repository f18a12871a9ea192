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
LIVE = (B.HELD, B.ASSIGNED)


def booth_may(state: str, verb: str) -> bool:
    """Whether a booth's hold or assignment can be subject to the verb."""
    return (state, verb) in BOOTH_MOVES


def held_until(moment: datetime, days: int) -> datetime:
    """When a hold of `days` days, begun at `moment`, runs out."""
    return moment + timedelta(days=days)


def zone_fits(exhibitor_zone: Any, booth_zone: Any) -> bool:
    """Whether an exhibitor may take this booth by itself: its own zone, or a booth or company of no zone."""
    return exhibitor_zone is None or booth_zone is None or exhibitor_zone == booth_zone
