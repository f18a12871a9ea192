"""The desk: totals side by side, the list, a deal with its statements, declaring for others."""

from typing import Any
from uuid import UUID

from flask import Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.access import requires
from fairapp.core.files import download
from fairapp.core.i18n import _, country_name, localised
from fairapp.core.listing import order_from, paginate, sort_url
from fairapp.core.money import from_minor
from fairapp.core.spreadsheet import export_response
from fairapp.deals import export, forms, queries, services, words
from fairapp.deals.drafts import Draft, Side
from fairapp.deals.models import Deal, Method
from fairapp.deals.preview import preview_of
from fairapp.deals.views.blueprint import blueprint
from fairapp.deals.views.parts import common, deal_or_404, side_by_badge, wanted


@blueprint.get("/desk/deals")
@requires(P.SEE_DEALS)
def deals() -> str:
    chosen = queries.filtered(queries.deals_visible_to(g.actor), wanted())
    page = paginate(chosen.order_by(*order_from(queries.SORTS, "-declared"), Deal.number.desc()))
    return render_template(
        "deals/deals.html",
        page=page,
        tiers=queries.totals_by_tier(g.fair.id),
        sums=queries.totals_by_sum(g.fair.id),
        filters_of=filter_choices(),
        sort_url=sort_url,
        **common(),
    )


def filter_choices() -> dict[str, list[tuple[str, Any]]]:
    """The choices of the filter line; countries and delegations are those that deals have."""
    every = ("", _("All"))
    return {
        "status": [every, *words.STATUSES.items()],
        "tier": [every, *words.TIERS.items()],
        "open": [every, *words.OPEN.items()],
        "counts_as": [every, *words.SUMS.items()],
        "country": [every, *((code, country_name(code)) for code in queries.keys_of(g.fair.id, "country"))],
        "category": [every, *((one.code, localised(one)) for one in queries.category_choices(g.fair.id))],
        "delegation": [every, *((one.code, localised(one)) for one in queries.delegation_choices(g.fair.id))],
    }


@blueprint.get("/desk/deals/export")
@requires(P.SEE_DEALS)
def export_deals() -> Response:
    query = queries.filtered(queries.deals_visible_to(g.actor), wanted()).order_by(Deal.number)
    return export_response(f"{g.fair.code}-deals", export.headings(), export.rows(query))


@blueprint.get("/desk/deals/<uuid:deal_id>")
@requires(P.SEE_DEALS)
def deal(deal_id: UUID) -> str:
    return deal_page(deal_or_404(deal_id))


def deal_page(found: Deal, **posted: Any) -> str:
    """A deal with its statements, its proof, and the steps this person may take; `posted` are refused forms."""
    steps = {
        "note_form": forms.NoteForm(),
        "screen_form": forms.ScreenForm(),
        "void_form": forms.VoidForm(),
        "evidence_form": forms.EvidenceForm(),
        "amend_form": forms.AmendForm(
            currency=found.currency, tier=found.tier, amount=from_minor(found.amount_minor or 0, found.currency)
        ),
        "send_form": forms.SendForm(email=found.contact_email, language=found.contact_locale),
    }
    return render_template(
        "deals/deal.html",
        deal=found,
        statements=queries.statements_of(found),
        evidence=queries.evidence_of(found),
        link=queries.live_link(found),
        **steps | posted,
        **common(),
    )


@blueprint.route("/desk/deals/new", methods=["GET", "POST"])
@requires(P.MANAGE_DEALS)
def declare_deal() -> ResponseReturnValue:
    form = forms.DeskDealForm()
    preview = None
    if form.validate_on_submit():
        with form.saving() as saved:
            draft = form.draft(buyer_of(form))
            preview = preview_of(g.fair, draft)
            made = store(form, draft, Method.DESK) if form.sure.data else None
        if saved.ok and made is not None:
            return redirect(url_for(".deal", deal_id=made.id))
    return render_template("deals/declare.html", form=form, preview=preview, **common())


def buyer_of(form: forms.DeskDealForm) -> Side:
    """The buyer by badge, or by name and country."""
    if form.buyer_badge.data:
        return side_by_badge(form.buyer_badge.data)
    return Side(name=form.buyer.data or "", country=form.buyer_country.data or "", code=form.buyer_code.data or "")


def store(form: forms.DealForm, draft: Draft, method: Method) -> Deal:
    """Declare, ask the other side by mail when its address is known, and say so."""
    made = services.declare_deal(
        actor=g.actor,
        fair=g.fair,
        draft=draft,
        method=method,
        client_id=client_id_of(form.client_id.data),
        separate=bool(form.separate.data),
    )
    if made.contact_email and not made.links_sent:
        services.send_confirmation(actor=g.actor, deal=made)
        flash(_("Deal D-%(number)s is declared; the other side has a mail to confirm it.", number=made.number), "good")
    else:
        flash(_("Deal D-%(number)s is declared.", number=made.number), "good")
    return made


def client_id_of(text: str | None) -> UUID | None:
    """The form's own id, so that sending it twice declares one deal."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


@blueprint.get("/desk/deals/<uuid:deal_id>/evidence/<uuid:evidence_id>")
@requires(P.SEE_DEALS)
def evidence(deal_id: UUID, evidence_id: UUID) -> Response:
    return evidence_file(deal_id, evidence_id)


def evidence_file(deal_id: UUID, evidence_id: UUID) -> Response:
    """A proof as a file no browser will run; pictures are shown, the rest is saved."""
    found = queries.evidence_visible_to(g.actor, deal_id, evidence_id)
    if found is None or found.file is None:
        abort(404)
    return download(found.file, inline=found.file.content_type == "image/jpeg")
