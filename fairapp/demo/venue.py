"""The demo's venue: the fair, its halls and doors, its lists, and the people who run it."""

from dataclasses import dataclass

from fairapp.accounts import services as accounts
from fairapp.accounts.appointments.services import release_role
from fairapp.accounts.models import User
from fairapp.accounts.permissions import NEEDS_RELEASE, Role
from fairapp.accounts.rules import DEMO_DOMAIN, DEMO_PASSWORD
from fairapp.core.data import clock
from fairapp.core.web import access
from fairapp.core.web.access import Actor
from fairapp.demo.days import ZONE, DemoDays
from fairapp.demo.scale import Scale
from fairapp.fairs import services as fairs
from fairapp.fairs.booths.services import add_booths
from fairapp.fairs.models import BoothKind, Fair, Hall, Zone
from fairapp.fairs.venue.services import add_delegation, add_gate, add_hall, add_product_category, add_zone

CODE = "cbec2021"
ANNOUNCED = -66  # days from the opening day

PRODUCTS = (
    ("APP", "服装服饰", "Apparel"),
    ("SHO", "鞋靴箱包", "Footwear and bags"),
    ("HOM", "家居用品", "Home goods"),
    ("ELE", "消费电子", "Consumer electronics"),
    ("TEA", "茶叶", "Tea"),
    ("FOO", "食品", "Foods"),
    ("OUT", "户外运动", "Outdoor and sports"),
    ("LIG", "照明灯饰", "Lighting"),
    ("TOY", "玩具", "Toys"),
    ("CRA", "工艺礼品", "Crafts and gifts"),
    ("MAC", "机械设备", "Machinery"),
    ("AUT", "汽车配件", "Auto parts"),
    ("BEA", "美妆个护", "Beauty and care"),
    ("PET", "宠物用品", "Pet supplies"),
    ("MED", "医疗健康", "Medical and health"),
    ("NEW", "新能源", "New energy"),
    ("SER", "跨境服务", "Cross-border services"),
)
DELEGATIONS = (
    ("FZ", "福州交易团", "Fuzhou Delegation", "CN"),
    ("XM", "厦门交易团", "Xiamen Delegation", "CN"),
    ("QZ", "泉州交易团", "Quanzhou Delegation", "CN"),
    ("PT", "莆田交易团", "Putian Delegation", "CN"),
    ("GD", "广东交易团", "Guangdong Delegation", "CN"),
    ("ZJ", "浙江交易团", "Zhejiang Delegation", "CN"),
    ("MYS", "马来西亚采购团", "Malaysia Buying Delegation", "MY"),
    ("KZ", "哈萨克斯坦采购团", "Kazakhstan Buying Delegation", "KZ"),
    ("AE", "阿联酋采购团", "UAE Buying Delegation", "AE"),
)
PEOPLE = (
    (Role.ORGANISER, "organiser", "陈组织 Chen Organiser", "zh_Hans"),
    (Role.VERIFIER, "verifier", "林核验 Lin Verifier", "zh_Hans"),
    (Role.VERIFIER, "vice.verifier", "许复核 Xu Verifier", "zh_Hans"),
    (Role.ORGANISER, "vice.organiser", "苏服务 Su Service Desk", "zh_Hans"),
    (Role.SUPERVISOR, "supervisor", "黄主管 Huang Supervisor", "zh_Hans"),
    (Role.STEWARD, "steward", "郑引导 Zheng Steward", "zh_Hans"),
    (Role.VIEWER, "viewer", "市商务局 Commerce Bureau", "zh_Hans"),
)


@dataclass(frozen=True)
class Venue:
    """The fair, its places and people, on which all else is built; `people` by the first part of their address."""

    fair: Fair
    days: DemoDays
    zones: dict[str, Zone]
    halls: list[Hall]
    people: dict[str, User]
    organiser: Actor


def build_venue(scale: Scale, days: DemoDays) -> Venue:
    """Announce the fair two months before it and set up its venue."""
    with clock.frozen_at(days.moment(ANNOUNCED, 10)):
        founder = accounts.create_user(
            actor=access.system(label="demo"),
            email=f"organiser@{DEMO_DOMAIN}",
            name=PEOPLE[0][2],
            password=DEMO_PASSWORD,
            may_create_fairs=True,
        )
        fair = _announce(Actor(founder.name, founder.id), scale, days)
        people = {"organiser": founder} | _engage(fair, founder)
        organiser = Actor(founder.name, founder.id, fair.id, frozenset({Role.ORGANISER}))
        zones = _zones(fair, organiser)
        halls = _halls(fair, organiser, scale, zones)
        _gates(fair, organiser, zones)
        _lists(fair, organiser)
    return Venue(fair, days, zones, halls, people, organiser)


