"""Exhibitors for machines: a list in pages."""

from typing import Any

from apiflask import APIBlueprint
from flask import g
from marshmallow import RAISE, fields, validate

from fairapp.accounts.permissions import Permission
from fairapp.core.web.access import requires
from fairapp.core.web.api import Strict, Text
from fairapp.core.web.listing import paginate
from fairapp.exhibitors import queries
from fairapp.exhibitors.booths.queries import booths_by_exhibitor
from fairapp.exhibitors.booths.rules import LIVE_STATES
from fairapp.exhibitors.models import Exhibitor, ExhibitorKind, ExhibitorStatus
from fairapp.exhibitors.search.filters import filter_from_args
from fairapp.exhibitors.search.queries import filter_exhibitors

blueprint = APIBlueprint("exhibitors_api", __name__, url_prefix="/api/v1/fairs/<fair>", tag="Exhibitors")


class ListQuery(Strict):
    """The filters and the page of the list."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 100_000), metadata={"description": "Page, from 1"})
    q = Text(load_default="", max_length=200, metadata={"description": "Part of a name, pinyin, credit code or booth"})
    kind = fields.String(load_default="", validate=validate.OneOf(["", *ExhibitorKind]))
    status = fields.String(load_default="", validate=validate.OneOf(["", *ExhibitorStatus]))
    country = fields.String(load_default="", validate=validate.Regexp(r"\A([A-Z]{2})?\Z"))
    zone = Text(load_default="", max_length=20)
    hall = Text(load_default="", max_length=20)
    delegation = Text(load_default="", max_length=20)
    booth = fields.String(load_default="", validate=validate.OneOf(["", "with", "without"]))
    takes_part = fields.String(load_default="", validate=validate.OneOf(["", "exhibits", "hosts"]))


class BoothOut(Strict):
    number = fields.String()
    hall = fields.String()
    area_m2 = fields.Integer()
    state = fields.String()


class ExhibitorOut(Strict):
    id = fields.UUID()
    reference = fields.String()
    kind = fields.String()
    status = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    country = fields.String()
    province = fields.String()
    city = fields.String()
    credit_code = fields.String()
    registration_number = fields.String()
    website = fields.String()
    is_host_only = fields.Boolean()
    participation = fields.String()
    booths = fields.List(fields.Nested(BoothOut))


class ListOut(Strict):
    exhibitors = fields.List(fields.Nested(ExhibitorOut))
    page = fields.Integer()
    pages = fields.Integer()
    total = fields.Integer()


@blueprint.get("/exhibitors")
@blueprint.input(ListQuery, location="query", arg_name="query_args", unknown=RAISE)
@blueprint.output(ListOut)
@blueprint.doc(summary="Exhibitors of the fair, by name, 50 a page")
@requires(Permission.SEE_EXHIBITORS)
def exhibitors(query_args: dict[str, Any]) -> dict[str, Any]:
    """Return a page of exhibitors, by name, with their live booths."""
    filters = filter_from_args(query_args)
    query = filter_exhibitors(queries.exhibitors_visible_to(g.actor), filters)
    page = paginate(query.order_by(Exhibitor.sort_name, Exhibitor.id))
    booths = booths_by_exhibitor(g.fair.id, [exhibitor.id for exhibitor in page])
    rows = [_row(exhibitor, booths.get(exhibitor.id, [])) for exhibitor in page]
    return {"exhibitors": rows, "page": page.number, "pages": page.pages, "total": page.total}


def _row(exhibitor: Exhibitor, assignments: list[Any]) -> dict[str, Any]:
    names = [name for name in ExhibitorOut().fields if name != "booths"]
    stands = [
        {"number": line.booth.number, "hall": line.booth.hall.code, "area_m2": line.booth.area_m2, "state": line.state}
        for line in assignments
        if line.state in LIVE_STATES
    ]
    return {name: getattr(exhibitor, name) for name in names} | {"booths": stands}
