"""What the pages of several rooms need: whose record it is, who acts, the badge as a file."""

from uuid import UUID

from flask import Response, abort, g

from fairapp.core.web.access import Actor
from fairapp.visitors import queries
from fairapp.visitors.badges import batches
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.badges import pdf as badge_pdf
from fairapp.visitors.badges.pdf import PDF
from fairapp.visitors.badges.queries import badge_holder
from fairapp.visitors.models import Visitor

ONESELF = "visitor"


def oneself() -> Actor:
    """Who acts on a public page: a person without an account, whose name the trail does not keep."""
    return g.actor if not g.actor.is_anonymous else Actor(label=ONESELF, fair_id=g.fair.id)


def only_if_shown() -> None:
    """A fair that is not public yet registers nobody but its people; a badge that was given opens its page."""
    if not g.fair.is_public and not g.actor.roles:
        abort(404)


def holder_or_404(token: str) -> Visitor:
    visitor_id, issue = badge_link.holder(token, g.fair.id) or (None, 0)
    visitor = badge_holder(g.fair.id, visitor_id) if visitor_id else None
    return visitor if visitor is not None and visitor.link_issue == issue else abort(404)


def visitor_or_404(visitor_id: UUID) -> Visitor:
    return queries.visitor_visible_to(g.actor, visitor_id) or abort(404)


def pdf_of(visitor: Visitor) -> Response:
    shown = batches.printable_badge(g.fair.id, visitor.id) or abort(404)
    answer = Response(badge_pdf.badges_pdf(g.fair, [shown]), mimetype=PDF)
    answer.headers["Content-Disposition"] = f"inline; filename=badge-{shown.number}.pdf"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
