"""Devices as the desk and a phone make them."""

from dataclasses import dataclass
from typing import Any

from fairapp.core.data.db import transaction
from fairapp.core.web.access import Actor, system
from fairapp.fairs.models import Fair
from fairapp.gates.devices import services as devices
from fairapp.gates.models import Device


@dataclass
class Phone:
    """A device that is set up, and its token."""

    device: Device
    token: str


def make_waiting_device(fair: Fair, label: str = "South 1", actor: Actor | None = None, **more: Any) -> devices.SetUp:
    """A device whose link nobody has taken up."""
    with transaction():
        return devices.add_device(actor=actor or system(fair.id), fair=fair, label=label, **more)


def make_phone(fair: Fair, label: str = "South 1", **more: Any) -> Phone:
    """A device that is set up."""
    made = make_waiting_device(fair, label, **more)
    with transaction():
        done = devices.enrol_device(actor=system(fair.id), fair=fair, secret=made.secret, pin=more.get("pin", ""))
    return Phone(done.device, done.token)
