"""Personal data in meetings: why each column is kept, until when, and its end.

A test fails when a column of text in a table of meetings is missing here.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, update

from fairapp.core.data.db import db
from fairapp.meetings.models import Meeting
from fairapp.meetings.pairs import meeting_pairs
from fairapp.visitors.erasure.personal_data import EVIDENCE, FAIR, FOREVER, STATISTICS, ColumnPolicy, Erase

_TALK = ColumnPolicy("who was met, and what was agreed", FAIR, Erase.BLANK)
_PLACE = ColumnPolicy("who is where and when", FOREVER, Erase.KEEP)
_FIGURE = ColumnPolicy(STATISTICS, FOREVER, Erase.KEEP)

REGISTRY: dict[str, dict[str, ColumnPolicy]] = {
    "meetings": {
        "counterpart_name": _TALK,
        "counterpart_company": _TALK,
        "topic": _TALK,
        "outcome": _TALK,
        "notes": _TALK,
        "badge_number": _TALK,
        "decision_note": _TALK,
        "counterpart_key": _FIGURE,
        "counterpart_country": _FIGURE,
        "place": _PLACE,
        "table_code": _PLACE,
        "status": ColumnPolicy(EVIDENCE, FOREVER, Erase.KEEP),
        "level": ColumnPolicy(EVIDENCE, FOREVER, Erase.KEEP),
        "absent": ColumnPolicy(EVIDENCE, FOREVER, Erase.KEEP),
    },
    "meeting_proofs": {"side": ColumnPolicy(EVIDENCE, FOREVER, Erase.KEEP), "place": _PLACE},
    "meeting_slots": {"subject": _PLACE},
}
BLANK = {name: "" for name, entry in REGISTRY["meetings"].items() if entry.erase is Erase.BLANK}


def forget_people(*, fair_id: int, visitor_ids: Sequence[UUID]) -> None:
    """Empty what was written about meetings with these people; they go on being counted as before."""
    _forget(fair_id, Meeting.visitor_id.in_(visitor_ids))


def forget_everyone(*, fair_id: int) -> None:
    """Empty what was written about any meeting of the fair, likewise."""
    _forget(fair_id, or_(*(getattr(Meeting, name) != "" for name in BLANK)))


def _forget(fair_id: int, condition: ColumnElement[bool]) -> None:
    rows = [
        {"fair_id": fair_id, "id": pair.meeting_id, "counterpart_key": pair.counterpart, **BLANK}
        for pair in meeting_pairs(fair_id, condition)
    ]
    if rows:
        db.session.execute(update(Meeting), rows)
