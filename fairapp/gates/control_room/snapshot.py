"""The state of all doors at this moment: one picture a fair, shared by everyone who watches."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from threading import RLock
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.data.refresh_ahead import TimedCache
from fairapp.fairs.models import Fair, Gate
from fairapp.gates import rules
from fairapp.gates.counting import manual_counts, queries
from fairapp.gates.counting.contradictions import Contradiction, contradictions, open_count
from fairapp.gates.counting.queries import Room
from fairapp.gates.devices.rules import State, state_of
from fairapp.gates.models import Decision, Device, Direction, Scan
from fairapp.gates.scanning.gate_settings import lanes_of

FRESH_S = 2.0
OLDEST_S = 10.0
MINUTES = 10  # shown one by one
QUIET_AFTER = timedelta(minutes=10)  # an open gate without a scan in opening hours


@dataclass(frozen=True)
class Minute:
    """What passed in one minute of the local day at one gate, or at all."""

    at: int
    entries: int
    exits: int


@dataclass(frozen=True)
class Lane:
    """One gate now. `minutes` are the last ten, the running one included; `quiet_since` is set when it is silent."""

    gate: Gate
    entries: int
    exits: int
    refused: int
    minutes: list[Minute]
    last_scan_at: datetime | None
    quiet: bool
    devices: int
    silent_devices: int

    @property
    def pace(self) -> float:
        """Entries a minute over the whole minutes shown."""
        whole = self.minutes[:-1]
        return sum(one.entries for one in whole) / len(whole) if whole else 0.0


@dataclass(frozen=True)
class Picture:
    """Everything the control desk shows, at one moment."""

    at: datetime
    day: date
    rooms: list[Room]
    lanes: list[Lane]
    minutes: list[Minute]
    refusals: list[tuple[Decision, int]]
    silent: list[Device]
    queued: int
    open_contradictions: int
    latest: list[Contradiction]
    by_hand: tuple[int, int]

    @property
    def entries(self) -> int:
        return sum(lane.entries for lane in self.lanes)

    @property
    def exits(self) -> int:
        return sum(lane.exits for lane in self.lanes)

    @property
    def refused(self) -> int:
        return sum(lane.refused for lane in self.lanes)


def picture(fair: Fair) -> Picture:
    """The doors as they are now."""
    now, day = clock.now(), queries.today(fair)
    devices = list(db.session.scalars(select(Device).where(Device.fair_id == fair.id, Device.revoked_at.is_(None))))
    midnight = clock.from_zone(datetime.combine(day, time.min), fair.time_zone)
    by_minute = passed_by_minute(fair, now)
    lanes = _lanes(fair, day, now, by_minute, devices)
    return Picture(
        at=now,
        day=day,
        rooms=queries.rooms(fair, day),
        lanes=lanes,
        minutes=_sums([lane.minutes for lane in lanes]),
        refusals=queries.refusals(fair.id, day),
        silent=[one for one in devices if state_of(one, now) is State.SILENT],
        queued=sum(one.queue for one in devices),
        open_contradictions=open_count(fair.id, midnight),
        latest=contradictions(fair.id, since=midnight, open_only=True, limit=5),
        by_hand=manual_counts.sums_of_day(fair.id, day),
    )


def passed_by_minute(fair: Fair, now: datetime) -> dict[UUID, Counter[tuple[int, str]]]:
    """Admitted scans of the last ten minutes by gate, each by (minute of the local day, direction)."""
    here = clock.in_zone(now, fair.time_zone)
    since = now - timedelta(minutes=MINUTES - 1, seconds=here.second, microseconds=here.microsecond)
    query = select(Scan.gate_id, Scan.minute, Scan.direction, func.count()).where(
        Scan.fair_id == fair.id, Scan.at >= since, Scan.at <= now, Scan.admitted
    )
    found: dict[UUID, Counter[tuple[int, str]]] = {}
    for gate_id, minute, direction, count in db.session.execute(
        query.group_by(Scan.gate_id, Scan.minute, Scan.direction)
    ):
        found.setdefault(gate_id, Counter())[minute, direction] = count
    return found


def _lanes(
    fair: Fair, day: date, now: datetime, by_minute: dict[UUID, Counter[tuple[int, str]]], devices: list[Device]
) -> list[Lane]:
    here = clock.in_zone(now, fair.time_zone)
    shown = [(here.hour * 60 + here.minute - back) % 1440 for back in range(MINUTES - 1, -1, -1)]
    last = last_scans(fair.id)
    lanes = []
    for moves in queries.moves_by_gate(fair, day):
        counts = by_minute.get(moves.gate.id, Counter())
        minutes = [Minute(at, counts[at, Direction.ENTRY], counts[at, Direction.EXIT]) for at in shown]
        own = [one for one in devices if one.token_digest and moves.gate.code in one.gate_codes.split(",")]
        seen = last.get(moves.gate.id)
        lanes.append(
            Lane(
                gate=moves.gate,
                entries=moves.entries,
                exits=moves.exits,
                refused=moves.refused,
                minutes=minutes,
                last_scan_at=seen,
                quiet=is_quiet(fair, moves.gate, seen, now),
                devices=len(own),
                silent_devices=sum(state_of(one, now) is State.SILENT for one in own),
            )
        )
    return lanes


def last_scans(fair_id: int) -> dict[UUID, datetime]:
    """The moment of the last scan of each gate: one step down an index for each."""
    newest = (
        select(Scan.at)
        .where(Scan.fair_id == Gate.fair_id, Scan.gate_id == Gate.id)
        .order_by(Scan.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(select(Gate.id, newest).where(Gate.fair_id == fair_id))
    return {gate_id: at for gate_id, at in rows if at is not None}


def is_quiet(fair: Fair, gate: Gate, last: datetime | None, now: datetime) -> bool:
    """Whether an open gate has read nothing for ten minutes of its opening hours."""
    door = lanes_of(fair).doors.get(gate.id)
    if gate.closed_at is not None or door is None:
        return False
    before = now - QUIET_AFTER
    _day, minute, number = lanes_of(fair).local(before)
    _day, minute_now, number_now = lanes_of(fair).local(now)
    open_all_along = rules.is_open(number, minute, door.opens, door.closes) and rules.is_open(
        number_now, minute_now, door.opens, door.closes
    )
    return open_all_along and (last is None or last < before)


def _sums(lines: list[list[Minute]]) -> list[Minute]:
    return [
        Minute(column[0].at, sum(one.entries for one in column), sum(one.exits for one in column))
        for column in zip(*lines, strict=True)
    ]


# --- shared ----------------------------------------------------------------------------------------

MAX_SHARED = 64
_shared: TimedCache[tuple[Any, ...], Any] = TimedCache(OLDEST_S, MAX_SHARED)
_making = RLock()  # what is drawn may ask for the picture


def shared(key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """Return what `make` gives, about FRESH_S seconds old: two hundred who watch cost as much as one.

    Nobody waits: while one thread makes it anew, the others take what was made before. Each may hold a
    connection to the database, and the one at work might need one more.
    """
    fresh = _shared.get(key, FRESH_S)
    if fresh is not None:
        return fresh
    earlier = _shared.get(key)
    if not _making.acquire(blocking=False):
        return make() if earlier is None else earlier
    try:
        if earlier is not None:  # good enough for the others meanwhile
            _shared.put(key, earlier)
        made = make()
        _shared.put(key, made)
    except BaseException:
        _shared.drop(key)
        raise
    finally:
        _making.release()
    return made


def drawn_now(key: tuple[Any, ...]) -> Any | None:
    """Return what was made less than FRESH_S seconds ago, or is made anew now; None where nothing was."""
    return _shared.get(key, FRESH_S)
