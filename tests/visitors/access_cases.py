"""Who may open the pages about visitors."""

from typing import Any

from fairapp.core.data.db import transaction
from fairapp.core.web.access import system
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.grants.models import GrantMethod, RequestTopic
from fairapp.visitors.grants.services import Entry, ask_person, give_grant
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


def make_grant(side: Side) -> Any:
    """What the visitor lets the side's exhibitor see."""
    with transaction():
        return give_grant(
            actor=system(side.fair.id),
            fair=side.fair,
            visitor=side["visitor"],
            exhibitor=side["staff"].exhibitor,
            fields=["name"],
            method=GrantMethod.OWN_LINK,
        )


def make_question(side: Side) -> Any:
    entry = Entry(side["staff"].exhibitor_id, RequestTopic.DEAL, side["visitor"].id)
    with transaction():
        return ask_person(actor=system(side.fair.id), fair=side.fair, visitor_id=side["visitor"].id, entry=entry)


def own_grant(side: Side) -> dict[str, Any]:
    return {**own_token(side), "exhibitor_id": side["lead_grant"].exhibitor_id}


def own_answer(side: Side) -> dict[str, Any]:
    return {**own_token(side), "request_id": side["contact_request"].id, "answer": "no"}


RECORDS = {
    "visitor": make_public_visitor,
    "staff": make_stand_staff,
    "lead_grant": make_grant,
    "contact_request": make_question,
}
CASES = {
    "visitors.register": Case("everyone"),
    "visitors.look_in_mail": Case("everyone"),
    "visitors.colours": Case("everyone"),
    "visitors.badge": Case("everyone", args=own_token, shared=True),
    "visitors.badge_file": Case("everyone", args=own_token, shared=True),
    "visitors.change_consents": Case("everyone", args=own_token, shared=True),
    "visitors.contacts": Case("everyone", args=own_token, shared=True),
    "visitors.share_contact": Case("everyone", args=own_grant, shared=True),
    "visitors.answer_request": Case("everyone", args=own_answer, shared=True),
    "visitors.withdraw_contact": Case("everyone", args=own_grant, shared=True),
    "visitors.withdraw_contacts": Case("everyone", args=own_token, shared=True),
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
