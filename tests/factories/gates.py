"""A fair with gates and people at them; scans as a device would send them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import Actor, system
from fairapp.fairs.models import Fair, Gate, Zone
from fairapp.fairs.venue.services import add_gate
from fairapp.gates.scanning import services
from fairapp.gates.scanning.scans import NewScan, ScanResult
from fairapp.visitors.badges.pdf import CodeWriter
from fairapp.visitors.models import Badge, Visitor
from tests.factories.fairs import Ground, make_ground
from tests.factories.foundation import make_actor
from tests.factories.visitors import make_visitor

OPENING = datetime(2021, 3, 18, 1, 0, tzinfo=UTC)  # 09:00 in Fuzhou on the first day


@dataclass
class Doors:
    """A fair on its first day. `main` and `other` lead into the fair, `hall` into the zone Z1."""

    ground: Ground
    main: Gate
    other: Gate
    hall: Gate
    steward: Actor
    supervisor: Actor
    answers: list[ScanResult] = field(default_factory=list)

    @property
    def fair(self) -> Fair:
        return self.ground.fair

    @property
    def zone(self) -> Zone:
        return self.ground.zones[0]

    def scan(self, *scans: NewScan, actor: Actor | None = None) -> list[ScanResult]:
        """Record scans as one batch."""
        with transaction():
            answers = services.record_scans(actor=actor or self.steward, fair=self.fair, scans=scans)
        self.answers += answers
        return answers

    def enter(self, badge: Badge, minutes: float = 60, gate: Gate | None = None, **more: object) -> ScanResult:
        """An entry so many minutes after opening on the first day."""
        return self.scan(new_scan(gate or self.main, badge, minutes, **more))[0]

    def leave(self, badge: Badge, minutes: float = 120, gate: Gate | None = None, **more: object) -> ScanResult:
        return self.scan(new_scan(gate or self.main, badge, minutes, direction="exit", **more))[0]

    def visitor(self, category: str = "PRO", **changes: object) -> tuple[Visitor, Badge]:
        return make_visitor(self.fair, category=category, **changes)

    def badge(self, category: str = "PRO", **changes: object) -> Badge:
        return self.visitor(category, **changes)[1]


def moment(minutes: float, day: int = 1) -> datetime:
    """So many minutes after opening on a day of the fair."""
    return OPENING + timedelta(days=day - 1, minutes=minutes)


def new_scan(gate: Gate, badge: Badge, minutes: float = 60, day: int = 1, **more: object) -> NewScan:
    values: dict[str, object] = {"id": uuid4(), "gate_id": gate.id, "badge_id": badge.id, "at": moment(minutes, day)}
    return NewScan(**{**values, **more})  # type: ignore[arg-type]


def code_of(badge: Badge) -> str:
    """The text in the badge's QR code."""
    return CodeWriter(db.session.get_one(Fair, badge.fair_id))(badge)


def make_doors(code: str = "", **changes: object) -> Doors:
    """A fair with three gates, a steward and a supervisor."""
    ground = make_ground(code, booths=1, **changes)
    with transaction():
        other = add_gate(
            actor=system(ground.fair.id), fair=ground.fair, code="G3", name_zh="北门", name_en="North gate"
        )
    steward, supervisor = (make_actor(ground.fair, role) for role in (Role.STEWARD, Role.SUPERVISOR))
    return Doors(ground, ground.gates[0], other, ground.gates[1], steward, supervisor)
