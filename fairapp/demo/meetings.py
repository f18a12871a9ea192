"""The demo's meetings: at stands and at numbered tables, most held, some missed."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import select

from fairapp.core.data import clock
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import Actor
from fairapp.demo.venue import Venue
from fairapp.exhibitors.models import Exhibitor
from fairapp.meetings.levels.services import read_badge, record_other_side
from fairapp.meetings.models import Meeting, MeetingStatus
from fairapp.meetings.rules import NewMeeting, without_overlaps
from fairapp.meetings.services import log_meeting, log_meetings
from fairapp.visitors.badges.pdf import CodeWriter
from fairapp.visitors.models import Badge, Visitor
from fairapp.visitors.registration.bulk import RegisteredVisitor
from fairapp.visitors.registration.services import register_visitor
from fairapp.visitors.rules import NewVisitor

LOGGED_AT = 17, 30
_STATES = (("held", 76), ("no_show", 9), ("confirmed", 6), ("asked", 4), ("cancelled", 5))
_TOPICS = (
    "样品与起订量 Samples and minimum order",
    "海外仓与物流 Overseas warehouse and logistics",
    "独家代理 Exclusive agency",
    "平台入驻条件 Terms of joining the platform",
    "贴牌生产 Private label",
    "支付与结汇 Payment and settlement",
)
_TABLES = 60
PROVEN_A_DAY, DENIED_ONE_IN = 2, 50
CAME_THAT_DAY = 0.95  # the others are written down on a day on which no gate saw them


def _guests(people: Sequence[RegisteredVisitor]) -> list[RegisteredVisitor]:
    return [person for person in people if person.category_code in ("PRO", "GUE")]


class DemoMeetings:
    """Meetings between suppliers and trade visitors."""

    def __init__(
        self,
        random: Random,
        venue: Venue,
        exhibitors: dict[str, list[Exhibitor]],
        people: Sequence[RegisteredVisitor],
        came: Sequence[Sequence[RegisteredVisitor]],
        meetings: int,
    ) -> None:
        self.random, self.venue = random, venue
        self.hosts = exhibitors["supplier"] + exhibitors["platform"]
        self.guests = _guests(people)
        self.guests_of_day = [_guests(of_day) or self.guests for of_day in came]
        self.meetings = list(without_overlaps(list(self._all(meetings))))

    def log_day(self, day: int) -> int:
        """Log a day's meetings, as the desk does in the evening; return how many."""
        on, zone = self.venue.days.day(day), self.venue.fair.time_zone
        wanted = [meeting for meeting in self.meetings if clock.in_zone(meeting.starts_at, zone).date() == on]
        evening = self.venue.days.moment(day, *LOGGED_AT)
        held = [meeting for meeting in wanted if meeting.status == MeetingStatus.HELD]
        proven = held[:PROVEN_A_DAY]
        for meeting in proven:
            self._meet(meeting)
        with clock.frozen_at(evening), transaction():
            rows = [meeting for meeting in wanted if meeting not in proven]
            self._answer(log_meetings(actor=self.venue.organiser, fair=self.venue.fair, rows=rows))
        return len(wanted)

    def _meet(self, new: NewMeeting) -> None:
        """A meeting written down when it begins, where both badges are read."""
        fair, by = self.venue.fair, self.venue.organiser
        with clock.frozen_at(new.starts_at), transaction():
            meeting = log_meeting(actor=by, fair=fair, new=new)
            staff = NewVisitor(category="EXH", name="展位人员 Stand staff", exhibitor_id=new.exhibitor_id)
            _, of_staff = register_visitor(actor=by, fair=fair, new=staff)
            of_guest = db.session.scalars(select(Badge).where(Badge.visitor_id == new.visitor_id)).one()
            write = CodeWriter(fair)
            for badge in (of_guest, of_staff):
                read_badge(actor=by, fair=fair, meeting=meeting, text=write(badge))

    def _answer(self, logged: list[Meeting]) -> None:
        """What the other sides say on their own pages: most confirm, a few deny, many are silent."""
        by_page = Actor(label="own link", fair_id=self.venue.fair.id)
        held = [meeting for meeting in logged if meeting.status == MeetingStatus.HELD]
        for number, meeting in enumerate(held):
            word = self.random.choices(("yes", "silent"), (64, 36))[0] if number % DENIED_ONE_IN else "no"
            if meeting.visitor_id is None or word == "silent":
                continue
            visitor = db.session.get_one(Visitor, (meeting.fair_id, meeting.visitor_id))
            record_other_side(actor=by_page, meeting=meeting, visitor=visitor, took_place=word == "yes")

    def _all(self, meetings: int) -> Iterator[NewMeeting]:
        for _ in range(meetings):
            exhibitor, day = self.random.choice(self.hosts), self.random.randrange(len(self.guests_of_day))
            met = self.guests_of_day[day] if self.random.random() < CAME_THAT_DAY else self.guests
            guest = self.random.choice(met)
            slot = self.random.randrange(14) * 30
            starts_at = self.venue.days.moment(day, 9, 30) + timedelta(minutes=slot)
            table = f"T{self.random.randrange(1, _TABLES + 1):02d}" if self.random.random() < 0.3 else ""
            state = self.random.choices([word for word, _ in _STATES], [weight for _, weight in _STATES])[0]
            yield NewMeeting(
                exhibitor_id=exhibitor.id,
                visitor_id=guest.visitor_id,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=self.random.choice((15, 20, 25, 30))),
                table_code=table,
                place="洽谈区 Meeting area" if table else "展位 Stand",
                topic=self.random.choice(_TOPICS),
                status=MeetingStatus(state),
                product_category_id=exhibitor.product_category_id,
            )
