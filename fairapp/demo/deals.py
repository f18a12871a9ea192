"""The demo's deals: declared at booths and ceremonies, most of them confirmed, some doubted, many verified."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from uuid import UUID

from fairapp.accounts.permissions import PERMISSIONS, Role
from fairapp.core.data import clock
from fairapp.core.data.db import db, transaction
from fairapp.core.data.ids import new_id
from fairapp.core.text.currencies import currencies_valid, exponent
from fairapp.core.web.access import ANONYMOUS, Actor
from fairapp.deals.draft import Draft, Side
from fairapp.deals.enums import Basis, Channel, DealStatus, EvidenceKind, Method, Nature, Party, Tier
from fairapp.deals.evidence.services import add_evidence
from fairapp.deals.models import Deal
from fairapp.deals.rates import ecb
from fairapp.deals.rates import services as rates_services
from fairapp.deals.rates.enums import Quotation
from fairapp.deals.rates.models import RateProposal
from fairapp.deals.rates.proposal_services import prepare_rate, preview_release, release_rate
from fairapp.deals.rates.queries import list_rates, rate_for, rate_set
from fairapp.deals.services.confirm import Answer, confirm_deal, dispute_deal, send_confirmation
from fairapp.deals.services.declare import declare_deal
from fairapp.deals.services.review import screen_deal, verify_deal, void_deal
from fairapp.demo import names
from fairapp.demo.venue import Venue
from fairapp.demo.visitors import ABROAD
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.venue.queries import product_categories
from fairapp.visitors.models import Visitor
from fairapp.visitors.registration.bulk import RegisteredVisitor
from fairapp.visitors.rules import NewVisitor

BATCH = 100
# The ECB does not quote these; the organiser prepares what a bank does and a verifier releases it, typed unseen.
BANK_RATES = (
    ("AED", "3.6725"),
    ("SAR", "3.75"),
    ("KZT", "418.7"),
    ("PKR", "155.65"),
    ("BDT", "84.74"),
    ("EGP", "15.68"),
)
WAITING_RATE = ("VND", "23050")
OWN_CURRENCY = {
    "MY": "MYR",
    "SG": "SGD",
    "TH": "THB",
    "VN": "VND",
    "ID": "IDR",
    "PH": "PHP",
    "JP": "JPY",
    "KR": "KRW",
    "RU": "RUB",
    "KZ": "KZT",
    "IN": "INR",
    "PK": "PKR",
    "BD": "BDT",
    "AE": "AED",
    "SA": "SAR",
    "TR": "TRY",
    "CA": "CAD",
    "MX": "MXN",
    "BR": "BRL",
    "CO": "COP",
    "GB": "GBP",
    "DE": "EUR",
    "FR": "EUR",
    "IT": "EUR",
    "ES": "EUR",
    "NL": "EUR",
    "PL": "PLN",
    "HU": "HUF",
    "AU": "AUD",
    "NZ": "NZD",
    "ZA": "ZAR",
    "EG": "EGP",
    "CM": "XAF",
    "RW": "RWF",
    "KH": "KHR",
    "HK": "HKD",
    "UY": "UYU",
    "VU": "VUV",
    "CN": "CNY",
}
# Roughly what one dollar buys where no rate is kept; it only sizes invented amounts.
_ROUGHLY = {"VND": 23_000, "COP": 3_600, "XAF": 550, "RWF": 1_000, "KHR": 4_050, "UYU": 44, "VUV": 109}
_TIERS = ((Tier.INTENT, 42), (Tier.AGREEMENT, 27), (Tier.CONTRACT, 23), (Tier.ONSITE_ORDER, 8))
_MODES = (("9710", 38), ("0110", 30), ("9810", 18), ("9610", 10), ("1210", 4))
_CHAPTERS = dict(
    zip(
        (
            "APP",
            "SHO",
            "HOM",
            "ELE",
            "TEA",
            "FOO",
            "OUT",
            "LIG",
            "TOY",
            "CRA",
            "MAC",
            "AUT",
            "BEA",
            "PET",
            "MED",
            "NEW",
        ),
        (
            "6109",
            "6402",
            "9403",
            "8517",
            "0902",
            "1905",
            "9506",
            "9405",
            "9503",
            "6913",
            "8479",
            "8708",
            "3304",
            "2309",
            "9018",
            "8541",
        ),
        strict=True,
    )
)
_MARKS = ("", "", "", "", "new", "green", "smart")
_HOURS = ((9, 10), (10, 18), (11, 16), (14, 20), (15, 18), (16, 8))


@dataclass(frozen=True)
class Buyer:
    """A buyer: the holder of a badge, or a company the desk writes down."""

    side: Side
    country: str
    visitor_id: UUID | None


class DemoDeals:
    """Deals between the fair's suppliers and the buyers among its visitors."""

    def __init__(
        self,
        random: Random,
        venue: Venue,
        exhibitors: dict[str, list[Exhibitor]],
        people: Iterable[tuple[NewVisitor, RegisteredVisitor]],
        deals: int,
    ) -> None:
        self.random, self.venue = random, venue
        self.suppliers, self.platforms = exhibitors["supplier"], exhibitors["platform"]
        # trade visitors with a company, from abroad and from China: buyers from abroad come to sign
        self.guests: dict[bool, list[tuple[UUID, str]]] = {True: [], False: []}
        for new, who in people:
            if who.category_code == "PRO" and new.company:
                self.guests[new.country != "CN"].append((who.visitor_id, new.country))
        self.codes = {category.id: category.code for category in product_categories(venue.fair)}
        self.verifiers = [self._staff(mailbox, Role.VERIFIER) for mailbox in ("verifier", "vice.verifier")]
        self.organiser = self._staff("organiser", Role.ORGANISER)
        self.colleague = self._staff("vice.organiser", Role.ORGANISER)
        self.moments = sorted(self._moment() for _ in range(deals))

    def _staff(self, mailbox: str, role: Role) -> Actor:
        person = self.venue.people[mailbox]
        return Actor(person.name, person.id, self.venue.fair.id, frozenset({role}), PERMISSIONS[role])

    def lock_rates(self) -> None:
        """Lock the opening day's rates, as the organiser does, and add what the ECB does not quote.

        The ECB's file ends somewhere: for a later day its last figures stand as the demo's own.
        """
        with clock.frozen_at(self.venue.days.moment(0, 8, 30)), transaction():
            rates_services.lock_rates(actor=self.organiser, fair=self.venue.fair)
            locked = {rate.currency for rate in list_rates(self.venue.fair.id)}
            valid = currencies_valid(self.venue.fair.starts_on, self.venue.fair.ends_on)
            for currency in sorted((ecb.currencies() & valid) - locked):
                if quote := ecb.quote(currency, min(ecb.last_day(), self.venue.days.first)):
                    source = f"演示汇率，取 {quote.observed_on} 的数值 Demo rate, the figure of {quote.observed_on}"
                    self._add_rate(currency, 1 / quote.usd, source)
            for currency, units in BANK_RATES:
                source = f"中国银行外汇牌价（演示） Bank quotation (demo), {self.venue.days.first}"
                self._add_rate(currency, Decimal(units), source)

    def _add_rate(self, currency: str, units: Decimal, source: str) -> None:
        """The organiser prepares a rate, and a verifier releases it, typed unseen."""
        stated = ecb.round_rate(units * 100)
        proposal = self._prepare_rate(currency, stated, source)
        person, fair = self.verifiers[0], self.venue.fair
        effect = preview_release(actor=person, fair=fair, proposal_id=proposal.id, typed=stated)
        assert effect is not None  # both read the same
        release_rate(actor=person, fair=fair, proposal_id=proposal.id, effect=effect.digest, typed=stated)

    def prepare_last_rate(self) -> None:
        """Prepare one more after the close: it waits for the second person, and its deals for the rate."""
        currency, units = WAITING_RATE
        source = f"中国银行外汇牌价（演示） Bank quotation (demo), {self.venue.days.first}"
        with transaction():
            self._prepare_rate(currency, Decimal(units) * 100, source)

    def _prepare_rate(self, currency: str, stated: Decimal, source: str) -> RateProposal:
        return prepare_rate(
            actor=self.organiser,
            fair=self.venue.fair,
            currency=currency,
            quotation=Quotation.PER_USD,
            stated=stated,
            source=source,
        )

    def declare_day(self, day: int) -> int:
        """Declare a day's deals in the order of time, a hundred a transaction; return how many."""
        on, zone = self.venue.days.day(day), self.venue.fair.time_zone
        moments = [moment for moment in self.moments if clock.in_zone(moment, zone).date() == on]
        waiting = iter(moments)
        while batch := list(islice(waiting, BATCH)):
            with transaction():
                self._declare_all(batch)
        return len(moments)

    def _declare_all(self, moments: Sequence[datetime]) -> None:
        for moment in moments:
            with clock.frozen_at(moment):
                self._declare(moment)

    def _moment(self) -> datetime:
        day = self.random.choices((0, 1, 2), (34, 41, 25))[0]
        hour = self.random.choices([hour for hour, _ in _HOURS], [weight for _, weight in _HOURS])[0]
        return self.venue.days.moment(day, hour, self.random.randrange(60), self.random.randrange(60))

    # --- one deal -----------------------------------------------------------------------------

    def _declare(self, moment: datetime) -> None:
        seller = self.random.choice(self.suppliers)
        buyer = self._buyer()
        actor = Actor(
            seller.name_zh or "",
            None,
            self.venue.fair.id,
            frozenset({Role.EXHIBITOR}),
            PERMISSIONS[Role.EXHIBITOR],
            frozenset(filter(None, [seller.organisation_id])),
        )
        draft = self._draft(seller, buyer)
        deal = declare_deal(actor=actor, fair=self.venue.fair, draft=draft, method=Method.SIGNED_IN, client_id=new_id())
        chance = self.random.random()
        if chance < 0.008:  # declared again in the hurry: held as a repeat
            with clock.frozen_at(moment + timedelta(minutes=7)):
                declare_deal(
                    actor=actor, fair=self.venue.fair, draft=draft, method=Method.SIGNED_IN, client_id=new_id()
                )
        elif chance < 0.012:
            with clock.frozen_at(moment + timedelta(minutes=20)):
                void_deal(actor=self.organiser, deal=deal, reason="mistake", note="展商来电更正 Corrected by telephone")
            return
        if not draft.note:  # nobody agrees to a slip of the hand
            self._answer(deal, buyer, moment)

    def _answer(self, deal: Deal, buyer: Buyer, moment: datetime) -> None:
        """The other side agrees, differs, or stays silent."""
        large = (deal.usd_minor or 0) > self.venue.fair.second_verifier_above_minor
        chance = self.random.random()
        with clock.frozen_at(moment + timedelta(minutes=self.random.randrange(2, 15))):
            if chance < (0.94 if large else 0.64):
                self._confirm(deal, buyer)
            elif chance < (0.955 if large else 0.655):
                self._dispute(deal, buyer)
        if deal.status == DealStatus.CONFIRMED and deal.held is None:
            with clock.frozen_at(moment + timedelta(minutes=self.random.randrange(20, 40))):
                self._verify(deal)

    def _confirm(self, deal: Deal, buyer: Buyer) -> None:
        if buyer.visitor_id is not None:
            answer = Answer(deal.amount_minor, deal.currency, Method.BADGE)
            confirm_deal(actor=ANONYMOUS, deal=deal, answer=answer, visitor=self._visitor(buyer), client_id=new_id())
            return
        link = send_confirmation(actor=self.organiser, deal=deal, method=Method.SHOWN_LINK)
        answer = Answer(deal.amount_minor, deal.currency, Method.SHOWN_LINK)
        confirm_deal(actor=ANONYMOUS, deal=deal, answer=answer, link=link, client_id=new_id())

    def _dispute(self, deal: Deal, buyer: Buyer) -> None:
        if buyer.visitor_id is None or deal.amount_minor is None:
            return
        answer = Answer(deal.amount_minor // 2, deal.currency, Method.BADGE, note="只谈了一半 We agreed on half of it")
        dispute_deal(actor=ANONYMOUS, deal=deal, answer=answer, visitor=self._visitor(buyer), client_id=new_id())

    def _verify(self, deal: Deal) -> None:
        if deal.tier not in (Tier.CONTRACT, Tier.AGREEMENT) or self.random.random() > 0.72:
            return
        screen_deal(actor=self.organiser, deal=deal, client_id=new_id())
        for witness in (self.organiser, self.colleague):
            add_evidence(
                actor=witness,
                deal=deal,
                kind=EvidenceKind.ORIGINAL_SEEN,
                description=f"服务台见合同原件 Signed original seen at the desk, deal {deal.number}",
                client_id=new_id(),
            )
        first, second = self.random.sample(self.verifiers, 2)
        verify_deal(actor=first, deal=deal, grade=self.random.choice("AAB"), client_id=new_id())
        if deal.status == DealStatus.CONFIRMED and self.random.random() < 0.9:  # large: two persons must see it
            verify_deal(actor=second, deal=deal, grade="A", client_id=new_id())

    def _visitor(self, buyer: Buyer) -> Visitor:
        return db.session.get_one(Visitor, (self.venue.fair.id, buyer.visitor_id))

    # --- its terms ----------------------------------------------------------------------------

    def _buyer(self) -> Buyer:
        if self.random.random() < 0.68:
            visitor_id, country = self.random.choice(self.guests[self.random.random() < 0.7])
            return Buyer(Side(visitor_id=visitor_id), country, visitor_id)
        country = self.random.choices([code for code, _ in ABROAD], [weight for _, weight in ABROAD])[0]
        return Buyer(Side(name=names.foreign_buyer(self.random, country), country=country), country, None)

    def _draft(self, seller: Exhibitor, buyer: Buyer) -> Draft:
        category = self.codes[seller.product_category_id] if seller.product_category_id else ""
        currency = self._currency(buyer.country)
        tier = self.random.choices([tier for tier, _ in _TIERS], [weight for _, weight in _TIERS])[0]
        abroad = buyer.country != "CN"
        draft = Draft(
            seller=Side(exhibitor_id=seller.id),
            buyer=buyer.side,
            declared_by=Party.SELLER,
            tier=tier,
            channel=self.random.choices(
                (Channel.BOOTH, Channel.MEETING, Channel.CEREMONY, Channel.ONLINE), (58, 27, 9, 6)
            )[0],
            customs_mode=self.random.choices([mode for mode, _ in _MODES], [weight for _, weight in _MODES])[0]
            if abroad
            else None,
            currency=currency,
            amount_minor=self._amount(tier, currency),
            platform_id=self.random.choice(self.platforms).id if self.random.random() < 0.22 else None,
            hs_code=_CHAPTERS.get(category, ""),
            marks=self.random.choice(_MARKS),
        )
        return self._special(draft)

    def _special(self, draft: Draft) -> Draft:
        """A few are not trade, some are yearly, and some hands slip over the zeros."""
        chance = self.random.random()
        if chance < 0.006:
            return replace(draft, nature=Nature.STRATEGIC, tier=Tier.AGREEMENT, amount_minor=None, customs_mode=None)
        if chance < 0.016:
            return replace(draft, nature=Nature.INVESTMENT, tier=Tier.AGREEMENT, customs_mode=None)
        if chance < 0.05 and draft.amount_minor:
            part = draft.amount_minor // 3
            year = self.venue.days.first.year
            years = {year: draft.amount_minor - 2 * part, year + 1: part, year + 2: part}
            return replace(draft, basis=Basis.YEARLY, years=years)
        if chance < 0.054 and draft.amount_minor and draft.currency in ("CNY", "USD"):
            return replace(draft, amount_minor=draft.amount_minor * 10_000, note="单位待核 To be checked: 万 or 元?")
        return draft

    def _currency(self, country: str) -> str:
        if country == "CN":
            return "CNY"
        return OWN_CURRENCY.get(country, "USD") if self.random.random() < 0.34 else "USD"

    def _amount(self, tier: Tier, currency: str) -> int:
        """Minor units: most are hundreds of thousands of dollars, framework deals are millions, orders are small."""
        middle = {Tier.ONSITE_ORDER: 42_000, Tier.INTENT: 520_000, Tier.AGREEMENT: 560_000, Tier.CONTRACT: 480_000}[
            tier
        ]
        dollars = middle * self.random.lognormvariate(0, 0.85)
        if tier in (Tier.AGREEMENT, Tier.CONTRACT) and self.random.random() < 0.07:
            dollars *= self.random.uniform(6, 14)
        rounded = max(1, round(dollars / 500)) * 500 * 100
        if currency == "USD":
            return rounded
        rate = self._rate(currency)
        units = int(Decimal(rounded) / rate / 100)
        steps = int(10 ** max(0, len(str(units)) - 3))
        return int(max(1, units // steps) * steps * 10 ** exponent(currency))

    def _rate(self, currency: str) -> Decimal:
        rates = rate_set(self.venue.fair.id)
        rate = rate_for(self.venue.fair, rates, currency, self.venue.days.first) if rates else None
        return rate.usd if rate else 1 / Decimal(_ROUGHLY.get(currency, 1))
