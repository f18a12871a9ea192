"""What deals do when something changes below them; fairapp/reactions.py connects it."""

from sqlalchemy.orm import selectinload

from fairapp.core.data.db import db
from fairapp.deals.enums import Method, Party
from fairapp.deals.holds.judge import judge_repriced
from fairapp.deals.ledger.append import EntryContext, append_entry, lock_ledger, terms_of
from fairapp.deals.models import Deal
from fairapp.deals.pricing import deals_priced_by, price_deal
from fairapp.deals.rates.events import RateChanged
from fairapp.deals.rates.queries import rate_set
from fairapp.deals.rules import Act, may


def reprice_deals(change: RateChanged) -> None:
    """Append one fx_correct entry for each deal that gets another rate; all have it before the first is judged."""
    rates = rate_set(change.fair.id)
    if rates is None:
        return
    ledger = lock_ledger(change.fair.id)
    repriced = []
    query = deals_priced_by(change, rates).options(selectinload(Deal.flags))
    query = query.execution_options(populate_existing=True)
    for deal in db.session.scalars(query).all():
        before = terms_of(deal)
        has_rate = may(deal.status, Act.CORRECT_RATE) and price_deal(change.fair, rates, deal)
        if has_rate and terms_of(deal) != before:
            repriced.append((deal, before))
    db.session.flush()
    context = EntryContext(change.actor, Party.ORGANISER, Method.DESK, note=change.note)
    for deal, before in repriced:
        judge_repriced(change.fair, deal, before)
        append_entry(ledger, deal, Act.CORRECT_RATE, before, context)
    db.session.flush()
