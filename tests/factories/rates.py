"""Rates for tests: one person prepares, another releases, as at two desks."""

from datetime import date
from decimal import Decimal
from typing import Any

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import transaction
from fairapp.core.web.access import Actor
from fairapp.deals.rates.enums import Quotation
from fairapp.deals.rates.models import FxRate, RateProposal
from fairapp.deals.rates.proposal_services import prepare_rate, preview_release, release_rate
from fairapp.deals.rates.queries import rate_by_day
from fairapp.deals.rates.services import lock_rates
from fairapp.fairs.models import Fair
from tests.factories.foundation import make_actor

BANK = "State Bank, daily list"


def prepare(fair: Fair, currency: str, units_per_usd: str, actor: Actor | None = None, **more: Any) -> RateProposal:
    """A rate that waits for its release; it replaces what is in force, with a reason."""
    actor = actor or make_actor(fair, Role.ORGANISER)
    with transaction():
        day: date = more.get("valid_on") or lock_rates(actor=Actor("test"), fair=fair).fixed_on
        in_force = rate_by_day(fair.id, currency, day)
        values: dict[str, Any] = {
            "quotation": Quotation.PER_USD,
            "stated": Decimal(units_per_usd) * 100,
            "source": BANK,
            "replaces_id": in_force.id if in_force else None,
            "reason": "The list of the day says so." if in_force else "",
        }
        return prepare_rate(actor=actor, fair=fair, currency=currency, **values | more)


def release(fair: Fair, proposal: RateProposal, actor: Actor | None = None, **more: Any) -> FxRate | None:
    """What a second person does: type it unseen where that is asked for, look at what it does, release it."""
    person = actor or make_actor(fair, Role.VERIFIER)
    typed = more.get("typed", Decimal(proposal.stated) if proposal.typed_unseen else None)
    with transaction():
        effect = preview_release(actor=person, fair=fair, proposal_id=proposal.id, typed=typed)
    if effect is None:
        return None
    with transaction():
        digest = more.get("effect", effect.digest)
        return release_rate(actor=person, fair=fair, proposal_id=proposal.id, effect=digest, typed=typed)


def say_rate(fair: Fair, currency: str, units_per_usd: str, **more: Any) -> FxRate:
    """A rate in force, prepared by one person and released by another."""
    rate = release(fair, prepare(fair, currency, units_per_usd, **more))
    assert rate is not None
    return rate