def _announce(founder: Actor, scale: Scale, days: DemoDays) -> Fair:
    return fairs.create_fair(
        actor=founder,
        code=CODE,
        name_zh="中国跨境电商交易会（演示）",
        name_en="China Cross-Border E-Commerce Fair (demo)",
        starts_on=days.first,
        ends_on=days.last,
        time_zone=ZONE,
        venue_zh="海峡国际会展中心",
        venue_en="Strait International Conference and Exhibition Centre",
        city_zh="福州",
        city_en="Fuzhou",
        licence_number=f"榕公（治）许字〔{days.first.year}〕演示 018 号",
        approved_capacity=scale.capacity,
    )


def _engage(fair: Fair, founder: User) -> dict[str, User]:
    """The first verifier is appointed at the server; from then on there is a second person to release others."""
    system, inviter = access.system(fair.id, "demo"), Actor(founder.name, founder.id)
    people: dict[str, User] = {}
    for role, mailbox, name, locale in PEOPLE[1:]:
        person = accounts.create_user(
            actor=system, email=f"{mailbox}@{DEMO_DOMAIN}", name=name, password=DEMO_PASSWORD, locale=locale
        )
        appoints = inviter if "verifier" in people and role in NEEDS_RELEASE else system
        grant = accounts.grant_role(actor=appoints, fair=fair, user_id=person.id, role=role)
        if appoints is inviter:
            second = people["verifier"]
            release_role(actor=Actor(second.name, second.id, fair.id), grant=grant)
        people[mailbox] = person
    return people


def _zones(fair: Fair, organiser: Actor) -> dict[str, Zone]:
    lines = (
        ("SUP", "供应商展区", "Suppliers", None, ()),
        ("PLA", "平台展区", "Platforms", None, ()),
        ("VIP", "使领馆与贵宾厅", "Embassy and VIP lounge", 300, ("GUE", "ORG", "SVC", "SPK")),
    )
    return {
        code: add_zone(actor=organiser, fair=fair, code=code, name_zh=zh, name_en=en, capacity=capacity, admits=admits)
        for code, zh, en, capacity, admits in lines
    }


def _halls(fair: Fair, organiser: Actor, scale: Scale, zones: dict[str, Zone]) -> list[Hall]:
    halls = []
    for number in range(1, scale.halls + 1):
        hall = add_hall(
            actor=organiser,
            fair=fair,
            code=f"H{number}",
            name_zh=f"{number}号馆",
            name_en=f"Hall {number}",
            gross_m2=11_000,
        )
        # The platforms' zone is the head of hall 1, on raw space.
        heads = 40 if number == 1 else 0
        numbers = [f"{number}A{booth:03d}" for booth in range(1, scale.booths_per_hall + 1)]
        add_booths(
            actor=organiser,
            fair=fair,
            hall=hall,
            numbers=numbers[:heads],
            zone=zones["PLA"],
            kind=BoothKind.SPECIAL,
            area_m2=36,
        )
        add_booths(actor=organiser, fair=fair, hall=hall, numbers=numbers[heads:], zone=zones["SUP"])
        halls.append(hall)
    return halls


def _gates(fair: Fair, organiser: Actor, zones: dict[str, Zone]) -> None:
    sides = (
        ("S", "南门", "South gate"),
        ("E", "东门", "East gate"),
        ("N", "北门", "North gate"),
        ("W", "西门", "West gate"),
    )
    for code, zh, en in sides:
        add_gate(actor=organiser, fair=fair, code=code, name_zh=zh, name_en=en)
    add_gate(actor=organiser, fair=fair, code="VIP", name_zh="贵宾厅入口", name_en="VIP lounge", zone=zones["VIP"])


def _lists(fair: Fair, organiser: Actor) -> None:
    for position, (code, zh, en) in enumerate(PRODUCTS):
        add_product_category(actor=organiser, fair=fair, code=code, name_zh=zh, name_en=en, position=position)
    for code, zh, en, country in DELEGATIONS:
        add_delegation(actor=organiser, fair=fair, code=code, name_zh=zh, name_en=en, country=country)
