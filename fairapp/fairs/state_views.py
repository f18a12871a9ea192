"""The states of an edition with their dates, what is allowed now, and reopening or holding one."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.fairs.blueprint import blueprint
from fairapp.fairs.queries import today_at
from fairapp.fairs.services import change_fair
from fairapp.fairs.states import labels, queries, rules, services
from fairapp.fairs.states.enums import FairAct
from fairapp.fairs.states.forms import DatesForm, StateForm
from fairapp.fairs.venue.lists import settings_tabs

# what pages of every feature ask before they offer a form
blueprint.add_app_template_global(lambda act: queries.standing_now(g.fair, FairAct(act)), "standing")
blueprint.add_app_template_filter(labels.standing_text, "standing_text")


@blueprint.route("/fairs/<fair>/desk/settings/states", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def states() -> ResponseReturnValue:
    """Show the states, their dates and what is allowed now; store other dates."""
    form = DatesForm.for_record(obj=g.fair)
    if form.validate_on_submit():
        with form.saving() as saved:
            change_fair(actor=g.actor, fair=g.fair, **form.changes())
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("fairs.states"))
    return _states_page(form, StateForm(formdata=None))


@blueprint.post("/fairs/<fair>/desk/settings/states/set")
@requires(Permission.MANAGE_FAIR)
def set_state() -> ResponseReturnValue:
    """Reopen or hold a state for a reason, or let the dates decide again."""
    form = StateForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            chosen, until = form.chosen_state, form.until.data
            services.set_state(actor=g.actor, fair=g.fair, state=chosen, reason=form.reason.data or "", until=until)
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("fairs.states"))
    return _states_page(DatesForm.for_record(obj=g.fair), form)


def _states_page(dates: DatesForm, state: StateForm) -> str:
    return render_template(
        "fairs/states.html",
        form=dates,
        state_form=state,
        now=queries.state_now(g.fair),
        spans=rules.spans(g.fair),
        is_set=rules.state_by_hand(g.fair, today_at(g.fair)) is not None,
        standings=queries.standings_now(g.fair),
        names=labels.STATES,
        tabs=settings_tabs("states"),
    )
