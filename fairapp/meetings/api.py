"""Meetings for machines: logged one by one, listed page by page."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from apiflask import APIBlueprint
from flask import g
from marshmallow import fields, validate

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.api import Strict, Text
from fairapp.core.web.listing import paginate
from fairapp.exhibitors.models import Exhibitor, ExhibitorStatus
from fairapp.exhibitors.queries import exhibitor_of, exhibitors_visible_to
from fairapp.fairs.models import Fair, ProductCategory
from fairapp.fairs.venue.queries import parts_visible_to, single_record
from fairapp.meetings import counterparts, queries, services
from fairapp.meetings.models import Meeting, MeetingStatus
from fairapp.meetings.pages import share_at_scan
from fairapp.meetings.rules import NewMeeting
from fairapp.visitors.grants.number_limits import count_typed_number

blueprint = APIBlueprint("meetings_api", __name__, url_prefix="/api/v1/fairs/<fair>", tag="Meetings")
COUNTRY = validate.Regexp(r"\A([A-Z]{2})?\Z")
FIRST_STATUSES = (MeetingStatus.ASKED, MeetingStatus.CONFIRMED, MeetingStatus.HELD)


class MeetingIn(Strict):
    """A meeting to log. An exhibitor's own key may leave `exhibitor` out."""

    exhibitor = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Id of the exhibitor"})
    badge = Text(
        load_default="",
        max_length=200,
        metadata={
            "description": "Scanned badge code, or the badge's number. A typed number shows nothing of its holder: the "
            "answer is the same whether it exists or not, and the holder is asked. 30 an hour, then 429."
        },
    )
    name = Text(load_default="", max_length=200)
    company = Text(load_default="", max_length=200)
    country = fields.String(load_default="", validate=COUNTRY, metadata={"description": "ISO 3166, two letters"})
    starts_at = fields.AwareDateTime(
        required=True,
        validate=validate.Range(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, tzinfo=UTC)),
        metadata={"description": "On a full five minutes, with its offset"},
    )
    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(5, 480))
    place = Text(load_default="", max_length=200)
    table = Text(load_default="", max_length=40)
    topic = Text(load_default="", max_length=300)
    category = Text(load_default="", max_length=20, metadata={"description": "Code of a product category"})
    status = fields.String(load_default=MeetingStatus.ASKED, validate=validate.OneOf(FIRST_STATUSES))
    outcome = Text(load_default="", max_length=2000, lines=True)


class MeetingOut(Strict):
    id = fields.UUID()
    exhibitor = fields.UUID(attribute="exhibitor_id")
    badge_number = fields.String(metadata={"description": "As it was typed"})
    badge_read = fields.Boolean(metadata={"description": "Whether the badge's own code was read"})
    name = fields.String(metadata={"description": "As the badge's holder lets you see it, else as you wrote it"})
    company = fields.String(metadata={"description": "Likewise"})
    country = fields.String(metadata={"description": "Likewise"})
    as_told = fields.Boolean(metadata={"description": "Whether name and company are as you wrote them"})
    starts_at = fields.DateTime(format="iso")
    ends_at = fields.DateTime(format="iso")
    place = fields.String()
    table = fields.String(attribute="table_code")
    topic = fields.String()
    status = fields.String()
    level = fields.String(
        metadata={"description": "Of a meeting that was held: declared, confirmed, proven or disputed; never added up"}
    )
    outcome = fields.String()


class ListQuery(Strict):
    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000), metadata={"description": "Page, from 1"})
    q = Text(load_default="", max_length=200, metadata={"description": "Part of a name, company, topic or place"})
    status = fields.String(load_default="", validate=validate.OneOf(["", *MeetingStatus]))
    day = fields.String(load_default="", validate=validate.Regexp(r"\A([0-9]{4}-[0-9]{2}-[0-9]{2})?\Z"))
    category = Text(load_default="", max_length=20)


