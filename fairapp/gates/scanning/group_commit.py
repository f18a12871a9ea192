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
from fairapp.core.errors import is_database_away
from fairapp.core.web.access import Actor
from fairapp.gates.scanning import services
from fairapp.gates.scanning.batch import Batch
from fairapp.gates.scanning.gate_settings import Lanes
from fairapp.gates.scanning.scans import Answer, Arrival

log = structlog.get_logger()

MAX_SHORT = 20  # scans of a request that goes first: somebody stands at the door
MAX_PIECE = 60  # scans of a longer request stored at once: people at the door come in between
MAX_GROUP = 2 * MAX_PIECE  # scans in one transaction


def _closed() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class PendingRequest:
    """One request: its scans on the way in, its answers or what went wrong on the way out."""

    lanes: Lanes
    actor: Actor
    arrivals: Sequence[Arrival]
    answers: list[Answer] | None = None
    error: Exception | None = None
    wake_up: Lock = field(default_factory=_closed)

    @property
    def is_done(self) -> bool:
        return self.answers is not None or self.error is not None


class GroupCommitter:
    """The scans that wait in one process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.mutex = Lock()
        self.queue: list[PendingRequest] = []
        self.is_led = False

    def record(self, lanes: Lanes, actor: Actor, arrivals: Sequence[Arrival]) -> list[Answer]:
        """Store these scans with whatever else waits; return their answers, raise what went wrong with these alone.

        What was stored before that stays, and is a replay when it is sent again.
        """
        answers: list[Answer] = []
        for start in range(0, len(arrivals), MAX_PIECE):
            request = PendingRequest(lanes, actor, arrivals[start : start + MAX_PIECE])
            self._store(request)
            if request.answers is None:
                raise request.error or RuntimeError("the scans were not stored")
            answers += request.answers
        return answers

    def _store(self, request: PendingRequest) -> None:
        """Wait until the request is done, as one of a group or at the head of it."""
        if has_app_context():
            db.session.rollback()  # who waits holds no connection that the leader may need
        with self.mutex:
            self.queue.append(request)
            follows, self.is_led = self.is_led, True
        if follows:
            request.wake_up.acquire()  # it is done, or it is the next to lead
        if not request.is_done:
            self._lead(request)

    def _lead(self, request: PendingRequest) -> None:
        """Store group after group until one's own scans are stored; then the next in the queue leads."""
        try:
            with nullcontext() if has_app_context() else self.app.app_context():
                while not request.is_done:
                    self._store_group()
        finally:
            with self.mutex:
                self.queue = [other for other in self.queue if other is not request]
                self.is_led = bool(self.queue)
                if self.queue:
                    self.queue[0].wake_up.release()

    def _store_group(self) -> None:
        group: list[PendingRequest] = []
        try:
            with transaction():
                group = self._take()
                answers = _record(group)
            _hand_out(group, answers)
        except Exception as error:
            if not group:
                raise
            log.warning("scans could not be stored together", error=repr(error)[:300], requests=len(group))
            _store_apart(group, error)
        finally:
            for request in group:
                if not request.is_done:
                    request.error = RuntimeError("the process stops")
                request.wake_up.release()

    def _take(self) -> list[PendingRequest]:
        """Of the fair of the first: lanes with people at the door, then queues as far as there is room."""
        with self.mutex:
            fair_id = self.queue[0].lanes.fair_id
            waiting = [request for request in self.queue if request.lanes.fair_id == fair_id]
            waiting.sort(key=lambda request: len(request.arrivals) > MAX_SHORT)
            group: list[PendingRequest] = []
            scans = 0
            for request in waiting:
                if group and scans + len(request.arrivals) > MAX_GROUP:
                    break
                group.append(request)
                scans += len(request.arrivals)
            self.queue = [request for request in self.queue if request not in group]
        return group


def _record(group: Sequence[PendingRequest]) -> list[Answer]:
    lanes = group[-1].lanes
    connection = db.session.connection()
    with pipelined(connection):
        release_lock_before_sync()
        answers = Batch(connection, lanes).record([arrival for request in group for arrival in request.arrivals])
    left = iter(answers)
    for request in group:
        scans = [arrival.scan for arrival in request.arrivals]
        own = list(islice(left, len(scans)))
        services.note_overrides(actor=request.actor, fair_id=lanes.fair_id, scans=scans, answers=own)
    return answers


def _hand_out(group: Sequence[PendingRequest], answers: Sequence[Answer]) -> None:
    left = iter(answers)
    for request in group:
        request.answers = list(islice(left, len(request.arrivals)))


def _store_apart(group: Sequence[PendingRequest], error: Exception) -> None:
    """One bad scan harms no other: each request in a transaction of its own; none where the database is away."""
    for request in group:
        try:
            if is_database_away(error):
                raise error
            _store_alone(request)
        except Exception as own_error:
            request.error = own_error


def _store_alone(request: PendingRequest) -> None:
    """The same scan may arrive twice at once in two processes; the second time it is a replay."""
    try:
        _store_now(request)
    except (IntegrityError, OperationalError):
        _store_now(request)


def _store_now(request: PendingRequest) -> None:
    with transaction():
        answers = _record([request])
    _hand_out([request], answers)
