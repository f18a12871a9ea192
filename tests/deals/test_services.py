"""What each service changes, which entry it appends, and what the trail says."""

from sqlalchemy import select

from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.db import db
from fairapp.deals import queries
from fairapp.deals.drafts import Side
from fairapp.deals.models import Deal, DealStatus
from tests.factories.deals import confirm, declare, make_exhibitor, member_of, verified_deal
from tests.factories.foundation import make_fair


def events(fair_id: int) -> list[str]:
    return [
        event
        for event in db.session.scalars(
            select(FairEvent.event).where(FairEvent.fair_id == fair_id).order_by(FairEvent.id)
        )
        if event.startswith("deal.")
    ]


def verbs(deal: Deal) -> list[str]:
    return [statement.entry.verb for statement in queries.statements_of(deal)]


def whole(fair) -> bool:
    report = queries.ledger_report(fair.id)
    assert report.ok, report.text()
    return True


def test_a_declared_deal_is_converted_copied_and_chained(app) -> None:
    fair = make_fair()
    seller = make_exhibitor(fair)
    deal = declare(fair, member_of(fair, seller), seller=seller, currency="CNY", amount_minor=650_663_20)
    assert (deal.status, deal.held, deal.number, deal.last_seq) == (DealStatus.DECLARED, None, 1, 1)
    assert deal.usd_minor == 10_000_000
    assert (deal.country, deal.country_zh, deal.nature) == ("SG", "新加坡", "goods_export")
    assert queries.ledger_head(fair.id)[0] == 1
    assert events(fair.id) == [Event.DEAL_DECLARED]
    assert whole(fair)


def test_three_totals_stand_side_by_side(app) -> None:
    fair = make_fair()
    declare(fair, buyer=Side(name="A", country="SG"))
    confirm(declare(fair, buyer=Side(name="B", country="SG")))
    deal = verified_deal(fair, buyer=Side(name="C", country="SG"))
    totals = queries.deal_totals(fair.id)
    assert [totals[name]["count"] for name in ("declared", "confirmed", "verified")] == [3, 2, 1]
    assert [totals[name]["usd_minor"] for name in ("declared", "confirmed", "verified")] == [
        3_600_000,
        2_400_000,
        1_200_000,
    ]
    assert verbs(deal) == ["declare", "confirm", "amend", "verify"]
    assert events(fair.id)[-4:] == ["deal.declared", "deal.confirmed", "deal.evidence_added", "deal.verified"]
    assert whole(fair)
