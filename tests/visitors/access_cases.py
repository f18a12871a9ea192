"""Who may open the pages about visitors."""

from typing import Any

from fairapp.visitors.badges import link as badge_link
from tests.access import Case, Side
from tests.factories.visitors import make_booth_for, make_visitor


def make_public_visitor(side: Side) -> Any:
    return make_visitor(side.fair)[0]


def make_stand_staff(side: Side) -> Any:
    """A person with a badge of the side's own stand."""
    exhibitor = make_booth_for(side.fair, side.organisation)
    return make_visitor(side.fair, category="EXH", exhibitor_id=exhibitor.id)[0]


def one(side: Side) -> dict[str, Any]:
    return {"visitor_id": side["visitor"].id}


def mine(side: Side) -> dict[str, Any]:
    return {"visitor_id": side["staff"].id}


def own_token(side: Side) -> dict[str, Any]:
    return {"token": badge_link.badge_token(side["visitor"])}


def reason(_side: Side) -> dict[str, Any]:
    return {"reason": "asked at the desk"}


RECORDS = {"visitor": make_public_visitor, "staff": make_stand_staff}
CASES = {
    "visitors.register": Case("everyone"),
    "visitors.look_in_mail": Case("everyone"),
    "visitors.colours": Case("everyone"),
    "visitors.badge": Case("everyone", args=own_token, shared=True),
    "visitors.badge_file": Case("everyone", args=own_token, shared=True),
    "visitors.change_consents": Case("everyone", args=own_token, shared=True),
    "visitors.own_copy": Case("everyone", args=own_token, shared=True),
    "visitors.erase_own": Case("everyone", args=own_token, shared=True),
    "visitors.visitors": Case("organiser"),
    "visitors.export": Case("organiser"),
    "visitors.print_many": Case("organiser"),
    "visitors.walk_in": Case("organiser supervisor steward"),
    "visitors.visitor": Case("organiser", args=one),
    "visitors.visitor_pdf": Case("organiser", args=one),
    "visitors.edit": Case("organiser", args=one),
    "visitors.reprint": Case("organiser", args=one, data=reason),
    "visitors.revoke": Case("organiser", args=one, data=reason),
    "visitors.erase": Case("organiser", args=one, data=lambda _side: {"reason": "test"}),
    "visitors.reveal": Case("organiser", args=one, data=reason),
    "visitors.mail": Case("organiser", args=one),
    "visitors.merge": Case("organiser", args=one, data=reason),
    "visitors.my_badges": Case("exhibitor"),
    "visitors.my_badge_pdf": Case("exhibitor", args=mine),
    "visitors.my_badge_revoke": Case("exhibitor", args=mine),
    "visitors_api.search_visitors": Case("organiser", fixed={"search": "li"}),
    "visitors_api.register_visitor": Case(
        "organiser", data=lambda _side: {"category": "PRO", "name": "Anna Łuk", "email": "anna@example.com"}
    ),
}
