"""The desk: totals side by side, the list, a deal with its statements."""

from typing import Any
from uuid import UUID

from flask import Response, abort, g, render_template

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.files import download
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.text.money import from_minor
from fairapp.core.web.access import requires
from fairapp.core.web.forms import Form
from fairapp.core.web.listing import Page, order_from, paginate, sort_url
from fairapp.deals import export
from fairapp.deals.blueprint import blueprint
from fairapp.deals.evidence.queries import evidence_visible_to, list_evidence, page_image, pages_by_proof
from fairapp.deals.forms import steps as step_forms
from fairapp.deals.models import Deal
from fairapp.deals.queries.lists import SORTS, filter_deals, list_totals
from fairapp.deals.queries.records import deals_visible_to, live_link, statements_of
from fairapp.deals.queries.review_queue import deals_by_ids, deals_by_numbers, message_for_declarant
from fairapp.deals.slips.queries import slip_of
from fairapp.deals.views.context import address_filters, deal_or_404, facet_choices, template_context


@blueprint.get("/desk/deals")
@requires(P.SEE_DEALS)
def deals() -> str:
    chosen = address_filters()
    foot = list_totals(g.actor, chosen)
    listed = filter_deals(deals_visible_to(g.actor), chosen).with_only_columns(Deal.number)
    order = (*order_from(SORTS, "-declared"), Deal.number.desc())
    return render_template(
        "deals/deals.html",
        page=page_by_numbers(paginate(listed.order_by(*order), total=foot.deals)),
        foot=foot,
        chosen={name: value for name, value in chosen.items() if value},
        filters_of=facet_choices(),
        sort_url=sort_url,
        **template_context(),
    )


def page_by_numbers(page: Page[int]) -> Page[Deal]:
    """Return a page of numbers as a page of their deals.

    A long list is ordered by what its index holds, numbers among it.
    """
    return Page(deals_by_numbers(g.fair.id, page.rows), page.number, page.total, page.per_page)


def page_by_ids(page: Page[UUID]) -> Page[Deal]:
    """Return a page of ids as a page of their deals."""
    return Page(deals_by_ids(g.fair.id, page.rows), page.number, page.total, page.per_page)


@blueprint.get("/desk/deals/export")
@requires(P.SEE_DEALS)
def export_deals() -> Response:
    query = filter_deals(deals_visible_to(g.actor), address_filters()).order_by(Deal.number)
    return export_response(f"{g.fair.code}-deals", export.deal_headings(), export.deal_rows(query))


@blueprint.get("/desk/deals/<uuid:deal_id>")
@requires(P.SEE_DEALS)
def deal(deal_id: UUID) -> str:
    return deal_page(deal_or_404(deal_id))


def desk_forms(deal: Deal) -> dict[str, Form]:
    """Return the empty forms of the desk's steps, by the names its template knows."""
    return {
        "note_form": step_forms.NoteForm(),
        "screen_form": step_forms.ScreenForm(),
        "void_form": step_forms.VoidForm(),
        "merge_form": step_forms.MergeForm(),
        "evidence_form": step_forms.EvidenceForm(),
        "amend_form": step_forms.AmendForm(
            currency=deal.currency, tier=deal.tier, amount=from_minor(deal.amount_minor or 0, deal.currency)
        ),
        "send_form": step_forms.SendForm(email=deal.contact_email, language=deal.contact_locale),
    }


def deal_page(deal: Deal, **posted: Any) -> str:
    """Show a deal with its statements, its proof, and the steps this person may take; `posted` are refused forms."""
    return render_template(
        "deals/deal.html",
        deal=deal,
        statements=statements_of(deal),
        **papers_of(deal),
        message=message_for_declarant(deal),
        link=live_link(deal),
        **desk_forms(deal) | posted,
        **template_context(),
    )


def papers_of(deal: Deal) -> dict[str, Any]:
    """Return the slip a deal was entered from, its proofs and their drawn pages, as templates know them."""
    proofs = list_evidence(deal)
    return {"slip": slip_of(deal), "evidence": proofs, "pages": pages_by_proof(proofs)}


@blueprint.get("/desk/deals/<uuid:deal_id>/evidence/<uuid:evidence_id>")
@requires(P.SEE_DEALS)
def evidence(deal_id: UUID, evidence_id: UUID) -> Response:
    return evidence_file(deal_id, evidence_id)


@blueprint.get("/desk/deals/<uuid:deal_id>/evidence/<uuid:evidence_id>/pages/<int:number>")
@requires(P.SEE_DEALS)
def evidence_page(deal_id: UUID, evidence_id: UUID, number: int) -> Response:
    return evidence_picture(deal_id, evidence_id, number)


def evidence_file(deal_id: UUID, evidence_id: UUID) -> Response:
    """Send a proof as it was handed in: to be saved, never shown by the browser."""
    proof = evidence_visible_to(g.actor, deal_id, evidence_id)
    if proof is None or proof.file is None:
        abort(404)
    return download(proof.file)


def evidence_picture(deal_id: UUID, evidence_id: UUID, number: int) -> Response:
    """Send one page of a proof, drawn anew by the program."""
    proof = evidence_visible_to(g.actor, deal_id, evidence_id)
    page = page_image(proof, number) if proof is not None else None
    return download(page.file, inline=True) if page is not None else abort(404)
