"""The verifiers' desk: the queue by risk and amount, one deal with its evidence beside it, the decision."""

from typing import Any
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.listing import paginate
from fairapp.deals.blueprint import blueprint
from fairapp.deals.enums import DealStatus
from fairapp.deals.forms import steps as step_forms
from fairapp.deals.models import Deal
from fairapp.deals.queries.records import statements_of
from fairapp.deals.queries.review_queue import deals_sent_back, deals_to_verify, queue_length, queue_neighbours
from fairapp.deals.second_person.labels import SIGNS
from fairapp.deals.second_person.queries import signs_for
from fairapp.deals.services.review import refuse_verification, verify_deal
from fairapp.deals.views.context import deal_or_404, template_context
from fairapp.deals.views.desk import page_by_ids, papers_of


@blueprint.get("/desk/deals/verification")
@requires(P.VERIFY_DEALS)
def verification() -> str:
    """List what to verify now, or (`?list=sent_back`) what waits for its declarant."""
    waiting, back = queue_length(g.actor), deals_sent_back(g.actor)
    shows_back = request.args.get("list") == "sent_back"
    page = paginate(back) if shows_back else paginate(deals_to_verify(g.actor), total=waiting)
    return render_template(
        "deals/verification.html",
        page=page_by_ids(page),
        shows_back=shows_back,
        waiting=waiting,
        back=page.total if shows_back else paginate(back).total,
        **template_context(),
    )


@blueprint.get("/desk/deals/verification/<uuid:deal_id>")
@requires(P.VERIFY_DEALS)
def verify_page(deal_id: UUID) -> str:
    return verification_page(deal_or_404(deal_id))


def verification_page(deal: Deal, **posted: Any) -> str:
    """Show the deal as a verifier needs it: what proves it, what was said, what to step_forms."""
    steps = {"verify_form": step_forms.VerifyForm(), "refuse_form": step_forms.RefuseForm()}
    before, after = queue_neighbours(g.actor, deal.id)
    return render_template(
        "deals/verify.html",
        deal=deal,
        statements=statements_of(deal),
        **papers_of(deal),
        signs=[SIGNS[sign] for sign in signs_for(g.actor, deal)],
        before=before,
        after=after,
        **steps | posted,
        **template_context(),
    )


@blueprint.post("/desk/deals/verification/<uuid:deal_id>/accept")
@requires(P.VERIFY_DEALS)
def verify(deal_id: UUID) -> ResponseReturnValue:
    form, deal = step_forms.VerifyForm(), deal_or_404(deal_id)
    if form.validate_on_submit():
        after = queue_neighbours(g.actor, deal_id)[1]
        with form.saving() as saved:
            verify_deal(actor=g.actor, deal=deal, grade=form.grade.data, note=form.note.data or "")
        if saved.ok:
            return open_next(deal, after)
    return verification_page(deal, verify_form=form)


@blueprint.post("/desk/deals/verification/<uuid:deal_id>/refuse")
@requires(P.VERIFY_DEALS)
def refuse(deal_id: UUID) -> ResponseReturnValue:
    form, deal = step_forms.RefuseForm(), deal_or_404(deal_id)
    if form.validate_on_submit():
        after = queue_neighbours(g.actor, deal_id)[1]
        with form.saving() as saved:
            refuse_verification(actor=g.actor, deal=deal, reason=form.reason.data, note=form.note.data or "")
        if saved.ok:
            return open_next(deal, after)
    return verification_page(deal, refuse_form=form)


def open_next(deal: Deal, after: UUID | None) -> ResponseReturnValue:
    """Say what was decided, and go on to the next deal of the queue."""
    number = deal.number
    if deal.status == DealStatus.VERIFIED:
        flash(_("D-%(number)s is verified.", number=number), "good")
    elif deal.first_verifier_id:
        flash(_("D-%(number)s waits for a second verifier.", number=number), "good")
    else:
        flash(_("D-%(number)s went back to its declarant, with your reason.", number=number), "good")
    address = url_for(".verify_page", deal_id=after) if after else url_for(".verification")
    return redirect(address)
