"""Phones and readers: set up by a link that works once, known by a token, revoked at once."""

from dataclasses import dataclass
from datetime import datetime

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
from fairapp.gates.devices.rules import LINK_LIFE, MAX_PIN_TRIES, TOKEN_PREFIX, clock_skew_ms, is_pin
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
    """Add a device for these gates (codes; none: every gate), and return it with the secret of its set-up link.

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
    """Make the phone in a steward's hand a gate; it may what the person may, as long as the person may."""
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
    """Make a new link for the same device; its old link ends. Refuses `revoked`.

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
    device.set_up_until = clock.now() + LINK_LIFE
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
    """Let a phone take up its link, which is spent by the first right try or by the fifth wrong PIN; a token
    of before ends.

    Refuses `dead_link` (404). A wrong PIN is no refusal: that it was tried must be stored.
    """
    device = queries.device_with_link(fair.id, secret, hold=True)
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
        device.skew_ms = clock_skew_ms(device_time, now)
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


def rename_device(*, actor: Actor, device: Device, label: str) -> None:
    """Give a device another name. Refuses `revoked`, `label_taken` (field "label")."""
    _not_revoked(device)
    if label == device.label:
        return
    device.label = label
    _store(device)
    audit.record(Event.DEVICE_RENAMED, actor=actor, fair_id=device.fair_id, subject=device, label=label)


def revoke_device(*, actor: Actor, device: Device) -> None:
    """End a device: its link and its token open nothing any more. Refuses `revoked`.

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
