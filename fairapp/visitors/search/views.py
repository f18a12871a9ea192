"""The desk's list of visitors."""

from flask import Response, g, render_template, request

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.web.access import requires
from fairapp.visitors import labels
from fairapp.visitors.blueprint import blueprint
from fairapp.visitors.forms import pressed
from fairapp.visitors.search import filters, queries, services
from fairapp.visitors.search.export import headings


@blueprint.get("/desk/visitors")
@requires(P.SEE_VISITORS)
def visitors() -> str:
    wanted = filters.wanted_from(request.args)
    page = filters.page_of(g.actor, wanted)
    return render_template(
        "visitors/visitors.html",
        page=page,
        wanted=wanted,
        choices=filters.filter_choices(g.fair),
        most_found=queries.MAX_FOUND,
        most_exported=services.MAX_EXPORTED,
        words=labels,
    )


@blueprint.post("/desk/visitors/export")
@requires(P.SEE_VISITORS)
def export() -> Response:
    wanted = filters.wanted_from(request.args)
    pressed()
    with transaction():
        rows = services.exported_rows(actor=g.actor, fair=g.fair, wanted=wanted)
    return export_response("visitors", headings(), rows)
