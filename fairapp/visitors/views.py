"""Pages about visitors: registering, one's own badge, the desk, the stand's staff."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.accounts.sign_in.rate_limits import spend_try
from fairapp.core.data.db import transaction
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.jobs.queue import start_task
from fairapp.core.text.i18n import _, current_locale
from fairapp.core.web.access import Actor, public, requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.fairs.queries import visitor_categories
from fairapp.visitors import filters, forms, labels, pages, queries, rules, services
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.badges import pdf as badge_pdf
from fairapp.visitors.erasure import services as erasure
from fairapp.visitors.jobs import print_badges
from fairapp.visitors.models import Visitor

blueprint = Blueprint("visitors", __name__, url_prefix="/fairs/<fair>")
ONESELF = "visitor"


# --- the public ------------------------------------------------------------------------------


@blueprint.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    only_if_shown()
    form = forms.RegisterForm()
    if form.validate_on_submit():
        new = form.new_visitor()
        spend_try("register", new.email or new.phone)
        with form.saving() as saved:
            done = services.register_online(actor=oneself(), fair=g.fair, new=new)
        if saved.ok and done.visitor is not None:
            return redirect(url_for(".badge", token=badge_link.token_of(done.visitor), new=1))
        if saved.ok:
            return redirect(url_for(".look_in_mail"))
    return render_template("visitors/register.html", form=form)


@blueprint.get("/registered")
@public
def look_in_mail() -> str:
    only_if_shown()
    return render_template("visitors/look_in_mail.html")


@blueprint.get("/badge-colours.css")
@public
def colours() -> Response:
    """The bands of the fair's categories: a style sheet, because pages carry no inline style."""
    sheet = render_template("visitors/colours.css", categories=visitor_categories(g.fair), ink_on=badge_pdf.ink_on)
    answer = Response(sheet, mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


@blueprint.get("/badge/<token>")
@public
def badge(token: str) -> str:
    visitor = holder_or_404(token)
    form = forms.ConsentForm(data={str(p): yes for p, yes in queries.consents_of(visitor).items()})
    return pages.badge_page(visitor, token, form)


@blueprint.get("/badge/<token>/badge.pdf")
@public
def badge_file(token: str) -> Response:
    return pages.pdf_of(holder_or_404(token))


@blueprint.post("/badge/<token>/consents")
@public
def change_consents(token: str) -> ResponseReturnValue:
    visitor = holder_or_404(token)
    form = forms.ConsentForm()
    if not form.validate():
        abort(400)
    with transaction():
        services.change_consents(
            actor=oneself(), visitor=visitor, given=forms.given_in(form), notice_version=g.fair.privacy_notice_version
        )
    flash(_("Your choices are saved."), "good")
    return redirect(url_for(".badge", token=token))


@blueprint.post("/badge/<token>/copy")
@public
def own_copy(token: str) -> Response:
    visitor = holder_or_404(token)
    pressed()
    with transaction():
        copy = erasure.personal_copy(actor=oneself(), visitor=visitor)
    answer = jsonify(copy)
    answer.headers["Content-Disposition"] = "attachment; filename=my-data.json"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/badge/<token>/erase")
@public
def erase_own(token: str) -> ResponseReturnValue:
    visitor = holder_or_404(token)
    if not forms.EraseForm().validate():
        flash(_("Tick the box to say that you are sure."), "attention")
        return redirect(url_for(".badge", token=token))
    with transaction():
        erasure.erase_visitor(actor=oneself(), visitor=visitor, reason=labels.ASKED)
    flash(_("Your data are erased. Your badge no longer opens the gates."), "good")
    return redirect(url_for(".register"))


def oneself() -> Actor:
    """Who acts on a public page: a person without an account, whose name the trail does not keep."""
    return g.actor if not g.actor.is_anonymous else Actor(label=ONESELF, fair_id=g.fair.id)


def only_if_shown() -> None:
    """A fair that is not public yet registers nobody but its people; a badge that was given opens its page."""
    if not g.fair.is_public and not g.actor.roles:
        abort(404)


def holder_or_404(token: str) -> Visitor:
    visitor_id, issue = badge_link.holder(token, g.fair.id) or (None, 0)
    visitor = queries.badge_holder(g.fair.id, visitor_id) if visitor_id else None
    return visitor if visitor is not None and visitor.link_issue == issue else abort(404)


# --- the desk --------------------------------------------------------------------------------


@blueprint.get("/desk/visitors")
@requires(P.SEE_VISITORS)
def visitors() -> str:
    wanted = filters.wanted_from(request.args)
    page = filters.page_of(g.actor, wanted)
    return render_template(
        "visitors/visitors.html",
        page=page,
        wanted=wanted,
        choices=forms.filter_choices(g.fair),
        most_found=queries.MAX_FOUND,
        most_exported=filters.MAX_EXPORTED,
        words=labels,
    )


@blueprint.post("/desk/visitors/export")
@requires(P.SEE_VISITORS)
def export() -> Response:
    wanted = filters.wanted_from(request.args)
    pressed()
    with transaction():
        rows = filters.exported_rows(actor=g.actor, fair=g.fair, wanted=wanted)
    return export_response("visitors", filters.headings(), rows)


@blueprint.route("/desk/visitors/print", methods=["GET", "POST"])
@requires(P.MANAGE_VISITORS)
def print_many() -> ResponseReturnValue:
    wanted = filters.wanted_from(request.args)
    form = ConfirmForm()
    if form.validate_on_submit():
        told: dict[str, Any] = {"wanted": asdict(wanted), "locale": current_locale()}
        held = {"owner_id": g.actor.user_id, "permission": P.MANAGE_VISITORS}
        with transaction():
            task = start_task(print_badges, fair_id=g.fair.id, kind="badges", **held, **told)
        return redirect(url_for("tasks.task", task_id=task.id))
    count = queries.matching_count(g.actor, wanted)
    return render_template("visitors/print_many.html", form=form, wanted=wanted, count=count)


@blueprint.route("/desk/visitors/new", methods=["GET", "POST"])
@requires(P.REGISTER_WALK_INS)
def walk_in() -> ResponseReturnValue:
    form = forms.DeskForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            visitor, _badge = services.register_visitor(actor=g.actor, fair=g.fair, new=form.new_visitor())
        if saved.ok:
            return redirect(url_for(".walk_in", done=badge_link.token_of(visitor)))
    token = request.args.get("done", "")
    done = holder_or_404(token) if token else None
    return render_template("visitors/walk_in.html", form=form, done=done, token=token)


@blueprint.get("/desk/visitors/<uuid:visitor_id>")
@requires(P.SEE_VISITORS)
def visitor(visitor_id: UUID) -> str:
    return pages.visitor_page(visitor_or_404(visitor_id))


def visitor_or_404(visitor_id: UUID) -> Visitor:
    return queries.visitor_visible_to(g.actor, visitor_id) or abort(404)


@blueprint.get("/desk/visitors/<uuid:visitor_id>/badge.pdf")
@requires(P.MANAGE_VISITORS)
def visitor_pdf(visitor_id: UUID) -> Response:
    return pages.pdf_of(visitor_or_404(visitor_id))


@blueprint.route("/desk/visitors/<uuid:visitor_id>/edit", methods=["GET", "POST"])
@requires(P.MANAGE_VISITORS)
def edit(visitor_id: UUID) -> ResponseReturnValue:
    one = visitor_or_404(visitor_id)
    form = forms.DeskForm(visitor=one)
    if form.validate_on_submit():
        with form.saving() as saved:
            issued = services.change_visitor(actor=g.actor, fair=g.fair, visitor=one, new=form.corrected())
        if saved.ok:
            flash(pages.said_after_change(issued), "good")
            return redirect(url_for(".visitor", visitor_id=one.id))
    return render_template("visitors/edit.html", form=form, visitor=one)


def step(visitor_id: UUID, verb: Any, done: str, asked: Any = forms.ReasonForm) -> ResponseReturnValue:
    """One step with a reason, and back to the record."""
    one = visitor_or_404(visitor_id)
    form = asked()
    if not form.validate():
        return pages.visitor_page(one, reason=form), 422
    with transaction():
        verb(actor=g.actor, visitor=one, reason=form.reason.data)
    flash(done, "good")
    return redirect(url_for(".visitor", visitor_id=one.id))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/reprint")
@requires(P.MANAGE_VISITORS)
def reprint(visitor_id: UUID) -> ResponseReturnValue:
    return step(visitor_id, services.reprint_badge, _("The new badge is issued; the old code no longer opens a gate."))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/revoke")
@requires(P.MANAGE_VISITORS)
def revoke(visitor_id: UUID) -> ResponseReturnValue:
    return step(visitor_id, services.revoke_badge, _("The badge is revoked."))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/erase")
@requires(P.MANAGE_VISITORS)
def erase(visitor_id: UUID) -> ResponseReturnValue:
    done = _("The personal data are erased. Scans and counts stay.")
    return step(visitor_id, erasure.erase_visitor, done, forms.EraseReasonForm)


@blueprint.post("/desk/visitors/<uuid:visitor_id>/reveal")
@requires(P.MANAGE_VISITORS)
def reveal(visitor_id: UUID) -> ResponseReturnValue:
    one = visitor_or_404(visitor_id)
    form = forms.ReasonForm()
    if not form.validate():
        return pages.visitor_page(one, reason=form), 422
    with transaction():
        contact = services.reveal_contact(actor=g.actor, visitor=one, reason=form.reason.data)
    return pages.visitor_page(one, contact)


@blueprint.post("/desk/visitors/<uuid:visitor_id>/mail")
@requires(P.MANAGE_VISITORS)
def mail(visitor_id: UUID) -> ResponseReturnValue:
    one = visitor_or_404(visitor_id)
    pressed()
    with transaction():
        services.mail_badge(actor=g.actor, fair=g.fair, visitor=one)
    flash(_("The badge is on its way to the person's mailbox."), "good")
    return redirect(url_for(".visitor", visitor_id=one.id))


@blueprint.post("/desk/visitors/<uuid:visitor_id>/merge")
@requires(P.MANAGE_VISITORS)
def merge(visitor_id: UUID) -> ResponseReturnValue:
    one = visitor_or_404(visitor_id)
    form = forms.MergeForm()
    if form.validate():
        with form.saving() as saved:
            done = services.merge_visitors(
                actor=g.actor, first=one, second=form.record(g.fair.id), reason=form.reason.data
            )
        if saved.ok:
            flash(_("Both records count as one person now."), "good")
            return redirect(url_for(".visitor", visitor_id=done.kept.id))
    return pages.visitor_page(one, merge=form), 422


# --- the stand's own staff -------------------------------------------------------------------


@blueprint.route("/my/badges", methods=["GET", "POST"])
@requires(P.OWN_BOOTH)
def my_badges() -> ResponseReturnValue:
    mine = own_exhibitor()
    form = forms.StaffForm()
    if form.validate_on_submit():
        new = form.new_visitor(
            mine.name_zh if current_locale() != "en" and mine.name_zh else mine.name_en or mine.name_zh
        )
        with form.saving() as saved:
            services.register_staff(actor=g.actor, fair=g.fair, exhibitor=mine, new=new)
        if saved.ok:
            flash(_("The badge is ready."), "good")
            return redirect(url_for(".my_badges"))
    staff = queries.staff_of(mine)
    quota = rules.staff_quota(queries.stand_area(mine))
    return render_template(
        "visitors/my_badges.html", form=form, staff=staff, quota=quota, revoke=forms.ReasonForm(formdata=None)
    )


@blueprint.get("/my/badges/<uuid:visitor_id>/badge.pdf")
@requires(P.OWN_BOOTH)
def my_badge_pdf(visitor_id: UUID) -> Response:
    return pages.pdf_of(visitor_or_404(visitor_id))


@blueprint.post("/my/badges/<uuid:visitor_id>/revoke")
@requires(P.OWN_BOOTH)
def my_badge_revoke(visitor_id: UUID) -> ResponseReturnValue:
    one = visitor_or_404(visitor_id)
    pressed()
    with transaction():
        services.revoke_badge(actor=g.actor, visitor=one, reason=labels.GIVEN_BACK)
    flash(_("The badge is given back and no longer opens a gate."), "good")
    return redirect(url_for(".my_badges"))


def pressed() -> None:
    """A button alone was sent: anything beside its token is refused."""
    if not ConfirmForm().validate():
        abort(400)


def own_exhibitor() -> Exhibitor:
    return exhibitor_of(g.actor, g.fair) or abort(404)
