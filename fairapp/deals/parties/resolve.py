"""Who the two parties are, looked up once, and what a deal copies from them."""

from dataclasses import dataclass, replace
from functools import lru_cache

from fairapp.core.data import tokens
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.deals.draft import Draft, Side
from fairapp.deals.parties.queries import (
    NameMatches,
    approved_exhibitor,
    match_exhibitor_name,
    registered_visitor,
)
from fairapp.exhibitors.companies.countries import country_codes_by_name
from fairapp.exhibitors.companies.names import name_key
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair
from fairapp.visitors.models import Visitor


@dataclass(frozen=True)
class ResolvedParty:
    """A party as the deal stores it; equal `key` is the same party, equal `likely_key` may well be."""

    key: str
    like: str
    name: str
    country: str
    code: str = ""
    names: tuple[str, ...] = ()
    contact_name: str = ""
    contact_email: str = ""
    locale: str = "en"
    exhibitor: Exhibitor | None = None
    visitor: Visitor | None = None
    as_told: bool = False


def resolve_party(fair: Fair, side: Side, field: str) -> ResolvedParty:
    """Return the party behind what was said. DomainError unknown_party, party_needed, unknown_country at `field`."""
    if side.exhibitor_id is not None:
        exhibitor = approved_exhibitor(fair.id, side.exhibitor_id)
        if exhibitor is None:
            raise unknown_party(field)
        return party_of_exhibitor(exhibitor)
    if side.visitor_id is not None:
        visitor = registered_visitor(fair.id, side.visitor_id)
        if visitor is None:
            raise unknown_party(field)
        return _party_as_told(fair, side, visitor, field) if side.as_told else party_of_visitor(fair, visitor)
    return _party_by_name(fair, side, field)


def resolve_parties(fair: Fair, draft: Draft) -> tuple[ResolvedParty, ResolvedParty]:
    """Return seller and buyer behind what was said; DomainError same_party and what `resolve_party` refuses."""
    seller, buyer = resolve_party(fair, draft.seller, "seller"), resolve_party(fair, draft.buyer, "buyer")
    if seller.key == buyer.key:
        message = _("Seller and buyer must be two different companies.")
        raise DomainError("same_party", message, field="buyer", status=422)
    return seller, buyer


def party_of_exhibitor(exhibitor: Exhibitor, visitor: Visitor | None = None) -> ResolvedParty:
    """Return an exhibitor of this fair as a party, perhaps by the badge of one of its people."""
    name = exhibitor.name_zh or exhibitor.name_en
    return ResolvedParty(
        key=f"x:{exhibitor.id.hex}",
        like=f"x:{exhibitor.id.hex}",
        name=name,
        country=exhibitor.country,
        code=exhibitor.credit_code or exhibitor.registration_number,
        names=(exhibitor.name_zh, exhibitor.name_en),
        contact_name=exhibitor.contact_name,
        contact_email=exhibitor.contact_email,
        locale=exhibitor.contact_locale,
        exhibitor=exhibitor,
        visitor=visitor,
    )


def party_of_visitor(fair: Fair, visitor: Visitor) -> ResolvedParty:
    """Return a person with a badge as a party: the exhibitor whose staff it is, else the company on the badge."""
    if visitor.exhibitor_id and (exhibitor := approved_exhibitor(fair.id, visitor.exhibitor_id)):
        return party_of_exhibitor(exhibitor, visitor)
    name = visitor.company or visitor.name
    return ResolvedParty(
        key=_name_key(name, visitor.country),
        like=_likely_key(fair, name, visitor.country),
        name=name,
        country=visitor.country,
        names=(name,),
        contact_name=visitor.name,
        contact_email=visitor.email,
        locale=visitor.locale,
        visitor=visitor,
    )


def _party_as_told(fair: Fair, side: Side, visitor: Visitor, field: str) -> ResolvedParty:
    """The company as the declarant names it, beside the badge that was scanned; the holder is asked at its own address."""
    named = _party_by_name(fair, side, field)
    named = replace(named, contact_name="", contact_email=visitor.email, locale=visitor.locale)
    return replace(named, visitor=visitor, as_told=True)


def _party_by_name(fair: Fair, side: Side, field: str) -> ResolvedParty:
    """A company by name and country; the very name of an exhibitor of that country is that exhibitor."""
    if not side.name.strip():
        raise DomainError("party_needed", _("Name the company, or scan the badge."), field=field, status=422)
    if side.country not in _country_codes():
        raise DomainError("unknown_country", _("Choose the country or region."), field=f"{field}_country", status=422)
    named = match_exhibitor_name(fair.id, side.name, side.country)
    if named.exact is not None:
        return party_of_exhibitor(named.exact)
    return ResolvedParty(
        key=_name_key(side.name, side.country),
        like=_likely_key(fair, side.name, side.country, named),
        name=side.name,
        country=side.country,
        code=side.code,
        names=(side.name,),
    )


@lru_cache(maxsize=1)
def _country_codes() -> frozenset[str]:
    """ISO 3166 codes of countries and regions."""
    return frozenset(country_codes_by_name().values())


def _comparable_name(name: str, country: str) -> str:
    """A company as it is compared, exactly: lower case, no spaces or punctuation, with its country."""
    return country + ":" + "".join(letter for letter in name.casefold() if letter.isalnum())


def _name_key(name: str, country: str) -> str:
    return tokens.keyed_digest(_comparable_name(name, country), "deal-party")


def _likely_key(fair: Fair, name: str, country: str, named: NameMatches | None = None) -> str:
    """The name without its legal form, or the one exhibitor that is called so: Orchid is Orchid Pte Ltd."""
    likely = (named or match_exhibitor_name(fair.id, name, country)).likely
    if likely is not None:
        return f"x:{likely.id.hex}"
    return tokens.keyed_digest(_comparable_name(name_key(name), country), "deal-party")


def parties_key(seller: ResolvedParty, buyer: ResolvedParty) -> str:
    """Return a key that is the same for the same two in any order, as the matcher compares them."""
    return tokens.keyed_digest("\n".join(sorted((seller.like, buyer.like))), "deal-parties")


def unknown_party(field: str) -> DomainError:
    """Return the refusal of what is in no list of the fair."""
    return DomainError(
        "unknown_party", _("Nobody in this fair answers to this. Search again."), field=field, status=422
    )
