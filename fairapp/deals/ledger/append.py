"""The one way an entry gets into the ledger: lock the head, append, move the head, add to the stored totals.

The statements of this path are compiled once: an append is a few hundred microseconds of database and should not be
several milliseconds of building SQL.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from fairapp.core.data import clock
from fairapp.core.data.compiled_sql import CompiledStatement, insert_many, pipelined
from fairapp.core.data.db import db, dialect, release_lock_before_sync
from fairapp.core.data.ids import new_id, random_bytes
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.deals.enums import EntryOutcome, Verb
from fairapp.deals.ledger import chain
from fairapp.deals.ledger.models import DealEntry, EntryNote, LedgerHead
from fairapp.deals.ledger.rules import facts_of
from fairapp.deals.models import Deal
from fairapp.deals.rules import ENTRY_OF, Act
from fairapp.deals.totals.models import DealTotals
from fairapp.deals.totals.rules import STORED_COLUMNS, delta
from fairapp.fairs.models import Fair
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct

_HEAD = LedgerHead.__table__
_ENTRIES = DealEntry.__table__
_DEALS = Deal.__table__
_TOTALS = DealTotals.__table__
Snapshot = dict[str, Any]  # the terms of a deal by column


@dataclass
class OpenLedger:
    """A fair's ledger while its head is locked; moves on with each entry appended."""

    fair_id: int
    entries: int
    deals: int
    head_hash: str


@dataclass(frozen=True)
class EntryContext:
    """The circumstances of a statement: who makes it, for which party, by which way, and why."""

    actor: Actor
    party: str
    method: str
    client_id: UUID | None = None
    reason: str | None = None
    note: str = ""


def _head_locked(_dialect: str) -> Any:
    head = select(_HEAD.c.entries, _HEAD.c.deals, _HEAD.c.head_hash)
    return head.where(_HEAD.c.fair_id == bindparam("fair")).with_for_update()


def _head_moved(_dialect: str) -> Any:
    moved: dict[str, Any] = {name: bindparam(name) for name in ("entries", "deals", "head_hash")}
    return update(_HEAD).where(_HEAD.c.fair_id == bindparam("fair")).values(**moved)


def _entry_by_client_id(_dialect: str) -> Any:
    entry = _ENTRIES.c
    columns = select(entry.deal_id, entry.actor_id, entry.verb)
    return columns.where(entry.fair_id == bindparam("fair"), entry.client_id == bindparam("client"))


def _totals_added(dialect: str) -> Any:
    rows = insert_many(_TOTALS, dialect)
    sums = {column: _TOTALS.c[column] + rows.excluded[column] for column in STORED_COLUMNS}
    names = {"label_zh": rows.excluded.label_zh, "label_en": rows.excluded.label_en}
    group = ["fair_id", "dimension", "key", "counts_as", "tier"]
    return rows.on_conflict_do_update(index_elements=group, set_=sums | names)


HEAD_LOCKED = CompiledStatement(_head_locked)
HEAD_MADE = CompiledStatement(lambda dialect: insert_many(_HEAD, dialect).on_conflict_do_nothing())
HEAD_MOVED = CompiledStatement(_head_moved)
DEAL_NOW = CompiledStatement(
    lambda _dialect: select(_DEALS).where(_DEALS.c.fair_id == bindparam("fair"), _DEALS.c.id == bindparam("deal"))
)
ENTRY_BY_CLIENT_ID = CompiledStatement(_entry_by_client_id)
ENTRY_INSERTED = CompiledStatement(lambda _dialect: insert(_ENTRIES))
TOTALS_ADDED = CompiledStatement(_totals_added)


def lock_ledger(fair_id: int) -> OpenLedger:
    """Lock the fair's head row: from here to the end of the transaction nobody else appends.

    DomainError deals_closed once the fair is archived.
    """
    require_open(db.session.get_one(Fair, fair_id), FairAct.CHANGE_DEALS)
    release_lock_before_sync()
    connection = db.session.connection()
    rows = HEAD_LOCKED.fetch_all(connection, fair=fair_id)
    if not rows:
        first = {"fair_id": fair_id, "id": new_id(), "entries": 0, "deals": 0, "head_hash": chain.GENESIS}
        HEAD_MADE.execute_many(connection, [first])
        rows = HEAD_LOCKED.fetch_all(connection, fair=fair_id)
    row = rows[0]
    return OpenLedger(fair_id, row.entries, row.deals, row.head_hash)


