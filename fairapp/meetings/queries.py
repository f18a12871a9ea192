"""Questions about meetings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import joinedload

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.text.i18n import _l
from fairapp.core.todo import TodoItem
from fairapp.core.web.access import Actor
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.fairs.models import Fair, ProductCategory
from fairapp.fairs.queries import today_at
from fairapp.meetings.levels.queries import is_held
from fairapp.meetings.models import Level, Meeting, MeetingStatus
from fairapp.meetings.pairs import MeetingPair, meeting_pairs
from fairapp.meetings.rules import ASK_CLOSES_BEFORE, ASK_EXPIRES
from fairapp.visitors.grants.models import LeadGrant
from fairapp.visitors.grants.queries import latest_grants
from fairapp.visitors.grants.rules import Disclosure, disclosure
from fairapp.visitors.models import Visitor

OPEN = (MeetingStatus.ASKED, MeetingStatus.CONFIRMED)
UNDONE_STATES = {
    "untold": _l("Meetings without a result"),
    "unanswered": _l("Meetings asked for"),
    "disputed": _l("Meetings in dispute"),
}


@dataclass(frozen=True)
class Counterpart:
    """The other side of a meeting as one reader may see it; `as_told` is what the exhibitor wrote, not the badge."""

    person: str
    company: str
    country: str
    as_told: bool
    shared: Disclosure = field(default_factory=Disclosure)


def meetings_visible_to(actor: Actor) -> Select[Meeting]:
    """Select all of the fair for its staff, an exhibitor's own for its people, none for others."""
    query = select(Meeting).where(Meeting.fair_id == actor.fair_id)
    if actor.may(Permission.SEE_MEETINGS):
        return query
    if actor.organisation_ids:
        own = Exhibitor.organisation_id.in_(sorted(actor.organisation_ids))
        return query.where(Meeting.exhibitor.has(own))
    return query.where(false())


def meeting_visible_to(actor: Actor, meeting_id: UUID) -> Meeting | None:
    """Return one meeting with its people; None for another's."""
    return db.session.scalar(_with_people(meetings_visible_to(actor)).where(Meeting.id == meeting_id))


def _with_people(query: Select[Meeting]) -> Select[Meeting]:
    return query.options(joinedload(Meeting.exhibitor), joinedload(Meeting.visitor), joinedload(Meeting.category))


def meeting_list(
    actor: Actor, *, text: str = "", status: str = "", day: str = "", category: str = ""
) -> Select[Meeting]:
    """Select meetings that match, people included; `status` may be one of UNDONE_STATES.

    `day` is an ISO date, `category` the code of a product category.
    """
    query = _with_people(meetings_visible_to(actor))
    if text:
        query = query.where(_says(text, sees_badges=actor.may(Permission.SEE_MEETINGS)))
    if status:
        query = query.where(_is(status))
    if day:
        query = query.where(Meeting.local_on == _day(day))
    if category:
        query = query.where(Meeting.category.has(ProductCategory.code == category))
    return query


def _is(status: str) -> ColumnElement[bool]:
    if status == "untold":
        return Meeting.status.in_(OPEN) & (Meeting.ends_at <= clock.now())
    if status == "unanswered":
        return (Meeting.status == MeetingStatus.ASKED) & (Meeting.ends_at > clock.now())
    if status == "disputed":
        return Meeting.level == Level.DISPUTED
    return Meeting.status == status


def side_of(actor: Actor) -> str:
    """Return for which side somebody acts at a meeting: "desk", the program included, else "exhibitor"."""
    is_program = actor.user_id is None and actor.device_id is None
    return "desk" if is_program or actor.may(Permission.SEE_MEETINGS) else "exhibitor"


def counterparts_of(actor: Actor, meetings: Iterable[Meeting]) -> dict[UUID, Counterpart]:
    """Return the other side of each meeting by its id: as on the badge for the desk, for an exhibitor as granted."""
    meetings = list(meetings)
    if actor.may(Permission.SEE_MEETINGS):
        return {meeting.id: _as_on_badge(meeting) for meeting in meetings}
    pairs = {m.id: (m.visitor_id, m.exhibitor_id) for m in meetings if m.visitor_id is not None}
    grants = latest_grants(actor.fair_id or 0, pairs.values())
    by_meeting = {meeting_id: grants.get(pair) for meeting_id, pair in pairs.items()}
    return {meeting.id: _as_granted(meeting, by_meeting.get(meeting.id)) for meeting in meetings}


