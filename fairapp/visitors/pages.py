"""What the pages of several rooms need: whose record it is, who acts, the badge as a file."""

from uuid import UUID

from flask import Response, abort, g

from fairapp.core.web.access import Actor
from fairapp.visitors import queries
from fairapp.visitors.badges import batches
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.badges import pdf as badge_pdf
from fairapp.visitors.badges.pdf import PDF
from fairapp.visitors.badges.queries import visitor_by_id
from fairapp.visitors.models import Visitor

VISITOR_LABEL = "visitor"


def visitor_actor() -> Actor:
    """Return who acts on a public page: a person without an account, whose name the trail does not hold."""
    return g.actor if not g.actor.is_anonymous else Actor(label=VISITOR_LABEL, fair_id=g.fair.id)


def hide_unpublished_fair() -> None:
    """Answer 404 to everybody but its own people while a fair is not public; a badge opens its page all the same."""
    if not g.fair.is_public and not g.actor.roles:
        abort(404)


def holder_or_404(token: str) -> Visitor:
    """Return the person whose badge page the token opens."""
    visitor_id, issue = badge_link.read_token(token, g.fair.id) or (None, 0)
    visitor = visitor_by_id(g.fair.id, visitor_id) if visitor_id else None
    return visitor if visitor is not None and visitor.link_issue == issue else abort(404)


def visitor_or_404(visitor_id: UUID) -> Visitor:
    """Return a person whose record this user may open."""
    return queries.visitor_visible_to(g.actor, visitor_id) or abort(404)


def badge_response(visitor: Visitor) -> Response:
    """Return a person's badge as a PDF that no cache stores."""
    badge = batches.printable_badge(g.fair.id, visitor.id) or abort(404)
    response = Response(badge_pdf.badges_pdf(g.fair, [badge]), mimetype=PDF)
    response.headers["Content-Disposition"] = f"inline; filename=badge-{badge.number}.pdf"
    response.headers["Cache-Control"] = "private, no-store"
    return response