class ListOut(Strict):
    meetings = fields.List(fields.Nested(MeetingOut))
    page = fields.Integer()
    pages = fields.Integer()
    total = fields.Integer()


@blueprint.get("/meetings")
@blueprint.input(ListQuery, location="query", arg_name="filters")
@blueprint.output(ListOut)
@blueprint.doc(summary="Meetings one may see, the latest first, 50 a page")
@requires(Permission.LOG_MEETINGS)
def meetings(filters: dict[str, Any]) -> dict[str, Any]:
    query = queries.meeting_list(
        g.actor, text=filters["q"], status=filters["status"], day=filters["day"], category=filters["category"]
    )
    page = paginate(query.order_by(Meeting.starts_at.desc(), Meeting.id))
    whom = queries.counterparts_of(g.actor, page.rows)
    rows = [meeting_json(meeting, whom[meeting.id]) for meeting in page.rows]
    return {"meetings": rows, "page": page.number, "pages": page.pages, "total": page.total}


def meeting_json(meeting: Meeting, whom: queries.Counterpart) -> dict[str, Any]:
    """Return a meeting for a machine, its other side as the actor may see it."""
    names = (
        "id exhibitor_id badge_number badge_read starts_at ends_at place table_code topic status level outcome".split()
    )
    shown = {"name": whom.person, "company": whom.company, "country": whom.country, "as_told": whom.as_told}
    return {name: getattr(meeting, name) for name in names} | shown


@blueprint.post("/meetings")
@blueprint.input(MeetingIn, arg_name="body")
@blueprint.output(MeetingOut, status_code=201)
@blueprint.doc(
    summary="Log a meeting",
    responses={409: "Somebody is busy, or the time cannot be", 429: "Too many badge numbers were typed"},
)
@requires(Permission.LOG_MEETINGS)
def log(body: dict[str, Any]) -> Any:
    at_desk = g.actor.may(Permission.SEE_MEETINGS)
    if not at_desk:
        count_typed_number(body["badge"])
    with transaction():
        meeting = services.log_meeting(actor=g.actor, fair=g.fair, new=_new(g.fair, body, at_desk))
        share_at_scan(meeting, body["badge"])
        return meeting_json(meeting, queries.counterpart_of(g.actor, meeting))


def _new(fair: Fair, body: dict[str, Any], at_desk: bool) -> NewMeeting:
    return NewMeeting(
        exhibitor_id=_exhibitor(fair, body["exhibitor"]).id,
        starts_at=body["starts_at"],
        ends_at=body["starts_at"] + timedelta(minutes=body["minutes"]),
        **asdict(counterparts.resolve_badge(fair, body["badge"], at_desk=at_desk)),
        counterpart_name=body["name"].strip(),
        counterpart_company=body["company"].strip(),
        counterpart_country=body["country"],
        place=body["place"],
        table_code=body["table"],
        topic=body["topic"],
        outcome=body["outcome"],
        status=body["status"],
        product_category_id=_category(body["category"]),
    )


def _exhibitor(fair: Fair, exhibitor_id: Any) -> Exhibitor:
    """The approved exhibitor of this id that the actor may speak of, or the actor's own; 404 for any other."""
    if exhibitor_id is None:
        exhibitor = exhibitor_of(g.actor, fair)
    else:
        approved = Exhibitor.status == ExhibitorStatus.APPROVED
        exhibitor = single_record(exhibitors_visible_to(g.actor).where(Exhibitor.id == exhibitor_id, approved))
    if exhibitor is None:
        raise DomainError("no_exhibitor", _("There is no such exhibitor here."), field="exhibitor", status=404)
    return exhibitor


def _category(code: str) -> Any:
    if not code:
        return None
    category = single_record(parts_visible_to(g.actor, ProductCategory).where(ProductCategory.code == code))
    if category is None:
        raise DomainError("no_category", _("There is no such product category."), field="category", status=404)
    return category.id