def counterpart_of(actor: Actor, meeting: Meeting) -> Counterpart:
    """Return the other side of one meeting, likewise."""
    return counterparts_of(actor, [meeting])[meeting.id]


def _as_on_badge(meeting: Meeting) -> Counterpart:
    visitor = meeting.visitor
    if visitor is None:
        return _as_granted(meeting, None)
    return Counterpart(visitor.name, visitor.company, visitor.country, as_told=False)


def _as_granted(meeting: Meeting, grant: LeadGrant | None) -> Counterpart:
    shared = disclosure(meeting.visitor, grant)
    told = (meeting.counterpart_name, meeting.counterpart_company, meeting.counterpart_country)
    person, company, country = (
        shown or written for shown, written in zip((shared.name, shared.company, shared.country), told, strict=True)
    )
    return Counterpart(person, company, country, as_told=not (shared.name or shared.company), shared=shared)


def count_asks(meeting: Meeting) -> tuple[int, int]:
    """Return (open asks of the same exhibitor to the same badge, asks of the exhibitor within a day), this one left out."""
    now = clock.now()
    asks = (Meeting.fair_id == meeting.fair_id, Meeting.exhibitor_id == meeting.exhibitor_id, Meeting.id != meeting.id)
    same_badge = and_(
        Meeting.visitor_id == meeting.visitor_id if meeting.visitor_id else Meeting.visitor_id.is_(None),
        Meeting.badge_number == meeting.badge_number,
    )
    is_open = and_(
        Meeting.status == MeetingStatus.ASKED,
        Meeting.asked_at >= now - ASK_EXPIRES,
        Meeting.starts_at >= now + ASK_CLOSES_BEFORE,
    )
    of_pair = select(func.count()).select_from(Meeting).where(*asks, same_badge, is_open)
    lately = Meeting.asked_at > now - timedelta(days=1)
    of_day = select(func.count()).select_from(Meeting).where(*asks, lately, Meeting.status != MeetingStatus.HELD)
    has_badge = bool(meeting.visitor_id or meeting.badge_number)
    return (db.session.scalar(of_pair) or 0) if has_badge else 0, db.session.scalar(of_day) or 0


def _says(text: str, *, sees_badges: bool) -> ColumnElement[bool]:
    company = [Exhibitor.name_zh.icontains(text, autoescape=True), Exhibitor.name_en.icontains(text, autoescape=True)]
    person = [Visitor.name.icontains(text, autoescape=True), Visitor.company.icontains(text, autoescape=True)]
    columns = (Meeting.counterpart_name, Meeting.counterpart_company, Meeting.topic, Meeting.place, Meeting.table_code)
    return or_(
        *(column.icontains(text, autoescape=True) for column in columns),
        Meeting.exhibitor.has(or_(*company)),
        *([Meeting.visitor.has(or_(*person))] if sees_badges else []),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min  # nobody met on it


def meetings_of(actor: Actor, fair: Fair, day: date | None = None, status: str = "") -> list[Meeting]:
    """List meetings of the actor's own exhibitor, by time; of one day, state or one of UNDONE_STATES, where given."""
    exhibitor = exhibitor_of(actor, fair)
    if exhibitor is None:
        return []
    query = _with_people(select(Meeting)).where(Meeting.fair_id == fair.id, Meeting.exhibitor_id == exhibitor.id)
    if day is not None:
        query = query.where(Meeting.local_on == day)
    if status:
        query = query.where(_is(status))
    return list(db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id)))


def meetings_today_of(actor: Actor, fair: Fair) -> list[Meeting]:
    """List today's, on the fair's own calendar, those that are off left out."""
    meetings = meetings_of(actor, fair, today_at(fair))
    return [meeting for meeting in meetings if meeting.status != MeetingStatus.CANCELLED]


# --- numbers ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CategoryCount:
    """Meetings about a product category; one without code and names gathers those about none."""

    code: str
    name_zh: str
    name_en: str
    held: int
    all: int


@dataclass(frozen=True)
class DayCount:
    """Meetings of a fair-local day; `pairs` are different pairs of exhibitor and company that met."""

    day: date
    held: int
    all: int
    pairs: int


def meeting_counts(fair_id: int) -> dict[str, int]:
    """Return how many stand as asked, arranged (`confirmed`), `held` by anybody's word, no_show, cancelled.

    What was held for the figures is `levels.queries.level_counts`.
    """
    counts = dict.fromkeys((str(status) for status in MeetingStatus), 0)
    rows = select(Meeting.status, func.count()).where(Meeting.fair_id == fair_id).group_by(Meeting.status)
    for status, count in db.session.execute(rows):
        counts[status] = count
    return counts


