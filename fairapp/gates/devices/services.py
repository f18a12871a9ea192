"""Phones and readers: set up by a link that works once, known by a token, revoked at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from fairapp.accounts.permissions import Permission
from fairapp.accounts.sign_in import passwords
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.data.ids import random_bytes
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, _l
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.gates.devices import queries
from fairapp.gates.devices.rules import LINK_LASTS, MAX_PIN_TRIES, TOKEN_PREFIX, is_pin
from fairapp.gates.models import Device, DeviceRole


@dataclass(frozen=True)
class SetUp:
    """A device that waits for its phone. `secret` stands in the link and is known to nobody else."""

    device: Device
    secret: str


def add_device(
    *,
    actor: Actor,
    fair: Fair,
    label: str,
    role: str = DeviceRole.STEWARD,
    gates: list[str] | None = None,
    pin: str = "",
) -> SetUp:
    """A device for these gates (codes; none: every gate), and the secret of its set-up link.

    Refuses `label_taken` (field "label"), `bad_pin` (field "pin").
    """
    if pin and not is_pin(pin):
        raise DomainError("bad_pin", _l("A PIN has 4 to 8 digits."), field="pin", status=422)
    device = Device(
        fair_id=fair.id,
        label=label,
        role=role,
        gate_codes=",".join(sorted(gates or [])),
        pin_hash=passwords.hash_password(pin) if pin else "",
        created_by_id=actor.user_id,
    )
    secret = _new_link(device)
    _store(device)
    audit.record(
        Event.DEVICE_ADDED, actor=actor, fair_id=fair.id, subject=device, label=label, role=role, gates=gates or []
    )
    return SetUp(device, secret)


def use_own_phone(*, actor: Actor, fair: Fair) -> SetUp:
    """The phone in a steward's hand becomes a gate; it may what the person may, as long as the person may."""
    role = DeviceRole.SUPERVISOR if actor.may(Permission.OVERRIDE_SCANS) else DeviceRole.STEWARD
    now = clock.now()
    device = Device(fair_id=fair.id, role=role, user_id=actor.user_id, created_by_id=actor.user_id)
    # lists of devices are shown on walls: no name of a person in them
    kind = _("Own phone")
    device.label = f"{kind} {clock.in_zone(now, fair.time_zone):%m-%d %H:%M:%S} {random_bytes(2).hex()}"
    secret = _new_link(device)
    _store(device)
    audit.record(Event.DEVICE_ADDED, actor=actor, fair_id=fair.id, subject=device, role=role, own_phone=True)
    return SetUp(device, secret)


def set_up_again(*, actor: Actor, device: Device) -> SetUp:
    """A new link for the same device; its old link ends. Refuses `revoked`.

    Its token works until the new link is taken up, so that the phone can hand in what it kept.
    """
    _not_revoked(device)
    secret = _new_link(device)
    device.pin_tries = 0
    db.session.flush()
    audit.record(Event.DEVICE_SET_UP_AGAIN, actor=actor, fair_id=device.fair_id, subject=device, label=device.label)
    return SetUp(device, secret)


def _new_link(device: Device) -> str:
    secret, device.set_up_digest = tokens.new_token()
    device.set_up_until = clock.now() + LINK_LASTS
    return secret


def _store(device: Device) -> None:
    taken = DomainError("label_taken", _l("Another device has this name. Choose a different one."), field="label")
    with translate_integrity_errors({"uq_devices_label": taken}):
        db.session.add(device)


@dataclass(frozen=True)
class Enrolment:
    """How taking up a link went: a `token`, or none and how often the PIN may still be tried."""

    device: Device
    token: str = ""
    tries_left: int = 0


def enrol_device(
    *, actor: Actor, fair: Fair, secret: str, pin: str = "", device_time: datetime | None = None
) -> Enrolment:
    """The phone takes up its link, which is spent by the first right try or by the fifth wrong PIN; a token
    of before ends.

    Refuses `dead_link` (404). A wrong PIN is no refusal: that it was tried must be stored.
    """
    device = queries.waiting_device(fair.id, secret, hold=True)
    if device is None:
        gone = _l("This link was used before or has expired. Ask for a new one.")
        raise DomainError("dead_link", gone, status=404)
    if device.pin_hash and not (is_pin(pin) and passwords.is_right(pin, device.pin_hash)):
        return _wrong_pin(actor, device)
    text, _digest = tokens.new_token()
    token, now = f"{TOKEN_PREFIX}.{text}", clock.now()
    device.set_up_digest, device.set_up_until, device.pin_tries = "", None, 0
    device.token_digest, device.enrolled_at, device.last_contact_at = tokens.digest(token), now, now
    if device_time is not None:
        device.skew_ms = skew(device_time, now)
    db.session.flush()
    audit.record(Event.DEVICE_ENROLLED, actor=actor, fair_id=fair.id, subject=device, label=device.label)
    return Enrolment(device, token)


def _wrong_pin(actor: Actor, device: Device) -> Enrolment:
    device.pin_tries += 1
    left = MAX_PIN_TRIES - device.pin_tries
    if left <= 0:
        device.set_up_digest, device.set_up_until = "", None
    db.session.flush()
    audit.record(Event.DEVICE_PIN_REFUSED, actor=actor, fair_id=device.fair_id, subject=device, left=left)
    return Enrolment(device, tries_left=left)


def skew(device_time: datetime, now: datetime) -> int:
    """The device's clock minus ours in milliseconds, within what a column holds."""
    return max(-(2**31) + 1, min(2**31 - 1, (device_time - now) // timedelta(milliseconds=1)))


def rename_device(*, actor: Actor, device: Device, label: str) -> None:
    """Another name for a device. Refuses `revoked`, `label_taken` (field "label")."""
    _not_revoked(device)
    if label == device.label:
        return
    device.label = label
    _store(device)
    audit.record(Event.DEVICE_RENAMED, actor=actor, fair_id=device.fair_id, subject=device, label=label)


def revoke_device(*, actor: Actor, device: Device) -> None:
    """It opens nothing any more: its link and its token are dead. Refuses `revoked`.

    The digest of the token stays, so that the phone learns it is revoked and can hand in what it kept.
    """
    _not_revoked(device)
    device.revoked_at = clock.now()
    device.set_up_digest, device.set_up_until = "", None
    db.session.flush()
    audit.record(Event.DEVICE_REVOKED, actor=actor, fair_id=device.fair_id, subject=device, label=device.label)


def _not_revoked(device: Device) -> None:
    if device.revoked_at is not None:
        raise DomainError("revoked", _l("This device was revoked before."))


@dataclass(frozen=True)
class Contact:
    """What a device tells about itself; `list_as_of` is the moment its list shows."""

    queue: int = 0
    battery: int | None = None
    device_time: datetime | None = None
    list_as_of: datetime | None = None
    app_version: str = ""


def note_contact(*, actor: Actor, told: Contact) -> None:
    """Keep what a device told a moment ago. Not in the trail: it comes every few seconds and changes nothing."""
    now = clock.now()
    values = {
        "last_contact_at": now,
        "battery": told.battery,
        "queue": told.queue,
        "list_as_of": told.list_as_of,
        "app_version": told.app_version,
    }
    if told.device_time is not None:
        values["skew_ms"] = skew(told.device_time, now)
    row = update(Device).where(Device.fair_id == actor.fair_id, Device.id == actor.device_id)
    db.session.execute(row.values(**values).execution_options(synchronize_session=False))
