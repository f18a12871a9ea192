"""An exhibitor's own pages, made for a phone: its team."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.accounts.services import withdraw_role
from fairapp.accounts.sign_in.rate_limits import count_attempt
from fairapp.core.text.i18n import _, localised
from fairapp.core.web.access import requires
from fairapp.exhibitors import queries
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.pages import press_button
from fairapp.exhibitors.team import forms, services
from fairapp.exhibitors.team.queries import member_visible_to, team_of


@blueprint.route("/my/team", methods=["GET", "POST"])
@requires(Permission.OWN_BOOTH)
def my_team() -> ResponseReturnValue:
    """Show who speaks for the own company; invite a person."""
    exhibitor = queries.exhibitor_of(g.actor, g.fair)
    if exhibitor is None:
        return render_template("exhibitors/no_exhibitor.html")
    form = forms.MemberForm()
    if form.validate_on_submit():
        count_attempt("invite", form.email.data)
        with form.saving() as saved:
            services.invite_team_member(actor=g.actor, fair=g.fair, exhibitor=exhibitor, **form.arguments())
        if saved.ok:
            flash(_("%(name)s is invited by mail.", name=form.name.data), "good")
            return redirect(url_for("exhibitors.my_team"))
    team, others = team_of(exhibitor), queries.exhibitors_of(g.actor, g.fair)[1:]
    return render_template("exhibitors/my_team.html", form=form, exhibitor=exhibitor, team=team, others=others)


@blueprint.post("/my/act-for/<uuid:exhibitor_id>")
@requires(Permission.OWN_BOOTH)
def act_for(exhibitor_id: UUID) -> ResponseReturnValue:
    """Act for another of the own companies from now on."""
    ours = queries.exhibitors_of(g.actor, g.fair)
    exhibitor = next((exhibitor for exhibitor in ours if exhibitor.id == exhibitor_id), None) or abort(404)
    return press_button(
        lambda: services.choose_exhibitor(actor=g.actor, exhibitor=exhibitor),
        _("You act for %(name)s now.", name=localised(exhibitor)),
    )


@blueprint.post("/my/team/<uuid:grant_id>/withdraw")
@requires(Permission.OWN_BOOTH)
def withdraw_member(grant_id: UUID) -> ResponseReturnValue:
    """Take a person out of the team, or leave it."""
    grant = member_visible_to(g.actor, g.fair, grant_id) or abort(404)
    leaves = grant.user_id == g.actor.user_id
    named = _("%(name)s is no longer in your team.", name=grant.user.name)
    return press_button(
        lambda: withdraw_role(actor=g.actor, grant=grant),
        _("You have left the team.") if leaves else named,
        back="/" if leaves else url_for("exhibitors.my_team"),
    )
