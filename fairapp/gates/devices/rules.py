"""Laws of devices: how long a link lives, when one is silent, what is worth a warning. Pure."""

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from fairapp.core.data import clock
from fairapp.gates.models import Device

TOKEN_PREFIX = "fad"  # a device's token is told from a person's by it
LINK_LIFE = timedelta(hours=24)
MAX_PIN_TRIES = 5
HAND_IN_PERIOD = timedelta(hours=24)  # a device whose time is over may still deliver what it kept
MIN_LIFE = timedelta(days=2)  # also when it is set up after the fair, to try things
SILENT_AFTER = timedelta(seconds=90)  # a device tells of itself every 30 seconds
FORGOTTEN_AFTER = timedelta(hours=12)  # put away for the night, not silent
MIN_BATTERY = 20  # per cent
MAX_SKEW_MS = 5 * 60 * 1000
MAX_QUEUE = 50


class DeviceState(StrEnum):
    """How a device stands."""

    WAITING = "waiting"  # its link is not taken up
    EXPIRED = "expired"  # … and never will be
    WORKING = "working"
    SILENT = "silent"
    AWAY = "away"
    REVOKED = "revoked"


def is_pin(text: str) -> bool:
    """Tell whether a text has 4 to 8 digits and nothing else."""
    return re.fullmatch(r"[0-9]{4,8}", text) is not None


def device_state(device: Device, now: datetime) -> DeviceState:
    """Return how a device stands at a moment."""
    if device.revoked_at is not None:
        return DeviceState.REVOKED
    if not device.token_digest:
        waits = device.set_up_digest and device.set_up_until is not None and device.set_up_until > now
        return DeviceState.WAITING if waits else DeviceState.EXPIRED
    quiet = now - device.last_contact_at if device.last_contact_at is not None else FORGOTTEN_AFTER
    if quiet <= SILENT_AFTER:
        return DeviceState.WORKING
    return DeviceState.SILENT if quiet < FORGOTTEN_AFTER else DeviceState.AWAY


def expires_at(enrolled_at: datetime, ends_on: date, time_zone: str) -> datetime:
    """Return when a device ends by itself: after the day that follows the fair's last one."""
    after_the_fair = datetime.combine(ends_on + timedelta(days=2), time.min)
    return max(clock.from_zone(after_the_fair, time_zone), enrolled_at + MIN_LIFE)


def may_hand_in(over_since: datetime, now: datetime) -> bool:
    """Tell whether a device whose time is over may still deliver its scans."""
    return now - over_since <= HAND_IN_PERIOD


def clock_skew_ms(device_time: datetime, now: datetime) -> int:
    """Return the device's clock minus ours in milliseconds, within what a column holds."""
    return max(-(2**31) + 1, min(2**31 - 1, (device_time - now) // timedelta(milliseconds=1)))
