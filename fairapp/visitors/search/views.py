"""The desk's list of visitors."""

from flask import Response, g, render_template, request

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.web.access import requires
from fairapp.visitors import labels
from fairapp.visitors.blueprint import blueprint
from fairapp.visitors.forms import require_button
from fairapp.visitors.search import filters, queries, services
from fairapp.visitors.search.export import export_headings


@blueprint.get("/desk/visitors")
@requires(P.SEE_VISITORS)
def visitors() -> str:
    """Show the list of visitors."""
    chosen = filters.filter_from_args(request.args)
    page = filters.page_of_visitors(g.actor, chosen)
    return render_template(
        "visitors/visitors.html",
        page=page,
        chosen=chosen,
        choices=filters.filter_choices(g.fair),
        most_found=queries.MAX_FOUND,
        most_exported=services.MAX_EXPORTED,
        words=labels,
    )


@blueprint.post("/desk/visitors/export")
@requires(P.SEE_VISITORS)
def export() -> Response:
    """Send the list as XLSX."""
    chosen = filters.filter_from_args(request.args)
    require_button()
    with transaction():
        rows = services.export_visitors(actor=g.actor, fair=g.fair, filters=chosen)
    return export_response("visitors", export_headings(), rows)
