"""What anyone may open: the list of exhibitors, and a page for each."""

from uuid import UUID

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from fairapp.core.data.files import download
from fairapp.core.web.access import public
from fairapp.core.web.listing import paginate
from fairapp.exhibitors import labels, queries
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.booths.queries import booths_by_exhibitor, booths_of
from fairapp.exhibitors.catalogue.queries import products_of, public_exhibitor, public_exhibitors
from fairapp.exhibitors.models import BoothState, Exhibitor
from fairapp.exhibitors.search.filters import filter_choices, filter_from_args
from fairapp.exhibitors.search.queries import filter_exhibitors, sort_columns


@blueprint.before_request
def hide_unpublished_fair() -> None:
    """Answer 404 to everybody but its own people while a fair is not public."""
    if g.fair is not None and not g.fair.is_public and not g.actor.roles:
        abort(404)


@blueprint.get("/exhibitors")
@public
def public_list() -> ResponseReturnValue:
    """Show who exhibits and where."""
    filters = filter_from_args({key: request.args.get(key, "") for key in ("q", "kind", "zone", "hall", "country")})
    query = filter_exhibitors(public_exhibitors(g.fair.id), filters)
    page = paginate(query.order_by(sort_columns()["name"], Exhibitor.id))
    return render_template(
        "exhibitors/public_list.html",
        page=page,
        chosen=filters,
        booths=booths_by_exhibitor(g.fair.id, [exhibitor.id for exhibitor in page]),
        choices=filter_choices(g.fair),
        words=labels,
    )


@blueprint.get("/exhibitors/<uuid:exhibitor_id>")
@public
def public_page(exhibitor_id: UUID) -> ResponseReturnValue:
    """Show one exhibitor: what it is, where it stands, what it shows."""
    exhibitor = public_exhibitor(g.fair.id, exhibitor_id) or abort(404)
    return render_template(
        "exhibitors/public_page.html",
        exhibitor=exhibitor,
        booths=[assignment for assignment in booths_of(exhibitor) if assignment.state == BoothState.ASSIGNED],
        products=products_of(exhibitor),
        words=labels,
    )


@blueprint.get("/exhibitors/<uuid:exhibitor_id>/logo")
@public
def logo(exhibitor_id: UUID) -> ResponseReturnValue:
    """Send the logo of an exhibitor that the public or this person sees."""
    exhibitor = public_exhibitor(g.fair.id, exhibitor_id) or queries.exhibitor_visible_to(g.actor, exhibitor_id)
    if exhibitor is None or exhibitor.logo is None:
        abort(404)
    return download(exhibitor.logo, inline=True)
