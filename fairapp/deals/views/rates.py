"""Putting a wrong rate right."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.access import requires
from fairapp.core.i18n import _
from fairapp.deals import queries, services
from fairapp.deals.rate_forms import CorrectRateForm
from fairapp.deals.views.blueprint import blueprint


@blueprint.route("/desk/deals/rates/<uuid:rate_id>", methods=["GET", "POST"])
@requires(P.MANAGE_DEALS)
def correct_rate(rate_id: UUID) -> ResponseReturnValue:
    """Each deal the rate priced gets an entry; what was published stays."""
    rate = queries.rate_by_id(g.fair.id, rate_id) or abort(404)
    form = CorrectRateForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            right = {"units_per_usd": form.units, "source": form.source.data, "reason": form.reason.data}
            services.correct_rate(actor=g.actor, fair=g.fair, rate=rate, **right)
        if saved.ok:
            flash(_("The rate is corrected. The next publication explains what it moves."), "good")
            return redirect(url_for(".rates"))
    return render_template("deals/rate.html", form=form, rate=rate)
