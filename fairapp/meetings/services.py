"""Changes to meetings."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.data.ids import new_id
from fairapp.core.errors import DomainError
from fairapp.core.jobs.queue import enqueue
from fairapp.core.text.i18n import _, moment_text
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.fairs.queries import fair_days, today_at
from fairapp.fairs.rules import day_number
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct
from fairapp.meetings import queries, rules
from fairapp.meetings.levels.judge import judge_level
from fairapp.meetings.levels.rules import SETTLED, may_be_declared, may_deny_absence
from fairapp.meetings.models import Absent, Level, Meeting, MeetingSlot, MeetingStatus
from fairapp.meetings.rules import NewMeeting
from fairapp.visitors.grants.jobs import resolve_typed_number
from fairapp.visitors.grants.models import RequestTopic
from fairapp.visitors.grants.queries import is_asked_already
from fairapp.visitors.grants.services import Entry, ask_number, ask_person
from fairapp.visitors.models import Visitor

EVENTS = {
    MeetingStatus.ASKED: Event.MEETING_CHANGED,
    MeetingStatus.CONFIRMED: Event.MEETING_CONFIRMED,
    MeetingStatus.HELD: Event.MEETING_HELD,
    MeetingStatus.NO_SHOW: Event.MEETING_NO_SHOW,
    MeetingStatus.CANCELLED: Event.MEETING_CANCELLED,
}
COUNTERPART = {"visitor_id", "badge_number", "counterpart_name", "counterpart_company", "counterpart_country"}
KEEPS_BUSY = {"starts_at", "ends_at", "visitor_id", "host_id", "place", "table_code"}


def log_meeting(*, actor: Actor, fair: Fair, new: NewMeeting) -> Meeting:
    """Log one meeting, and ask the other side where a badge was scanned or its number typed.

    DomainError `meetings_closed`; at its field: `busy` (badge, host_id or table_code), `outside_fair` (day), `off_grid` and
    `outside_hours` (start), `too_long` (minutes), `not_begun`, `too_late` and `asks_first` (status),
    `no_counterpart`, `own_company` and `too_many_asks` (badge).
    """
    require_open(fair, _act_of(new))
    meeting = _made(actor, fair, new)
    _check_by_exhibitor(actor, meeting)
    db.session.add(meeting)
    db.session.flush()
    judge_level(meeting)
    _take_slots([meeting])
    audit.record(Event.MEETING_LOGGED, actor=actor, fair_id=fair.id, subject=meeting, status=meeting.status)
    _ask_other_side(actor, fair, meeting)
    return meeting


def _check_by_exhibitor(actor: Actor, meeting: Meeting) -> None:
    """What an exhibitor cannot bring about alone: an arrangement nobody agreed to, a pile of asks."""
    if queries.side_of(actor) != "exhibitor":
        return
    if meeting.status == MeetingStatus.CONFIRMED:
        message = _("Ask for the meeting: it is arranged once the other side says yes.")
        raise DomainError("asks_first", message, field="status")
    if meeting.status == MeetingStatus.ASKED:
        _check_asks(meeting)


def _check_asks(meeting: Meeting) -> None:
    of_pair, of_day = queries.count_asks(meeting)
    if of_pair >= rules.MAX_OPEN_ASKS_OF_PAIR:
        message = _("Three of your asks to this person wait for an answer already.")
        raise DomainError("too_many_asks", message, field="badge")
    if of_day >= rules.MAX_ASKS_A_DAY:
        raise DomainError(
            "too_many_asks", _("You have asked for twenty meetings today: go on tomorrow."), field="badge"
        )


TOPICS = {
    MeetingStatus.ASKED: RequestTopic.INVITED,
    MeetingStatus.HELD: RequestTopic.MET,
    MeetingStatus.NO_SHOW: RequestTopic.MISSED,
}


def _ask_other_side(actor: Actor, fair: Fair, meeting: Meeting) -> None:
    """The question that belongs to the state, to the holder of the badge: by mail and on the own page."""
    topic = TOPICS.get(MeetingStatus(meeting.status))
    says_other_was_absent = meeting.absent in ("", Absent.BUYER, Absent.BOTH)
    if topic is None or not says_other_was_absent or (topic == RequestTopic.MET and meeting.other_said is not None):
        return
    if is_asked_already(fair.id, meeting.id, topic):
        return
    entry = Entry(meeting.exhibitor_id, topic, meeting.id, meeting.starts_at, meeting.place)
    if meeting.visitor_id is not None:
        ask_person(actor=actor, fair=fair, visitor_id=meeting.visitor_id, entry=entry)
    elif meeting.badge_number:
        request = ask_number(actor=actor, fair=fair, number=meeting.badge_number, entry=entry)
        enqueue(resolve_typed_number, fair_id=fair.id, request_id=str(request.id))


def _act_of(new: NewMeeting) -> FairAct:
    """A talk that took place may be written down after the fair, as long as rules.may_be_declared lets it."""
    took_place = new.status in {MeetingStatus.HELD, MeetingStatus.NO_SHOW}
    return FairAct.CHANGE_MEETINGS if took_place else FairAct.MEET


def log_meetings(*, actor: Actor, fair: Fair, rows: Iterable[NewMeeting]) -> list[Meeting]:
    """Log many at once, all or none; `rules.without_overlaps` sorts out the ones that cannot be."""
    rows = list(rows)
    for new in rows:
        require_open(fair, _act_of(new))
    meetings = [_made(actor, fair, new) for new in rows]
    db.session.add_all(meetings)
    db.session.flush()
    for meeting in meetings:
        judge_level(meeting)
    _take_slots(meetings)
    audit.record(Event.MEETINGS_LOGGED, actor=actor, fair_id=fair.id, subject="meetings", count=len(meetings))
    return meetings


def _made(actor: Actor, fair: Fair, new: NewMeeting) -> Meeting:
    values = {field.name: getattr(new, field.name) for field in fields(new)}
    values["table_code"] = rules.normalise_table_code(new.table_code)
    meeting = Meeting(fair_id=fair.id, id=new_id(), logged_by_id=actor.user_id, logged_at=clock.now(), **values)
    meeting.local_on = clock.day_in_zone(new.starts_at, fair.time_zone)
    meeting.asked_at, meeting.level = meeting.logged_at, Level.DECLARED if new.status == MeetingStatus.HELD else ""
    meeting.absent = (new.absent or Absent.UNKNOWN) if new.status == MeetingStatus.NO_SHOW else ""
    _check(fair, meeting)
    return meeting


def change_meeting(*, actor: Actor, fair: Fair, meeting: Meeting, **changes: Any) -> Meeting:
    """Change what a meeting says, or when and with whom it is; DomainError as in log_meeting."""
    require_open(fair, FairAct.CHANGE_MEETINGS)
    _lock(meeting)
    if "table_code" in changes:
        changes["table_code"] = rules.normalise_table_code(changes["table_code"])
    changed = sorted(name for name, value in changes.items() if value != getattr(meeting, name))
    if KEEPS_BUSY & set(changed):  # another time, place or person is another meeting
        require_open(fair, FairAct.MEET)
    if meeting.level in SETTLED and (COUNTERPART | KEEPS_BUSY) & set(changed) - {"host_id"}:
        raise DomainError("settled", _("The other side has answered: with whom, when and where stay as they are."))
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


def mark_meeting(*, actor: Actor, meeting: Meeting, verb: str, outcome: str = "", absent: str = "") -> Meeting:
    """Take a step of `rules.MOVES`; a meeting that is off gives its time back, and a reopened one takes it again.

    DomainError `meetings_closed`, `not_possible`, `not_begun`, `too_late`, `busy`, `too_many_asks`.
    """
    require_open(db.session.get_one(Fair, meeting.fair_id), FairAct.CHANGE_MEETINGS)
    _lock(meeting)
    fair = db.session.get_one(Fair, meeting.fair_id)
    _move(actor, fair, meeting, verb, side=queries.side_of(actor), absent=absent)
    if outcome:
        meeting.outcome = outcome
    db.session.flush()
    audit.record(EVENTS[MeetingStatus(meeting.status)], actor=actor, fair_id=fair.id, subject=meeting, verb=verb)
    _ask_other_side(actor, fair, meeting)
    return meeting


def answer_ask(*, actor: Actor, meeting: Meeting, visitor_id: UUID, accepts: bool) -> Meeting:
    """Take or decline what an exhibitor asked, as the other side; to accept takes its time, if that is still free.

    DomainError `not_possible`, `ask_expired`, `just_taken`.
    """
    _lock(meeting)
    if accepts and not rules.is_open_ask(meeting.status, meeting.asked_at, meeting.starts_at, clock.now()):
        raise DomainError("ask_expired", _("This question has expired. The exhibitor can ask again."))
    meeting.visitor_id = meeting.visitor_id or visitor_id
    fair = db.session.get_one(Fair, meeting.fair_id)
    try:
        _move(actor, fair, meeting, "confirm" if accepts else "cancel", side="visitor")
    except DomainError as error:
        if error.code != "busy":
            raise
        raise DomainError("just_taken", _("This time was just taken. Ask the exhibitor for another one.")) from error
    event = Event.MEETING_CONFIRMED if accepts else Event.MEETING_CANCELLED
    audit.record(event, actor=actor, fair_id=meeting.fair_id, subject=meeting, verb="confirm" if accepts else "cancel")
    return meeting


def deny_absence(*, actor: Actor, meeting: Meeting, marked_at: datetime) -> Meeting:
    """Store that the side said to be absent says it was there: the no-show leaves the figures.

    DomainError `not_possible`, `too_late`.
    """
    _lock(meeting)
    if meeting.status != MeetingStatus.NO_SHOW:
        raise DomainError("not_possible", _("This meeting is in another state now. Load the page again."))
    if not may_deny_absence(marked_at, clock.now()):
        raise DomainError("too_late", _("This could be answered for 48 hours."))
    meeting.absence_denied_at = clock.now()
    audit.record(Event.MEETING_DISPUTED, actor=actor, fair_id=meeting.fair_id, subject=meeting, absence=True)
    return meeting


def _move(actor: Actor, fair: Fair, meeting: Meeting, verb: str, *, side: str, absent: str = "") -> None:
    is_settled = meeting.level in SETTLED or bool(meeting.decision_note)
    after = rules.status_after(meeting.status, verb)
    if after is None or side not in rules.MAY_TAKE[verb] or is_settled:
        raise DomainError("not_possible", _("This meeting is in another state now. Load the page again."))
    if after in rules.NEEDS_START:
        _check_declarable(fair, meeting)
    before, meeting.status = meeting.status, after
    meeting.absent = (absent or Absent.UNKNOWN) if after == MeetingStatus.NO_SHOW else ""
    meeting.absence_denied_at = None
    meeting.level = Level.DECLARED if after == MeetingStatus.HELD else ""
    if after == MeetingStatus.ASKED:
        meeting.asked_at = clock.now()
        if side == "exhibitor":
            _check_asks(meeting)
    judge_level(meeting)
    _change_slots(meeting, before)


def _change_slots(meeting: Meeting, before: str) -> None:
    """A step may free a time, take it, or take more of it than an ask held."""
    if meeting.status not in rules.TAKES_TIME:
        _free_slots(meeting)
    elif before not in rules.TAKES_TIME or before == MeetingStatus.ASKED:
        _free_slots(meeting)
        _take_slots([meeting])


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
    if not _is_in_hours(fair, meeting):
        raise DomainError("outside_hours", _("Choose a time at which the fair is open."), field="start")
    if meeting.status in rules.NEEDS_START:
        _check_declarable(fair, meeting)
    named = (meeting.badge_number, meeting.counterpart_name, meeting.counterpart_company, meeting.counterpart_key)
    if not (meeting.visitor_id or any(named)):
        raise DomainError("no_counterpart", _("Say whom: scan a badge, or write a name or company."), field="badge")
    visitor = db.session.get(Visitor, (fair.id, meeting.visitor_id)) if meeting.visitor_id else None
    if visitor is not None and visitor.exhibitor_id == meeting.exhibitor_id:
        raise DomainError("own_company", _("This is a badge of your own people."), field="badge")


def _is_in_hours(fair: Fair, meeting: Meeting) -> bool:
    """Whether the fair is open from its beginning to its end."""
    day = next(day for day in fair_days(fair) if day.on == meeting.local_on)
    return day.opens_at <= meeting.starts_at and meeting.ends_at <= day.closes_at


def _check_declarable(fair: Fair, meeting: Meeting) -> None:
    if meeting.starts_at > clock.now():
        raise _not_begun()
    if not may_be_declared(today_at(fair), fair.ends_on):
        message = _("Meetings can be declared until seven days after the fair.")
        raise DomainError("too_late", message, field="status")


# --- slots ------------------------------------------------------------------------------------------


def _rows(meetings: Iterable[Meeting]) -> list[dict[str, Any]]:
    return [
        {"fair_id": m.fair_id, "id": new_id(), "meeting_id": m.id, "subject": subject, "slot_start": slot}
        for m in meetings
        if m.status in rules.TAKES_TIME
        for subject in rules.busy_subjects(
            m.visitor_id, m.host_id, m.place, m.table_code, is_ask=m.status == MeetingStatus.ASKED
        )
        for slot in rules.slots(m.starts_at, m.ends_at)
    ]


def _take_slots(meetings: list[Meeting]) -> None:
    """Give each meeting its time; the database refuses a slot that is taken."""
    rows = _rows(meetings)
    if not rows:
        return
    _release_stale_asks(meetings[0].fair_id)
    taken = DomainError("busy", "")
    try:
        with translate_integrity_errors({"uq_meeting_slots_taken": taken}):
            db.session.execute(insert(MeetingSlot), rows)
    except DomainError as error:
        raise _busy(rows) from error


def _release_stale_asks(fair_id: int) -> None:
    """An ask that nobody answered for a day holds no time any more."""
    stale = select(Meeting.id).where(
        Meeting.fair_id == fair_id,
        Meeting.status == MeetingStatus.ASKED,
        Meeting.asked_at < clock.now() - rules.ASK_HOLDS_SLOT,
    )
    db.session.execute(delete(MeetingSlot).where(MeetingSlot.fair_id == fair_id, MeetingSlot.meeting_id.in_(stale)))


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
