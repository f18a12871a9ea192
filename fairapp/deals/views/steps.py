"""The desk's single steps on a deal: each a POST that goes back to the deal's page."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.forms import Form
from fairapp.deals.blueprint import blueprint
from fairapp.deals.enums import Method, Party
from fairapp.deals.evidence import services as evidence_services
from fairapp.deals.forms import steps as step_forms
from fairapp.deals.models import Deal
from fairapp.deals.services.amend import Change, amend_deal
from fairapp.deals.services.confirm import send_confirmation
from fairapp.deals.services.review import hold_deal, release_deal, screen_deal, void_deal
from fairapp.deals.views.context import deal_or_404
from fairapp.deals.views.desk import deal_page


def take_step(deal_id: UUID, name: str, form: Form, change: Callable[[Deal], object], done: str) -> ResponseReturnValue:
    """Take a step and go back to the deal; a refusal shows on its page, at the form called `name`."""
    deal = deal_or_404(deal_id)
    if form.validate_on_submit():
        with form.saving() as saved:
            change(deal)
        if saved.ok:
            flash(done, "good")
            return redirect(url_for(".deal", deal_id=deal_id))
    return deal_page(deal, **{name: form})


@blueprint.post("/desk/deals/<uuid:deal_id>/screen")
@requires(P.MANAGE_DEALS)
def screen(deal_id: UUID) -> ResponseReturnValue:
    form = step_forms.ScreenForm()

    def change(deal: Deal) -> None:
        screen_deal(actor=g.actor, deal=deal, passed=form.passed.data == "yes", note=form.note.data or "")

    return take_step(deal_id, "screen_form", form, change, _("The screening is noted."))


@blueprint.post("/desk/deals/<uuid:deal_id>/hold")
@requires(P.MANAGE_DEALS)
def hold(deal_id: UUID) -> ResponseReturnValue:
    form = step_forms.NoteForm()

    def change(deal: Deal) -> None:
        hold_deal(actor=g.actor, deal=deal, note=form.note.data)

    return take_step(deal_id, "note_form", form, change, _("The deal is held: it is outside every total."))


@blueprint.post("/desk/deals/<uuid:deal_id>/release")
@requires(P.MANAGE_DEALS)
def release(deal_id: UUID) -> ResponseReturnValue:
    form = step_forms.NoteForm()

    def change(deal: Deal) -> None:
        release_deal(actor=g.actor, deal=deal, note=form.note.data)

    return take_step(deal_id, "note_form", form, change, _("The deal counts again."))


@blueprint.post("/desk/deals/<uuid:deal_id>/void")
@requires(P.MANAGE_DEALS)
def void(deal_id: UUID) -> ResponseReturnValue:
    form = step_forms.VoidForm()

    def change(deal: Deal) -> None:
        void_deal(actor=g.actor, deal=deal, reason=form.reason.data, note=form.note.data or "")

    return take_step(deal_id, "void_form", form, change, _("The deal is void. Its entries stay in the ledger."))


@blueprint.post("/desk/deals/<uuid:deal_id>/amend")
@requires(P.MANAGE_DEALS)
def amend(deal_id: UUID) -> ResponseReturnValue:
    form = step_forms.AmendForm()

    def change(deal: Deal) -> None:
        correction = Change(form.minor, form.currency.data, form.tier.data, note=form.note.data or "")
        amend_deal(actor=g.actor, deal=deal, change=correction, party=Party.ORGANISER, method=Method.DESK)

    return take_step(deal_id, "amend_form", form, change, _("The deal is corrected by a new entry."))


@blueprint.post("/desk/deals/<uuid:deal_id>/send")
@requires(P.MANAGE_DEALS)
def send(deal_id: UUID) -> ResponseReturnValue:
    form = step_forms.SendForm()

    def change(deal: Deal) -> None:
        to = {"recipient": form.email.data, "locale": form.language.data}
        send_confirmation(actor=g.actor, deal=deal, reuse_recent=True, **to)

    return take_step(deal_id, "send_form", form, change, _("The link is sent. Older links no longer work."))


@blueprint.post("/desk/deals/<uuid:deal_id>/evidence")
@requires(P.MANAGE_DEALS)
def add_evidence(deal_id: UUID) -> ResponseReturnValue:
    form = step_forms.EvidenceForm()
    return take_step(
        deal_id,
        "evidence_form",
        form,
        lambda deal: store_evidence(form, deal, Party.ORGANISER),
        _("The evidence is kept."),
    )


def store_evidence(form: step_forms.EvidenceForm, deal: Deal, party: Party) -> None:
    """Store what was handed in."""
    upload = request.files.get("file")
    evidence_services.add_evidence(
        actor=g.actor,
        deal=deal,
        kind=form.kind.data,
        description=form.description.data or "",
        content=upload.read() if upload else None,
        name=(upload.filename or "") if upload else "",
        party=party,
    )
