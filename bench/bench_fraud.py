"""How many invented or mistaken deals are held, and how many honest ones with them: a seeded fair of 3,500 deals."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from bench import Figures, runs
from bench.bench_deals import empty_program
from fairapp.core.data import clock
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web import access
from fairapp.deals.draft import Draft, Side
from fairapp.deals.enums import DealStatus, Method, Party, Tier
from fairapp.deals.models import Deal
from fairapp.deals.services.confirm import Answer, confirm_deal
from fairapp.deals.services.declare import declare_deal
from fairapp.fairs.models import Fair, ProductCategory

HONEST, EACH = 3_000, 100
SELLERS, SECTORS = 420, 6
OPENING = datetime(2021, 3, 18, 1, tzinfo=UTC)
MINUTES = 3 * 24 * 60 - 8 * 60
MIDDLES = {Tier.INTENT: 1.0, Tier.AGREEMENT: 1.3, Tier.CONTRACT: 1.1, Tier.ONSITE_ORDER: 0.35}
_COUNTRIES = ("SG", "DE", "US", "AE", "BR", "MY", "JP", "FR", "TH", "ZA")


@dataclass(frozen=True)
class Told:
    """One report: when, of what, of which kind; `confirmed` when the other side will answer."""

    at: datetime
    draft: Draft
    kind: str = "honest"
    confirmed: bool = False
    separate: bool = False


class Ground:
    """Sellers of different size in sectors of different size, buyers who mostly buy from few."""

    def __init__(self, seed: int, categories: list[ProductCategory], sellers: int = SELLERS) -> None:
        self.random = Random(seed)
        self.sellers = [
            (Side(name=f"晨光制造{number:04d}号", country="CN"), number % SECTORS, self._size())
            for number in range(sellers)
        ]
        self.categories = categories

    def _size(self) -> float:
        """What a seller's deals are usually worth, in USD."""
        return 60_000 * self.random.lognormvariate(0, 1.0)

    def moment(self) -> datetime:
        return OPENING + timedelta(minutes=self.random.randrange(MINUTES))

    def draft(self, seller: int | None = None) -> Draft:
        """An honest deal of a seller."""
        side, sector, size = self.sellers[self.random.randrange(len(self.sellers)) if seller is None else seller]
        tier = self.random.choices(list(MIDDLES), (50, 20, 20, 10))[0]
        dollars = size * (1 + sector / 4) * MIDDLES[tier] * self.random.lognormvariate(0, 0.55)
        country = self.random.choice(_COUNTRIES)
        buyer = Side(name=f"Buyer {self.random.randrange(2_400)} {country}", country=country)
        return Draft(
            seller=side,
            buyer=buyer,
            tier=tier,
            currency="USD",
            amount_minor=max(1, round(dollars / 100)) * 10_000,
            category_id=self.categories[sector].id,
        )

    def honest(self, count: int = HONEST) -> Iterator[Told]:
        """Two in three are confirmed; of the large ones nearly all, because the desk asks."""
        for _number in range(count):
            draft = self.draft()
            large = (draft.amount_minor or 0) > 100_000_000
            yield Told(self.moment(), draft, confirmed=self.random.random() < (0.94 if large else 0.64))

    def invented(self, honest: list[Told], each: int = EACH, rings: int = 4) -> Iterator[Told]:
        """So many of each kind, spread over the days; a slip of a zero is made by sellers who have told deals before."""
        for _number in range(each):
            first = self.random.choice(
                [one for one in honest if one.confirmed and one.at < OPENING + timedelta(hours=40)]
            )
            yield replace(self._other_side(first), kind="doubles")
            wrong = self.draft()
            yield Told(self.moment(), replace(wrong, amount_minor=(wrong.amount_minor or 0) * 10_000), "wan_for_yuan")
            seller = self.random.randrange(len(self.sellers))
            late = OPENING + timedelta(minutes=self.random.randrange(MINUTES // 2, MINUTES))
            wrong = self._usual(seller)
            yield Told(late, replace(wrong, amount_minor=(wrong.amount_minor or 0) * 10), "ten_times")
            giant = self.random.randrange(105, 900) * 100_000_000 // 100
            yield Told(self.moment(), replace(self.draft(), amount_minor=giant * 100), "giants")
        for ring in range(rings):
            everywhere = Side(name=f"Omnipresent Trading {ring}", country="AE")
            for seller in self.random.sample(range(len(self.sellers)), each // rings):
                yield Told(self.moment(), replace(self.draft(seller), buyer=everywhere), "same_buyer")

    def _usual(self, seller: int) -> Draft:
        """A deal as this seller mostly tells them: who slips does so over an ordinary deal."""
        side, sector, size = self.sellers[seller]
        amount = size * (1 + sector / 4) * self.random.uniform(0.85, 1.2)
        return replace(
            self.draft(seller), seller=side, tier=Tier.INTENT, amount_minor=max(1, round(amount / 100)) * 10_000
        )

    def _other_side(self, first: Told) -> Told:
        """The same deal told again: by the buyer with a legal form more, by a delegation, or by the seller once more."""
        by = self.random.choice((Party.BUYER, Party.DELEGATION, Party.SELLER))
        buyer = replace(
            first.draft.buyer, name=first.draft.buyer.name + self.random.choice(("", " Ltd.", " Co., Ltd."))
        )
        near = 1 if by == Party.SELLER else self.random.choice((1, 1.004, 0.995))
        amount = int((first.draft.amount_minor or 0) * near)
        later = first.at + timedelta(minutes=self.random.randrange(5, 24 * 60))
        draft = replace(first.draft, declared_by=by, buyer=buyer, amount_minor=amount)
        return Told(min(later, OPENING + timedelta(minutes=MINUTES)), draft, separate=True)


@runs(1)
def bench_fraud_held() -> Figures:
    """Every report through the services, in the order of time; what is held at the end of the fair."""
    with empty_program() as (app, fair_id), app.app_context():
        ground = Ground(20210318, with_sectors(fair_id))
        honest = list(ground.honest())
        told = sorted([*honest, *ground.invented(honest)], key=lambda one: one.at)
        kinds: dict[int, str] = {}
        refused: Counter[str] = Counter()
        for at in range(0, len(told), 100):
            tell_all(fair_id, told[at : at + 100], kinds, refused)
        return figures_of(kinds, refused, fair_id)


def with_sectors(fair_id: int) -> list[ProductCategory]:
    sectors = [
        ProductCategory(fair_id=fair_id, code=f"S{number}", name_zh=f"类{number}", name_en=f"Sector {number}")
        for number in range(SECTORS)
    ]
    with transaction() as session:
        session.add_all(sectors)
    return sectors


def tell_all(fair_id: int, told: list[Told], kinds: dict[int, str], refused: Counter[str]) -> None:
    with transaction() as session:
        fair = session.get_one(Fair, fair_id)
        for one in told:
            tell(fair, one, kinds, refused)


def tell(fair: Fair, one: Told, kinds: dict[int, str], refused: Counter[str]) -> None:
    """Declare it, and let the other side answer; what is refused (confirm the first instead) adds no deal."""
    actor = access.system(fair.id, "bench")
    with clock.frozen_at(one.at):
        try:
            deal = declare_deal(actor=actor, fair=fair, draft=one.draft, separate=one.separate)
        except DomainError as error:
            refused[f"{one.kind} {error.code}"] += 1
            return
    kinds[deal.number] = one.kind
    if one.confirmed:
        with clock.frozen_at(one.at + timedelta(minutes=4)):
            answer = Answer(deal.amount_minor, deal.currency, Method.SIGNED_IN)
            confirm_deal(actor=actor, deal=deal, answer=answer)


def figures_of(kinds: dict[int, str], refused: Counter[str], fair_id: int) -> Figures:
    """Shares in percent: held of the invented, held of the honest, and held of each kind."""
    held = {
        deal.number: deal.held
        for deal in db.session.query(Deal).filter(Deal.fair_id == fair_id, Deal.held.is_not(None))
    }

    def share(numbers: list[int]) -> float:
        return 100 * sum(one in held for one in numbers) / max(1, len(numbers))

    by_kind: dict[str, list[int]] = {}
    for number, kind in kinds.items():
        by_kind.setdefault(kind, []).append(number)
    honest = by_kind.pop("honest")
    invented = [number for numbers in by_kind.values() for number in numbers]
    why = Counter(held[number] for number in honest if number in held)
    confirmed = db.session.query(Deal).filter(Deal.fair_id == fair_id, Deal.status == DealStatus.CONFIRMED).count()
    return {
        "honest": len(honest),
        "invented": len(invented),
        "invented_held_percent": share(invented),
        "honest_held_percent": share(honest),
        "held_percent_by_kind": {kind: round(share(numbers), 1) for kind, numbers in sorted(by_kind.items())},
        "honest_held_why": dict(why),
        "honest_refused": refused.total(),
        "confirmed": confirmed,
    }
