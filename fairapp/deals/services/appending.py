"""The one way an entry gets into the ledger: lock the head, append, move the head, keep the sums."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from fairapp.core import clock
from fairapp.core.access import Actor
from fairapp.core.chance import new_id, random_bytes
from fairapp.core.db import db, dialect
from fairapp.core.errors import DomainError
from fairapp.core.i18n import _
from fairapp.deals import ledger, summing
from fairapp.deals.models import Deal, DealEntry, DealTotals, EntryNote, LedgerHead, Verb
from fairapp.deals.rules import ENTRY_OF, Act

_HEAD = LedgerHead.__table__
Snapshot = dict[str, Any]


def insert_into(model: Any) -> Any:
    """An INSERT that knows ON CONFLICT, for whichever database is in use."""
    return sqlite.insert(model) if dialect() == "sqlite" else postgresql.insert(model)


def lock_ledger(fair_id: int) -> None:
    """Take the fair's head row: from here to the end of the transaction nobody else appends."""
    wanted = select(_HEAD.c.entries).where(_HEAD.c.fair_id == fair_id).with_for_update()
    if db.session.execute(wanted).first() is None:
        first = insert_into(LedgerHead).values(
            fair_id=fair_id, id=new_id(), entries=0, deals=0, head_hash=ledger.GENESIS
        )
        db.session.execute(first.on_conflict_do_nothing())
        db.session.execute(wanted).one()


def begin(deal: Deal) -> Snapshot:
    """Lock the ledger, read the deal as it truly stands, and keep its terms to compare with."""
    lock_ledger(deal.fair_id)
    db.session.refresh(deal)
    return terms_of(deal)


def terms_of(deal: Deal) -> Snapshot:
    """The deal's terms by column."""
    return {name: getattr(deal, name) for name in ledger.TERMS}


def answered(fair_id: int, client_id: UUID | None, actor: Actor, verb: Verb) -> Deal | None:
    """The deal of an entry sent before with this id: a replay gets the stored answer and changes nothing.

    DomainError client_id_used when the id belongs to another statement or another person.
    """
    if client_id is None:
        return None
    row = db.session.execute(
        select(DealEntry.deal_id, DealEntry.actor_id, DealEntry.verb).where(
            DealEntry.fair_id == fair_id, DealEntry.client_id == client_id
        )
    ).first()
    if row is None:
        return None
    if row.actor_id != actor.user_id or row.verb != verb:
        raise DomainError("client_id_used", _("This id was used for something else. Send a new one."))
    return db.session.get_one(Deal, (fair_id, row.deal_id))


def append(
    *,
    actor: Actor,
    deal: Deal,
    act: Act | None,
    before: Snapshot | None,
    party: str,
    method: str,
    client_id: UUID | None = None,
    reason: str | None = None,
    note: str = "",
) -> int:
    """Append one entry with the deal's terms as they stand now; gives its seq. The ledger must be locked.

    `act` is None for a declaration; `before` are the terms before the act.
    """
    verb, outcome = ENTRY_OF[act] if act else (Verb.DECLARE, None)
    head = db.session.execute(select(_HEAD).where(_HEAD.c.fair_id == deal.fair_id)).one()
    seq, moment = head.entries + 1, clock.now()
    deal.last_seq, deal.changed_at = seq, moment
    after = terms_of(deal)
    values: Snapshot = after | {
        "fair_id": deal.fair_id,
        "seq": seq,
        "id": new_id(),
        "client_id": client_id or new_id(),
        "deal_id": deal.id,
        "deal_number": deal.number,
        "verb": str(verb),
        "party": str(party),
        "method": str(method),
        "actor_id": actor.user_id,
        "at": moment,
        "outcome": outcome and str(outcome),
        "reason": reason and str(reason),
        "note_digest": _keep_note(deal, seq, note) if note else None,
    }
    values = {name: str(value) if isinstance(value, str) else value for name, value in values.items()}
    hashed = ledger.row_hash(head.head_hash, ledger.entry_texts(values))
    db.session.execute(insert(DealEntry.__table__), values | {"prev_hash": head.head_hash, "row_hash": hashed})
    _move_head(deal.fair_id, seq, hashed, new_deal=act is None)
    _keep_sums(deal.fair_id, before, after)
    return seq


def next_number(fair_id: int) -> int:
    """The number the next deal gets; the ledger must be locked."""
    return db.session.execute(select(_HEAD.c.deals).where(_HEAD.c.fair_id == fair_id)).scalar_one() + 1


def new_salt() -> str:
    return random_bytes(16).hex()


def _keep_note(deal: Deal, seq: int, note: str) -> str:
    salt = new_salt()
    db.session.add(EntryNote(fair_id=deal.fair_id, deal_id=deal.id, seq=seq, salt=salt, text=note))
    return ledger.salted_digest(salt, "note", note)


def _move_head(fair_id: int, seq: int, hashed: str, *, new_deal: bool) -> None:
    moved = {"entries": seq, "head_hash": hashed}
    more = {"deals": _HEAD.c.deals + 1} if new_deal else {}
    db.session.execute(update(_HEAD).where(_HEAD.c.fair_id == fair_id).values(**moved, **more))


def _keep_sums(fair_id: int, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    rows = summing.changes(before, after)
    if rows:
        db.session.execute(_adding(), [row | {"fair_id": fair_id, "id": new_id()} for row in rows])


def _adding() -> Insert:
    wanted = insert_into(DealTotals)
    kept = DealTotals.__table__.c
    sums = {column: kept[column] + wanted.excluded[column] for column in summing.COLUMNS}
    names = {"label_zh": wanted.excluded.label_zh, "label_en": wanted.excluded.label_en}
    group = ["fair_id", "dimension", "key", "counts_as", "tier"]
    return wanted.on_conflict_do_update(index_elements=group, set_=sums | names)
