"""When this happens there, do that here: what a change on the left causes on the right, in the same transaction."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from fairapp.core import events
from fairapp.exhibitors.booths import keep_booked_booth
from fairapp.fairs.services import BoothWithdrawn

REACTIONS: tuple[tuple[type, Callable[[Any], None]], ...] = ((BoothWithdrawn, keep_booked_booth),)


def init_app(_app: Flask) -> None:
    """Connect the table."""
    for event, reaction in REACTIONS:
        events.listen(event, reaction)
