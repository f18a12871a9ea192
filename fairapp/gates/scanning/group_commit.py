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
from fairapp.gates.scanning.gate_settings import FairGateSettings
from fairapp.gates.scanning.scans import IncomingScan, ScanResult

log = structlog.get_logger()

MAX_SHORT = 20  # scans of a request that goes first: somebody stands at the gate
MAX_PIECE = 60  # scans of a longer request stored at once: people at the gate come in between
MAX_GROUP = 2 * MAX_PIECE  # scans in one transaction


def _closed() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class PendingRequest:
    """One request: its scans on the way in, its results or what went wrong on the way out."""

    settings: FairGateSettings
    actor: Actor
    scans: Sequence[IncomingScan]
    results: list[ScanResult] | None = None
    error: Exception | None = None
    wake_up: Lock = field(default_factory=_closed)

    @property
    def is_done(self) -> bool:
        return self.results is not None or self.error is not None


class GroupCommitter:
    """The scans that wait in one process."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.mutex = Lock()
        self.queue: list[PendingRequest] = []
        self.is_led = False

    def record(self, settings: FairGateSettings, actor: Actor, scans: Sequence[IncomingScan]) -> list[ScanResult]:
        """Store these scans with whatever else waits; return their results, raise what went wrong with these alone.

        What was stored before that stays, and is a replay when it is sent again.
        """
        results: list[ScanResult] = []
        for start in range(0, len(scans), MAX_PIECE):
            request = PendingRequest(settings, actor, scans[start : start + MAX_PIECE])
            self._store(request)
            if request.results is None:
                raise request.error or RuntimeError("the scans were not stored")
            results += request.results
        return results

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
                results = _record(group)
            _hand_out(group, results)
        except Exception as error:
            if not group:
                raise
            log.warning("scans could not be stored together", error=repr(error)[:300], requests=len(group))
            for request in group:
                request.error = error if is_database_away(error) else _store_alone(request)
        finally:
            for request in group:
                if not request.is_done:
                    request.error = RuntimeError("the process stops")
                request.wake_up.release()

    def _take(self) -> list[PendingRequest]:
        """Of the fair of the first: lanes with people at the gate, then queues as far as there is room."""
        with self.mutex:
            fair_id = self.queue[0].settings.fair_id
            waiting = [request for request in self.queue if request.settings.fair_id == fair_id]
            waiting.sort(key=lambda request: len(request.scans) > MAX_SHORT)
            group: list[PendingRequest] = []
            scans = 0
            for request in waiting:
                if group and scans + len(request.scans) > MAX_GROUP:
                    break
                group.append(request)
                scans += len(request.scans)
            self.queue = [request for request in self.queue if request not in group]
        return group


def _record(group: Sequence[PendingRequest]) -> list[list[ScanResult]]:
    """Decide and store; give the results of each request."""
    settings, connection = group[-1].settings, db.session.connection()
    with pipelined(connection):
        release_lock_before_sync()
        left = iter(Batch(connection, settings).record([scan for request in group for scan in request.scans]))
    results = [list(islice(left, len(request.scans))) for request in group]
    for request, own in zip(group, results, strict=True):
        services.note_overrides(actor=request.actor, fair_id=settings.fair_id, incoming=request.scans, results=own)
    return results


def _hand_out(group: Sequence[PendingRequest], results: Sequence[list[ScanResult]]) -> None:
    for request, own in zip(group, results, strict=True):
        request.results = own


def _store_alone(request: PendingRequest) -> Exception | None:
    """One bad scan harms no other. The same one may arrive twice at once in two processes: then it is a replay."""
    try:
        try:
            _store_now(request)
        except (IntegrityError, OperationalError):
            _store_now(request)
    except Exception as error:
        return error
    return None


def _store_now(request: PendingRequest) -> None:
    with transaction():
        results = _record([request])
    _hand_out([request], results)
