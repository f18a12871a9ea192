"""Deals for tests, told through the services; days lie within the fair of `make_fair`."""

from datetime import date
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any

from PIL import Image

from fairapp.accounts.models import Organisation
from fairapp.accounts.permissions import Role
from fairapp.core.data.db import transaction
from fairapp.core.data.ids import new_id
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Draft, Side
from fairapp.deals.enums import EvidenceKind
from fairapp.deals.evidence.services import add_evidence
from fairapp.deals.models import Deal
from fairapp.deals.services.confirm import Answer, confirm_deal
from fairapp.deals.services.declare import declare_deal
from fairapp.deals.services.review import verify_deal
from fairapp.exhibitors.companies.names import name_key
from fairapp.exhibitors.models import Exhibitor, ExhibitorKind, ExhibitorStatus
from fairapp.fairs.models import Fair, ProductCategory
from tests.factories.foundation import make_actor, make_organisation

OPENING = date(2021, 3, 18)
_numbers = count(1)


def make_exhibitor(fair: Fair, name: str = "", organisation: Organisation | None = None, **changes: Any) -> Exhibitor:
    """An approved exhibitor with an organisation that people can speak for."""
    number = next(_numbers)
    name = name or f"Harbour Works {number}"
    organisation = organisation or make_organisation(name)
    values = {
        "reference": f"E{number}",
        "kind": ExhibitorKind.SUPPLIER,
        "status": ExhibitorStatus.APPROVED,
        "name_zh": f"海港工厂{number}",
        "name_en": name,
        "country": "CN",
        "province": "福建",
        "ownership": "private",
    }
    values |= changes
    values |= {"name_key_zh": name_key(values["name_zh"]), "name_key_en": name_key(values["name_en"])}
    with transaction() as session:
        session.add(exhibitor := Exhibitor(fair_id=fair.id, organisation_id=organisation.id, **values))
    return exhibitor


def make_category(fair: Fair, code: str = "HOME", **changes: Any) -> ProductCategory:
    values = {"code": code, "name_zh": "家居", "name_en": "Home goods"} | changes
    with transaction() as session:
        session.add(category := ProductCategory(fair_id=fair.id, **values))
    return category


def member_of(fair: Fair, exhibitor: Exhibitor) -> Actor:
    """A person who speaks for the exhibitor."""
    return make_actor(fair, Role.EXHIBITOR, exhibitor.organisation)


def a_draft(seller: Exhibitor | Side | None = None, **changes: Any) -> Draft:
    """USD 12,000 to a Singapore company on the opening day."""
    side = seller or Side(name="Quayside Traders", country="CN")
    side = side if isinstance(side, Side) else Side(exhibitor_id=side.id)
    values: dict[str, Any] = {
        "seller": side,
        "buyer": Side(name="Orchid Imports", country="SG"),
        "currency": "USD",
        "amount_minor": 1_200_000,
        "signed_on": OPENING,
    }
    return Draft(**values | changes)


def declare(fair: Fair, actor: Actor | None = None, *, seller: Exhibitor | Side | None = None, **changes: Any) -> Deal:
    """A declared deal; `changes` are fields of the draft."""
    options = {name: changes.pop(name) for name in ("client_id", "separate", "method") if name in changes}
    actor = actor or make_actor(fair, Role.ORGANISER)
    with transaction():
        return declare_deal(actor=actor, fair=fair, draft=a_draft(seller, **changes), **options)


def confirm(deal: Deal, actor: Actor | None = None, **changes: Any) -> Deal:
    """The other side agrees."""
    answer = Answer(**{"amount_minor": deal.amount_minor, "currency": deal.currency} | changes)
    with transaction():
        return confirm_deal(actor=actor or Actor("the other side"), deal=deal, answer=answer)


def prove(deal: Deal, *actors: Actor) -> None:
    """Two people at the desk have seen the original, or those named."""
    for actor in actors or (Actor("desk", user_id=new_id()), Actor("counter", user_id=new_id())):
        with transaction():
            add_evidence(actor=actor, deal=deal, kind=EvidenceKind.ORIGINAL_SEEN, description="Contract 12/2021")


def verify(deal: Deal, actor: Actor, grade: str = "A") -> Deal:
    with transaction():
        return verify_deal(actor=actor, deal=deal, grade=grade)


def verified_deal(fair: Fair, **changes: Any) -> Deal:
    """A deal through all three steps."""
    deal = declare(fair, **changes)
    confirm(deal)
    prove(deal)
    return verify(deal, make_actor(fair, Role.VERIFIER))


@cache
def a_picture(colour: str = "white") -> bytes:
    """A small PNG, as a proof."""
    Image.new("RGB", (40, 30), colour).save(written := BytesIO(), "PNG")
    return written.getvalue()


@cache
def a_pdf(pages: int = 1) -> bytes:
    """A PDF of blank pages, as a proof."""
    sheets = [Image.new("RGB", (60, 80), "white") for _ in range(pages)]
    sheets[0].save(written := BytesIO(), "PDF", save_all=True, append_images=sheets[1:])
    return written.getvalue()
