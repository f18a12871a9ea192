"""Paper slips at the desk: print, hand out, enter, cross out, and which are missing."""

from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.deals.blueprint import blueprint
from fairapp.deals.parties.queries import exhibitor_by_name
from fairapp.deals.slips import forms as slip_forms
from fairapp.deals.slips import services as slips_services
from fairapp.deals.slips.pdf import slips_pdf
from fairapp.deals.slips.queries import (
    list_entered_slips,
    list_missing_slips,
    list_spoiled_slips,
    slip_counts,
    slips_at_desk,
    slips_in_range,
    usable_slip,
)
from fairapp.deals.slips.rules import MAX_NUMBER, NumberRange, slip_code
from fairapp.deals.slips.services import MAX_AT_ONCE, hand_out_slips


@blueprint.get("/desk/deals/slips")
@requires(P.MANAGE_DEALS)
def slips() -> str:
    first, last = (request.args.get(name, 0, type=int) for name in ("first", "last"))
    fresh = NumberRange(first, last) if 0 < first <= last <= MAX_NUMBER else None
    return slips_page(fresh=fresh)


def slips_page(*, fresh: NumberRange | None = None, **posted: Any) -> str:
    """Show where every printed slip is; `posted` are refused forms."""
    forms = {
        "print_form": slip_forms.PrintForm(),
        "hand_form": slip_forms.HandOutForm(),
        "enter_form": slip_forms.EnterForm(),
        "spoil_form": slip_forms.SpoilForm(),
    }
    fair = g.fair.id
    lists = {"missing": list_missing_slips(fair), "at_desk": slips_at_desk(fair)}
    lists |= {"spoiled": list_spoiled_slips(fair), "entered": list_entered_slips(fair)}
    return render_template(
        "deals/slips.html",
        counts=slip_counts(fair),
        fresh=fresh,
        slip_code=slip_code,
        **lists,
        **forms | posted,
    )


@blueprint.post("/desk/deals/slips/print")
@requires(P.MANAGE_DEALS)
def print_slips() -> ResponseReturnValue:
    form = slip_forms.PrintForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            made = slips_services.print_slips(actor=g.actor, fair=g.fair, count=form.count.data or 0)
        if saved.ok:
            flash(_("Slips %(numbers)s are ready to print.", numbers=str(made)), "good")
            return redirect(url_for(".slips", first=made.first, last=made.last))
    return slips_page(print_form=form)


@blueprint.get("/desk/deals/slips/<int:first>-<int:last>.pdf")
@requires(P.MANAGE_DEALS)
def slips_file(first: int, last: int) -> Response:
    """Send the sheets of printed numbers, once more when the printer ate them: a number is entered once anyway."""
    wanted = NumberRange(first, last)
    if not (0 < first <= last <= MAX_NUMBER) or wanted.count > MAX_AT_ONCE:
        abort(404)
    if len(slips_in_range(g.fair.id, wanted)) != wanted.count:
        abort(404)
    name = f"{g.fair.code}-slips-{slip_code(first)}.pdf"
    heads = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(slips_pdf(g.fair, wanted), mimetype="application/pdf", headers=heads)


@blueprint.post("/desk/deals/slips/hand-out")
@requires(P.MANAGE_DEALS)
def hand_out() -> ResponseReturnValue:
    form = slip_forms.HandOutForm()
    if form.validate_on_submit():
        holder = form.holder.data or ""
        exhibitor = exhibitor_by_name(g.fair.id, holder)
        with form.saving() as saved:
            hand_out_slips(
                actor=g.actor,
                fair=g.fair,
                numbers=form.numbers,
                holder=holder,
                exhibitor_id=exhibitor.id if exhibitor else None,
            )
        if saved.ok:
            flash(_("Slips %(numbers)s are with %(holder)s.", numbers=str(form.numbers), holder=holder), "good")
            return redirect(url_for(".slips"))
    return slips_page(hand_form=form)


@blueprint.post("/desk/deals/slips/enter")
@requires(P.MANAGE_DEALS)
def enter_slip() -> ResponseReturnValue:
    form = slip_forms.EnterForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            usable_slip(g.fair.id, form.slip.number)
        if saved.ok:
            return redirect(url_for(".declare_deal", slip=slip_code(form.slip.number)))
    return slips_page(enter_form=form)


@blueprint.post("/desk/deals/slips/spoil")
@requires(P.MANAGE_DEALS)
def spoil_slip() -> ResponseReturnValue:
    form = slip_forms.SpoilForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            slips_services.spoil_slip(
                actor=g.actor, fair=g.fair, number=form.slip.number, reason=form.reason.data or ""
            )
        if saved.ok:
            flash(_("Slip %(code)s is crossed out.", code=slip_code(form.slip.number)), "good")
            return redirect(url_for(".slips"))
    return slips_page(spoil_form=form)


@blueprint.post("/desk/deals/slips/<int:number>/restore")
@requires(P.MANAGE_DEALS)
def restore_slip(number: int) -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        with transaction():
            slips_services.restore_slip(actor=g.actor, fair=g.fair, number=number)
        flash(_("Slip %(code)s can be used again.", code=slip_code(number)), "good")
    return redirect(url_for(".slips"))
