"""Two reports of one deal: merge them at the desk, and take it back."""

from uuid import UUID

from flask import g
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.access import requires
from fairapp.core.errors import DomainError
from fairapp.core.i18n import _
from fairapp.deals import forms, queries, services
from fairapp.deals.models import Deal
from fairapp.deals.views.blueprint import blueprint
from fairapp.deals.views.steps import step


@blueprint.post("/desk/deals/<uuid:deal_id>/merge")
@requires(P.MANAGE_DEALS)
def merge(deal_id: UUID) -> ResponseReturnValue:
    form = forms.MergeForm()

    def change(found: Deal) -> None:
        into = queries.deal_numbered(g.fair.id, form.number or 0)
        if into is None:
            raise DomainError("unknown_deal", _("There is no such deal."), field="into", status=422)
        services.merge_deals(actor=g.actor, deal=found, into=into, note=form.note.data or "")

    return step(deal_id, "merge_form", form, change, _("The reports are merged: this one left the totals."))


@blueprint.post("/desk/deals/<uuid:deal_id>/unmerge")
@requires(P.MANAGE_DEALS)
def unmerge(deal_id: UUID) -> ResponseReturnValue:
    form = forms.NoteForm()

    def change(found: Deal) -> None:
        services.undo_merge(actor=g.actor, deal=found, note=form.note.data)

    return step(deal_id, "note_form", form, change, _("The merge is undone: the deal stands again as before."))
