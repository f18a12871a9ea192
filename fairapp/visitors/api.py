"""Visitors for machines: the same verbs as JSON."""

from typing import Any

from apiflask import APIBlueprint
from email_validator import EmailNotValidError, validate_email
from flask import g
from marshmallow import ValidationError, fields, validate, validates_schema

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import LOCALES, _, country_choices
from fairapp.core.web.access import requires
from fairapp.core.web.api import Strict, Text
from fairapp.core.web.forms import tidy
from fairapp.exhibitors.companies.identifiers import phone_number
from fairapp.visitors.models import Purpose, Source
from fairapp.visitors.registration import services
from fairapp.visitors.rules import NewVisitor, days_mask
from fairapp.visitors.search import queries

blueprint = APIBlueprint("visitors_api", __name__, url_prefix="/api/v1/fairs/<fair>", tag="Visitors")
MAX_FOUND = 50


class VisitorSearch(Strict):
    search = Text(required=True, max_length=100)
    limit = fields.Integer(load_default=20, strict=False, validate=validate.Range(1, MAX_FOUND))


class FoundVisitor(Strict):
    """What a desk needs to pick the right person: no address, no phone."""

    id = fields.UUID()
    name = fields.String()
    name_latin = fields.String()
    company = fields.String()
    country = fields.String()
    category_zh = fields.String()
    category_en = fields.String()
    kind = fields.String()
    badge_number = fields.String(attribute="number")


class FoundVisitors(Strict):
    visitors = fields.List(fields.Nested(FoundVisitor))


class NewVisitorBody(Strict):
    """One person; `days` are numbers of fair days from 1, left out for every day."""

    category = Text(required=True, max_length=20)
    name = Text(required=True, max_length=100)
    name_latin = Text(load_default="", max_length=100)
    company = Text(load_default="", max_length=200)
    job_title = Text(load_default="", max_length=100)
    country = Text(load_default="CN", max_length=2)
    province = Text(load_default="", max_length=60)
    city = Text(load_default="", max_length=60)
    email = Text(load_default="", max_length=254)
    phone = Text(load_default="", max_length=40)
    locale = fields.String(load_default="zh_Hans", validate=validate.OneOf(list(LOCALES)))
    source = fields.String(
        load_default=Source.IMPORT, validate=validate.OneOf([Source.IMPORT, Source.DELEGATION, Source.ONLINE])
    )
    consents = fields.List(fields.String(validate=validate.OneOf(list(Purpose))), load_default=list)
    is_returning = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    days = fields.List(fields.Integer(strict=True, validate=validate.Range(1, 31)), load_default=list)

    @validates_schema
    def validate_values(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not tidy(data.get("name")):
            raise ValidationError(_("Fill this in."), "name")
        if data.get("country") not in {code for code, _name in country_choices()}:
            raise ValidationError(_("Use a country code of ISO 3166."), "country")
        if data.get("email"):
            validate_mail(data["email"])


def validate_mail(address: str) -> None:
    """Refuse what is no mail address: ValidationError at `email`."""
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        raise ValidationError(_("Write an address like name@example.com."), "email") from error


class MadeVisitor(Strict):
    id = fields.UUID()
    badge_number = fields.String()


@blueprint.get("/visitors")
@requires(P.SEE_VISITORS)
@blueprint.input(VisitorSearch, location="query", arg_name="query_args")
@blueprint.output(FoundVisitors)
@blueprint.doc(summary="People by the beginning of name, pinyin, company or number")
def search_visitors(query_args: dict[str, Any]) -> dict[str, Any]:
    """Return people whose name, pinyin, company or number begins with the text."""
    return {"visitors": queries.search_visitors(g.fair.id, query_args["search"], query_args["limit"])}


@blueprint.post("/visitors")
@requires(P.MANAGE_VISITORS)
@blueprint.input(NewVisitorBody, arg_name="body")
@blueprint.output(MadeVisitor, status_code=201)
@blueprint.doc(summary="Register a person and issue the badge", responses=[409, 422])
def register_visitor(body: dict[str, Any]) -> dict[str, Any]:
    """Register a person and return the id and the badge number."""
    new = new_visitor_from(body)
    with transaction():
        visitor, badge = services.register_visitor(actor=g.actor, fair=g.fair, new=new)
    return {"id": visitor.id, "badge_number": badge.number}


def new_visitor_from(body: dict[str, Any]) -> NewVisitor:
    """Return a checked body as the services take it. DomainError `bad_phone`."""
    values: dict[str, Any] = {key: tidy(value) if isinstance(value, str) else value for key, value in body.items()}
    values["consents"] = frozenset(Purpose(purpose) for purpose in values["consents"])
    if values["phone"]:
        values["phone"] = parse_phone(values["phone"], values["country"])
    return NewVisitor(**{**values, "days": days_mask(values["days"]), "source": Source(values["source"])})


def parse_phone(text: str, country: str) -> str:
    """Return a phone number as E.164, read as in `country`. DomainError `bad_phone`."""
    try:
        return phone_number(text, country)
    except ValueError as error:
        message = _("Write a phone number, abroad with its country code: +44 20 7946 0018.")
        raise DomainError("bad_phone", message, field="phone", status=422) from error
