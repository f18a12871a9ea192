"""Putting a wrong rate right."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.deals.blueprint import blueprint
from fairapp.deals.rates import services as rates_services
from fairapp.deals.rates.forms import CorrectRateForm
from fairapp.deals.rates.queries import rate_by_id


@blueprint.route("/desk/deals/rates/<uuid:rate_id>", methods=["GET", "POST"])
@requires(P.MANAGE_DEALS)
def correct_rate(rate_id: UUID) -> ResponseReturnValue:
    """Each deal the rate priced gets an entry; what was published stays."""
    rate = rate_by_id(g.fair.id, rate_id) or abort(404)
    form = CorrectRateForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            right = {"units_per_usd": form.units, "source": form.source.data, "reason": form.reason.data}
            rates_services.correct_rate(actor=g.actor, fair=g.fair, rate=rate, **right)
        if saved.ok:
            flash(_("The rate is corrected. The next publication explains what it moves."), "good")
            return redirect(url_for(".rates"))
    return render_template("deals/rate.html", form=form, rate=rate)
