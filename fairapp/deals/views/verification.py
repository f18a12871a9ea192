"""The verifiers' desk: the queue by risk and amount, one deal with its evidence, the decision."""

from typing import Any
from uuid import UUID

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.access import requires
from fairapp.core.i18n import _
from fairapp.core.listing import paginate
from fairapp.deals import forms, queries, services
from fairapp.deals.models import Deal
from fairapp.deals.views.blueprint import blueprint
from fairapp.deals.views.desk import evidence_file
from fairapp.deals.views.parts import common, deal_or_404


@blueprint.get("/desk/deals/verification")
@requires(P.VERIFY_DEALS)
def verification() -> str:
    page = paginate(queries.to_verify(g.actor))
    return render_template("deals/verification.html", page=page, **common())


@blueprint.get("/desk/deals/verification/<uuid:deal_id>")
@requires(P.VERIFY_DEALS)
def verify_page(deal_id: UUID) -> str:
    return page_of(deal_or_404(deal_id))


def page_of(found: Deal, **posted: Any) -> str:
    """The deal as a verifier needs it: what was said, what proves it, what to decide."""
    steps = {"verify_form": forms.VerifyForm(), "refuse_form": forms.RefuseForm()}
    return render_template(
        "deals/verify.html",
        deal=found,
        statements=queries.statements_of(found),
        evidence=queries.evidence_of(found),
        **steps | posted,
        **common(),
    )


@blueprint.post("/desk/deals/verification/<uuid:deal_id>/accept")
@requires(P.VERIFY_DEALS)
def verify(deal_id: UUID) -> ResponseReturnValue:
    form, found = forms.VerifyForm(), deal_or_404(deal_id)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.verify_deal(actor=g.actor, deal=found, grade=form.grade.data, note=form.note.data or "")
        if saved.ok:
            return decided(found)
    return page_of(found, verify_form=form)


@blueprint.post("/desk/deals/verification/<uuid:deal_id>/refuse")
@requires(P.VERIFY_DEALS)
def refuse(deal_id: UUID) -> ResponseReturnValue:
    form, found = forms.RefuseForm(), deal_or_404(deal_id)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.refuse_verification(actor=g.actor, deal=found, reason=form.reason.data, note=form.note.data or "")
        if saved.ok:
            return decided(found)
    return page_of(found, refuse_form=form)


def decided(found: Deal) -> ResponseReturnValue:
    """On to the next of the queue."""
    flash(_("The decision on D-%(number)s is in the ledger.", number=found.number), "good")
    return redirect(url_for(".verification"))


@blueprint.get("/desk/deals/verification/<uuid:deal_id>/evidence/<uuid:evidence_id>")
@requires(P.VERIFY_DEALS)
def evidence_to_verify(deal_id: UUID, evidence_id: UUID) -> Response:
    return evidence_file(deal_id, evidence_id)
