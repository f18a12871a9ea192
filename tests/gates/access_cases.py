"""Who may open the gates' pages."""

from uuid import uuid4

from sqlalchemy import select

from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.gates.control_room import services as corrections
from fairapp.gates.devices import services as devices
from fairapp.gates.models import Decision, ManualCount, Scan
from fairapp.gates.scanning import services
from fairapp.gates.scanning.scans import NewScan
from tests.access import Case, Side
from tests.factories.devices import make_phone, make_waiting_device
from tests.factories.visitors import make_visitor


def make_set_up(side: Side) -> devices.SetUp:
    return make_waiting_device(side.fair, f"Lane {side.name}")


def make_manual_count(side: Side) -> ManualCount:
    """Of the first day of the fair, which is past."""
    counted = {"from_minute": 540, "to_minute": 600, "entries": 12, "exits": 0, "reason": "power cut"}
    with transaction():
        return corrections.add_manual_count(
            actor=system(side.fair.id), fair=side.fair, gate=side.ground.gates[0], day=side.fair.starts_on, **counted
        )


def make_double_entry(side: Side) -> Scan:
    """A second entry, refused: it stands among the contradictions. Stand staff may pass at any hour."""
    _visitor, badge = make_visitor(side.fair, category="EXH")
    gate = side.ground.gates[0]
    scans = [NewScan(id=uuid4(), gate_id=gate.id, badge_id=badge.id) for _ in range(2)]
    with transaction():
        services.record_scans(actor=system(side.fair.id), fair=side.fair, scans=scans)
    mine = (Scan.fair_id == side.fair.id, Scan.badge_id == badge.id)
    refused = select(Scan).where(*mine, Scan.decision == Decision.ALREADY_INSIDE)
    return db.session.scalars(refused).one()


def phone_key(side: Side) -> str:
    return str(side["phone"].token)


RECORDS = {
    "set_up": make_set_up,
    "phone": lambda side: make_phone(side.fair, f"Phone {side.name}"),
    "manual_count": make_manual_count,
    "double_entry": make_double_entry,
}
DEVICE = {"args": lambda side: {"device_id": side["set_up"].device.id}}
CASES = {
    "gates.control_desk": Case("organiser supervisor"),
    "gates.control_live": Case("organiser supervisor"),
    "gates.control_ticket": Case("organiser supervisor"),
    "gates.turn_hard_stop": Case("organiser supervisor", fixed={"state": "off"}),
    "gates.resolve_conflict": Case("organiser supervisor", args=lambda side: {"scan_id": side["double_entry"].id}),
    "gates.gate_corrections": Case("organiser supervisor"),
    "gates.prove_counts": Case("organiser supervisor"),
    "gates.manual_counts": Case("organiser supervisor"),
    "gates.withdraw_manual_count": Case(
        "organiser supervisor", args=lambda side: {"count_id": side["manual_count"].id}
    ),
    "gates.device_list": Case("organiser supervisor"),
    "gates.device": Case("organiser supervisor", **DEVICE),
    "gates.device_link": Case("organiser supervisor", **DEVICE),
    "gates.revoke_device": Case("organiser supervisor", **DEVICE),
    "gates.device_app": Case("everyone"),
    "gates.device_worker": Case("everyone"),
    "gates.device_decoder": Case("everyone"),
    "gates.device_manifest": Case("everyone"),
    "gates_api.enrol": Case("everyone", data=lambda side: {"token": side["set_up"].secret}),
    "gates_api.use_mine": Case("organiser supervisor steward"),
    "gates_api.device_list": Case("", key=phone_key),
    "gates_api.device_roster": Case("", key=phone_key),
    "gates_api.device_contact": Case("", key=phone_key, data=lambda _side: {"queue": 0}),
    "gates.scanner": Case("organiser supervisor steward"),
    "gates.overview": Case("organiser supervisor"),
    "gates.live": Case("organiser supervisor"),
    "gates.latest": Case("organiser supervisor"),
    "gates.scans": Case("organiser supervisor"),
    "gates.export": Case("organiser supervisor"),
    "gates.conflicts": Case("organiser supervisor"),
    "gates_api.record_scans": Case("organiser supervisor steward", data=lambda _side: {"scans": []}),
    "gates_api.gates": Case("organiser supervisor steward"),
    "gates_api.search": Case("organiser supervisor steward"),
}
