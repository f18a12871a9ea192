"""Questions of the home pages: each feature counts its own, here it comes together."""

from dataclasses import dataclass

from fairapp.accounts.appointments import queries as appointments
from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.core.todo import TodoItem
from fairapp.core.web.access import Actor
from fairapp.deals.queries import waiting
from fairapp.deals.queries.waiting import own_totals
from fairapp.deals.rates import queries as rates
from fairapp.exhibitors import queries as exhibitors
from fairapp.exhibitors import todo as exhibitors_todo
from fairapp.exhibitors.booths.queries import booth_numbers_of
from fairapp.fairs.models import Fair
from fairapp.gates.control_room import queries as control_room
from fairapp.gates.counting import queries as gates
from fairapp.meetings import queries as meetings
from fairapp.meetings.models import Meeting

WAITING_SOURCES = (
    appointments.waiting_for,
    exhibitors_todo.waiting_for,
    control_room.waiting_for,
    meetings.waiting_for,
    waiting.waiting_for,
    rates.waiting_for,
)


def waiting_for(actor: Actor, fair: Fair) -> list[TodoItem]:
    """List what waits for this person, the urgent first; nothing that is done."""
    items = [item for source in WAITING_SOURCES for item in source(actor, fair) if item.count]
    return sorted(items, key=lambda item: not item.urgent)


def rooms_now(actor: Actor, fair: Fair) -> list[gates.PlaceCrowd]:
    """List the fair and its zones with their crowds, for those who watch the gates; for others nothing."""
    return gates.rooms(fair, gates.today(fair)) if actor.may(Permission.SEE_GATES) else []


@dataclass(frozen=True)
class ExhibitorDay:
    """An exhibitor's day: its booths, its meetings of today, what it has declared (USD minor units)."""

    booths: list[str]
    meetings: list[Meeting]
    deals: int
    usd_minor: int
    next_meeting: Meeting | None


def exhibitor_day(actor: Actor, fair: Fair) -> ExhibitorDay:
    """Return the numbers on the four big buttons of an exhibitor's first page."""
    exhibitor = exhibitors.exhibitor_of(actor, fair)
    declared = own_totals(actor, fair)
    booths = booth_numbers_of(exhibitor) if exhibitor else []
    today = meetings.meetings_today_of(actor, fair)
    next_meeting = next((meeting for meeting in today if meeting.starts_at >= clock.now()), None)
    return ExhibitorDay(booths, today, declared["count"], declared["usd_minor"], next_meeting)