def meetings_by_category(fair_id: int) -> list[CategoryCount]:
    """List held and all meetings by product category, in the fair's order, the rest last."""
    rows = {row.group: row for row in _by(fair_id, Meeting.product_category_id)}
    order = (ProductCategory.position, ProductCategory.code)
    categories = db.session.scalars(select(ProductCategory).where(ProductCategory.fair_id == fair_id).order_by(*order))
    counts = [
        CategoryCount(category.code, category.name_zh, category.name_en, *_figures(rows.pop(category.id, None)))
        for category in categories
    ]
    if None in rows:
        counts.append(CategoryCount("", "", "", *_figures(rows[None])))
    return counts


def meetings_by_day(fair_id: int) -> list[DayCount]:
    """List held and all meetings, and pairs that met, by day."""
    rows = sorted(_by(fair_id, Meeting.local_on), key=lambda row: row.group)
    pairs: dict[date, set[Any]] = {row.group: set() for row in rows}
    for pair in _met(fair_id):
        pairs[pair.day].add(pair.parties)
    return [DayCount(row.group, row.held or 0, row.every, len(pairs[row.group])) for row in rows]


@dataclass(frozen=True)
class Rounds:
    """Face-to-face meetings with counterparts of one country or region: one confirmed or proven is one round.

    `pairs` are different pairs of exhibitor and company, `exhibitors` and `counterparts` (companies) those who met;
    a person counts where no company is known.
    """

    country: str
    rounds: int
    pairs: int
    exhibitors: int
    counterparts: int


def rounds_by_country(fair_id: int) -> list[Rounds]:
    """List meetings held by the counterpart's country or region, most first; '' where nobody said."""
    groups: dict[str, list[MeetingPair]] = {}
    for pair in _met(fair_id):
        groups.setdefault(pair.country, []).append(pair)
    rounds = [_rounds(country, pairs) for country, pairs in groups.items()]
    return sorted(rounds, key=lambda line: (-line.rounds, line.country))


def overall_rounds(fair_id: int) -> Rounds:
    """Return the same for the whole fair, where each exhibitor and each counterpart counts once."""
    return _rounds("", list(_met(fair_id)))


def _met(fair_id: int) -> Iterator[MeetingPair]:
    return meeting_pairs(fair_id, is_held(fair_id))


def _rounds(country: str, pairs: list[MeetingPair]) -> Rounds:
    exhibitors, counterparts = {pair.exhibitor_id for pair in pairs}, {pair.counterpart for pair in pairs}
    return Rounds(country, len(pairs), len({pair.parties for pair in pairs}), len(exhibitors), len(counterparts))


def _figures(row: Any) -> tuple[int, int]:
    return (row.held or 0, row.every) if row else (0, 0)


def _by(fair_id: int, group: Any) -> Any:
    held = func.sum(case((is_held(fair_id), 1), else_=0))
    columns = (held.label("held"), func.count().label("every"), group.label("group"))
    return db.session.execute(select(*columns).where(Meeting.fair_id == fair_id).group_by(group)).all()


# --- what waits ---------------------------------------------------------------------------------------


def waiting_for(actor: Actor, fair: Fair) -> list[TodoItem]:
    """List what of UNDONE_STATES there is: past meetings without a result, and those that wait for an answer."""
    desk = actor.may(Permission.SEE_MEETINGS)
    endpoint = "meetings.meetings" if desk else "meetings.my_meetings"
    visible = meetings_visible_to(actor).with_only_columns(func.count())
    items = [
        TodoItem(str(label), count, endpoint, {"status": state})
        for state, label in UNDONE_STATES.items()
        if (count := db.session.scalar(visible.where(_is(state))) or 0)
    ]
    return [*items, *_disputes_to_decide(actor, fair)]


def _disputes_to_decide(actor: Actor, fair: Fair) -> list[TodoItem]:
    if not actor.may(Permission.VERIFY_DEALS):
        return []
    of_fair = select(func.count()).select_from(Meeting).where(Meeting.fair_id == fair.id, _is("disputed"))
    count = db.session.scalar(of_fair) or 0
    return [TodoItem(str(UNDONE_STATES["disputed"]), count, "meetings.disputes", {})] if count else []
