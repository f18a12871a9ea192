"""Rates and ledger: the locked set, what it lacks, the head of the chain and its verification."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.access import requires
from fairapp.core.db import transaction
from fairapp.core.forms import ConfirmForm
from fairapp.core.i18n import _
from fairapp.deals import forms, queries, services
from fairapp.deals.views.blueprint import blueprint
from fairapp.deals.views.parts import common


@blueprint.route("/desk/deals/rates", methods=["GET", "POST"])
@requires(P.MANAGE_DEALS)
def rates() -> ResponseReturnValue:
    form = forms.RateForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            services.add_rate(
                actor=g.actor,
                fair=g.fair,
                currency=form.currency.data,
                units_per_usd=form.units,
                source=form.source.data,
            )
        if saved.ok:
            flash(_("The rate is locked, and the deals that waited for it are converted."), "good")
            return redirect(url_for(".rates"))
    return rates_page(form)


def rates_page(form: forms.RateForm) -> str:
    """The locked set, what waits for a rate, and the form for one."""
    return render_template(
        "deals/rates.html",
        form=form,
        rate_set=queries.rate_set(g.fair.id),
        rates=queries.rates_of(g.fair.id),
        waiting=queries.currencies_without_rate(g.fair.id),
        **common(),
    )


@blueprint.post("/desk/deals/rates/lock")
@requires(P.MANAGE_DEALS)
def lock_rates() -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        with transaction():
            services.lock_rates(actor=g.actor, fair=g.fair)
        flash(_("The rates are locked."), "good")
    return redirect(url_for(".rates"))


@blueprint.get("/desk/deals/ledger")
@requires(P.SEE_DEALS)
def ledger() -> str:
    entries, head = queries.ledger_head(g.fair.id)
    checks = queries.ledger_checks(g.fair.id)
    return render_template("deals/ledger.html", entries=entries, head=head, checks=checks, **common())


@blueprint.post("/desk/deals/ledger/verify")
@requires(P.SEE_DEALS)
def verify_ledger() -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        report = queries.ledger_report(g.fair.id)
        with transaction():
            services.record_check(actor=g.actor, fair=g.fair, report=report)
        for one in report.broken[:20]:
            flash(_("Entry %(seq)s %(problem)s.", seq=one.seq, problem=queries.problem_word(one.problem)), "stop")
        if report.ok:
            flash(_("The ledger is whole: %(entries)s entries.", entries=report.entries), "good")
    return redirect(url_for(".ledger"))
