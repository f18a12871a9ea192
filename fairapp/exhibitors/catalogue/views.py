"""What anyone may open: the list of exhibitors, and a page for each."""

from uuid import UUID

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue

from fairapp.core.data.files import download
from fairapp.core.web.access import public
from fairapp.core.web.listing import paginate
from fairapp.exhibitors import labels, queries
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.booths.queries import booths_of, live_booths
from fairapp.exhibitors.catalogue.queries import approved_exhibitors, products_of, public_exhibitor
from fairapp.exhibitors.models import BoothState, Exhibitor
from fairapp.exhibitors.search import filters
from fairapp.exhibitors.search.queries import matching, sorts


@blueprint.before_request
def only_if_shown() -> None:
    """A fair that is not public yet shows its exhibitors to nobody but its people."""
    if g.fair is not None and not g.fair.is_public and not g.actor.roles:
        abort(404)


@blueprint.get("/exhibitors")
@public
def public_list() -> ResponseReturnValue:
    """Who exhibits, where."""
    wanted = filters.wanted_from({key: request.args.get(key, "") for key in ("q", "kind", "zone", "hall", "country")})
    query = matching(approved_exhibitors(g.fair.id), wanted)
    page = paginate(query.order_by(sorts()["name"], Exhibitor.id))
    return render_template(
        "exhibitors/public_list.html",
        page=page,
        wanted=wanted,
        booths=live_booths(g.fair.id, [one.id for one in page]),
        filters=filters.filters_of(g.fair),
        words=labels,
    )


@blueprint.get("/exhibitors/<uuid:exhibitor_id>")
@public
def public_page(exhibitor_id: UUID) -> ResponseReturnValue:
    """One exhibitor: what it is, where it stands, what it shows."""
    one = public_exhibitor(g.fair.id, exhibitor_id) or abort(404)
    return render_template(
        "exhibitors/public_page.html",
        exhibitor=one,
        booths=[line for line in booths_of(one) if line.state == BoothState.ASSIGNED],
        products=products_of(one),
        words=labels,
    )


@blueprint.get("/exhibitors/<uuid:exhibitor_id>/logo")
@public
def logo(exhibitor_id: UUID) -> ResponseReturnValue:
    """The logo, as it was written anew."""
    one = public_exhibitor(g.fair.id, exhibitor_id) or queries.exhibitor_visible_to(g.actor, exhibitor_id)
    if one is None or one.logo is None:
        abort(404)
    return download(one.logo, inline=True)
