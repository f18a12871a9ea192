"""What keeps a gate's code as it is: phones and their waiting scans name the gate by it."""

from sqlalchemy import exists, or_, select

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.fairs.events import GateChanged
from fairapp.gates.devices.queries import gate_codes
from fairapp.gates.models import Device, Scan


def refuse_gate_rename(event: GateChanged) -> None:
    """Refuse another code for a gate that scans or devices know; its names may change. DomainError: code_known."""
    scanned = exists().where(Scan.fair_id == event.fair_id, Scan.gate_id == event.gate_id)
    if event.is_renamed and (db.session.scalar(select(scanned)) or _devices_know(event)):
        message = _(
            "Phones and scans know this gate as %(code)s. Change its names, or close it and add another.",
            code=event.former_code,
        )
        raise DomainError("code_known", message, field="code")


def _devices_know(event: GateChanged) -> bool:
    """Whether a device is for this gate by name, or one at work is for every gate."""
    waits_or_works = or_(Device.gate_codes != "", Device.enrolled_at.is_not(None))
    live = select(Device).where(Device.fair_id == event.fair_id, Device.revoked_at.is_(None), waits_or_works)
    return any(event.former_code in (gate_codes(device) or {event.former_code}) for device in db.session.scalars(live))
