"""What a lane is told, as JSON in its language."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import force_locale

from fairapp.gates.labels import reason_of
from fairapp.gates.models import Decision, Direction
from fairapp.gates.scanning.scans import Answer


@lru_cache
def reasons(locale: str) -> dict[tuple[str, str], str]:
    """The words for every decision and direction. Needs the program's context the first time."""
    with current_app.test_request_context(), force_locale(locale):
        return {(one.value, way.value): reason_of(one, way) for one in Decision for way in Direction}


def told(answers: Iterable[Answer], received_at: datetime, locale: str) -> dict[str, Any]:
    """The answer to scans sent together, in 'zh_Hans' or 'en'."""
    words = reasons(locale)
    return {"scans": [_one(answer, words, locale) for answer in answers], "server_time": received_at.isoformat()}


def _one(answer: Answer, words: dict[tuple[str, str], str], locale: str) -> dict[str, Any]:
    category = answer.category
    about: dict[str, Any] = {"category": "", "kind": "", "colour": "", "escort": False, "vip": False}
    if category is not None:
        name = category.name_en if locale == "en" else category.name_zh
        about = {"category": name, "kind": category.kind, "colour": category.colour}
        about |= {"escort": category.escort, "vip": category.vip}
    return {
        "id": str(answer.id),
        "decision": answer.decision,
        "admitted": answer.admitted,
        "direction": answer.direction,
        "reason": words[answer.decision, answer.direction],
        "name": answer.name,
        "company": answer.company,
        "number": answer.number,
        **about,
        "at": answer.at.isoformat(),
        "replayed": answer.replayed,
        "level": answer.level,
        "rule_decision": answer.rule_decision,
        "conflict": answer.conflict,
        "skewed": answer.skewed,
    }
