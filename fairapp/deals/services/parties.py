"""Who the two parties are, looked up once, and what a deal copies from them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from fairapp.core.data import tokens
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.deals import rules
from fairapp.deals.draft import Draft, Side
from fairapp.deals.ledger.chain import plain
from fairapp.deals.models import Deal
from fairapp.deals.queries.parties import (
    Named,
    Stand,
    category_in,
    delegation_in,
    exhibitor_in,
    exhibitor_named,
    stand_of,
    visitor_in,
)
from fairapp.exhibitors.models import Exhibitor, ExhibitorKind
from fairapp.exhibitors.rules import countries, name_key
from fairapp.fairs.models import Fair
from fairapp.visitors.models import Visitor


@dataclass(frozen=True)
class Found:
    """A party as the deal keeps it; equal `key` means the same party, equal `like` means it may well be."""

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


def find_party(fair: Fair, side: Side, field: str) -> Found:
    """The party behind what was said. DomainError unknown_party, party_needed, unknown_country at `field`."""
    if side.exhibitor_id is not None:
        exhibitor = exhibitor_in(fair.id, side.exhibitor_id)
        if exhibitor is None:
            raise _unknown(field)
        return of_exhibitor(exhibitor)
    if side.visitor_id is not None:
        visitor = visitor_in(fair.id, side.visitor_id)
        if visitor is None:
            raise _unknown(field)
        return of_visitor(fair, visitor)
    return of_name(fair, side, field)


def of_exhibitor(exhibitor: Exhibitor, visitor: Visitor | None = None) -> Found:
    """An exhibitor of this fair, perhaps by the badge of one of its people."""
    name = exhibitor.name_zh or exhibitor.name_en
    return Found(
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


def of_visitor(fair: Fair, visitor: Visitor) -> Found:
    """A person with a badge: for the exhibitor whose staff it is, else for the company on the badge."""
    if visitor.exhibitor_id and (exhibitor := exhibitor_in(fair.id, visitor.exhibitor_id)):
        return of_exhibitor(exhibitor, visitor)
    name = visitor.company or visitor.name
    return Found(
        key=_name_key(name, visitor.country),
        like=_like_key(fair, name, visitor.country),
        name=name,
        country=visitor.country,
        names=(name,),
        contact_name=visitor.name,
        contact_email=visitor.email,
        locale=visitor.locale,
        visitor=visitor,
    )


def of_name(fair: Fair, side: Side, field: str) -> Found:
    """A company by name and country; the very name of an exhibitor of that country is that exhibitor."""
    if not side.name.strip():
        raise DomainError("party_needed", _("Name the company, or scan the badge."), field=field, status=422)
    if side.country not in codes():
        raise DomainError("unknown_country", _("Choose the country or region."), field=f"{field}_country", status=422)
    named = exhibitor_named(fair.id, side.name, side.country)
    if named.exact is not None:
        return of_exhibitor(named.exact)
    return Found(
        key=_name_key(side.name, side.country),
        like=_like_key(fair, side.name, side.country, named),
        name=side.name,
        country=side.country,
        code=side.code,
        names=(side.name,),
    )


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """ISO 3166 codes of countries and regions."""
    return frozenset(countries().values())


def _name_key(name: str, country: str) -> str:
    return tokens.keyed_digest(rules.company_words(name, country), "deal-party")


def _like_key(fair: Fair, name: str, country: str, named: Named | None = None) -> str:
    """The name without its legal form, or the one exhibitor that is called so: Orchid is Orchid Pte Ltd."""
    likely = (named or exhibitor_named(fair.id, name, country)).likely
    if likely is not None:
        return f"x:{likely.id.hex}"
    return tokens.keyed_digest(rules.company_words(name_key(name), country), "deal-party")


def parties_key(seller: Found, buyer: Found) -> str:
    """The same for the same two in any order, as the matcher compares them."""
    return tokens.keyed_digest("\n".join(sorted((seller.like, buyer.like))), "deal-parties")


def _unknown(field: str) -> DomainError:
    return DomainError(
        "unknown_party", _("Nobody in this fair answers to this. Search again."), field=field, status=422
    )


def placing(fair: Fair, draft: Draft, seller: Found, buyer: Found) -> dict[str, Any]:
    """Sector, delegation, platform, stand and the seller's own facts, as columns."""
    return (
        _category(fair, draft, seller)
        | _delegation(fair, draft, seller)
        | _platform(fair, draft, seller, buyer)
        | _stand(seller)
    )


