"""Forms of meetings."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from wtforms import TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from fairapp.core.data import clock
from fairapp.core.text.i18n import _, _l, country_choices, localised
from fairapp.core.web.forms import Choice, Form, TextArea, TextField
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.team.queries import team_of
from fairapp.fairs.labels import short_day
from fairapp.fairs.models import Fair
from fairapp.fairs.queries import fair_days, today_at
from fairapp.fairs.venue.queries import product_categories
from fairapp.meetings import counterparts
from fairapp.meetings.counterparts import NamedBadge
from fairapp.meetings.labels import ABSENT, STATUSES
from fairapp.meetings.models import Meeting, MeetingStatus

MINUTES = (15, 20, 30, 45, 60, 90, 120, 180, 240, 480)
FIRST_STATUSES = (MeetingStatus.HELD, MeetingStatus.ASKED)  # of an exhibitor: the other side says yes to an ask
DESK_STATUSES = (MeetingStatus.HELD, MeetingStatus.CONFIRMED, MeetingStatus.ASKED)
NO_CHOICE = ("", "–")


class MeetingForm(Form):
    """The counterpart, time, place and topic. An exhibitor's people scan a badge or type its number."""

    at_desk = False
    first_statuses: tuple[MeetingStatus, ...] = FIRST_STATUSES

    badge = TextField(
        _l("Badge"),
        required=False,
        description=_l("Scan its code. A typed number shows no name: its holder is asked, and decides."),
    )
    counterpart_name = TextField(_l("Name, as they tell you"), required=False)
    counterpart_company = TextField(_l("Company, as they tell you"), required=False)
    counterpart_country = Choice(_l("Country or region"), required=False)
    day = Choice(_l("Day"))
    start = TimeField(_l("Begins at"), [InputRequired(_l("Fill this in."))], render_kw={"step": 300})
    minutes = Choice(_l("How long"))
    host_id = Choice(_l("Who of you"), required=False)
    place = TextField(_l("Place"), required=False, description=_l("Booth, meeting room, lounge."))
    table_code = TextField(_l("Table"), required=False, max_length=40)
    topic = TextField(_l("About"), required=False, max_length=300)
    product_category_id = Choice(_l("Product category"), required=False)
    status = Choice(_l("State"))
    outcome = TextArea(_l("Result"), required=False, max_length=2000)

    def __init__(self, fair: Fair, exhibitor: Exhibitor | None = None, **options: Any):
        super().__init__(**options)
        self.fair = fair
        self.day.choices = [(day.on.isoformat(), short_day(day.on)) for day in fair_days(fair)]
        self.counterpart_country.choices = [NO_CHOICE, *country_choices()]
        self.categories = {str(category.id): category for category in product_categories(fair)}
        self.product_category_id.choices = [NO_CHOICE, *((k, localised(c)) for k, c in self.categories.items())]
        self.team = {str(grant.user_id): grant.user for grant in team_of(exhibitor)} if exhibitor else {}
        self.host_id.choices = [NO_CHOICE, *((key, user.name) for key, user in self.team.items())]
        lengths = sorted({*MINUTES, int(self.minutes.object_data)} if _is_number(self.minutes.object_data) else MINUTES)
        self.minutes.choices = [(str(number), _("%(number)s min", number=number)) for number in lengths]
        self.status.choices = [(status, STATUSES[status]) for status in self.first_statuses]

    def to_values(self, before: Meeting | None = None) -> dict[str, Any]:
        """Fields of NewMeeting, the exhibitor left out; `before` is the meeting so far. DomainError at `badge`."""
        starts = clock.from_zone(
            datetime.combine(date.fromisoformat(self.day.data), self.start.data), self.fair.time_zone
        )
        category = self.categories.get(self.product_category_id.data or "")
        host = self.team.get(self.host_id.data or "")
        names = (
            "counterpart_name",
            "counterpart_company",
            "counterpart_country",
            "place",
            "table_code",
            "topic",
            "outcome",
        )
        return {
            **{name: self.data[name] or "" for name in names},
            "starts_at": starts,
            "ends_at": starts + timedelta(minutes=int(self.minutes.data)),
            **asdict(self._named_badge(before)),
            "product_category_id": category.id if category else None,
            "host_id": host.id if host else None,
        }

    def _named_badge(self, before: Meeting | None) -> NamedBadge:
        """The badge meant now. Who was met by a badge that ended since stays, unless another badge is named.

        At the desk a name or company written anew, with the badge left as it was, names somebody else as well.
        """
        whom = (self.badge, self.counterpart_name, self.counterpart_company) if self.at_desk else (self.badge,)
        if before and all((field.data or "") == (field.object_data or "") for field in whom):
            return NamedBadge(before.visitor_id, before.badge_number, before.badge_read)
        return counterparts.resolve_badge(self.fair, self.badge.data or "", at_desk=self.at_desk)


