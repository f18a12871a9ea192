"""The colours of badges, and very many badges in one file."""

from dataclasses import asdict
from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.jobs.queue import start_task
from fairapp.core.text.i18n import current_locale
from fairapp.core.web.access import public, requires
from fairapp.core.web.forms import ConfirmForm
from fairapp.fairs.venue.queries import visitor_categories
from fairapp.visitors.badges import pdf as badge_pdf
from fairapp.visitors.badges.jobs import print_badges
from fairapp.visitors.blueprint import blueprint
from fairapp.visitors.search import filters
from fairapp.visitors.search.queries import count_filtered


@blueprint.get("/badge-colours.css")
@public
def colours() -> Response:
    """Send the colours of the fair's categories as a style sheet, because pages carry no inline style."""
    sheet = render_template(
        "visitors/colours.css", categories=visitor_categories(g.fair), ink_on=badge_pdf.text_colour_on
    )
    answer = Response(sheet, mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


@blueprint.route("/desk/visitors/print", methods=["GET", "POST"])
@requires(P.MANAGE_VISITORS)
def print_many() -> ResponseReturnValue:
    """Ask, then start the printing of all badges that fit the filters."""
    chosen = filters.filter_from_args(request.args)
    form = ConfirmForm()
    if form.validate_on_submit():
        arguments: dict[str, Any] = {"filters": asdict(chosen), "locale": current_locale()}
        ownership = {"owner_id": g.actor.user_id, "permission": P.MANAGE_VISITORS}
        with transaction():
            task = start_task(print_badges, fair_id=g.fair.id, kind="badges", **ownership, **arguments)
        return redirect(url_for("tasks.task", task_id=task.id))
    count = count_filtered(g.actor, chosen)
    return render_template("visitors/print_many.html", form=form, chosen=chosen, count=count)
