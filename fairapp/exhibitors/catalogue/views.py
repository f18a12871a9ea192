"""What anyone may open: the application, the list of exhibitors, a page for each."""

from uuid import UUID

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.sign_in.rate_limits import spend_try
from fairapp.core.data.files import download
from fairapp.core.text.i18n import current_locale
from fairapp.core.web.access import public
from fairapp.core.web.listing import paginate
from fairapp.exhibitors import filters, forms, queries, rules, services
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.models import Exhibitor


@blueprint.before_request
def only_if_shown() -> None:
    """A fair that is not public yet shows its exhibitors to nobody but its people."""
    if g.fair is not None and not g.fair.is_public and not g.actor.roles:
        abort(404)


@blueprint.route("/apply", methods=["GET", "POST"])
@public
def apply() -> ResponseReturnValue:
    """A company asks to exhibit."""
    form = forms.ApplicationForm(g.fair, data={"kind": request.args.get("kind", ""), "country": "CN"})
    if g.fair.applications_open and form.validate_on_submit():
        spend_try("apply", form.contact_email.data)
        with form.saving() as saved:
            one = services.submit_application(actor=g.actor, fair=g.fair, given=form.details(), locale=current_locale())
        if saved.ok:
            return redirect(url_for("exhibitors.applied", reference=one.reference))
    return render_template("exhibitors/apply.html", form=form)


@blueprint.get("/apply/<reference>")
@public
def applied(reference: str) -> ResponseReturnValue:
    """Thank you, and what happens next. Says nothing of the company: a reference is no password."""
    one = queries.exhibitor_by_reference(g.fair.id, reference) or abort(404)
    return render_template("exhibitors/applied.html", reference=one.reference)


@blueprint.get("/exhibitors")
@public
def public_list() -> ResponseReturnValue:
    """Who exhibits, where."""
    wanted = filters.wanted_from({key: request.args.get(key, "") for key in ("q", "kind", "zone", "hall", "country")})
    query = queries.matching(queries.approved_exhibitors(g.fair.id), wanted)
    page = paginate(query.order_by(queries.sorts()["name"], Exhibitor.id))
    return render_template(
        "exhibitors/public_list.html",
        page=page,
        wanted=wanted,
        booths=queries.live_booths(g.fair.id, [one.id for one in page]),
        filters=filters.filters_of(g.fair),
        words=rules,
    )


@blueprint.get("/exhibitors/<uuid:exhibitor_id>")
@public
def public_page(exhibitor_id: UUID) -> ResponseReturnValue:
    """One exhibitor: what it is, where it stands, what it shows."""
    one = queries.public_exhibitor(g.fair.id, exhibitor_id) or abort(404)
    return render_template(
        "exhibitors/public_page.html",
        exhibitor=one,
        booths=[line for line in queries.booths_of(one) if line.state == rules.B.ASSIGNED],
        products=queries.products_of(one),
        words=rules,
    )


@blueprint.get("/exhibitors/<uuid:exhibitor_id>/logo")
@public
def logo(exhibitor_id: UUID) -> ResponseReturnValue:
    """The logo, as it was written anew."""
    one = queries.public_exhibitor(g.fair.id, exhibitor_id) or queries.exhibitor_visible_to(g.actor, exhibitor_id)
    if one is None or one.logo is None:
        abort(404)
    return download(one.logo, inline=True)
