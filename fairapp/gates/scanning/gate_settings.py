"""What each lane of a fair must know for a decision: gates, zones, hours, categories and public keys.

Read once every few seconds a process, so that a scan need not read it; a change at the desk reaches
every lane within `FRESH_S`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from hmac import compare_digest
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.core.data.refresh_ahead import RefreshAheadCache
from fairapp.fairs.models import Fair, Gate, GateDirection, VisitorCategory, Zone, ZoneAdmission
from fairapp.gates.models import WHOLE_FAIR, Direction
from fairapp.gates.rules import Proof
from fairapp.visitors.badges import code as badge_code
from fairapp.visitors.badges import signing
from fairapp.visitors.badges.code import BadgeCode
from fairapp.visitors.models import SigningKey

FRESH_S = 2.0


@dataclass(frozen=True, slots=True)
class Limit:
    """How many may be inside a zone (or WHOLE_FAIR), and whether that is kept by refusing entry."""

    scope: UUID
    capacity: int
    hard_stop: bool


@dataclass(frozen=True, slots=True)
class Door:
    """A gate as a decision sees it; `opens` and `closes` are minutes of the day, its own or the fair's."""

    id: UUID
    code: str
    name_zh: str
    name_en: str
    zone_id: UUID | None
    outer: bool  # leads into the fair itself
    limits: tuple["Limit", ...]  # of the crowds one joins here
    direction: str
    closed: bool
    admits: tuple[str, ...] | None
    opens: int
    closes: int

    @property
    def scope(self) -> UUID:
        """Where one is inside or outside by this gate's own law: a zone, or the whole fair."""
        return self.zone_id or WHOLE_FAIR

    def leads(self, direction: str) -> bool:
        return not self.closed and self.direction in {GateDirection.BOTH, direction}


@dataclass(frozen=True, slots=True)
class Category:
    code: str
    name_zh: str
    name_en: str
    kind: str
    colour: str
    escort: bool
    vip: bool


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of one fair; `opens` and `closes` are the fair's hours."""

    fair_id: int
    zone: ZoneInfo
    starts_on: date
    ends_on: date
    opens: int
    closes: int
    exits_are_scanned: bool
    doors: dict[UUID, Door]
    by_code: dict[str, Door]
    categories: dict[str, Category]  # by code
    kinds: dict[UUID, str]  # of a badge, by category id
    keys: tuple["Key", ...]
    crowds: dict[tuple[date, UUID], int] = field(default_factory=dict)  # as they were when the lanes were read

    def rough_crowd(self, day: date, scope: UUID, count: Callable[[], int]) -> int:
        """People inside, at most FRESH_S seconds old: good enough to warn, not to refuse."""
        if (day, scope) not in self.crowds:
            self.crowds[day, scope] = count()
        return self.crowds[day, scope]

    def local(self, at: datetime) -> tuple[date, int, int]:
        """(day, minute of the day, number of the day among the fair's days or 0) of a moment, at the fair."""
        here = at.astimezone(self.zone)
        day = here.date()
        number = (day - self.starts_on).days + 1 if self.starts_on <= day <= self.ends_on else 0
        return day, here.hour * 60 + here.minute, number

    def prove(self, text: str | None) -> None:
        """Check a signature now and remember the answer for `read`."""
        if text is not None:
            self.read(text)

    def read(self, text: str) -> tuple[Proof, bytes | None]:
        """What a code is worth and the badge it names."""
        return _read(text, self.fair_id, self.keys)


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key of the fair; `private` where the program's secret opens it."""

    number: int
    public: bytes
    private: Ed25519PrivateKey | None = field(compare=False)

    def signed(self, code: BadgeCode, signature: bytes) -> bool:
        """Whether this key made the signature. Ed25519 has one signature for one text, and making it
        again takes a quarter of the time of verifying it."""
        if self.private is None:
            return badge_code.is_signed(code, signature, self.public)
        return compare_digest(self.private.sign(badge_code.PREFIX.encode() + code.head()), signature)


