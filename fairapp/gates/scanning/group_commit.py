"""Many lanes, one commit: all scans that wait in this process are decided and stored in one transaction.

The first to come leads: it waits for its turn to write, then takes everything that came meanwhile. The
others sleep until their scans are stored. So a lane waits for one commit, and a commit serves many lanes.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from threading import Lock

import structlog
from flask import Flask, has_app_context
from sqlalchemy.exc import IntegrityError, OperationalError

from fairapp.core.data.compiled_sql import pipelined
from fairapp.core.data.db import db, release_lock_before_sync, transaction
from fairapp.core.web.access import Actor
from fairapp.gates.scanning import services
from fairapp.gates.scanning.batch import Batch
from fairapp.gates.scanning.gate_settings import Lanes
from fairapp.gates.scanning.scans import Answer, Arrival

log = structlog.get_logger()

SMALL = 20  # scans of a request that goes first: somebody stands at the door
PIECE = 60  # scans of a longer request stored at once: people at the door come in between
MOST = 2 * PIECE  # scans in one transaction


def _shut() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class Waiting:
    """One request: its scans on the way in, its answers on the way out."""

    lanes: Lanes
    actor: Actor
    arrivals: Sequence[Arrival]
    answers: list[Answer] | None = None
    error: Exception | None = None
    bell: Lock = field(default_factory=_shut)

    @property
    def is_done(self) -> bool:
        return self.answers is not None or self.error is not None

    def result(self) -> list[Answer]:
        if self.answers is None:
            raise self.error or RuntimeError("the scans were not stored")
        return self.answers


class Together:
    """The scans that wait in one process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.mutex = Lock()
        self.queue: list[Waiting] = []
        self.is_led = False

    def record(self, lanes: Lanes, actor: Actor, arrivals: Sequence[Arrival]) -> list[Answer]:
        """Store these scans with whatever else waits; raises what went wrong with these alone.

        What was stored before that stays, and is a replay when it is sent again.
        """
        answers: list[Answer] = []
        for start in range(0, len(arrivals), PIECE):
            mine = Waiting(lanes, actor, arrivals[start : start + PIECE])
            self.store([mine])
            answers += mine.result()
        return answers

    def store(self, mine: Sequence[Waiting]) -> None:
        """Store these requests with whatever else waits; each then holds its answers or what went wrong."""
        if not mine:
            return
        if has_app_context():
            db.session.rollback()  # who waits holds no connection that the leader may need
        with self.mutex:
            self.queue += mine
            follows, self.is_led = self.is_led, True
        if follows:
            for one in mine:
                one.bell.acquire()
                if not one.is_done:  # the bell also calls the next to lead
                    break
        if not all(one.is_done for one in mine):
            self._lead(mine)

    def _lead(self, mine: Sequence[Waiting]) -> None:
        """Store group after group until one's own scans are stored; then the next in the queue leads."""
        try:
            with nullcontext() if has_app_context() else self.app.app_context():
                while not all(one.is_done for one in mine):
                    self._store_some()
        finally:
            with self.mutex:
                self.queue = [one for one in self.queue if one not in mine]
                self.is_led = bool(self.queue)
                if self.queue:
                    self.queue[0].bell.release()

    def _store_some(self) -> None:
        group: list[Waiting] = []
        try:
            with transaction():
                group = self._take()
                answers = _stored(group)
            _tell(group, answers)
        except Exception as error:
            if not group:
                raise
            _one_by_one(group)
            log.warning("scans stored one by one", error=repr(error)[:300], requests=len(group))
        finally:
            for one in group:
                if not one.is_done:
                    one.error = RuntimeError("the process stops")
                one.bell.release()

    def _take(self) -> list[Waiting]:
        """Of the fair of the first: lanes with people at the door, then queues as far as there is room."""
        with self.mutex:
            fair_id = self.queue[0].lanes.fair_id
            waiting = [one for one in self.queue if one.lanes.fair_id == fair_id]
            waiting.sort(key=lambda one: len(one.arrivals) > SMALL)
            group: list[Waiting] = []
            scans = 0
            for one in waiting:
                if group and scans + len(one.arrivals) > MOST:
                    break
                group.append(one)
                scans += len(one.arrivals)
            self.queue = [one for one in self.queue if one not in group]
        return group


def _one_by_one(group: Sequence[Waiting]) -> None:
    """One bad scan harms no other: each request in a transaction of its own."""
    for one in group:
        try:
            _store_alone(one)
        except Exception as refusal:
            one.error = refusal


def _stored(group: Sequence[Waiting]) -> list[Answer]:
    lanes = group[-1].lanes
    connection = db.session.connection()
    with pipelined(connection):
        release_lock_before_sync()
        answers = Batch(connection, lanes).record([one for each in group for one in each.arrivals])
    told = iter(answers)
    for each in group:
        scans = [one.scan for one in each.arrivals]
        theirs = list(islice(told, len(scans)))
        services.note_overrides(actor=each.actor, fair_id=lanes.fair_id, scans=scans, answers=theirs)
    return answers


def _tell(group: Sequence[Waiting], answers: Sequence[Answer]) -> None:
    told = iter(answers)
    for each in group:
        each.answers = list(islice(told, len(each.arrivals)))


def _store_alone(one: Waiting) -> None:
    """The same scan may arrive twice at once in two processes; the second time it is a replay."""
    try:
        _store_now(one)
    except (IntegrityError, OperationalError):
        _store_now(one)


def _store_now(one: Waiting) -> None:
    with transaction():
        answers = _stored([one])
    _tell([one], answers)


def together_of(app: Flask) -> Together:
    """The scans that wait in this process for this program."""
    found: Together = app.extensions["scans_together"]
    return found
