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


def to_json(value: Any) -> Any:
    """Return a value of sheets as JSON knows it; TypeError for what sheets cannot hold."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if type(value) in _TEXTS:
        return {"_": type(value).__name__, "v": _TEXTS[type(value)](value)}
    if is_dataclass(value) and type(value).__name__ in _CLASSES:
        return {"_": type(value).__name__} | {
            field.name: to_json(getattr(value, field.name)) for field in fields(value)
        }
    if isinstance(value, dict):
        return {str(key): to_json(part) for key, part in value.items()}
    if hasattr(value, "__iter__"):
        return [to_json(part) for part in value]
    raise TypeError(f"a sheet cannot hold {type(value).__name__}")


def from_json(value: Any) -> Any:
    """Return what `to_json` was made of; lists come back as tuples, save for `tables`, `rows` and `charts`."""
    if isinstance(value, list):
        return tuple(from_json(part) for part in value)
    if not isinstance(value, dict):
        return value
    kind = value.get("_")
    if kind in _VALUES:
        return _VALUES[kind](value["v"])
    members = {key: from_json(part) for key, part in value.items() if key != "_"}
    if kind is None:
        return members
    arguments = {key: list(part) if key in {"rows", "tables", "charts"} else part for key, part in members.items()}
    return _CLASSES[kind](**arguments)


def canonical_json(content: Any) -> str:
    """Return canonical JSON: sorted keys, no spaces, letters as they are."""
    return json.dumps(to_json(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def dump(content: Any) -> tuple[bytes, str]:
    """Return the compressed canonical JSON, and the SHA-256 of the JSON itself."""
    text = canonical_json(content).encode()
    return zlib.compress(text, LEVEL), hashlib.sha256(text).hexdigest()


def load(content: bytes, sha256: str) -> Any:
    """Return the content again; ValueError when it is not what was stored."""
    text = zlib.decompress(content)
    if hashlib.sha256(text).hexdigest() != sha256:
        raise ValueError("the frozen content was changed")
    return from_json(json.loads(text))


def first_difference(left: Any, right: Any, path: str = "") -> str | None:
    """Return where two contents part, as a path of keys and places; None when they are the same."""
    left, right = to_json(left), to_json(right)
    return _parting(left, right, path)


def _parting(left: Any, right: Any, path: str) -> str | None:
    if left == right:
        return None
    if isinstance(left, dict) and isinstance(right, dict):
        pairs = [(key, left.get(key), right.get(key)) for key in sorted({*left, *right})]
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = [(str(at), *both) for at, both in enumerate(zip(left, right, strict=True))]
    else:
        return f"{path}: {_short(left)} / {_short(right)}"
    return next(
        filter(None, (_parting(left_part, right_part, f"{path}/{key}") for key, left_part, right_part in pairs)), None
    )


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:80]}…"