def lock_deal(deal: Deal) -> tuple[OpenLedger, Snapshot]:
    """Lock the ledger, read the deal as it truly stands, and return both, the deal as its terms to compare with."""
    ledger = lock_ledger(deal.fair_id)
    if dialect() == "postgresql":  # it may have been read before the lock; SQLite locks as a transaction begins
        _refresh(deal)
    return ledger, terms_of(deal)


def _refresh(deal: Deal) -> None:
    """Read the deal anew, as `Session.refresh` does, at a quarter of its cost."""
    db.session.flush()
    row = DEAL_NOW.fetch_all(db.session.connection(), fair=deal.fair_id, deal=deal.id)[0]
    for name, value in zip(row._fields, row, strict=True):
        if getattr(deal, name) != value:
            set_committed_value(deal, name, value)
    db.session.expire(deal, ["flags", "year_parts"])


def terms_of(deal: Deal) -> Snapshot:
    """Return the deal's terms by column."""
    return {name: getattr(deal, name) for name in chain.TERMS}


def replayed(fair_id: int, client_id: UUID | None, actor: Actor, verb: Verb) -> Deal | None:
    """Return the deal of an entry sent before with this id: a replay gets the stored answer and changes nothing.

    DomainError client_id_used when the id belongs to another statement or another person.
    """
    if client_id is None:
        return None
    rows = ENTRY_BY_CLIENT_ID.fetch_all(db.session.connection(), fair=fair_id, client=client_id)
    if not rows:
        return None
    row = rows[0]
    if row.actor_id != actor.user_id or row.verb != verb:
        raise DomainError("client_id_used", _("This id was used for something else. Send a new one."))
    return db.session.get_one(Deal, (fair_id, row.deal_id))


def append_entry(
    ledger: OpenLedger, deal: Deal, act: Act | None, before: Snapshot | None, context: EntryContext
) -> int:
    """Append one entry with the deal's terms as they stand now; return its seq.

    `act` is None for a declaration; `before` are the terms before the act, None for a new deal.
    """
    seq = ledger.entries + 1
    if deal.last_seq != seq:  # a new deal was stored with it
        deal.last_seq = seq
    db.session.flush()
    after = terms_of(deal)
    values = _statement(deal, seq, act, context) | {"at": clock.now()} | after
    values = {name: str(value) if isinstance(value, str) else value for name, value in values.items()}
    row_hash = chain.row_hash(ledger.head_hash, chain.entry_texts(values))
    ledger.entries, ledger.deals = seq, ledger.deals + (act is None)
    moved = {"fair": deal.fair_id, "entries": seq, "deals": ledger.deals, "head_hash": row_hash}
    totals = [row | {"fair_id": deal.fair_id, "id": new_id()} for row in delta(before, after)]
    connection = db.session.connection()
    with pipelined(connection):
        ENTRY_INSERTED.execute_many(connection, [values | {"prev_hash": ledger.head_hash, "row_hash": row_hash}])
        HEAD_MOVED.execute_many(connection, [moved])
        if totals:
            TOTALS_ADDED.execute_many(connection, totals)
    ledger.head_hash = row_hash
    return seq


def _statement(deal: Deal, seq: int, act: Act | None, context: EntryContext) -> Snapshot:
    verb, outcome = ENTRY_OF[act] if act else (Verb.DECLARE, EntryOutcome.LATE if deal.late else None)
    return {
        "fair_id": deal.fair_id,
        "seq": seq,
        "id": new_id(),
        "client_id": context.client_id or new_id(),
        "deal_id": deal.id,
        "deal_number": deal.number,
        "verb": verb,
        "party": context.party,
        "method": context.method,
        "actor_id": context.actor.user_id,
        "outcome": outcome,
        "reason": context.reason,
        "note_digest": _store_note(deal, seq, context.note) if context.note else None,
        "fair_facts": facts_of(db.session.get_one(Fair, deal.fair_id)) if seq == 1 else None,
    }


def new_salt() -> str:
    """Return 16 random bytes as hex, for the digests of one deal or one note."""
    return random_bytes(16).hex()


def _store_note(deal: Deal, seq: int, note: str) -> str:
    salt = new_salt()
    db.session.add(EntryNote(fair_id=deal.fair_id, deal_id=deal.id, seq=seq, salt=salt, text=note))
    return chain.salted_digest(salt, "note", note)
