"""The demo's exhibitors: suppliers by the thousand, platforms, service providers and associations."""

from collections.abc import Iterator
from random import Random
from typing import Any

from sqlalchemy import select

from fairapp.accounts import services as accounts
from fairapp.accounts.permissions import Role
from fairapp.accounts.rules import DEMO_DOMAIN, DEMO_PASSWORD
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.web import access
from fairapp.demo import names
from fairapp.demo.scale import Scale
from fairapp.demo.venue import PRODUCTS, Venue
from fairapp.exhibitors.applications import services
from fairapp.exhibitors.booths import services as booths
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Booth
from fairapp.fairs.venue.queries import delegations, product_categories

DECIDING, APPLYING, REFUSING = (-41, 14), (-22, 11), (-17, 14)  # days from the opening day, hour
_OWNERSHIP = (("private", 82), ("state", 6), ("foreign", 7), ("hk_mo_tw", 5))
_TYPES = (("producer", 62), ("trader", 38))
_BELTS = {
    "莆田": "莆田鞋业产业带",
    "泉州": "泉州服饰产业带",
    "宁德": "宁德新能源产业带",
    "义乌": "义乌小商品产业带",
    "漳州": "漳州钟表食品产业带",
}
_OF_CITY = {"福州": "FZ", "厦门": "XM", "泉州": "QZ", "莆田": "PT"}
_OF_PROVINCE = {"广东": "GD", "浙江": "ZJ"}
_PLATFORM_COUNTRIES = ("CN", "CN", "CN", "US", "SG", "MY", "RU", "BR", "KR", "JP", "PL")


def add_demo_exhibitors(random: Random, scale: Scale, venue: Venue) -> dict[str, list[Exhibitor]]:
    """Enter the exhibitors of the organiser's list and place them; late applications wait or are refused.

    Return the listed ones by kind.
    """
    rows = list(_rows(random, scale, venue))
    late = _count_late(scale)
    with clock.frozen_at(venue.days.moment(*DECIDING)):
        listed = services.add_exhibitors(actor=venue.organiser, fair=venue.fair, rows=rows[:-late])
        _assign_booths(venue, listed)
    _apply_late(venue, rows[-late:])
    kinds: dict[str, list[Exhibitor]] = {}
    for exhibitor in listed:
        kinds.setdefault(exhibitor.kind, []).append(exhibitor)
    _give_log_in(venue, kinds["supplier"][0])
    return kinds


