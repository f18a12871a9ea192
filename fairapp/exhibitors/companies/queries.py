"""Exhibitors that may be the same company."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.exhibitors.companies.names import MIN_SIMILARITY, name_similarity
from fairapp.exhibitors.models import Exhibitor


def likely_duplicates(exhibitor: Exhibitor, limit: int = 8) -> list[tuple[Exhibitor, str, int]]:
    """List others of the fair that may be the same company: (exhibitor, reason, similarity 0–100), the surest first.

    The reason is 'credit_code', 'registration_number' or 'name'. Nothing is ever merged by it.
    """
    columns = (Exhibitor.id, Exhibitor.name_key_zh, Exhibitor.name_key_en, Exhibitor.credit_code)
    others = select(*columns, Exhibitor.registration_number, Exhibitor.country).where(
        Exhibitor.fair_id == exhibitor.fair_id, Exhibitor.id != exhibitor.id
    )
    reasons: dict[UUID, tuple[str, int]] = {}
    names = {"name_key_zh": exhibitor.name_key_zh, "name_key_en": exhibitor.name_key_en}
    for other in db.session.execute(others).mappings():
        if number := _same_number(exhibitor, other):
            reasons[other["id"]] = (number, 100)
        elif (similarity := name_similarity(names, other)) >= MIN_SIMILARITY:
            reasons[other["id"]] = ("name", similarity)
    surest = sorted(reasons, key=lambda key: (reasons[key][0] == "name", -reasons[key][1], key))[:limit]
    chosen = select(Exhibitor).where(Exhibitor.fair_id == exhibitor.fair_id, Exhibitor.id.in_(surest))
    records = {record.id: record for record in db.session.scalars(chosen)}
    return [(records[key], *reasons[key]) for key in surest]


def _same_number(exhibitor: Exhibitor, other: Any) -> str:
    if exhibitor.credit_code and exhibitor.credit_code == other["credit_code"]:
        return "credit_code"
    number = exhibitor.registration_number
    same = number and (number, exhibitor.country) == (other["registration_number"], other["country"])
    return "registration_number" if same else ""