class DeskMeetingForm(MeetingForm):
    """The same fields at the desk, for any exhibitor; the visitor can be searched by name."""

    at_desk = True
    first_statuses = DESK_STATUSES

    badge = TextField(_l("Visitor"), required=False, description=_l("Badge number, name or company; or scan the code."))
    exhibitor = TextField(_l("Exhibitor"), description=_l("Name or booth number."))


class ReadBadgeForm(Form):
    """The signed code of a badge, read where people meet."""

    badge = TextField(_l("Badge"), max_length=200, description=_l("Scan the code; a typed number proves nothing."))


class AbsentForm(Form):
    """Who did not come."""

    absent = Choice(_l("Who did not come?"), choices=[SelectChoice(str(who), label) for who, label in ABSENT.items()])


class DecisionForm(Form):
    """How a verifier ends a dispute, with a reason."""

    stands = Choice(
        _l("Decision"),
        choices=[
            SelectChoice("stands", _l("It stands as declared by one side")),
            SelectChoice("struck", _l("It is struck")),
        ],
    )
    note = TextArea(_l("Reason"), max_length=500)


def _is_number(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and text.isdecimal()


def new_meeting_data(fair: Fair, *, host_id: UUID | None = None, place: str = "", badge: str = "") -> dict[str, Any]:
    """Return what a new form shows: now where the fair is on, else the opening of its first day."""
    days = fair_days(fair)
    today = next((day for day in days if day.on == today_at(fair)), None)
    local = clock.in_zone(clock.now(), fair.time_zone)
    local -= timedelta(minutes=local.minute % 5)
    return {
        "day": (today or days[0]).on.isoformat(),
        "start": local.time().replace(second=0, microsecond=0) if today else fair.opens_at_local,
        "minutes": "30",
        "status": MeetingStatus.HELD if today else MeetingStatus.ASKED,
        "host_id": str(host_id or ""),
        "place": place,
        "badge": badge,
    }


def logged_meeting_data(fair: Fair, meeting: Meeting, *, at_desk: bool = False) -> dict[str, Any]:
    """Return what the form of a logged meeting shows: to an exhibitor only a number that was typed."""
    local = clock.in_zone(meeting.starts_at, fair.time_zone)
    columns = (
        "counterpart_name",
        "counterpart_company",
        "counterpart_country",
        "place",
        "table_code",
        "topic",
        "outcome",
    )
    return {
        **{name: getattr(meeting, name) for name in columns},
        "badge": counterparts.badge_number_of(meeting.visitor_id, fair) if at_desk else meeting.badge_number,
        "day": meeting.local_on.isoformat(),
        "start": local.time(),
        "minutes": str((meeting.ends_at.astimezone(UTC) - meeting.starts_at) // timedelta(minutes=1)),
        "host_id": str(meeting.host_id or ""),
        "product_category_id": str(meeting.product_category_id or ""),
        "status": meeting.status,
    }
