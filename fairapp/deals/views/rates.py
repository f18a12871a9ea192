"""Exchange rates at the desk: the locked set, what it lacks, and putting a wrong one right."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.deals.blueprint import blueprint
from fairapp.deals.rates import services
from fairapp.deals.rates.forms import CorrectRateForm, RateForm, missing_rate_form
from fairapp.deals.rates.queries import currencies_without_rate, list_rates, list_replaced_rates, rate_by_id, rate_set
from fairapp.deals.views.context import template_context


@blueprint.route("/desk/deals/rates", methods=["GET", "POST"])
@requires(P.MANAGE_DEALS)
def rates() -> ResponseReturnValue:
    locked = rate_set(g.fair.id)
    form = missing_rate_form(locked.policy if locked else g.fair.rate_policy)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.add_rate(
                actor=g.actor,
                fair=g.fair,
                currency=form.currency.data,
                units_per_usd=form.units,
                source=form.source.data,
                valid_on=form["signed_on"].data if "signed_on" in form else None,
            )
        if saved.ok:
            flash(_("The rate is locked, and the deals that waited for it are converted."), "good")
            return redirect(url_for(".rates"))
    return rates_page(form)


def rates_page(form: RateForm) -> str:
    """Show the locked set, what waits for a rate, and the form for one."""
    return render_template(
        "deals/rates.html",
        form=form,
        rate_set=rate_set(g.fair.id),
        rates=list_rates(g.fair.id),
        replaced=list_replaced_rates(g.fair.id),
        waiting=currencies_without_rate(g.fair.id),
        **template_context(),
    )


@blueprint.post("/desk/deals/rates/lock")
@requires(P.MANAGE_DEALS)
def lock_rates() -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        with transaction():
            services.lock_rates(actor=g.actor, fair=g.fair)
        flash(_("The rates are locked."), "good")
    return redirect(url_for(".rates"))


@blueprint.route("/desk/deals/rates/<uuid:rate_id>", methods=["GET", "POST"])
@requires(P.MANAGE_DEALS)
def correct_rate(rate_id: UUID) -> ResponseReturnValue:
    """Put a wrong rate right: each deal it priced gets an entry; what was published stays."""
    rate = rate_by_id(g.fair.id, rate_id) or abort(404)
    form = CorrectRateForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            right = {"units_per_usd": form.units, "source": form.source.data, "reason": form.reason.data}
            services.correct_rate(actor=g.actor, fair=g.fair, rate=rate, **right)
        if saved.ok:
            flash(_("The rate is corrected. The next publication explains what it moves."), "good")
            return redirect(url_for(".rates"))
    return render_template("deals/rate.html", form=form, rate=rate)
