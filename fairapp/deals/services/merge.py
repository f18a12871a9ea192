"""Two reports of one deal, found later: the second leaves the totals, by an entry on each; undone by two more."""

from uuid import UUID

from sqlalchemy import select

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.deals.enums import DealStatus, EntryOutcome, Method, Party, Verb
from fairapp.deals.holds.judge import judge_repriced
from fairapp.deals.ledger.append import EntryContext, append_entry, lock_deal, replayed, terms_of
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.models import Deal
from fairapp.deals.pricing import price_deal
from fairapp.deals.rates.services import ensure_rates
from fairapp.deals.related_deals import recount_followers
from fairapp.deals.rules import Act, may, status_after
from fairapp.fairs.models import Fair


def merge_deals(*, actor: Actor, deal: Deal, into: Deal, note: str = "", client_id: UUID | None = None) -> Deal:
    """Say that `deal` is another report of `into`: it leaves every total, `into` stays as it stands.

    DomainError same_deal, not_standing, deal_state.
    """
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, Verb.MERGE):
        return stored
    db.session.refresh(into)
    if deal.id == into.id:
        raise DomainError("same_deal", _("Name the other deal."), field="into", status=422)
    if not may(into.status, Act.MERGE_KEEP):
        raise DomainError("not_standing", _("The deal that stays must not be void."), field="into", status=422)
    into_before = terms_of(into)
    deal.status, deal.held = str(status_after(deal.status, Act.MERGE, deal.held)), None
    deal.merged_into_id = into.id
    append_entry(ledger, deal, Act.MERGE, before, _context(actor, f"into_{into.number}", note, client_id))
    append_entry(ledger, into, Act.MERGE_KEEP, into_before, _context(actor, f"from_{deal.number}"))
    recount_followers(ledger, actor, deal)
    audit.record(Event.DEALS_MERGED, actor=actor, fair_id=deal.fair_id, subject=deal, into=into.number)
    return deal


def undo_merge(*, actor: Actor, deal: Deal, note: str = "", client_id: UUID | None = None) -> Deal:
    """Take a merge back: the deal stands again as it stood before, held or not, at the rate of now.

    DomainError deal_state.
    """
    ledger, before = lock_deal(deal)
    if stored := replayed(deal.fair_id, client_id, actor, Verb.MERGE):
        return stored
    if deal.merged_into_id is None:
        raise DomainError("deal_state", _("This is not possible any more: the deal has changed meanwhile."))
    into = db.session.get_one(Deal, (deal.fair_id, deal.merged_into_id), populate_existing=True)
    deal.status, deal.held = _before_merge(deal)
    deal.merged_into_id = None
    fair = db.session.get_one(Fair, deal.fair_id)
    if price_deal(fair, ensure_rates(actor=actor, fair=fair), deal) and deal.rate_usd != before["rate_usd"]:
        judge_repriced(fair, deal, before)
    append_entry(ledger, deal, Act.UNMERGE, before, _context(actor, f"into_{into.number}", note, client_id))
    if into.status != DealStatus.VOID:
        append_entry(ledger, into, Act.UNMERGE_KEEP, terms_of(into), _context(actor, f"from_{deal.number}"))
    recount_followers(ledger, actor, deal)
    audit.record(Event.DEALS_UNMERGED, actor=actor, fair_id=deal.fair_id, subject=deal, into=into.number)
    return deal


def _before_merge(deal: Deal) -> tuple[str, str | None]:
    """Status and hold as the entry before the last merge says."""
    mine = (DealEntry.fair_id == deal.fair_id, DealEntry.deal_id == deal.id)
    merge = select(DealEntry.seq).where(*mine, DealEntry.verb == Verb.MERGE, DealEntry.outcome == EntryOutcome.MERGED)
    last = db.session.scalars(merge.order_by(DealEntry.seq.desc()).limit(1)).one()
    earlier = select(DealEntry.status, DealEntry.held).where(*mine, DealEntry.seq < last)
    row = db.session.execute(earlier.order_by(DealEntry.seq.desc()).limit(1)).one()
    return row.status, row.held


def _context(actor: Actor, reason: str, note: str = "", client_id: UUID | None = None) -> EntryContext:
    method = Method.PROGRAM if actor.user_id is None else Method.DESK
    return EntryContext(actor, Party.ORGANISER, method, client_id, reason, note)
