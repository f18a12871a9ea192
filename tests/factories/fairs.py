"""Fairs with their ground, made by the services."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from fairapp.core.data.db import transaction
from fairapp.core.web.access import system
from fairapp.fairs import services
from fairapp.fairs.booths.services import add_booths
from fairapp.fairs.models import Booth, Delegation, Fair, Gate, Hall, ProductCategory, VisitorCategory, Zone
from fairapp.fairs.venue import queries as venue
from fairapp.fairs.venue.services import add_delegation, add_gate, add_hall, add_product_category, add_zone

_numbers = count(1)


@dataclass
class Ground:
    """A fair with two halls of ten booths, two zones, two gates, two product categories, one delegation."""

    fair: Fair
    halls: list[Hall]
    zones: list[Zone]
    booths: list[Booth]
    gates: list[Gate]
    categories: dict[str, VisitorCategory]  # by code: PRO, GEN, EXH, PRE, SPK, GUE, ORG, SVC
    products: list[ProductCategory]
    delegation: Delegation


def make_fair(code: str = "", **changes: object) -> Fair:
    """A fair of three days, 18 to 20 March 2021 in Fuzhou, with its default visitor categories."""
    values = {
        "code": code or f"fair-{next(_numbers)}",
        "name_zh": "测试交易会",
        "name_en": "Test Fair",
        "starts_on": date(2021, 3, 18),
        "ends_on": date(2021, 3, 20),
        "venue_zh": "海峡国际会展中心",
        "venue_en": "Strait Convention Centre",
        "city_zh": "福州",
        "city_en": "Fuzhou",
    }
    with transaction():
        return services.create_fair(actor=system(), **{**values, **changes})


def make_ground(code: str = "", booths: int = 10, **changes: object) -> Ground:
    """A fair and what stands on it."""
    fair = make_fair(code, **changes)
    by = system(fair.id)
    with transaction():
        zones = [
            add_zone(actor=by, fair=fair, code="Z1", name_zh="跨境平台区", name_en="Platforms"),
            add_zone(actor=by, fair=fair, code="Z2", name_zh="供应商区", name_en="Suppliers"),
        ]
        halls = [
            add_hall(actor=by, fair=fair, code=f"H{n}", name_zh=f"{n}号馆", name_en=f"Hall {n}", gross_m2=9000)
            for n in (1, 2)
        ]
        stands = [
            booth
            for hall, zone in zip(halls, zones, strict=True)
            for booth in add_booths(
                actor=by,
                fair=fair,
                hall=hall,
                zone=zone,
                numbers=[f"{hall.code}-A{n:03}" for n in range(1, booths + 1)],
            )
        ]
        gates = [
            add_gate(actor=by, fair=fair, code="G1", name_zh="南门", name_en="South gate"),
            add_gate(actor=by, fair=fair, code="G2", name_zh="平台区入口", name_en="Platforms entrance", zone=zones[0]),
        ]
        products = [
            add_product_category(actor=by, fair=fair, code="HOME", name_zh="家居用品", name_en="Home goods"),
            add_product_category(actor=by, fair=fair, code="SHOE", name_zh="鞋服", name_en="Shoes and clothing"),
        ]
        delegation = add_delegation(actor=by, fair=fair, code="XM", name_zh="厦门交易团", name_en="Xiamen group")
    categories = {category.code: category for category in venue.visitor_categories(fair)}
    return Ground(fair, halls, zones, stands, gates, categories, products, delegation)
