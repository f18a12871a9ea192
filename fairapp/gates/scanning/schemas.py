"""What the gate's API gives besides answers to scans, for its description."""

from typing import Any

import msgspec
from marshmallow import fields

from fairapp.core.web.api import Strict


def json_schema(kind: type) -> dict[str, Any]:
    """Return the JSON Schema of a Struct with every reference written out, as the API's description takes it."""
    (schema,), definitions = msgspec.json.schema_components([kind], ref_template="{name}")
    written: dict[str, Any] = _written_out(schema, definitions)
    return written


def _written_out(part: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        if "$ref" in part:
            return _written_out(definitions[part["$ref"]], definitions)
        return {name: _written_out(value, definitions) for name, value in part.items()}
    return [_written_out(value, definitions) for value in part] if isinstance(part, list) else part


class ZoneSchema(Strict):
    code = fields.String()
    inside = fields.Integer()
    capacity = fields.Integer(allow_none=True)
    level = fields.Integer()


class GateSchema(Strict):
    code = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    direction = fields.String()
    closed = fields.Boolean()
    entries = fields.Integer()
    exits = fields.Integer()
    refused = fields.Integer()


class GatesSchema(Strict):
    fair = fields.String()
    as_of = fields.AwareDateTime()
    day = fields.Date()
    inside = fields.Integer()
    capacity = fields.Integer(allow_none=True)
    level = fields.Integer()
    zones = fields.List(fields.Nested(ZoneSchema))
    gates = fields.List(fields.Nested(GateSchema))


class PersonSchema(Strict):
    badge = fields.UUID()
    name = fields.String()
    company = fields.String()
    category = fields.String()
    number = fields.String()


class PeopleSchema(Strict):
    found = fields.List(fields.Nested(PersonSchema))
