"""Sheets as canonical JSON, and back: what a publication keeps is the same bytes on every machine. Pure.

A layout class is `{"_": its name, …fields}`; exact numbers, days and moments are `{"_": kind, "v": text}`.
A field that a class gained later takes its default, so old publications stay readable.
"""

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from fairapp.reports.workbook import layout

LEVEL = 9
_CLASSES: dict[str, Any] = {name: kind for name, kind in vars(layout).items() if is_dataclass(kind)}
_TEXTS: dict[type, Callable[[Any], str]] = {Decimal: str, datetime: datetime.isoformat, date: date.isoformat}
_VALUES: dict[str, Callable[[str], Any]] = {
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
}


def plain(value: Any) -> Any:
    """A value of sheets as JSON knows it; TypeError for what sheets cannot hold."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if type(value) in _TEXTS:
        return {"_": type(value).__name__, "v": _TEXTS[type(value)](value)}
    if is_dataclass(value) and type(value).__name__ in _CLASSES:
        return {"_": type(value).__name__} | {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if hasattr(value, "__iter__"):
        return [plain(part) for part in value]
    raise TypeError(f"a sheet cannot hold {type(value).__name__}")


def living(value: Any) -> Any:
    """What `plain` was made of; a list inside a layout class or another list is a tuple, save for `tables` and `rows`."""
    if isinstance(value, list):
        return tuple(living(part) for part in value)
    if not isinstance(value, dict):
        return value
    kind = value.get("_")
    if kind in _VALUES:
        return _VALUES[kind](value["v"])
    parts = {key: living(part) for key, part in value.items() if key != "_"}
    if kind is None:
        return parts
    listed = {key: list(part) if key in {"rows", "tables", "charts"} else part for key, part in parts.items()}
    return _CLASSES[kind](**listed)


def text_of(content: Any) -> str:
    """Canonical JSON: sorted keys, no spaces, letters as they are."""
    return json.dumps(plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def frozen(content: Any) -> tuple[bytes, str]:
    """The compressed canonical JSON, and the SHA-256 of the JSON itself."""
    told = text_of(content).encode()
    return zlib.compress(told, LEVEL), hashlib.sha256(told).hexdigest()


def thawed(content: bytes, sha256: str) -> Any:
    """The content again; ValueError when it is not what was frozen."""
    told = zlib.decompress(content)
    if hashlib.sha256(told).hexdigest() != sha256:
        raise ValueError("the frozen content was changed")
    return living(json.loads(told))


def first_difference(one: Any, other: Any, path: str = "") -> str | None:
    """Where two contents part, as a path of keys and places; None when they are the same."""
    one, other = plain(one), plain(other)
    return _parting(one, other, path)


def _parting(one: Any, other: Any, path: str) -> str | None:
    if one == other:
        return None
    if isinstance(one, dict) and isinstance(other, dict):
        pairs = [(key, one.get(key), other.get(key)) for key in sorted({*one, *other})]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(str(at), *both) for at, both in enumerate(zip(one, other, strict=True))]
    else:
        return f"{path}: {_short(one)} / {_short(other)}"
    return next(filter(None, (_parting(left, right, f"{path}/{key}") for key, left, right in pairs)), None)


def _short(value: Any) -> str:
    told = json.dumps(value, ensure_ascii=False)
    return told if len(told) <= 80 else f"{told[:80]}…"
