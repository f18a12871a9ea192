"""Changes to meetings."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.data.ids import new_id
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, moment_text
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.fairs.rules import day_number
from fairapp.meetings import rules
from fairapp.meetings.models import Meeting, MeetingSlot, MeetingStatus
from fairapp.meetings.rules import NewMeeting

EVENTS = {
    MeetingStatus.ASKED: Event.MEETING_CHANGED,
    MeetingStatus.CONFIRMED: Event.MEETING_CONFIRMED,
    MeetingStatus.HELD: Event.MEETING_HELD,
    MeetingStatus.NO_SHOW: Event.MEETING_NO_SHOW,
    MeetingStatus.CANCELLED: Event.MEETING_CANCELLED,
}
COUNTERPART = {"visitor_id", "counterpart_name", "counterpart_company"}
KEEPS_BUSY = {"starts_at", "ends_at", "visitor_id", "host_id", "place", "table_code"}


def log_meeting(*, actor: Actor, fair: Fair, new: NewMeeting) -> Meeting:
    """Log one meeting.

    DomainError at its field: `busy` (badge, host_id or table_code), `outside_fair` (day), `off_grid` (start),
    `too_long` (minutes), `not_begun` (status), `no_counterpart` (badge).
    """
    meeting = _made(actor, fair, new)
    db.session.add(meeting)
    db.session.flush()
    _take_slots([meeting])
    audit.record(Event.MEETING_LOGGED, actor=actor, fair_id=fair.id, subject=meeting, status=meeting.status)
    return meeting


def log_meetings(*, actor: Actor, fair: Fair, rows: Iterable[NewMeeting]) -> list[Meeting]:
    """Log many at once, all or none; `rules.without_overlaps` sorts out the ones that cannot be."""
    meetings = [_made(actor, fair, new) for new in rows]
    db.session.add_all(meetings)
    db.session.flush()
    _take_slots(meetings)
    audit.record(Event.MEETINGS_LOGGED, actor=actor, fair_id=fair.id, subject="meetings", count=len(meetings))
    return meetings


def _made(actor: Actor, fair: Fair, new: NewMeeting) -> Meeting:
    values = {field.name: getattr(new, field.name) for field in fields(new)}
    values["table_code"] = rules.normalise_table_code(new.table_code)
    meeting = Meeting(fair_id=fair.id, id=new_id(), logged_by_id=actor.user_id, logged_at=clock.now(), **values)
    meeting.local_on = clock.day_in_zone(new.starts_at, fair.time_zone)
    _check(fair, meeting)
    return meeting


def change_meeting(*, actor: Actor, fair: Fair, meeting: Meeting, **changes: Any) -> Meeting:
    """Change what a meeting says, or when and with whom it is; DomainError as in log_meeting."""
    _lock(meeting)
    if "table_code" in changes:
        changes["table_code"] = rules.normalise_table_code(changes["table_code"])
    changed = sorted(name for name, value in changes.items() if value != getattr(meeting, name))
    for name in changed:
        setattr(meeting, name, changes[name])
    if COUNTERPART & set(changed):
        meeting.counterpart_key = ""
    meeting.local_on = clock.day_in_zone(meeting.starts_at, fair.time_zone)
    _check(fair, meeting)
    if KEEPS_BUSY & set(changed):
        _free_slots(meeting)
        _take_slots([meeting])
    db.session.flush()
    if changed:
        audit.record(Event.MEETING_CHANGED, actor=actor, fair_id=fair.id, subject=meeting, changed=changed)
    return meeting


def mark_meeting(*, actor: Actor, meeting: Meeting, verb: str, outcome: str = "") -> Meeting:
    """Take a step of `rules.MOVES`; a meeting that is off gives its time back, and a reopened one takes it again.

    DomainError `not_possible`, `not_begun`, `busy`.
    """
    _lock(meeting)
    after = rules.status_after(meeting.status, verb)
    if after is None:
        raise DomainError("not_possible", _("This meeting is in another state now. Load the page again."))
    if after in rules.NEEDS_START and meeting.starts_at > clock.now():
        raise _not_begun()
    took, meeting.status = meeting.status in rules.TAKES_TIME, after
    if outcome:
        meeting.outcome = outcome
    if took and after not in rules.TAKES_TIME:
        _free_slots(meeting)
    elif not took and after in rules.TAKES_TIME:
        _take_slots([meeting])
    db.session.flush()
    audit.record(EVENTS[after], actor=actor, fair_id=meeting.fair_id, subject=meeting, verb=verb)
    return meeting


def _lock(meeting: Meeting) -> None:
    """Of two steps at the same moment the second one sees what the first one did."""
    db.session.refresh(meeting, Meeting.__table__.columns.keys(), with_for_update=True)


def _not_begun() -> DomainError:
    return DomainError("not_begun", _("This meeting has not begun yet."), field="status")


def _check(fair: Fair, meeting: Meeting) -> None:
    if meeting.ends_at <= meeting.starts_at or meeting.ends_at - meeting.starts_at > rules.MAX_DURATION:
        raise DomainError("too_long", _("A meeting lasts from 5 minutes to 8 hours."), field="minutes")
    if not (rules.is_on_grid(meeting.starts_at) and rules.is_on_grid(meeting.ends_at)):
        raise DomainError("off_grid", _("Use full five minutes, for example 10:05."), field="start")
    if day_number(fair.starts_on, fair.ends_on, meeting.local_on) is None:
        raise DomainError("outside_fair", _("Choose a day of the fair."), field="day")
    if meeting.status in rules.NEEDS_START and meeting.starts_at > clock.now():
        raise _not_begun()
    if not (meeting.visitor_id or meeting.counterpart_name or meeting.counterpart_company or meeting.counterpart_key):
        raise DomainError("no_counterpart", _("Say whom: scan a badge, or write a name or company."), field="badge")


# --- slots ------------------------------------------------------------------------------------------


def _rows(meetings: Iterable[Meeting]) -> list[dict[str, Any]]:
    return [
        {"fair_id": m.fair_id, "id": new_id(), "meeting_id": m.id, "subject": subject, "slot_start": slot}
        for m in meetings
        if m.status in rules.TAKES_TIME
        for subject in rules.busy_subjects(m.visitor_id, m.host_id, m.place, m.table_code)
        for slot in rules.slots(m.starts_at, m.ends_at)
    ]


def _take_slots(meetings: list[Meeting]) -> None:
    """Give each meeting its time; the database refuses a slot that is taken."""
    rows = _rows(meetings)
    if not rows:
        return
    taken = DomainError("busy", "")
    try:
        with translate_integrity_errors({"uq_meeting_slots_taken": taken}):
            db.session.execute(insert(MeetingSlot), rows)
    except DomainError as error:
        raise _busy(rows) from error


def _busy(rows: list[dict[str, Any]]) -> DomainError:
    """Who is busy, said at the field that names them."""
    subjects = {row["subject"] for row in rows}
    starts = [row["slot_start"] for row in rows]
    query = select(MeetingSlot.subject, MeetingSlot.slot_start).where(
        MeetingSlot.fair_id == rows[0]["fair_id"],
        MeetingSlot.subject.in_(sorted(subjects)),
        MeetingSlot.slot_start.between(min(starts), max(starts)),
    )
    first = db.session.execute(query.order_by(MeetingSlot.slot_start).limit(1)).first()
    return _busy_subject(*first) if first else DomainError("busy", _("Two of these meetings are at the same time."))


def _busy_subject(subject: str, slot: datetime) -> DomainError:
    at = moment_text(slot, "time")
    if subject.startswith("visitor:"):
        return DomainError("busy", _("This visitor is in another meeting at %(time)s.", time=at), field="badge")
    if subject.startswith("host:"):
        return DomainError("busy", _("This colleague is in another meeting at %(time)s.", time=at), field="host_id")
    return DomainError("busy", _("This table is taken at %(time)s.", time=at), field="table_code")


def _free_slots(meeting: Meeting) -> None:
    mine = (MeetingSlot.fair_id == meeting.fair_id, MeetingSlot.meeting_id == meeting.id)
    db.session.execute(delete(MeetingSlot).where(*mine))
