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
from fairapp.exhibitors.booths.queries import live_booths
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.search import filters
from fairapp.exhibitors.search.export import export_table
from fairapp.exhibitors.search.queries import matching, sorts, status_counts


@blueprint.get("/desk/exhibitors")
@requires(Permission.SEE_EXHIBITORS)
def exhibitors() -> ResponseReturnValue:
    """Who applied and who exhibits."""
    wanted = filters.wanted_from(request.args)
    query = matching(queries.exhibitors_visible_to(g.actor), wanted)
    page = paginate(query.order_by(*order_from(sorts(), "name"), Exhibitor.id))
    return render_template(
        "exhibitors/exhibitors.html",
        page=page,
        wanted=wanted,
        booths=live_booths(g.fair.id, [one.id for one in page]),
        filters=filters.filters_of(g.fair),
        counts=status_counts(g.fair.id),
        sort_url=sort_url,
        words=labels,
    )


@blueprint.post("/desk/exhibitors/export")
@requires(Permission.SEE_EXHIBITORS)
def export() -> ResponseReturnValue:
    """What the list shows, as XLSX; noted in the trail, as lists leak."""
    wanted = filters.wanted_from(request.args)
    query = matching(queries.exhibitors_visible_to(g.actor), wanted)
    rows = list(db.session.scalars(query.order_by(*order_from(sorts(), "name"), Exhibitor.id)))
    table = export_table(g.fair, rows)
    with transaction():
        audit.record(Event.LIST_EXPORTED, actor=g.actor, fair_id=g.fair.id, subject="exhibitors", rows=len(rows))
    return export_response(f"{g.fair.code}-exhibitors", *table)
