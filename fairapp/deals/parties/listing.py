"""What a deal copies from the fair's lists and from its seller: category, delegation, platform, stand, place."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from fairapp.deals.draft import Draft
from fairapp.deals.ledger.chain import plain
from fairapp.deals.models import Deal
from fairapp.deals.parties.queries import Stand, category_in, delegation_in, exhibitor_in, stand_of
from fairapp.deals.parties.resolve import Found, unknown_party
from fairapp.exhibitors.models import Exhibitor, ExhibitorKind
from fairapp.fairs.models import Fair


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
            raise unknown_party("platform")
        _copy(deal, _of_platform(platform))


def _in_list(look: Callable[[int, UUID], Any], fair: Fair, key: UUID | None, field: str) -> Any:
    found = look(fair.id, key) if key else None
    if key and found is None:
        raise unknown_party(field)
    return found


def _copy(deal: Deal, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(deal, name, value)


def _category(fair: Fair, draft: Draft, seller: Found) -> dict[str, Any]:
    category = category_in(fair.id, draft.category_id) if draft.category_id else None
    if draft.category_id and category is None:
        raise unknown_party("category")
    if category is None and seller.exhibitor is not None:
        category = seller.exhibitor.product_category
    return {"category_id": category.id if category else None} | _named("category", category)


def _delegation(fair: Fair, draft: Draft, seller: Found) -> dict[str, Any]:
    delegation = delegation_in(fair.id, draft.delegation_id) if draft.delegation_id else None
    if draft.delegation_id and delegation is None:
        raise unknown_party("delegation")
    if delegation is None and seller.exhibitor is not None:
        delegation = seller.exhibitor.delegation
    return _named("delegation", delegation)


def _platform(fair: Fair, draft: Draft, seller: Found, buyer: Found) -> dict[str, Any]:
    platform = exhibitor_in(fair.id, draft.platform_id) if draft.platform_id else None
    if draft.platform_id and (platform is None or platform.kind != ExhibitorKind.PLATFORM):
        raise unknown_party("platform")
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
