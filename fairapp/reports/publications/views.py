"""Pages of publications: published and waiting ones, and the addresses that are told."""

from itertools import chain

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.data.files import download
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.core.web.task_views import own_tasks, state_text
from fairapp.reports.blueprint import blueprint
from fairapp.reports.figures import current_figures
from fairapp.reports.publications import services
from fairapp.reports.publications.forms import MailingForm, PrepareForm, RefuseForm
from fairapp.reports.publications.jobs import start_publication, start_rebuild
from fairapp.reports.publications.labels import usual_labels
from fairapp.reports.publications.page import cached_content, front_page, list_sheet_pages, sheet_page
from fairapp.reports.publications.queries import (
    DecidedPublication,
    list_publications,
    mailing_of,
    publication_visible_to,
    publications_visible_to,
    workbook_file,
)


def publication_or_404(number: int) -> DecidedPublication:
    """Return a publication this person may see."""
    return publication_visible_to(g.actor, number) or abort(404)


@blueprint.get("/publications")
@requires(P.SEE_PUBLICATIONS)
def publications() -> str:
    """Show the list, and the newest that stands with its headline, tables and charts."""
    entries = list_publications(publications_visible_to(g.actor))
    newest = next((entry for entry in entries if entry.published_at), None)
    tasks = [(task, state_text(task)) for task in own_tasks("publication")[:1] if task.state != "done"]
    front = front_page(newest.publication) if newest else None
    return render_template("reports/publications.html", publications=entries, newest=newest, front=front, tasks=tasks)


@blueprint.get("/publications/<int:number>")
@requires(P.SEE_PUBLICATIONS)
def publication(number: int) -> str:
    """Show one publication: its proof, its figures, and what can be done about it."""
    entry = publication_or_404(number)
    return render_template(
        "reports/publication.html",
        entry=entry,
        publication=entry.publication,
        front=front_page(entry.publication),
        root=cached_content(entry.publication)["stamp"].ledger_root,
        form=ConfirmForm(),
        refuse=RefuseForm(),
        mine=entry.publication.prepared_by_id == g.actor.user_id,
        tasks=[(task, state_text(task)) for task in own_tasks("again")[:1]],
    )


@blueprint.get("/publications/<int:number>/<int:sheet>")
@requires(P.SEE_PUBLICATIONS)
def publication_sheet(number: int, sheet: int) -> str:
    """Show a table of the publication, read from what it kept."""
    entry = publication_or_404(number)
    pages = list_sheet_pages(entry.publication)
    if sheet not in pages:
        abort(404)
    view = sheet_page(entry.publication, sheet)
    return render_template(
        "reports/publication_sheet.html", publication=entry.publication, sheet=view, heading=pages[sheet]
    )


@blueprint.get("/publications/<int:number>/workbook")
@requires(P.SEE_PUBLICATIONS)
def publication_workbook(number: int) -> ResponseReturnValue:
    """Send the file as it was prepared; when it is gone, or is another one, it is made again by a task."""
    file = workbook_file(publication_or_404(number).publication)
    if file is None:
        flash(_("The file that was prepared is not here. Make it again: it will be the same."), "attention")
        return redirect(url_for("reports.publication", number=number))
    return download(file)


@blueprint.post("/publications/<int:number>/again")
@requires(P.SEE_PUBLICATIONS)
def publication_again(number: int) -> ResponseReturnValue:
    """Make the workbook anew from the ledger and compare."""
    with transaction():
        task = start_rebuild(actor=g.actor, publication=publication_or_404(number).publication)
    return redirect(url_for("tasks.task", task_id=task.id))


@blueprint.route("/publications/prepare", methods=["GET", "POST"])
@requires(P.PREPARE_PUBLICATIONS)
def prepare_publication() -> ResponseReturnValue:
    """Cut the figures off now and draw a publication up; another person approves it."""
    form = PrepareForm(data=usual_labels(g.fair))
    if form.validate_on_submit():
        labels = {"label_zh": form.label_zh.data, "label_en": form.label_en.data}
        with transaction():
            task = start_publication(actor=g.actor, fair=g.fair, **labels)
        return redirect(url_for("tasks.task", task_id=task.id))
    return render_template("reports/publication_prepare.html", form=form, figures=current_figures(g.fair))


@blueprint.post("/publications/<int:number>/approve")
@requires(P.APPROVE_PUBLICATIONS)
def approve_publication(number: int) -> ResponseReturnValue:
    """Publish what another person prepared."""
    try:
        with transaction():
            entry = publication_or_404(number)
            services.approve_publication(actor=g.actor, fair=g.fair, publication=entry.publication)
        flash(_("Publication %(number)s is out.", number=number), "good")
    except DomainError as refusal:
        flash(str(refusal.message), "attention")
    return redirect(url_for("reports.publication", number=number))


@blueprint.post("/publications/<int:number>/refuse")
@requires(P.APPROVE_PUBLICATIONS)
def refuse_publication(number: int) -> ResponseReturnValue:
    """Leave it unpublished, and say why."""
    form = RefuseForm()
    if form.validate_on_submit():
        with form.saving():
            publication = publication_or_404(number).publication
            services.refuse_publication(actor=g.actor, publication=publication, reason=form.reason.data or "")
    for refusal in chain(*form.errors.values()):
        flash(str(refusal), "attention")
    if not form.errors:
        flash(_("Publication %(number)s will not come out.", number=number), "good")
    return redirect(url_for("reports.publication", number=number))


@blueprint.route("/publications/mailing", methods=["GET", "POST"])
@requires(P.MANAGE_FAIR)
def publication_mailing() -> ResponseReturnValue:
    """Show and change who is told when something is published."""
    form = MailingForm(obj=mailing_of(g.fair.id))
    if form.validate_on_submit():
        with form.saving() as saved:
            services.change_mailing(actor=g.actor, fair=g.fair, **form.values())
        if saved.ok:
            flash(_("From now on these addresses are told."), "good")
            return redirect(url_for("reports.publications"))
    return render_template("reports/publication_mailing.html", form=form)
