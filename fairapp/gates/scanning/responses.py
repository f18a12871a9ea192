"""What a lane is told, as JSON in its language."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any
from uuid import UUID

import msgspec
from flask import current_app
from flask_babel import force_locale
from msgspec import Meta, Struct

from fairapp.gates.labels import reason_text
from fairapp.gates.models import Decision, Direction
from fairapp.gates.rules import LEVELS
from fairapp.gates.scanning.scans import ScanResult

Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]


class ScanAnswer(Struct, frozen=True):
    """What the operator of a lane sees."""

    id: UUID
    decision: Decision
    admitted: bool
    direction: Direction
    reason: str
    name: str
    company: str
    number: str
    category: str
    kind: str
    colour: str
    escort: bool
    vip: bool
    at: Moment
    replayed: bool
    level: Annotated[int, Meta(description="Per cent of a capacity reached.", extra_json_schema={"enum": [0, *LEVELS]})]
    rule_decision: Annotated[str, Meta(description="Of a device's decision: what the rule says.")]
    conflict: Annotated[str, Meta(description="Why the scan contradicts the rule or another scan, or empty.")]
    skewed: Annotated[bool, Meta(description="The device's clock is more than five minutes off.")]


class ScansAnswer(Struct, frozen=True):
    """The answers in the order the scans were sent, and the server's clock."""

    scans: list[ScanAnswer]
    server_time: Moment


@lru_cache
def reasons(locale: str) -> dict[tuple[str, str], str]:
    """Return the words for every decision and direction. Needs the program's context the first time."""
    with current_app.test_request_context(), force_locale(locale):
        return {(decision.value, way.value): reason_text(decision, way) for decision in Decision for way in Direction}


def scan_response(results: Iterable[ScanResult], received_at: datetime, locale: str) -> bytes:
    """Return the answer to scans sent together, in 'zh_Hans' or 'en', as JSON."""
    words = reasons(locale)
    scans = [_scan_answer(result, words, locale) for result in results]
    return msgspec.json.encode(ScansAnswer(scans, received_at.isoformat()))


def _scan_answer(result: ScanResult, words: dict[tuple[str, str], str], locale: str) -> ScanAnswer:
    category = result.category
    about: dict[str, Any] = {"category": "", "kind": "", "colour": "", "escort": False, "vip": False}
    if category is not None:
        name = category.name_en if locale == "en" else category.name_zh
        about = {"category": name, "kind": category.kind, "colour": category.colour}
        about |= {"escort": category.escort, "vip": category.vip}
    return ScanAnswer(
        id=result.id,
        decision=Decision(result.decision),
        admitted=result.admitted,
        direction=Direction(result.direction),
        reason=words[result.decision, result.direction],
        name=result.name,
        company=result.company,
        number=result.number,
        at=result.at.isoformat(),
        replayed=result.replayed,
        level=result.level,
        rule_decision=result.rule_decision,
        conflict=result.conflict,
        skewed=result.skewed,
        **about,
    )
