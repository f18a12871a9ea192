"""The fair's public face, and its settings."""

from flask import Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.text.i18n import _
from fairapp.core.web.access import public, requires
from fairapp.fairs import forms, queries, rules, services
from fairapp.fairs.blueprint import blueprint
from fairapp.fairs.booths.queries import booth_counts_by_hall
from fairapp.fairs.labels import PHASES, dates_text, short_day
from fairapp.fairs.models import Fair
from fairapp.fairs.venue import queries as venue
from fairapp.fairs.venue.lists import settings_tabs

blueprint.add_app_template_filter(dates_text, "dates")
blueprint.add_app_template_filter(short_day, "short_day")


@blueprint.get("/")
@public
def front() -> ResponseReturnValue:
    """Show every public fair, and those one works for."""
    own = [] if g.actor.is_anonymous else queries.fairs_of(g.actor)
    groups = queries.group_by_phase(queries.public_fairs())
    return render_template("fairs/front.html", groups=groups, mine=own, phases=PHASES)


@blueprint.get("/fairs/<fair>")
@public
def home() -> ResponseReturnValue:
    """Show a fair: where and when it is, and the ways in."""
    _hide_unpublished_fair(g.fair)
    return render_template(
        "fairs/home.html",
        days=queries.fair_days(g.fair),
        phase=queries.fair_phase(g.fair),
        phases=PHASES,
        halls=venue.halls(g.fair),
        booths=booth_counts_by_hall(g.fair),
    )


def _hide_unpublished_fair(fair: Fair) -> None:
    if not fair.is_public and not g.actor.roles:
        abort(404)


@blueprint.get("/fairs/<fair>/accent.css")
@public
def accent() -> ResponseReturnValue:
    """Send the fair's colour as two that can be read: on light and on dark paper."""
    light = rules.legible_colour(g.fair.accent, rules.LIGHT_PAPER)
    dark = rules.legible_colour(g.fair.accent, rules.DARK_PAPER)
    sheet = f":root {{ --accent-light: {light}; --accent-dark: {dark}; }}\n"
    return Response(sheet, mimetype="text/css", headers={"Cache-Control": "public, max-age=3600"})


@blueprint.route("/fairs/new", methods=["GET", "POST"])
@requires(Permission.CREATE_FAIRS)
def new_fair() -> ResponseReturnValue:
    """Show the form of a new fair; whoever stores it is its organiser."""
    form = forms.NewFairForm(data=forms.NEW_FAIR)
    if form.validate_on_submit():
        with form.saving() as saved:
            fair = services.create_fair(actor=g.actor, **form.values())
        if saved.ok:
            flash(_("The fair is made. Next: its halls, booths and gates."), "good")
            return redirect(url_for("fairs.parts", fair=fair.code, part="halls"))
    return render_template("fairs/new.html", form=form)


@blueprint.route("/fairs/<fair>/desk/settings", methods=["GET", "POST"])
@requires(Permission.MANAGE_FAIR)
def settings() -> ResponseReturnValue:
    """Show names, days, hours, capacity, privacy; store what is changed."""
    form = forms.SettingsForm.for_record(obj=g.fair)
    form.set_edition_choices(queries.earlier_editions(g.actor, g.fair))
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_fair(actor=g.actor, fair=g.fair, **form.changes())
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("fairs.settings"))
    return render_template("fairs/settings.html", form=form, tabs=settings_tabs("general"))


@blueprint.get("/fairs/<fair>/desk/settings/notices")
@requires(Permission.MANAGE_FAIR)
def notices() -> ResponseReturnValue:
    """Show every version of the privacy notice, as people read it."""
    return render_template("fairs/notices.html", notices=queries.privacy_notices(g.fair), tabs=settings_tabs("general"))
