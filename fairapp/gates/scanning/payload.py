"""What a lane sends. One definition reads it, checks it and describes it; the words for what is wrong are found only then."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from fairapp.core.text.i18n import _l
from fairapp.core.web.forms import has_forbidden_characters
from fairapp.gates.models import Decision, Direction
from fairapp.gates.rules import ADMITTING
from fairapp.gates.scanning.gate_settings import FairGateSettings
from fairapp.gates.scanning.scans import NewScan
from fairapp.visitors.badges.code import PREFIX

MAX_BYTES = 1_000_000
MAX_SCANS = 500
MIN_REASON_LENGTH, MAX_REASON_LENGTH = 3, 200
LONG = 10_000  # bytes of a queue handed in; one lane at the door must not wait for all of them to be read
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_long_requests = Lock()

Errors = dict[str, Any]
Moment = Annotated[datetime, Meta(tz=True)]
ScanMethod = Literal["camera", "scanner", "search", "import"]  # a correction at the desk is no scan


class DeviceDecision(Struct, frozen=True, forbid_unknown_fields=True):
    """What a device did when it could not wait: a fact. `list_version` is the list it went by."""

    decision: Decision
    admitted: bool
    mode: Literal["device"] = "device"
    list_version: Annotated[str, Meta(max_length=40)] = ""


class SentScan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Either `code` (as scanned) or `badge` (looked up)."""

    id: Annotated[UUID, Meta(description="Made by the device; the same id is the same scan.")]
    gate: Annotated[str, Meta(max_length=20)]
    direction: Direction
    code: Annotated[str, Meta(min_length=1, max_length=1000)] | UnsetType = (
        UNSET  # what is no badge is refused, not wrong
    )
    badge: UUID | UnsetType = UNSET
    at: Annotated[datetime, Meta(tz=True, description="By the device's clock.")] | UnsetType = UNSET
    method: ScanMethod = "scanner"
    override_reason: (
        Annotated[str, Meta(max_length=MAX_REASON_LENGTH, description="A supervisor admits against the rule.")]
        | UnsetType
    ) = UNSET
    counter: Annotated[int, Meta(ge=0, le=2**53 - 1, description="The device's own running number.")] | UnsetType = (
        UNSET
    )
    decided: DeviceDecision | UnsetType = UNSET


class SentScans(Struct, frozen=True, forbid_unknown_fields=True):
    """`sent_at` is the device's clock when it sent: what it differs from ours corrects every `at`."""

    scans: Annotated[list[SentScan], Meta(min_length=1, max_length=MAX_SCANS)]
    sent_at: Annotated[datetime, Meta(tz=True, description="The device's clock when it sent this.")] | UnsetType = UNSET


