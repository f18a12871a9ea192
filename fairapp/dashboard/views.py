"""Each role's first page."""

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.access import requires
from fairapp.dashboard import queries, rules
from fairapp.dashboard.words import day_words

blueprint = Blueprint("dashboard", __name__, url_prefix="/fairs/<fair>")


@blueprint.get("/home")
@requires(P.SIGNED_IN)
def home() -> ResponseReturnValue:
    """To the first page of one's role."""
    endpoint = rules.first_page(g.actor.permissions)
    return redirect(url_for(endpoint)) if endpoint else abort(403)


@blueprint.get("/desk/")
@requires(P.SEE_DESK)
def today() -> str:
    """What waits for a decision, the live figures, how the fair goes."""
    waiting = queries.waiting_for(g.actor, g.fair)
    return render_template(
        "dashboard/today.html", day_words=day_words(g.fair), waiting=waiting, decides=True, board=None
    )
