"""Days, hours, zone and counting profile of the fair in its ledger: with the first deal, and at each later change."""

from typing import Any
from uuid import UUID

from sqlalchemy import Date, String, select

from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.data.ids import new_id
from fairapp.core.web.access import Actor
from fairapp.deals.enums import Method, Party, Verb
from fairapp.deals.ledger import chain
from fairapp.deals.ledger.append import HEAD_MOVED, lock_ledger
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.ledger.rules import facts_of
from fairapp.fairs.models import Fair

NO_DEAL = UUID(int=0)


def append_fair_facts(*, actor: Actor, fair: Fair) -> None:
    """Append an entry on the fair itself when its days, hours, zone or profile differ from those last stated.

    Before the first deal there is none: that deal's entry states them.
    """
    facts = facts_of(fair)
    if stated_facts(fair.id) in {None, facts}:
        return
    ledger = lock_ledger(fair.id)
    values = _blank_terms(fair) | {
        "fair_id": fair.id,
        "seq": ledger.entries + 1,
        "id": new_id(),
        "client_id": new_id(),
        "deal_id": None,
        "deal_number": 0,
        "verb": str(Verb.FAIR),
        "party": str(Party.ORGANISER),
        "method": str(Method.DESK),
        "actor_id": actor.user_id,
        "at": clock.now(),
        "outcome": None,
        "reason": None,
        "note_digest": None,
        "fair_facts": facts,
    }
    row_hash = chain.row_hash(ledger.head_hash, chain.entry_texts(values))
    db.session.add(DealEntry(**values, prev_hash=ledger.head_hash, row_hash=row_hash))
    db.session.flush()
    moved = {"fair": fair.id, "entries": ledger.entries + 1, "deals": ledger.deals, "head_hash": row_hash}
    HEAD_MOVED.execute_many(db.session.connection(), [moved])


def stated_facts(fair_id: int) -> str | None:
    """Return what the last entry that names them says of the fair; None before the first entry."""
    table = DealEntry.__table__.c
    query = select(table.fair_facts).where(table.fair_id == fair_id, table.fair_facts.is_not(None))
    return db.session.scalar(query.order_by(table.seq.desc()).limit(1))


def _blank_terms(fair: Fair) -> dict[str, Any]:
    """The columns of a deal that must not be empty, saying nothing."""
    columns = {name: DealEntry.__table__.c[name] for name in chain.TERMS}
    blanks: dict[type, Any] = {Date: fair.starts_on, String: ""}
    return {
        name: None
        if column.nullable
        else next(blank for kind, blank in blanks.items() if isinstance(column.type, kind))
        for name, column in columns.items()
    }
