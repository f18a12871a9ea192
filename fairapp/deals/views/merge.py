"""Two reports of one deal: merge them at the desk, and take it back."""

from uuid import UUID

from flask import g
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.deals.blueprint import blueprint
from fairapp.deals.forms import steps as step_forms
from fairapp.deals.models import Deal
from fairapp.deals.queries.records import deal_by_number
from fairapp.deals.services.merge import merge_deals, undo_merge
from fairapp.deals.views.steps import take_step


@blueprint.post("/desk/deals/<uuid:deal_id>/merge")
@requires(P.MANAGE_DEALS)
def merge(deal_id: UUID) -> ResponseReturnValue:
    form = step_forms.MergeForm()

    def change(deal: Deal) -> None:
        into = deal_by_number(g.fair.id, form.number or 0)
        if into is None:
            raise DomainError("unknown_deal", _("There is no such deal."), field="into", status=422)
        merge_deals(actor=g.actor, deal=deal, into=into, note=form.note.data or "")

    return take_step(deal_id, "merge_form", form, change, _("The reports are merged: this one left the totals."))


@blueprint.post("/desk/deals/<uuid:deal_id>/unmerge")
@requires(P.MANAGE_DEALS)
def unmerge(deal_id: UUID) -> ResponseReturnValue:
    form = step_forms.NoteForm()

    def change(deal: Deal) -> None:
        undo_merge(actor=g.actor, deal=deal, note=form.note.data)

    return take_step(deal_id, "note_form", form, change, _("The merge is undone: the deal stands again as before."))