def _count_late(scale: Scale) -> int:
    """How many apply when the halls are full."""
    return max(4, scale.suppliers // 60)


def _apply_late(venue: Venue, rows: list[dict[str, Any]]) -> None:
    """They apply on the public page; half of them have their answer, the others wait for one."""
    with clock.frozen_at(venue.days.moment(*APPLYING)):
        applied = [services.submit_application(actor=access.ANONYMOUS, fair=venue.fair, details=row) for row in rows]
    with clock.frozen_at(venue.days.moment(*REFUSING)):
        services.refuse_exhibitors(
            actor=venue.organiser,
            fair=venue.fair,
            exhibitors=applied[: len(applied) // 2],
            reason="展位已满，已列入候补名单。The halls are full; you are on the waiting list.",
        )


def _rows(random: Random, scale: Scale, venue: Venue) -> Iterator[dict[str, Any]]:
    """Applications: the kinds that come first, then suppliers, then those who came too late."""
    applications = _Applications(random, venue)
    companies = iter(names.companies(random))
    for number in range(scale.platforms):
        yield applications.platform(number)
    for _ in range(scale.service_providers):
        yield applications.company(next(companies), "service_provider")
    for _ in range(scale.associations):
        yield applications.association(next(companies))
    for _ in range(scale.suppliers + _count_late(scale)):
        yield applications.company(next(companies), "supplier")


class _Applications:
    """Rows of applications, with the ids of the fair's own lists."""

    def __init__(self, random: Random, venue: Venue) -> None:
        self.random, self.zones = random, venue.zones
        self.categories = {category.code: category.id for category in product_categories(venue.fair)}
        self.delegations = {delegation.code: delegation.id for delegation in delegations(venue.fair)}

    def company(self, company: names.Company, kind: str) -> dict[str, Any]:
        contact, _ = names.person_name(self.random, "CN")
        delegation = _OF_CITY.get(company.city) or _OF_PROVINCE.get(company.province, "")
        category = PRODUCTS[company.trade][0] if kind == "supplier" else "SER"
        return {
            "kind": kind,
            "name_zh": company.name_zh,
            "name_en": company.name_en,
            "country": "CN",
            "credit_code": company.credit_code,
            "province": company.province,
            "city": company.city,
            "ownership": self._one_of(_OWNERSHIP),
            "company_type": "service" if kind == "service_provider" else self._one_of(_TYPES),
            "industrial_belt": _BELTS.get(company.city, ""),
            "zone_id": self.zones["SUP"].id,
            "delegation_id": self.delegations.get(delegation),
            "product_category_id": self.categories[category],
            "contact_name": contact,
            "contact_email": f"{company.credit_code.lower()}@company.example",
            "is_returning": False,
        }

    def platform(self, number: int) -> dict[str, Any]:
        name = names.PLATFORM_NAMES[number]
        country = _PLATFORM_COUNTRIES[number % len(_PLATFORM_COUNTRIES)]
        body = (
            {"credit_code": names.credit_code("350100", 90_000 + number)}
            if country == "CN"
            else {"registration_number": f"DEMO-{number:04d}"}
        )
        return body | {
            "kind": "platform",
            "name_zh": f"{name} 跨境平台",
            "name_en": f"{name} Marketplace",
            "country": country,
            "ownership": "private" if country == "CN" else "foreign",
            "company_type": "platform",
            "zone_id": self.zones["PLA"].id,
            "product_category_id": self.categories["SER"],
            "contact_name": names.person_name(self.random, country)[0],
            "contact_email": f"fair{number}@platform.example",
        }

    def association(self, company: names.Company) -> dict[str, Any]:
        trade = PRODUCTS[company.trade]
        row = self.company(company, "association")
        english = company.name_en.removesuffix(" Co., Ltd.")
        return row | {
            "name_zh": f"{company.city}{company.name_zh[2:4]}{trade[1]}行业协会",
            "name_en": f"{english} Association",
            "company_type": "",
        }

    def _one_of(self, choices: tuple[tuple[str, int], ...]) -> str:
        return self.random.choices([word for word, _ in choices], [weight for _, weight in choices])[0]


def _assign_booths(venue: Venue, exhibitors: list[Exhibitor]) -> None:
    """The organiser gives every exhibitor a booth of its zone, hall by hall."""
    free: dict[Any, Iterator[Booth]] = {}
    for zone in venue.zones.values():
        wanted = select(Booth).where(Booth.fair_id == venue.fair.id, Booth.zone_id == zone.id).order_by(Booth.number)
        free[zone.id] = iter(db.session.scalars(wanted).all())
    pairs = [(exhibitor, next(free[exhibitor.zone_id]).id) for exhibitor in exhibitors]
    booths.assign_booths(actor=venue.organiser, fair_id=venue.fair.id, pairs=pairs)


def _give_log_in(venue: Venue, exhibitor: Exhibitor) -> None:
    """The first supplier's contact signs in with the demo's password."""
    with clock.frozen_at(venue.days.moment(*DECIDING)):
        system = access.system(venue.fair.id, "demo")
        person = accounts.create_user(
            actor=system, email=f"exhibitor@{DEMO_DOMAIN}", name="吴展商 Wu Exhibitor", password=DEMO_PASSWORD
        )
        accounts.grant_role(
            actor=system,
            fair=venue.fair,
            user_id=person.id,
            role=Role.EXHIBITOR,
            organisation_id=exhibitor.organisation_id,
        )
