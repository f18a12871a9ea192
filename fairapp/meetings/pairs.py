"""The exhibitor and the company that met, so that figures count each pair once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from fairapp.core.data.db import db
from fairapp.core.data.tokens import keyed_digest
from fairapp.exhibitors.models import Exhibitor, ExhibitorStatus
from fairapp.meetings import rules
from fairapp.meetings.models import Meeting
from fairapp.visitors.models import Visitor


@dataclass(frozen=True)
class MeetingPair:
    """The two sides of one meeting; `counterpart` is the same text for the same company."""

    meeting_id: UUID
    exhibitor_id: UUID
    counterpart: str
    country: str
    day: date

    @property
    def parties(self) -> tuple[UUID, str]:
        return self.exhibitor_id, self.counterpart


def meeting_pairs(fair_id: int, *conditions: ColumnElement[bool]) -> Iterator[MeetingPair]:
    """Yield the two sides of the meetings that fit. What an erasure kept is the same text as before it."""
    exhibitors = _exhibitors_by_name(fair_id)
    for row in db.session.execute(_meetings(fair_id).where(*conditions)):
        counterpart = row.counterpart_key or keyed_digest(_text(row, exhibitors), "meeting-counterpart")
        yield MeetingPair(row.id, row.exhibitor_id, counterpart, row.country, row.local_on)


def _meetings(fair_id: int) -> Any:
    is_met = (Visitor.fair_id == Meeting.fair_id) & (Visitor.id == Meeting.visitor_id)
    counterpart = (
        func.coalesce(func.nullif(Visitor.company, ""), Meeting.counterpart_company).label("company"),
        func.coalesce(Visitor.country, Meeting.counterpart_country).label("country"),
        func.coalesce(Visitor.merged_into_id, Visitor.id).label("person_id"),
        Visitor.exhibitor_id.label("staff_of_id"),
    )
    columns = (Meeting.id, Meeting.exhibitor_id, Meeting.local_on, Meeting.counterpart_key, Meeting.counterpart_name)
    return (
        select(*columns, *counterpart).select_from(Meeting).outerjoin(Visitor, is_met).where(Meeting.fair_id == fair_id)
    )


def _text(row: Any, exhibitors: dict[str, UUID]) -> str:
    return rules.counterpart_key(
        exhibitor_id=row.staff_of_id or exhibitors.get(rules.company_key(row.company, row.country)),
        company=row.company,
        country=row.country,
        visitor_id=row.person_id,
        name=row.counterpart_name,
    )


def _exhibitors_by_name(fair_id: int) -> dict[str, UUID]:
    query = select(Exhibitor.id, Exhibitor.name_zh, Exhibitor.name_en, Exhibitor.country)
    approved = query.where(Exhibitor.fair_id == fair_id, Exhibitor.status == ExhibitorStatus.APPROVED)
    ids: dict[str, UUID] = {}
    for row in db.session.execute(approved.order_by(Exhibitor.id)):
        for name in filter(None, (row.name_zh, row.name_en)):
            ids.setdefault(rules.company_key(name, row.country), row.id)
    ids.pop("", None)
    return ids
