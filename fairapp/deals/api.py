"""Deals for machines: declare (idempotent by client_id) and list."""

from typing import Any

from apiflask import APIBlueprint
from flask import g, request
from marshmallow import fields, validate

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.amounts import read_amount
from fairapp.core.text.i18n import _
from fairapp.core.text.money import from_minor, to_minor
from fairapp.core.text.numbers import NumberError
from fairapp.core.web.access import requires
from fairapp.core.web.api import Number, Strict, Text
from fairapp.core.web.listing import paginate
from fairapp.deals.draft import Draft, Side
from fairapp.deals.enums import Channel, CustomsMode, Method, Nature, Tier
from fairapp.deals.models import Deal
from fairapp.deals.queries.lists import FILTERS, filter_deals
from fairapp.deals.queries.records import deals_visible_to
from fairapp.deals.queries.waiting import deals_to_answer
from fairapp.deals.services.declare import declare_deal
from fairapp.exhibitors.queries import exhibitor_of

blueprint = APIBlueprint("deals_api", __name__, url_prefix="/api/v1/fairs/<fair>", tag="Deals")


class SideIn(Strict):
    """A party: an exhibitor's id, or a name and a country (ISO 3166, two letters)."""

    exhibitor_id = fields.UUID()
    name = Text(max_length=200, load_default="")
    country = fields.String(load_default="", validate=validate.Regexp(r"\A([A-Z]{2})?\Z"))
    code = Text(max_length=60, load_default="")


class DealIn(Strict):
    """A declaration; `amount` is a number in whole units, or its text, which is read as in forms."""

    client_id = fields.UUID(required=True)
    seller = fields.Nested(SideIn)
    buyer = fields.Nested(SideIn)
    declared_by = fields.String(load_default="seller", validate=validate.OneOf(["seller", "buyer"]))
    tier = fields.String(load_default=str(Tier.INTENT), validate=validate.OneOf([str(one) for one in Tier]))
    nature = fields.String(load_default="", validate=validate.OneOf(["", *(str(one) for one in Nature)]))
    channel = fields.String(load_default=str(Channel.BOOTH), validate=validate.OneOf([str(one) for one in Channel]))
    customs_mode = fields.String(
        allow_none=True, load_default=None, validate=validate.OneOf([str(one) for one in CustomsMode])
    )
    currency = fields.String(required=True, validate=validate.Regexp(r"\A[A-Z]{3}\Z"))
    amount = Number(allow_none=True, load_default=None, metadata={"oneOf": [{"type": "number"}, {"type": "string"}]})
    signed_on = fields.Date(allow_none=True, load_default=None)
    goods_zh = Text(max_length=200, load_default="")
    goods_en = Text(max_length=200, load_default="")
    hs_code = fields.String(load_default="", validate=validate.Regexp(r"\A([0-9]{2,6})?\Z"))
    separate = fields.Boolean(load_default=False)
    note = Text(max_length=1000, lines=True, load_default="")


class DealOut(Strict):
    """A deal as it stands; without its amount while it is `to_confirm`: who agrees to an amount types it unread."""

    id = fields.UUID()
    number = fields.Integer()
    status = fields.String()
    held = fields.String(allow_none=True)
    tier = fields.String()
    nature = fields.String()
    currency = fields.String()
    amount = fields.String(allow_none=True)
    usd_minor = fields.Integer(allow_none=True)
    seller = fields.String()
    buyer = fields.String()
    as_told = fields.Boolean(metadata={"description": "The other side is named by the declarant, not by its badge"})
    country = fields.String()
    signed_on = fields.Date()
    late = fields.Boolean()
    last_seq = fields.Integer()
    to_confirm = fields.Boolean()


class DealsOut(Strict):
    """One page of a list."""

    deals = fields.List(fields.Nested(DealOut))
    total = fields.Integer()
    page = fields.Integer()


@blueprint.post("/deals")
@blueprint.input(DealIn, arg_name="body")
@blueprint.output(DealOut, status_code=201)
@requires(P.DECLARE_DEALS)
def declare(body: dict[str, Any]) -> dict[str, Any]:
    """Declare a deal. Sending the same client_id again gives the same deal."""
    client_id, separate = body.pop("client_id"), body.pop("separate")
    draft = draft_from_body(body)
    with transaction():
        made = declare_deal(
            actor=g.actor, fair=g.fair, draft=draft, method=Method.API, client_id=client_id, separate=separate
        )
    return deal_json(made)


@blueprint.get("/deals")
@blueprint.output(DealsOut)
@requires(P.DECLARE_DEALS)
def deals() -> dict[str, Any]:
    """List the deals this actor may see, the newest first; filters as on the desk's list."""
    wanted = {name: request.args.get(name, "")[:100] for name in FILTERS}
    page = paginate(filter_deals(deals_visible_to(g.actor), wanted).order_by(Deal.number.desc()))
    unread = deals_to_answer(g.actor)
    return {
        "deals": [deal_json(deal, to_confirm=deal.id in unread) for deal in page],
        "total": page.total,
        "page": page.number,
    }


def draft_from_body(body: dict[str, Any]) -> Draft:
    """Return the declaration; an exhibitor speaks for its own company, whatever the body says.

    DomainError no_exhibitor, two_readings, too_many_digits and the other codes of a NumberError.
    """
    sides: dict[str, Any] = {name: Side(**(body.pop(name, None) or {})) for name in ("seller", "buyer")}
    if not g.actor.may(P.MANAGE_DEALS):
        mine = exhibitor_of(g.actor, g.fair)
        if mine is None:
            raise DomainError("no_exhibitor", _("You speak for no exhibitor of this fair."), status=403)
        sides[body["declared_by"]] = Side(exhibitor_id=mine.id)
    amount, signed_on = body.pop("amount"), body.pop("signed_on")
    return Draft(**sides, **body, amount_minor=parse_amount_of_body(amount, body["currency"]), signed_on=signed_on)


def parse_amount_of_body(amount: str | None, currency: str) -> int | None:
    """Return an amount in minor units, None for none; DomainError with the code of the NumberError."""
    try:
        return None if amount is None else to_minor(read_amount(amount, currency), currency)
    except NumberError as error:
        raise DomainError(error.code, error.message, field="amount", status=422) from error


def deal_json(deal: Deal, *, to_confirm: bool = False) -> dict[str, Any]:
    """Return a deal for a machine; the amount is decimal text in whole units, left out while it is `to_confirm`."""
    names = "id number status held tier nature currency country signed_on late last_seq as_told".split()
    shows_amount = deal.amount_minor is not None and not to_confirm
    return {name: getattr(deal, name) for name in names} | {
        "amount": f"{from_minor(deal.amount_minor or 0, deal.currency):f}" if shows_amount else None,
        "usd_minor": deal.usd_minor if shows_amount else None,
        "seller": deal.seller_name,
        "buyer": deal.buyer_name,
        "to_confirm": to_confirm,
    }
