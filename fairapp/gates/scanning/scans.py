"""A scan on its way: as it was sent, with what was looked up about it, decided, and as it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from fairapp.accounts.permissions import Permission
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.gates.models import Direction, Method
from fairapp.gates.rules import SignatureCheck
from fairapp.gates.scanning.gate_settings import CategorySettings, FairGateSettings, GateSettings

NO_OFFSET = timedelta(0)


@dataclass(frozen=True, slots=True)
class NewScan:
    """A badge read at a gate. `id` is the device's UUID for this scan; a second one with it is a replay.

    Give the scanned `code`, or `badge_id` when the person was looked up. `at` is device time, aware;
    `offset` what must be added to it to be server time. `override_reason` admits against the rule.
    `decided` is the decision of a device that could not wait for ours: what it did is a fact.
    """

    id: UUID
    gate_id: UUID
    direction: str = Direction.ENTRY
    code: str | None = None
    badge_id: UUID | None = None
    at: datetime | None = None
    offset: timedelta = NO_OFFSET
    method: str = Method.SCANNER
    override_reason: str = ""
    decided: str = ""
    list_version: str = ""
    counter: int | None = None


@dataclass(frozen=True, slots=True)
class IncomingScan:
    """A scan, who sent it and when it reached us."""

    scan: NewScan
    actor: Actor
    received_at: datetime


@dataclass(frozen=True, slots=True)
class ScanContext:
    """What a decision rests on: the gate, the badge and its holder (None: nobody), the moment at the fair."""

    gate: GateSettings
    signature: SignatureCheck
    holder: Any
    at: datetime
    day: date
    minute: int
    day_number: int
    in_hours: bool


@dataclass(frozen=True, slots=True)
class ScanDecision:
    """A scan that was decided: what stands, what the rule says of a device's decision, and why it was overridden."""

    incoming: IncomingScan
    context: ScanContext
    decision: str
    rule_decision: str
    admitted: bool
    override_reason: str
    level: int


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What the operator sees. `level` is 80, 90 or 100 when the crowd reaches that share of its limit.

    `rule_decision` and `conflict` are set for what a device decided: what the rule says, and why the two disagree.
    """

    id: UUID
    decision: str
    admitted: bool
    direction: str
    at: datetime
    replayed: bool
    name: str = ""
    company: str = ""
    number: str = ""
    category: CategorySettings | None = None
    level: int = 0
    rule_decision: str = ""
    conflict: str = ""
    skewed: bool = False


def allow_scans(
    actor: Actor, settings: FairGateSettings, scans: Sequence[NewScan], received_at: datetime
) -> list[IncomingScan]:
    """Return the scans as this sender may send them. What a device has decided is a fact and is always taken.

    Raises DomainError (403): `override_not_allowed`, `not_your_gate`; (401) the code of one whose time is over.
    """
    for scan in scans:
        if scan.decided:
            continue
        if actor.ended:
            raise DomainError(actor.ended, _l("This device was withdrawn. It admits nobody."), status=401)
        if scan.override_reason and not actor.may(Permission.OVERRIDE_SCANS):
            raise DomainError("override_not_allowed", _l("Only a supervisor may admit against the rule."), status=403)
        if actor.gates is not None and settings.gates[scan.gate_id].code not in actor.gates:
            raise DomainError("not_your_gate", _l("This device may not scan at this gate."), status=403)
    return [IncomingScan(scan, actor, received_at) for scan in scans]
