"""Sheet 19: this edition's and the last edition's deals, and what became of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from fairapp.core.data.db import transaction
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Side
from fairapp.deals.follow_ups.models import FollowUp
from fairapp.deals.follow_ups.services import answer_follow_up
from fairapp.fairs.models import Fair
from fairapp.reports.sheets import follow_up
from tests.factories.deals import declare, make_exhibitor
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_visitor


def a_followed_fair(clock: Any) -> Fair:
    """Two deals, one of them carried out by half."""
    fair = make_fair()
    seller = make_exhibitor(fair)
    buyer, _ = make_visitor(fair, company="Orchid", country="SG", email="buyer@orchid.example")
    deal = declare(fair, seller=seller, buyer=Side(visitor_id=buyer.id))
    declare(fair, seller=seller, buyer=Side(name="Kiosk", country="KE"), amount_minor=800_000)
    day = fair.ends_on + timedelta(days=30)
    clock.move_to(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))
    with transaction() as session:
        session.add(question := FollowUp(fair_id=fair.id, deal_id=deal.id, days=30, asked_party="buyer", due_on=day))
    with transaction():
        answer_follow_up(actor=Actor("link"), question=question, state="executed", executed_minor=600_000)
    return fair


def test_the_next_edition_shows_what_became_of_the_last(app: Any, clock: Any) -> None:
    last = a_followed_fair(clock)
    this = make_fair(starts_on=last.starts_on + timedelta(days=365), ends_on=last.ends_on + timedelta(days=365))
    stranger = make_fair(starts_on=this.starts_on, ends_on=this.ends_on)
    with transaction():
        this.previous_fair_id = last.id
    assert len(follow_up.conversion(stranger).tables[0].rows) == 1  # a fair nobody named is another's
    alone, both = (follow_up.conversion(fair).tables[0] for fair in (last, this))
    (before,) = alone.rows
    assert list(both.rows)[1][2:] == before[2:]
    assert before[2:] == (
        2, Decimal("20000.00"), 1, 0, 0, 0, 1, Decimal("12000.00"), Decimal("6000.00"), Decimal("0.5"), Decimal("0.3"), 0, 0
    )  # fmt: skip


def test_answers_are_counted_by_stage_country_and_tier(app: Any, clock: Any) -> None:
    fair = a_followed_fair(clock)
    _editions, responses, tier, country, delegation = follow_up.conversion(fair).tables
    assert next(iter(responses.rows))[3:] == (1, 0, 1, Decimal(1))
    assert {row[2]: row[9] for row in country.rows} == {"SG": 1, "KE": 0}
    assert [row[3] for row in tier.rows] == [2]
    assert [row[1] for row in delegation.rows] == ["Not stated"]
