"""The demo fair, told from a seed through the services, from the announcement to the close."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random

from fairapp.core.data import clock, ids
from fairapp.core.data.db import transaction
from fairapp.deals.ledger.services import record_check
from fairapp.deals.ledger.verification import ledger_report
from fairapp.demo.deals import Business
from fairapp.demo.exhibitors import welcome_traders
from fairapp.demo.meetings import Talks
from fairapp.demo.publications import Publications
from fairapp.demo.scale import Scale
from fairapp.demo.scans import Doors
from fairapp.demo.venue import FIRST_DAY, LAST_DAY, Ground, lay_ground
from fairapp.demo.visitors import Passage, passages, register_twice, registrations
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.models import Visitor
from fairapp.visitors.registration.bulk import RegisteredVisitor, register_visitors

EVE = datetime(2021, 3, 17, 15, 0, tzinfo=UTC)
LAST_HOUR = datetime(2021, 3, 20, 9, 50, tzinfo=UTC)
CLOSED = datetime(2021, 3, 20, 12, 0, tzinfo=UTC)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
Say = Callable[[str], None]


def by_day(told: list[Passage], ground: Ground) -> list[list[Passage]]:
    """The passages of each day of the fair."""
    days: list[list[Passage]] = [[] for _ in range(DAYS)]
    for passage in told:
        days[(clock.in_zone(passage.at, ground.fair.time_zone).date() - FIRST_DAY).days].append(passage)
    return days


def merge(ground: Ground, people: list[RegisteredVisitor], doubles: dict[int, int]) -> None:
    """The desk finds people with two badges and makes them count once."""
    with clock.frozen_at(LAST_HOUR), transaction() as session:
        for second, first in doubles.items():
            records = [session.get_one(Visitor, (ground.fair.id, people[at].visitor_id)) for at in (first, second)]
            reason = "同一人两次登记 The same person registered twice"
            merge_visitors(actor=ground.organiser, first=records[0], second=records[1], reason=reason)


@contextmanager
def rarely_cleared() -> Iterator[None]:
    """Everybody in the story stays in memory until it is told: looking through them all for garbage, again and again,
    took an eighth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def tell(scale: Scale, seed: int, say: Say) -> None:
    """Make the demo fair in an empty database; `say` hears how far it is."""
    started = time.monotonic()

    def told(words: str) -> None:
        say(f"{time.monotonic() - started:6.1f} s  {words}")

    with ids.seeded(seed), rarely_cleared():
        with transaction():
            ground = lay_ground(scale)
            traders = welcome_traders(Random(f"{seed} traders"), scale, ground)
        told(f"{sum(map(len, traders.values()))} exhibitors in {scale.halls} halls")
        everyone = list(registrations(Random(f"{seed} people"), scale))
        doubles = register_twice(everyone, scale)
        with clock.frozen_at(EVE), transaction():
            people = register_visitors(actor=ground.organiser, fair=ground.fair, rows=everyone)
        told(f"{len(people)} people registered")
        doors = Doors(Random(f"{seed} mishaps"), ground, people)
        scans = by_day(passages(Random(f"{seed} doors"), [*range(scale.visitors), *doubles], ground), ground)
        talks = Talks(Random(f"{seed} talks"), ground, traders, people, scale.meetings)
        known = zip(everyone, people, strict=True)
        business = Business(Random(f"{seed} deals"), ground, traders, known, scale.deals)
        publications = Publications(ground)
        publications.address()
        business.lock_rates()
        for day in range(DAYS):
            scanned, met = doors.let_in(scans[day]), talks.hold(day)
            dealt = business.trade(day)
            told(f"day {day + 1}: {scanned} badges scanned, {met} meetings, {dealt} deals")
            if day == DAYS - 1:
                merge(ground, people, doubles)
            publications.publish(day)
            told(f"day {day + 1} published")
        with clock.frozen_at(CLOSED), transaction():
            record_check(actor=ground.organiser, fair=ground.fair, report=ledger_report(ground.fair.id))
    told("the fair is closed")
