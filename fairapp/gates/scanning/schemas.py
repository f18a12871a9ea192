"""What the gate's API takes and gives, for its description; gates.forms reads the scans themselves."""

from marshmallow import fields, validate

from fairapp.core.web.api import Strict, Text
from fairapp.gates.models import Decision, Direction
from fairapp.gates.scanning.payload import MAX_CODE_LENGTH, MAX_REASON_LENGTH, MAX_SCANS, METHODS


class DecidedIn(Strict):
    decision = fields.String(required=True, validate=validate.OneOf(list(Decision)))
    admitted = fields.Boolean(required=True)
    mode = fields.String(validate=validate.OneOf(["device"]))
    list_version = Text(max_length=40)


class ScanIn(Strict):
    """Either `code` (as scanned) or `badge` (looked up)."""

    id = fields.UUID(required=True, metadata={"description": "Made by the device; the same id is the same scan."})
    gate = Text(required=True, max_length=20)
    direction = fields.String(required=True, validate=validate.OneOf(list(Direction)))
    code = Text(max_length=MAX_CODE_LENGTH)
    badge = fields.UUID()
    at = fields.AwareDateTime(metadata={"description": "By the device's clock."})
    method = fields.String(validate=validate.OneOf(METHODS))
    override_reason = Text(
        max_length=MAX_REASON_LENGTH, metadata={"description": "A supervisor admits against the rule."}
    )
    counter = fields.Integer(metadata={"description": "The device's own running number."})
    decided = fields.Nested(DecidedIn, metadata={"description": "What the device did when it could not wait: a fact."})


class ScansIn(Strict):
    scans = fields.List(fields.Nested(ScanIn), required=True, validate=validate.Length(1, MAX_SCANS))
    sent_at = fields.AwareDateTime(metadata={"description": "The device's clock when it sent this."})


class ScanOut(Strict):
    id = fields.UUID()
    decision = fields.String(validate=validate.OneOf(list(Decision)))
    admitted = fields.Boolean()
    direction = fields.String(validate=validate.OneOf(list(Direction)))
    reason = fields.String()
    name = fields.String()
    company = fields.String()
    number = fields.String()
    category = fields.String()
    kind = fields.String()
    colour = fields.String()
    at = fields.AwareDateTime()
    replayed = fields.Boolean()
    level = fields.Integer(validate=validate.OneOf([0, 80, 90, 100]))
    escort = fields.Boolean()
    vip = fields.Boolean()
    rule_decision = fields.String(metadata={"description": "Of a device's decision: what the rule says."})
    conflict = fields.String(metadata={"description": "Why the scan contradicts the rule or another scan, or empty."})
    skewed = fields.Boolean(metadata={"description": "The device's clock is more than five minutes off."})


class ScansOut(Strict):
    scans = fields.List(fields.Nested(ScanOut))
    server_time = fields.AwareDateTime()


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


class FoundSchema(Strict):
    found = fields.List(fields.Nested(PersonSchema))
