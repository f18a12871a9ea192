"""Events read after their transaction: none missed, none twice, in one order, whoever was slow."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, transaction
from fairapp.core.jobs import outbox
from fairapp.core.jobs.outbox import OutboxEvent, Subscription, acknowledge, events_after
from fairapp.core.jobs.queue import job
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from tests.factories.foundation import make_fair

WRITERS, CHANGES = 6, 40
woken: list[str] = []


@job
def read_mail() -> None:
    woken.append("mail")


@job
def read_hooks() -> None:
    woken.append("hooks")


MAIL = Subscription("mail", frozenset({Event.HALL_ADDED}), read_mail)
HOOKS = Subscription("hooks", frozenset({Event.HALL_ADDED, Event.HALL_CHANGED}), read_hooks)


@pytest.fixture
def subscribed(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fair]:
    monkeypatch.setitem(app.extensions, "subscriptions", (MAIL, HOOKS))
    woken.clear()
    yield make_fair()
    woken.clear()


def happens(fair_id: int, *events: Event, subject: str = "H1") -> None:
    with transaction():
        for event in events:
            audit.record(event, actor=system(fair_id), fair_id=fair_id, subject=subject, code="H1")


def read(reader: str, limit: int = 100) -> list[OutboxEvent]:
    with transaction():
        events = events_after(reader, limit)
        if events:
            acknowledge(reader, events[-1].position or 0)
    return events


def test_an_event_nobody_subscribes_to_leaves_no_row(app: APIFlask) -> None:
    happens(make_fair().id, Event.HALL_ADDED)
    assert db.session.scalars(select(OutboxEvent)).all() == []


def test_a_reader_gets_its_own_events_once_and_is_woken(subscribed: Fair) -> None:
    happens(subscribed.id, Event.HALL_ADDED, Event.HALL_CHANGED, Event.HALL_REMOVED)
    happens(subscribed.id, Event.HALL_CHANGED)
    assert woken == ["mail", "hooks", "hooks"]
    assert [(one.position, one.event, one.facts) for one in read("mail")] == [(1, "hall.added", {"code": "H1"})]
    assert [one.event for one in read("hooks", 2)] == ["hall.added", "hall.changed"]
    assert [one.position for one in read("hooks", 2)] == [3]
    assert read("hooks") == read("mail") == []


def test_what_was_rolled_back_never_happened(subscribed: Fair) -> None:
    with pytest.raises(ValueError, match="no"), transaction():
        audit.record(Event.HALL_ADDED, actor=system(), fair_id=subscribed.id, subject="H1")
        raise ValueError("no")
    assert (read("mail"), woken) == ([], [])


def test_who_subscribes_late_begins_there(subscribed: Fair, app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "subscriptions", (MAIL,))
    happens(subscribed.id, Event.HALL_ADDED, subject="before")
    monkeypatch.setitem(app.extensions, "subscriptions", (MAIL, HOOKS))
    happens(subscribed.id, Event.HALL_ADDED, subject="after")
    assert [one.subject_id for one in read("hooks")] == ["after"]
    assert [one.subject_id for one in read("mail")] == ["before", "after"]


def test_a_reader_never_goes_back(subscribed: Fair) -> None:
    happens(subscribed.id, Event.HALL_ADDED, Event.HALL_ADDED)
    with transaction():
        acknowledge("mail", 2)
        acknowledge("mail", 1)
    assert read("mail") == []


def test_old_events_go_once_all_have_read_them(subscribed: Fair, clock: Callable) -> None:
    happens(subscribed.id, Event.HALL_ADDED, Event.HALL_CHANGED)
    read("hooks")
    outbox.remove_read_events()
    clock.shift(timedelta(days=31))
    happens(subscribed.id, Event.HALL_ADDED)
    outbox.remove_read_events()
    left = [one.position for one in db.session.scalars(select(OutboxEvent).order_by(OutboxEvent.position))]
    assert left == [1, 3]  # mail has not read the first
    read("mail")
    outbox.remove_read_events()
    assert [one.position for one in db.session.scalars(select(OutboxEvent))] == [3]  # not old yet


def test_six_slow_writers_and_two_readers_miss_nothing(own_database: APIFlask) -> None:
    own_database.extensions["subscriptions"] = (MAIL, HOOKS)
    with own_database.app_context():
        fair_ids = [make_fair(code).id for code in ("east", "west")]
    stored: list[str] = []
    seen: dict[str, list[tuple[int, str]]] = {"mail": [], "hooks": []}
    done = threading.Event()
    writers = [threading.Thread(target=write, args=(own_database, fair_ids, n, stored)) for n in range(WRITERS)]
    # two workers of one reader take turns
    readers = [threading.Thread(target=follow, args=(own_database, r, seen, done)) for r in ("mail", "hooks", "hooks")]
    for thread in (*writers, *readers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert len(stored) > WRITERS * CHANGES / 2
    assert sorted(subject for _position, subject in seen["hooks"]) == sorted(stored)
    assert seen["mail"] == seen["hooks"] == sorted(seen["hooks"])
    assert [position for position, _subject in seen["mail"]] == list(range(1, len(stored) + 1))


def write(program: APIFlask, fair_ids: list[int], number: int, stored: list[str]) -> None:
    chance = random.Random(number)
    for change in range(CHANGES):
        name = f"{number}-{change}"
        with program.app_context(), suppress(ValueError):
            store_slowly(name, chance.choice(fair_ids), chance.random() * 0.01, fails=chance.random() < 0.2)
            stored.append(name)


def store_slowly(name: str, fair_id: int, seconds: float, *, fails: bool) -> None:
    """Others commit while this one waits; ValueError where it is to be rolled back."""
    with transaction():
        audit.record(Event.HALL_ADDED, actor=system(), fair_id=fair_id, subject=name)
        time.sleep(seconds)
        if fails:
            raise ValueError("rolled back")


def follow(program: APIFlask, reader: str, seen: dict[str, list[tuple[int, str]]], done: threading.Event) -> None:
    while True:
        last_round = done.is_set()
        with program.app_context():
            outbox.relay()
            read = take(reader, seen[reader])
        if last_round and not read:
            return


def take(reader: str, seen: list[tuple[int, str]]) -> int:
    """Note the next few events as (position, subject) and acknowledge them, while no other worker of the reader can."""
    with transaction():
        events = [(event.position or 0, event.subject_id) for event in events_after(reader, 7)]
        seen += events
        if events:
            acknowledge(reader, events[-1][0])
    return len(events)
