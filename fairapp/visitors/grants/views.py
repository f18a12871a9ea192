"""A person's own page of contacts: who has what, what is asked, yes, no and withdrawal."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import public
from fairapp.exhibitors.catalogue.queries import public_exhibitor
from fairapp.visitors import queries as visitors
from fairapp.visitors.blueprint import blueprint
from fairapp.visitors.forms import require_button
from fairapp.visitors.grants import labels, queries, rules, services
from fairapp.visitors.grants.forms import ShareForm
from fairapp.visitors.grants.models import GrantMethod
from fairapp.visitors.models import Visitor
from fairapp.visitors.pages import holder_or_404, visitor_actor


def person_or_404(token: str) -> Visitor:
    """Return the record that counts of the person whose page the token opens."""
    return visitors.records_of_person(holder_or_404(token))[0]


def kept_until() -> date:
    """Return the day after which personal data of the fair are erased."""
    last: date = g.fair.ends_on + timedelta(days=g.fair.retention_days)
    return last


@blueprint.get("/badge/<token>/contacts")
@public
def contacts(token: str) -> str:
    """Show who has what of the person, and what exhibitors ask."""
    visitor = person_or_404(token)
    return render_template(
        "visitors/contacts.html",
        token=token,
        grants=queries.grants_of(visitor),
        requests=queries.requests_of(visitor),
        granted_fields=rules.granted_fields,
        labels=labels,
    )


@blueprint.post("/badge/<token>/contacts/requests/<uuid:request_id>/<any(yes, no):answer>")
@public
def answer_request(token: str, request_id: UUID, answer: str) -> ResponseReturnValue:
    """Store the person's answer to one exhibitor's entry."""
    visitor = person_or_404(token)
    require_button()
    request = queries.request_of(visitor, request_id) or abort(404)
    try:
        with transaction():
            services.answer_request(
                actor=visitor_actor(), fair=g.fair, visitor=visitor, request=request, is_true=answer == "yes"
            )
    except DomainError as error:
        flash(str(error.message), "stop")
    else:
        flash(_("Thank you: your answer is stored."), "good")
    return redirect(url_for(".contacts", token=token))


@blueprint.route("/badge/<token>/contacts/<uuid:exhibitor_id>", methods=["GET", "POST"])
@public
def share_contact(token: str, exhibitor_id: UUID) -> ResponseReturnValue:
    """Show the notice for one exhibitor, and pass on what is ticked."""
    visitor = person_or_404(token)
    exhibitor = public_exhibitor(g.fair.id, exhibitor_id) or abort(404)
    form = ShareForm(exhibitor)
    if form.validate_on_submit():
        with form.saving() as saved:
            fields, method = form.chosen_fields(), GrantMethod.OWN_LINK
            grant: dict[str, Any] = {"exhibitor": exhibitor, "fields": fields, "method": method}
            services.give_grant(actor=visitor_actor(), fair=g.fair, visitor=visitor, **grant)
        if saved.ok:
            flash(_("Passed on. You can withdraw it here at any time."), "good")
            return redirect(url_for(".contacts", token=token))
    notice = labels.notice_text(exhibitor, kept_until())
    return render_template("visitors/share.html", token=token, exhibitor=exhibitor, form=form, notice=notice)


@blueprint.post("/badge/<token>/contacts/<uuid:exhibitor_id>/withdraw")
@public
def withdraw_contact(token: str, exhibitor_id: UUID) -> ResponseReturnValue:
    """End what one exhibitor sees."""
    return withdraw(token, exhibitor_id)


@blueprint.post("/badge/<token>/contacts/withdraw")
@public
def withdraw_contacts(token: str) -> ResponseReturnValue:
    """End what every exhibitor sees."""
    return withdraw(token, None)


def withdraw(token: str, exhibitor_id: UUID | None) -> ResponseReturnValue:
    """Withdraw from one exhibitor, or from all."""
    visitor = person_or_404(token)
    require_button()
    with transaction():
        services.withdraw_grants(actor=visitor_actor(), visitor=visitor, exhibitor_id=exhibitor_id)
    flash(_("Withdrawn: they no longer see your details, and are told to delete their copies."), "good")
    return redirect(url_for(".contacts", token=token))
