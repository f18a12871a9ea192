"""What a deal copies from the fair's lists and from its seller: category, delegation, platform, stand, place."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from fairapp.deals.draft import Draft
from fairapp.deals.ledger.chain import clean_text
from fairapp.deals.models import Deal
from fairapp.deals.parties.queries import BoothPlace, approved_exhibitor, booth_place, category_by_id, delegation_by_id
from fairapp.deals.parties.resolve import ResolvedParty, unknown_party
from fairapp.exhibitors.models import Exhibitor, ExhibitorKind
from fairapp.fairs.models import Fair


def listing_columns(fair: Fair, draft: Draft, seller: ResolvedParty, buyer: ResolvedParty) -> dict[str, Any]:
    """Return category, delegation, platform, booth and the seller's own facts, as columns of a deal.

    DomainError unknown_party.
    """
    return (
        _category(fair, draft, seller)
        | _delegation(fair, draft, seller)
        | _platform(fair, draft, seller, buyer)
        | _booth_columns(seller)
    )


def apply_list_choices(fair: Fair, deal: Deal, chosen: Mapping[str, UUID | None]) -> None:
    """Copy other entries of the fair's lists into a deal: category, delegation, platform by id; None empties them.

    DomainError unknown_party.
    """
    if "category_id" in chosen:
        category = _list_entry(category_by_id, fair, chosen["category_id"], "category")
        _copy(deal, {"category_id": chosen["category_id"]} | _names_of("category", category))
    if "delegation_id" in chosen:
        delegation = _list_entry(delegation_by_id, fair, chosen["delegation_id"], "delegation")
        _copy(deal, _names_of("delegation", delegation))
    if "platform_id" in chosen:
        platform = _list_entry(approved_exhibitor, fair, chosen["platform_id"], "platform")
        if platform is not None and platform.kind != ExhibitorKind.PLATFORM:
            raise unknown_party("platform")
        _copy(deal, _platform_columns(platform))


def _list_entry(look: Callable[[int, UUID], Any], fair: Fair, key: UUID | None, field: str) -> Any:
    entry = look(fair.id, key) if key else None
    if key and entry is None:
        raise unknown_party(field)
    return entry


def _copy(deal: Deal, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(deal, name, value)


def _category(fair: Fair, draft: Draft, seller: ResolvedParty) -> dict[str, Any]:
    category = category_by_id(fair.id, draft.category_id) if draft.category_id else None
    if draft.category_id and category is None:
        raise unknown_party("category")
    if category is None and seller.exhibitor is not None:
        category = seller.exhibitor.product_category
    return {"category_id": category.id if category else None} | _names_of("category", category)


def _delegation(fair: Fair, draft: Draft, seller: ResolvedParty) -> dict[str, Any]:
    delegation = delegation_by_id(fair.id, draft.delegation_id) if draft.delegation_id else None
    if draft.delegation_id and delegation is None:
        raise unknown_party("delegation")
    if delegation is None and seller.exhibitor is not None:
        delegation = seller.exhibitor.delegation
    return _names_of("delegation", delegation)


def _platform(fair: Fair, draft: Draft, seller: ResolvedParty, buyer: ResolvedParty) -> dict[str, Any]:
    platform = approved_exhibitor(fair.id, draft.platform_id) if draft.platform_id else None
    if draft.platform_id and (platform is None or platform.kind != ExhibitorKind.PLATFORM):
        raise unknown_party("platform")
    sides = [side.exhibitor for side in (seller, buyer) if side.exhibitor is not None]
    platform = platform or next((exhibitor for exhibitor in sides if exhibitor.kind == ExhibitorKind.PLATFORM), None)
    return _platform_columns(platform)


def _platform_columns(platform: Exhibitor | None) -> dict[str, Any]:
    zh, en = (platform.name_zh, platform.name_en) if platform else ("", "")
    return {
        "platform_id": platform.id if platform else None,
        "platform_zh": clean_text(zh or en),
        "platform_en": clean_text(en or zh),
    }


def _booth_columns(seller: ResolvedParty) -> dict[str, Any]:
    exhibitor = seller.exhibitor
    stand = booth_place(exhibitor) if exhibitor else BoothPlace()
    return {
        "booth": clean_text(stand.booth),
        "hall_code": clean_text(stand.hall_code),
        **_names_of("zone", stand.zone),
        "seller_ownership": exhibitor.ownership if exhibitor else "",
        "seller_type": exhibitor.company_type if exhibitor else "",
        "seller_province": clean_text(exhibitor.province) if exhibitor else "",
        "seller_city": clean_text(exhibitor.city) if exhibitor else "",
        "industrial_belt": clean_text(exhibitor.industrial_belt) if exhibitor else "",
    }


def _names_of(what: str, record: Any) -> dict[str, str]:
    """Code and both names of a list's entry, each standing in for the other when it is empty."""
    if record is None:
        return {f"{what}_code": "", f"{what}_zh": "", f"{what}_en": ""}
    zh, en = record.name_zh or record.name_en, record.name_en or record.name_zh
    return {f"{what}_code": clean_text(record.code), f"{what}_zh": clean_text(zh), f"{what}_en": clean_text(en)}
