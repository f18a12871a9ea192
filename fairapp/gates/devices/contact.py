"""What a device tells about itself every few seconds. It changes no record and stands in no trail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.gates.devices.rules import clock_skew_ms
from fairapp.gates.models import Device


@dataclass(frozen=True)
class Contact:
    """How a device is: scans it has not handed in, per cent of its battery, its clock, the moment its list shows."""

    queue: int = 0
    battery: int | None = None
    device_time: datetime | None = None
    list_as_of: datetime | None = None
    app_version: str = ""


def note_contact(actor: Actor, contact: Contact) -> None:
    """Store what the acting device told a moment ago, in place of what it told before."""
    now = clock.now()
    values = {
        "last_contact_at": now,
        "battery": contact.battery,
        "queue": contact.queue,
        "list_as_of": contact.list_as_of,
        "app_version": contact.app_version,
    }
    if contact.device_time is not None:
        values["skew_ms"] = clock_skew_ms(contact.device_time, now)
    row = update(Device).where(Device.fair_id == actor.fair_id, Device.id == actor.device_id)
    db.session.execute(row.values(**values).execution_options(synchronize_session=False))
