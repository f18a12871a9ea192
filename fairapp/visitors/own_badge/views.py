"""A person's own badge page: the badge, what one agrees to, a copy of one's data, their end."""

from flask import Response, abort, flash, g, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from fairapp.core.data.db import transaction
from fairapp.core.text.i18n import _
from fairapp.core.web.access import public
from fairapp.visitors import pages
from fairapp.visitors.blueprint import blueprint
from fairapp.visitors.consents import services as consents_services
from fairapp.visitors.consents.forms import ConsentForm, ticked_purposes
from fairapp.visitors.consents.queries import consents_of
from fairapp.visitors.erasure import services as erasure
from fairapp.visitors.erasure.forms import EraseForm
from fairapp.visitors.forms import require_button
from fairapp.visitors.models import EraseReason
from fairapp.visitors.own_badge.pages import badge_page
from fairapp.visitors.pages import holder_or_404, visitor_actor


@blueprint.get("/badge/<token>")
@public
def badge(token: str) -> str:
    """Show a person's own badge."""
    visitor = holder_or_404(token)
    form = ConsentForm(data={str(p): yes for p, yes in consents_of(visitor).items()})
    return badge_page(visitor, token, form)


@blueprint.get("/badge/<token>/badge.pdf")
@public
def badge_file(token: str) -> Response:
    """Send a person's own badge as PDF."""
    return pages.badge_response(holder_or_404(token))


@blueprint.post("/badge/<token>/consents")
@public
def change_consents(token: str) -> ResponseReturnValue:
    """Store what the person agrees to."""
    visitor = holder_or_404(token)
    form = ConsentForm()
    if not form.validate():
        abort(400)
    with transaction():
        consents_services.change_consents(
            actor=visitor_actor(),
            visitor=visitor,
            purposes=ticked_purposes(form),
            notice_version=g.fair.privacy_notice_version,
        )
    flash(_("Your choices are saved."), "good")
    return redirect(url_for(".badge", token=token))


@blueprint.post("/badge/<token>/copy")
@public
def own_copy(token: str) -> Response:
    """Send the person's data as JSON."""
    visitor = holder_or_404(token)
    require_button()
    with transaction():
        copy = erasure.personal_copy(actor=visitor_actor(), visitor=visitor)
    answer = jsonify(copy)
    answer.headers["Content-Disposition"] = "attachment; filename=my-data.json"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/badge/<token>/erase")
@public
def erase_own(token: str) -> ResponseReturnValue:
    """Erase the person's data."""
    visitor = holder_or_404(token)
    if not EraseForm().validate():
        flash(_("Tick the box to say that you are sure."), "attention")
        return redirect(url_for(".badge", token=token))
    with transaction():
        erasure.erase_visitor(actor=visitor_actor(), visitor=visitor, reason=EraseReason.ASKED)
    flash(_("Your data are erased. Your badge no longer opens the gates."), "good")
    return redirect(url_for(".register"))
