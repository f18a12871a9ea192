"""Pages of counting: profiles side by side, settings, groups and names of countries, the last edition."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import snapshot, transaction
from fairapp.core.text.i18n import _, country_name
from fairapp.core.text.money import to_minor
from fairapp.core.web.access import requires
from fairapp.core.web.forms import ConfirmForm, Form
from fairapp.core.web.task_views import own_tasks, state_text
from fairapp.gates.counting import figures as gates
from fairapp.reports.blueprint import blueprint
from fairapp.reports.counting import forms, services
from fairapp.reports.counting.country_groups import CountryGroup, list_country_names, list_groups
from fairapp.reports.counting.labels import figure_names, percent_text
from fairapp.reports.counting.last_edition import HEADLINE, last_edition
from fairapp.reports.counting.profile_queries import figures_by_profile
from fairapp.reports.counting.settings_queries import small_cells
from fairapp.reports.workbook.vocabulary import EXCLUSION_REASONS, localised_words

_MAX_FILE = 20 * 1024 * 1024
blueprint.add_app_template_filter(percent_text, "percent")


# --- profiles --------------------------------------------------------------------------------


@blueprint.get("/counting/")
@requires(P.SEE_FIGURES)
def profiles() -> str:
    """Show every profile beside the others: what it counts, and why it differs."""
    return _profiles([])


@blueprint.post("/counting/recount")
@requires(P.SEE_FIGURES)
def recount() -> str:
    """Show the five figures beside a recount from every scan; nothing is written."""
    return _profiles(gates.recount_checks(g.fair.id))


def _profiles(checks: list[tuple[str, int, int]]) -> str:
    with snapshot():
        profiles = figures_by_profile(g.fair)
    packs = [(task, state_text(task)) for task in own_tasks("audit_pack")] if g.actor.may(P.TAKE_AUDIT_PACK) else []
    return render_template(
        "reports/profiles.html",
        profiles=profiles,
        checks=checks,
        packs=packs,
        words=figure_names(),
        reasons={code: localised_words(words) for code, words in EXCLUSION_REASONS.items()},
        form=ConfirmForm(),
    )


@blueprint.route("/counting/settings", methods=["GET", "POST"])
@requires(P.MANAGE_FAIR)
def settings() -> ResponseReturnValue:
    """Show and change the profile, and which numbers are kept back."""
    data = {"profile": g.fair.counting_profile, "small_cells": small_cells(g.fair.id)}
    form = forms.CountingForm(data=data)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_counting(
                actor=g.actor, fair=g.fair, profile=form.profile.data, small_cells=form.small_cells.data or 0
            )
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("reports.profiles"))
    return render_template("reports/counting_settings.html", form=form, tab="settings")


def _values(form: Form) -> dict[str, Any]:
    return {name: value for name, value in form.data.items() if name != "csrf_token"}


# --- groups and names of countries ----------------------------------------------------------------


@blueprint.route("/counting/groups", methods=["GET", "POST"])
@requires(P.MANAGE_FAIR)
def country_groups() -> ResponseReturnValue:
    """Show the lists of countries, dated and named, and a form for one more."""
    form = forms.NewCountryGroupForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            services.add_country_group(actor=g.actor, fair=g.fair, **_values(form))
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("reports.country_groups"))
    groups = list_groups(g.fair.id)
    return render_template("reports/country_groups.html", form=form, groups=groups, say=localised_words, tab="groups")


@blueprint.route("/counting/groups/<key>", methods=["GET", "POST"])
@requires(P.MANAGE_FAIR)
def country_group(key: str) -> ResponseReturnValue:
    """Show and change one list: its names, its day, its source and its members."""
    group = _group_or_404(key)
    data = {"name_zh": group.name.zh, "name_en": group.name.en, "as_of": group.as_of, "source": group.source}
    form = forms.CountryGroupForm(data=data | {"members": " ".join(sorted(group.members))})
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_country_group(actor=g.actor, fair=g.fair, key=group.key, **_values(form))
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("reports.country_groups"))
    members = sorted(country_name(code) for code in group.members)
    return render_template(
        "reports/country_group.html",
        form=form,
        group=group,
        members=members,
        say=localised_words,
        confirm=ConfirmForm(),
    )


@blueprint.post("/counting/groups/<key>/restore")
@requires(P.MANAGE_FAIR)
def restore_country_group(key: str) -> ResponseReturnValue:
    """Take back the list that came with the program."""
    with transaction():
        services.restore_country_group(actor=g.actor, fair=g.fair, key=_group_or_404(key).key)
    flash(_("The list that came with the program stands again; a list of your own is gone."), "good")
    return redirect(url_for("reports.country_groups"))


def _group_or_404(key: str) -> CountryGroup:
    return next((group for group in list_groups(g.fair.id) if group.key == key), None) or abort(404)


@blueprint.route("/counting/names", methods=["GET", "POST"])
@requires(P.MANAGE_FAIR)
def country_names() -> ResponseReturnValue:
    """Show and change what countries and regions are called in this fair's tables."""
    form = forms.CountryNameForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_country_name(actor=g.actor, fair=g.fair, **_values(form))
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("reports.country_names"))
    return render_template("reports/country_names.html", form=form, own=list_country_names(g.fair.id), tab="names")


# --- the last edition ----------------------------------------------------------------------------


@blueprint.route("/counting/last-edition", methods=["GET", "POST"])
@requires(P.MANAGE_FAIR)
def last_edition_figures() -> ResponseReturnValue:
    """Show the last edition's figures, typed one by one; a workbook of then fills them at once."""
    edition = last_edition(g.fair.id)
    form = forms.LastEditionForm.with_figures(edition.figures if edition else {}, figure_names())(obj=edition)
    if form.validate_on_submit():
        with form.saving() as saved:
            services.record_last_edition(actor=g.actor, fair=g.fair, **_typed(form))
        if saved.ok:
            flash(_("Saved."), "good")
            return redirect(url_for("reports.last_edition_figures"))
    file = forms.WorkbookForm(formdata=None)
    return render_template("reports/last_edition.html", form=form, file=file, edition=edition, tab="last")


def _typed(form: Any) -> dict[str, Any]:
    headline = {name: form[forms.field_name(name)].data for name in HEADLINE}
    minor = {
        name: to_minor(value, "USD") if HEADLINE[name] and value is not None else value
        for name, value in headline.items()
    }
    return {"name_zh": form.name_zh.data or "", "name_en": form.name_en.data or "", "headline": minor}


@blueprint.post("/counting/last-edition/workbook")
@requires(P.MANAGE_FAIR)
def import_last_edition() -> ResponseReturnValue:
    """Read the figures of an earlier workbook."""
    file = forms.WorkbookForm()
    if file.validate_on_submit():
        upload = request.files["file"]
        content = upload.stream.read(_MAX_FILE + 1)
        with file.saving() as saved:
            name = upload.filename or ""
            _read, left_out = services.import_last_edition(actor=g.actor, fair=g.fair, content=content, filename=name)
        if saved.ok:
            flash(_("The figures of the last edition are read."), "good")
            if left_out:
                flash(
                    _("Too long to be read, and left out: sheets %(numbers)s", numbers=", ".join(left_out)), "attention"
                )
            return redirect(url_for("reports.last_edition_figures"))
    edition = last_edition(g.fair.id)
    form_class = forms.LastEditionForm.with_figures(edition.figures if edition else {}, figure_names())
    form = form_class(formdata=None, obj=edition)
    return render_template("reports/last_edition.html", form=form, file=file, edition=edition, tab="last")
