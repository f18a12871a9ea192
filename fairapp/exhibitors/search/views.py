"""The desk's list of exhibitors."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, transaction
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.web.access import requires
from fairapp.core.web.listing import order_from, paginate, sort_url
from fairapp.exhibitors import labels, queries
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.booths.queries import booths_by_exhibitor
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.search.export import export_table
from fairapp.exhibitors.search.filters import filter_choices, filter_from_args
from fairapp.exhibitors.search.queries import count_by_status, filter_exhibitors, sort_columns


@blueprint.get("/desk/exhibitors")
@requires(Permission.SEE_EXHIBITORS)
def exhibitors() -> ResponseReturnValue:
    """Show who applied and who exhibits."""
    filters = filter_from_args(request.args)
    query = filter_exhibitors(queries.exhibitors_visible_to(g.actor), filters)
    page = paginate(query.order_by(*order_from(sort_columns(), "name"), Exhibitor.id))
    return render_template(
        "exhibitors/exhibitors.html",
        page=page,
        chosen=filters,
        booths=booths_by_exhibitor(g.fair.id, [exhibitor.id for exhibitor in page]),
        choices=filter_choices(g.fair),
        counts=count_by_status(g.fair.id),
        sort_url=sort_url,
        words=labels,
    )


@blueprint.post("/desk/exhibitors/export")
@requires(Permission.SEE_EXHIBITORS)
def export() -> ResponseReturnValue:
    """Send the list as XLSX; the trail notes it, as lists leak."""
    filters = filter_from_args(request.args)
    query = filter_exhibitors(queries.exhibitors_visible_to(g.actor), filters)
    rows = list(db.session.scalars(query.order_by(*order_from(sort_columns(), "name"), Exhibitor.id)))
    table = export_table(g.fair, rows)
    with transaction():
        audit.record(Event.LIST_EXPORTED, actor=g.actor, fair_id=g.fair.id, subject="exhibitors", rows=len(rows))
    return export_response(f"{g.fair.code}-exhibitors", *table)
