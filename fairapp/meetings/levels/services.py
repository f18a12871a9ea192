"""Changes of what is known about a meeting: the other side's word, a badge read, a verifier's decision."""

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.meetings.levels.judge import is_of_exhibitor, judge_level
from fairapp.meetings.models import Level, Meeting, MeetingProof, MeetingStatus, Side
from fairapp.visitors.badges.queries import ScannedBadge, badge_for_code, visitor_by_id
from fairapp.visitors.models import Visitor


def record_other_side(*, actor: Actor, meeting: Meeting, visitor: Visitor, took_place: bool) -> Meeting:
    """Store the other side's own word. A person of the exhibitor, or at an address of its team, confirms nothing.

    DomainError `not_possible`, `own_company`.
    """
    if meeting.status != MeetingStatus.HELD:
        raise DomainError("not_possible", _l("This meeting is in another state now. Load the page again."))
    if took_place and is_of_exhibitor(meeting.exhibitor, visitor):
        raise DomainError("own_company", _l("This is for the other side alone to answer."))
    meeting.visitor_id = meeting.visitor_id or visitor.id
    meeting.other_said, meeting.other_said_at, meeting.decision_note = took_place, clock.now(), ""
    judge_level(meeting)
    db.session.flush()
    event = Event.MEETING_CONFIRMED if took_place else Event.MEETING_DISPUTED
    audit.record(event, actor=actor, fair_id=meeting.fair_id, subject=meeting, level=meeting.level)
    return meeting


def read_badge(*, actor: Actor, fair: Fair, meeting: Meeting, text: str, at_desk: bool = False) -> MeetingProof:
    """Store that the signed code of a badge was read at a meeting: the buyer's, or one of the exhibitor's own people.

    At the desk the buyer's code, read there, is the buyer's own word as well. DomainError at `badge`: `bad_badge`,
    `badge_ended`, `other_badge`.
    """
    reading = badge_for_code(fair, text.strip())
    visitor = _holder(fair, reading)
    side = _side_of(meeting, visitor)
    proof = MeetingProof(
        fair_id=fair.id,
        meeting_id=meeting.id,
        side=side,
        badge_id=reading.badge.badge_id if reading.badge else None,
        place=f"{meeting.place}|{meeting.table_code}",
        read_by_id=actor.user_id,
    )
    db.session.add(proof)
    if side == Side.BUYER:
        meeting.visitor_id, meeting.badge_read = visitor.id, True
    db.session.flush()
    audit.record(Event.MEETING_PROOF_READ, actor=actor, fair_id=fair.id, subject=meeting, side=str(side))
    if at_desk and side == Side.BUYER and meeting.status == MeetingStatus.HELD:
        record_other_side(actor=actor, meeting=meeting, visitor=visitor, took_place=True)
    judge_level(meeting)
    db.session.flush()
    return proof


def _holder(fair: Fair, reading: ScannedBadge) -> Visitor:
    visitor = visitor_by_id(fair.id, reading.badge.person_id) if reading.badge is not None else None
    if reading.badge is None or visitor is None:
        message = _l("Scan the code of the badge: a number that is typed proves nothing.")
        raise DomainError("bad_badge", message, field="badge", status=422)
    if reading.badge.status != "active":
        message = _l("This badge has ended. Ask for the person's new badge.")
        raise DomainError("badge_ended", message, field="badge", status=422)
    return visitor


def _side_of(meeting: Meeting, visitor: Visitor) -> Side:
    if visitor.exhibitor_id == meeting.exhibitor_id:
        return Side.HOST
    if meeting.visitor_id in (None, visitor.id):
        return Side.BUYER
    message = _l("This badge is of neither side of this meeting.")
    raise DomainError("other_badge", message, field="badge", status=422)


def decide_dispute(*, actor: Actor, meeting: Meeting, stands: bool, note: str) -> Meeting:
    """End a dispute with a reason: the meeting stands as declared by one side, or is struck.

    DomainError `not_possible`.
    """
    if meeting.level != Level.DISPUTED:
        raise DomainError("not_possible", _l("This meeting is in another state now. Load the page again."))
    meeting.decision_note = note
    meeting.other_said = meeting.other_said_at = None
    meeting.status = MeetingStatus.HELD if stands else MeetingStatus.CANCELLED
    meeting.level = Level.DECLARED if stands else ""
    db.session.flush()
    event, detail = Event.MEETING_DISPUTE_DECIDED, {"stands": stands}
    audit.record(event, actor=actor, fair_id=meeting.fair_id, subject=meeting, **detail)
    return meeting
