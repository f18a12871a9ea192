"""What each gate of a fair must know for a decision: zones, hours, capacities, categories and public keys."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from hmac import compare_digest
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairapp.fairs.models import GateDirection
from fairapp.gates.models import WHOLE_FAIR
from fairapp.gates.rules import SignatureCheck
from fairapp.visitors.badges import code as badge_code
from fairapp.visitors.badges.code import BadgeCode


@dataclass(frozen=True, slots=True)
class CapacityLimit:
    """How many may be inside a zone (or WHOLE_FAIR), and whether that is kept by refusing entry."""

    scope: UUID
    capacity: int
    hard_stop: bool


@dataclass(frozen=True, slots=True)
class GateSettings:
    """A gate as a decision sees it; `opens` and `closes` are minutes of the day, its own or the fair's."""

    id: UUID
    code: str
    name_zh: str
    name_en: str
    zone_id: UUID | None
    outer: bool  # leads into the fair itself
    limits: tuple[CapacityLimit, ...]  # of the crowds one joins here
    direction: str
    closed: bool
    admits: tuple[str, ...] | None
    opens: int
    closes: int

    @property
    def scope(self) -> UUID:
        """Where one is inside or outside by this gate's own law: a zone, or the whole fair."""
        return self.zone_id or WHOLE_FAIR

    def lets_pass(self, direction: str) -> bool:
        """Tell whether people go this way here, as 'entry' or 'exit'."""
        return not self.closed and self.direction in {GateDirection.BOTH, direction}


@dataclass(frozen=True, slots=True)
class CategorySettings:
    """A badge category as a lane shows it."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    colour: str
    escort: bool
    vip: bool


@dataclass(frozen=True, slots=True)
class BadgeKey:
    """A signing key of the fair; `private` where the program's secret opens it."""

    number: int
    public: bytes
    private: Ed25519PrivateKey | None = field(compare=False)

    def has_signed(self, code: BadgeCode, signature: bytes) -> bool:
        """Tell whether this key made the signature. Ed25519 has one signature for one text, and making it
        again takes a quarter of the time of verifying it."""
        if self.private is None:
            return badge_code.is_signed(code, signature, self.public)
        return compare_digest(self.private.sign(badge_code.PREFIX.encode() + code.head()), signature)


@dataclass(frozen=True, slots=True)
class FairGateSettings:
    """The gates of one fair; `opens` and `closes` are the fair's hours, in minutes of the day."""

    fair_id: int
    time_zone: ZoneInfo
    starts_on: date
    ends_on: date
    opens: int
    closes: int
    exits_are_scanned: bool
    gates: dict[UUID, GateSettings]
    gates_by_code: dict[str, GateSettings]
    categories: dict[str, CategorySettings]  # by code
    kinds: dict[UUID, str]  # of a badge, by category id
    keys: tuple[BadgeKey, ...]
    crowds: dict[tuple[date, UUID], int] = field(default_factory=dict)  # as they were when the settings were read

    def recent_crowd(self, day: date, scope: UUID, count: Callable[[], int]) -> int:
        """Return how many were inside when these settings were read: good enough to warn, not to refuse."""
        if (day, scope) not in self.crowds:
            self.crowds[day, scope] = count()
        return self.crowds[day, scope]

    def local_time(self, at: datetime) -> tuple[date, int, int]:
        """Return (day, minute of the day, number of the day among the fair's days or 0) of a moment, at the fair."""
        here = at.astimezone(self.time_zone)
        day = here.date()
        number = (day - self.starts_on).days + 1 if self.starts_on <= day <= self.ends_on else 0
        return day, here.hour * 60 + here.minute, number

    def check_code(self, text: str) -> tuple[SignatureCheck, bytes | None]:
        """Return what a badge's code is worth and the random id it names. The answer is remembered."""
        return _check_code(text, self.fair_id, self.keys)


@lru_cache(maxsize=16384)  # the same badge comes out again, and in after lunch
def _check_code(text: str, fair_id: int, keys: tuple[BadgeKey, ...]) -> tuple[SignatureCheck, bytes | None]:
    decoded = badge_code.decode(text)
    if decoded is None or decoded[0].fair_id != fair_id:
        return SignatureCheck.UNKNOWN, None
    key = next((key for key in keys if key.number == decoded[0].key_number), None)
    genuine = key is not None and key.has_signed(*decoded)
    return (SignatureCheck.GENUINE, decoded[0].code_id) if genuine else (SignatureCheck.BAD_SIGNATURE, None)
