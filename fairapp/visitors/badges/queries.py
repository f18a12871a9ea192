"""Badges: the one behind a code or a number, those of a person, and the keys that sign them."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import contains_eager

from fairapp.core.data.db import db
from fairapp.fairs.models import Fair, VisitorCategory
from fairapp.visitors.badges import code as badge_code
from fairapp.visitors.badges.code import BadgeCode, Verdict
from fairapp.visitors.models import Badge, SigningKey, Visitor

_BADGE_COLUMNS = (
    Badge.id.label("badge_id"),
    Badge.visitor_id,
    func.coalesce(Visitor.merged_into_id, Visitor.id).label("person_id"),
    Badge.status,
    Badge.issue,
    Badge.days,
    Badge.category_code,
    Badge.number,
    Badge.code_id,
    Visitor.name,
    Visitor.company,
    VisitorCategory.kind,
    VisitorCategory.name_zh.label("category_zh"),
    VisitorCategory.name_en.label("category_en"),
    VisitorCategory.colour,
    SigningKey.public_key,
)


@cache
def badge_row_statement() -> Any:
    """SELECT one badge by `:fair_id` and `:code_id`, built once: all a gate needs, in one round trip."""
    return _badge_rows().where(Badge.fair_id == bindparam("fair_id"), Badge.code_id == bindparam("code_id"))


def _badge_rows() -> Any:
    here = Badge.__table__
    people, lists, keys = Visitor.__table__, VisitorCategory.__table__, SigningKey.__table__
    return select(*_BADGE_COLUMNS).select_from(
        here.join(people, (people.c.fair_id == here.c.fair_id) & (people.c.id == here.c.visitor_id))
        .join(lists, (lists.c.fair_id == here.c.fair_id) & (lists.c.id == people.c.category_id))
        .join(keys, (keys.c.fair_id == here.c.fair_id) & (keys.c.number == here.c.key_number))
    )


def badge_row(fair_id: int, code_id: bytes) -> Row[Any] | None:
    """The badge with this random id: columns of `badge_row_statement`."""
    return db.session.execute(badge_row_statement(), {"fair_id": fair_id, "code_id": code_id}).first()


@dataclass(frozen=True)
class Reading:
    """A scanned text: what it is, what it says, and the badge behind it when it is genuine and known."""

    verdict: Verdict
    code: BadgeCode | None = None
    badge: Row[Any] | None = None


def badge_for_code(fair: Fair, text: str) -> Reading:
    """The badge behind a scanned text. `badge` is set only for a genuine code whose badge is known."""
    read = badge_code.decode(text)
    if read is None:
        return Reading(Verdict.UNREADABLE)
    code, _signature = read
    if code.fair_id != fair.id:
        return Reading(Verdict.FOREIGN, code)
    row = badge_row(fair.id, code.code_id)
    keys = {code.key_number: row.public_key} if row is not None else public_keys(fair.id)
    verdict, _ = badge_code.verify(text, fair.id, keys)
    return Reading(verdict, code, row if verdict is Verdict.GENUINE else None)


def public_keys(fair_id: int) -> dict[int, bytes]:
    """The fair's public keys by number: what a device needs to prove a code."""
    columns = select(SigningKey.number, SigningKey.public_key).where(SigningKey.fair_id == fair_id)
    return {row.number: row.public_key for row in db.session.execute(columns)}


def signing_keys(fair_id: int) -> list[SigningKey]:
    """The fair's keys, newest first."""
    query = select(SigningKey).where(SigningKey.fair_id == fair_id).order_by(SigningKey.number.desc())
    return list(db.session.scalars(query))


def badge_holder(fair_id: int, visitor_id: UUID) -> Visitor | None:
    """Who opens a badge page with a true token; nobody once the record is erased."""
    query = select(Visitor).join(Visitor.category).options(contains_eager(Visitor.category))
    query = query.where(Visitor.fair_id == fair_id, Visitor.id == visitor_id, Visitor.erased_at.is_(None))
    return db.session.scalar(query)


def live_badge(visitor: Visitor) -> Badge | None:
    """The badge that opens gates now."""
    query = select(Badge).where(
        Badge.fair_id == visitor.fair_id, Badge.visitor_id == visitor.id, Badge.status == "active"
    )
    return db.session.scalar(query)


def badges_of(visitor: Visitor) -> list[Badge]:
    """Every badge ever issued to the person, newest first."""
    query = select(Badge).where(Badge.fair_id == visitor.fair_id, Badge.visitor_id == visitor.id)
    return list(db.session.scalars(query.order_by(Badge.issue.desc())))


def visitor_with_number(fair_id: int, text: str) -> Visitor | None:
    """Who wears or wore the badge with this number, however spaced."""
    number = "".join(letter for letter in text if letter.isdecimal())
    query = select(Visitor).join(Badge, (Badge.fair_id == Visitor.fair_id) & (Badge.visitor_id == Visitor.id))
    query = query.join(Visitor.category).options(contains_eager(Visitor.category))
    return db.session.scalar(query.where(Badge.fair_id == fair_id, Badge.number == number))
