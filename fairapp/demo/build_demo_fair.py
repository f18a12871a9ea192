"""The demo fair, made from a seed through the services, from the announcement to the close."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from random import Random

from fairapp.core.data import clock, ids
from fairapp.core.data.db import transaction
from fairapp.deals.ledger.services import record_check
from fairapp.deals.ledger.verification import ledger_report
from fairapp.demo.days import LENGTH, days_around
from fairapp.demo.deals import DemoDeals
from fairapp.demo.exhibitors import add_demo_exhibitors
from fairapp.demo.meetings import DemoMeetings
from fairapp.demo.publications import DemoPublications
from fairapp.demo.scale import Scale
from fairapp.demo.scans import DemoScans
from fairapp.demo.venue import Venue, build_venue
from fairapp.demo.visitors import Passage, add_duplicates, list_passages, list_registrations
from fairapp.visitors.merging.services import merge_visitors
from fairapp.visitors.models import Visitor
from fairapp.visitors.registration.bulk import RegisteredVisitor, register_visitors

Report = Callable[[str], None]


def passages_by_day(passages: list[Passage], venue: Venue) -> list[list[Passage]]:
    """Return the passages of each day of the fair."""
    days: list[list[Passage]] = [[] for _ in range(LENGTH)]
    for passage in passages:
        days[(clock.in_zone(passage.at, venue.fair.time_zone).date() - venue.days.first).days].append(passage)
    return days


def merge_duplicates(venue: Venue, people: list[RegisteredVisitor], duplicates: dict[int, int]) -> None:
    """Merge the records of people with two badges, as the desk does, so that they count once."""
    with clock.frozen_at(venue.days.moment(LENGTH - 1, 17, 50)), transaction() as session:
        for second, first in duplicates.items():
            records = [session.get_one(Visitor, (venue.fair.id, people[at].visitor_id)) for at in (first, second)]
            reason = "同一人两次登记 The same person registered twice"
            merge_visitors(actor=venue.organiser, first=records[0], second=records[1], reason=reason)


@contextmanager
def rare_garbage_collection() -> Iterator[None]:
    """Look for garbage rarely meanwhile.

    Everybody at the fair stays in memory until it is built: looking through them all again and again took an eighth of
    the time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def build_demo_fair(scale: Scale, seed: int, report: Report, second_day: date | None = None) -> None:
    """Make the demo fair in an empty database; `report` is called with a line after each step.

    Its second day is the given one, today by default: by its dates it is on. One seed and day always make one fair.
    """
    started = time.monotonic()

    def done(step: str) -> None:
        report(f"{time.monotonic() - started:6.1f} s  {step}")

    with ids.seeded(seed), rare_garbage_collection():
        with transaction():
            venue = build_venue(scale, days_around(second_day))
            exhibitors = add_demo_exhibitors(Random(f"{seed} traders"), scale, venue)
        done(f"{sum(map(len, exhibitors.values()))} exhibitors in {scale.halls} halls")
        everyone = list(list_registrations(Random(f"{seed} people"), scale, venue.days))
        duplicates = add_duplicates(everyone, scale)
        with clock.frozen_at(venue.days.moment(-1, 23)), transaction():
            people = register_visitors(actor=venue.organiser, fair=venue.fair, rows=everyone)
        done(f"{len(people)} people registered")
        scans = DemoScans(Random(f"{seed} mishaps"), venue, people)
        comers = [*range(scale.visitors), *duplicates]
        passages = passages_by_day(list_passages(Random(f"{seed} doors"), comers, venue), venue)
        came = [[people[at] for at in sorted({passage.person for passage in day})] for day in passages]
        meetings = DemoMeetings(Random(f"{seed} talks"), venue, exhibitors, people, came, scale.meetings)
        visitors = zip(everyone, people, strict=True)
        deals = DemoDeals(Random(f"{seed} deals"), venue, exhibitors, visitors, scale.deals)
        publications = DemoPublications(venue)
        publications.set_mailing()
        deals.lock_rates()
        for day in range(LENGTH):
            counts = (scans.record_day(passages[day]), meetings.log_day(day), deals.declare_day(day))
            done("day {}: {} badges scanned, {} meetings, {} deals".format(day + 1, *counts))
            if day == LENGTH - 1:
                merge_duplicates(venue, people, duplicates)
            publications.publish_day(day)
            done(f"day {day + 1} published")
        with clock.frozen_at(venue.days.moment(LENGTH - 1, 20)):
            deals.prepare_last_rate()
        with clock.frozen_at(venue.days.moment(LENGTH - 1, 20)), transaction():
            record_check(actor=venue.organiser, fair=venue.fair, report=ledger_report(venue.fair.id))
    done("the fair is closed")
