"""The words for devices in the reader's language."""

from typing import Any

from fairapp.core.text.i18n import _l
from fairapp.gates.devices.rules import DeviceState
from fairapp.gates.models import DeviceRole

DEVICE_ROLES: dict[str, Any] = {
    DeviceRole.STEWARD: _l("Read badges"),
    DeviceRole.SUPERVISOR: _l("Read badges and admit against the rule"),
}
# state: (word, meaning)
DEVICE_STATES: dict[str, tuple[Any, str]] = {
    DeviceState.WAITING: (_l("Waits for its phone"), "waiting"),
    DeviceState.EXPIRED: (_l("Link expired"), "neutral"),
    DeviceState.WORKING: (_l("Works"), "good"),
    DeviceState.SILENT: (_l("Silent"), "stop"),
    DeviceState.AWAY: (_l("Put away"), "neutral"),
    DeviceState.REVOKED: (_l("Revoked"), "stop"),
}
