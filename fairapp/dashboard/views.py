"""Each role's first page, and the big screen of the hall."""

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.text.i18n import moment_text
from fairapp.core.web.access import requires
from fairapp.dashboard import queries, rules, tiles
from fairapp.dashboard.charts import dashboard_charts
from fairapp.dashboard.labels import day_words

blueprint = Blueprint("dashboard", __name__, url_prefix="/fairs/<fair>")


@blueprint.get("/home")
@requires(P.SIGNED_IN)
def home() -> ResponseReturnValue:
    """Send a person to the first page of their role."""
    endpoint = rules.first_page(g.actor.permissions)
    return redirect(url_for(endpoint)) if endpoint else abort(403)


@blueprint.get("/desk/")
@requires(P.SEE_DESK)
def today() -> str:
    """Show what waits for a decision, the live figures, how the fair goes; each as far as one's role goes."""
    reads = g.actor.may(P.SEE_FIGURES)
    return render_template(
        "dashboard/today.html",
        day_words=day_words(g.fair),
        decides=rules.can_decide(g.actor.permissions),
        waiting=queries.waiting_for(g.actor, g.fair),
        board=tiles.board_of(g.fair) if reads else None,
        charts=dashboard_charts(g.fair) if reads else None,
        rooms=[] if reads else queries.rooms_now(g.actor, g.fair),
    )


@blueprint.get("/desk/live")
@requires(P.SEE_FIGURES)
def live() -> Response:
    """Return the figures as texts by name, for pages that stay open."""
    board = tiles.board_of(g.fair)
    now = {"as_of": moment_text(board.as_of), "clock": moment_text(board.as_of, "time"), "day": day_words(g.fair)}
    return jsonify(board.texts() | now)


@blueprint.get("/desk/screen")
@requires(P.SEE_FIGURES)
def screen() -> str:
    """Show a few huge figures and today's flow, dark, for the wall of the hall."""
    return render_template(
        "dashboard/screen.html",
        day_words=day_words(g.fair),
        board=tiles.board_of(g.fair),
        charts=dashboard_charts(g.fair),
    )


@blueprint.get("/my/")
@requires(P.OWN_BOOTH)
def my_day() -> str:
    """Show the four big things an exhibitor does standing, with their numbers."""
    return render_template(
        "dashboard/my_day.html",
        day_words=day_words(g.fair),
        day=queries.exhibitor_day(g.actor, g.fair),
        waiting=queries.waiting_for(g.actor, g.fair),
    )
