"""What a lane sends: strict by hand, because a batch of 500 must be read in a few milliseconds."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from fairapp.core.forms import unclean
from fairapp.core.i18n import _l
from fairapp.gates.batch import NewScan
from fairapp.gates.lanes import Lanes
from fairapp.gates.models import Direction, Method

MOST_SCANS = 500
LONGEST_CODE = 1000
LONGEST_REASON = 200
MOST_BYTES = 1_000_000
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

Errors = dict[str, Any]

_UNKNOWN_KEY = _l("This field is not known.")
_MISSING = _l("This field is needed.")
_NOT_TEXT = _l("Give a text.")


class BadInput(Exception):
    """What is wrong, by field; in a list by position first."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(str(errors))
        self.errors = errors


def json_body() -> Any:
    """The JSON of this request. BadRequest for what is no JSON, RequestEntityTooLarge above a megabyte."""
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge
    try:
        return request.get_json()
    except RecursionError as error:
        raise BadRequest from error


def scans_from(body: Any, lanes: Lanes, received_at: datetime) -> list[NewScan]:
    """The scans of `{"scans": [...], "sent_at": time}`. Raises BadInput.

    `sent_at` is the device's clock when it sent: what it differs from ours corrects every `at`.
    """
    if not isinstance(body, dict):
        raise BadInput({"scans": [_MISSING]})
    errors: Errors = {key: [_UNKNOWN_KEY] for key in body if key not in {"scans", "sent_at"}}
    items = body.get("scans")
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_SCANS:
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
            errors[key if len(key) < 50 and not unclean(key) else "?"] = [_UNKNOWN_KEY]
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
    return None if errors else NewScan(offset=offset, **values)


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
    if not 1 <= len(value) <= LONGEST_CODE:
        raise ValueError(_l("Give 1 to 1000 characters."))
    return value


def _gate(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_NOT_TEXT)
    return value


def _reason(value: Any) -> str:
    if not isinstance(value, str) or unclean(value) or not 3 <= len(value.strip()) <= LONGEST_REASON:
        raise ValueError(_l("Give a reason of 3 to 200 characters."))
    return value.strip()


def _one_of(*allowed: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed or not isinstance(value, str):
            raise ValueError(_l("Choose one of: %(words)s.", words=", ".join(allowed)))
        return value

    return read


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
    "method": ("method", _one_of(*Method)),
    "override_reason": ("override_reason", _reason),
}
