"""What is known of a meeting, put together for the services that change it."""

from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.team.queries import team_of
from fairapp.meetings.levels import queries, rules
from fairapp.meetings.models import Meeting, MeetingStatus
from fairapp.visitors.models import Visitor


def judge_level(meeting: Meeting) -> None:
    """Set the level of a meeting from all that is known; a meeting that was not held has none."""
    if meeting.status != MeetingStatus.HELD:
        meeting.level = ""
        return
    proven = rules.is_proven(meeting.starts_at, meeting.ends_at, queries.readings_of(meeting))
    contradicted = queries.badge_had_ended(meeting) and not meeting.decision_note
    meeting.level = rules.level_of(
        other_said=meeting.other_said if meeting.visitor_id else None,
        proven=proven and meeting.visitor_id is not None,
        contradicted=contradicted,
    )


def is_of_exhibitor(exhibitor: Exhibitor, visitor: Visitor) -> bool:
    """Return whether the person is of the exhibitor: its stand staff, or at an address of its team or contact."""
    addresses = {exhibitor.contact_email.lower(), *(grant.user.email.lower() for grant in team_of(exhibitor))} - {""}
    return visitor.exhibitor_id == exhibitor.id or visitor.email.lower() in addresses
