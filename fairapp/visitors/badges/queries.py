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


def badge_row(fair_id: int, code_id: bytes) -> Row[Any] | None:
    """Return the badge with this random id, its wearer and its public key: all that is needed to judge a code."""
    return db.session.execute(_badge_row_statement(), {"fair_id": fair_id, "code_id": code_id}).first()


@cache
def _badge_row_statement() -> Any:
    badges, people = Badge.__table__, Visitor.__table__
    categories, keys = VisitorCategory.__table__, SigningKey.__table__
    joined = (
        badges.join(people, (people.c.fair_id == badges.c.fair_id) & (people.c.id == badges.c.visitor_id))
        .join(categories, (categories.c.fair_id == badges.c.fair_id) & (categories.c.id == people.c.category_id))
        .join(keys, (keys.c.fair_id == badges.c.fair_id) & (keys.c.number == badges.c.key_number))
    )
    by_code = (Badge.fair_id == bindparam("fair_id"), Badge.code_id == bindparam("code_id"))
    return select(*_BADGE_COLUMNS).select_from(joined).where(*by_code)


@dataclass(frozen=True)
class ScannedBadge:
    """A scanned text: what it is, what it says, and the badge behind it when it is genuine and exists."""

    verdict: Verdict
    code: BadgeCode | None = None
    badge: Row[Any] | None = None


def badge_for_code(fair: Fair, text: str) -> ScannedBadge:
    """Return the badge behind a scanned text; `badge` is set only for a genuine code of a badge that exists."""
    read = badge_code.decode(text)
    if read is None:
        return ScannedBadge(Verdict.UNREADABLE)
    code, _signature = read
    if code.fair_id != fair.id:
        return ScannedBadge(Verdict.FOREIGN, code)
    row = badge_row(fair.id, code.code_id)
    keys = {code.key_number: row.public_key} if row is not None else public_keys(fair.id)
    verdict, _ = badge_code.verify(text, fair.id, keys)
    return ScannedBadge(verdict, code, row if verdict is Verdict.GENUINE else None)


def public_keys(fair_id: int) -> dict[int, bytes]:
    """Return the fair's public keys by number: what a device needs to check a code."""
    columns = select(SigningKey.number, SigningKey.public_key).where(SigningKey.fair_id == fair_id)
    return {row.number: row.public_key for row in db.session.execute(columns)}


def signing_keys(fair_id: int) -> list[SigningKey]:
    """List the fair's keys, newest first."""
    query = select(SigningKey).where(SigningKey.fair_id == fair_id).order_by(SigningKey.number.desc())
    return list(db.session.scalars(query))


def visitor_by_id(fair_id: int, visitor_id: UUID) -> Visitor | None:
    """Return a visitor of the fair whose record is not erased."""
    query = select(Visitor).join(Visitor.category).options(contains_eager(Visitor.category))
    query = query.where(Visitor.fair_id == fair_id, Visitor.id == visitor_id, Visitor.erased_at.is_(None))
    return db.session.scalar(query)


def live_badge(visitor: Visitor) -> Badge | None:
    """Return the badge that opens gates now."""
    query = select(Badge).where(
        Badge.fair_id == visitor.fair_id, Badge.visitor_id == visitor.id, Badge.status == "active"
    )
    return db.session.scalar(query)


def badges_of(visitor: Visitor) -> list[Badge]:
    """List every badge ever issued to the person, newest first."""
    query = select(Badge).where(Badge.fair_id == visitor.fair_id, Badge.visitor_id == visitor.id)
    return list(db.session.scalars(query.order_by(Badge.issue.desc())))


def visitor_by_badge_number(fair_id: int, text: str) -> Visitor | None:
    """Return who wears or wore the badge with this number, however spaced."""
    number = "".join(letter for letter in text if letter.isdecimal())
    query = select(Visitor).join(Badge, (Badge.fair_id == Visitor.fair_id) & (Badge.visitor_id == Visitor.id))
    query = query.join(Visitor.category).options(contains_eager(Visitor.category))
    return db.session.scalar(query.where(Badge.fair_id == fair_id, Badge.number == number))
