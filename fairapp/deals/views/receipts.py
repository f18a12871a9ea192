"""Receipts: a company proves that its deal is in a publication, and shows nothing of anybody else's."""

import json
from typing import Any
from uuid import UUID

from flask import Response, abort, g, render_template

from fairapp.accounts.permissions import Permission as P
from fairapp.core.web.access import requires
from fairapp.deals.blueprint import blueprint
from fairapp.deals.ledger.receipts import Receipt, entries_until, published_head, published_heads, receipt_for
from fairapp.deals.models import Deal
from fairapp.deals.views.context import deal_or_404, template_context


@blueprint.get("/my/deals/<uuid:deal_id>/receipt")
@requires(P.OWN_BOOTH)
def receipts(deal_id: UUID) -> str:
    """Show the publications, and in which of them this deal is."""
    deal = deal_or_404(deal_id)
    heads = [(head, entries_until(deal, head.seq)) for head in published_heads(g.fair.id)]
    return render_template("deals/receipts.html", deal=deal, heads=heads, **template_context())


@blueprint.get("/my/deals/<uuid:deal_id>/receipt/<int:number>")
@requires(P.OWN_BOOTH)
def receipt(deal_id: UUID, number: int) -> str:
    deal = deal_or_404(deal_id)
    return render_template("deals/receipt.html", deal=deal, receipt=receipt_or_404(deal, number), **template_context())


@blueprint.get("/my/deals/<uuid:deal_id>/receipt/<int:number>/file")
@requires(P.OWN_BOOTH)
def receipt_file(deal_id: UUID, number: int) -> Response:
    deal = deal_or_404(deal_id)
    receipt = receipt_or_404(deal, number)
    name = f"{g.fair.code}-D-{deal.number}-receipt-{number}.json"
    headers: dict[str, Any] = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = json.dumps(receipt.document, ensure_ascii=False, indent=1)
    return Response(text, mimetype="application/json", headers=headers)


def receipt_or_404(deal: Deal, number: int) -> Receipt:
    """Return the receipt of a deal under a publication's number, or answer 404."""
    head = published_head(g.fair.id, number)
    return (head and receipt_for(g.fair, deal, head)) or abort(404)
