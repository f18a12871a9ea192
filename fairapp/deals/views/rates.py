"""Exchange rates at the desk: the locked set, what it lacks, and what one person prepares and another releases."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.text.currencies import currencies_valid
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.deals.blueprint import blueprint
from fairapp.deals.rates import labels as rate_labels
from fairapp.deals.rates import proposal_services, queries, services
from fairapp.deals.rates.forms import PrepareRateForm, RefuseRateForm, UnseenRateForm, choose_rate_form
from fairapp.deals.rates.models import FxRate
from fairapp.deals.views.context import template_context
from fairapp.fairs.models import RatePolicy


@blueprint.get("/desk/deals/rates")
@requires(P.RELEASE_RATES)
def rates() -> str:
    """Show the locked set, what waits for a rate and for a release, and every rate there was."""
    locked = queries.rate_set(g.fair.id)
    return render_template(
        "deals/rates.html",
        form=choose_rate_form(locked.policy if locked else g.fair.rate_policy),
        rate_set=locked,
        rates=queries.list_rates(g.fair.id),
        replaced=[entry for entry in queries.rate_histories(g.fair.id) if entry.replaced_by],
        proposals=queries.list_proposals(g.fair.id),
        waiting=queries.currencies_without_rate(g.fair.id),
        rate_labels=rate_labels,
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


@dataclass(frozen=True)
class ChosenRate:
    """The currency and day a page is about, and the rate in force (None: the set lacks it)."""

    currency: str
    day: date
    in_force: FxRate | None


def chosen_rate() -> ChosenRate | None:
    """Return what the address names, None when it names no rate of the locked set."""
    locked = queries.rate_set(g.fair.id)
    currency = request.args.get("currency", "")
    if locked is None or currency not in currencies_valid(g.fair.starts_on, g.fair.ends_on) or currency == "USD":
        return None
    day = locked.fixed_on
    if locked.policy == RatePolicy.SIGNING_DAY:
        try:
            day = date.fromisoformat(request.args.get("day", ""))
        except ValueError:
            return None
    return ChosenRate(currency, day, queries.rate_by_day(g.fair.id, currency, day))


@blueprint.route("/desk/deals/rates/prepare", methods=["GET", "POST"])
@requires(P.MANAGE_DEALS)
def prepare_rate() -> ResponseReturnValue:
    """Prepare a rate that is missing or wrong; another person releases it."""
    chosen = chosen_rate()
    if chosen is None:
        flash(_("Choose a currency of the locked set, and a day of the fair where each day has its rate."), "attention")
        return redirect(url_for(".rates"))
    seen = chosen.in_force.id.hex if chosen.in_force else ""
    form = PrepareRateForm(chosen.currency, data={"observed_on": chosen.day, "seen": seen})
    if form.validate_on_submit():
        with form.saving() as saved:
            about: dict[str, Any] = {"currency": chosen.currency, "valid_on": chosen.day} | form.values
            proposal = proposal_services.prepare_rate(actor=g.actor, fair=g.fair, **about)
        if saved.ok:
            flash(_("The rate is prepared. Nothing changes until another person releases it."), "good")
            return redirect(url_for(".rate_proposal", proposal_id=proposal.id))
    return render_template("deals/rate.html", form=form, chosen=chosen, rate_labels=rate_labels)


@blueprint.get("/desk/deals/rates/proposals/<uuid:proposal_id>")
@requires(P.RELEASE_RATES)
def rate_proposal(proposal_id: UUID) -> str:
    """Show a prepared rate and what can be done about it; one to be typed unseen shows no number."""
    return proposal_page(proposal_id, UnseenRateForm())


def proposal_page(proposal_id: UUID, form: UnseenRateForm, **more: Any) -> str:
    """Show a proposal; `more` may hold its effect and the number that was typed unseen."""
    proposed = queries.proposal_by_id(g.fair.id, proposal_id) or abort(404)
    return render_template(
        "deals/rate_proposal.html",
        proposed=proposed,
        proposal=proposed.proposal,
        is_mine=proposed.proposal.prepared_by_id == g.actor.user_id,
        is_hidden=proposed.is_hidden_from(g.actor.user_id) and "effect" not in more,
        form=form,
        refuse=RefuseRateForm(formdata=None),
        rate_labels=rate_labels,
        **more,
    )


@blueprint.post("/desk/deals/rates/proposals/<uuid:proposal_id>/check")
@requires(P.RELEASE_RATES)
def check_rate(proposal_id: UUID) -> ResponseReturnValue:
    """Show what releasing a prepared rate would do, once it was typed unseen where that is asked for."""
    form = UnseenRateForm()
    effect: queries.RateEffect | None = None
    if not form.validate_on_submit():
        return proposal_page(proposal_id, form)
    with form.saving() as saved:
        about: dict[str, Any] = {"proposal_id": proposal_id, "typed": form.typed}
        effect = proposal_services.preview_release(actor=g.actor, fair=g.fair, **about)
    if not saved.ok:
        return proposal_page(proposal_id, form)
    if effect is None:
        return redirect_to_difference(proposal_id)
    return proposal_page(proposal_id, form, effect=effect)


@blueprint.post("/desk/deals/rates/proposals/<uuid:proposal_id>/release")
@requires(P.RELEASE_RATES)
def release_rate(proposal_id: UUID) -> ResponseReturnValue:
    """Put a prepared rate in force, exactly as it was shown."""
    form = UnseenRateForm()
    rate: FxRate | None = None
    if form.validate_on_submit():
        about: dict[str, Any] = {"proposal_id": proposal_id, "effect": form.effect.data or "", "typed": form.typed}
        with form.saving() as saved:
            rate = proposal_services.release_rate(actor=g.actor, fair=g.fair, **about)
        if saved.ok and rate is None:
            return redirect_to_difference(proposal_id)
        if saved.ok:
            flash(_("The rate is released, and the deals it prices are converted."), "good")
            return redirect(url_for(".rate_proposal", proposal_id=proposal_id))
    return proposal_page(proposal_id, form)


def redirect_to_difference(proposal_id: UUID) -> ResponseReturnValue:
    """Say that the rate typed unseen is another one: nothing was released, and the page shows both."""
    flash(_("You typed another rate than was prepared. Nothing is released; both stand below."), "attention")
    return redirect(url_for(".rate_proposal", proposal_id=proposal_id))


@blueprint.post("/desk/deals/rates/proposals/<uuid:proposal_id>/refuse")
@requires(P.RELEASE_RATES)
def refuse_rate(proposal_id: UUID) -> ResponseReturnValue:
    """End a proposal without a release, and say why; its preparer withdraws it so."""
    if queries.proposal_by_id(g.fair.id, proposal_id) is None:
        abort(404)
    form = RefuseRateForm()
    if form.validate_on_submit():
        with form.saving():
            note = form.note.data or ""
            proposal_services.refuse_rate(actor=g.actor, fair=g.fair, proposal_id=proposal_id, note=note)
    for refusal in [*form.form_errors, *form.note.errors]:
        flash(str(refusal), "attention")
    if not form.errors:
        flash(_("The rate is not released. The reason stays with it."), "good")
    return redirect(url_for(".rate_proposal", proposal_id=proposal_id))
