"""Questions about devices: whose token this is, which there are, when they end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from fairapp.accounts.models import RoleGrant, User
from fairapp.accounts.permissions import PERMISSIONS, Permission, Role
from fairapp.accounts.queries import live_grants
from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.gates.devices.rules import expires_at, may_hand_in
from fairapp.gates.models import Device, DeviceRole

_PERMISSIONS: dict[str, frozenset[Permission]] = {
    DeviceRole.STEWARD: frozenset({Permission.BE_A_DEVICE, Permission.SCAN_BADGES, Permission.HAND_IN_SCANS}),
}
_PERMISSIONS[DeviceRole.SUPERVISOR] = _PERMISSIONS[DeviceRole.STEWARD] | {Permission.OVERRIDE_SCANS}


def actor_by_device_token(token: str, fair_id: int) -> Actor | None:
    """Return who acts with a device's token in a fair; None for a false one.

    One whose time is over is known, may hand in its scans for a day, and is told by `ended` of all else.
    """
    device = device_with_token(token, fair_id)
    if device is None:
        return None
    ended, may = "", _PERMISSIONS[device.role]
    if device.user_id is not None:
        may &= _persons_permissions(device.user_id, fair_id) | {Permission.BE_A_DEVICE}
    over_since = _over_since(device, may)
    if over_since is not None:
        ended = "device_revoked"
        may = frozenset({Permission.HAND_IN_SCANS} if may_hand_in(over_since, clock.now()) else ())
    return Actor(
        label=device.label,
        user_id=device.user_id,
        fair_id=fair_id,
        permissions=may,
        device_id=device.id,
        by_token=True,
        gates=gate_codes(device),
        ended=ended,
    )


def _over_since(device: Device, may: frozenset[Permission]) -> datetime | None:
    """When a device was revoked, its person lost the role or its fair was over; None while it works."""
    if device.revoked_at is not None:
        return device.revoked_at
    end = device_end(device)
    if end is not None and end <= clock.now():
        return end
    if Permission.SCAN_BADGES in may:
        return None
    own_grants = (RoleGrant.fair_id == device.fair_id, RoleGrant.user_id == device.user_id)
    return db.session.scalar(select(func.max(RoleGrant.withdrawn_at)).where(*own_grants)) or device.created_at


def device_end(device: Device) -> datetime | None:
    """Return when a device that is set up ends by itself."""
    fair = db.session.get_one(Fair, device.fair_id)
    return expires_at(device.enrolled_at, fair.ends_on, fair.time_zone) if device.enrolled_at else None


def _persons_permissions(user_id: UUID, fair_id: int) -> frozenset[Permission]:
    held = [PERMISSIONS[Role(grant.role)] for grant in live_grants(user_id, fair_id)]
    return frozenset[Permission]().union(*held)


def gate_codes(device: Device) -> frozenset[str] | None:
    """Return the codes of the only gates a device is for; None: all."""
    return frozenset(device.gate_codes.split(",")) if device.gate_codes else None


def device_with_token(token: str, fair_id: int) -> Device | None:
    """Return the device that holds this token, revoked or not."""
    if len(token) > 100:
        return None
    matches = (Device.fair_id == fair_id, Device.token_digest == tokens.digest(token))
    return db.session.scalar(select(Device).where(*matches))


def own_device(actor: Actor) -> Device | None:
    """Return the device that asks."""
    return db.session.scalar(select(Device).where(Device.fair_id == actor.fair_id, Device.id == actor.device_id))


def device_with_link(fair_id: int, secret: str, *, hold: bool = False) -> Device | None:
    """Return the device whose set-up link this is, as long as it works; `hold` it until the transaction ends."""
    matches = (Device.fair_id == fair_id, Device.set_up_digest == tokens.digest(secret))
    query = select(Device).where(*matches, Device.revoked_at.is_(None), Device.set_up_until > clock.now())
    return db.session.scalar(query.with_for_update() if hold else query)


def devices_visible_to(actor: Actor, *, revoked: bool = False) -> Select[Device]:
    """Return the query of devices of the actor's fair by name, for those who run the gates."""
    fair_id = actor.fair_id if actor.may(Permission.RUN_GATES) else -1
    state = Device.revoked_at.is_not(None) if revoked else Device.revoked_at.is_(None)
    return select(Device).where(Device.fair_id == fair_id, state).order_by(Device.label, Device.id)


def device_visible_to(actor: Actor, device_id: UUID) -> Device | None:
    """Return a device of the actor's fair, for those who run the gates."""
    fair_id = actor.fair_id if actor.may(Permission.RUN_GATES) else -1
    return db.session.scalar(select(Device).where(Device.fair_id == fair_id, Device.id == device_id))


def owner_names(devices: list[Device]) -> dict[UUID | None, str]:
    """Return the names of people whose own phones are among these devices, by id."""
    ids = sorted({device.user_id for device in devices if device.user_id})
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}