def listed(fair: Fair, deal: Deal, chosen: Mapping[str, UUID | None]) -> None:
    """Copy other entries of the fair's lists into a deal: category, delegation, platform by id; None empties them."""
    if "category_id" in chosen:
        category = _in_list(category_in, fair, chosen["category_id"], "category")
        _copy(deal, {"category_id": chosen["category_id"]} | _named("category", category))
    if "delegation_id" in chosen:
        delegation = _in_list(delegation_in, fair, chosen["delegation_id"], "delegation")
        _copy(deal, _named("delegation", delegation))
    if "platform_id" in chosen:
        platform = _in_list(exhibitor_in, fair, chosen["platform_id"], "platform")
        if platform is not None and platform.kind != ExhibitorKind.PLATFORM:
            raise _unknown("platform")
        _copy(deal, _of_platform(platform))


def _in_list(look: Callable[[int, UUID], Any], fair: Fair, key: UUID | None, field: str) -> Any:
    found = look(fair.id, key) if key else None
    if key and found is None:
        raise _unknown(field)
    return found


def _copy(deal: Deal, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(deal, name, value)


def _category(fair: Fair, draft: Draft, seller: Found) -> dict[str, Any]:
    category = category_in(fair.id, draft.category_id) if draft.category_id else None
    if draft.category_id and category is None:
        raise _unknown("category")
    if category is None and seller.exhibitor is not None:
        category = seller.exhibitor.product_category
    return {"category_id": category.id if category else None} | _named("category", category)


def _delegation(fair: Fair, draft: Draft, seller: Found) -> dict[str, Any]:
    delegation = delegation_in(fair.id, draft.delegation_id) if draft.delegation_id else None
    if draft.delegation_id and delegation is None:
        raise _unknown("delegation")
    if delegation is None and seller.exhibitor is not None:
        delegation = seller.exhibitor.delegation
    return _named("delegation", delegation)


def _platform(fair: Fair, draft: Draft, seller: Found, buyer: Found) -> dict[str, Any]:
    platform = exhibitor_in(fair.id, draft.platform_id) if draft.platform_id else None
    if draft.platform_id and (platform is None or platform.kind != ExhibitorKind.PLATFORM):
        raise _unknown("platform")
    sides = [side.exhibitor for side in (seller, buyer) if side.exhibitor is not None]
    platform = platform or next((one for one in sides if one.kind == ExhibitorKind.PLATFORM), None)
    return _of_platform(platform)


def _of_platform(platform: Exhibitor | None) -> dict[str, Any]:
    zh, en = (platform.name_zh, platform.name_en) if platform else ("", "")
    return {
        "platform_id": platform.id if platform else None,
        "platform_zh": plain(zh or en),
        "platform_en": plain(en or zh),
    }


def _stand(seller: Found) -> dict[str, Any]:
    exhibitor = seller.exhibitor
    stand = stand_of(exhibitor) if exhibitor else Stand()
    return {
        "booth": plain(stand.booth),
        "hall_code": plain(stand.hall_code),
        **_named("zone", stand.zone),
        "seller_ownership": exhibitor.ownership if exhibitor else "",
        "seller_type": exhibitor.company_type if exhibitor else "",
        "seller_province": plain(exhibitor.province) if exhibitor else "",
        "seller_city": plain(exhibitor.city) if exhibitor else "",
        "industrial_belt": plain(exhibitor.industrial_belt) if exhibitor else "",
    }


def _named(what: str, record: Any) -> dict[str, str]:
    """Code and both names of a list's entry, each standing in for the other when it is empty."""
    if record is None:
        return {f"{what}_code": "", f"{what}_zh": "", f"{what}_en": ""}
    zh, en = record.name_zh or record.name_en, record.name_en or record.name_zh
    return {f"{what}_code": plain(record.code), f"{what}_zh": plain(zh), f"{what}_en": plain(en)}
