"""What a lane sends: strict by hand, because a batch of 500 must be read in a few milliseconds."""

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from fairapp.core.text.i18n import _l
from fairapp.core.web.forms import has_forbidden_characters
from fairapp.gates.models import Decision, Direction, Method
from fairapp.gates.rules import PASSES
from fairapp.gates.scanning.gate_settings import Lanes
from fairapp.gates.scanning.scans import NewScan
from fairapp.visitors.badges.code import PREFIX

MAX_SCANS = 500
MAX_CODE_LENGTH = 1000
MAX_REASON_LENGTH = 200
MAX_BYTES = 1_000_000
MUCH = 10_000  # bytes of a queue handed in; one lane at the door must not wait for all of them to be read
_one_at_a_time = Lock()
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

Errors = dict[str, Any]
_DECISIONS = frozenset(Decision)
METHODS = tuple(one for one in Method if one is not Method.DESK)  # a correction at the desk is no scan

_UNKNOWN_KEY = _l("This field is not known.")
_MISSING = _l("This field is needed.")
_NOT_TEXT = _l("Give a text.")


class BadInput(Exception):
    """What is wrong, by field; in a list by position first."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(str(errors))
        self.errors = errors


def arrived(content: bytes, lanes: Lanes, received_at: datetime) -> list[NewScan]:
    """The scans of a request's body, their signatures checked: a signature costs more than a row, and is
    checked before the one writer is held. Raises BadInput, BadRequest (no JSON), RequestEntityTooLarge."""
    if len(content) > MAX_BYTES:
        raise RequestEntityTooLarge
    with _one_at_a_time if len(content) > MUCH else nullcontext():
        try:
            body = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise BadRequest from error
        scans = scans_from(body, lanes, received_at)
        for scan in scans:
            lanes.prove(scan.code)
    return scans


def scans_from(body: Any, lanes: Lanes, received_at: datetime) -> list[NewScan]:
    """The scans of `{"scans": [...], "sent_at": time}`. Raises BadInput.

    `sent_at` is the device's clock when it sent: what it differs from ours corrects every `at`.
    """
    if not isinstance(body, dict):
        raise BadInput({"scans": [_MISSING]})
    errors: Errors = {key: [_UNKNOWN_KEY] for key in body if key not in {"scans", "sent_at"}}
    items = body.get("scans")
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_SCANS:
        errors["scans"] = [_l("Give a list of 1 to 500 scans.")]
    offset = timedelta(0)
    if "sent_at" in body:
        try:
            offset = received_at - _moment(body["sent_at"])
        except ValueError as error:
            errors["sent_at"] = [error.args[0]]
    if errors or not isinstance(items, list):
        raise BadInput(errors)
    return _scans(items, lanes, offset)


def _scans(items: list[Any], lanes: Lanes, offset: timedelta) -> list[NewScan]:
    found, wrong = [], {}
    for position, item in enumerate(items):
        errors: Errors = {}
        scan = _scan(item, lanes, offset, errors)
        if errors or scan is None:
            wrong[str(position)] = errors
        else:
            found.append(scan)
    if wrong:
        raise BadInput({"scans": wrong})
    return found


def _scan(item: Any, lanes: Lanes, offset: timedelta, errors: Errors) -> NewScan | None:
    if not isinstance(item, dict):
        errors["scan"] = [_l("Give an object.")]
        return None
    values: dict[str, Any] = {}
    for key, value in item.items():
        if (reader := _FIELDS.get(key)) is None:
            errors[key if len(key) < 50 and not has_forbidden_characters(key) else "?"] = [_UNKNOWN_KEY]
            continue
        name, read = reader
        try:
            values[name] = read(value)
        except ValueError as error:
            errors[key] = [error.args[0]]
    for key in ("id", "gate", "direction"):
        if key not in item:
            errors[key] = [_MISSING]
    if ("code" in item) == ("badge" in item):
        errors["code"] = [_l("Give either a code or a badge.")]
    if "gate_id" in values:
        values["gate_id"] = _gate_id(values["gate_id"], lanes, errors)
    if "decided" in values:
        _at_the_door(values, errors)
    else:
        _no_badge(values, errors)
    return None if errors else NewScan(offset=offset, **values)


def _at_the_door(values: dict[str, Any], errors: Errors) -> None:
    """What a device did: whether it let the person pass counts for more than the word it has for it."""
    decision, admitted, values["list_version"] = values["decided"]
    if "at" not in values:
        errors["at"] = [_MISSING]
    if not admitted:
        values["override_reason"] = ""
    elif not values.get("override_reason"):
        decision = decision if decision in PASSES else Decision.ADMITTED
    values["decided"] = Decision.BLOCKED if decision in PASSES and not admitted else decision


def _no_badge(values: dict[str, Any], errors: Errors) -> None:
    """A hand scanner types the next badge into the reason; of a device that decided even that is a fact."""
    if PREFIX in values.get("override_reason", ""):
        errors["override_reason"] = [_l("That was a badge, not a reason. Type or choose the reason.")]


def _gate_id(code: str, lanes: Lanes, errors: Errors) -> UUID | None:
    door = lanes.by_code.get(code)
    if door is None:
        errors["gate"] = [_l("This fair has no gate of this code.")]
        return None
    return door.id


def _uuid(value: Any) -> UUID:
    if not isinstance(value, str) or len(value) != 36:
        raise ValueError(_l("Give a UUID."))
    try:
        return UUID(value)
    except ValueError:
        raise ValueError(_l("Give a UUID.")) from None


def _code(value: Any) -> str:
    """Whatever was in the picture: a code that is no badge is a scan to be refused, not an error."""
    if not isinstance(value, str):
        raise ValueError(_NOT_TEXT)
    if not 1 <= len(value) <= MAX_CODE_LENGTH:
        raise ValueError(_l("Give 1 to 1000 characters."))
    return value


def _gate(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_NOT_TEXT)
    return value


def _reason(value: Any) -> str:
    if (
        not isinstance(value, str)
        or has_forbidden_characters(value)
        or not 3 <= len(value.strip()) <= MAX_REASON_LENGTH
    ):
        raise ValueError(_l("Give a reason of 3 to 200 characters."))
    return value.strip()


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed or not isinstance(value, str):
            raise ValueError(_l("Choose one of: %(words)s.", words=", ".join(allowed)))
        return value

    return read


def _counter(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise ValueError(_l("Give a whole number from 0 on."))
    return value


def _decided(value: Any) -> tuple[str, bool, str]:
    """(decision, admitted, version of the list it went by) of a device that could not wait."""
    wrong = ValueError(_l("Give what the device decided: decision, admitted, mode and list_version."))
    if not isinstance(value, dict) or not value.keys() <= {"decision", "admitted", "mode", "list_version"}:
        raise wrong
    decision, version = value.get("decision"), str(value.get("list_version") or "")
    known = isinstance(decision, str) and decision in _DECISIONS and isinstance(value.get("admitted"), bool)
    if not known or value.get("mode", "device") != "device" or len(version) > 40 or has_forbidden_characters(version):
        raise wrong
    return str(decision), value["admitted"], version


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value).astimezone(UTC) if isinstance(value, str) and len(value) < 40 else None
        if moment is None or datetime.fromisoformat(value).tzinfo is None or not EARLIEST < moment < LATEST:
            raise ValueError
    except (ValueError, OverflowError):
        raise ValueError(_l("Give a time with its zone, like 2021-03-18T09:00:00+08:00.")) from None
    return moment


# JSON key: (name in NewScan, how it is read)
_FIELDS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "id": ("id", _uuid),
    "code": ("code", _code),
    "badge": ("badge_id", _uuid),
    "gate": ("gate_id", _gate),
    "direction": ("direction", _one_of(*Direction)),
    "at": ("at", _moment),
    "method": ("method", _one_of(*METHODS)),
    "override_reason": ("override_reason", _reason),
    "counter": ("counter", _counter),
    "decided": ("decided", _decided),
}