@lru_cache(maxsize=16384)  # the same badge comes out again, and in after lunch
def _read(text: str, fair_id: int, keys: tuple[Key, ...]) -> tuple[Proof, bytes | None]:
    read = badge_code.decode(text)
    if read is None or read[0].fair_id != fair_id:
        return Proof.UNKNOWN, None
    key = next((key for key in keys if key.number == read[0].key_number), None)
    genuine = key is not None and key.signed(*read)
    return (Proof.GENUINE, read[0].code_id) if genuine else (Proof.BAD_SIGNATURE, None)


def lanes_of(fair: Fair) -> Lanes:
    """Return the settings of a fair's gates, at most FRESH_S seconds old."""
    lanes = cache.get(fair.id)
    if lanes is None:
        lanes = _load(fair.id)
        cache.put(fair.id, lanes)
    return lanes


def _load(fair_id: int) -> Lanes:
    fair = db.session.connection().execute(select(Fair.__table__).where(Fair.__table__.c.id == fair_id)).one()
    zones = {row.id: row for row in _rows(Zone, fair_id)}
    gates, categories = _rows(Gate, fair_id), _rows(VisitorCategory, fair_id)
    perimeter = any(gate.zone_id is None for gate in gates)
    admitted: dict[UUID, list[str]] = {}
    for row in _rows(ZoneAdmission, fair_id):
        admitted.setdefault(row.zone_id, []).append(row.category_code)
    doors = {gate.id: _door(fair, gate, zones, sorted(admitted.get(gate.zone_id, ())), perimeter) for gate in gates}
    return Lanes(
        fair_id=fair_id,
        zone=ZoneInfo(fair.time_zone),
        starts_on=fair.starts_on,
        ends_on=fair.ends_on,
        opens=_minute(fair.opens_at_local),
        closes=_minute(fair.closes_at_local),
        exits_are_scanned=any(door.leads(Direction.EXIT) for door in doors.values()),
        doors=doors,
        by_code={door.code: door for door in doors.values()},
        categories={row.code: _category(row) for row in categories},
        kinds={row.id: row.kind for row in categories},
        keys=tuple(Key(key.number, key.public_key, signing.private_key(key)) for key in _rows(SigningKey, fair_id)),
    )


cache: RefreshAheadCache[int, Lanes] = RefreshAheadCache(_load, FRESH_S)


def _rows(model: type, fair_id: int) -> list:  # type: ignore[type-arg]
    table = model.__table__  # type: ignore[attr-defined]
    return list(db.session.connection().execute(select(table).where(table.c.fair_id == fair_id)))


def _category(row) -> Category:  # type: ignore[no-untyped-def]
    return Category(row.code, row.name_zh, row.name_en, row.kind, row.colour, row.needs_escort, row.is_vip)


def _minute(of: time) -> int:
    return of.hour * 60 + of.minute


def _door(fair, gate, zones, admitted: list[str], perimeter: bool) -> Door:  # type: ignore[no-untyped-def]
    zone = zones[gate.zone_id] if gate.zone_id else None
    outer = zone is None or not perimeter
    rooms = [(WHOLE_FAIR, fair.approved_capacity, fair.capacity_hard_stop)] if outer else []
    rooms += [(zone.id, zone.capacity, zone.hard_stop)] if zone is not None else []
    return Door(
        id=gate.id,
        code=gate.code,
        name_zh=gate.name_zh,
        name_en=gate.name_en,
        zone_id=gate.zone_id,
        outer=outer,
        limits=tuple(Limit(scope, capacity, hard) for scope, capacity, hard in rooms if capacity is not None),
        direction=gate.direction,
        closed=gate.closed_at is not None,
        admits=tuple(admitted) or None,
        opens=_minute(gate.opens_at_local or fair.opens_at_local),
        closes=_minute(gate.closes_at_local or fair.closes_at_local),
    )
