"""The state of all gates at this moment: one snapshot a fair, shared by everyone who watches."""

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
from fairapp.gates.control_room.contradictions import Contradiction, count_open, list_contradictions
from fairapp.gates.counting import manual_counts, queries
from fairapp.gates.counting.queries import PlaceCrowd
from fairapp.gates.devices.rules import DeviceState, device_state
from fairapp.gates.models import Decision, Device, Direction, Scan
from fairapp.gates.scanning.settings_cache import gate_settings

FRESH_S = 2.0
MAX_AGE_S = 10.0
MINUTES = 10  # shown one by one
QUIET_AFTER = timedelta(minutes=10)  # an open gate without a scan in opening hours


@dataclass(frozen=True)
class MinuteCounts:
    """What passed in one minute of the local day at one gate, or at all."""

    at: int
    entries: int
    exits: int


@dataclass(frozen=True)
class GateStatus:
    """One gate now. `minutes` are the last ten, the running one included."""

    gate: Gate
    entries: int
    entries_into_fair: int
    exits: int
    refused: int
    minutes: list[MinuteCounts]
    last_scan_at: datetime | None
    quiet: bool
    devices: int
    silent_devices: int

    @property
    def pace(self) -> float:
        """Entries a minute over the whole minutes shown."""
        past = self.minutes[:-1]
        return sum(minute.entries for minute in past) / len(past) if past else 0.0


@dataclass(frozen=True)
class Snapshot:
    """Everything the control desk shows, at one moment."""

    at: datetime
    day: date
    rooms: list[PlaceCrowd]
    gates: list[GateStatus]
    minutes: list[MinuteCounts]
    refusals: list[tuple[Decision, int]]
    silent: list[Device]
    queued: int
    open_contradictions: int
    latest: list[Contradiction]
    manual_counts: tuple[int, int]

    @property
    def entries(self) -> int:
        """Entries into the fair itself."""
        return sum(gate.entries_into_fair for gate in self.gates)

    @property
    def inner_entries(self) -> int:
        """Entries through doors inside the fair."""
        return sum(gate.entries for gate in self.gates) - self.entries

    @property
    def exits(self) -> int:
        return sum(gate.exits for gate in self.gates)

    @property
    def refused(self) -> int:
        return sum(gate.refused for gate in self.gates)


def take_snapshot(fair: Fair) -> Snapshot:
    """Return the gates as they are now."""
    now, day = clock.now(), queries.today(fair)
    devices = list(db.session.scalars(select(Device).where(Device.fair_id == fair.id, Device.revoked_at.is_(None))))
    midnight = clock.from_zone(datetime.combine(day, time.min), fair.time_zone)
    gates = _gates(fair, day, now, devices)
    return Snapshot(
        at=now,
        day=day,
        rooms=queries.rooms(fair, day),
        gates=gates,
        minutes=_sums([gate.minutes for gate in gates]),
        refusals=queries.refusals(fair.id, day),
        silent=[device for device in devices if device_state(device, now) is DeviceState.SILENT],
        queued=sum(device.queue for device in devices),
        open_contradictions=count_open(fair.id, midnight),
        latest=list_contradictions(fair.id, since=midnight, open_only=True, limit=5),
        manual_counts=manual_counts.sums_of_day(fair.id, day),
    )


def passages_by_minute(fair: Fair, now: datetime) -> dict[UUID, Counter[tuple[int, str]]]:
    """Count admitted scans of the last ten minutes by gate, each by (minute of the local day, direction)."""
    here = clock.in_zone(now, fair.time_zone)
    since = now - timedelta(minutes=MINUTES - 1, seconds=here.second, microseconds=here.microsecond)
    query = select(Scan.gate_id, Scan.minute, Scan.direction, func.count()).where(
        Scan.fair_id == fair.id, Scan.at >= since, Scan.at <= now, Scan.admitted
    )
    by_gate: dict[UUID, Counter[tuple[int, str]]] = {}
    for gate_id, minute, direction, count in db.session.execute(
        query.group_by(Scan.gate_id, Scan.minute, Scan.direction)
    ):
        by_gate.setdefault(gate_id, Counter())[minute, direction] = count
    return by_gate


def _gates(fair: Fair, day: date, now: datetime, devices: list[Device]) -> list[GateStatus]:
    here, passed, last = clock.in_zone(now, fair.time_zone), passages_by_minute(fair, now), last_scans(fair.id)
    minutes = [(here.hour * 60 + here.minute - back) % 1440 for back in range(MINUTES - 1, -1, -1)]
    gates = []
    for moves in queries.moves_by_gate(fair, day):
        gate, counts = moves.gate, passed.get(moves.gate.id, Counter())
        own = [device for device in devices if device.token_digest and gate.code in device.gate_codes.split(",")]
        gates.append(
            GateStatus(
                gate=gate,
                entries=moves.entries,
                entries_into_fair=moves.entries_into_fair,
                exits=moves.exits,
                refused=moves.refused,
                minutes=[MinuteCounts(at, counts[at, Direction.ENTRY], counts[at, Direction.EXIT]) for at in minutes],
                last_scan_at=last.get(gate.id),
                quiet=is_quiet(fair, gate, last.get(gate.id), now),
                devices=len(own),
                silent_devices=sum(device_state(device, now) is DeviceState.SILENT for device in own),
            )
        )
    return gates


def last_scans(fair_id: int) -> dict[UUID, datetime]:
    """Return the moment of the last scan of each gate: one step down an index for each."""
    newest = (
        select(Scan.at)
        .where(Scan.fair_id == Gate.fair_id, Scan.gate_id == Gate.id)
        .order_by(Scan.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(select(Gate.id, newest).where(Gate.fair_id == fair_id))
    return {gate_id: at for gate_id, at in rows if at is not None}


def is_quiet(fair: Fair, gate: Gate, last_scan_at: datetime | None, now: datetime) -> bool:
    """Tell whether an open gate has read nothing for ten minutes of its opening hours."""
    settings = gate_settings(fair.id)
    hours = settings.gates.get(gate.id)
    if gate.closed_at is not None or hours is None:
        return False
    before = now - QUIET_AFTER
    for moment in (before, now):
        _day, minute, day_number = settings.local_time(moment)
        if not rules.is_open(day_number, minute, hours.opens, hours.closes):
            return False
    return last_scan_at is None or last_scan_at < before


def _sums(lines: list[list[MinuteCounts]]) -> list[MinuteCounts]:
    return [
        MinuteCounts(column[0].at, sum(counts.entries for counts in column), sum(counts.exits for counts in column))
        for column in zip(*lines, strict=True)
    ]


# --- shared ----------------------------------------------------------------------------------------

MAX_SHARED = 64
_shared: TimedCache[tuple[Any, ...], Any] = TimedCache(MAX_AGE_S, MAX_SHARED)
_making = RLock()  # what is drawn may ask for the snapshot


def share(key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
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


def fresh_shared(key: tuple[Any, ...]) -> Any | None:
    """Return what was made less than FRESH_S seconds ago, or is made anew now; None where nothing was."""
    return _shared.get(key, FRESH_S)
