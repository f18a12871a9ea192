"""How many wrong rates are held, refused or found out before they convert anything: seeded acts by the services."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from bench import Figures, runs
from bench.bench_deals import empty_program
from fairapp.accounts.permissions import PERMISSIONS, Role
from fairapp.core.data.db import db, transaction
from fairapp.core.data.ids import new_id
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor, system
from fairapp.deals.rates.enums import Quotation
from fairapp.deals.rates.proposal_services import prepare_rate, preview_release, refuse_rate, release_rate
from fairapp.deals.rates.queries import rate_by_day
from fairapp.deals.rates.services import lock_rates
from fairapp.fairs.models import Fair

OPENING = date(2021, 3, 18)
YUAN = Decimal("6.5066")
# Units for one US dollar in March 2021; the ECB quotes those of the first line.
QUOTED = {"EUR": "0.8395", "JPY": "108.95", "GBP": "0.7183", "KRW": "1127.6", "CNY": "6.5066", "INR": "72.51"}
UNQUOTED = {"VND": "23050", "AED": "3.6725", "KZT": "418.7", "PKR": "155.65", "EGP": "15.68", "COP": "3560"}
EACH = 20


class TakenBack(Exception):
    """The end of an act that would have converted: its transaction is rolled back."""


@dataclass(frozen=True)
class WrongRate:
    """A rate as somebody prepares it, `truth` as an honest second person reads it in the same direction."""

    kind: str
    currency: str
    truth: Decimal
    stated: Decimal
    quotation: str = Quotation.PER_USD
    cny_stated: Decimal | None = None
    source: str = "Bank of China, list of the day"
    releases_itself: bool = False


def wrong_rates(random: Random, each: int = EACH) -> Iterator[WrongRate]:
    """Yield so many of each kind, over currencies the ECB quotes and others."""
    for _number in range(each):
        for table in (QUOTED, UNQUOTED):
            currency = random.choice(sorted(table))
            truth = Decimal(table[currency]) * 100 * Decimal(random.randrange(990, 1010)) / 1000
            yield from _slips(random, currency, truth)
            yield WrongRate("alone", currency, truth, truth, releases_itself=True)
            name = random.choice(
                ("ECB", "Ｅ.Ｃ.Ｂ.", "european  central bank", "欧洲央行", "歐洲中央銀行", "Banque centrale européenne")
            )
            yield WrongRate("name_of_the_ecb", currency, truth, truth, source=name)


def _slips(random: Random, currency: str, truth: Decimal) -> Iterator[WrongRate]:
    for factor in (10, 100, 1_000):
        wrong = truth * factor if random.random() < 0.5 else truth / factor
        yield WrongRate(f"times_{factor}", currency, truth, wrong)
    yield WrongRate("inverted", currency, truth, 10_000 / truth)
    yield WrongRate("other_direction", currency, 10_000 / truth, truth, Quotation.PER_UNIT)
    yield WrongRate("yuan_for_dollars", currency, truth, truth / YUAN)
    usd, cny = 10_000 / truth, 10_000 / truth * YUAN
    yield WrongRate("swapped_columns", currency, usd, cny, Quotation.PER_UNIT, usd)
    digits = f"{truth.normalize():f}"
    place = random.randrange(len(digits.partition(".")[0]))
    typo = Decimal(digits[:place] + digits[place] + digits[place:])
    yield WrongRate("doubled_digit", currency, truth, typo)
    yield WrongRate("five_percent_off", currency, truth, truth * Decimal("1.05"))  # what no rule can tell


@runs(1)
def bench_rates_held() -> Figures:
    """Every act through the services; `converted` are wrong rates in force at the end of their own road."""
    ends: Counter[tuple[str, str]] = Counter()
    random = Random(20210318)
    with empty_program() as (app, fair_id), app.app_context():
        with transaction() as session:
            lock_rates(actor=system(fair_id, "bench"), fair=session.get_one(Fair, fair_id))
        for wrong in wrong_rates(random):
            ends[wrong.kind, end_of(fair_id, wrong)] += 1
            db.session.expunge_all()
    by_kind: dict[str, dict[str, int]] = {}
    for (kind, end), count in sorted(ends.items()):
        by_kind.setdefault(kind, {})[end] = count
    caught = sum(count for (_kind, end), count in ends.items() if end != "converted")
    return {"wrong": ends.total(), "caught_percent": 100 * caught / ends.total(), "by_kind": by_kind}


def end_of(fair_id: int, wrong: WrongRate) -> str:
    """Return how the act ends: refused at once, held for a reason, found out by the second person, or converted."""
    organiser, verifier = _person(fair_id, Role.ORGANISER), _person(fair_id, Role.VERIFIER)
    with transaction() as session:
        fair = session.get_one(Fair, fair_id)
        in_force = rate_by_day(fair_id, wrong.currency, OPENING)
        try:
            proposal = prepare_rate(actor=organiser, fair=fair, **_arguments(wrong, in_force))
        except DomainError as refusal:
            return "held_for_a_reason" if refusal.code == "reason_needed" else "refused_at_once"
    if any(found["oddity"] != "no_reference" for found in proposal.oddities):
        _refuse(fair_id, organiser, proposal.id)
        return "held_for_a_reason"
    return _released(fair_id, organiser if wrong.releases_itself else verifier, organiser, proposal, wrong)


def _arguments(wrong: WrongRate, in_force: Any) -> dict[str, Any]:
    return {
        "currency": wrong.currency,
        "quotation": wrong.quotation,
        "stated": wrong.stated,
        "cny_stated": wrong.cny_stated,
        "source": wrong.source,
        "replaces_id": in_force.id if in_force else None,
        "reason": "The list of the day says so." if in_force else "",
    }


def _released(fair_id: int, second: Actor, organiser: Actor, proposal: Any, wrong: WrongRate) -> str:
    """The second person types the true rate where it is asked for, and believes what is shown elsewhere."""
    try:
        with transaction() as session:
            fair = session.get_one(Fair, fair_id)
            about: dict[str, Any] = {"fair": fair, "proposal_id": proposal.id, "typed": wrong.truth}
            effect = preview_release(actor=second, **about)
            if effect is None:
                return "found_out_unseen"
            release_rate(actor=second, effect=effect.digest, **about)
            raise TakenBack  # so that the next act begins at the same set
    except DomainError:
        _refuse(fair_id, organiser, proposal.id)
        return "refused_at_once"
    except TakenBack:
        _refuse(fair_id, organiser, proposal.id)
        return "converted"


def _refuse(fair_id: int, actor: Actor, proposal_id: Any) -> None:
    with transaction() as session:
        refuse_rate(actor=actor, fair=session.get_one(Fair, fair_id), proposal_id=proposal_id, note="Over.")


def _person(fair_id: int, role: Role) -> Actor:
    return Actor(str(role), new_id(), fair_id, frozenset({role}), PERMISSIONS[role])
