"""The desk's single steps on a deal: each a POST that goes back to the deal's page."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.access import requires
from fairapp.core.forms import Form
from fairapp.core.i18n import _
from fairapp.deals import forms, services
from fairapp.deals.models import Deal, Method, Party
from fairapp.deals.services import Change
from fairapp.deals.views.blueprint import blueprint
from fairapp.deals.views.desk import deal_page
from fairapp.deals.views.parts import deal_or_404


def step(deal_id: UUID, name: str, form: Form, change: Callable[[Deal], object], done: str) -> ResponseReturnValue:
    """Do it and go back to the deal; a refusal shows on its page, at the form called `name`."""
    found = deal_or_404(deal_id)
    if form.validate_on_submit():
        with form.saving() as saved:
            change(found)
        if saved.ok:
            flash(done, "good")
            return redirect(url_for(".deal", deal_id=deal_id))
    return deal_page(found, **{name: form})


@blueprint.post("/desk/deals/<uuid:deal_id>/screen")
@requires(P.MANAGE_DEALS)
def screen(deal_id: UUID) -> ResponseReturnValue:
    form = forms.ScreenForm()

    def change(found: Deal) -> None:
        services.screen_deal(actor=g.actor, deal=found, passed=form.passed.data == "yes", note=form.note.data or "")

    return step(deal_id, "screen_form", form, change, _("The screening is noted."))


@blueprint.post("/desk/deals/<uuid:deal_id>/hold")
@requires(P.MANAGE_DEALS)
def hold(deal_id: UUID) -> ResponseReturnValue:
    form = forms.NoteForm()

    def change(found: Deal) -> None:
        services.hold_deal(actor=g.actor, deal=found, note=form.note.data)

    return step(deal_id, "note_form", form, change, _("The deal is held: it is outside every total."))


@blueprint.post("/desk/deals/<uuid:deal_id>/release")
@requires(P.MANAGE_DEALS)
def release(deal_id: UUID) -> ResponseReturnValue:
    form = forms.NoteForm()

    def change(found: Deal) -> None:
        services.release_deal(actor=g.actor, deal=found, note=form.note.data)

    return step(deal_id, "note_form", form, change, _("The deal counts again."))


@blueprint.post("/desk/deals/<uuid:deal_id>/void")
@requires(P.MANAGE_DEALS)
def void(deal_id: UUID) -> ResponseReturnValue:
    form = forms.VoidForm()

    def change(found: Deal) -> None:
        services.void_deal(actor=g.actor, deal=found, reason=form.reason.data, note=form.note.data or "")

    return step(deal_id, "void_form", form, change, _("The deal is void. Its entries stay in the ledger."))


@blueprint.post("/desk/deals/<uuid:deal_id>/amend")
@requires(P.MANAGE_DEALS)
def amend(deal_id: UUID) -> ResponseReturnValue:
    form = forms.AmendForm()

    def change(found: Deal) -> None:
        wanted = Change(form.minor, form.currency.data, form.tier.data, note=form.note.data or "")
        services.amend_deal(actor=g.actor, deal=found, change=wanted, party=Party.ORGANISER, method=Method.DESK)

    return step(deal_id, "amend_form", form, change, _("The deal is corrected by a new entry."))


@blueprint.post("/desk/deals/<uuid:deal_id>/send")
@requires(P.MANAGE_DEALS)
def send(deal_id: UUID) -> ResponseReturnValue:
    form = forms.SendForm()

    def change(found: Deal) -> None:
        to = {"recipient": form.email.data, "locale": form.language.data}
        services.send_confirmation(actor=g.actor, deal=found, anew=False, **to)

    return step(deal_id, "send_form", form, change, _("The link is sent. Older links no longer work."))


@blueprint.post("/desk/deals/<uuid:deal_id>/evidence")
@requires(P.MANAGE_DEALS)
def add_evidence(deal_id: UUID) -> ResponseReturnValue:
    form = forms.EvidenceForm()
    return step(
        deal_id,
        "evidence_form",
        form,
        lambda found: keep_evidence(form, found, Party.ORGANISER),
        _("The evidence is kept."),
    )


def keep_evidence(form: forms.EvidenceForm, found: Deal, party: Party) -> None:
    """Store what was handed in."""
    given = request.files.get("file")
    services.add_evidence(
        actor=g.actor,
        deal=found,
        kind=form.kind.data,
        description=form.description.data or "",
        content=given.read() if given else None,
        name=(given.filename or "") if given else "",
        party=party,
    )