class BadInput(Exception):
    """What is wrong, by field; in a list by position first."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(str(errors))
        self.errors = errors


_decoder = msgspec.json.Decoder(SentScans)


def parse_scans(content: bytes, settings: FairGateSettings, received_at: datetime) -> list[NewScan]:
    """Return the scans of a request's body, their signatures checked: a signature costs more than a row, and is
    checked before the one writer is held. Raises BadInput, BadRequest (no JSON), RequestEntityTooLarge."""
    if len(content) > MAX_BYTES:
        raise RequestEntityTooLarge
    with _long_requests if len(content) > LONG else nullcontext():
        try:
            scans = _new_scans(_read(content, settings), settings, received_at)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadRequest from error
        for scan in scans:
            if scan.code is not None:
                settings.check_code(scan.code)
    return scans


def _read(content: bytes, settings: FairGateSettings) -> SentScans:
    try:
        return _decoder.decode(content)
    except msgspec.ValidationError:  # raised at the first mistake, in English
        body = msgspec.json.decode(content)
        if errors := _errors_of(body, settings):
            raise BadInput(errors) from None
        return msgspec.convert(body, SentScans)  # a name that stands twice: the last one counts


def _new_scans(sent: SentScans, settings: FairGateSettings, received_at: datetime) -> list[NewScan]:
    if sent.sent_at is not UNSET and not EARLIEST < sent.sent_at < LATEST:
        raise BadInput({"sent_at": [_WORDS["sent_at"]]})
    offset = received_at - sent.sent_at if sent.sent_at is not UNSET else timedelta(0)
    wrong = {str(n): errors for n, scan in enumerate(sent.scans) if (errors := _broken_rules(scan, settings))}
    if wrong:
        raise BadInput({"scans": wrong})
    return [_new_scan(scan, settings, offset) for scan in sent.scans]


def _new_scan(scan: SentScan, settings: FairGateSettings, offset: timedelta) -> NewScan:
    """What a device did counts for more than the word it has for it."""
    reason = scan.override_reason.strip() if scan.override_reason is not UNSET else ""
    decided = list_version = ""
    if scan.decided is not UNSET:
        decided, list_version = scan.decided.decision, scan.decided.list_version
        if not scan.decided.admitted:
            reason = ""
            decided = Decision.BLOCKED if decided in ADMITTING else decided
        elif not reason and decided not in ADMITTING:
            decided = Decision.ADMITTED
    return NewScan(
        id=scan.id,
        gate_id=settings.gates_by_code[scan.gate].id,
        direction=scan.direction,
        code=None if scan.code is UNSET else scan.code,
        badge_id=None if scan.badge is UNSET else scan.badge,
        at=None if scan.at is UNSET else scan.at.astimezone(UTC),
        offset=offset,
        method=scan.method,
        override_reason=reason,
        decided=decided,
        list_version=list_version,
        counter=None if scan.counter is UNSET else scan.counter,
    )


# --- what is wrong ------------------------------------------------------------------------------------

_UNKNOWN_FIELD, _MISSING = _l("This field is not known."), _l("This field is needed.")
_MOMENT = _l("Give a time with its zone, like 2021-03-18T09:00:00+08:00.")
_WORDS: Mapping[str, Any] = {
    "scans": _l("Give a list of 1 to 500 scans."),
    "sent_at": _MOMENT,
    "id": _l("Give a UUID."),
    "gate": _l("This fair has no gate of this code."),
    "direction": _l("Choose one of: %(words)s.", words=", ".join(Direction)),
    "code": _l("Give 1 to 1000 characters."),
    "badge": _l("Give a UUID."),
    "at": _MOMENT,
    "method": _l("Choose one of: %(words)s.", words=", ".join(get_args(ScanMethod))),
    "override_reason": _l("Give a reason of 3 to 200 characters."),
    "counter": _l("Give a whole number from 0 on."),
    "decided": _l("Give what the device decided: decision, admitted, mode and list_version."),
}
_FIELDS = {field.encode_name: field for field in msgspec.structs.fields(SentScan)}
_OUTER = {"scans": Annotated[list[Any], Meta(min_length=1, max_length=MAX_SCANS)], "sent_at": Moment}
_PLACEHOLDERS: Mapping[str, Any] = {"id": UUID(int=0), "gate": "", "direction": Direction.ENTRY}


def _broken_rules(scan: SentScan, settings: FairGateSettings) -> Errors:
    """What the definition cannot say, by field."""
    errors: Errors = {}
    if (scan.code is UNSET) == (scan.badge is UNSET):
        errors["code"] = [_l("Give either a code or a badge.")]
    if scan.gate not in settings.gates_by_code:
        errors["gate"] = [_WORDS["gate"]]
    if scan.at is not UNSET and not EARLIEST < scan.at < LATEST:
        errors["at"] = [_MOMENT]
    if scan.override_reason is not UNSET and (word := _wrong_reason(scan.override_reason, scan.decided is UNSET)):
        errors["override_reason"] = [word]
    if scan.decided is not UNSET:
        if scan.at is UNSET:
            errors["at"] = [_MISSING]
        if has_forbidden_characters(scan.decided.list_version):
            errors["decided"] = [_WORDS["decided"]]
    return errors


def _wrong_reason(reason: str, is_asked: bool) -> Any:
    """A hand scanner types the next badge into the reason; of a device that decided even that is a fact."""
    if has_forbidden_characters(reason) or len(reason.strip()) < MIN_REASON_LENGTH:
        return _WORDS["override_reason"]
    return _l("That was a badge, not a reason. Type or choose the reason.") if is_asked and PREFIX in reason else None


def _errors_of(body: Any, settings: FairGateSettings) -> Errors:
    """Everything that is wrong with a body that was refused at its first mistake."""
    if not isinstance(body, dict):
        return {"scans": [_MISSING]}
    _values, errors = _converted(body, _OUTER)
    if "scans" not in body:
        errors["scans"] = [_WORDS["scans"]]
    if errors:
        return errors
    wrong = {str(n): errors for n, item in enumerate(body["scans"]) if (errors := _item_errors(item, settings))}
    return {"scans": wrong} if wrong else {}


def _item_errors(item: Any, settings: FairGateSettings) -> Errors:
    if not isinstance(item, dict):
        return {"scan": [_l("Give an object.")]}
    values, errors = _converted(item, {name: field.type for name, field in _FIELDS.items()})
    missing = {name: [_MISSING] for name, field in _FIELDS.items() if field.required and name not in item}
    return _broken_rules(SentScan(**{**_PLACEHOLDERS, **values}), settings) | errors | missing


def _converted(item: dict[str, Any], types: Mapping[str, Any]) -> tuple[dict[str, Any], Errors]:
    """(values that are as they should be, errors), by field."""
    values, errors = {}, {}
    for name, value in item.items():
        if name not in types:
            errors[name if len(name) < 50 and not has_forbidden_characters(name) else "?"] = [_UNKNOWN_FIELD]
            continue
        try:
            values[name] = msgspec.convert(value, types[name])
        except msgspec.ValidationError:
            errors[name] = [_WORDS[name]]
    return values, errors
