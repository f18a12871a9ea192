"""The demo's visitors: who registers, and who comes through which gate on which day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from fairapp.demo import names
from fairapp.demo.days import DemoDays
from fairapp.demo.scale import Scale
from fairapp.demo.venue import Venue
from fairapp.visitors.models import Purpose, Source
from fairapp.visitors.rules import NewVisitor

# Shares of visitors by country or region; the rest comes from China's mainland.
ABROAD = (
    ("HK", 40),
    ("TW", 36),
    ("MO", 12),
    ("MY", 30),
    ("SG", 26),
    ("TH", 24),
    ("VN", 22),
    ("ID", 20),
    ("PH", 20),
    ("JP", 24),
    ("KR", 26),
    ("RU", 22),
    ("KZ", 14),
    ("IN", 14),
    ("PK", 10),
    ("BD", 8),
    ("AE", 16),
    ("SA", 10),
    ("TR", 8),
    ("US", 24),
    ("CA", 8),
    ("MX", 6),
    ("BR", 10),
    ("CO", 6),
    ("PE", 4),
    ("GB", 14),
    ("DE", 16),
    ("FR", 12),
    ("IT", 10),
    ("ES", 8),
    ("PL", 10),
    ("HU", 6),
    ("NL", 6),
    ("AU", 10),
    ("NZ", 6),
    ("ZA", 6),
    ("NG", 6),
    ("KE", 6),
    ("EG", 4),
    ("CM", 4),
    ("RW", 2),
    ("KH", 8),
    ("LA", 4),
    ("MM", 4),
    ("UY", 2),
    ("VU", 1),
)
PROVINCES = (
    ("福建", 520),
    ("广东", 110),
    ("浙江", 90),
    ("江苏", 50),
    ("上海", 48),
    ("江西", 40),
    ("山东", 26),
    ("湖南", 22),
    ("湖北", 20),
    ("四川", 18),
    ("北京", 18),
    ("河南", 16),
    ("安徽", 14),
    ("重庆", 10),
    ("广西", 8),
)
EMBASSIES = (
    "MY",
    "TH",
    "PH",
    "SG",
    "ID",
    "RU",
    "KZ",
    "PL",
    "HU",
    "PK",
    "KE",
    "PE",
    "AE",
)
# Which of the three days a visitor comes, of a hundred: the second is the great one.
DAYS = (((0,), 23), ((1,), 41), ((2,), 20), ((0, 1), 7), ((1, 2), 6), ((0, 1, 2), 3))
# Arrivals by hour of the day, from 9: most come before lunch.
HOURS = (20, 26, 18, 9, 10, 9, 6, 2)
ABROAD_SHARE = 0.034


@dataclass(frozen=True, slots=True)
class Passage:
    """One badge at one gate, as the device will report it."""

    at: datetime
    person: int
    gate: str
    direction: str


def list_registrations(random: Random, scale: Scale, days: DemoDays) -> Iterator[NewVisitor]:
    """Yield everyone who registers, guests of the embassies first; as many as come and some who stay away."""
    guests = [person for country in EMBASSIES for person in _delegates(random, country, days)]
    yield from guests
    for number in range(scale.visitors + scale.no_shows - len(guests)):
        yield _visitor(random, number, days)


def add_duplicates(everyone: list[NewVisitor], scale: Scale) -> dict[int, int]:
    """Let some of the last in the list be people who are in it already, with another address.

    Return {second: first}, by place in the list.
    """
    duplicates = {}
    for number in range(scale.no_shows // 60):
        first, second = 100 + number * 3, len(everyone) - 1 - number
        person = everyone[first]
        everyone[second] = replace(person, email=f"again{number}@mail.example", source=Source.WALK_IN)
        duplicates[second] = first
    return duplicates


def _delegates(random: Random, country: str, days: DemoDays) -> list[NewVisitor]:
    people = []
    for seat in range(4):
        name, latin = names.person_name(random, country)
        people.append(
            NewVisitor(
                category="GUE",
                name=name,
                name_latin=latin,
                company=f"Consulate-General of {country} (demo)",
                email=f"{country.lower()}{seat}@consulate.example",
                country=country,
                locale="en",
                source=Source.DELEGATION,
                registered_at=days.moment(-10, 10, seat),
            )
        )
    return people


def _visitor(random: Random, number: int, days: DemoDays) -> NewVisitor:
    abroad = random.random() < ABROAD_SHARE
    country = _weighted(random, ABROAD) if abroad else "CN"
    name, latin = names.person_name(random, country)
    trade = random.random() < 0.62
    company = names.foreign_buyer(random, country) if abroad else names.domestic_buyer(random)
    days_before = min(int(random.expovariate(1 / 9)), 40)
    return NewVisitor(
        category="PRO" if trade else "GEN",
        name=name,
        name_latin=latin,
        company=company if trade or abroad else "",
        email=f"visitor{number}@mail.example",
        country=country,
        province="" if abroad else _weighted(random, PROVINCES),
        locale="en" if abroad else "zh_Hans",
        source=Source.WALK_IN if random.random() < 0.08 else Source.ONLINE,
        consents=frozenset({Purpose.LEAD_SHARING} if random.random() < 0.4 else ()),
        is_returning=False,
        registered_at=days.moment(-1 - days_before, random.randrange(8, 22), random.randrange(60)),
    )


def _weighted(random: Random, choices: tuple[tuple[str, int], ...]) -> str:
    return random.choices([word for word, _ in choices], [weight for _, weight in choices])[0]


def list_passages(random: Random, people: Iterable[int], venue: Venue) -> list[Passage]:
    """Return every entry and exit of these people, in the order of time: each comes at least once."""
    passages: list[Passage] = []
    for person in people:
        for day in random.choices([days for days, _ in DAYS], [weight for _, weight in DAYS])[0]:
            passages += _day(random, person, venue.days, day)
    return sorted(passages, key=lambda passage: (passage.at, passage.person))


def _day(random: Random, person: int, days: DemoDays, day: int) -> list[Passage]:
    hour = random.choices(range(9, 17), HOURS)[0]
    arrival = days.moment(day, hour, random.randrange(60), random.randrange(60))
    closing = days.moment(day, 17)
    gate = random.choice("SSSEENW")
    passages = [Passage(arrival, person, gate, "entry")]
    leaving = arrival + timedelta(minutes=random.randrange(40, 260))
    if leaving < closing - timedelta(hours=2) and random.random() < 0.09:  # out for lunch, and back
        passages.append(Passage(leaving, person, gate, "exit"))
        back = leaving + timedelta(minutes=random.randrange(25, 70))
        passages.append(Passage(back, person, random.choice("SE"), "entry"))
        leaving = back + timedelta(minutes=random.randrange(30, 120))
    if random.random() < 0.9:  # one in ten leaves by a door that nobody watches
        passages.append(
            Passage(
                min(leaving, closing + timedelta(minutes=random.randrange(20))), person, random.choice("SEN"), "exit"
            )
        )
    return passages
